"""The drawn pictures: few, large words, so that they can be read on a phone. Colours are those of the design tokens."""

from __future__ import annotations

INK, QUIET, LINE = "#1b1917", "#4d4841", "#d3ccc1"
GREEN, GREEN_SOFT, APRICOT, APRICOT_SOFT = "#1f6f5c", "#e3f0eb", "#a44f17", "#fbe9dc"
ROUND = 'stroke-linecap="round"'
FONT = "'Noto Sans CJK SC', sans-serif"


def words(
    x: float, y: float, text: str, size: int = 46, fill: str = INK, weight: int = 500, anchor: str = "middle"
) -> str:
    look = f'font-size="{size}" fill="{fill}" font-weight="{weight}" text-anchor="{anchor}"'
    return f'<text x="{x}" y="{y}" {look}>{text}</text>'


def box(x: float, y: float, width: float, height: float, fill: str, stroke: str = "none") -> str:
    look = f'rx="14" fill="{fill}" stroke="{stroke}" stroke-width="3"'
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" {look}/>'


def sheet(*parts: str) -> str:
    ground = '<rect width="1280" height="720" fill="#faf8f5"/>'
    size = 'xmlns="http://www.w3.org/2000/svg" width="1280" height="720"'
    return f'<svg {size} font-family="{FONT}">{ground}{"".join(parts)}</svg>'


def profiles() -> str:
    """Acute heart failure by congestion and perfusion: four profiles."""
    parts = [words(500, 84, "干（无淤血）"), words(980, 84, "湿（淤血）"), words(130, 256, "暖"), words(130, 532, "冷")]
    parts += [words(130, 312, "灌注好", 36, QUIET, 400), words(130, 588, "灌注差", 36, QUIET, 400)]
    cells = (
        (270, 120, "干暖", "", "#ffffff", LINE, INK),
        (750, 120, "湿暖", "最常见", GREEN_SOFT, GREEN, GREEN),
        (270, 396, "干冷", "", "#ffffff", LINE, INK),
        (750, 396, "湿冷", "最危险，尽快转", APRICOT_SOFT, APRICOT, APRICOT),
    )
    for x, y, name, note, fill, stroke, ink in cells:
        parts.append(box(x, y, 460, 256, fill, stroke))
        parts.append(words(x + 230, y + (128 if note else 156), name, 76, ink, 600))
        if note:
            parts.append(words(x + 230, y + 206, note, 46, INK, 400))
    return sheet(*parts)


def stroke_clock() -> str:
    """From last known well to thrombolysis and thrombectomy: hours, not to scale."""
    stops = ((110, "0"), (470, "4.5"), (700, "6"), (1170, "24"))
    parts = [f'<path d="M110 560H1170" stroke="{INK}" stroke-width="6"/>']
    for x, hours in stops:
        parts += [f'<circle cx="{x}" cy="560" r="13" fill="{INK}"/>', words(x, 634, hours, 52, INK, 600)]
    parts.append(words(110, 692, "最后正常", 40, QUIET, 400))
    parts.append(words(1170, 692, "小时", 40, QUIET, 400))
    parts.append(words(660, 692, "示意，不按比例", 34, QUIET, 400))
    bands = (
        (110, 90, 360, "静脉溶栓", GREEN, "#ffffff", ""),
        (110, 240, 590, "机械取栓（大血管闭塞）", GREEN, "#ffffff", ""),
        (110, 390, 1060, "经影像筛选的取栓", GREEN_SOFT, GREEN, GREEN),
    )
    for x, y, width, text, fill, ink, stroke in bands:
        parts.append(box(x, y, width, 108, fill, stroke or "none"))
        parts.append(words(x + width / 2, y + 71, text, 48, ink, 600))
    return sheet(*parts)


