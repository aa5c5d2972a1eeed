"""Whether a volume may let a face be rebuilt (PS3.15, E.3.2: Clean Recognizable Visual Features)."""

from __future__ import annotations

import re
from typing import Any

VOLUMES = frozenset({"CT", "MR", "PT"})
DESCRIBED = ("body_part", "study_description", "series_description")

# A volume is taken to hold no face only when it names one of these parts (PS3.16, annex L, and Chinese consoles).
# The cervical spine and the whole body are not among them: their volumes hold a jaw or more.
ELSEWHERE = frozenset(
    "ABDOMEN ABDOMENPELVIS ABDOMINAL ADRENAL ANKLE AORTA ARM BLADDER BREAST CALCANEUS CALF CARDIAC CHEST CHESTABDOMEN"
    " CHESTABDPELVIS CLAVICLE COCCYX COLON CORONARYARTERY ELBOW EXTREMITY FEMUR FINGER FOOT FOREARM HAND HEART HIP"
    " HUMERUS KIDNEY KNEE LEG LIVER LOWEREXTREMITY LSPINE LSSPINE LUMBARSPINE LUNG PANCREAS PELVIS PROSTATE RADIUS RIB"
    " SACRUM SHOULDER SIJOINT SPLEEN SSPINE STERNUM THIGH THORAX THUMB TIBIA TLSPINE TOE TSPINE THORACICSPINE ULNA"
    " UPPEREXTREMITY UTERUS WRIST 胸 胸部 胸腹 胸腹部 腹 腹部 上腹 上腹部 下腹 下腹部 全腹 盆腔 骨盆 心脏 肺 肝 肾 胰腺 前列腺"
    " 胸椎 腰椎 腰骶椎 骶椎 骶髂关节 四肢 上肢 下肢 肩 肩关节 肘 肘关节 腕 腕关节 手 髋 髋关节 膝 膝关节 踝 踝关节 足".split()
)

# Words that say "head" wherever they stand; a bone's head or neck, a plane and a coil's surface are none.
WORDS = re.compile(
    r"(?<!femoral )(?<!humeral )(?<!radial )head(?! ?first)|(?<!femoral )neck|brain|cerebr|cereb|crani|skull|stroke"
    r"|(?<!sur)(?<!inter)(?:face|facial)|orbit|\beyes?\b|sinus|nasal|\bnose|jaw|maxill|mandib|\btmj?\b|temporomandib"
    r"|dental|teeth|tooth|tongue|pharyn|laryn|parotid|pituitar|\bsella|\bears?\b|mastoid|petrous|temporal bone|\biacs?\b"
    r"|cervical ?(?:sp|vert)|\bc ?spine|carotid|mprage|whole ?body"
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
    return body_part not in ELSEWHERE or bool(WORDS.search(said))
