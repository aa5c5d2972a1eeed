"""Make the pictures of the seeded courses again: cms/seed/pictures/*.webp.

Two are real (an apical four-chamber echo frame from tests/data, the twelve-lead ECG of pydicom's own sample files), the
others are drawn here. Nothing in a drawing goes beyond the text that it stands beside. Needs Debian's Chromium.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.pixels import pixel_array

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.pictures import drawings, ecg  # noqa: E402 (after the path)

OUT = ROOT / "cms" / "seed" / "pictures"
SIZE = (1280, 720)
ECHO = ROOT / "tests" / "data" / "dicom" / "us_cine" / "color3d_jpeg_baseline.dcm"
SECTOR = (80, 30, 570, 403)  # left, top, right, bottom: without the machine's texts and the patient's name


def main() -> None:
    OUT.mkdir(exist_ok=True)
    for name, svg in {"ecg": ecg.draw(dcmread(str(get_testdata_file("waveform_ecg.dcm")))), **drawings.ALL}.items():
        save(name, rendered(svg))
    save("echo", echo())


def echo() -> Image.Image:
    frame = Image.fromarray(pixel_array(dcmread(ECHO), index=10))
    left, top, right, bottom = SECTOR
    height = SIZE[1]
    width = round((right - left) * height / (bottom - top))
    sheet = Image.new("RGB", SIZE)
    sheet.paste(frame.crop(SECTOR).resize((width, height), Image.Resampling.LANCZOS), ((SIZE[0] - width) // 2, 0))
    return sheet


def rendered(svg: str) -> Image.Image:
    from tests.journeys.chromium import chromium_path

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.set_content(f'<body style="margin:0">{svg}</body>')
        shot = page.screenshot()
        browser.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")


def save(name: str, image: Image.Image) -> None:
    image.save(OUT / f"{name}.webp", quality=82, method=6)
    print(f"{name}.webp {(OUT / f'{name}.webp').stat().st_size} bytes")


if __name__ == "__main__":
    main()
