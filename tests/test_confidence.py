"""Confidence: what it rests on, and how far it can be believed."""

from dataclasses import replace
from datetime import date

import pytest

from extract import confidence
from extract.model import Draft, Fact, Metadata
from extract.pipeline import read_page
from extract.words import table
from unionkb import evaluate, reliability

PAGE = "7月9日,绍兴市总工会走访工地,慰问职工320人。\n全市还将新建驿站46家,每家补助2万元。\n"


def facts() -> list[Fact]:
    draft = Draft(PAGE, Metadata(title="绍兴市总工会送清凉", published=date(2024, 7, 12)), single=True)
    return [fact for reading in read_page([draft]) for fact in reading.facts]


def test_evidence_says_where_the_fields_were_found() -> None:
    told, planned, rate = facts()
    assert {"kind people", "organisation sentence", "actual"} <= set(told.evidence)
    assert {"kind count", "planned"} <= set(planned.evidence)
    assert "per each" in rate.evidence
    assert all(fact.confidence == round(confidence.estimate(fact.evidence), 3) for fact in facts())


def test_the_weights_move_the_estimate() -> None:
    weights = {row["term"]: float(row["value"]) for row in table("confidence_weights")}
    sure = max((name for name in weights if name.startswith("programme")), key=weights.__getitem__)
    unsure = min((name for name in weights if name.startswith("programme")), key=weights.__getitem__)
    assert 0 < confidence.estimate(("any", unsure)) < confidence.estimate(("any", sure)) < 1
    assert confidence.estimate(()) == confidence.estimate(("no such feature",)) == 0.5


JUDGED = [(0.85, True)] * 8 + [(0.85, False)] * 2 + [(0.65, False)] * 5 + [(1.0, True)]


def test_bins_hold_what_was_said_and_what_was_right() -> None:
    found = [(b.low, b.high, b.facts, round(b.said, 3), round(b.right, 3)) for b in reliability.bins(JUDGED)]
    assert found == [(0.6, 0.7, 5, 0.65, 0.0), (0.8, 0.9, 10, 0.85, 0.8), (0.9, 1.0, 1, 1.0, 1.0)]
    assert reliability.error(JUDGED) == pytest.approx((5 * 0.65 + 10 * 0.05) / 16)
    assert "0.8 - 0.9      10   0.850   0.800" in reliability.table(JUDGED)


def test_nothing_judged_is_no_figure() -> None:
    assert reliability.bins([]) == []
    assert reliability.error([]) != reliability.error([])  # not a number


def test_a_claim_is_right_when_all_its_fields_are() -> None:
    claim = evaluate.Claim(
        "a.txt", "people", 320.0, None, "exact", "actual", None, "绍兴市总工会", "general", ("2024", "2024")
    )
    gold = evaluate.GoldFact(
        *("a.txt", 1, "320人", "", "people", 320.0, None, ("exact",), ("actual",), (None,)),
        *(("绍兴市总工会",), ("general",), (("2024", "2024"),), False),
    )
    others = [
        (replace(claim, status="planned"), gold, False),
        (claim, replace(gold, optional=True), None),
        (claim, replace(gold, value=321.0), False),
        (claim, gold, True),
    ]
    for said, wanted, right in others:
        found = evaluate.evaluate(evaluate.Gold(("a.txt",), (wanted,)), [said])
        assert evaluate.judged(found) == [right]
