"""The charts as a page draws them: from the bundle, with no network and no evaluated scripts."""

import json

import pytest

from extract import words
from unionkb import charts, i18n
from unionkb.charts import prepare, style

pytest.importorskip("altair", reason="needs the extra web")

POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
PAGE = """<!DOCTYPE html><html lang="zh"><meta charset="utf-8"><link rel="icon" href="data:,">
<body><div id="chart"></div><script src="/bundle.js"></script><script src="/draw.js"></script>"""
DRAW = "fetch('/spec.json').then(answer => answer.json()).then(spec => vegaEmbed('#chart', spec, %s));"

CATEGORIES = words.terms("programme_categories")
ROWS = {
    "coverage": [
        {
            "source_id": "s",
            "source": f"来源{i % 3}",
            "month": f"2023-{i + 1:02}",
            "articles": 9 * i + 1,
            "reprints": i,
        }
        for i in range(12)
    ],
    "money": [
        {"programme": key, "year": year, "headcount": 120, "money": 7.0**i}
        for i, key in enumerate(CATEGORIES[:8])
        for year in (2022, 2023)
    ],
    "map-facts": [
        {"region_code": tile["code"], "facts": i * i, "headcount": None, "money": None}
        for i, tile in enumerate(prepare.tiles())
    ],
    "organisation": [
        {"month": f"2023-{i + 1:02}", "programme": key, "facts": i + 2}
        for i, key in enumerate(CATEGORIES[:9])
    ],
    "programme": [
        {"organisation": f"第{i}工会", "facts": 20 - i, "headcount": 10.0**i, "money": None} for i in range(8)
    ],
}


@pytest.fixture
def draw(serve, page):
    def draw(name, language, rows):
        texts = {
            "/": PAGE,
            "/bundle.js": charts.bundle(),
            "/draw.js": DRAW % json.dumps(dict(charts.EMBED_OPTIONS)),
            "/spec.json": json.dumps(charts.spec(name, rows, language, subject="嘉兴市总工会")),
        }
        page.goto(serve(texts, {"Content-Security-Policy": POLICY}))
        page.wait_for_selector("#chart svg")
        return page

    return draw


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("name", ROWS)
def test_a_chart_is_drawn_offline(draw, screenshot, name, language):
    page = draw(name, language, ROWS[name])
    sizes = page.eval_on_selector_all(
        "#chart svg text", "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert len(sizes) > 10
    assert min(sizes) >= style.SMALL
    box = page.locator("#chart svg").bounding_box()
    for text in page.locator("#chart svg text").all():
        inner = text.bounding_box()
        assert inner is None or (
            inner["x"] >= box["x"] - 1
            and inner["x"] + inner["width"] <= box["x"] + box["width"] + 1
            and inner["y"] >= box["y"] - 1
            and inner["y"] + inner["height"] <= box["y"] + box["height"] + 1
        ), f"cut off: {text.text_content()}"
    assert screenshot(page).startswith(b"\x89PNG")


def test_without_data_a_chart_says_so(draw):
    page = draw("money", "zh", [])
    assert "没有数据" in page.locator("#chart svg").text_content()


def test_a_cell_tells_its_figure(draw):
    page = draw(
        "money", "zh", [{"programme": "health", "year": 2023, "headcount": None, "money": 12_345_678}]
    )
    page.locator("#chart svg .mark-text text", has_text="1235万").first.hover()
    tip = page.locator("#vg-tooltip-element.visible")
    assert "健康保障" in tip.text_content()
    assert "12,345,678 元" in tip.text_content()


def test_a_name_is_never_a_script(draw):
    name = "<img src=x onerror=\"window.hit=1\"><script>window.hit=1</script>'+alert(1)+'{{1}}"
    rows = [{"organisation": name, "facts": 1, "headcount": None, "money": None}]
    page = draw("programme", "zh", rows)
    page.locator("#chart svg .mark-rect path").first.hover()
    tip = page.locator("#vg-tooltip-element.visible")
    assert "onerror" in tip.text_content()
    assert page.evaluate("window.hit") is None
