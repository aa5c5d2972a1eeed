"""What only a header knows leaves the texts too; what a person may have typed into a header leaves the header."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import Dataset, Sequence, dcmread

from media_pipeline import api
from media_pipeline.contracts import PatientIdentifiers
from media_pipeline.deid.headers import HeaderCleaner, descriptors_of
from media_pipeline.deid.known import identifiers_in
from media_pipeline.deid.texts import Identifiers, TextCleaner
from media_pipeline.models import IdentifiedStudy, TeachingRelease
from media_pipeline.release import sealing
from media_pipeline.release.texts import reading_of

TEXT = "患者Zhang Weiguo，门诊卡X8812345，澄川影像中心摄片，技师孟凡星操作，设备CT7F02，由Gu Yun阅，旧号HIS-77881。"


def known_header() -> Dataset:
    dataset = Dataset()
    dataset.PatientName, dataset.PatientID = "ZHANG^WEIGUO=张卫国", "X8812345"
    dataset.OtherPatientIDs = ["HIS-77881", "12"]
    dataset.InstitutionName, dataset.StationName = "澄川影像中心", "CT7F02"
    dataset.OperatorsName, dataset.PerformingPhysicianName = "孟凡星", "Gu^Yun"
    dataset.PatientTelephoneNumbers = "0851-5551234"
    other = Dataset()
    other.PatientID, other.RequestingPhysician = "HIS-99", "CT"
    dataset.OtherPatientIDsSequence = Sequence([other])
    return dataset


def test_a_header_says_whom_it_knows():
    assert identifiers_in(known_header()) == {
        "names": ["Gu^Yun", "ZHANG^WEIGUO", "孟凡星", "张卫国"],
        "numbers": ["CT7F02", "HIS-77881", "HIS-99", "X8812345"],
        "places": ["澄川影像中心"],
        "phones": ["0851-5551234"],
    }


@pytest.mark.parametrize("name", ["ANONYMOUS", "Operator", "^^", "MR", "Unknown^Patient"])
def test_what_a_console_writes_for_nobody_is_no_name(name):
    dataset = Dataset()
    dataset.OperatorsName = name

    assert identifiers_in(dataset)["names"] == []


def test_texts_lose_what_only_the_headers_know(place, head_slices, tmp_path: Path, now, run_jobs):
    paths = []
    for number, source in enumerate(head_slices[:2]):
        dataset = dcmread(source)
        if number:  # the second object alone knows all but the patient
            dataset.update(known_header())
        dataset.PatientName, dataset.PatientID = "ZHANG^WEIGUO", "X8812345"
        dataset.SpecificCharacterSet = "ISO_IR 192"
        dataset.PatientComments = "邻居孟大海送来"
        dataset.save_as(tmp_path / source.name)
        paths.append(tmp_path / source.name)
    api.store_instances(
        actor=place.actor(place.requester), organisation_id=place.county.pk, source="form", files=paths, now=now
    )
    run_jobs()
    release_id = api.start_release(
        study_ids=[IdentifiedStudy.unscoped.get().pk],
        texts={"history": TEXT},
        identifiers=PatientIdentifiers(names=("张卫国",)),
        organisation_id=place.province.pk,
        now=now,
    )
    run_jobs()

    release = TeachingRelease.objects.get(pk=release_id)
    assert sealing.open_texts(release) == {
        "history": "患者[姓名]，门诊卡[编号]，[地点]摄片，技师[姓名]操作，设备[编号]，由[姓名]阅，旧号[编号]。"
    }
    headers = reading_of(release).headers
    assert "SeriesDescription" in headers
    assert "PatientComments" not in headers
    assert "孟大海" not in str(headers)


TYPED = {
    "PatientComments": "王秀英送来",
    "AdditionalPatientHistory": "王秀英之夫",
    "ImageComments": "王秀英",
    "VisitComments": "王秀英",
    "StudyComments": "王秀英",
    "Occupation": "青溪县第一小学校长",
    "ReasonForVisit": "王秀英",
    "PatientBirthDateInAlternativeCalendar": "昭和32年2月3日",
    "PatientAlternativeCalendar": "JAPANESE",
    "DerivationDescription": "by Wang Xiuying",
    "AcquisitionComments": "王秀英",
    "Allergies": "王秀英",
    "TextComments": "王秀英",  # LT, not in the table
    "ErrorComment": "王秀英",  # LO, not in the table
    "ReceiveCoilName": "王秀英病房",
    "ManufacturerModelName": "王秀英捐赠",
    "TransmitCoilName": "王秀英",
    "PlateType": "王秀英",  # SH, not in the table
    "PositionReferenceIndicator": "王秀英",
    "ConvolutionKernel": "王秀英",
    "Laterality": "王秀英",
    "ScanOptions": ["Zhang san", "WEIGUO ZHANG"],
    "Modality": "Zhang's",
    "AnatomicalOrientationType": "QINGXI_COUNTY_PEOPLES",
    "BodyPartExamined": "ZHANGWEIGUO",
}


@pytest.mark.parametrize("keyword", TYPED)
def test_what_a_person_typed_leaves_the_header(keyword):
    dataset = Dataset()
    setattr(dataset, keyword, TYPED[keyword])
    text = TextCleaner(Identifiers(names=("张卫国", "王秀英")))

    HeaderCleaner(key=b"k" * 32, label="T-1", offset_days=-40, clean_text=text.clean).clean_nested(dataset)

    assert "王秀英" not in str(dataset)
    assert "ZHANG" not in str(dataset)
    assert "昭和" not in str(dataset)
    assert dataset.get(keyword) in {None, "", "REMOVED", "[姓名]"}


#: Nothing in them names somebody the release knows: they go, or stay, for what they are.
UNKNOWN = {
    "ReceiveCoilName": ("三病区老李", "REMOVED"),
    "TransmitCoilName": ("Ward 7", "REMOVED"),
    "ManufacturerModelName": ("Qingxi One", "REMOVED"),
    "Manufacturer": ("", ""),
    "SoftwareVersions": (["5.2", "Lin"], "REMOVED"),
    "PositionReferenceIndicator": ("OM", None),
    "WindowCenterWidthExplanation": ("for Lin", None),
    "ViewName": ("Lin", None),
    "ConvolutionKernel": ("B30f", "B30f"),
    "SequenceName": ("*tfl3d1_ns", "*tfl3d1_ns"),
    "RescaleType": ("HU", "HU"),
    "ScanOptions": (["FAST", "SP1"], ["FAST", "SP1"]),
    "PatientOrientation": (["L", "foot"], None),
    "Laterality": ("left", None),
    "PatientPosition": ("HFS", "HFS"),
    "AnatomicalOrientationType": ("BIPED BUT VERY LONG", None),
    "Modality": ("MR", "MR"),
    "BodyPartExamined": ("胸部", "胸部"),
}


@pytest.mark.parametrize("keyword", UNKNOWN)
def test_what_the_table_does_not_name_stays_when_a_machine_wrote_it(keyword):
    written, kept = UNKNOWN[keyword]
    dataset = Dataset()
    setattr(dataset, keyword, written)

    cleaner = HeaderCleaner(key=b"k" * 32, label="T-1", offset_days=-40, clean_text=lambda text: text)
    cleaner.clean_nested(dataset)

    assert dataset.get(keyword) == kept
    shown = [kept] if keyword in {"ConvolutionKernel", "SequenceName", "RescaleType", "BodyPartExamined"} else []
    assert descriptors_of(dataset) == ({keyword: shown} if shown else {})


@pytest.mark.parametrize(
    ("keyword", "written", "kept"),
    [
        ("ScanOptions", ["FAST", "Zhang san", "SP1"], ["FAST", "SP1"]),
        ("ScanOptions", ["FAST", "ZHANG WEIGUO"], "FAST"),
        ("ScanOptions", "Zhang san", None),
        ("PatientOrientation", ["L", "F"], ["L", "F"]),
        ("PatientOrientation", ["L", "ZHANG WEIGUO"], None),
        ("ImageType", ["ORIGINAL", "PRIMARY", "AXIAL"], ["ORIGINAL", "PRIMARY", "AXIAL"]),
        ("ImageType", ["ORIGINAL", "PRIMARY", "m_ffe", "M", "FFE"], ["ORIGINAL", "PRIMARY", "M", "FFE"]),
        ("ImageType", ["DERIVED", "SECONDARY", "ZHANG WEIGUO"], ["DERIVED", "SECONDARY"]),
        ("ImageType", ["ZHANG WEIGUO", "PRIMARY"], ["DERIVED", "PRIMARY"]),
        ("ImageType", ["ORIGINAL", "zhang"], ["ORIGINAL", "SECONDARY"]),
        ("ImageType", ["SCREEN", "SAVE", "MIP"], ["DERIVED", "SECONDARY", "MIP"]),
        ("ImageType", "AXIAL", ["DERIVED", "SECONDARY"]),
        ("ImageType", ["MIXED", "PRIMARY", "VOLUME", "NONE"], ["MIXED", "PRIMARY", "VOLUME", "NONE"]),
        ("ImageType", "", ""),
        ("FrameType", ["ORIGINAL", "PRIMARY", "Zhang's", "NONE"], ["ORIGINAL", "PRIMARY", "NONE"]),
    ],
)
def test_of_several_codes_only_those_go_that_are_none(keyword, written, kept):
    dataset = Dataset()
    setattr(dataset, keyword, written)
    text = TextCleaner(Identifiers(names=("张卫国",)))

    HeaderCleaner(key=b"k" * 32, label="T-1", offset_days=-40, clean_text=text.clean).clean_nested(dataset)

    assert dataset.get(keyword) == kept


def test_descriptors_of_study_series_protocol_and_body_part_stay_and_are_shown():
    dataset = Dataset()
    dataset.StudyDescription, dataset.SeriesDescription = "张卫国 胸部CT", "Chest 1.25mm"
    dataset.ProtocolName, dataset.BodyPartExamined = "Thorax routine", "CHEST"
    dataset.AcquisitionProtocolDescription = "王医生用 thin"
    dataset.PatientID = "T-1"
    text = TextCleaner(Identifiers(names=("张卫国",)))

    HeaderCleaner(key=b"k" * 32, label="T-1", offset_days=-40, clean_text=text.clean).clean_nested(dataset)

    assert descriptors_of(dataset) == {
        "AcquisitionProtocolDescription": ["[医务人员]用 thin"],
        "BodyPartExamined": ["CHEST"],
        "ProtocolName": ["Thorax routine"],
        "SeriesDescription": ["Chest 1.25mm"],
        "StudyDescription": ["[姓名] 胸部CT"],
    }
