"""Open a DICOM file behind a descriptor, checked. Runs in the cage."""

from __future__ import annotations

import io
import mmap
import os
from typing import Any

from pydicom import FileDataset, dcmread
from pydicom.errors import InvalidDicomError
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from media_pipeline.cage.input import BadInput
from media_pipeline.dicom.structure import check_structure, inflate, read_file_meta

PREAMBLE = 132


def open_checked(descriptor: int) -> io.IOBase:
    """A file object of a sound, inflated DICOM file, at its start. Raises BadInput."""
    size = os.fstat(descriptor).st_size
    if size == 0:
        raise BadInput("empty")
    with mmap.mmap(descriptor, 0, prot=mmap.PROT_READ) as data:
        if size < PREAMBLE or data[128:132] != b"DICM":
            raise BadInput("not_dicom")
        syntax, start = _file_meta(data)
        if syntax == DeflatedExplicitVRLittleEndian:
            return _inflated(data, start)
        check_structure(data, start, syntax)
    file = os.fdopen(os.dup(descriptor), "rb")
    file.seek(0)
    return file


def read(descriptor: int, **options: Any) -> FileDataset:
    """The whole data set, or what `options` of dcmread leave of it. Raises BadInput."""
    with open_checked(descriptor) as file:
        try:
            return dcmread(file, **options)
        except InvalidDicomError as error:
            raise BadInput("not_dicom") from error
        except EOFError as error:
            raise BadInput("truncated") from error


def _file_meta(data: mmap.mmap) -> tuple[UID, int]:
    """(Transfer syntax, where the data set begins). Raises BadInput."""
    name, start = read_file_meta(data, PREAMBLE)
    syntax = UID(name)
    if not syntax.is_valid:
        raise BadInput("unreadable")
    if syntax.is_private or not syntax.is_transfer_syntax:
        raise BadInput("unsupported_compression")
    return syntax, start


def _inflated(data: mmap.mmap, start: int) -> io.BytesIO:
    """The same file as explicit VR little endian."""
    body = inflate(data[start:])
    head = dcmread(io.BytesIO(data[:start]), force=True)
    head.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    out = io.BytesIO()
    head.save_as(out, enforce_file_format=True)
    out.write(body)
    check_structure(out.getvalue(), len(out.getvalue()) - len(body), ExplicitVRLittleEndian)
    out.seek(0)
    return out
