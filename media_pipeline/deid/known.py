"""What the header of one object knows of persons, numbers and places, so that texts lose it too. Runs in the cage."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydicom import Dataset
from pydicom.datadict import tag_for_keyword

from media_pipeline.deid.folding import has_han

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
SHORTEST_NUMBER = 4
SHORTEST_WORD = 4  # an operator called CT or MRI would take the word out of every text


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
            yield from ((kind, value) for value in values if kind != "numbers" or _is_number(value))


def _is_somebody(name: str) -> bool:
    words = re.findall(r"\w+", name)
    if not words or all(NOBODY.fullmatch(word) for word in words):
        return False
    return len(words) > 1 or has_han(name) or len(words[0]) >= SHORTEST_WORD


def _is_number(text: str) -> bool:
    return len(text) >= SHORTEST_NUMBER and any(character.isdigit() for character in text)
