"""Two consults from two counties, as their own people would write them. What is said of an image is what it shows.

The first stays, so that a visitor can click through it; in the second the patient withdraws the consent at the end.

Sources of the medical statements: Chinese Society of Cardiology, heart failure guideline 2024 (natriuretic peptides,
congestion); American Society of Echocardiography, focused cardiac ultrasound (what one view can and cannot answer);
NICE CG150, headaches in over 12s (red flags);
ICHD-3 8.2 (medication overuse).
"""

from __future__ import annotations

from dataclasses import dataclass

from config.story.questions import Multiple, Numeric, Ordering, Question, Single


@dataclass(frozen=True, slots=True)
class Lab:
    """One laboratory row: analyte, value, unit, reference range."""

    analyte: str
    value: str
    unit: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class ImagingReport:
    """What the images show, and no more."""

    examination: str
    technique: str
    findings: str
    impression: str


@dataclass(frozen=True, slots=True)
class Tale:
    """Everything that is typed in the course of one story."""

    key: str
    requester: str
    learner: str
    patient_name: str
    patient_pinyin: str
    patient_sex: str
    birth_date: str
    id_number: str
    phone: str
    address: str
    township: str
    hospital_number: str
    dicom: str
    modality: str
    specialty: str
    service_type: str
    urgency: str
    question: str
    complaint: str
    present_history: str
    past_history: str
    medication: str
    examination: str
    vitals: dict[str, str]
    labs: tuple[Lab, ...]
    findings: str
    impression: str
    recommendation: str
    report: ImagingReport
    reason: str
    reason_released: str
    case_title: str
    case_summary: str
    case_objectives: str
    case_references: str
    age_band: str
    caption: str
    video_title: str
    video_seconds: float
    stopped_at: float
    case_question: Single
    points: str
    course_code: str
    course_subject: str
    course_level: str
    question_pool: str
    course_title: str
    course_summary: str
    unit_minutes: int
    unit_title: str
    unit_text: str
    questions: tuple[Question, ...]
    wrong_answers: int  # of the last questions, in the first attempt
    rating: int
    is_withdrawn: bool
    course_objectives: str = "说出一个切面或一个序列能回答什么\n写出结论的界限"
    approval: str = "内容与证据相符。"  # what a reviewer who agrees writes
    objection: str = "结论的界限写得不够清楚，请在小结里说明。"
    feedback: str = "已按意见处理。"  # the county's last word on the consult


