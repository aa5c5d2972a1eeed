"""Enhanced CT: rescale, window and geometry of a frame come from its functional groups, not from the header's top."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset, FileDataset, dcmread
from pydicom.data import get_testdata_file

from media_pipeline.dicom.frames import decode, measure_frame, render_frame
from media_pipeline.dicom.header import inspect
from media_pipeline.dicom.reading import read
from media_pipeline.imaging.presets import presets_for

SAMPLE = Path(__file__).parent.parent / "data" / "dicom" / "enhanced_ct" / "eCT_Supplemental.dcm"
LUNG = {"centre": -600.0, "width": 1500.0}


@contextmanager
def descriptor_of(path: Path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@pytest.fixture
def changed(tmp_path) -> Callable[..., Path]:
    """The sample, or another file, with something changed in it."""

    def make(change: Callable[[FileDataset], None], source: Path = SAMPLE) -> Path:
        dataset = dcmread(source)
        change(dataset)
        dataset.save_as(tmp_path / "changed.dcm")
        return tmp_path / "changed.dcm"

    return make


def header_of(path: Path) -> dict:
    with descriptor_of(path) as descriptor:
        return inspect([descriptor], [])[0]


def picture_of(path: Path, frame: int = 1, **look: Any) -> tuple[np.ndarray, np.ndarray]:
    """(Stored values, grey values as shown) of a frame."""
    with descriptor_of(path) as descriptor:
        stored = decode(descriptor, read(descriptor, stop_before_pixels=True), frame)
        blob = render_frame([descriptor], [], frame=frame, kind="png", **look)[1][0]
    return stored, np.asarray(Image.open(io.BytesIO(blob)))


def window_of(path: Path, frame: int) -> dict[str, float] | None:
    with descriptor_of(path) as descriptor:
        return measure_frame([descriptor], [], frame=frame)[0]


def to_hounsfield(dataset: FileDataset) -> None:
    dataset.SharedFunctionalGroupsSequence[0].PixelValueTransformationSequence[0].RescaleType = "HU"


def test_geometry_and_windows_are_those_of_the_functional_groups():
    header = header_of(SAMPLE)
    facts = header["facts"]
    assert (header["frames"], header["position"]) == (2, 159.0)
    assert (facts["spacing"], facts["thickness"]) == ([0.388672, 0.388672], 10.0)
    assert facts["letters"] == {"right": "R", "left": "L", "bottom": "P", "top": "A"}
    assert facts["windows"] == [{"centre": 49.0, "width": 102.0, "name": ""}]
    assert window_of(SAMPLE, 1) == {"centre": 49.0, "width": 102.0}


def test_a_map_of_blood_flow_gets_no_windows_in_hounsfield_units(changed):
    flow, density = header_of(SAMPLE)["facts"], header_of(changed(to_hounsfield))["facts"]
    names = [preset.name for preset in presets_for("CT", "", flow)]
    assert (flow["is_hounsfield"], names) == (False, ["header1"])
    names = [preset.name for preset in presets_for("CT", "", density)]
    assert (density["is_hounsfield"], names) == (True, ["lung", "mediastinum", "bone"])


def test_the_lung_window_shows_values_after_the_frames_own_rescale(changed):
    stored, grey = picture_of(changed(to_hounsfield), **LUNG)
    # PS3.3, C.11.2.1.2.1, on HU = stored - 1024
    expected = np.clip(np.rint(((stored.astype(float) - 1024 + 600.5) / 1499 + 0.5) * 255), 0, 255)
    assert np.array_equal(grey, expected.astype(np.uint8))
    assert grey[stored == 0].tolist() == [55] * int((stored == 0).sum())


def test_each_frame_has_its_own_word_over_the_shared_one(changed):
    def second_is_wide(dataset: FileDataset) -> None:
        own = Dataset()
        own.WindowCenter, own.WindowWidth = 300, 1500
        dataset.PerFrameFunctionalGroupsSequence[1].FrameVOILUTSequence = [own]

    path = changed(second_is_wide)
    assert window_of(path, 1) == {"centre": 49.0, "width": 102.0}
    assert window_of(path, 2) == {"centre": 300.0, "width": 1500.0}


def test_frames_that_face_different_ways_have_no_letters(changed):
    def second_is_sagittal(dataset: FileDataset) -> None:
        own = Dataset()
        own.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
        dataset.PerFrameFunctionalGroupsSequence[1].PlaneOrientationSequence = [own]

    assert header_of(changed(second_is_sagittal))["facts"]["letters"] == {}


@pytest.mark.parametrize("slope", [None, "nan "])
def test_a_plain_ct_without_a_usable_rescale_has_no_ct_presets(changed, slope):
    plain = Path(str(get_testdata_file("CT_small.dcm")))
    assert header_of(plain)["facts"]["is_hounsfield"] is True

    def without(dataset: FileDataset) -> None:
        del dataset.RescaleSlope
        if slope is not None:
            dataset.add_new(0x00281053, "DS", slope)

    path = changed(without, plain)
    facts = header_of(path)["facts"]
    assert (facts["is_hounsfield"], presets_for("CT", "CHEST", facts)) == (False, [])
    _stored, grey = picture_of(path)
    assert (int(grey.min()), int(grey.max())) == (0, 255)
