"""Make tests/data/dicom/mr_t1 from the public defaced T1 volume: every fourth slice, JPEG Lossless (process 14, SV1).

    .venv/bin/python -m bench.make_mr_sample SOURCE_FOLDER tests/data/dicom/mr_t1

The source is github.com/datalad/example-dicom-structural (PDDL 1.0), slices 112 to 271. Pixels are unchanged: each file
is decoded again after writing and compared. Run once; the result is committed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import gdcm
import numpy as np
from pydicom import dcmread

STEP = 4
SLICES = 40


def compress(source: Path, target: Path) -> None:
    """Write `source` to `target` as JPEG Lossless. Raises RuntimeError when a pixel would change."""
    dataset = dcmread(source)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.dcm"
        dataset.save_as(plain)
        reader = gdcm.ImageReader()
        reader.SetFileName(str(plain))
        if not reader.Read():
            raise RuntimeError(f"{source} cannot be read")
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEGLosslessProcess14_1))
        change.SetInput(reader.GetImage())
        if not change.Change():
            raise RuntimeError(f"{source} cannot be compressed")
        writer = gdcm.ImageWriter()
        writer.SetFileName(str(target))
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        if not writer.Write():
            raise RuntimeError(f"{target} cannot be written")
    if not np.array_equal(dataset.pixel_array, dcmread(target).pixel_array):
        raise RuntimeError(f"{target} differs from {source}")


def main(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.dcm"))[::STEP][:SLICES]:
        compress(path, target / path.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
