"""People whom no list names: a title, a kinship or a label beside a surname shows them. Runs in the cage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from media_pipeline.deid.folding import HAN, NO_LETTER_AFTER, NO_LETTER_BEFORE
from media_pipeline.deid.names import COMPOUND, loose

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦"
    "邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
# Surnames that begin words of medicine and of daily use (高血压, 白癜风, 金葡菌, 宫颈, 尚可): never taken for a name
# where only a kinship or a title stands before them.
WORDS_TOO = frozenset(
    "高白黄金石关房左宫尚明连施康麻梅牛单管成全安平和于向应时常包方万易解查计文边车沙阳焦屈毛甘温任何田段路水"
    "苏艾马温汤冷童余项简曲师游席司农盛苗武江商华米周龙古符章景池路党费甘"
)
SURE = "".join(character for character in SURNAMES if character not in WORDS_TOO)
TITLES = (
    "先生|女士|小姐|太太|大爷|大妈|大娘|大叔|大婶|大伯|大哥|大姐|老太太?|老汉|老伯|阿姨|奶奶|爷爷|叔叔|伯伯|老师|师傅|同志|同学|姓"
    "|老(?![年化视])"
)
DOCTORS = "副主任医师|主任医师|主治医师|住院医师|副主任|主任|医生|医师|大夫|教授|护士长|护师|护士|院长|科长|技师|药师"
GIVEN = f"[{HAN}]"
COMPOUNDS = "|".join(COMPOUND)
ANY, SAFE = f"(?:{COMPOUNDS}|[{SURNAMES}])", f"(?:{COMPOUNDS}|[{SURE}])"
END = rf"(?=[^{HAN}]|$)"

ACTS = (
    "查房|会诊|看过|阅片|阅|指示|意见|主刀|签[名字发]|审核|示|建议|认为|分析|指导|同意|嘱|主持|手术|记录|陪同"
    "|陪伴|代诉|诉|代签|代|联系|护送|送|说|告|述|称|照顾|照料|到|来|在场"
)
KIN = (
    "妻子|丈夫|爱人|配偶|儿子|女儿|儿媳|女婿|父亲|母亲|哥哥|姐姐|弟弟|妹妹|孙子|孙女|外孙女?|侄子|侄女|家属"
    "|家人|亲属|监护人|联系人|邻居|老伴|同事|委托人|代理人"
)
SHORT_KIN = "(?:其|患者|患儿|病人)之?(?:妻|夫|子|女|父|母|兄|弟|姐|妹|媳|婿|孙)"
SIGNS = (
    "姓名|签名|签字|患者|病人|患儿|主诉人|供史者|病史陈述者|记录者?|审核者?|报告者?|书写者?|主刀|术者|助手"
    "|麻醉者?|操作者?|住院医|经治医|责任人"
)
FULL_SIGNS = rf"(?:{SIGNS}|{KIN}|{SHORT_KIN}|[上下]级医师|(?:{DOCTORS}))"
DISEASE = (
    "(?!综合|征|杆|球|病|点|针|管|线|法|位|菌|切口|骨折|囊|窝|腺|孔|区|韧带|三角|体|反射|试验|手术|带|结节|斑"
    "|分级|分型|分类|评分)"
)
CAPITAL = r"(?:[A-Z][a-z'’-]+|[A-Z]{3,})"
# MS CT and DR are examinations: in capitals only with a full stop.
STAFF_EN = r"(?:[Dd]r|DR(?=\.)|(?i:doctor|prof|professor|consultant|surgeon|radiologist|physician))"
LAY_EN = r"(?:M(?:r|rs|s|iss|adam)|M(?:R|RS|S)(?=\.))"
# Grades of staff and clauses that begin with a character that is a surname as well. The words of the second row begin
# names too (曾为民, 江西平): they are nobody only where a title follows at once.
BEFORE_A_TITLE = (
    "管理|管片|全院|全职|全体|方便|高水平|高端|任职|应诊|包村|包保|包括|单独|成都|安全|安保|安徽|金牌|白班|白大褂|平时"
    "|平诊|常驻|时任|曾任|曾是|曾为|曾经|经常|江苏|江西|武汉|华西|贵州|温州"
)
NOBODY = (
    "(?!管床|全科|方舱|康复|高级|高年资|任何|应急|包片|单位|成人|安宁|明日|查房|和|于|与|向|时"
    rf"|(?:{BEFORE_A_TITLE})的?(?:{DOCTORS}))"
)
# Words of one character before a person, and the ends of words and places before a person of theirs (我院, 白石镇).
BEFORE, BEHIND = "请由经与和向找对的是给跟同", "意随据遵及被让示嘱邀问叫替为到从在因院科室组站所镇乡村县市区"
NAME_EN = rf"{CAPITAL}(?:[ -][A-Z][a-z'’-]+){{0,2}}"

PEOPLE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("name", re.compile(rf"(?P<keep>姓名\s*(?:为|是)?\s*[:：\s]\s*)(?:[{HAN}·・•]{{2,15}}|[A-Z][A-Za-z .'-]+){END}")),
    ("name", re.compile(rf"(?P<keep>(?:{FULL_SIGNS})\s*[:：]\s*){SAFE}{GIVEN}{{1,2}}{END}")),
    (
        "name",
        re.compile(rf"(?P<keep>(?:签名|签字|姓名|报告医师|审核医师|记录者)\s*[:：\s]\s*){ANY}{GIVEN}{{1,2}}{END}"),
    ),
    ("name", re.compile(rf"(?P<keep>{KIN}|{SHORT_KIN}){SAFE}{GIVEN}{{1,2}}?(?=(?:{ACTS})|[^{HAN}]|$)")),
    ("doctor", re.compile(rf"(?P<keep>(?:{DOCTORS})\s?){SAFE}{GIVEN}{{1,2}}?(?=(?:{ACTS})|[,，。;；、.)）]|$)")),
    ("name", re.compile(rf"(?<!同){ANY}姓(?=男|女|患|病|青年|老|少|儿|者|家|先生|村民|工人|司机)")),
    ("name", re.compile(rf"(?<![{HAN}]){ANY}氏(?=[^{HAN}]|$|诉|因|于|自|入|来|既往)")),
    ("name", re.compile(rf"(?P<keep>患者|病人|其母|其妻){ANY}氏{DISEASE}")),
    ("name", re.compile(rf"(?<![{HAN}]){ANY}某某?(?![些种个一日年月医地处类次])")),
    ("name", re.compile(rf"(?P<keep>患者|病人|家属|其[妻夫子女父母]){ANY}某某?")),
    (
        "doctor",
        re.compile(rf"{NO_LETTER_BEFORE}(?P<keep>{STAFF_EN}\b\.?\s+(?:(?i:by)\s+)?){NAME_EN}"),
    ),
    ("name", re.compile(rf"{NO_LETTER_BEFORE}(?P<keep>{LAY_EN}\b\.?\s+){NAME_EN}")),
    ("name", re.compile(rf"{NO_LETTER_BEFORE}(?P<keep>(?i:name|patient name)\s*[:=]\s*){NAME_EN}")),
)


# What may stand behind a person where no title does.
GOES_ON = (
    rf"(?:{ACTS}|{KIN}|{DOCTORS}"
    "|[参接负诊处开查予写带讲转打电复随协及和与跟同则也又还再曾已将会为对在于的是所把给就被让请])"
)
#: A name as it stands with a title, or behind a label: the title is no part of it.
NAMED = re.compile(rf"(?P<name>{ANY}{GIVEN}{{1,2}}?)(?:{DOCTORS})?")
NAMED_EN = re.compile(rf"{CAPITAL}(?:[ -][A-Z][a-z'’-]+){{1,2}}")
NO_NAME = re.compile(rf".[姓氏某]|.{{1,2}}(?:{TITLES}|{DOCTORS})")
LABEL = re.compile(rf"[:：\s]$|(?:{DOCTORS})$")
SHORT_NAME = 2


def name_in(match: re.Match[str]) -> str:
    """The name of whoever a pattern of this table has shown, "" where only a surname or a form of address stands.

    Two characters behind a kinship alone may be a word (妻子郑重签字): they go there and nowhere else.
    """
    keep = match.groupdict().get("keep") or ""
    rest = match[0][len(keep) :]
    if keep and len(rest) == SHORT_NAME and not LABEL.search(keep):
        return ""
    if NAMED_EN.fullmatch(rest):
        return rest
    named = NAMED.fullmatch(rest)
    return named["name"] if named and not NO_NAME.fullmatch(named["name"]) else ""


def met_pattern(name: str) -> re.Pattern[str]:
    """Somebody who was met in another text of the case.

    Two characters may be a part of other words (肌张力增高): they are a name where a person stands.
    """
    if name.isascii():
        return re.compile(rf"{NO_LETTER_BEFORE}{re.escape(name)}{NO_LETTER_AFTER}")
    if len(name) > SHORT_NAME:
        return re.compile(rf"{loose(name).pattern}(?:{DOCTORS})?")
    before = rf"(?:(?<!{GIVEN})|(?<=[{BEFORE}{BEHIND}])|(?P<keep>{FULL_SIGNS}))"
    return re.compile(rf"{before}{loose(name).pattern}(?:(?:{DOCTORS})|(?={GOES_ON}|[^{HAN}]|$))")


def people_patterns(surnames: Iterable[str]) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patient's surname with a form of address, any surname with a doctor's title, and the rest of the table."""
    own = "|".join(map(re.escape, surnames))
    if own:
        spoken = rf"(?:(?:{own})(?:{TITLES}|某某?)|[老小](?:{own})(?!氏|{GIVEN}?[脑肠腿臂指趾])|(?:{own})氏{DISEASE})"
        yield "name", re.compile(spoken)
    doctors = rf"{NOBODY}{ANY}{GIVEN}{{0,2}}?(?:{DOCTORS})"
    yield "doctor", re.compile(rf"(?<!{GIVEN})(?:{doctors})|(?<=[{BEFORE}])(?:{doctors})")
    yield "doctor", re.compile(rf"(?<=[{BEHIND}])(?:{NOBODY}{SAFE}{GIVEN}{{0,2}}?(?:{DOCTORS}))")
    yield from PEOPLE
