"""How charts look: colours that the colour-blind tell apart, letters of at least 11 px, short numbers."""

from collections.abc import Sequence
from typing import Any

from unionkb.i18n import Language

SMALL, NORMAL, LARGE = 11, 12, 16
"""Sizes of letters in px."""

SHADES = ("#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#2171b5", "#08306b")
"""From little to much (ColorBrewer's Blues)."""
DARK_SHADES = 4
"""From this shade on letters are white."""
EMPTY = "#f0f0f0"
INK, PALE_INK = "#222222", "#595959"
CATEGORIES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
"""Okabe and Ito's palette without black."""
REST = "#999999"

FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "Hiragino Sans GB",
    "Heiti SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Noto Sans CJK TC",
    "Noto Sans CJK JP",
    "Droid Sans Fallback",
    "SimHei",
    "SimSun",
    "Noto Serif CJK SC",
    "AR PL UMing CN",
)
"""Fonts with Chinese characters, the best first."""


def shades(count: int) -> list[str]:
    """Shades for so many classes (at most six), spread over all there are."""
    if count <= 1:
        return [SHADES[3]]
    return [SHADES[round(index * (len(SHADES) - 1) / (count - 1))] for index in range(count)]


def is_dark(shade: str) -> bool:
    """Whether letters on a shade are white."""
    return shade in SHADES[DARK_SHADES:]


def config() -> dict[str, Any]:
    """What all charts have in common, as `config` of a specification."""
    return {
        "background": "white",
        "padding": 12,
        "font": ", ".join((*FONTS[:7], "sans-serif")),
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": NORMAL,
            "titleFontSize": NORMAL,
            "labelColor": INK,
            "titleColor": PALE_INK,
            "titleFontWeight": "normal",
            "labelLimit": 0,
            "titleLimit": 0,
            "domain": False,
            "ticks": False,
            "gridColor": "#e5e5e5",
            "labelPadding": 6,
        },
        "legend": {
            "labelFontSize": NORMAL,
            "titleFontSize": NORMAL,
            "labelColor": INK,
            "titleColor": PALE_INK,
            "titleFontWeight": "normal",
            "labelLimit": 0,
            "titleLimit": 0,
        },
        "title": {
            "anchor": "start",
            "frame": "group",
            "fontSize": LARGE,
            "subtitleFontSize": NORMAL,
            "color": INK,
            "subtitleColor": PALE_INK,
            "offset": 14,
            "subtitlePadding": 6,
            "subtitleLineHeight": 17,
            "lineHeight": 21,
            "limit": 0,
        },
        "text": {"fontSize": NORMAL, "color": INK},
    }


def short_number(language: Language) -> str:
    """The Vega expression that writes the number of a label as unionkb.i18n.number does."""
    scales: Sequence[tuple[str, str]]
    scales = (
        [("1e8", "亿"), ("1e4", "万")] if language == "zh" else [("1e9", "B"), ("1e6", "M"), ("1e3", "k")]
    )
    text = "format(datum.value, ',.3~r')"
    for scale, sign in reversed(scales):
        text = f"abs(datum.value) >= {scale} ? format(datum.value / {scale}, ',.3~r') + '{sign}' : {text}"
    return text
