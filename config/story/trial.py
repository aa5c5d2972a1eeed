"""The first tale on a visitor's own images: nobody of the house has looked at them, so it says nothing of them.

Who asks, who learns and the patient's identifiers stay those of the first tale. Every text says that it is a trial; of
the images it knows the kind, by the header's code, and how many there are. What is asked in the course is true of the
house, whatever the images show: PS3.15 for the identifiers in headers and pixels, ADR 0014 and 0015 for who sees what.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils import translation

from config.story.own import Own
from config.story.questions import Multiple, Numeric, Ordering, Single
from config.story.tales import BREATHLESS, ImagingReport, Tale
from media_pipeline.words import MODALITIES

UNSEEN = "试用文字：影像由使用者自带，没有人看过，这里不写任何影像所见。"
NO_ADVICE = "试用文字：不作诊断，也不作诊疗建议。"


CASE_QUESTION = Single(
    "关于这份试用病例的影像，哪一句是对的？",
    "试用病例的文字是预先写好的，写的时候没有人看过影像。",
    ("文字没有描述影像", "影像未见异常", "影像有异常", "影像已由专家诊断"),
    0,
)

QUESTIONS = (
    Single(
        "影像用于教学之前，首先要有什么？",
        "用于教学的同意与用于诊疗的同意分开签署。没有患者的同意，影像只用于诊疗。",
        ("患者对教学使用的同意", "一段教学视频", "一张课程证书", "学员的学分"),
        0,
    ),
    Multiple(
        "下面哪些内容能认出患者？",
        "姓名、证件号码和画面上烧录的姓名都能认出患者。影像的种类本身认不出是谁。",
        ("影像头信息里的姓名", "文字里的证件号码", "画面上烧录的姓名", "影像的种类"),
        (0, 1, 2),
    ),
    Numeric(
        "一份教学影像要由几名脱敏员分别确认？",
        "影像一旦公开就无法让看过的人忘记，所以公开前由两名脱敏员分别确认。",
        2,
        "名",
    ),
    Ordering(
        "从会诊到课程，按先后给下面几步编号。",
        "有了同意才脱敏，两人确认以后才编写病例，病例通过评审才放进课程。",
        ("患者同意用于教学", "影像和文字脱敏，由两人确认", "编写病例并通过评审", "把病例放进课程"),
    ),
)


def kind_words(code: str) -> str:
    """A kind of images in the words that the story's people read; 影像 for a code that the house has none for."""
    with translation.override("zh-hans"):
        return str(MODALITIES.get(code, "影像"))


def tale_for(own: Own) -> Tale:
    """The first tale without a word on what the images show."""
    kinds = "、".join(dict.fromkeys(kind_words(code) for code in own.modalities)) or "影像"
    about = f"自带影像（{kinds}），共 {own.pictures} 幅。"
    return replace(
        _learnt(_consulted(BREATHLESS, about), kinds, about),
        key="own",
        modality="\\".join(own.modalities),
        specialty="radiology",
        video_title=f"试用：自带影像（{kinds}）动态浏览",
        approval="试用文字：流程走通，未评价影像。",
        objection="试用文字：请在小结里写明这是试用，未评价影像。",
        feedback="试用，未据此诊疗。",
    )


def _consulted(tale: Tale, about: str) -> Tale:
    """The record, the opinion and the report. The name and the township stand in it as they would in a real one."""
    name = tale.patient_name
    return replace(
        tale,
        question=f"试用：{about}请按流程答复，不作诊断。",
        complaint="试用：用使用者自带的影像走一遍会诊流程。",
        present_history=f"{name}是演示用的虚构患者，登记住址在{tale.township}。自带影像与这位患者无关。"
        "生命体征和化验为演示数值，与影像无关。",
        past_history="试用文字：未采集既往史。",
        medication="试用文字：未采集用药史。",
        examination="试用文字：未作体格检查。",
        findings=f"{about}{UNSEEN}",
        impression=f"{NO_ADVICE}{UNSEEN}",
        recommendation=NO_ADVICE,
        report=ImagingReport(
            examination=f"试用：{about}",
            technique=f"试用文字：{about}检查方法未记录。",
            findings=UNSEEN,
            impression=NO_ADVICE,
        ),
        reason=f"试用：{name}这一例只用来走一遍流程，影像由使用者自带。",
        reason_released="试用：[姓名]这一例只用来走一遍流程，影像由使用者自带。",
    )


def _learnt(tale: Tale, kinds: str, about: str) -> Tale:
    """The teaching case and the course."""
    return replace(
        tale,
        case_title=f"试用病例：自带影像（{kinds}）",
        case_summary=f"演示用的虚构患者。{about}{UNSEEN}",
        case_objectives="走一遍从会诊到教学病例的流程\n知道影像在用于教学之前要经过哪些步骤",
        case_references="DICOM PS3.15: Security and System Management Profiles. https://www.dicomstandard.org/current",
        caption=f"{about}{UNSEEN}",
        case_question=CASE_QUESTION,
        points="1. 这是试用病例，文字不描述影像。\n2. 影像用于教学之前，要有同意书，并由两人核对。\n3. 患者撤回同意，教学病例随之撤下。",
        course_code="OWN-TRIAL",
        course_subject="imaging",
        course_level="basic",
        question_pool="试用流程",
        course_title=f"试用课程：自带影像（{kinds}）走一遍流程",
        course_summary="用使用者自带的影像走一遍流程。课程只讲影像怎样用于教学，不讲影像里有什么。",
        course_objectives="说出影像用于教学之前的步骤\n分清哪些内容能认出患者",
        unit_title="影像怎样用于教学",
        unit_text="影像用于教学之前，先要有患者的同意。\n\n姓名、号码和日期要从影像的头信息和文字里去掉；"
        "画面上烧录的文字由人来遮盖。\n\n两名脱敏员各自看过每一幅画面和每一段文字，都确认以后，教学病例才能使用。",
        questions=QUESTIONS,
    )
