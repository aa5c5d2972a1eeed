"""Numbers, telephones and addresses that show themselves by their form or by the word before them. Runs in the cage.

A group named `keep` is that word: it stays. Matched against folded text, so signs and digits are the plain ones.
"""

from __future__ import annotations

import re

from media_pipeline.deid.folding import HAN

SAYS = r"\s*(?:号码|号|编码|ID|id)?\s*[(:：]?\s*(?:为|是|系)?\s*[:：#]?\s*"
VALUE = r"(?=[A-Za-z-]*\d)[A-Za-z0-9](?:[A-Za-z0-9_]|[-/](?=[A-Za-z0-9]))"

# Words that are only followed by a number when that number names somebody.
CARDS = (
    "身份证件?|证件|护照|军官证|士兵证|港澳通行证|通行证|驾驶证|户口本|社保卡?|社会保障卡?|医保卡?|新农合证?"
    "|参合证?|银行卡|就诊卡|诊疗卡|健康卡"
)
# Words that need 号 behind them: 住院3天 and 检查2次 are medicine.
FILES = (
    "住院|门诊|急诊|病案|病历|病例|档案|就诊|登记|检查|检验|影像|影像学|标本|样本|条码|流水|体检|放射|超声|心电图?|病理|挂号|申请单?|处方|发票|收据"
    "|工作?|床|参保|个人|保险|账|帐|CT|MRI?|DR|X线|X光"
)
ENGLISH_FILES = (
    r"(?:hospital|medical\s+record|record|patient|chart|case|accession|admission|file|passport|insurance|policy"
    r"|social\s+security|identity|identification|registration|account|visit|specimen|NHS|health\s+card|ID)"
)

