"""What the header of one object knows of persons, numbers and places, so that texts lose it too. Runs in the cage."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydicom import Dataset
from pydicom.datadict import tag_for_keyword

from media_pipeline.deid.folding import HAN, fold, has_han

NUMBERS = (
    "PatientID",
    "OtherPatientIDs",
    "AccessionNumber",
    "AdmissionID",
    "ServiceEpisodeID",
    "MedicalRecordLocator",
    "FillerOrderNumberImagingServiceRequest",
    "PlacerOrderNumberImagingServiceRequest",
    "StationName",
    "DeviceSerialNumber",
)
PLACES = ("InstitutionName", "InstitutionAddress", "PatientAddress", "RegionOfResidence", "CurrentPatientLocation")
#: What stands there is somebody's home, however short it is.
HOMES = frozenset(map(tag_for_keyword, ("PatientAddress", "RegionOfResidence")))
PHONES = (
    "PatientTelephoneNumbers",
    "ReferringPhysicianTelephoneNumbers",
    "PersonTelephoneNumbers",
    "OrderCallbackPhoneNumber",
)
KINDS = {
    tag_for_keyword(keyword): kind
    for kind, keywords in (("numbers", NUMBERS), ("places", PLACES), ("phones", PHONES))
    for keyword in keywords
}
#: What consoles write into the field of a person or a number when they have none.
NOBODY = re.compile(
    r"anon(?:ymous|ymi[sz]ed)?|unknown|none|null|test|admin(?:istrator)?|operator|tech(?:nician)?|user|doctor|staff|physician"
    r"|removed|patient|phantom|default|system",
    re.IGNORECASE,
)
#: What they write for a place when they mean any: each of these words is in every other text.
ANYWHERE = re.compile(
    r"(?:本院|我院|外院|医院|卫生院|卫生室|诊所|门诊部?|急诊科?|病房|病区|放射科|影像科|超声科|检验科|手术室|中国|未知|不详|无)"
    r"|hospital|clinic|ward|radiology|imaging|emergency|outpatient|inpatient|home|china|none|null|unknown|test|default"
    r"|anonymous|removed",
    re.IGNORECASE,
)
#: Abbreviations of medicine that a console may put where a place stands. Others of three capitals name a hospital.
MEDICAL = re.compile(
    r"CT|MR|MRI|MRA|MRV|MRS|MRCP|US|USG|CR|DR|DX|DSA|XA|PET|SPECT|ECT|NM|CTA|CTV|CTP|CTPA|DWI|ADC|SWI|ASL|FSE"
    r"|TSE|GRE|EPI|TOF|MIP|MPR|CBCT|QCT|HRCT|LDCT|IVP|IVU|KUB|CXR|MG|ECG|EKG|EEG|EMG|TTE|TEE|TCD|CDFI|OCT|OPD"
    r"|IPD|ICU|CCU|NICU|PICU|SICU|MICU|EICU|RICU|CICU|HDU|ENT|LAB|RAD|XRAY|ROI|ABD|CNS|HEP|LIV|LAD|LCX|RCA|LCA"
    r"|LMA|LMCA|ICA|MCA|ACA|PCA|SMA|SMV|IVC|SVC|PDA|ASD|VSD|PFO|LAA|DVT|PTE|AVM|AVF|AAA|CAD|AMI|CHF|CVA|TIA|SAH"
    r"|SDH|ICH|COPD|HBV|HCV|HPV|HIV|EBV|CMV|HCC|RCC|NSCLC|SCLC|GIST|TNM|GCS|KPS|ECOG|NYHA|PCI|PTCA|CABG|TACE"
    r"|TIPS|ERCP|EUS|RFA|ESD|EMR|FNA|BMI|INR|WBC|RBC|PLT|HGB|HCT|CRP|PCT|ESR|ALT|AST|ALP|GGT|BUN|LDH|TSH|BNP|CEA"
    r"|AFP|PSA|CHO|TCH|LDL|HDL|DNA|RNA|PCR|FVC|FEV|DLCO|LVEF|LVEDD|SUV|ICD|ATC|TID|BID|PRN|IVF|NPO|CPR|FFR|TAVI"
    r"|TAVR|AXR|SBP|DBP|MAP|CVP|ARDS|ALS|AIDS|SLE|DIC|TPN|OGTT|FBG|BGA|ABG|BAL|PEG|NGT|PICC|STD|FFDM|DBT|STIR"
    r"|FLAIR|FOV|SAR|SNR|III|IIA|IIB|IIC|IVA|IVB|VII|XII"
)
#: Words of any sentence: they make no place longer.
COMMON = re.compile(r"of|or|and|the|for|in|at|on|to|by|no|not|day|bed|room|unit", re.IGNORECASE)
SHORTEST_NUMBER = 4
SHORTEST_PHONE = 5  # digits, as the short numbers of a hospital's own network have: 120 and an extension are doses
SHORTEST_HAN = 2
SHORTEST_WORD = 4  # an operator called CT or MRI would take the word out of every text
SHORTEST_ABBREVIATION = 3
SHORTEST_FLAT = 3  # digits of house and flat: 4 5 is a size


def identifiers_in(dataset: Dataset) -> dict[str, list[str]]:
    """{"names", "numbers", "places", "phones"} of a data set, nested sequences and private elements included."""
    found: dict[str, set[str]] = {"names": set(), "numbers": set(), "places": set(), "phones": set()}
    for kind, text in _walk(dataset):
        if text := text.strip():
            found[kind].add(text)
    return {kind: sorted(texts) for kind, texts in found.items()}


def _walk(dataset: Dataset) -> Iterator[tuple[str, str]]:
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value or []:
                yield from _walk(item)
            continue
        values = [str(value) for value in (element.value if element.VM > 1 else [element.value]) if value]
        if element.VR == "PN":
            yield from (("names", name) for value in values for name in value.split("=") if _is_somebody(name))
            continue
        kind = KINDS.get(element.tag)
        if kind:
            is_home = element.tag in HOMES
            yield from ((kind, value) for value in values if TELLS[kind](value) or (is_home and _is_home(value)))


def _is_somebody(name: str) -> bool:
    words = re.findall(r"\w+", name)
    if not words or all(NOBODY.fullmatch(word) for word in words):
        return False
    return len(words) > 1 or has_han(name) or len(words[0]) >= SHORTEST_WORD


def _is_number(text: str) -> bool:
    """Letters and digits are counted, with one digit among them: points and blanks may stand anywhere in a text."""
    signs = [character for character in text if character.isalnum()]
    return len(signs) >= SHORTEST_NUMBER and any(character.isdigit() for character in signs)


def _is_place(text: str) -> bool:
    """Letters and digits are counted over all words: 12 Elm St, 3-2-501 and Xi'an are places, and so is MGH."""
    plain = fold(text).strip()
    words = re.findall(r"[^\W\d_]+", re.sub(f"[{HAN}]", " ", plain))
    digits = len(re.findall(r"\d", plain))
    if len(re.findall(f"[{HAN}]", plain)) >= SHORTEST_HAN:
        return not ANYWHERE.fullmatch(plain)
    own = [word for word in words if not (MEDICAL.fullmatch(word) or COMMON.fullmatch(word))]
    if ANYWHERE.fullmatch(plain) or (words and not own and not digits):
        return False
    if sum(map(len, own)) >= SHORTEST_WORD or digits >= SHORTEST_NUMBER:
        return True
    has_abbreviation = max(map(len, words), default=0) >= SHORTEST_ABBREVIATION
    return has_abbreviation and (digits > 0 or plain.isupper())


def _is_home(text: str) -> bool:
    """More than one word, such as a short village and a number: of single letters and figures every text is full."""
    plain = fold(text)
    tells = re.search(r"[^\W\d_]{2}", plain) or has_han(plain) or len(re.findall(r"\d", plain)) >= SHORTEST_FLAT
    return len(plain.split()) > 1 and bool(tells)


def _is_phone(text: str) -> bool:
    return len(re.findall(r"\d", fold(text))) >= SHORTEST_PHONE


#: Whether a value of a kind tells anything: a short one would take words and figures out of every text.
TELLS = {"numbers": _is_number, "places": _is_place, "phones": _is_phone}