BREATHLESS = Tale(
    key="breathless",
    requester="requester",
    learner="learner",
    patient_name="闻人映川",
    patient_pinyin="WENREN YC",
    patient_sex="female",
    birth_date="1959-03-14",
    id_number="990101195903140025",
    phone="19900010023",
    address="清江省澄川市青溪县白石镇石桥村 6 组",
    township="白石镇",
    hospital_number="QX26112231",
    dicom="us_cine",
    modality="US",
    specialty="cardiology",
    service_type="remote_consultation",
    urgency="urgent",
    question="床旁超声只录到一个心尖四腔心切面。左室收缩功能有没有明显减低？能在县里继续治疗，还是需要上转？",
    complaint="活动后气促 2 周，夜间需垫高枕头 3 天。",
    present_history="闻人映川 2 周前上坡时开始气促，休息可缓解。3 天来平卧气促，夜间垫两个枕头。无胸痛、无晕厥、无发热。"
    "双下肢傍晚轻度水肿，晨起减轻。在白石镇卫生院口服氢氯噻嗪 2 天，气促稍减轻。",
    past_history="高血压 12 年。无糖尿病，无吸烟史。",
    medication="氨氯地平 5 mg 每日 1 次；氢氯噻嗪 2 天。",
    examination="半卧位，说话成句。颈静脉轻度充盈。双肺底少许湿啰音。心率 92 次/分，律齐，未闻及明显杂音。双踝轻度凹陷性水肿。",
    vitals={
        "temperature": "36.6",
        "pulse": "92",
        "respiration": "22",
        "systolic": "148",
        "diastolic": "88",
        "oxygen_saturation": "94",
        "weight": "58",
    },
    labs=(
        Lab("NT-proBNP", "1860", "pg/mL", "0", "125"),
        Lab("血红蛋白", "112", "g/L", "115", "150"),
        Lab("血钾", "4.1", "mmol/L", "3.5", "5.3"),
        Lab("肌酐", "88", "μmol/L", "41", "81"),
    ),
    findings="心尖四腔心切面，灰阶动态图 120 帧，未叠加彩色多普勒，屏幕上无心电图。左室心内膜中等清晰，"
    "室间隔与侧壁收缩期向内运动，左室腔收缩期明显变小。二尖瓣可见开放与关闭。右室游离壁与心尖显示欠清。"
    "本切面心脏周围未见大量液性暗区。",
    impression="单一切面、目测：左室收缩功能未见明显减低，未见大量心包积液。"
    "不能据此判断舒张功能、瓣膜反流程度、肺动脉压和其他室壁节段。",
    recommendation="结合端坐气促、下肢水肿与 NT-proBNP 升高，按射血分数保留的心力衰竭可能处理：静脉呋塞米起始，"
    "记出入量，每日复查血钾与肌酐，控制血压。1 周内到市级医院做完整超声心动图（含多普勒）。"
    "静息气促加重、血氧低于 90% 或收缩压低于 90 mmHg 时立即上转。",
    report=ImagingReport(
        examination="床旁心脏超声（心尖四腔心切面）",
        technique="灰阶动态图 1 段，共 120 帧。未叠加彩色多普勒，未做频谱多普勒，屏幕上无心电图。",
        findings="图像质量中等，侧壁与远场噪声较多。左室腔收缩期较舒张期明显变小。二尖瓣可见开放与关闭。"
        "右室游离壁显示欠清，未评价。本切面心脏周围未见大量液性暗区。未作测量。",
        impression="1. 单一切面目测：左室收缩功能未见明显减低。\n2. 本切面未见大量心包积液。\n"
        "3. 瓣膜反流、舒张功能与肺动脉压未评价，须做完整超声心动图。",
    ),
    reason="县医院常只录得到一个切面。闻人映川这一例说明一个切面能回答什么、不能回答什么。",
    reason_released="县医院常只录得到一个切面。[姓名]这一例说明一个切面能回答什么、不能回答什么。",
    case_title="只有一个切面的床旁心脏超声",
    case_summary="六十多岁女性，气促两周。一个心尖四腔心切面能回答什么，不能回答什么。",
    case_objectives="说出一个灰阶心尖四腔心切面能回答的两个问题\n说出没有多普勒就不能写的三项结论",
    case_references="中国心力衰竭诊断和治疗指南 2024. 中华心血管病杂志 2024",
    age_band="60-69",
    caption="心尖四腔心切面，灰阶：屏幕右侧为左心，可见室间隔、二尖瓣和左室腔；右室游离壁显示欠清。",
    video_title="心尖四腔心切面动态图",
    video_seconds=20.0,
    stopped_at=12.4,
    case_question=Single(
        "只凭这一个灰阶切面，哪一项可以初步判断？",
        "目测左室腔收缩期变小的程度，可以初步判断收缩功能有无明显减低。压力、反流和舒张功能都需要多普勒。",
        ("左室收缩功能有无明显减低", "肺动脉收缩压", "二尖瓣反流的程度", "左室舒张功能分级"),
        0,
    ),
    points="1. 先问临床问题，再看切面：收缩功能有无明显减低，有无大量心包积液。\n"
    "2. 收缩功能看起来好，不能排除心力衰竭。\n"
    "3. 没有多普勒，就不要写压力、反流和舒张功能。",
    course_code="ECHO-A4C",
    course_subject="cardiovascular",
    course_level="intermediate",
    question_pool="县域心脏超声",
    course_title="县医院的床旁心脏超声：一个切面能回答什么",
    course_summary="用一个真实病例学会看心尖四腔心切面，知道哪些结论可以下，哪些必须等完整检查。",
    unit_minutes=45,
    unit_title="从一个切面开始",
    unit_text="心尖四腔心切面同时显示两个心室和两个心房。\n\n床旁超声要回答的是简单的问题：左室收缩功能有没有明显减低，"
    "有没有大量心包积液，右室是不是明显大于左室。\n\n看不清就写看不清。没有做多普勒，就不写瓣膜反流程度和肺动脉压。",
    questions=(
        Single(
            "气促患者 NT-proBNP 升高，床旁超声目测左室收缩功能未见明显减低。下面哪种说法正确？",
            "射血分数保留的心力衰竭，收缩功能可以看起来正常。充血的症状、体征和利钠肽升高仍支持心力衰竭。",
            ("可以排除心力衰竭", "不能排除射血分数保留的心力衰竭", "应当停用利尿剂", "不需要再做超声心动图"),
            1,
        ),
        Multiple(
            "下面哪些是心力衰竭充血的表现？",
            "端坐呼吸、颈静脉怒张和双侧对称的凹陷性水肿都提示充血。单侧小腿红肿压痛先要想到深静脉血栓或感染。",
            ("端坐呼吸", "颈静脉怒张", "双踝凹陷性水肿", "单侧小腿红肿、压痛"),
            (0, 1, 2),
        ),
        Numeric(
            "有心力衰竭的症状和体征，左室射血分数不低于多少，才归入射血分数保留的心力衰竭？",
            "射血分数 50% 及以上为保留，41% 至 49% 为轻度降低，40% 及以下为降低。",
            50,
            "%",
        ),
        Ordering(
            "疑似急性心力衰竭的患者到了县医院，按先后给下面几步编号。",
            "先坐起并测血氧，血氧低于 90% 才给氧，随后静脉利尿。用药后 6 小时内看尿量和症状，效果不好就加量或上转。",
            (
                "扶患者坐起，测血氧、血压和心率",
                "血氧低于 90% 时给氧",
                "静脉推注呋塞米",
                "6 小时内复查尿量和症状，决定加量或上转",
            ),
        ),
    ),
    wrong_answers=0,
    rating=5,
    is_withdrawn=False,
)

