"""Whether a volume may let a face be rebuilt (PS3.15, E.3.2: Clean Recognizable Visual Features)."""

from __future__ import annotations

import re
from typing import Any

VOLUMES = frozenset({"CT", "MR", "PT"})
DESCRIBED = ("body_part", "study_description", "series_description")

# A volume is taken to hold no face only when it names one of these parts (PS3.16, annex L, and Chinese consoles).
# The cervical spine and the whole body are not among them: their volumes hold a jaw or more.
ELSEWHERE = re.compile(
    r"(?:CHEST|THORAX|LUNG|HEART|CARDIAC|CORONARYARTERY|AORTA|RIB|STERNUM|BREAST|CLAVICLE|SHOULDER)"
    r"|(?:CHEST)?(?:ABDOMEN|ABD|ABDOMINAL)?(?:PELVIS)?|LIVER|SPLEEN|PANCREAS|KIDNEY|ADRENAL|BLADDER|COLON|UTERUS|PROSTATE"
    r"|(?:T|L|S|TL|LS|THORACIC|LUMBAR)SPINE|SACRUM|COCCYX|SIJOINT|(?:UPPER|LOWER)?EXTREMITY|LEG|THIGH|CALF|FEMUR|TIBIA"
    r"|HIP|KNEE|ANKLE|FOOT|TOE|CALCANEUS|ARM|HUMERUS|ELBOW|FOREARM|RADIUS|ULNA|WRIST|HAND|FINGER|THUMB"
    r"|[上下全]?[胸腹]腹?部?|盆腔|骨盆|心脏|肺|肝|肾|胰腺|前列腺|[胸腰骶]椎|腰骶椎|骶髂关节|四肢|[上下]肢|[手足]|[肩肘腕髋膝踝](?:关节)?"
)

# Words that say "head" wherever they stand; a bone's head or neck, a plane and a coil's surface are none.
WORDS = re.compile(
    r"(?<!femoral )(?<!humeral )(?<!radial )head(?! ?first)|(?<!femoral )neck|brain|cerebr|cereb|crani|skull|stroke"
    r"|(?<!sur)(?<!inter)(?:face|facial)|orbit|\beyes?\b|sinus|nasal|\bnose|jaw|maxill|mandib|\btmj\b|temporomandib"
    r"|dental|teeth|tooth|tongue|pharyn|laryn|parotid|pituitar|\bsella|\bears?\b|mastoid|petrous|\biacs?\b"
    r"|temporal bone|cervical ?(?:sp|vert)|\bc ?spine|carotid|mprage|whole ?body"
    r"|(?<![骨胰])头|(?<![骨宫])颈|(?<![断状平切层表界])面|颅|脑|眼|眶|鼻|颌|耳|牙|口腔|腮|咽|喉|舌|垂体|鞍区|颞|全身",
    re.IGNORECASE,
)


def may_show_face(header: dict[str, Any]) -> bool:
    """True for a cross-sectional object of the head, and for one that does not clearly say that it shows another part.

    What is said is a clerk's word, so any of body part and descriptions that names the head decides.
    """
    if str(header.get("modality")) not in VOLUMES:
        return False
    said = re.sub(r"[\s_^\-]+", " ", " ".join(str(header.get(name) or "") for name in DESCRIBED))
    body_part = re.sub(r"[\W_]+", "", str(header.get("body_part") or "")).upper()
    return not (body_part and ELSEWHERE.fullmatch(body_part)) or bool(WORDS.search(said))
