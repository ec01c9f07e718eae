"""The comparison with other extractors: what counts as found, the table, and peers that are not there."""

import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from unionkb import evaluate

ROOT = Path(__file__).parents[1]


def script(name: str) -> ModuleType:
    """A script of benchmarks/, whose folder must not be where Python looks: extract.py is in it."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    places = list(sys.path)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = places
    return module


peers = script("peers")

TEXT = (
    "市总工会送清凉 慰问\n职工300名\n"
    "7月3日,市总工会慰问职工300名,其中女职工1300名;为每人发放300元,拨款20余万元,\n每组5至10人,占98%。"
)


def fact(surface: str, quote: str, kind: str, value: float, **more: Any) -> dict[str, Any]:
    slots = {"bound": "exact", "status": "actual", "per": None}
    lists = {"org": ["丽水市总工会"], "programme": ["summer_care"], "date": [["2024-07-03", "2024-07-03"]]}
    return (
        {"surface": surface, "quote": quote, "kind": kind, "value": value, "value_max": None}
        | slots
        | lists
        | more
    )


FACTS = [
    fact("300名", "慰问职工300名,其中", "people", 300),
    fact("1300名", "女职工1300名", "people", 1300),
    fact("300元", "每人发放300元", "money", 300),
    fact("20余万元", "拨款20余万元", "money", 200000),
    fact("5至10人", "每组5至10人", "people", 5, value_max=10),
    fact("98%", "占98%", "percent", 98, optional=True, org=[], date=[[None, None]]),
]


def document(text: str = TEXT, facts: list[dict[str, Any]] = FACTS) -> Any:
    gold = evaluate.gold_of([{"doc": "a.txt", "article": 1, "facts": facts}])
    bare = peers.Document(Path("a.txt"), "a.txt", [peers.Text(text, date(2024, 7, 4))])
    return peers.with_gold(bare, gold.facts, [(0,)] * len(facts))


def at(surface: str, nth: int = 0) -> list[int]:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(surface, start + 1)
    return [start, start + len(surface)]


def found(
    quantities: Sequence[Any] = (), dates: Sequence[Any] = (), names: Sequence[str] = ()
) -> dict[str, Any]:
    return {"quantities": quantities, "dates": dates, "organisations": names}


def tally(*articles: Mapping[str, Any], of: Any = None) -> Any:
    made = peers.Tally("unionkb")
    peers.count(made, of or document(), articles)
    return made


@pytest.mark.parametrize(
    ("surface", "text", "places"),
    [
        ("300名", "职工300名", ["300名"]),
        ("300名", "职工1300名", []),
        ("300名", "工人1,300名", []),
        ("十名", "二十名职工", []),
        ("300名", "职工30\n0 名和300名", ["30\n0 名", "300名"]),
        ("50万元", "其一,50万元", ["50万元"]),
        ("", "职工", []),
    ],
)
def test_places_are_where_the_number_is_printed(surface: str, text: str, places: list[str]) -> None:
    assert [text[start:end] for start, end in peers.printed(surface, text)] == places


def test_places_of_a_quantity_are_its_own_and_repeats() -> None:
    people, more, *_ = document().quantities
    assert [place[1:] for place in people.places] == [tuple(at("300名")), tuple(at("300名", 1))]
    assert [place[1:] for place in more.places] == [tuple(at("1300名"))]


def test_the_same_number_twice_is_two_places() -> None:
    text = "市里拨款不超过10万元;县里拨款10万元。"
    first = fact("不超过10万元", "市里拨款不超过10万元", "money", 100000)
    both = document(text, [first, fact("10万元", "县里拨款10万元", "money", 100000)])
    assert [len(quantity.places) for quantity in both.quantities] == [1, 1]
    assert peers.is_found(both.quantities[0], [found([[6, 11, "money", [1e5]]])])
    assert not peers.is_found(both.quantities[1], [found([[6, 11, "money", [1e5]]])])


@pytest.mark.parametrize(
    ("mention", "index", "as_such", "at_all"),
    [
        ([*at("300名"), "people", [300.0]], 0, True, True),
        ([*at("300名", 1), "number", [300.0]], 0, False, True),
        ([*at("300名"), "people", [3000.0]], 0, False, False),
        ([*at("300元"), "money", [300.0]], 0, False, False),
        ([*at("20余万元"), "money", [200000.0, 300000.0]], 3, True, True),
        ([*at("20余万元"), "money", []], 3, True, True),
        ([*at("5至10人"), "people", [5.0]], 4, False, False),
        ([*at("5至10人"), "people", [5.0, 10.0]], 4, True, True),
    ],
)
def test_found_is_value_and_place(mention: list[Any], index: int, as_such: bool, at_all: bool) -> None:
    quantity = document().quantities[index]
    assert peers.is_found(quantity, [found([mention])], quantity.kind) is as_such
    assert peers.is_found(quantity, [found([mention])]) is at_all


def test_a_range_is_found_by_both_of_its_numbers() -> None:
    start, end = at("5至10人")
    ends = [[start, start + 1, "number", [5.0]], [end - 3, end - 1, "number", [10.0]]]
    assert peers.is_found(document().quantities[4], [found(ends)])


def test_right_counts_repeats_and_leaves_out_what_readers_differ_on() -> None:
    made = tally(
        found(
            [
                [*at("300名"), "people", [300.0]],
                [*at("300名", 1), "people", [300.0]],
                [*at("1300名"), "people", [300.0]],
                [*at("98%"), "percent", [98.0]],
                [*at("7月"), "money", [7.0]],
            ]
        )
    )
    assert (made.right["people"], made.mentions["people"]) == (2, 3)
    assert (made.right["money"], made.mentions["money"]) == (0, 1)
    assert made.mentions["percent"] == made.gold["percent"] == 0
    assert (made.right["any"], made.mentions["any"]) == (4, 5)
    assert (made.found["people"], made.gold["people"]) == (1, 3)


def test_periods_and_organisations_count_once_in_an_article() -> None:
    nothing = tally(found())
    assert nothing.gold["dates"] == nothing.gold["organisations"] == 1
    assert nothing.found["dates"] == nothing.found["organisations"] == 0
    either = [[None, "2024-07-04"], ["2024-07-03", "2024-07-03"]]
    made = tally(found(dates=[[0, 4, either]], names=["浙江省丽水市总工会"]))
    assert made.found["dates"] == made.found["organisations"] == 1
    assert tally(found(dates=[[0, 4, [["2025-07-03", "2025-07-03"]]]], names=["丽水"])).found.total() == 0


STAND_IN = """
import json, sys
print(json.dumps({"ready": {"stand-in": ["1.0", "MIT"]}, "start": 0.5}), flush=True)
for line in sys.stdin:
    question = json.loads(line)
    articles = []
    for article in question["articles"]:
        at = article["text"].index("20余万元")
        articles.append({"quantities": [[at, at + 5, "money", [2e5]]], "dates": [], "organisations": []})
    seconds = {"quantities": 1.0, "dates": 3.0}
    answer = {"articles": articles, "seconds": seconds, "bytes": 2000000, "failed": 1}
    print(json.dumps(answer), flush=True)
