"""Apply the profile to one data set, nested sequences included. Runs in the cage."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from pydicom import DataElement, Dataset, Sequence
from pydicom.datadict import dictionary_has_tag, dictionary_VM, dictionary_VR, keyword_for_tag, tag_for_keyword

from media_pipeline.deid.profile import rule_for
from media_pipeline.deid.striking import strike_value
from media_pipeline.deid.uids import keyed_uid

TEXT = frozenset({"LO", "SH"})
PROSE = frozenset({"LT", "ST", "UC", "UT"})
DATES = frozenset({"DA", "DT", "TM"})
NUMBERS = frozenset({"DS", "IS", "FL", "FD", "SL", "SS", "UL", "US", "SV", "UV"})
BYTES = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
NEVER_KEPT = frozenset({"UN", "UR", "AE"}) | PROSE
STRINGS = frozenset({"CS", "AS", "UI"})
PATIENT_NAME, PATIENT_ID, PATIENT_AGE = 0x00100010, 0x00100020, 0x00101010
MODALITY, BODY_PART, PIXELS = 0x00080060, 0x00180015, 0x7FE00010
SHOWN = frozenset({BODY_PART, 0x00189424})
# Words of a code: value, designator and version of its scheme, meaning.
CODED = frozenset({0x00080100, 0x00080102, 0x00080103, 0x00080104})
#: Vocabularies that PS3.16, chapter 8, registers: what they say is said of nobody. Any other scheme is a house's own,
#: and so is each that begins with 99: people have written what is in it.
VOCABULARIES = frozenset(
    {"DCM", "SCT", "SRT", "SNM3", "LN", "UCUM", "RADLEX", "FMA", "MDC", "NCIt", "UMLS", "I9", "I9C", "I10", "I11"}
)

#: What a code string is made of (PS3.5, 6.2).
CODE = re.compile(r"[A-Z0-9_ ]{0,16}")
#: What the first two words of an image's type may be, and what stands in the place of any other (PS3.3, C.7.6.1.1.2;
#: MIXED is for enhanced images, C.8.16.1.1). They are always there.
IMAGE_TYPES = frozenset({0x00080008, 0x00089007})
IMAGE_TYPE_WORDS = (("DERIVED", {"ORIGINAL", "DERIVED", "MIXED"}), ("SECONDARY", {"PRIMARY", "SECONDARY"}))
#: Short texts outside the table that a machine writes and that say what a picture shows: cleaned, and shown to readers.
HARMLESS = CODED | {
    tag_for_keyword(keyword)
    for keyword in (
        "SequenceName",
        "PulseSequenceName",
        "ConvolutionKernel",
        "ImagedNucleus",
        "RescaleType",
        "ModalityLUTType",
        "RealWorldValueLUTLabel",
    )
}
#: Names of makers, models, programs and coils may be a hospital's own (a coil is called after its room), and an
#: enhanced image must have them (PS3.3, C.7.5.2 and C.8.13.5): they get a stand-in, as a device's serial number does.
DEVICES = frozenset(
    tag_for_keyword(keyword)
    for keyword in ("Manufacturer", "ManufacturerModelName", "SoftwareVersions", "ReceiveCoilName", "TransmitCoilName")
)
STAND_IN = "REMOVED"
#: Codes by which a file is read and by which it says what was done to it; the cleaning or a decoder has checked them.
NEVER_STRUCK = frozenset(
    tag_for_keyword(keyword)
    for keyword in (
        "SpecificCharacterSet",
        "Modality",
        "PhotometricInterpretation",
        "PatientIdentityRemoved",
        "BurnedInAnnotation",
        "LossyImageCompression",
        "LongitudinalTemporalInformationModified",
    )
)
LANDMARK = 0x00201040  # every frame of reference has it, and it may be empty (PS3.3, C.7.4.1)

#: UIDs that PS3.6 registers, and code systems that HL7's registry of OIDs holds (SNOMED CT, LOINC), begin so.
STANDARD = ("1.2.840.10008.", "2.16.840.1.113883.6.")

OWN_WORDS = frozenset({"PatientID", "DeidentificationMethod"})

# PS3.16, CID 7050
METHODS = {
    "113100": "Basic Application Confidentiality Profile",
    "113105": "Clean Descriptors Option",
    "113107": "Retain Longitudinal Temporal Information Modified Dates Option",
    "113101": "Clean Pixel Data Option",
}


class HeaderCleaner:
    """Changes a data set in place. `counts` and `actions` say what was done, without a value.

    `offset_days` is added to every date; `clean_text` takes the patient's identifiers out of a descriptor.
    """

    def __init__(self, *, key: bytes, label: str, offset_days: int, clean_text: Callable[[str], str]) -> None:
        self.key = key
        self.label = label
        self.offset = timedelta(days=offset_days)
        self.clean_text = clean_text
        self.counts: Counter[str] = Counter()
        self.actions: dict[str, str] = {}

    def clean(self, dataset: Dataset) -> None:
        """Clean the whole object and state so in its header (PS3.15, E.1.1)."""
        self.clean_nested(dataset)
        dataset.PatientName = self.label
        dataset.PatientID = self.label
        dataset.PatientAge = ""
        dataset.PatientIdentityRemoved = "YES"
        dataset.LongitudinalTemporalInformationModified = "MODIFIED"
        dataset.DeidentificationMethod = "PS3.15 Basic Profile"
        state_methods(dataset, ["113100", "113105", "113107"])

    def clean_nested(self, dataset: Dataset) -> None:
        for element in list(dataset):
            rule = rule_for(element.tag.group, element.tag.element)
            action = rule.action if rule else self._default(element)
            if action == "keep" and element.VR == "SQ":
                for item in element.value or []:
                    self.clean_nested(item)
            done = self._apply(dataset, element, action)
            self.counts[done] += 1
            if done != "keep" and not element.tag.is_private:
                self.actions[keyword_for_tag(element.tag) or str(element.tag)] = done

    def _default(self, element: DataElement) -> str:
        """What the table does not name is kept (PS3.15, E.1.1, asks for nothing there), with these exceptions.

        Persons and dates are treated as if named, and so are UIDs that PS3.6 has not registered: they name an object
        or a device. Prose, short texts that no machine writes, addresses, bytes of unknown meaning and codes that are
        not written as codes go, and so does every attribute that is not in PS3.6 or carries a string where PS3.6 has
        something else: nobody knows what a sender has written there.
        """
        if element.VR in NEVER_KEPT or not _is_as_defined(element):
            return "remove"
        if element.VR == "PN":
            return "empty"
        if element.VR in DATES:
            return "shift"
        if element.VR in TEXT:
            return _action_for_text(element)
        return {"CS": "code", "UI": "own_uid"}.get(element.VR, "keep")

    def _apply(self, dataset: Dataset, element: DataElement, action: str) -> str:
        if action == "keep":
            return "keep"
        if action == "remove":
            del dataset[element.tag]
            return "remove"
        if action == "shift" and element.VR in DATES:
            return self._shift(dataset, element)
        if action == "code" or (action == "clean" and element.VR == "CS"):
            return self._clean_codes(dataset, element)
        if action == "clean":
            return self._clean(dataset, element)
        if action in {"uid", "own_uid"} and element.VR == "UI":
            return self._map_uids(element, keeps_standard=action == "own_uid")
        if action == "dummy":
            return self._dummy(dataset, element)
        element.value = [] if element.VR == "SQ" else None
        return "empty"

    def _map_uids(self, element: DataElement, *, keeps_standard: bool) -> str:
        """What the standard has registered (classes, syntaxes, context groups) says nothing of a patient."""
        values = list(element.value) if element.VM > 1 else [element.value]
        if keeps_standard and all(str(uid or "").startswith(STANDARD) or not uid for uid in values):
            return "keep"
        element.value = self._mapped(element, keeps_standard=keeps_standard)
        return "uid"

    def _mapped(self, element: DataElement, *, keeps_standard: bool = False) -> list[str] | str:
        values = [str(uid or "") for uid in (element.value if element.VM > 1 else [element.value])]
        mapped = [
            uid if not uid or (keeps_standard and uid.startswith(STANDARD)) else keyed_uid(uid, self.key)
            for uid in values
        ]
        return mapped if element.VM > 1 else mapped[0]

    def _clean(self, dataset: Dataset, element: DataElement) -> str:
        if element.VR == "SQ":
            for item in element.value or []:
                self.clean_nested(item)
            return "clean"
        values = list(element.value) if element.VM > 1 else [str(element.value or "")]
        cleaned = [self.clean_text(str(value)) for value in values]
        if cleaned == values:
            return "keep"
        if element.VR not in TEXT | PROSE:  # a code with a name in it is no code
            del dataset[element.tag]
            return "remove"
        element.value = cleaned if len(cleaned) > 1 else cleaned[0]
        return "clean"

    def _clean_codes(self, dataset: Dataset, element: DataElement) -> str:
        """Of several codes only those go that are none or hold a name, where the others may stand without them."""
        values = [str(value) for value in (element.value if element.VM > 1 else [element.value or ""])]
        is_type = element.tag in IMAGE_TYPES and any(values)
        kept = _image_type(values) if is_type else []
        kept += [value for value in values[len(kept) :] if self._is_code(element, value)]
        if kept == values:
            return "keep"
        if not is_type and not _may_stand(element, len(kept)):
            del dataset[element.tag]
            return "remove"
        element.value = kept if len(kept) > 1 else kept[0]
        return "clean"

    def _is_code(self, element: DataElement, value: str) -> bool:
        """Readers see the body part, which consoles let people type: it may be written as they like."""
        is_written_as_one = element.tag == BODY_PART or CODE.fullmatch(value) is not None
        return is_written_as_one and (element.tag == MODALITY or self.clean_text(value) == value)

    def _shift(self, dataset: Dataset, element: DataElement) -> str:
        if element.VR == "TM":
            return "keep"
        values = list(element.value) if element.VM > 1 else [element.value]
        shifted = [self._shifted(str(value)) for value in values if value]
        element.value = shifted if len(shifted) > 1 else (shifted[0] if shifted else "")
        return "shift"

    def _shifted(self, value: str) -> str:
        """The date part moved; an unreadable date becomes empty. Time and zone stay."""
        try:
            moved = datetime.strptime(value[:8], "%Y%m%d") + self.offset
        except (ValueError, OverflowError):
            return ""
        return moved.strftime("%Y%m%d") + value[8:]

    def _dummy(self, dataset: Dataset, element: DataElement) -> str:
        if element.VR == "SQ":
            for item in element.value or []:
                self.clean_nested(item)
            return "clean"
        element.value = self._dummy_value(element)
        return "dummy"

    def _dummy_value(self, element: DataElement) -> object:
        if element.VR == "UI":
            return self._mapped(element)
        if element.VR in NUMBERS:
            return 0
        if element.VR in BYTES:
            return b"\x00\x00"
        return {"DA": "19000101", "DT": "19000101000000", "TM": "000000", "AS": "000Y"}.get(element.VR, STAND_IN)


def descriptors_of(dataset: Dataset) -> dict[str, list[str]]:
    """The short texts that are still there, nested ones included, by keyword: what two readers look at.

    Codes are left out, but for those of a house's own scheme and the body part, which people have typed.
    """
    found: dict[str, dict[str, None]] = {}
    for element in _shown(dataset):
        words = dict.fromkeys(_plain(value) for value in _values(element) if value != STAND_IN)
        found.setdefault(keyword_for_tag(element.tag), {}).update(words)
    return {keyword: [*words] for keyword, words in sorted(found.items()) if words}


def strike_descriptors(dataset: Dataset, strikes: list[dict[str, Any]]) -> None:
    """Take words that a reader struck out of what `descriptors_of` shows, and out of all codes, in place.

    A value that is nothing else becomes empty; a machine's word and those of a code get the stand-in, since their
    attributes may have to say something (PS3.3, C.11.1.1 and 8.8: RescaleType, CodeMeaning). A code string (CS) that
    holds a struck word is the stand-in as a whole and in its place, for the same reason. Words of a registered
    vocabulary lose whole words only: a part of one of its words is nobody's name.
    """
    for element in _shown(dataset) if strikes else ():
        _replace(element, [_struck(element, value, strikes) for value in _values(element)])
    whole = [strike | {"is_whole": True} for strike in strikes]
    for element, is_local in _elements(dataset) if strikes else ():
        if element.tag in CODED and not is_local and element.value:
            _replace(element, [_struck(element, value, whole) for value in _values(element)])
        elif element.VR == "CS" and element.value and element.tag not in SHOWN | NEVER_STRUCK:
            _strike_codes(element, strikes)


def _struck(element: DataElement, value: object, strikes: list[dict[str, Any]]) -> str:
    left = _plain(value)
    for strike in strikes if value != STAND_IN else ():
        left = strike_value(left, strike["words"], is_whole=strike["is_whole"])[0]
    return left or (STAND_IN if element.tag in HARMLESS else "")


def _strike_codes(element: DataElement, strikes: list[dict[str, Any]]) -> None:
    """A single letter is no name in a code, but a side (L) or a sex; the first two words of a type are defined ones."""
    names = [strike for strike in strikes if len(strike["words"].strip()) > 1]
    values = _values(element)
    first = 2 if element.tag in IMAGE_TYPES else 0
    struck = [value if _struck(element, value, names) == _plain(value) else STAND_IN for value in values[first:]]
    _replace(element, values[:first] + struck)


def _replace(element: DataElement, values: list[str]) -> None:
    if values != _values(element):
        element.value = values if len(values) > 1 else values[0]


def _shown(dataset: Dataset) -> Iterator[DataElement]:
    """Short texts, words of a house's own codes among them, and the body part."""
    for element, is_local in _elements(dataset):
        is_shown = (element.VR in TEXT and (element.tag not in CODED or is_local)) or element.tag in SHOWN
        if is_shown and element.value and keyword_for_tag(element.tag) not in OWN_WORDS:
            yield element


