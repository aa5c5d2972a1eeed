"""The profile's table is whole, a header keeps no identifier, texts lose theirs in every spelling."""

from __future__ import annotations

import struct
from collections import Counter

import pytest
from pydicom import Dataset, Sequence
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from media_pipeline.deid.headers import HeaderCleaner
from media_pipeline.deid.pixels import strip_unused_bits
from media_pipeline.deid.profile import rule_for, rules
from media_pipeline.deid.texts import Identifiers, TextCleaner, age_band
from media_pipeline.deid.uids import keyed_uid

PATIENT = Identifiers(
    names=("李秀兰", "欧阳建国", "Li Xiulan"),
    numbers=("ZY20261103", "510102196803124521"),
    dates=("2026-11-01",),
    places=("青溪县人民医院", "青溪县"),
    phones=("0813-5551234",),
)


def test_the_table_is_whole():
    codes = Counter(rule.code for rule in rules().values())

    assert len(rules()) == 656
    assert codes == {
        "X": 416, "D": 93, "U": 55, "Z": 42, "X/D": 23, "X/Z": 11, "X/Z/D": 8, "Z/D": 6, "X/Z/U*": 2,
    }  # fmt: skip
    assert rule_for(0x0010, 0x0010).action == "empty"
    assert rule_for(0x0009, 0x1001).action == "remove"
    assert rule_for(0x6002, 0x3000).action == "remove"
    assert rule_for(0x0028, 0x0010) is None


def plant(dataset: Dataset) -> None:
    """A name in places the table does not name: unknown attributes, addresses, devices, a string for a number."""
    dataset.add_new(0x00189999, "UN", b"ZHANG SAN")
    dataset.add_new(0x00181234, "CS", "ZHANG_SAN")
    dataset.add_new(0x00181236, "US", 58)
    dataset.add_new(0x0008010E, "UR", "https://archive.example/ZHANG")
    dataset.add_new(0x00741236, "AE", "ZHANG_CT")
    dataset.add_new(0x00280011, "CS", "ZHANG_SAN")


def header() -> Dataset:
    dataset = Dataset()
    dataset.PatientName, dataset.PatientID, dataset.PatientAge = "Li^Xiulan", "ZY20261103", "058Y"
    dataset.StudyInstanceUID, dataset.StudyDate, dataset.StudyTime = "1.2.3", "20261103", "101112"
    dataset.AcquisitionDateTime = "20261103101112.5+0800"
    dataset.StudyDescription = "李秀兰 心脏超声"
    dataset.OperatorsName = "Wang^Wu"
    dataset.add_new(0x00091001, "LO", "李秀兰")
    dataset.add_new(0x60003000, "OW", b"\x01\x02")
    dataset.Rows = 480
    plant(dataset)
    inner = Dataset()
    inner.ReferencedSOPInstanceUID, inner.PatientName = "1.2.4", "Li^Xiulan"
    dataset.ReferencedImageSequence = Sequence([inner])
    region = Dataset()
    region.RegionLocationMinX0 = 7
    plant(region)
    dataset.SequenceOfUltrasoundRegions = Sequence([region])
    return dataset


def cleaned(key: bytes = b"k" * 32) -> Dataset:
    dataset = header()
    HeaderCleaner(key=key, label="T-ABC", offset_days=-100, clean_text=TextCleaner(PATIENT).clean).clean(dataset)
    return dataset