"""


def stand_in(folder: Path, code: str = STAND_IN) -> list[str | Path]:
    file = folder / "stand_in.py"
    file.write_text(code, encoding="utf-8")
    return [sys.executable, file]


def test_a_peer_is_asked_and_its_figures_stand_in_the_table(tmp_path: Path) -> None:
    (made,) = peers.run("jionlp", stand_in(tmp_path), [[document()]])
    assert not made.missing
    assert made.speeds == pytest.approx({"quantities": 2.0, "dates": 2 / 3, "all": 0.5})
    gone = peers.Tally("recognizers", missing="not installed (recognizers_text)")
    made_too = tally(found([[*at("300名"), "people", [300.0]]]))
    rows = peers.table("set", [made_too, made, gone]).splitlines()
    assert rows[:4] == ["### set", "", "| | unionkb | JioNLP |", "| --- | --- | --- |"]
    assert "| sums of money: found | 0 of 2 (0.000) | 1 of 2 (0.500) |" in rows
    assert "| sums of money: right of its mentions | 0 of 0 | 1 of 1 (1.000) |" in rows
    assert "| headcounts (人, 名, 人次): found | 1 of 3 (0.333) | – |" in rows
    assert "| MB/s, dates alone | – | 0.67 |" in rows
    assert "| calls that failed | 0 | 1 |" in rows
    assert not any("percent" in row for row in rows), "the only percentage is optional"
    said = peers.versions([made, gone]).splitlines()
    assert said[2:] == [
        "| JioNLP | stand-in 1.0, MIT |",
        "| Recognizers-Text | left out: not installed (recognizers_text) |",
    ]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ('print(\'{"missing": "not installed (x)"}\')', "not installed (x)"),
        ("raise SystemExit('no model')", "stopped with 1: no model"),
        ("print('a greeting')", "stopped with"),
        (STAND_IN.replace("question =", "raise RuntimeError('torn')\n    question ="), "RuntimeError: torn"),
    ],
)
def test_a_peer_that_is_not_there_is_left_out(tmp_path: Path, code: str, why: str) -> None:
    for made in peers.run("jionlp", stand_in(tmp_path, code), [[document()], [document()]]):
        assert why in made.missing


def test_an_environment_that_is_not_there_leaves_its_peers_out(tmp_path: Path) -> None:
    (made,) = peers.run("jionlp", [tmp_path / "bin" / "python", "worker.py"], [[document()]])
    assert made.missing == f"{tmp_path / 'bin' / 'python'}: No such file or directory"


JIONLP = """
from types import SimpleNamespace
print("a greeting")
def extract_money(text):
    at = text.find("20余万元")
    detail = {"num": ["200000.00", "300000.00"], "definition": "blur", "case": "元"}
    return [{"text": "20余万元", "offset": [at, at + 5], "type": "money", "detail": detail}]
