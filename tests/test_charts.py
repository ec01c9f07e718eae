"""The standard charts: rows asked for, specifications, PNG and SVG, the command plot."""

import json
import re
import sqlite3
import sys

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from small_kb import fill

from extract import regions, words
from unionkb import charts, i18n, store
from unionkb.charts import prepare, style
from unionkb.commands.plot import command
from unionkb.errors import UserError
from unionkb.query import Filter

pytest.importorskip("altair", reason="needs the extra web")
pytest.importorskip("vl_convert", reason="needs the extra web")
alt = pytest.importorskip("altair", reason="needs the extra web")


@pytest.fixture(scope="module")
def kb_path(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("charts") / "kb.sqlite")


@pytest.fixture(scope="module")
def kb(kb_path):
    with store.open(kb_path) as kb:
        yield kb


def rows(kb, name, wanted=None, **more):
    return list(kb.rows(*charts.query(name, wanted, **more)))


def made_up(name, count=60):
    """Rows of a chart, many and long."""
    categories = words.terms("programme_categories")
    provinces = [tile["code"] for tile in prepare.tiles()]
    make = {
        "coverage": lambda i: {
            "source_id": f"s{i % 40}", "source": f"来源{i % 40}", "month": f"20{10 + i % 14}-{i % 12 + 1:02}",
            "articles": i + 1, "reprints": 0,
        },
        "headcount": lambda i: {
            "programme": categories[i % len(categories)], "year": 2000 + i % 20,
            "headcount": 7**(i % 9), "money": 1,
        },
        "map-facts": lambda i: {
            "region_code": provinces[i % 34], "facts": i + 1, "headcount": 7**(i % 9), "money": 1 + i,
        },
        "organisation": lambda i: {
            "month": f"20{10 + i % 14}-05", "programme": categories[i % len(categories)], "facts": i + 1
        },
        "programme": lambda i: {
            "organisation": f"第{i}个名字{'很长' * 20}的工会", "facts": 99 - i,
            "headcount": 10**(i % 9), "money": None,
        },
    }  # fmt: skip
    make |= {"money": make["headcount"]} | {f"map-{key}": make["map-facts"] for key in ("headcount", "money")}
    return [make[name](i) for i in range(count)]


def test_figures_are_those_of_the_views(kb):
    # The reprint, the superseded page, plans and attendances do not count.
    assert rows(kb, "headcount") == [
        {"programme": "hardship_relief", "year": 2023, "headcount": 120.0, "money": 65000.5},
        {"programme": "skills_training", "year": 2023, "headcount": None, "money": None},
    ]
    (year,) = kb.rows("SELECT sum(headcount) AS headcount, sum(money) AS money FROM organisation_year")
    assert rows(kb, "map-money") == [{"region_code": "330000", "facts": 2, **year}]
    assert rows(kb, "programme", Filter(programme="hardship_relief")) == [
        {"organisation": "海宁市总工会", "facts": 2, **year}
    ]
    assert sum(row["articles"] for row in rows(kb, "coverage")) == 3
    assert sum(row["reprints"] for row in rows(kb, "coverage")) == 1


@pytest.mark.parametrize("name", charts.NAMES)
def test_filters_reach_every_chart(kb, name):
    assert rows(kb, name)
    assert rows(kb, name, Filter(region="浙江", programme="暖冬"))
    assert not rows(kb, name, Filter(organisation="没有这个工会"))
    assert rows(kb, name, organisation_id="6f31".ljust(16, "0"))
    assert not rows(kb, name, organisation_id="none")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("name", charts.NAMES)
@pytest.mark.parametrize("count", [0, 1, 60])
def test_every_chart_is_drawn(name, language, count):
    spec = charts.spec(name, made_up(name, count), language, subject="嘉兴市总工会", subtitle="2023")
    text = json.dumps(spec)
    assert "://" not in text
    assert "$schema" not in text
    alt.Chart.from_dict(spec)  # raises where it is not what the schema of Vega-Lite allows
    nothing = {"text": i18n.text("chart.no_data", language)}
    assert ([nothing] in spec["datasets"].values()) == (count == 0)
    svg = charts.svg(spec)
    assert "2023" in svg
    assert min(map(float, re.findall(r'font-size="([\d.]+)px"', svg))) >= style.SMALL
    assert "…" not in svg
    if language == "en" and name not in ("programme", "coverage", "organisation"):
        assert not re.search("[\u4e00-\u9fff]", svg)


def test_long_names_are_whole():
    name = made_up("programme", 1)[0]["organisation"]
    svg = charts.svg(charts.spec("programme", made_up("programme", 1), "zh", subject=name))
    shown = "".join(re.findall(r">([^<>]+)<", svg))
    assert name in shown
    assert shown.index(name) != shown.rindex(name)


def test_numbers_are_short_in_each_language():
    table = [{"programme": "health", "year": 2023, "headcount": 1, "money": 12_340_000}]
    assert ">1234万<" in charts.svg(charts.spec("money", table, "zh"))
    assert ">12.3M<" in charts.svg(charts.spec("money", table, "en"))
    bars = [{"month": "2023-05", "programme": "health", "facts": 23_000}]
    assert ">2万<" in charts.svg(charts.spec("organisation", bars, "zh", subject="甲"))
    assert ">20k<" in charts.svg(charts.spec("organisation", bars, "en", subject="甲"))


def test_a_png_is_one():
    assert charts.png(charts.spec("map-facts", made_up("map-facts"), "zh")).startswith(b"\x89PNG")