def test_a_header_keeps_no_identifier():
    dataset = cleaned()

    text = str(dataset)
    for identifier in ("Xiulan", "李秀兰", "ZY20261103", "Wang", "20261103", "058Y", "1.2.3", "1.2.4", "ZHANG"):
        assert identifier not in text, identifier
    assert (dataset.PatientName, dataset.PatientAge, dataset.Rows) == ("T-ABC", "", 480)
    assert [element.keyword for element in dataset.SequenceOfUltrasoundRegions[0]] == ["RegionLocationMinX0"]
    assert 0x00181236 not in dataset
    assert dataset.StudyDate == "20260726"
    assert dataset.AcquisitionDateTime == "20260726101112.5+0800"
    assert dataset.StudyDescription == "[姓名] 心脏超声"
    assert dataset.PatientIdentityRemoved == "YES"
    codes = [str(item.CodeValue) for item in dataset.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113105", "113107"]
    assert not [element for element in dataset if element.tag.is_private or element.tag.group == 0x6000]


def test_every_uid_that_the_standard_has_not_registered_is_mapped():
    dataset, inner = Dataset(), Dataset()
    dataset.SOPClassUID = inner.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    dataset.MappingResourceUID, dataset.ContextUID = "1.2.840.10008.8.1.1", "1.2.840.10008.6.1.2"
    dataset.CodingSchemeUID = "2.16.840.1.113883.6.96"
    dataset.StudyInstanceUID, dataset.FrameOfReferenceUID = "1.2.3", "1.2.4"
    dataset.SOPInstanceUIDOfConcatenationSource = "1.2.5"
    dataset.VolumeFrameOfReferenceUID = inner.TargetFrameOfReferenceUID = "1.2.4"
    inner.MultiFrameSourceSOPInstanceUID = "1.2.840.100089.1"
    dataset.RelatedGeneralSOPClassUID = ["1.2.840.10008.5.1.4.1.1.2", "1.2.6"]
    dataset.FrameContentSequence = Sequence([inner])

    key = b"k" * 32
    cleaner = HeaderCleaner(key=key, label="T-000001", offset_days=-40, clean_text=str)
    cleaner.clean(dataset)

    assert (dataset.SOPClassUID, inner.ReferencedSOPClassUID) == ("1.2.840.10008.5.1.4.1.1.2",) * 2
    assert (dataset.MappingResourceUID, dataset.ContextUID) == ("1.2.840.10008.8.1.1", "1.2.840.10008.6.1.2")
    assert dataset.CodingSchemeUID == "2.16.840.1.113883.6.96"
    assert dataset.SOPInstanceUIDOfConcatenationSource == keyed_uid("1.2.5", key)
    assert dataset.FrameOfReferenceUID == dataset.VolumeFrameOfReferenceUID == keyed_uid("1.2.4", key)
    assert inner.TargetFrameOfReferenceUID == keyed_uid("1.2.4", key)
    assert inner.MultiFrameSourceSOPInstanceUID == keyed_uid("1.2.840.100089.1", key)
    assert list(dataset.RelatedGeneralSOPClassUID) == ["1.2.840.10008.5.1.4.1.1.2", keyed_uid("1.2.6", key)]
    assert cleaner.actions["VolumeFrameOfReferenceUID"] == "uid"
    assert "SOPClassUID" not in cleaner.actions


def test_uids_are_keyed():
    assert cleaned().StudyInstanceUID == cleaned().StudyInstanceUID
    assert cleaned().StudyInstanceUID != cleaned(b"j" * 32).StudyInstanceUID


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("患者李 秀 兰，女，62岁", "患者[姓名]，女，六十多岁"),
        ("李女士诉胸闷，老李否认发热", "[姓名]诉胸闷，[姓名]否认发热"),
        ("家属欧阳建国，欧阳先生陪同", "家属[姓名]，[姓名]陪同"),
        ("住院号：ZY20261103，身份证510102196803124521", "住院号：[编号]，身份证[编号]"),
        ("电话 138 1234 5678 或 0813-5551234", "电话 [电话] 或 [电话]"),
        ("2026年11月9日转入青溪县人民医院", "第 9 天转入[地点]"),
        ("11月2日发病，2026-11-12复查", "第 2 天发病，第 12 天复查"),
        ("2019年行手术", "约 7 年前行手术"),
        ("由张主任会诊", "由[医务人员]会诊"),
        ("右肺上叶后段见空洞，约31×27 mm", "右肺上叶后段见空洞，约31×27 mm"),
        ("Xiulan Li, 58-year-old, seen on 3 November 2026", "[name], 50-59-year-old, seen on day 3"),
        ("血压 138/86 mmHg，心率 96 次/分", "血压 138/86 mmHg，心率 96 次/分"),
    ],
)
def test_texts_lose_their_identifiers_and_nothing_else(text, expected):
    assert TextCleaner(PATIENT, [text]).clean(text) == expected


def test_age_bands():
    bands = [age_band(years, is_chinese=True) for years in (3, 12, 25, 58, 60, 89, 90, 103)]

    assert bands == ["不满十岁", "十几岁", "二十多岁", "五十多岁", "六十多岁", "八十多岁", "九十岁以上", "九十岁以上"]


@pytest.mark.parametrize(
    ("signed", "written", "kept"),
    [
        (0, [0x0123, 0xF123, 0x8FFF], [0x0123, 0x0123, 0x0FFF]),
        (1, [0x0123, 0x1123, -1, 0x7800], [0x0123, 0x0123, -1, -2048]),
    ],
)
def test_an_overlay_above_the_stored_bits_goes(signed, written, kept):
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, signed
    form = f"<{len(written)}{'h' if signed else 'H'}"
    dataset.PixelData = struct.pack(form, *written)

    assert strip_unused_bits(dataset) is True
    assert struct.unpack(form, dataset.PixelData) == tuple(kept)
    assert strip_unused_bits(dataset) is False
