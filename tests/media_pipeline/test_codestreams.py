"""What compressed frames carry beside the picture goes; the pixels are bit for bit what they were."""

from __future__ import annotations

import io

import jpeg_ls
import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.pixels import pixel_array
from pydicom.uid import (
    JPEG2000,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSLossless,
    JPEGLSNearLossless,
)

from media_pipeline.cage.input import BadInput
from media_pipeline.deid.codestreams import blank_comments, strip_frames, strip_segments

NAME = "张三丰".encode()
GREY = np.random.default_rng(7).integers(0, 256, (40, 56), dtype=np.uint8)
COLOUR = np.random.default_rng(8).integers(0, 256, (40, 56, 3), dtype=np.uint8)


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


SPOKEN = (
    segment(0xFE, b"patient " + NAME)
    + segment(0xE1, b"Exif\x00\x00" + NAME)
    + segment(0xE0, b"JFXX\x00\x10" + NAME)
    + segment(0xED, b"Photoshop 3.0\x00" + NAME)
)


def with_segments(frame: bytes, before_end: bytes = segment(0xFE, NAME)) -> bytes:
    """A name behind the start, before the end and behind the end of the image."""
    assert frame[-2:] == b"\xff\xd9"
    return frame[:2] + SPOKEN + frame[2:-2] + before_end + frame[-2:] + NAME


def saved(values: np.ndarray, kind: str, **options) -> bytes:
    out = io.BytesIO()
    Image.fromarray(values).save(out, kind, **options)
    return out.getvalue()


def dataset_of(syntax, values: np.ndarray, frames: list[bytes], photometric: str = "MONOCHROME2") -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.Rows, dataset.Columns = values.shape[:2]
    dataset.SamplesPerPixel = 3 if values.ndim == 3 else 1
    dataset.PhotometricInterpretation = photometric
    if values.ndim == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation, dataset.NumberOfFrames = 7, 0, len(frames)
    dataset.PixelData = encapsulate(frames)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return dataset


def pixels(dataset: Dataset) -> np.ndarray:
    """The stored values, decoded anew."""
    return pixel_array(dataset, raw=True).copy()


def assert_only_words_go(dataset: Dataset) -> None:
    assert NAME in dataset.PixelData
    before = pixels(dataset)
    frames = dataset.get("NumberOfFrames") or 1
    assert strip_frames(dataset, frames=frames) > 0
    assert NAME not in dataset.PixelData
    assert np.array_equal(pixels(dataset), before)
    content = dataset.PixelData
    assert (strip_frames(dataset, frames=frames), dataset.PixelData == content) == (0, True)


@pytest.mark.parametrize(
    ("syntax", "options"),
    [
        (JPEGBaseline8Bit, {}),
        (JPEGBaseline8Bit, {"restart_marker_blocks": 2}),
        (JPEGExtended12Bit, {"progressive": True}),
    ],
)
def test_grey_jpeg(syntax, options):
    frame = saved(GREY, "jpeg", quality=95, **options)
    dataset = dataset_of(syntax, GREY, [with_segments(frame)] * 3)
    assert_only_words_go(dataset)
    assert list(generate_frames(dataset.PixelData, number_of_frames=3)) == [frame + b"\x00" * (len(frame) % 2)] * 3


def test_colour_of_a_jpeg_is_said_by_adobe_and_a_profile_that_stay():
    # given RGB components, which only Adobe's segment tells from YCbCr
    plain = saved(COLOUR, "jpeg", quality=95, keep_rgb=True, icc_profile=b"a profile")
    adobe = segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x00")
    assert adobe in plain and b"ICC_PROFILE\x00\x01\x01a profile" in plain
    dataset = dataset_of(JPEGBaseline8Bit, COLOUR, [with_segments(plain)], "RGB")
    assert_only_words_go(dataset)
    kept = next(generate_frames(dataset.PixelData, number_of_frames=1))
    assert adobe in kept and b"ICC_PROFILE\x00\x01\x01a profile" in kept
    assert Image.open(io.BytesIO(kept)).tobytes() == Image.open(io.BytesIO(plain)).tobytes()


def test_the_thumbnail_of_a_jfif_header_goes_and_the_header_stays():
    frame = saved(GREY, "jpeg")
    header = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
    pictured = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01" + NAME[:3])
    assert header in frame
    assert strip_segments(frame.replace(header, pictured)) == (frame, 1)
    adobe = segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01")
    longer = segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01" + NAME)
    assert strip_segments(frame[:2] + longer + frame[2:]) == (frame[:2] + adobe + frame[2:], 1)


