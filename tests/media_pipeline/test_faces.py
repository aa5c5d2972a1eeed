"""A volume that may show a face is recognised by what its header says, in English and Chinese."""

from __future__ import annotations

import pytest

from media_pipeline.release.faces import may_show_face


@pytest.mark.parametrize(
    "body_part",
    ["", "HEAD", "HEAD AND NECK", "HEAD_NECK", "头颅", "颅脑", "INTRACRANIAL", "JAW", "MAXILLA", "TMJ", "CSPINE",
     "颈椎", "C-SPINE", "PITUITARY", "鞍区", "垂体", "ORBITS", "PARANASAL SINUSES", "颌面部", "颞骨",
     "WHOLEBODY", "SPINE", "未知"],
)  # fmt: skip
def test_a_head_volume_may_show_a_face(body_part):
    assert may_show_face({"modality": "CT", "body_part": body_part})


@pytest.mark.parametrize("description", ["3D MPRAGE", "Head_CTA", "颅脑平扫", "TMJ closed", "颌面部 CT", "IAC T2"])
def test_a_description_of_the_head_decides_against_the_body_part(description):
    assert may_show_face({"modality": "MR", "body_part": "CHEST", "series_description": description})
    assert may_show_face({"modality": "MR", "body_part": "CHEST", "study_description": description})


@pytest.mark.parametrize(
    ("body_part", "description"),
    [("CHEST", "Thorax 1.0 coronal"), ("胸部", "冠状面 MPR"), ("HIP", "femoral head necrosis"), ("髋关节", "股骨头"),
     ("PELVIS", "宫颈 T2"), ("ABDOMEN", "胰头 surface coil"), ("T SPINE", "sagittal"), ("Knee", "cardiac iliac")],
)  # fmt: skip
def test_other_parts_do_not(body_part, description):
    assert not may_show_face({"modality": "MR", "body_part": body_part, "series_description": description})


def test_only_volumes_can():
    assert not may_show_face({"modality": "US", "body_part": "HEAD"})