def foot_risk() -> str:
    """The four risk levels of the diabetic foot, each with the time until the next look at it."""
    rows = (
        ("0 级", "每年一次", 300, "#cfe5dd", INK),
        ("1 级", "6 到 12 个月", 480, "#8fc7b7", INK),
        ("2 级", "3 到 6 个月", 700, "#2f8a73", "#ffffff"),
        ("3 级", "1 到 3 个月", 960, "#0f3d33", "#ffffff"),
    )
    parts = [words(60, 90, "风险越高，看得越勤", 54, INK, 600, "start")]
    for number, (level, text, width, fill, ink) in enumerate(rows):
        y = 140 + number * 142
        parts += [words(60, y + 80, level, 54, INK, 600, "start"), box(230, y, width, 118, fill)]
        parts.append(words(256, y + 77, text, 48, ink, 500, "start"))
    return sheet(*parts)


def five_moments() -> str:
    """WHO's five moments for hand hygiene, by whom they protect."""
    rows = (
        ("1", "Before touching a patient", APRICOT),
        ("2", "Before a clean or aseptic procedure", APRICOT),
        ("3", "After body fluid exposure risk", GREEN),
        ("4", "After touching a patient", GREEN),
        ("5", "After touching a patient's surroundings", GREEN),
    )
    parts = [box(36, 30, 1208, 262, APRICOT_SOFT), box(36, 310, 1208, 380, GREEN_SOFT)]
    for number, (figure, text, ink) in enumerate(rows):
        y = 106 + number * 118 + (30 if number > 1 else 0)
        parts.append(f'<circle cx="110" cy="{y}" r="44" fill="{ink}"/>')
        parts.append(words(110, y + 19, figure, 54, "#ffffff", 600))
        parts.append(words(186, y + 17, text, 48, INK, 500, "start"))
    return sheet(*parts)


def compressions() -> str:
    """Adult chest compressions in four figures."""
    cells = (
        (36, 30, "5–6 cm", "deep"),
        (652, 30, "100–120", "a minute"),
        (36, 372, "30 : 2", "compressions to breaths"),
        (652, 372, "2 min", "then change places"),
    )
    parts = []
    for x, y, figure, text in cells:
        parts += [box(x, y, 592, 318, "#ffffff", LINE), words(x + 296, y + 168, figure, 118, GREEN, 600)]
        parts.append(words(x + 296, y + 252, text, 48, INK, 400))
    return sheet(*parts)


def inhalers() -> str:
    """Inspiratory flow over time: slow and deep against quick and forceful, then the held breath. A sketch."""
    curves = (
        (60, "定量气雾剂", "慢而深", "M0 0C60 -130 110 -150 190 -150S300 -120 340 0", GREEN),
        (670, "干粉吸入剂", "快而用力", "M0 0C16 -250 40 -300 70 -300S170 -120 210 0", APRICOT),
    )
    parts = []
    for x, name, way, path, ink in curves:
        parts += [box(x, 36, 550, 648, "#ffffff", LINE), words(x + 275, 116, name, 54, INK, 600)]
        parts.append(words(x + 275, 186, way, 50, ink, 600))
        parts.append(
            f'<path transform="translate({x + 60} 560)" d="{path}" fill="none" stroke="{ink}" stroke-width="9"/>'
        )
        begin, end = (x + 400, x + 500) if name == "定量气雾剂" else (x + 270, x + 500)
        parts.append(f'<path d="M{begin} 560H{end}" stroke="{ink}" stroke-width="9" stroke-dasharray="4 14" {ROUND}/>')
        parts.append(words((begin + end) / 2, 540, "屏气", 40, QUIET, 400))
        parts.append(f'<path d="M{x + 60} 230V560H{x + 520}" fill="none" stroke="{INK}" stroke-width="3"/>')
        parts.append(words(x + 24, 220, "流速", 36, QUIET, 400, "start") + words(x + 480, 612, "时间", 36, QUIET, 400))
    parts.append(words(335, 662, "示意，无刻度", 34, QUIET, 400) + words(945, 662, "示意，无刻度", 34, QUIET, 400))
    return sheet(*parts)


ALL = {
    "heart-failure-profiles": profiles(),
    "stroke-clock": stroke_clock(),
    "foot-risk": foot_risk(),
    "five-moments": five_moments(),
    "compressions": compressions(),
    "inhalers": inhalers(),
}