def test_lossless_jpeg_of_a_scanner(head_slices):
    dataset = dcmread(head_slices[0])
    frame = next(generate_frames(dataset.PixelData, number_of_frames=1)).rstrip(b"\x00")
    told = with_segments(frame)
    dataset.PixelData = encapsulate([told])
    dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = bytes(8), len(told).to_bytes(8, "little")
    assert_only_words_go(dataset)
    assert "ExtendedOffsetTable" not in dataset and "ExtendedOffsetTableLengths" not in dataset


@pytest.mark.parametrize(("syntax", "loss"), [(JPEGLSLossless, 0), (JPEGLSNearLossless, 2)])
@pytest.mark.parametrize("values", [GREY, COLOUR], ids=["grey", "colour"])
def test_jpeg_ls(syntax, loss, values):
    frame = bytes(jpeg_ls.encode_array(values, lossy_error=loss, interleave_mode=2 if values.ndim == 3 else 0))
    told = with_segments(frame, before_end=b"")  # CharLS reads nothing between scan and end
    dataset = dataset_of(syntax, values, [told], "RGB" if values.ndim == 3 else "MONOCHROME2")
    assert_only_words_go(dataset)
    if loss == 0:
        assert np.array_equal(pixels(dataset), values)


def test_what_tells_the_colours_of_jpeg_ls_stays_and_a_directory_goes():
    header = segment(0xE8, b"SPIFF\x00" + bytes(24))
    end = segment(0xE8, b"\x00\x00\x00\x01\xff\xd8")
    title, transform = segment(0xE8, b"\x00\x00\x00\x04" + NAME), segment(0xE8, b"mrfx\x01")
    frame = bytes(jpeg_ls.encode_array(GREY))
    told = frame[:2] + header + title + end + transform + frame[2:]
    assert strip_segments(told) == (frame[:2] + header + end + transform + frame[2:], 1)


def jpeg_2000(values: np.ndarray, **options) -> bytes:
    return saved(values, "jpeg2000", no_jp2=True, **options)


def with_tile_comment(frame: bytes) -> bytes:
    """A comment in the header of the first tile-part, counted in its length."""
    start = frame.index(b"\xff\x90\x00\x0a")
    comment = segment(0x64, b"\x00\x01" + NAME)
    size = int.from_bytes(frame[start + 6 : start + 10], "big") + len(comment)
    head = frame[: start + 6] + size.to_bytes(4, "big") + frame[start + 10 : start + 12]
    return head + comment + frame[start + 12 :]


@pytest.mark.parametrize(
    ("syntax", "options"),
    [
        (JPEG2000Lossless, {"irreversible": False, "tile_size": (16, 16)}),
        (JPEG2000, {"irreversible": True, "quality_layers": [20]}),
    ],
)
@pytest.mark.parametrize("values", [GREY, COLOUR], ids=["grey", "colour"])
def test_jpeg_2000(syntax, options, values):
    frame = with_tile_comment(jpeg_2000(values, comment="patient " + NAME.decode(), **options)) + NAME
    photometric = "MONOCHROME2" if values.ndim == 2 else "YBR_ICT" if syntax == JPEG2000 else "YBR_RCT"
    dataset = dataset_of(syntax, values, [frame] * 2, photometric)
    assert_only_words_go(dataset)
    if syntax == JPEG2000Lossless:
        assert np.array_equal(pixels(dataset)[0], values)


def test_the_boxes_around_a_codestream_fall_silent():
    frame = saved(GREY, "jpeg2000", irreversible=False, comment=NAME.decode())
    box = (8 + len(NAME)).to_bytes(4, "big") + b"xml " + NAME
    start = frame.index(b"jp2c") - 4
    told = frame[:start] + box + frame[start:]
    quiet, found = blank_comments(told)
    assert (found, len(quiet), NAME in quiet) == (2, len(told), False)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(quiet))), GREY)


@pytest.mark.parametrize("frame", [b"", b"\xff\xd8\xff\xfe\x00\x01", b"\xff\xd8\xff\xe1\x40\x00x", b"GIF89a"])
def test_what_is_no_stream_is_refused(frame):
    with pytest.raises(BadInput):
        strip_segments(frame)


@pytest.mark.parametrize(
    "frame", [b"", b"\xff\x4f\xff\x64\x00\x01", b"\xff\x4f\xff\x90\x00\x0a\x00\x00\x00\x00\x40\x00\x00\x01"]
)
def test_what_is_no_codestream_is_refused(frame):
    with pytest.raises(BadInput):
        blank_comments(frame)
