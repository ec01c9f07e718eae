"""Reviews: what can be said of facts, what it does to them, and that no new reading loses it."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import Ear, day, read, rows, run
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.model import Draft, OrganisationMention, Reading
from unionkb import review, store
from unionkb.reread import read_stored
from unionkb.review import ReviewError, anchor, carry, record
from unionkb.review.slots import precision
from unionkb.run import recorded

BODY = (
    "市总送温暖\n"
    "进入冬季以来，各级工会组织深入车间班组了解职工所需所盼。\n"
    "市总走访慰问困难职工300人，发放慰问金50000元，另有20户家庭得到帮扶。\n"
)

GONE = "启事\n" + "本页内容已经由编辑部撤下，敬请读者谅解。" * 3


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "kb.sqlite"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "news.txt"
    path.write_text(BODY, encoding="utf-8")
    return path


@pytest.fixture
def kb(db: Path, page: Path) -> Path:
    run(db, page)
    return db


def fact_id(db: Path, quote: str = "300人") -> str:
    ((found,),) = rows(db, f"SELECT fact_id FROM facts WHERE quote = '{quote}'")
    return str(found)


def say(db: Path, action: str, quote: str | None = "300人", **said: Any) -> str:
    if quote is not None:
        said = {"fact_id": fact_id(db, quote)} | said
    with store.open(db, write=True) as kb:
        return review.add(kb, action=action, **{"reviewer": "Lin", **said})


def add_missed(db: Path, quote: str, **fields: Any) -> str:
    ((article_id, body),) = rows(db, "SELECT article_id, body FROM articles")
    start = body.index(quote)
    return say(db, "add", None, article_id=article_id, start=start, end=start + len(quote), fields=fields)


def shown(
    db: Path, quote: str = "300人", columns: str = "kind, value, review_status"
) -> list[tuple[Any, ...]]:
    return rows(db, f"SELECT {columns} FROM facts WHERE quote = '{quote}' ORDER BY fact_id")


def states(db: Path) -> list[tuple[str, str, str | None]]:
    return rows(db, "SELECT action, state, how FROM reviews ORDER BY made_at, review_id")


def extract_again(
    db: Path, page: Path, monkeypatch: pytest.MonkeyPatch, change: Any = None, keep: Any = lambda fact: True
) -> None:
    """Read again with an extractor that alters facts, or passes over some."""

    def reader(drafts: Sequence[Draft]) -> list[Reading]:
        return [
            Reading(each.article, [change(fact) if change else fact for fact in each.facts if keep(fact)])
            for each in read(drafts)
        ]

    extract_again.count += 1  # type: ignore[attr-defined]
    version = f"9.{extract_again.count}"  # type: ignore[attr-defined]
    monkeypatch.setattr("unionkb.ingest.extractor_version", lambda: version)
    run(db, page, reader=reader)


extract_again.count = 0  # type: ignore[attr-defined]


# ---------------------------------------------------------------- what a review does


def test_accept_reject_and_the_latest_wins(kb: Path) -> None:
    say(kb, "accept")
    assert shown(kb) == [("people", 300.0, "accepted")]
    say(kb, "reject", reason="whole city")
    assert shown(kb) == [("people", 300.0, "rejected")]
    assert rows(kb, "SELECT max(headcount) FROM figures") == [(None,)]
    assert states(kb) == [("accept", "overruled", "same"), ("reject", "in force", "same")]
    with store.open(kb) as opened:
        first, second = review.history(opened.db.conn, fact_id(kb))
    assert (first["action"], second["action"], second["reason"]) == (
        "accept",
        "reject",
        "whole city",
    )


def test_a_correction_shows_and_the_own_reading_is_kept(kb: Path) -> None:
    before = rows(kb, "SELECT * FROM fact ORDER BY fact_id")
    fields = {
        "organisation": "海宁市总工会", "programme": "skills_training", "programme_name": "求学圆梦行动",
        "value": 320, "bound": "over", "status": "planned", "per": "year", "counted": "一线职工",
        "date_start": "2024-02-01", "date_end": "2024-02-29",
    }  # fmt: skip
    review_id = say(kb, "correct", fields=fields)
    columns = f"{', '.join(fields)}, county, date_precision, review_status"
    ((*corrected, county, fine, status),) = shown(kb, columns=columns)
    assert dict(zip(fields, corrected, strict=True)) == fields
    assert (county, fine, status) == ("海宁市", "month", "corrected")
    assert rows(kb, "SELECT value, bound, status, date_start FROM fact_original") == [
        (300.0, "exact", "actual", None)
    ]
    ((said,),) = rows(kb, f"SELECT fields FROM review WHERE review_id = '{review_id}'")
    assert json.loads(said) == fields | {"value": 320.0}
    say(kb, "withdraw")
    assert rows(kb, "SELECT * FROM fact ORDER BY fact_id") == before
    assert not rows(kb, "SELECT * FROM fact_original")
    assert [state for _, state, _ in states(kb)] == ["withdrawn", "withdrawn"]


def test_corrections_add_up_and_an_accepted_correction_stays(kb: Path) -> None:
    say(kb, "correct", fields={"value": 320})
    say(kb, "correct", fields={"bound": "over"})
    say(kb, "accept", reviewer="Wang")
    assert shown(kb, columns="value, bound, review_status") == [(320.0, "over", "corrected")]


def test_a_missed_fact_is_added_corrected_and_withdrawn(kb: Path) -> None:
    article = "SELECT count(*) FROM fact"
    ((before,),) = rows(kb, article)
    add_missed(kb, "家庭", kind="households", value=25, unit="户", counted="家庭")
    assert shown(kb, "家庭", "kind, value, unit, rule, review_status") == [
        ("households", 25.0, "户", "review", "accepted")
    ]
    ((sentence,),) = shown(kb, "家庭", "sentence")
    assert sentence.startswith("市总走访慰问")
    added = fact_id(kb, "家庭")
    say(kb, "correct", "家庭", fields={"value": 26})
    say(kb, "correct", "家庭", fields={"status": "planned"})
    assert shown(kb, "家庭", "fact_id, value, status, review_status") == [
        (added, 26.0, "planned", "corrected")
    ]
    say(kb, "reject", "家庭")
    assert shown(kb, "家庭", "fact_id, review_status") == [(added, "rejected")]
    say(kb, "withdraw", "家庭")
    assert rows(kb, article) == [(before,)]
    assert rows(kb, f"SELECT reason FROM tombstone WHERE id = '{added}'") == [("withdrawn in review",)]


def test_the_words_of_a_missed_fact_are_read(kb: Path, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extract_again(kb, page, monkeypatch, keep=lambda fact: False)
    add_missed(kb, "50000元", organisation="嘉兴市总工会")
    columns = "kind, value, unit, bound, organisation, programme"
    assert shown(kb, "50000元", columns) == [("money", 50000.0, "元", "exact", "嘉兴市总工会", "general")]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"action": "praise"}, "action: 'praise' is none of"),
        ({"reviewer": "  "}, "reviewer: who says so?"),
        ({"reviewer": "x" * 101}, "reviewer: no name"),
        ({"reason": "x" * 2001}, "reason: longer"),
        ({"fact_id": "0" * 16}, "0000000000000000: no such fact"),
        ({"fact_id": None}, "accept: of which fact?"),
        ({"fields": {"value": 1}}, "fields go with"),
        ({"action": "withdraw"}, "no review to withdraw"),
        ({"action": "add"}, "goes with a place"),
        ({"action": "correct"}, "nothing to correct"),
        ({"action": "correct", "fields": {"value": 300}}, "says that already"),
        ({"action": "correct", "fields": {"quote": "x"}}, "quote: no field that can be corrected"),
        ({"action": "correct", "fields": {"kind": "men"}}, "kind: 'men' is none of"),
        ({"action": "correct", "fields": {"value": "5.4万"}}, "value: '5.4万' is no number"),
        ({"action": "correct", "fields": {"value": float("nan")}}, "no number that a fact can state"),
        ({"action": "correct", "fields": {"value": -1}}, "no number that a fact can state"),
        ({"action": "correct", "fields": {"value": True}}, "is no number"),
        ({"action": "correct", "fields": {"bound": "range"}}, "a `range` needs value_max"),
        ({"action": "correct", "fields": {"value_max": 5}}, "is less than value"),
        ({"action": "correct", "fields": {"value_max": 500, "bound": "over"}}, "`range` only"),
        ({"action": "correct", "fields": {"date_start": "2024-02-30"}}, "is no day"),
        ({"action": "correct", "fields": {"date_start": "2024-2-3"}}, "is no day"),
        (
            {"action": "correct", "fields": {"date_start": "2024-02-02", "date_end": "2024-02-01"}},
            "is before",
        ),
        ({"action": "correct", "fields": {"programme": "sports"}}, "programme: 'sports' is none of"),
        ({"action": "correct", "fields": {"programme": ""}}, "programme: '' is none of"),
        ({"action": "correct", "fields": {"unit": " "}}, "unit: must not be empty"),
        ({"action": "correct", "fields": {"counted": 5}}, "counted: must be text"),
        ({"action": "correct", "fields": {"counted": "a\x00b"}}, "cannot be printed"),
        ({"action": "correct", "fields": {"organisation": "x" * 201}}, "organisation: longer"),
    ],
)
def test_what_cannot_be_taken_is_refused(kb: Path, said: dict[str, Any], message: str) -> None:
    with pytest.raises(ReviewError) as raised:
        say(kb, **{"action": "accept"} | said)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not rows(kb, "SELECT * FROM review")


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({}, "needs an article"),
        ({"article_id": "0" * 16, "start": 0, "end": 1}, "no such article"),
        ({"start": 5, "end": 5}, "no place in the article"),
        ({"start": 0, "end": 10_000}, "no place in the article"),
        ({"start": 4, "end": 7}, "neither begins nor ends with space"),
        ({"start": 0, "end": 2}, "no quantity can be read there"),
    ],
)
def test_places_that_cannot_hold_a_fact(kb: Path, place: dict[str, Any], message: str) -> None:
    ((article_id,),) = rows(kb, "SELECT article_id FROM articles")
    with pytest.raises(ReviewError) as raised:
        say(kb, "add", None, **({"article_id": article_id} | place if place else {}))
    assert message in str(raised.value)


def test_a_fact_that_is_there_is_not_added(kb: Path) -> None:
    with pytest.raises(ReviewError, match="is there already"):
        add_missed(kb, "300人")


def test_reviews_cannot_be_changed(kb: Path) -> None:
    say(kb, "accept")
    with store.open(kb, write=True) as opened:
        for sql in ("UPDATE review SET reviewer = 'x'", "DELETE FROM review"):
            with pytest.raises(sqlite3.IntegrityError, match="reviews are never"):
                opened.db.conn.execute(sql)


# ---------------------------------------------------------------- what survives


def test_a_correction_survives_an_extractor_that_reads_otherwise(
    kb: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(kb, "correct", fields={"value": 320, "organisation": "海宁市总工会"})
    say(kb, "accept", "50000元")
    say(kb, "reject", "20户")

    def change(fact: Any) -> Any:
        return replace(
            fact,
            start=fact.start - 2,
            quantity=replace(fact.quantity, value=fact.quantity.value * 10, unit="名"),
            quote=BODY[fact.start - 2 : fact.end],
            status="planned",
        )

    extract_again(kb, page, monkeypatch, change)
    columns = "quote, value, organisation, status, review_status"
    assert rows(kb, f"SELECT {columns} FROM facts ORDER BY char_start") == [
        ("职工300人", 320.0, "海宁市总工会", "actual", "corrected"),
        ("问金50000元", 50000.0, "嘉兴市总工会", "actual", "corrected"),
        ("另有20户", 200.0, "嘉兴市总工会", "planned", "unreviewed"),
    ]
    assert rows(kb, "SELECT value FROM fact_original ORDER BY 1") == [(3000.0,), (500000.0,)]
    assert states(kb) == [
        ("correct", "in force", "read otherwise"),
        ("accept", "in force", "read otherwise"),
        ("reject", "unmatched", None),
    ]
    extract_again(kb, page, monkeypatch)  # And back again.
    assert [state for _, state, _ in states(kb)] == ["in force"] * 3
    assert shown(kb, "20户") == [("households", 20.0, "rejected")]
    assert shown(kb, "50000元") == [("money", 50000.0, "accepted")]


def test_a_fact_that_is_read_no_more_stands_by_its_review(
    kb: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(kb, "accept")
    say(kb, "correct", "50000元", fields={"value": 60000})
    say(kb, "reject", "20户")
    known = fact_id(kb), fact_id(kb, "50000元")
    extract_again(kb, page, monkeypatch, keep=lambda fact: False)
    found = rows(kb, "SELECT fact_id, value, rule, review_status FROM facts ORDER BY char_start")
    assert found == [(known[0], 300.0, "review", "accepted"), (known[1], 60000.0, "review", "corrected")]
    assert states(kb) == [
        ("accept", "in force", "not read"),
        ("correct", "in force", "not read"),
        ("reject", "unmatched", None),
    ]
    assert rows(kb, "SELECT count(*) FROM tombstone") == [(1,)]  # The rejected one.


def test_an_added_fact_that_is_read_later_is_one(
    kb: Path, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract_again(kb, page, monkeypatch, keep=lambda fact: fact.quote != "300人")
    assert shown(kb) == []
    add_missed(kb, "职工300人", programme="hardship_relief", organisation="嘉兴市总工会")
    extract_again(kb, page, monkeypatch)
    assert shown(kb, columns="value, rule, review_status") == [(300.0, "test", "corrected")]  # `counted`
    assert shown(kb, "职工300人") == []


def test_reviews_survive_a_page_whose_first_paragraph_changed(kb: Path, page: Path) -> None:
    say(kb, "correct", fields={"bound": "over"})
    say(kb, "accept", "50000元")
    add_missed(kb, "家庭", kind="people", value=60)
    say(kb, "reject", "20户")
    old = rows(kb, "SELECT article_id FROM articles")
    page.write_text(BODY.replace("进入冬季以来，", "连日来寒潮来袭，全市"), encoding="utf-8")
    run(kb, page)
    assert rows(kb, "SELECT article_id FROM articles") != old
    assert rows(kb, "SELECT quote, bound, review_status FROM facts ORDER BY char_start") == [
        ("300人", "over", "corrected"),
        ("50000元", "exact", "accepted"),
        ("20户", "exact", "rejected"),
        ("家庭", "exact", "accepted"),
    ]
    assert {state for _, state, _ in states(kb)} == {"in force"}


def test_reviews_hold_for_every_print_of_the_text_and_outlive_their_document(
    kb: Path, page: Path, tmp_path: Path
) -> None:
    say(kb, "correct", fields={"value": 320})
    reprint = tmp_path / "reprint.txt"
    reprint.write_text(BODY.replace("市总送温暖", "冬日暖流"), encoding="utf-8")
    run(kb, reprint)
    assert shown(kb) == [("people", 320.0, "corrected")] * 2
    page.write_text(GONE + "另有7人。\n", encoding="utf-8")
    run(kb, page)
    assert shown(kb, columns="document, value") == [("reprint.txt", 320.0)]
    assert states(kb) == [("correct", "in force", "same")]
    reprint.write_text(GONE + "另有8人。\n", encoding="utf-8")
    run(kb, reprint)
    assert states(kb) == [("correct", "unmatched", None)]
    page.write_text(BODY, encoding="utf-8")
    run(kb, page)
    assert states(kb) == [("correct", "in force", "same")]
    assert shown(kb) == [("people", 320.0, "corrected")]


def test_a_rebuild_gives_the_same(kb: Path, page: Path, tmp_path: Path) -> None:
    say(kb, "correct", fields={"value": 320, "organisation": "义乌市某某制衣有限公司工会"})
    say(kb, "accept", "50000元")
    add_missed(kb, "家庭", kind="people", value=60, organisation="海宁市总工会")
    say(kb, "correct", "家庭", fields={"value": 61})
    other = tmp_path / "again.sqlite"
    said = rows(kb, f"SELECT {', '.join(record.COLUMNS)} FROM review")
    with store.open(other, write=True) as opened:
        for row in reversed(said):  # In whatever order, before the page is there.
            with opened.transaction() as open_db:
                review.put(open_db.conn, dict(zip(record.COLUMNS, row, strict=True)))
    assert {state for _, state, _ in states(other)} == {"unmatched"}
    run(other, page)
    for sql in ("SELECT * FROM facts ORDER BY fact_id", "SELECT * FROM reviews ORDER BY review_id"):
        assert rows(other, sql) == rows(kb, sql)


def test_a_broken_review_leaves_nothing(kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows(kb, "SELECT * FROM fact ORDER BY fact_id")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("unionkb.review.replay._note", broken)
    with pytest.raises(RuntimeError):
        say(kb, "correct", fields={"value": 320})
    assert rows(kb, "SELECT * FROM fact ORDER BY fact_id") == before
    assert not rows(kb, "SELECT * FROM review")


# ---------------------------------------------------------------- places


@given(st.text("职工工会12人户，。\n", min_size=3, max_size=60), st.data())
@settings(deadline=None)
def test_a_place_is_found_again_in_the_same_text(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    place = anchor.find(anchor.make(body, start, end), body, same=True)
    assert place
    assert (place.start, place.end) == (start, end)
    before = data.draw(st.text("上海", max_size=9))
    moved = anchor.find(anchor.make(body, start, end), before + body, same=True)
    assert moved
    assert (before + body)[moved.start : moved.end] == body[start:end]


def test_a_quote_alone_is_no_place_in_another_text() -> None:
    made = anchor.make("市总走访慰问困难职工300人，发放慰问金。", 10, 14)
    assert made["quote"] == "300人"
    assert anchor.find(made, "全市有300人参赛。", same=False) is None
    found = anchor.find(made, "昨天，总工会走访慰问困难职工300人，送去米面。再访300人。", same=False)
    assert found
    assert found.start == 14


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, None),
        ("2024-01-01", None, "open"),
        (None, "2024-01-01", "open"),
        ("2024-01-02", "2024-01-02", "day"),
        ("2024-02-01", "2024-02-29", "month"),
        ("2024-01-01", "2024-12-31", "year"),
        ("2022-01-01", "2024-12-31", "years"),
        ("2024-01-01", "2024-02-03", "span"),
    ],
)
def test_precision(start: str | None, end: str | None, expected: str | None) -> None:
    assert precision(start, end) == expected


def test_reviews_survive_extract_with_another_extractor(kb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the archive, as `unionkb extract` does it; what a review holds in place has not changed."""
    say(kb, "correct", fields={"value": 320})
    say(kb, "accept", "50000元")
    add_missed(kb, "家庭", kind="people", value=60)
    monkeypatch.setattr("unionkb.reread.extractor_version", lambda: "9.9.9+next")

    def reader(drafts: Sequence[Draft]) -> list[Reading]:
        return [
            Reading(each.article, [replace(fact, status="planned") for fact in each.facts[1:]])
            for each in read(drafts)
        ]

    ear = Ear()
    with store.open(kb, write=True) as opened, recorded(opened, "extract", ear) as run_:
        changes = read_stored(opened, ear, all_pages=True, run_id=run_.run_id, sources={}, reader=reader)
    assert (changes.gone, changes.altered, dict(changes.columns)["status"]) == (0, 2, 1)
    assert rows(kb, "SELECT quote, value, status, rule, review_status FROM facts ORDER BY char_start") == [
        ("300人", 320.0, "actual", "review", "corrected"),
        ("50000元", 50000.0, "actual", "test", "corrected"),
        ("20户", 20.0, "planned", "test", "unreviewed"),
        ("家庭", 60.0, "actual", "review", "accepted"),
    ]
    assert rows(kb, "SELECT count(*) FROM tombstone") == [(0,)]