HEADACHE = Tale(
    key="headache",
    requester="requester2",
    learner="learner2",
    patient_name="澹台望舒",
    patient_pinyin="TANTAI WS",
    patient_sex="male",
    birth_date="1981-07-02",
    id_number="99020219810702001X",
    phone="19900020017",
    address="清江省锦川市锦屏县织锦镇梨树湾村 11 号",
    township="织锦镇",
    hospital_number="JP26110458",
    dicom="mr_t1",
    modality="MR",
    specialty="neurology",
    service_type="joint_diagnosis",
    urgency="routine",
    question="头颅 MR 只有 T1 平扫一个序列。有没有占位？能不能先在县里治疗，要不要补做检查？",
    complaint="反复双侧紧缩样头痛 3 个月。",
    present_history="澹台望舒 3 个月来每周头痛 2 至 3 次，双侧紧缩样，每次数小时，不因活动加重。无呕吐、无视物模糊、"
    "无肢体无力。无外伤，无发热，体重无变化。自服布洛芬每周 2 天，有效。",
    past_history="既往体健，无高血压。偶尔饮酒。",
    medication="布洛芬 0.3 g，每周约 2 天。",
    examination="神志清，言语流利。眼底未见视乳头水肿。四肢肌力 5 级，病理征阴性，颈软。颅周肌肉轻压痛。",
    vitals={
        "temperature": "36.4",
        "pulse": "74",
        "respiration": "16",
        "systolic": "126",
        "diastolic": "78",
        "oxygen_saturation": "98",
        "weight": "71",
    },
    labs=(
        Lab("血红蛋白", "148", "g/L", "130", "175"),
        Lab("血沉", "6", "mm/h", "0", "15"),
        Lab("空腹血糖", "5.2", "mmol/L", "3.9", "6.1"),
    ),
    findings="头颅 MR T1 加权轴位 40 层。中线结构居中，脑室对称、未见扩大，所示层面脑实质内未见明显占位效应。"
    "脑沟、脑裂未见明显增宽。图像数据不含面部软组织，面颅与眼眶无法评价。",
    impression="所示 T1 平扫层面未见明显占位效应。仅此一个序列，不能排除小病灶、白质病变、急性缺血、静脉窦与脑膜病变。",
    recommendation="无危险信号，神经系统查体正常，临床符合紧张型头痛，可在县里治疗：头痛日记，规律作息，简单止痛药每月少于 15 天。"
    "出现突发剧烈头痛、进行性加重、发热、视乳头水肿或局灶体征时急查。症状改变时补做 T2、FLAIR 与 DWI。",
    report=ImagingReport(
        examination="头颅 MR 平扫",
        technique="T1 加权，轴位 40 层，未注射对比剂，只有这一个序列。",
        findings="所示层面脑实质信号大致对称，未见明显占位效应。脑室对称、未见扩大，中线结构居中。脑沟、脑裂未见明显增宽。"
        "图像数据不含面部软组织，面颅与眼眶无法评价。",
        impression="所示 T1 平扫层面未见明显占位效应。仅此一个序列，其余病变不能排除。",
    ),
    reason="只有一个序列的检查很常见。澹台望舒从织锦镇来，这一例说明阴性结果说到哪里为止，以及危险信号怎么问。",
    reason_released="只有一个序列的检查很常见。[姓名]从[地点]来，这一例说明阴性结果说到哪里为止，以及危险信号怎么问。",
    case_title="只有一个序列的头颅 MR",
    case_summary="四十多岁男性，反复头痛三个月。一个 T1 序列的“未见异常”说到哪里为止。",
    case_objectives="问出头痛的危险信号\n写清一个序列的阴性结论说到哪里为止",
    case_references="Headaches in over 12s: diagnosis and management. NICE guideline CG150. https://www.nice.org.uk/guidance/cg150",
    age_band="40-49",
    caption="头颅 MR T1 加权轴位，面部已去除：可见颞叶、脑桥、第四脑室和小脑，所示层面未见明显占位效应。",
    video_title="头颅 T1 轴位逐层浏览",
    video_seconds=10.0,
    stopped_at=6.5,
    case_question=Single(
        "只有 T1 平扫时，哪一项最不能排除？",
        "急性脑缺血早期靠弥散加权成像发现，T1 平扫可以完全正常。",
        ("很大的占位伴中线移位", "急性脑缺血", "明显的脑室扩大", "大的陈旧性软化灶"),
        1,
    ),
    points="1. 阴性结果只对做过的序列和层面有效，报告要写明。\n"
    "2. 先问危险信号，再决定要不要加做检查。\n"
    "3. 紧张型头痛：止痛药用得太勤，会变成药物过量性头痛。",
    course_code="HEAD-RED",
    course_subject="neurology",
    course_level="intermediate",
    question_pool="头痛门诊",
    course_title="头痛门诊：危险信号与一个序列的检查",
    course_summary="学会问头痛的危险信号，读懂只有一个序列的检查结果，知道什么时候必须加做。",
    unit_minutes=70,
    unit_title="先问危险信号",
    unit_text="突发的、最剧烈的、进行性加重的头痛要马上查。\n\n发热伴颈强直、视乳头水肿、局灶体征、癌症或免疫抑制病史，"
    "也都是危险信号。\n\n没有危险信号、查体正常、符合原发性头痛的表现，不必为了放心而反复做影像检查。",
    questions=(
        Single(
            "哪一项是头痛的危险信号？",
            "突发剧烈头痛首先要想到蛛网膜下腔出血，立即检查。",
            ("双侧紧缩样头痛", "突发的、一生中最剧烈的头痛", "休息后好转", "每次数小时"),
            1,
        ),
        Single(
            "MR 只有 T1 平扫且未见占位，报告怎样写最合适？",
            "结论只对做过的序列有效，没做的要写明不能排除。",
            ("颅脑未见异常", "排除脑梗死", "所示 T1 层面未见明显占位效应，其余不能排除", "建议手术"),
            2,
        ),
        Multiple(
            "下面哪些情况要马上检查或上转？",
            "发热伴颈强直要排除脑膜炎，视乳头水肿提示颅内压升高，新出现的肢体无力是局灶体征。查体正常的双侧紧缩样头痛不在此列。",
            ("发热伴颈强直", "视乳头水肿", "新出现的一侧肢体无力", "双侧紧缩样头痛，查体正常"),
            (0, 1, 2),
        ),
        Numeric(
            "简单止痛药每月用满多少天、持续 3 个月以上，就达到药物过量性头痛的标准？",
            "简单止痛药每月 15 天及以上、持续 3 个月以上，会引起药物过量性头痛，因此应少于 15 天。",
            15,
            "天",
        ),
        Ordering(
            "接诊头痛患者，按先后给下面几步编号。",
            "先问起病方式和危险信号，再查体，据此决定是否急查或上转。没有危险信号、查体正常，再谈生活方式和止痛药限量。",
            (
                "问起病方式和危险信号",
                "测血压、体温，查眼底和神经系统",
                "有危险信号或局灶体征就急查或上转",
                "没有的，记头痛日记，止痛药限量",
            ),
        ),
    ),
    wrong_answers=3,
    rating=4,
    is_withdrawn=True,
)

TALES = (BREATHLESS, HEADACHE)