def extract_time(text, time_base):
    if "清凉" in text:
        raise ValueError("no such day")
    return [{"text": "今年以来", "offset": [0, 4], "detail": {"time": ["2021-01-01 00:00:00", "inf"]}},
            {"text": "三天", "offset": [5, 7], "detail": {"time": {"day": 3.0}}}]
ner = SimpleNamespace(extract_money=extract_money, extract_time=extract_time)
"""


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str) -> None:
    """A stand-in for a package, as a worker imports it."""
    (folder / f"{name}.py").write_text(code, encoding="utf-8")
    about = folder / f"{name}-1.5.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Name: {name}\nVersion: 1.5\nLicense: Apache-2.0\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), str(ROOT)]))


def worker(*arguments: str | Path) -> list[str | Path]:
    return [sys.executable, peers.WORKER, *arguments]


def test_worker_reads_with_jionlp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "_ENOUGH", 0)
    installed(tmp_path, monkeypatch, "jionlp", JIONLP)
    so_far = [fact("20余万元", "拨款20余万元", "money", 200000, date=[["2021-01-01", "2024-07-04"]])]
    other = document(TEXT.replace("清凉", "温暖"), so_far)
    (dated,) = peers.run("jionlp", worker("jionlp"), [[other]])
    assert (dated.failed, dated.found["dates"]) == (0, 1), "今年以来 ends on the day it was told"
    (made,) = peers.run("jionlp", worker("jionlp"), [[document()]])
    assert made.missing == ""
    assert made.versions == {"jionlp": ["1.5", "Apache-2.0"]}
    assert made.found == {"money": 1, "number": 1} | dict.fromkeys(("people", "dates", "organisations"), 0)
    assert made.failed == 1
    assert set(made.speeds) == {"quantities", "dates", "all"}


def test_worker_says_what_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "raise ModuleNotFoundError('gone', name='recognizers_date_time')"
    installed(tmp_path, monkeypatch, "recognizers_date_time", code)
    (made,) = peers.run("recognizers", worker("recognizers"), [[document()]])
    assert made.missing == "not installed (recognizers_date_time)"


def test_worker_reads_with_a_pipeline_of_spacy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import spacy

    monkeypatch.setattr(peers, "_ENOUGH", 0)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    nlp = spacy.blank("zh")
    ruler = nlp.add_pipe("entity_ruler")
    patterns = {"MONEY": "300元", "CARDINAL": "300名", "ORG": "丽水市总工会", "DATE": "7月3日"}
    ruler.add_patterns([{"label": label, "pattern": text} for label, text in patterns.items()])
    nlp.to_disk(tmp_path / "pipeline")
    text = TEXT.replace("3日,市", "3日,丽水市")
    made, gone = (
        peers.run("spacy", worker("spacy", tmp_path / name), [[document(text)]])[0]
        for name in ("pipeline", "none")
    )
    assert made.missing == ""
    assert made.found["money"] == made.found["organisations"] == 1
    assert made.found["number"] == 3, "300名, of 1300名 too, and 300元: a place without a value will do"
    assert (made.found["people"], made.found["dates"]) == (0, 0)
    assert "its trained pipeline" in gone.missing


def test_worker_reads_the_example_with_unionkb(monkeypatch: pytest.MonkeyPatch) -> None:
    """The offsets of facts are those of the articles that the peers are given."""
    monkeypatch.setattr(peers, "_ENOUGH", 0)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    documents = peers.load(ROOT / "data" / "cases")
    (made,) = peers.run("unionkb", worker("unionkb"), [documents])
    assert made.gold["number"] == sum(not q.optional for d in documents for q in d.quantities)
    assert made.found["number"] >= 0.9 * made.gold["number"]
    assert made.found["organisations"] == made.gold["organisations"] > 0
    text = peers.report([ROOT / "data" / "cases"], [documents], [[made]])
    assert "### cases: 2 pages, 2 articles" in text
    assert "Whole facts, which only unionkb gives" in text


def test_the_page_keeps_its_words_around_the_tables() -> None:
    start, end = peers.MARKERS
    assert peers.between(f"before\n{start}\nold\n{end}\nafter\n", "new") == (
        f"before\n{start}\n\nnew\n\n{end}\nafter\n"
    )
    with pytest.raises(ValueError, match="not found"):
        peers.between("no markers", "new")


def test_the_comparison_has_the_markers() -> None:
    page = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
    start, end = (page.index(marker) for marker in peers.MARKERS)
    assert peers.between(page, page[start + len(peers.MARKERS[0]) : end].strip()) == page
    for name in peers.TOOLS.values():
        assert name in page
