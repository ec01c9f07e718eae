"""Evaluation: the method on small cases, and the same figures as the reference scorer where it is at hand."""

import csv
import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_kb import fill

from unionkb import evaluate as ev
from unionkb import export, store
from unionkb.commands.evaluate import command

ROOT = Path(__file__).parents[1]
CASES = ROOT / "data" / "cases"
REFERENCE = ROOT.parent / "shared" / "gold"
COLUMNS = ["document", "kind", "value", "value_max", "bound", "status", "per", "organisation", "programme"]
COLUMNS += ["date_start", "date_end", "quote"]


def claim_of(fact: ev.GoldFact, **changes) -> ev.Claim:
    """The claim that answers a gold fact in every slot with the best answer."""
    claim = ev.Claim(
        document=fact.document,
        kind=fact.kind,
        value=fact.value,
        value_max=fact.value_max,
        bound=fact.bound[0],
        status=fact.status[0],
        per=fact.per[0],
        organisation=fact.organisations[0] if fact.organisations else "",
        programme=fact.programmes[0],
        dates=fact.dates[0] if fact.dates else (None, None),
        quote=fact.quote,
    )
    return replace(claim, **changes)


def write_csv(path: Path, claims: list[ev.Claim]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(COLUMNS)
        for c in claims:
            value_max = "" if c.value_max is None else f"{c.value_max:.15g}"
            cells = [c.document, c.kind, f"{c.value:.15g}", value_max, c.bound, c.status, c.per or ""]
            cells += [c.organisation, c.programme, c.dates[0] or "", c.dates[1] or "", c.quote]
            writer.writerow(cells)


@pytest.fixture
def gold() -> ev.Gold:
    return ev.load_gold(CASES / "gold")


def test_quotes_of_our_cases_stand_in_their_pages(gold):
    for fact in gold.facts:
        assert fact.surface in fact.quote
        assert fact.quote in (CASES / "pages" / fact.document).read_text(encoding="utf-8")


def test_best_answers_score_one(gold):
    result = ev.evaluate(gold, [claim_of(fact) for fact in gold.facts])
    assert all(score.strict.f1 == 1 for score in result.scores.values() if score.gold)
    core = result.scores["core"]
    assert (core.gold, core.found, core.matched) == (6, 6, 6)


def test_nothing_found_scores_zero(gold):
    score = ev.evaluate(gold, []).scores["all"]
    assert (score.found, score.matched, score.detection.f1, score.strict.f1) == (0, 0, 0, 0)


def test_optional_facts_count_neither_way(gold):
    required = [claim_of(fact) for fact in gold.facts if not fact.optional]
    optional = [claim_of(fact, bound="range", organisation="") for fact in gold.facts if fact.optional]
    assert optional
    assert ev.evaluate(gold, required).scores == ev.evaluate(gold, required + optional).scores


def test_second_row_for_a_quantity_is_spurious(gold):
    claims = [claim_of(fact) for fact in gold.facts]
    result = ev.evaluate(gold, [replace(claims[0], programme="general"), *claims])
    assert result.scores["people"].found == result.scores["people"].gold + 1
    assert result.scores["people"].slots["programme"] == 1, "the row that agrees in more slots is taken"
    assert any(line.startswith("spurious") for line in ev.errors(result, 5))


def test_documents_are_known_by_the_end_of_their_name(gold):
    claims = [claim_of(f, document=f"https://news.example/2024/{f.document}") for f in gold.facts]
    assert ev.evaluate(gold, claims).scores["all"].detection.f1 == 1
    strangers = [claim_of(f, document="other.txt") for f in gold.facts]
    assert ev.evaluate(gold, strangers).scores["all"].found == 0


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"bound": "range"}, ["bound"]),
        ({"status": "planned"}, ["status"]),
        ({"per": "year"}, ["per"]),
        ({"organisation": "岳阳市总工会"}, ["organisation"]),
        ({"organisation": "云溪区总工会"}, []),
        ({"organisation": ""}, ["organisation"]),
        ({"programme": "health"}, ["programme"]),
        ({"dates": ("2023-01-01", "2023-12-31")}, ["date"]),
        ({"dates": (None, None)}, ["date", "date_year"]),
    ],
)
def test_slots(gold, changes, wrong):
    fact = next(f for f in gold.facts if f.surface == "18.6万元")
    agreed = ev.agreement(claim_of(fact, **changes), fact)
    assert [slot for slot, ok in agreed.items() if not ok] == wrong


@pytest.mark.parametrize(
    ("name", "accepted", "same"),
    [
        ("南湖区总工会", ["嘉兴市南湖区总工会"], True),
        ("浙江省嘉兴市南湖区总工会", ["嘉兴市南湖区总工会"], True),
        ("总工会", ["嘉兴市总工会"], False),
        ("", [], True),
        ("嘉兴市总工会", [], False),
        ("", ["嘉兴市总工会"], False),
    ],
)
def test_same_organisation(name, accepted, same):
    assert ev.same_organisation(name, accepted) is same


