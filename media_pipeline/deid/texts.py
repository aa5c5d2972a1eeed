"""Take one patient's identifiers out of clinical texts, Chinese and English. Runs in the cage.

The caller knows the patient: names, numbers, dates, places and telephones come as lists and go first, in every spelling
a clerk uses. What no list can know (other people's titles, identity-card numbers, telephones) goes by pattern. Dates
become days counted from the first one, ages become bands (六十多岁), since both are needed to learn from a case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from media_pipeline.deid.days import DayCounter

COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "夏侯",
    "长孙",
    "端木",
)
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦"
    "邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
TITLES = "先生|女士|小姐|太太|大爷|大妈|大娘|阿姨|奶奶|爷爷|叔叔|伯伯|老师|师傅|同志|某某|某"
DOCTORS = "副主任医师|主任医师|主治医师|住院医师|主任|医生|医师|大夫|教授|护士长|护士|院长|科长"
SEPARATOR = r"[\s\-—·\u3000]*"

PATTERNS = (
    (
        "number",
        re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}[0-9Xx](?![0-9A-Za-z])"),
    ),
    ("phone", re.compile(r"(?<!\d)(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)0\d{2,3}[-\s]\d{7,8}(?!\d)")),
    ("address", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+")),
    (
        "number",
        re.compile(r"(?<=号)[:： ]?(?=[A-Za-z0-9-]*\d)[A-Za-z0-9-]{4,}"),
    ),
)
AGE_ZH = re.compile(r"(?<!\d)(\d{1,3})\s*(?:周)?岁")
AGE_EN = re.compile(r"(?<!\d)(\d{1,3})(?=[- ]years?[- ]old|[- ]?y/?o\b)", re.IGNORECASE)
DECADES = "零十二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What is known of one patient. Dates are ISO; names may hold those of relatives and doctors."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


class TextCleaner:
    """Cleans texts of one patient. `counts` says how many of each kind were replaced."""

    def __init__(self, identifiers: Identifiers, texts: Iterable[str] = ()) -> None:
        self.counts: Counter[str] = Counter()
        self._literals = [*_literals(identifiers)]
        self._surnames = _surnames(identifiers.names)
        self._days = DayCounter.over([*identifiers.dates, *texts])

    def clean(self, text: str) -> str:
        """The text without identifiers; replacements are words in brackets, days and age bands."""
        if not text:
            return text
        is_chinese = any("\u4e00" <= character <= "\u9fff" for character in text)
        for kind, pattern in self._literals:
            text = self._replace(pattern, text, kind, is_chinese)
        for kind, pattern in PATTERNS:
            text = self._replace(pattern, text, kind, is_chinese)
        text, days = self._days.replace(text, is_chinese=is_chinese)
        self.counts["date"] += days
        text = self._people(text, is_chinese)
        return self._ages(text)

    def _replace(self, pattern: re.Pattern[str], text: str, kind: str, is_chinese: bool) -> str:
        text, count = pattern.subn(WORDS[kind][0 if is_chinese else 1], text)
        self.counts[kind] += count
        return text

    def _people(self, text: str, is_chinese: bool) -> str:
        """The patient's surname with a form of address, and any surname with a doctor's title."""
        if self._surnames:
            own = "|".join(map(re.escape, self._surnames))
            spoken = rf"(?:(?:{own})(?:{TITLES})|[老小](?:{own})(?![\u4e00-\u9fff]{{0,1}}[脑肠腿臂指趾]))"
            text = self._replace(re.compile(spoken), text, "name", is_chinese)
        doctors = rf"(?:{'|'.join(COMPOUND)}|[{SURNAMES}])[\u4e00-\u9fff]{{0,2}}?(?:{DOCTORS})"
        guarded = rf"(?<![\u4e00-\u9fff])(?:{doctors})|(?<=[请由经与和向找对])(?:{doctors})"
        return self._replace(re.compile(guarded), text, "doctor", is_chinese)

    def _ages(self, text: str) -> str:
        text, chinese = AGE_ZH.subn(lambda match: age_band(int(match[1]), is_chinese=True), text)
        text, english = AGE_EN.subn(lambda match: age_band(int(match[1]), is_chinese=False), text)
        self.counts["age"] += chinese + english
        return text


WORDS = {
    "name": ("[姓名]", "[name]"),
    "number": ("[编号]", "[number]"),
    "phone": ("[电话]", "[telephone]"),
    "place": ("[地点]", "[place]"),
    "address": ("[地址]", "[address]"),
    "doctor": ("[医务人员]", "[staff]"),
}


def age_band(years: int, *, is_chinese: bool) -> str:
    """六十多岁 for 60 to 69; one band above 89, one below ten."""
    decade = years // 10
    if is_chinese:
        if decade >= 9:
            return "九十岁以上"
        if decade == 0:
            return "不满十岁"
        return "十几岁" if decade == 1 else f"{DECADES[decade]}十多岁"
    if decade >= 9:
        return "over 89"
    return "under 10" if decade == 0 else f"{decade}0-{decade}9"


def _literals(known: Identifiers) -> Iterable[tuple[str, re.Pattern[str]]]:
    """Longest first, so that a hospital's full name goes before the county in it."""
    for place in sorted({*known.places} - {""}, key=len, reverse=True):
        yield "place", _loose(place)
    for phone in known.phones:
        if digits := re.sub(r"\D", "", phone):
            yield "phone", re.compile(r"(?<!\d)" + SEPARATOR.join(digits) + r"(?!\d)")
    for number in sorted({*known.numbers} - {""}, key=len, reverse=True):
        yield "number", re.compile(rf"(?<![0-9A-Za-z]){_spaced(number)}(?![0-9A-Za-z])", re.IGNORECASE)
        if len(number) >= 15:
            yield "number", re.compile(rf"(?<=尾号)\s*{re.escape(number[-4:])}(?!\d)")
    for name in sorted({*known.names} - {""}, key=len, reverse=True):
        yield from (("name", pattern) for pattern in _name_patterns(name))


def _name_patterns(name: str) -> Iterable[re.Pattern[str]]:
    """The name with any blanks or points in it; a Latin name in both orders; a given name of two characters."""
    name = name.replace("^", " ").strip()
    if _is_han(name):
        yield _loose(name)
        given = name[len(_surname(name)) :]
        if len(given) >= 2:
            yield _loose(given)
        return
    parts = re.split(r"[\s,.^·-]+", name)
    for order in {tuple(parts), tuple(reversed(parts))}:
        yield re.compile(r"\b" + r"[\s,.^·-]+".join(map(re.escape, order)) + r"\b", re.IGNORECASE)


def _loose(text: str) -> re.Pattern[str]:
    if not _is_han(text):
        return re.compile(rf"(?<![0-9A-Za-z]){re.escape(text)}(?![0-9A-Za-z])", re.IGNORECASE)
    return re.compile(SEPARATOR.join(map(re.escape, text)))


def _spaced(number: str) -> str:
    return r"[\s-]?".join(map(re.escape, re.sub(r"[\s-]", "", number)))


def _is_han(text: str) -> bool:
    return bool(text) and all("\u4e00" <= character <= "\u9fff" for character in text)


def _surname(name: str) -> str:
    return name[:2] if name[:2] in COMPOUND and len(name) > 2 else name[:1]


def _surnames(names: Iterable[str]) -> list[str]:
    return sorted({_surname(name) for name in names if _is_han(name)}, key=len, reverse=True)
