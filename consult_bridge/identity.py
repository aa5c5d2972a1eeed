"""Whether the patient in the header of a study is the patient of a consult: number, name, date of birth and sex.

A name stands in a header as Han, as pinyin or as both (PS3.5, 6.2: groups divided by `=`, parts by `^`), the family
name first or last. Han is compared as it is written; pinyin with every reading of the record's characters.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice, permutations, product

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consult_bridge.models import Patient
from consult_bridge.vocabulary import Sex
from media_pipeline.contracts import StudyFacts

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # single characters are enough; the phrases take 45 MB
from pypinyin import Style, pinyin

Text = str | Promise
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
BETWEEN = re.compile(r"[^\w]+|_+")
NAMELESS = re.compile(
    r"(anon(ym(ous|ized|ised|e)?)?|unknown|unnamed|no ?name|name ?less|xxx*|匿名|未知|佚名|不详|无名氏?)( ?\d+)?"
)
SEXES = {"F": Sex.FEMALE, "M": Sex.MALE}
MOST_WORDS = 5
MOST_READINGS = 64
UMLAUTS = (("lyu", "lu"), ("nyu", "nu"), ("lv", "lu"), ("nv", "nu"))


class Verdict(TextChoices):
    AGREES = "agrees", pgettext_lazy("identity", "agrees")
    DIFFERS = "differs", pgettext_lazy("identity", "differs")
    ABSENT = "absent", pgettext_lazy("identity", "not given")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How the four marks of identity in a header stand to the record of the consult's patient. `is_unnumbered`: the
    record itself holds no patient number."""

    number: Verdict
    name: Verdict
    birth_date: Verdict
    sex: Verdict
    is_unnumbered: bool = False

    @property
    def is_same(self) -> bool:
        """The number agrees and nothing speaks against it.

        A name that is written in another way than any reading of it counts as the same person only where date of birth
        and sex both agree; a header that leaves them out says nothing for or against. Where the record holds no number
        the other three must all agree.
        """
        if self.is_unnumbered:
            return self.name == self.birth_date == self.sex == Verdict.AGREES
        if self.number != Verdict.AGREES or Verdict.DIFFERS in {self.birth_date, self.sex}:
            return False
        return self.name != Verdict.DIFFERS or self.birth_date == self.sex == Verdict.AGREES

    @property
    def names_another(self) -> bool:
        """Something in the header speaks against this patient. Where neither this nor `is_same` holds nothing does, and
        only the numbers cannot be compared."""
        return not self.is_same and Verdict.DIFFERS in {self.number, self.name, self.birth_date, self.sex}


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of identity as the consult's record and as the header have it, for a person who compares both."""

    label: Text
    recorded: Text | date | None
    header: Text | date | None
    verdict: Verdict

    @property
    def is_day(self) -> bool:
        return isinstance(self.recorded or self.header, date)


def marks_of(patient: Patient, study: StudyFacts) -> list[Mark]:
    """Name, number, date of birth and sex, in the order in which one asks a patient."""
    found = likeness(patient, study)
    sex = sex_of(study)
    return [
        Mark(pgettext_lazy("consult", "Name"), patient.name, " / ".join(names_of(study)), found.name),
        Mark(_("Patient number"), patient.record_number, study.patient_id, found.number),
        Mark(_("Date of birth"), patient.birth_date, birth_date_of(study), found.birth_date),
        Mark(_("Sex"), Sex(patient.sex).label, sex.label if sex else study.patient_sex, found.sex),
    ]


def likeness(patient: Patient, study: StudyFacts) -> Likeness:
    return Likeness(
        number=_verdict(patient.record_number, study.patient_id),
        name=name_verdict(patient.name, study.patient_name),
        birth_date=_verdict(patient.birth_date, birth_date_of(study)),
        sex=_verdict(patient.sex if patient.sex in SEXES.values() else None, sex_of(study)),
        is_unnumbered=not patient.record_number,
    )


def birth_date_of(study: StudyFacts) -> date | None:
    """None where the header holds no day (PS3.5, 6.2: YYYYMMDD)."""
    digits = study.patient_birth_date.replace("-", "").replace(".", "")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if len(digits) == 8 else None
    except ValueError:
        return None


def sex_of(study: StudyFacts) -> Sex | None:
    """None for DICOM's O and for an empty value: neither tells one patient from another."""
    return SEXES.get(study.patient_sex.strip().upper()[:1])


def names_of(study: StudyFacts) -> list[str]:
    """The header's name in each of its spellings, as a person reads them; none where it is anonymous."""
    groups = (" ".join(BETWEEN.split(group)).strip() for group in study.patient_name.split("="))
    return [group for group in groups if group and not NAMELESS.fullmatch(group.casefold())]


def name_verdict(recorded: str, header_name: str) -> Verdict:
    """Whether one of the header's spellings is a way to write the recorded name."""
    spellings = [_words(group) for group in header_name.split("=")]
    spellings = [words for words in spellings if words and not NAMELESS.fullmatch(" ".join(words))]
    known = _words(recorded)
    if not spellings or not known:
        return Verdict.ABSENT
    with_han = [words for words in spellings if HAN.search("".join(words))]
    if with_han and HAN.search(recorded):
        return _said(any("".join(words) == "".join(known) for words in with_han))
    written = _readings("".join(known)) if HAN.search(recorded) else _orders(known)
    return _said(any(not written.isdisjoint(_orders(words)) for words in spellings))


def _words(name: str) -> list[str]:
    """Lower-case words without accents."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word for word in BETWEEN.split(plain.replace("'", "").replace("’", "")) if word]


def _orders(words: list[str]) -> set[str]:
    """The name without blanks in every order of its words."""
    if len(words) > MOST_WORDS:
        return {_joined(words)}
    return {_joined(order) for order in permutations(words)}


def _readings(name: str) -> set[str]:
    """Pinyin of every reading of the characters, the family name first as it is written."""
    syllables = [
        {"".join(_words(reading)) for reading in readings}
        for readings in pinyin(name, style=Style.NORMAL, heteronym=True)
    ]
    return {_joined(one) for one in islice(product(*map(sorted, syllables)), MOST_READINGS)}


def _joined(words: Iterable[str]) -> str:
    """Without blanks; `ü` is `u`, in whichever way it was typed."""
    letters = "".join(words)
    for typed, meant in UMLAUTS:
        letters = letters.replace(typed, meant)
    return letters


def _verdict(recorded: object, header: object) -> Verdict:
    return _said(recorded == header) if recorded and header else Verdict.ABSENT


def _said(agrees: bool) -> Verdict:
    return Verdict.AGREES if agrees else Verdict.DIFFERS