def test_errors_name_place_and_both_answers(gold):
    fact = gold.facts[-1]
    lines = list(ev.errors(ev.evaluate(gold, [claim_of(fact, programme="health")]), 3))
    assert sum(line.startswith("missed") for line in lines) == 3
    assert "programme health, gold " + fact.programmes[0] in lines[-1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}", "1: 'doc' is missing"),
        ("not json", "1: not a line of gold"),
        ('\n{"doc": "a", "article": 1, "facts": [{"kind": "money"}]}', "2: 'surface' is missing"),
        ('{"doc": "a", "article": 1, "facts": [3]}', "1: not a line of gold"),
    ],
)
def test_bad_gold_is_named(tmp_path, content, message):
    path = tmp_path / "bad.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ev.EvaluationError, match=message) as caught:
        ev.load_gold(path)
    assert str(path) in str(caught.value)


def test_missing_files_are_named(tmp_path):
    for load in (ev.load_gold, ev.load_claims):
        with pytest.raises(ev.EvaluationError, match="none"):
            load(tmp_path / "none.csv")
    with pytest.raises(ev.EvaluationError, match=r"no \.jsonl"):
        ev.load_gold(tmp_path)


def test_missing_column_is_named(tmp_path):
    path = tmp_path / "facts.csv"
    path.write_text("document,kind,value\na.txt,money,3\n", encoding="utf-8")
    with pytest.raises(ev.EvaluationError, match="'value_max' is missing"):
        ev.load_claims(path)


def test_csv_gives_the_same_claims(tmp_path, gold):
    claims = [claim_of(fact) for fact in gold.facts]
    write_csv(tmp_path / "facts.csv", claims)
    assert ev.load_claims(tmp_path / "facts.csv") == claims


def test_figures_are_a_table(gold):
    lines = ev.figures(ev.evaluate(gold, [])).splitlines()
    assert lines[0].split() == list(ev.GROUPS)
    assert len({len(line) for line in lines}) == 1


def noisy(gold: ev.Gold) -> list[ev.Claim]:
    """Claims with every kind of mistake, the same ones each time."""
    chance = random.Random(7)
    claims = []
    for fact in gold.facts:
        if chance.random() < 0.1:
            continue
        claim = claim_of(fact, document=f"pages/{fact.document}")
        for change in (
            {"value": claim.value + 1},
            {"bound": "about"},
            {"status": "planned"},
            {"per": "each"},
            {"organisation": claim.organisation[2:]},
            {"organisation": ""},
            {"programme": chance.choice(fact.programmes)},
            {"programme": "general"},
            {"dates": chance.choice(fact.dates or ((None, None),))},
            {"dates": (None, "2022-06-30")},
            {"kind": "duration"},
        ):
            if chance.random() < 0.08:
                claim = replace(claim, **change)
        claims += [claim] * (2 if chance.random() < 0.1 else 1)
    chance.shuffle(claims)
    return claims


@pytest.mark.parametrize("name", ["cases", "seeds", "train", "dev"])
def test_same_figures_as_the_reference_scorer(tmp_path, name):
    scorer = REFERENCE / "score.py"
    folder = CASES / "gold" if name == "cases" else REFERENCE / name / "gold"
    if not scorer.is_file() or not folder.is_dir():
        pytest.skip(f"the reference scorer or the gold set {name} is not beside this checkout")
    facts = tmp_path / "facts.csv"
    write_csv(facts, noisy(ev.load_gold(folder)))
    run = subprocess.run(
        [sys.executable, scorer, folder, facts, "--json"], capture_output=True, text=True, check=True
    )
    mine = ev.evaluate(ev.load_gold(folder), ev.load_claims(facts)).as_json()
    assert {group: mine[group] for group in ("core", "all")} == json.loads(run.stdout)


def test_command_scores_a_knowledge_base_and_a_file_alike(tmp_path):
    kb = fill(tmp_path / "kb.sqlite")
    with store.open(kb) as opened:
        export.export(opened, tmp_path / "out")
    fact = {"surface": "120余名", "quote": "职工120余名", "kind": "people", "value": 120, "value_max": None}
    fact |= {"bound": "over", "org": ["海宁市总工会"], "programme": ["hardship_relief"], "status": "actual"}
    fact |= {"per": None, "date": [["2023-12-20", "2023-12-20"]]}
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"doc": "a.txt", "article": 1, "facts": [fact]}), encoding="utf-8")
    ways = (["--db", str(kb)], ["--facts", str(tmp_path / "out" / "facts.csv")])
    runs = [CliRunner().invoke(command, [str(gold), *way, "--json", "--errors", "9"]) for way in ways]
    assert [run.exit_code for run in runs] == [0, 0]
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stderr == runs[1].stderr
    figures = json.loads(runs[0].stdout)
    assert figures["people"]["strict"] == {"p": 0.5, "r": 1.0, "f1": 2 / 3}
    assert runs[0].stderr.count("spurious") == 3
    shown = CliRunner().invoke(command, [str(gold), *ways[0], "--errors", "1"]).stdout
    assert "strict F1" in shown
    assert shown.count("spurious") == 1