# An address may be made of a name: it goes first, whole.
ADDRESSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("address", re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    ("address", re.compile(r"(?:https?://|(?<![A-Za-z0-9])www\.)[!-~]+", re.IGNORECASE)),
    (
        "address",
        re.compile(
            r"(?P<keep>(?:微信|支付宝|微博|抖音|(?<![A-Za-z])(?:WeChat|Weixin|QQ|WhatsApp|Skype))"
            r"\s*(?:账号|帐号|号码|号|ID|no\.?|number)?\s*(?:为|是)?\s*[:：]?\s*)"
            r"(?:(?<=[号:：为是])[A-Za-z0-9][\w.-]{3,}|(?=[A-Za-z_.-]*\d)[A-Za-z0-9][A-Za-z0-9_.-]{3,})",
            re.IGNORECASE | re.ASCII,
        ),
    ),
)
# Where somebody lives or comes from, known to no list of the case. 住 is a verb of its own and the end of many.
HOMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "place",
        re.compile(
            r"(?P<keep>(?:家住|(?:现)?居住(?:于|在|地)|现居|现住(?!院)址?|住址|住在|常住|籍贯|户籍|户口所在地|祖籍"
            r"|出生于|老家在?|来自"
            r"|(?<![记抓止稳站托按夹卡堵挡捂固留保居入])住(?!院|[在址]))\s*(?:为|是)?\s*[:：]?\s*)"
            rf"(?:[{HAN}]{{2,8}}?(?:省|自治区|自治州|市|县|旗|乡镇|镇(?![静痛咳吐定惊])|乡|街道|村(?![医卫民委])|屯|寨)){{1,5}}"
        ),
    ),
    (
        "place",
        re.compile(
            r"(?P<keep>\b(?:[Ll]ives?|[Ll]iving|[Rr]esident|[Rr]esiding|[Cc]omes?|[Cc]oming|[Bb]orn)"
            r" (?:in|of|at|from) )"
            r"(?:[A-Z][\w'’-]+ ){1,3}(?:Province|City|County|District|Town(?:ship)?|Village)\b"
        ),
    ),
)
# Digits of which some are masked, as long as a telephone or an identity card: four are left, three masks together.
MASK = "*×xX●•"
MASKED = rf"(?=[{MASK}]*\d(?:[{MASK}]*\d){{3}})(?=\d*[{MASK}]{{3}})"
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("phone", re.compile(rf"(?<![\d.A-Za-z{MASK}])1[3-9]\d[{MASK}]{{4}}\d{{4}}(?![\dA-Za-z{MASK}])")),
    ("number", re.compile(rf"(?<![\d.A-Za-z{MASK}]){MASKED}[\d{MASK}]{{11,19}}(?![\dA-Za-z{MASK}])")),
    (
        "number",
        re.compile(
            r"(?<![0-9A-Za-z])[1-9]\d{5}[\s-]?(?:18|19|20)\d{2}[\s-]?(?:0[1-9]|1[0-2])[0-3]\d[\s-]?\d{3}[0-9Xx]"
            r"(?![0-9A-Za-z])"
        ),
    ),
    ("number", re.compile(r"(?<![0-9A-Za-z.])[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![0-9A-Za-z.])")),
    (
        "phone",
        re.compile(
            r"(?P<keep>(?:电话|手机|联系方式|联系号码|传真|座机|(?<![A-Za-z])(?:telephone|phone|mobile|cell|tel|fax))"
            r"(?:号码|号|\s*(?:number|no))?\s*(?:为|是|is)?[\s:：.]*)"
            r"(?:\+|00)?[(]?\d(?:[\s()\-\u2010-\u2015]{0,2}\d){6,14}(?!\d)",
            re.IGNORECASE,
        ),
    ),
    (
        "phone",
        re.compile(
            r"(?<![\d.])(?:[(]?(?:\+|00)?86[)]?[-\s]*)?[(]?1[3-9]\d[)]?"
            r"(?:[-\s]*\d{4}[-\s]*\d{4}|[-\s]*\d{3}[-\s]*\d{5}|[-\s]*\d{8})(?![\d.]\d|\d)"
        ),
    ),
    ("phone", re.compile(r"(?<![\d.])1[3-9][-\s]\d{4}[-\s]\d{5}(?!\d)")),
    (
        "phone",
        re.compile(
            r"(?<![\d.])(?:\+?86[-\s]*)?[(]?0[1-9]\d{1,2}[)]?[-\s\u2010-\u2015]{0,3}[1-9]\d{2,3}[-\s]?\d{4}"
            r"(?:(?:-|转)\d{1,5})?(?!\d)"
        ),
    ),
    ("phone", re.compile(r"(?<!\d)[48]00(?:[-\s]\d{3}[-\s]\d{4}|[-\s]\d{4}[-\s]\d{3}|[-\s]?\d{7})(?!\d)")),
    ("number", re.compile(rf"(?P<keep>(?:{CARDS}){SAYS}){VALUE}{{2,}}")),
    ("number", re.compile(rf"(?P<keep>(?:{FILES})(?:编?号码?|ID){SAYS}){VALUE}{{1,}}")),
    (
        "number",
        re.compile(
            r"(?P<keep>(?:尾号|末[四4六6]位|后[四4六6]位)(?:数字?)?\s*(?:为|是)?\s*[:：]?\s*)"
            rf"[{MASK}]*\d{{3,6}}[Xx]?(?!\d)"
        ),
    ),
    ("number", re.compile(r"(?P<keep>\blast (?:four|4)(?: digits)?(?: are| is)?[\s:]*)\d{4}\b", re.IGNORECASE)),
    ("number", re.compile(r"(?<=第)\d{1,4}(?=\s*床)|(?P<keep>床号\s*[:：]?\s*)[A-Za-z]?\d{1,4}(?=床|[^\d床]|$)")),
    (
        "number",
        re.compile(
            rf"(?P<keep>(?<![A-Za-z])(?:MRN|UHID|{ENGLISH_FILES}\s*(?:number|no\.?|nr\.?|id|\#))\s*(?:is\s+)?[:#.]?\s*)"
            rf"{VALUE}{{3,}}",
            re.IGNORECASE,
        ),
    ),
    ("number", re.compile(r"(?P<keep>(?<![A-Za-z])(?:ID|passport)\s*[:#]?\s*)(?=[A-Za-z]{0,3}\d)[A-Za-z0-9-]{6,}")),
    ("number", re.compile(r"(?P<keep>(?<=号)[:： ]?)(?=[A-Za-z0-9-]*\d)[A-Za-z0-9-]{4,}")),
    ("number", re.compile(rf"(?<![\d.A-Za-z])\d{{12,}}(?![\d.A-Za-z]|\s*[{HAN}]?/)")),
)
