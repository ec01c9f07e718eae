"""Draws specifications: the scripts for a browser, PNG and SVG by vl-convert. Nothing here uses a network."""

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from unionkb.charts.style import FONTS
from unionkb.errors import UserError

try:
    import vl_convert
except ModuleNotFoundError as error:
    raise UserError("drawing charts needs vl-convert: pip install 'unionkb[web]'") from error

_SNIPPET = "window.vegaEmbed = vegaEmbed; window.vega = vega; window.vegaLite = vegaLite;"
_CHINESE = re.compile("[\u3400-\u9fff]")
_FONT_FOLDERS = (
    "~/.fonts", "~/.local/share/fonts", "~/Library/Fonts", "/usr/share/fonts", "/usr/local/share/fonts",
    "/Library/Fonts", "/System/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
_FILES = {
    "NotoSansCJK": "Noto Sans CJK SC", "NotoSansSC": "Noto Sans SC", "SourceHanSansSC": "Source Han Sans SC",
    "SourceHanSansCN": "Source Han Sans CN", "PingFang": "PingFang SC", "msyh": "Microsoft YaHei",
    "Hiragino Sans GB": "Hiragino Sans GB", "STHeiti": "Heiti SC", "wqy-zenhei": "WenQuanYi Zen Hei",
    "wqy-microhei": "WenQuanYi Micro Hei", "simhei": "SimHei", "simsun": "SimSun",
    "NotoSerifCJK": "Noto Serif CJK SC", "uming": "AR PL UMing CN",
}  # fmt: skip


@cache
def bundle() -> str:
    """See unionkb.charts.bundle. Made once, in about two seconds."""
    # In a function of its own, so that its thousands of short names stay out of the page's.
    return f"(function () {{\n{vl_convert.javascript_bundle(_SNIPPET)}\n}})();\n"


@cache
def chinese_font() -> str | None:
    """The name of an installed font with Chinese characters; None where there is none."""
    names = _from_fontconfig() if shutil.which("fc-list") else _from_files()
    return next((font for font in FONTS if font in names), min(names, default=None))


def _from_fontconfig() -> set[str]:
    command = ["fc-list", ":lang=zh-cn", "family"]
    found = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)
    return {name.strip() for line in found.stdout.splitlines() for name in line.split(",") if name.strip()}


def _from_files() -> set[str]:
    files = (file.name for folder in _FONT_FOLDERS for file in Path(folder).expanduser().rglob("*.[ot]t[fc]"))
    return {name for file in files for start, name in _FILES.items() if file.startswith(start)}


def _drawable(spec: dict[str, Any]) -> dict[str, Any]:
    if not _CHINESE.search(json.dumps(spec, ensure_ascii=False)):
        return spec
    font = chinese_font()
    if font is None:
        raise UserError(
            "no font with Chinese characters is installed; install one (Debian, Ubuntu: apt-get install "
            "fonts-noto-cjk; Fedora: dnf install google-noto-sans-cjk-fonts)"
        )
    return spec | {"config": spec.get("config", {}) | {"font": font}}


def png(spec: dict[str, Any], *, scale: float) -> bytes:
    """See unionkb.charts.png."""
    drawn: bytes = vl_convert.vegalite_to_png(_drawable(spec), scale=scale, allowed_base_urls=[])
    return drawn


def svg(spec: dict[str, Any]) -> str:
    """See unionkb.charts.svg."""
    drawn: str = vl_convert.vegalite_to_svg(_drawable(spec), allowed_base_urls=[])
    return drawn
