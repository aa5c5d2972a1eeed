"""What a fresh reader still found in cleaned texts, form by form; and that medicine stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from media_pipeline.deid.texts import Identifiers, TextCleaner
from tests.media_pipeline.medicine import MEDICINE

NAMES = (
    "买买提·吐尔逊",
    "张卫国",
    "欧阳娜娜",
    "李明",
    "Wang Li",
    "李 小红",
    "王建国（化名）",
    "张 伟",
    "何灿",
    "吕单",
    "ZHANG^WEI^^MR",
    "陈思 Chen Si",
)
PATIENT = Identifiers(
    names=NAMES,
    numbers=("110105194912310021", "ZY20240315"),
    dates=("2024-03-05", "1957-02-03"),
    places=("清江省澄川市青溪县白石镇李家村12号", "青溪县", "白石镇", "李家村"),
    phones=("13812345678", "0851-82345678"),
)


def cleaned(text: str, *, is_chinese: bool = True, known: Identifiers = PATIENT) -> str:
    return TextCleaner(known, is_chinese=is_chinese).clean(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("患者买买提·吐尔逊因胸痛入院", "患者[姓名]因胸痛入院"),
        ("患者买买提・吐尔逊，", "患者[姓名]，"),
        ("买买提•吐尔逊入院，买买提诉，吐尔逊女", "[姓名]入院，[姓名]诉，[姓名]女"),
        ("买买提吐尔逊 买买提 吐尔逊", "[姓名] [姓名]"),
        ("患者Wang Li因胸痛入院", "患者[姓名]因胸痛入院"),
        ("患者LI WANG，WangLi，Li,Wang，Wang^Li", "患者[姓名]，[姓名]，[姓名]，[姓名]"),
        ("Mr. Wang, patient wang   li", "Mr. [姓名], patient [姓名]"),
        ("李小红、李 小 红、小红诉", "[姓名]、[姓名]、[姓名]诉"),
        ("王建国与建国", "[姓名]与[姓名]"),
        ("张伟、张 伟、Zhang Wei、wei zhang", "[姓名]、[姓名]、[姓名]、[姓名]"),
        ("患者Zhang Weiguo，zhangweiguo，ZHANG^WEIGUO，Weiguo Zhang", "患者[姓名]，[姓名]，[姓名]，[姓名]"),
        ("Zhāng Wèiguó, Zhang, Weiguo, Zhang W.G., WG Zhang", "[姓名], [姓名], [姓名], [姓名]"),
        ("Ouyang Nana; nana ouyang; Ou Yang Na-na", "[姓名]; [姓名]; [姓名]"),
        ("Lü Dan, Lv Dan, Lyu Shan, shan lu", "[姓名], [姓名], [姓名], [姓名]"),
        ("He Can walks; he can walk", "[姓名] walks; he can walk"),
        ("Zhang Wei；陈思；chen si", "[姓名]；[姓名]；[姓名]"),
        ("张\u200b卫国，张*国，张某国", "[姓名]，[姓名]，[姓名]"),
    ],
)
def test_a_name_goes_in_every_spelling(text, expected):
    assert cleaned(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话08512345678", "电话[电话]"),
        ("(0851)82345678，（0851）8234567", "[电话]，[电话]"),
        ("0851 8234 5678", "[电话]"),
        ("１３８１２３４５６７９", "[电话]"),
        ("+86（139）12345678，+86 139 1234 5678", "[电话]，[电话]"),
        ("400-810-1234", "[电话]"),
        ("手机号：139 123 45678，tel. 8234567", "手机号：[电话]，tel. [电话]"),
        ("15位证件130503670401001", "15位证件[编号]"),
        ("身份证 110105-19491231-0021", "身份证 [编号]"),
        ("护照E12345678，护照号码为 G1234567", "护照[编号]，护照号码为 [编号]"),
        ("住院号为99887，住院号是 99886，病案号9988", "住院号为[编号]，住院号是 [编号]，病案号[编号]"),
        ("社保卡号为：J12345678；医保号 500123", "社保卡号为：[编号]；医保号 [编号]"),
        ("MRN 1234567, hospital no. 998877, ID: A1234567", "MRN [编号], hospital no. [编号], ID: [编号]"),
        ("微信号zhang_weiguo66，微信：zwg1957，QQ 12345678", "微信号[地址]，微信：[地址]，QQ [地址]"),
        ("患者zhang@163.com，www.example.cn/p?id=3", "患者[地址]，[地址]"),
        ("尾号0021，末四位5678", "尾号[编号]，末四位[编号]"),
        ("床号12床，第3床", "床号[编号]床，第[编号]床"),
        ("住院号１２３４５６", "住院号[编号]"),
        ("青溪人民医院转白石卫生院", "[地点]人民医院转[地点]卫生院"),
    ],
)
def test_numbers_and_telephones_go(text, expected):
    assert cleaned(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二〇二四年三月五日入院，二零二四年三月六日", "第 1 天入院，第 2 天"),
        ("三月五日入院，十二月三十一日", "第 1 天入院，第 1 天前 65 天"),
        ("24年3月5日入院", "第 1 天入院"),
        ("2024-03起，2024/3，2024.03", "当年起，当年，当年"),
        ("3月5-7日，3月8日至10日", "第 1 天至第 3 天，第 4 天至第 6 天"),
        ("2024年3月5-7日", "第 1 天至第 3 天"),
        ("2024年2月28日-3日", "第 1 天前 6 天至第 1 天前 2 天"),
        ("正月十五，腊月初八，去年八月十五", "[日期]，[日期]，去年[日期]"),
        ("2月初、3月份、3月下旬", "[日期]、[日期]、[日期]"),
        ("生于1957年2月，1957-02-03出生", "生于六十多年前，六十多年前出生"),
        ("2024-03-06 10:32 BNP 510", "第 2 天 10:32 BNP 510"),
        ("３月６日", "第 2 天"),
        ("3/6出院", "第 2 天出院"),
    ],
)
def test_chinese_dates_become_days(text, expected):
    assert cleaned(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03/05/2024, 5/3/24", "[date], [date]"),
        ("03/25/2024 and 25/3/24", "day 21 and day 21"),
        ("March 5 admitted, on March 6th", "day 1 admitted, on day 2"),
        ("in March 2024, since 2019", "in that year, since about 5 years before"),
        ("05-Mar-2024, 06-Mar-24, Mar-2024", "day 1, day 2, that year"),
        ("5 March 2024; March 5, 2024; 5th of March", "day 1; day 1; day 1"),
        ("March 5-7, 2024 and 5-7 March", "day 1 to day 3 and day 1 to day 3"),
        ("2024-03-06 10:32 BNP 510", "day 2 10:32 BNP 510"),
        ("2024-03-06T10:32", "day 2 T10:32"),
        ("2024-03-05 NT-proBNP 420 pg/mL (0-125)", "day 1 NT-proBNP 420 pg/mL (0-125)"),
        ("2024-03-05NT-proBNP", "day 1 NT-proBNP"),
        ("in March she came", "in [date] she came"),
        ("admitted 3/6, born in 1957", "admitted day 2, born in more than 60 years before"),
    ],
)
def test_english_dates_become_days(text, expected):
    assert cleaned(text, is_chinese=False) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("六十二岁，年龄62，62 周岁", "六十多岁，年龄六十多岁，六十多岁"),
        ("一百零二岁，九十岁，十二岁，二岁", "九十岁以上，九十岁以上，十几岁，不满十岁"),
        ("患者62-64岁起病，男/62", "患者六十多岁起病，男/六十多岁"),
        ("62-year-old", "六十多岁"),
    ],
)
def test_chinese_ages_become_bands(text, expected):
    assert cleaned(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("age 62, aged 62, 62 yrs old, 62F", "age 60-69, aged 60-69, 60-69 yrs old, 60-69 F"),
        ("62-year-old; 62 years of age; 62 y/o; Age: 62", "60-69-year-old; 60-69 years of age; 60-69 y/o; Age: 60-69"),
        ("7M with fever", "under 10 M with fever"),
        ("62岁", "60-69 years old"),
    ],
)
def test_english_ages_become_bands(text, expected):
    assert cleaned(text, is_chinese=False) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Chen Wei reviewed, Prof Zhao", "Dr. [医务人员] reviewed, Prof [医务人员]"),
        ("上级医师刘建华查房，同意李主任意见", "上级医师[医务人员]查房，同意[医务人员]意见"),
        ("其妻王秀英，其子张小军陪同", "其妻[姓名]，其子[姓名]陪同"),
        ("姓名：赵伟 性别：男", "姓名：[姓名] 性别：男"),
        ("姓名：热合曼·依明 性别：女", "姓名：[姓名] 性别：女"),
        ("医师：刘建华；签名 刘建华；联系人王秀英", "医师：[姓名]；签名 [姓名]；联系人[姓名]"),
        ("赵姓男子，患者钱某，孙氏诉头痛", "[姓名]男子，患者[姓名]，[姓名]诉头痛"),
        ("张大爷、老张、张老太、张氏", "[姓名]、[姓名]、[姓名]、[姓名]"),
    ],
)
def test_people_go_who_stand_in_no_record(text, expected):
    assert cleaned(text) == expected


@pytest.mark.parametrize("sentence", MEDICINE)
@pytest.mark.parametrize("is_chinese", [True, False])
def test_medicine_stays_as_it_is(sentence, is_chinese):
    assert cleaned(sentence, is_chinese=is_chinese) == sentence


def test_one_language_for_the_whole_case():
    english = [
        "女，62岁。",
        "Admitted with dyspnoea on exertion, no fever. Ejection fraction 45%.",
        "2024-03-05 BNP 510",
    ]
    chinese = ["女，62岁。", "活动后气促三天，无发热。", "2024-03-05 NT-proBNP 510"]

    assert [TextCleaner(PATIENT, english).clean(text) for text in (english[0], english[2])] == [
        "女，60-69 years old。",
        "day 1 BNP 510",
    ]
    assert TextCleaner(PATIENT, chinese).clean(chinese[2]) == "第 1 天 NT-proBNP 510"


def test_what_replaced_a_word_is_not_read_again():
    known = Identifiers(names=("姓名", "编号"), numbers=("1",))

    assert cleaned("姓名与编号", known=known) == "[姓名]与[姓名]"


HAN_LETTERS = st.sampled_from("张王李欧阳吕单曾卫国小红建华吐尔逊买提阿依古丽热合曼娜秀英〇𬭎㛃")
LATIN_PART = st.from_regex(r"[A-Z][a-zé]{1,7}", fullmatch=True)
HAN_NAME = st.text(HAN_LETTERS, min_size=2, max_size=4)
POINTED = st.lists(st.text(HAN_LETTERS, min_size=2, max_size=4), min_size=2, max_size=3).flatmap(
    lambda parts: st.sampled_from("·・•‧.").map(lambda point: point.join(parts))
)
SPACED = st.lists(st.text(HAN_LETTERS, min_size=1, max_size=2), min_size=2, max_size=2).map(" ".join)
LATIN = st.lists(LATIN_PART, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" ", "^", ", ", "-"]).map(lambda gap: gap.join(parts))
)
ANY_NAME = st.one_of(HAN_NAME, POINTED, SPACED, LATIN)
# A letter beside a Latin name makes another word of it; anything else may stand there.
CARRIER = st.text(st.sampled_from("患者因胸痛入院，。：1250 \n(（^·[]"), max_size=12)


@settings(max_examples=300, deadline=None)
@given(name=ANY_NAME, before=CARRIER, after=CARRIER)
def test_no_record_name_survives_in_any_sentence(name, before, after):
    assume(name not in "[姓名][日期]")

    text = TextCleaner(Identifiers(names=(name,)), is_chinese=True).clean(before + name + after)

    assert name not in text
    assert name.replace(" ", "") not in text


@settings(max_examples=200, deadline=None)
@given(
    name=st.tuples(
        st.sampled_from("张王李赵刘陈杨吕曾"), st.text(st.sampled_from("卫国小红建华秀英明"), min_size=1, max_size=2)
    ),
    gap=st.sampled_from(["", " ", ", ", "^", "-"]),
    change=st.sampled_from([str.title, str.upper, str.lower]),
    is_turned=st.booleans(),
    before=CARRIER,
    after=CARRIER,
)
def test_no_name_survives_in_pinyin(name, gap, change, is_turned, before, after):
    from pypinyin import lazy_pinyin

    surname, given_name = ("".join(lazy_pinyin(part)) for part in name)
    written = change(gap.join([given_name, surname] if is_turned else [surname, given_name]))

    text = TextCleaner(Identifiers(names=("".join(name),)), is_chinese=True).clean(before + written + after)

    assert written not in text


@pytest.mark.parametrize(
    "entry",
    [
        "0571-8881234/13912345678",
        "0571-8881234；13912345678",
        "05718881234、139 1234 5678",
        "0571-8881234 13912345678",
        "+86 139 1234 5678, (0571) 8881234",
    ],
)
def test_each_telephone_of_one_entry_goes(entry):
    known = Identifiers(phones=(entry,))
    text = "家属电话一：0571-888 1234；另一个 139-1234-5678。血压 139/78，分机 5678。"
    assert cleaned(text, known=known) == "家属电话一：[电话]；另一个 [电话]。血压 139/78，分机 5678。"
    assert cleaned("打 05718881234 或 13912345678", known=known) == "打 [电话] 或 [电话]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("老人住白河县石桥镇柳树村，务农", "老人住[地点]，务农"),
        ("家住：云岭市城东街道，籍贯江北省", "家住：[地点]，籍贯[地点]"),
        ("来自邻近乡镇的患者", "来自[地点]的患者"),
        ("住院市级医保，入住县医院，记住村里的路", "住院市级医保，入住县医院，记住村里的路"),
        ("疼痛来自肩胛区，夹住县里带来的管子", "疼痛来自肩胛区，夹住县里带来的管子"),
        ("由村医转来，住址不详", "由村医转来，住址不详"),
        ("现居住地：白河县石桥镇，户口所在地云岭市", "现居住地：[地点]，户口所在地[地点]"),
        ("患者现住院予镇静治疗", "患者现住院予镇静治疗"),
        ("住重症监护室镇静镇痛3天", "住重症监护室镇静镇痛3天"),
        ("现住普外科病房予镇痛泵，疼痛来自县医院术后镇痛不足", "现住普外科病房予镇痛泵，疼痛来自县医院术后镇痛不足"),
    ],
)
def test_where_somebody_lives_goes_without_being_known(text, expected):
    assert cleaned(text, known=Identifiers()) == expected


def test_where_somebody_lives_goes_in_english_too():
    text = "Lives in White River County, born in Stone Bridge Village; pain comes from the left kidney."
    assert (
        cleaned(text, is_chinese=False, known=Identifiers())
        == "Lives in [place], born in [place]; pain comes from the left kidney."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("柳林镇的张伟医生参与", "柳林镇的[医务人员]参与"),
        ("是李强主任，由王建国教授主刀", "是[医务人员]，由[医务人员]主刀"),
        ("曾为民医生，曾经纬主任医师，武汉生主任医师", "[医务人员]，[医务人员]，[医务人员]"),
        ("江西平医生，华西林医生", "[医务人员]，[医务人员]"),
        ("曾任主任医师，江西的医生，常驻医师", "曾任主任医师，江西的医生，常驻医师"),
        ("给赵敏护士，向周舟院长，跟孙丽医师，与钱进医生", "给[医务人员]，向[医务人员]，跟[医务人员]，与[医务人员]"),
        ("请示李强主任，我院钟南教授，邻村刘芳医生", "请示[医务人员]，我院[医务人员]，邻村[医务人员]"),
        ("的高主任，是白医生，的黄建国医生", "的[医务人员]，是[医务人员]，的[医务人员]"),
        ("的全科医生，是高年资医师，的管床医生，给值班护士", "的全科医生，是高年资医师，的管床医生，给值班护士"),
        ("的副主任医师，是外科主任，内科护士长，的金牌教授", "的副主任医师，是外科主任，内科护士长，的金牌教授"),
    ],
)
def test_a_doctor_is_seen_behind_any_word(text, expected):
    assert cleaned(text, known=Identifiers()) == expected


def case_of(*texts: str) -> list[str]:
    """Texts of one case, cleaned; nothing is known of anybody."""
    cleaner = TextCleaner(Identifiers(), texts)
    return [cleaner.clean(text) for text in texts]


@pytest.mark.parametrize(
    ("shown", "elsewhere", "expected"),
    [
        ("张伟医生看过", "请张伟复诊，张伟参与了讨论", "请[医务人员]复诊，[医务人员]参与了讨论"),
        ("姓名：陈小红。", "陈小红来院，陈小 红不诉胸痛", "[姓名]来院，[姓名]不诉胸痛"),
        ("由王建国主任主刀", "上午王建国建议手术", "上午[医务人员]建议手术"),
        ("是张力医生", "肌张力增高，患者张力性气胸，眼压高、张力增高", "肌张力增高，患者张力性气胸，眼压高、张力增高"),
        ("妻子郑重签字", "郑重告知", "郑重告知"),
        ("王主任，老李", "王不留行，李子", "王不留行，李子"),
        ("Seen by Dr. Zhang Weiguo.", "Zhang Weiguo agreed", "[staff] agreed"),
    ],
)
def test_who_is_met_in_one_text_goes_from_all(shown, elsewhere, expected):
    assert case_of(shown, elsewhere)[1] == case_of(elsewhere, shown)[0] == expected


def test_who_is_met_in_the_texts_goes_from_the_headers_too():
    texts = TextCleaner(Identifiers(), ["张伟医生看过"])

    assert texts.people == {"张伟": "doctor"}
    header = TextCleaner(Identifiers(), is_chinese=True, people=texts.people)
    assert header.clean("头颅平扫 张伟") == "头颅平扫 [医务人员]"
    assert not texts.counts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("李xx，李XX入院，李**诉，李××，李○○，李＊＊", "[姓名]，[姓名]入院，[姓名]诉，[姓名]，[姓名]，[姓名]"),
        ("李x，李*", "[姓名]，[姓名]"),
        ("李×芳，李○芳", "[姓名]，[姓名]"),
        ("伟x，芳**，李×宽×长，李x3，李xanax", "伟x，芳**，李×宽×长，李x3，李xanax"),
    ],
)
def test_a_known_name_goes_when_it_is_masked(text, expected):
    assert cleaned(text, known=Identifiers(names=("李桂芳",))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5101021962****1234", "[编号]"),
        ("身份证510102********1234，身份证号：510***********123X", "身份证[编号]，身份证号：[编号]"),
        ("510102××××××××1234，**************1234", "[编号]，[编号]"),
        ("138****5678，尾号****1234", "[电话]，尾号[编号]"),
        ("P值1200**，12.3***，10x20x30，***************", "P值1200**，12.3***，10x20x30，***************"),
    ],
)
def test_a_masked_number_is_one_number(text, expected):
    assert cleaned(text, known=Identifiers()) == expected
