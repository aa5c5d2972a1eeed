"""A twelve-lead ECG on paper: 25 mm/s, 10 mm/mV, three rows of four leads and lead II as the rhythm strip."""

from __future__ import annotations

import numpy as np
from pydicom import Dataset

WIDTH, HEIGHT, MM = 1280, 720, 4.9  # pixels; pixels a millimetre
ROWS = (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6"))
SECONDS = 2.5  # of each lead in the rows above
LEFT, TOP, STEP = 34.0, 118.0, 166.0  # pixels: where the curves begin, the first row's zero line, from row to row


def draw(dataset: Dataset) -> str:
    curves, rate = leads(dataset)
    parts = [paper()]
    for number, row in enumerate(ROWS):
        for place, name in enumerate(row):
            begin = int(place * SECONDS * rate)
            shown = curves[name][begin : begin + int(SECONDS * rate)]
            parts.append(curve(shown, rate, LEFT + place * SECONDS * 25 * MM, TOP + number * STEP, name))
    parts.append(curve(curves["II"][: int(4 * SECONDS * rate)], rate, LEFT, TOP + 3 * STEP, "II"))
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 14}" font-size="20" fill="#4d4841">25 mm/s&#8195;10 mm/mV</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="Noto Sans CJK SC, sans-serif">{"".join(parts)}</svg>'
    )


def leads(dataset: Dataset) -> tuple[dict[str, np.ndarray], float]:
    """Millivolts by lead, and samples a second, of the first group (the original waveform)."""
    group = dataset.WaveformSequence[0]
    samples = dataset.waveform_array(0)  # in each channel's unit: microvolt
    names = [
        channel.ChannelSourceSequence[0].CodeMeaning.replace("Lead ", "").split()[0]
        for channel in group.ChannelDefinitionSequence
    ]
    settled = samples - np.median(samples, axis=0)
    return {name: settled[:, n] / 1000 for n, name in enumerate(names)}, float(group.SamplingFrequency)


def paper() -> str:
    def lines(step: float, colour: str, width: float) -> str:
        across = "".join(f"M{x:.1f} 0V{HEIGHT}" for x in np.arange(0, WIDTH, step))
        down = "".join(f"M0 {y:.1f}H{WIDTH}" for y in np.arange(0, HEIGHT, step))
        return f'<path d="{across}{down}" stroke="{colour}" stroke-width="{width}"/>'

    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fffaf7"/>'
    return ground + lines(MM, "#f6d9cd", 0.7) + lines(5 * MM, "#eab8a5", 1.1)


def curve(millivolts: np.ndarray, rate: float, left: float, zero: float, name: str) -> str:
    points = " ".join(
        f"{left + n / rate * 25 * MM:.1f},{zero - value * 10 * MM:.1f}"
        for n, value in enumerate(millivolts)
        if n % 3 == 0
    )
    line = f'<polyline points="{points}" fill="none" stroke="#1b1917" stroke-width="1.9" stroke-linejoin="round"/>'
    text = f'<text x="{left + 4:.1f}" y="{zero - 58:.1f}" font-size="22" font-weight="600" fill="#1b1917">{name}</text>'
    return line + text