def test_a_print_has_its_own_last_word_and_its_own_days(kb: Path, page: Path, tmp_path: Path) -> None:
    reprint = tmp_path / "reprint.txt"
    reprint.write_text(BODY.replace("市总送温暖", "冬日暖流"), encoding="utf-8")
    inferred = "inferred from publication date"

    def reader(drafts: Sequence[Draft]) -> list[Reading]:
        found = []
        for each in read(drafts):
            when = replace(day("2024-01-05" if "冬日" in each.article.body else "2024-01-02"), basis=inferred)
            found.append(Reading(each.article, [replace(fact, when=when) for fact in each.facts]))
        return found

    again = tmp_path / "again.sqlite"
    run(again, page, reprint, reader=reader)
    ids = dict(rows(again, "SELECT document, fact_id FROM facts WHERE quote = '300人'"))
    days = (
        "SELECT document, value, date_start, review_status FROM facts WHERE quote = '300人' ORDER BY document"
    )
    say(again, "accept", None, fact_id=ids["news.txt"])
    assert rows(again, days) == [
        ("news.txt", 300.0, "2024-01-02", "accepted"),
        ("reprint.txt", 300.0, "2024-01-05", "accepted"),
    ]
    say(again, "correct", None, fact_id=ids["reprint.txt"], fields={"value": 310})
    say(again, "withdraw", None, fact_id=ids["news.txt"])
    assert rows(again, days) == [
        ("news.txt", 300.0, "2024-01-02", "unreviewed"),
        ("reprint.txt", 310.0, "2024-01-05", "corrected"),
    ]
    say(again, "correct", None, fact_id=ids["reprint.txt"], fields={"date_start": "2024-01-01"})
    assert rows(again, "SELECT date_basis FROM facts WHERE document = 'reprint.txt' AND quote = '300人'") == [
        ("inferred from article",)
    ]


