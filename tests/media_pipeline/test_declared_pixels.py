"""An object leaves with the frames its header declares: what officers could not see is not there any more."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pydicom import Dataset, FileDataset, Sequence, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import (
    MPEG4HP41,
    UID,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    RLELossless,
    SecondaryCaptureImageStorage,
)

from core.jobs.models import Job
from media_pipeline import api, stores
from media_pipeline.access.objects import opened_teaching
from media_pipeline.cage.input import BadInput
from media_pipeline.contracts import PatientIdentifiers
from media_pipeline.deid.caged import clean_header, finish_object
from media_pipeline.deid.codestreams import blank_comments, packed_length, strip_segments
from media_pipeline.deid.declared import keep_declared
from media_pipeline.models import IdentifiedStudy, TeachingInstance, TeachingRelease
from tests.factories.signing_in import sign_in
from tests.media_pipeline.test_codestreams import GREY, jpeg_2000, saved, segment
from tests.media_pipeline.test_release_line import confirm_all

SECRET = b"LI^XIULAN 510102196803124521"
PICTURE = np.random.default_rng(3).integers(0, 256, (16, 16), dtype=np.uint8)


def capture(pixels: bytes, *, frames: int = 1, bits: int = 8, syntax=ExplicitVRLittleEndian, **more) -> FileDataset:
    """A secondary capture of 16 x 16 pixels."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = syntax, SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = UID("1.2.3.4.1")
    dataset = FileDataset("capture.dcm", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID, dataset.SOPInstanceUID = SecondaryCaptureImageStorage, UID("1.2.3.4.1")
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.3.4.2", "1.2.3.4.3"
    dataset.Modality, dataset.PatientID, dataset.PatientName = "OT", "P1", "LI^XIULAN"
    dataset.Rows = dataset.Columns = 16
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PixelRepresentation = 1, "MONOCHROME2", 0
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    if frames > 1:
        dataset.NumberOfFrames = frames
    dataset.PixelData = pixels
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = syntax.is_compressed
    for keyword, value in more.items():
        setattr(dataset, keyword, value)
    return dataset


def written(dataset: FileDataset, path: Path) -> Path:
    dataset.save_as(path, enforce_file_format=True)
    return path


def leaves(dataset: FileDataset, folder: Path) -> tuple[Dataset, bytes]:
    """The object, and the bytes of the file, as they come out of cleaning and finishing."""
    names = [written(dataset, folder / "in.dcm"), folder / "clean.dcm", folder / "out.dcm"]
    files = [os.open(name, os.O_RDWR | os.O_CREAT) for name in names]
    case = {"is_chinese": True, "first_day": ""}
    clean_header(files[:2], [], key="00" * 32, label="T-1", offset_days=-40, identifiers={}, case=case)
    finish_object(files[1:], [], boxes=[], is_defaced=False, strikes=[])
    for file in files:
        os.close(file)
    return dcmread(names[2]), names[2].read_bytes()


def jpeg(values: np.ndarray = PICTURE) -> bytes:
    return saved(values, "jpeg", quality=95)


def rle(values: np.ndarray = PICTURE) -> bytes:
    """One plane as runs of one literal row each (PS3.5, G.3)."""
    plane = b"".join(bytes([15]) + row.tobytes() for row in values)
    return (1).to_bytes(4, "little") + (64).to_bytes(4, "little") + bytes(56) + plane


def test_nobody_named_behind_the_frame_leaves_through_a_release(place, tmp_path, now, run_jobs):
    # given a plain object of one frame with a name behind it, which no viewer shows
    path = written(capture(PICTURE.tobytes() + SECRET), tmp_path / "one.dcm")
    api.store_instances(
        actor=place.actor(place.requester), organisation_id=place.county.pk, source="form", files=[path], now=now
    )
    run_jobs()

    # when it is de-identified, confirmed by two officers and opened
    release_id = api.start_release(
        study_ids=[IdentifiedStudy.unscoped.get().pk],
        texts={},
        identifiers=PatientIdentifiers(),
        organisation_id=place.province.pk,
        now=now,
    )
    run_jobs()
    release = TeachingRelease.objects.get(pk=release_id)
    with stores.opened(stores.identified(), release.candidates.get().path) as candidate:
        assert SECRET not in candidate.read()
    assert release.run.report["frame_comments"] == 1
    confirm_all(place, place.officer, release, now)
    confirm_all(place, place.officer2, release, now)
    run_jobs()

    # then the picture is what it was, and nothing stands behind it
    with opened_teaching(TeachingInstance.objects.get(), release) as file:
        content = file.read()
    assert SECRET not in content
    assert dcmread(io.BytesIO(content)).PixelData == PICTURE.tobytes()


def test_a_release_of_an_object_that_lost_pixels_says_so(place, tmp_path, now, run_jobs):
    path = written(capture(PICTURE.tobytes()[:-16], frames=1), tmp_path / "short.dcm")
    api.store_instances(
        actor=place.actor(place.requester), organisation_id=place.county.pk, source="form", files=[path], now=now
    )
    run_jobs()
    release_id = api.start_release(
        study_ids=[IdentifiedStudy.unscoped.get().pk],
        texts={},
        identifiers=PatientIdentifiers(),
        organisation_id=place.province.pk,
        now=now,
    )
    Job.objects.filter(name="media_pipeline.deidentify").update(max_attempts=1)
    run_jobs()

    release = TeachingRelease.objects.get(pk=release_id)
    assert (release.state, release.candidates.count()) == ("preparing", 0)
    page = sign_in(Client(), place.officer).get(reverse("media_pipeline:deid_release", args=[release_id]))
    assert "其中一幅影像的像素少于其文件头所述。" in page.content.decode()


@pytest.mark.parametrize("behind", [SECRET, SECRET + b"!", b"\0\0" + SECRET], ids=["even", "odd", "zeros first"])
@pytest.mark.parametrize("frames", [1, 3])
def test_plain_pixels_end_with_the_last_declared_frame(tmp_path, behind, frames):
    values = PICTURE.tobytes() * frames
    out, content = leaves(capture(values + behind, frames=frames), tmp_path)

    assert SECRET not in content
    assert out.PixelData == values


def test_the_byte_that_makes_a_length_even_is_zero(tmp_path):
    values = PICTURE.tobytes()[:225]
    out, _content = leaves(capture(values + b"L", Rows=15, Columns=15), tmp_path)

    assert out.PixelData == values + b"\0"


def test_bits_behind_the_last_one_bit_pixel_are_zero():
    dataset = capture(bytes([0xFF] * 2) + SECRET, bits=1, Rows=3, Columns=3)

    assert keep_declared(dataset) == 1
    assert dataset.PixelData == b"\xff\x01"
    assert keep_declared(dataset) == 0


def test_two_of_three_samples_are_stored_of_422():
    dataset = capture(bytes(512) + SECRET, SamplesPerPixel=3, PhotometricInterpretation="YBR_FULL_422")

    assert keep_declared(dataset) == 1
    assert dataset.PixelData == bytes(512)


@pytest.mark.parametrize("frames", [1, 2])
def test_fewer_values_than_declared_are_refused(frames):
    with pytest.raises(BadInput, match="fewer_pixels"):
        keep_declared(capture(PICTURE.tobytes()[:-1] * frames, frames=frames))


def test_no_size_is_no_picture():
    with pytest.raises(BadInput, match="no_pixels"):
        keep_declared(capture(SECRET, Rows=0))


@pytest.mark.parametrize("has_table", [True, False], ids=["table", "no table"])
@pytest.mark.parametrize("frames", [1, 2])
def test_undeclared_compressed_frames_go(tmp_path, has_table, frames):
    # given frames that the header does not count, one of them readable
    kept = [jpeg(), jpeg(PICTURE.T)][:frames]
    shown = Image.fromarray(np.flipud(PICTURE))
    out = io.BytesIO()
    shown.save(out, "jpeg", comment=SECRET)
    hidden = [out.getvalue(), SECRET]
    dataset = capture(encapsulate([*kept, *hidden], has_bot=has_table), frames=frames, syntax=JPEGBaseline8Bit)

    after, content = leaves(dataset, tmp_path)

    assert SECRET not in content
    assert list(generate_frames(after.PixelData)) == [frame + b"\0" * (len(frame) % 2) for frame in kept]
    assert int(after.get("NumberOfFrames") or 1) == frames


def test_an_extended_offset_table_is_used_and_goes(tmp_path):
    frames = [jpeg(), jpeg(PICTURE.T)]
    offsets = (0).to_bytes(8, "little") + (8 + len(frames[0]) + len(frames[0]) % 2).to_bytes(8, "little")
    lengths = b"".join(len(frame).to_bytes(8, "little") for frame in frames)
    data = encapsulate([*frames, SECRET], has_bot=False)
    dataset = capture(
        data,
        frames=2,
        syntax=JPEGBaseline8Bit,
        ExtendedOffsetTable=offsets,
        ExtendedOffsetTableLengths=lengths,
    )

    after, content = leaves(dataset, tmp_path)

    assert SECRET not in content
    assert "ExtendedOffsetTable" not in after and "ExtendedOffsetTableLengths" not in after
    assert [frame[: len(was)] for frame, was in zip(generate_frames(after.PixelData), frames, strict=True)] == frames


def test_fewer_compressed_frames_than_declared_are_refused():
    dataset = capture(encapsulate([jpeg(), jpeg()]), frames=3, syntax=JPEGBaseline8Bit)
    with pytest.raises(BadInput, match="fewer_pixels"):
        keep_declared(dataset)


def test_frames_that_cannot_be_told_apart_are_refused():
    with pytest.raises(BadInput, match="unsupported_compression"):
        keep_declared(capture(encapsulate([SECRET]), syntax=MPEG4HP41))


def test_a_packed_frame_ends_where_its_pixels_do(tmp_path):
    told = rle() + SECRET
    dataset = capture(encapsulate([told, told]), frames=2, syntax=RLELossless)

    after, content = leaves(dataset, tmp_path)

    assert SECRET not in content
    assert list(generate_frames(after.PixelData)) == [rle()] * 2
    assert np.array_equal(after.pixel_array, np.stack([PICTURE, PICTURE]))


def test_a_packed_plane_is_walked_by_its_runs():
    # two literals, a run of five, nothing, one literal
    plane = bytes([1, 7, 8, 252, 9, 128, 0, 3]) + SECRET
    assert packed_length(plane, 8) == 8
    with pytest.raises(BadInput, match="fewer_pixels"):
        packed_length(plane[:7], 8)


def test_pictures_in_sequences_and_floating_ones_go(tmp_path):
    item = Dataset()
    item.PixelData = SECRET
    item["PixelData"].VR = "OB"
    outer = Dataset()
    outer.PixelMeasuresSequence = Sequence([item])
    dataset = capture(PICTURE.tobytes(), SharedFunctionalGroupsSequence=Sequence([outer]))
    dataset.DoubleFloatPixelData = SECRET + bytes(4)

    _after, content = leaves(dataset, tmp_path)

    assert SECRET not in content


def test_reserved_segments_of_a_jpeg_go():
    frame = jpeg()
    assert strip_segments(frame[:2] + segment(0xF0, SECRET) + frame[2:]) == (frame, 1)


def test_what_stands_behind_the_last_tile_or_in_an_unknown_box_goes():
    stream = jpeg_2000(GREY, irreversible=False)
    end = stream[-2:]
    assert end == b"\xff\xd9"
    silent, _comments = blank_comments(stream)
    kept, _found = blank_comments(stream[:-2] + SECRET + end)
    assert kept == silent[:-2]
    boxed = saved(GREY, "jpeg2000", irreversible=False)
    free = (8 + len(SECRET)).to_bytes(4, "big") + b"free" + SECRET
    start = boxed.index(b"jp2c") - 4
    quiet, _found = blank_comments(boxed[:start] + free + boxed[start:] + b"LI^XIU")
    assert b"LI^XIU" not in quiet
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(quiet))), GREY)