def _elements(dataset: Dataset) -> Iterator[tuple[DataElement, bool]]:
    """Each element, nested ones included, and whether its data set is a code of no registered vocabulary."""
    is_local = str(dataset.get("CodingSchemeDesignator") or "").strip() not in VOCABULARIES
    for element in list(dataset):
        yield element, is_local
        for item in (element.value or []) if element.VR == "SQ" else ():
            yield from _elements(item)


def _values(element: DataElement) -> list[str]:
    return [*element.value] if element.VM > 1 else [element.value]


def _plain(value: object) -> str:
    """The text without NUL, which a JSON column of PostgreSQL refuses."""
    return str(value).replace("\0", "")


def _action_for_text(element: DataElement) -> str:
    if element.tag in DEVICES:
        return "dummy" if element.value else "keep"
    if element.tag == LANDMARK:
        return "empty"
    return "clean" if element.tag in HARMLESS else "remove"


def _image_type(values: list[str]) -> list[str]:
    """The first two words: those that are defined, DERIVED and SECONDARY in the place of others."""
    words = zip([*values, "", ""], IMAGE_TYPE_WORDS, strict=False)
    return [word if word in defined else other for word, (other, defined) in words]


def _may_stand(element: DataElement, count: int) -> bool:
    """Whether the attribute may have so many values: 1-n may have one, the two of a patient's orientation may not."""
    least, _dash, most = dictionary_VM(element.tag).partition("-")
    return int(least) <= count if most else int(least) == count


def _is_as_defined(element: DataElement) -> bool:
    """In the data dictionary, and no string in a place of another kind. Free text is cleaned wherever it stands."""
    if not dictionary_has_tag(element.tag):
        return False
    return element.VR not in STRINGS or element.VR in dictionary_VR(element.tag).split(" or ")


def state_methods(dataset: Dataset, codes: list[str]) -> None:
    """Add the method codes that are not there yet to (0012,0064)."""
    present = list(dataset.get("DeidentificationMethodCodeSequence") or [])
    known = {str(item.get("CodeValue", "")) for item in present}
    for code in codes:
        if code not in known:
            item = Dataset()
            item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code, "DCM", METHODS[code]
            present.append(item)
    dataset.DeidentificationMethodCodeSequence = Sequence(present)