def test_without_a_chinese_font_no_boxes_are_drawn(monkeypatch):
    from unionkb.charts import render

    monkeypatch.setattr(render, "chinese_font", lambda: None)
    with pytest.raises(UserError, match="fonts-noto-cjk"):
        charts.png(charts.spec("money", [], "zh"))
    assert charts.svg(charts.spec("money", [], "en"))


def test_the_tile_map_has_every_province_once():
    places = {(tile["row"], tile["column"]) for tile in prepare.tiles()}
    assert len(places) == len(prepare.tiles()) == 34
    provinces = {row["code"] for row in words.table("regions") if row["level"] == "province"}
    assert {tile["code"] for tile in prepare.tiles()} == {code for code in provinces if regions.by_code(code)}


def _contrast(one, other):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] + 0.05

    return max(light(one), light(other)) / min(light(one), light(other))


def test_letters_stand_out_from_every_shade():
    for shade in (*style.SHADES, style.EMPTY, "#ffffff"):
        assert _contrast(shade, "#ffffff" if style.is_dark(shade) else style.INK) >= 4.5
    assert _contrast("#ffffff", style.PALE_INK) >= 4.5


@given(st.lists(st.integers(-5, 10**12), max_size=40))
def test_classes_are_few_round_and_hold_all(values):
    ends = prepare.classes(values)
    assert len(ends) <= prepare.MOST_CLASSES
    assert ends == sorted(set(ends))
    positive = [value for value in values if value > 0]
    assert bool(ends) == bool(positive)
    for value in positive:
        index = prepare.class_of(value, ends)
        assert ends[index] <= value
        assert index + 1 == len(ends) or value < ends[index + 1]


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=40))
def test_even_classes_reach_from_the_smallest_but_few_to_the_largest(values):
    ends = prepare.even_classes(values)
    assert ends == sorted(ends)
    assert len(ends) in (1, prepare.MOST_CLASSES)
    assert prepare.class_of(max(values), ends) == len(ends) - 1
    assert sum(value < ends[0] for value in values) <= 0.1 * len(values)


@given(st.text("工会ab 职", max_size=60), st.integers(2, 20))
def test_wrapped_text_loses_nothing(text, width):
    lines = prepare.wrapped(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert prepare.cells(line) <= width or not re.search("[工会职 ]", line)


def test_periods_have_no_holes():
    assert prepare.periods(["2023-11", "2024-02"]) == (["2023-11", "2023-12", "2024-01", "2024-02"], 7)
    assert prepare.periods(["2013-11", "2016-02", "2020-01"]) == (
        [str(year) for year in range(2013, 2021)],
        4,
    )
    assert prepare.periods(["1820-11", "2016-02"]) == (["1820", "2016"], 4)
    assert prepare.periods([]) == ([], 7)


def test_an_axis_of_few_facts_has_no_parts_of_one():
    bars = [{"month": "2023-05", "programme": "health", "facts": 1}]
    svg = charts.svg(charts.spec("organisation", bars, "en", subject="A"))
    assert ">1<" in svg
    assert ">0.5<" not in svg


@pytest.mark.parametrize(("module", "missing"), [("draw", "altair"), ("render", "vl_convert")])
def test_without_the_extra_one_line_says_what_to_install(monkeypatch, kb_path, tmp_path, module, missing):
    monkeypatch.delitem(sys.modules, f"unionkb.charts.{module}", raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    done = plot(kb_path, tmp_path / "a.png", "--chart", "money")
    assert isinstance(done.exception, UserError)
    assert "pip install 'unionkb[web]'" in str(done.exception)
    assert not list(tmp_path.iterdir())


def plot(kb_path, *arguments):
    return CliRunner().invoke(command, [*map(str, arguments), "--db", str(kb_path)])


def test_plot_draws_all_charts(kb_path, tmp_path):
    done = plot(kb_path, tmp_path / "out", "--format", "svg")
    assert done.exit_code == 0, done.output
    names = [name for name in charts.NAMES if name not in ("organisation", "programme")]
    assert done.stdout.split() == [str(tmp_path / "out" / f"{name}.svg") for name in names]
    assert sorted(path.stem for path in (tmp_path / "out").iterdir()) == sorted(names)


def test_plot_draws_one_chart_with_filters(kb_path, tmp_path):
    file = tmp_path / "a.svg"
    done = plot(kb_path, file, "--chart", "organisation", "--org", "海宁市总", "--year", "2023")
    assert done.stdout == f"{file}\n"
    assert "年份：2023" in file.read_text("utf-8")
    done = plot(kb_path, file, "--chart", "money", "--year", "1999", "--language", "en")
    assert done.stdout == f"{file}: no data\n"
    # There are rows, of people, but no money in them.
    assert plot(kb_path, file, "--chart", "money", "--kind", "people").stdout == f"{file}: no data\n"
    done = plot(kb_path, file, "--chart", "money", "--year", "1999", "--language", "en")
    assert "No data" in file.read_text("utf-8")


def test_plot_says_what_is_wrong(kb_path, tmp_path):
    assert "say which chart" in plot(kb_path, tmp_path / "a.png").output
    assert "needs --org" in plot(kb_path, tmp_path, "--chart", "organisation").output
    named = plot(kb_path, tmp_path / "a.png", "--chart", "money", "--format", "svg")
    assert "says png" in named.output
    (tmp_path / "file").touch()
    failed = plot(kb_path, tmp_path / "file" / "a.svg", "--chart", "money", "--language", "en")
    assert isinstance(failed.exception, UserError)


def test_queries_run_on_any_connection(kb_path):
    with sqlite3.connect(f"file:{kb_path}?mode=ro", uri=True) as plain:
        for name in charts.NAMES:
            assert plain.execute(*charts.query(name)).fetchall()
    plain.close()