FORMER = OrganisationMention(0, 0, "襄樊市总工会", "city", "420600", True)
NAMED = "SELECT organisation, city, value, review_status FROM facts WHERE quote = '300人'"


def _of_former(drafts: Sequence[Draft]) -> list[Reading]:
    return [
        Reading(each.article, [replace(fact, organisation=FORMER) for fact in each.facts])
        for each in read(drafts)
    ]


def test_a_former_name_stays_when_something_else_is_corrected(db: Path, page: Path) -> None:
    run(db, page, reader=_of_former)
    say(db, "accept")
    assert rows(db, NAMED) == [("襄樊市总工会", "襄阳市", 300.0, "accepted")]
    say(db, "correct", fields={"value": 320})
    assert rows(db, NAMED) == [("襄樊市总工会", "襄阳市", 320.0, "corrected")]
    assert rows(db, "SELECT organisation FROM organisations WHERE facts") == [("襄阳市总工会",)]


def test_a_former_name_that_a_reviewer_gives_stays(
    kb: Path, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(kb, "correct", fields={"organisation": "襄樊市总工会"})
    say(kb, "correct", fields={"value": 320})
    expected = [("襄樊市总工会", "襄阳市", 320.0, "corrected")]
    assert rows(kb, NAMED) == expected
    today = replace(FORMER, name="襄阳市总工会")
    extract_again(kb, page, monkeypatch, lambda fact: replace(fact, organisation=today))
    assert rows(kb, NAMED) == expected
    # Where there is no row of the organisation yet.
    new = tmp_path / "new.sqlite"
    run(new, page)
    with store.open(kb) as old:
        (tmp_path / "reviews.jsonl").write_bytes(carry.write(old))
    with store.open(new, write=True) as opened:
        assert carry.take_in(opened, tmp_path / "reviews.jsonl").errors == []
    assert rows(new, NAMED) == expected
    say(kb, "correct", fields={"organisation": "襄阳市总工会"})
    assert rows(kb, NAMED)[0][0] == "襄阳市总工会"


def test_of_which_time_a_name_is_nobody_said(db: Path, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An accepted fact whose organisation is read under its name of then is as it was accepted."""
    today = replace(FORMER, name="襄阳市总工会")
    extract_again(db, page, monkeypatch, lambda fact: replace(fact, organisation=today))
    say(db, "accept")
    extract_again(db, page, monkeypatch, lambda fact: replace(fact, organisation=FORMER))
    assert rows(db, NAMED) == [("襄樊市总工会", "襄阳市", 300.0, "accepted")]
