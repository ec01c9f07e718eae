"""One event is counted once: what is the same quantity, which claim stands for it, and that the groups kept
while documents come and go are those of a full rebuild."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fakes import CITY, COUNTY, NAMELESS, day, read, rows, run
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.model import Article, DateMention, Fact, Metadata, OrganisationMention, Quantity, Reading, Span
from unionkb import agreement, claims, cli, ids, load, regions, resolve, store
from unionkb.agreement import Claim
from unionkb.sql import upsert

HANGZHOU = OrganisationMention(0, 0, "杭州市总工会", "city", "330100", True)
PROVINCE = OrganisationMention(0, 0, "浙江省总工会", "province", "330000", True)


def _organisation(mention: OrganisationMention) -> str:
    found = resolve.resolve(mention)
    assert found
    return found.id


USUAL = Claim(
    "f1", "a1", "c1", "嘉兴日报", "2024-07-10", _organisation(CITY), "summer_care", "people", "人", "actual",
    None, 54321.0, None, "exact", "职工", "2024-07-09", "2024-07-09", "event", "54321人", 10, "",
)  # fmt: skip
OTHER = USUAL._replace(
    fact_id="f2", article_id="a2", cluster_id="c2", outlet="浙江工人日报", published="2024-07-12"
)


@pytest.mark.parametrize(
    ("value", "bound", "quote", "low", "high"),
    [
        (54321, "exact", "54321人", 54321, 54321),
        (54000, "exact", "54000人", 54000, 54000),
        (54000, "exact", "5.4万人", 53500, 54500),
        (54000, "exact", "５．４万人", 53500, 54500),
        (50000, "exact", "5万人", 50000, 50000),
        (4816400, "exact", "481.64万元", 4816350, 4816450),
        (1.2e8, "exact", "1.2亿元", 1.15e8, 1.25e8),
        (54000, "over", "5.4万余人", 54000, 55000),
        (54000, "over", "5.4万多人", 54000, 55000),
        (500, "over", "500余人", 500, 600),
        (1000, "over", "超过1000人", 1000, 1200),
        (120, "over", "120余名", 120, 130),
        (300, "over", "三百多名", 300, 360),
        (54000, "about", "约5.4万人", 53500, 54500),
        (500, "about", "约500人", 450, 550),
        (1000, "about", "约1000人", 900, 1100),
        (55000, "under", "近5.5万人", 54000, 55000),
        (1000, "under", "近千人", 900, 1000),
        (95, "exact", "95%", 95, 95),
        (95.5, "exact", "95.5%", 95.5, 95.5),
        (5, "range", "5-10场", 5, 10),
        (0, "exact", "0人", 0, 0),
    ],
)
def test_values_that_words_admit(value: float, bound: str, quote: str, low: float, high: float) -> None:
    found = agreement.interval(float(value), 10.0 if bound == "range" else None, bound, quote)
    assert found[:2] == pytest.approx((low, high), rel=1e-6)


SAME: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("as it is", {}, {}),
    ("rounded down", {}, {"value": 54000.0, "bound": "over", "quote": "5.4万余人"}),
    ("rounded", {}, {"value": 54000.0, "quote": "5.4万人"}),
    ("a floor", {}, {"value": 50000.0, "bound": "over", "quote": "超5万人"}),
    ("a ceiling", {}, {"value": 55000.0, "bound": "under", "quote": "近5.5万人"}),
    ("a noun and its head", {"counted": "一线职工"}, {"counted": "职工"}),
    ("a noun and none", {}, {"counted": None}),
    ("other nouns, a number hardly met twice", {}, {"counted": "劳动者"}),
    ("a day and 近日", {}, {"date_start": None, "date_end": "2024-07-12", "date_kind": "recent"}),
    ("a day and its month", {}, {"date_start": "2024-07-01", "date_end": "2024-07-31"}),
    ("a day and no time", {}, {"date_start": None, "date_end": None}),
    ("another classifier", {"kind": "count", "unit": "个"}, {"kind": "count", "unit": "家"}),
    ("a county's, told of the city", {}, {"organisation_id": _organisation(COUNTY)}),
    ("a year, printed a year later", {"date_start": "2023-01-01", "date_end": "2023-12-31"},
     {"date_start": "2023-01-01", "date_end": "2023-12-31", "published": "2025-01-02"}),
    ("cumulative, a few days later", {"date_start": None, "date_kind": "cumulative"},
     {"date_start": None, "date_end": "2024-07-19", "date_kind": "cumulative"}),
    ("few, in the same noun on the same day", {"value": 5.0, "quote": "5人"}, {"value": 5.0, "quote": "5人"}),
    ("plans", {"status": "planned"}, {"status": "planned"}),
    ("ranges", {"bound": "range", "value": 5.0, "value_max": 10.0, "quote": "5-10人"},
     {"bound": "range", "value": 5.0, "value_max": 10.0, "quote": "5到10人"}),
]  # fmt: skip
DIFFERENT: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("another article of the cluster", {}, {"cluster_id": "c1"}),
    ("another value", {}, {"value": 54322.0, "quote": "54322人"}),
    ("beside the rounding", {}, {"value": 55000.0, "bound": "over", "quote": "5.5万余人"}),
    ("a floor above", {}, {"value": 55000.0, "bound": "over", "quote": "超5.5万人"}),
    ("a round number of one digit", {"value": 54000.0, "quote": "54000人"},
     {"value": 50000.0, "quote": "5万人"}),
    ("another programme", {}, {"programme": "hardship_relief"}),
    ("another unit", {}, {"unit": "人次"}),
    ("another kind", {}, {"kind": "households"}),
    ("planned", {}, {"status": "planned"}),
    ("for each", {}, {"per": "each"}),
    ("another organisation", {}, {"organisation_id": _organisation(HANGZHOU)}),
    ("no organisation", {"organisation_id": None}, {"organisation_id": None}),
    ("a county's, rounded", {"value": 54000.0, "bound": "over", "quote": "5.4万余人"},
     {"value": 54000.0, "bound": "over", "quote": "5.4万余人", "organisation_id": _organisation(COUNTY)}),
    ("another day", {}, {"date_start": "2024-07-10", "date_end": "2024-07-10"}),
    ("a day and the year", {}, {"date_start": "2024-01-01", "date_end": "2024-12-31"}),
    ("a day and up to it", {}, {"date_start": None, "date_kind": "cumulative"}),
    ("cumulative, a month later", {"date_start": None, "date_kind": "cumulative"},
     {"date_start": None, "date_end": "2024-08-09", "date_kind": "cumulative"}),
    ("a month, printed half a year later", {"date_start": "2024-07-01", "date_end": "2024-07-31"},
     {"date_start": "2024-07-09", "date_end": "2024-07-09", "published": "2025-01-10"}),
    ("no time, weeks later", {}, {"date_start": None, "date_end": None, "published": "2024-07-25"}),
    ("few, no noun", {"value": 12.0, "quote": "12人"}, {"value": 12.0, "quote": "12人", "counted": None}),
    ("few, other nouns", {"value": 12.0, "quote": "12人"},
     {"value": 12.0, "quote": "12人", "counted": "劳模"}),
    ("few, some day of the month", {"value": 5.0, "quote": "5人"},
     {"value": 5.0, "quote": "5人", "date_start": "2024-07-01", "date_end": "2024-07-31"}),
    ("another range", {"bound": "range", "value": 5.0, "value_max": 10.0, "quote": "5-10人"},
     {"bound": "range", "value": 5.0, "value_max": 12.0, "quote": "5-12人"}),
]  # fmt: skip


def _keys_meet(one: Claim, other: Claim) -> bool:
    mine, its = agreement.keys(one), agreement.keys(other)
    return mine.match == its.match is not None or mine.wide == its.wide is not None


@pytest.mark.parametrize(("what", "one", "other"), SAME, ids=[what for what, *_ in SAME])
def test_the_same_quantity(what: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    mine, its = USUAL._replace(**one), OTHER._replace(**one | other)
    assert agreement.agree(mine, its)
    assert agreement.agree(its, mine)
    assert _keys_meet(mine, its)


@pytest.mark.parametrize(("what", "one", "other"), DIFFERENT, ids=[what for what, *_ in DIFFERENT])
def test_not_the_same_quantity(what: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    mine, its = USUAL._replace(**one), OTHER._replace(**one | other)
    assert not agreement.agree(mine, its)
    assert not agreement.agree(its, mine)


def test_a_group_holds_no_two_that_contradict_each_other() -> None:
    near = [
        OTHER._replace(fact_id=f"f{number}", cluster_id=f"c{number}", value=value, quote=quote, bound=bound)
        for number, (value, quote, bound) in enumerate(
            [(54100.0, "54100人", "exact"), (54321.0, "54321人", "exact"), (54000.0, "5.4万余人", "over")]
        )
    ]
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        found = agreement.partition(near[number] for number in order)
        assert {frozenset(each.fact_id for each in group) for group in found} == {
            frozenset({"f0", "f2"}),
            frozenset({"f1"}),
        }


@pytest.mark.parametrize(
    ("changes", "outlets", "picked", "reason"),
    [
        ([{}], {}, 0, "only claim"),
        ([{"value": 54000.0, "bound": "over", "quote": "5.4万余人"}, {}], {}, 1, "most specific"),
        ([{"date_start": "2024-07-01", "date_end": "2024-07-31"}, {}], {}, 1, "most specific"),
        ([{}, {}], {"f0": 3}, 0, "most sources"),
        ([{"published": "2024-07-10"}, {"published": "2024-07-12"}], {}, 1, "latest"),
        ([{"published": "2024-07-12"}, {"published": None}], {}, 0, "latest"),
        ([{}, {}], {}, 0, "latest"),
    ],
)
def test_which_claim_stands_for_all(
    changes: Sequence[dict[str, Any]], outlets: dict[str, int], picked: int, reason: str
) -> None:
    group = [
        OTHER._replace(fact_id=f"f{number}", cluster_id=f"c{number}", **change)
        for number, change in enumerate(changes)
    ]
    for order in (group, group[::-1]):
        assert agreement.pick(order, lambda claim: outlets.get(claim.fact_id, 1)) == (group[picked], reason)


def test_a_reprint_repeats_the_fact_of_the_same_sentence() -> None:
    def told(article: str, at: int, sentence: str, quote: str = "5人") -> Claim:
        return USUAL._replace(
            fact_id=f"{article}{at}",
            article_id=article,
            value=5.0,
            quote=quote,
            char_start=at,
            sentence=sentence,
        )

    first = [
        told("a", 1, "甲厂慰问5人。"),
        told("a", 9, "乙厂慰问5人。"),
        told("a", 20, "丙厂慰问5名。", "5名"),
    ]
    second = [told("b", 1, "乙厂，慰问5人"), told("b", 9, "乙厂又慰问5人。"), told("b", 20, "丁厂慰问5人。")]
    found = {claim.fact_id: original.fact_id for claim, original in agreement.repeats([*first, *second])}
    assert found == {"a1": "a1", "a9": "a9", "a20": "a20", "b1": "a9", "b9": "a1", "b20": "b20"}


# In the database.

FILLER = "各级工会把防暑降温物资送到一线职工手中，并宣讲防暑知识，受到大家欢迎。"
VALUES = {
    "54321人": (54321.0, "exact"), "54100人": (54100.0, "exact"), "5.4万余人": (54000.0, "over"),
    "超5万人": (50000.0, "over"), "1200人": (1200.0, "exact"),
    "300人": (300.0, "exact"), "5人": (5.0, "exact"),
}  # fmt: skip
TIMES: list[DateMention | None] = [
    None,
    day("2024-07-09"),
    DateMention(0, 0, date(2024, 7, 1), date(2024, 7, 31), "month", "printed"),
    DateMention(0, 0, None, date(2024, 7, 12), "open", "printed", "cumulative"),
    DateMention(0, 0, None, date(2024, 7, 12), "open", "inferred from publication date", "recent"),
]
ORGANISATIONS = [CITY, CITY, COUNTY, PROVINCE, NAMELESS, None]


def _reading(story: int, facts: Sequence[tuple[str, int, int, str]], published: int | None) -> Reading:
    """An article: a text of its own kind by `story`, and a sentence for each fact."""
    body = f"送清凉\n{f'第{story}批，' + FILLER * 3}"
    found = []
    for surface, organisation, when, counted in facts:
        value, bound = VALUES[surface]
        start = len(body) + len("慰问")
        body += f"慰问{surface}{counted}。"
        quantity = Quantity(start, start + len(surface), "people", value, None, "人", bound, counted)
        found.append(
            Fact(
                start, start + len(surface), quantity, ORGANISATIONS[organisation], "summer_care", None,
                "actual", None, TIMES[when], surface, Span(start - 2, len(body)), "test", 0.5,
            )
        )  # fmt: skip
    day_of = date(2024, 7, published) if published else None
    return Reading(Article(body, 4, Metadata(title="送清凉", published=day_of)), found)


def _load(db: Any, name: int, version: int, reading: Reading) -> None:
    digest = ids.digest(f"{name} {version}".encode())
    place = ids.place(f"/{name}.txt")
    page = load.Page(f"{name}.txt", place, "files", "text/plain", "utf-8", 1, digest)
    load.load(db, [page], [reading], run_id=1, extractor_version="1")


def _dump(db: Any) -> tuple[list[Any], list[Any]]:
    return (
        db.execute("SELECT * FROM claim ORDER BY fact_id").fetchall(),
        db.execute("SELECT * FROM claim_group ORDER BY group_id").fetchall(),
    )


def _open(path: Path) -> store.Store:
    kb = store.open(path, write=True)
    with kb.transaction() as db:
        if not db.execute("SELECT 1 FROM run").fetchone():
            regions.load(db.conn)
            db.execute(
                "INSERT INTO run (run_id, command, extractor_version, started_at) VALUES (1, 'test', '1', '')"
            )
            upsert(db.conn, "source", "source_id", {"source_id": "files", "name": "Files", "kind": "files"})
    return kb


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("claims") / "empty.sqlite"
    _open(path).close()
    return path


FACT = st.tuples(
    st.sampled_from(sorted(VALUES)),
    st.integers(0, len(ORGANISATIONS) - 1),
    st.integers(0, len(TIMES) - 1),
    st.sampled_from(["职工", "一线职工", ""]),
)
READING = st.builds(
    _reading, st.integers(1, 2), st.lists(FACT, max_size=3), st.sampled_from([None, 9, 10, 12, 20])
)
HISTORY = st.lists(st.tuples(st.integers(0, 4), READING), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(history=HISTORY, seed=st.integers())
def test_groups_do_not_depend_on_the_way(
    empty: Path, tmp_path_factory: pytest.TempPathFactory, history: list[tuple[int, Reading]], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("way")
    found = []
    last = {name: (version, reading) for version, (name, reading) in enumerate(history)}
    straight = [(name, version, reading) for name, (version, reading) in last.items()]
    random.Random(seed).shuffle(straight)
    for number, way in enumerate(
        ([(name, version, reading) for version, (name, reading) in enumerate(history)], straight)
    ):
        path = folder / f"{number}.sqlite"
        path.write_bytes(empty.read_bytes())
        with _open(path) as kb:
            for step in way:
                with kb.transaction() as db:
                    _load(db.conn, *step)
            kept = _dump(kb.db.conn)
            assert kb.db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
            with kb.transaction() as db:
                claims.rebuild(db.conn)
            assert _dump(kb.db.conn) == kept
            found.append(kept)
    assert found[0] == found[1]


def _news(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.txt"
    path.write_text(text, encoding="utf-8")
    return path


def _city(drafts: Sequence[Any]) -> list[Reading]:
    """Reads every number with a unit as a fact of the city, of 9 July; `县总` is a name nobody knows."""
    found = []
    for reading in read(drafts):
        nameless = "县总" in reading.article.body
        facts = [
            replace(fact, organisation=NAMELESS if nameless else CITY, when=day("2024-07-09"))
            for fact in reading.facts
        ]
        meta = replace(reading.article.meta, published=date(2024, 7, 10))
        found.append(replace(reading, article=replace(reading.article, meta=meta), facts=facts))
    return found


def test_sums_count_once_what_two_papers_tell(tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"
    files = [
        _news(tmp_path, "a", "送清凉\n市总慰问1234人，其中困难职工300人，发放98765元。"),
        _news(
            tmp_path,
            "b",
            "高温下的关怀\n昨天，1234人收到市总的清凉包，总值98765元；另有困难职工300人得到补助。",
        ),
        _news(tmp_path, "c", "市总又送清凉\n市总慰问1231人。"),
    ]
    run(db, *files, reader=_city)
    assert rows(db, "SELECT headcount, money FROM organisation_year") == [(1234.0 + 1231.0, 98765.0)]
    assert rows(db, "SELECT sum(headcount), sum(money) FROM activities") == [(2465.0, 98765.0)]
    assert rows(db, "SELECT headcount, money, quantities FROM programme_year") == [(2465.0, 98765.0, 3)]
    assert rows(db, "SELECT value, claims, picked_because FROM quantities WHERE kind = 'money'") == [
        (98765.0, 2, "latest")
    ]
    assert rows(db, "SELECT count(*), count(DISTINCT group_id), sum(is_picked) FROM claims") == [(7, 5, 5)]
    assert rows(db, "SELECT facts, quantities FROM organisations WHERE organisation = '嘉兴市总工会'") == [
        (7, 5)
    ]
    run(db, _news(tmp_path, "b", "高温下的关怀\n没有数字。"), reader=_city)
    assert rows(db, "SELECT sum(claims), count(*) FROM claim_group") == [(4, 4)]


def test_contradictions_are_set_side_by_side(tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"

    def with_noun(drafts: Sequence[Any]) -> list[Reading]:
        return [
            replace(
                reading,
                facts=[
                    replace(fact, quantity=replace(fact.quantity, counted="职工")) for fact in reading.facts
                ],
            )
            for reading in _city(drafts)
        ]

    run(
        db,
        _news(tmp_path, "a", "送清凉\n市总慰问1234人。"),
        _news(tmp_path, "b", "高温下的关怀\n市总慰问1243人。"),
        _news(tmp_path, "c", "两天慰问\n市总慰问1234人，又慰问88人。"),
        reader=with_noun,
    )
    found = rows(db, "SELECT value, other_value, sentence, other_sentence FROM conflicts")
    assert {frozenset(row[:2]) for row in found} == {frozenset({1234.0, 1243.0}), frozenset({88.0, 1243.0})}
    assert all(str(int(float(str(value)))) in str(sentence) for value, _, sentence, _ in found)


def test_reprints_are_listed_with_the_first_and_how_like_they_are(tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"
    story = FILLER * 4 + "市总慰问1234人，发放98765元。"
    run(
        db,
        _news(tmp_path, "a", f"送清凉\n{story}"),
        _news(tmp_path, "b", f"送清凉\n{story}"),
        _news(tmp_path, "c", f"送清凉来了\n{story.replace('大家', '人们')}"),
        _news(tmp_path, "d", "别的\n市总慰问80人。"),
        reader=_city,
    )
    found = rows(db, "SELECT is_reprint, likeness, first_article_id = article_id FROM reprints ORDER BY 1, 2")
    assert [row[0] for row in found] == [0, 1, 1]
    assert [row[2] for row in found] == [1, 0, 0]
    assert found[0][1] == 1.0
    assert all(0.8 < float(str(row[1])) <= 1 for row in found)
    assert rows(db, "SELECT facts, claims FROM claim_group WHERE facts > 1") == [(3, 1), (3, 1)]
    assert rows(db, "SELECT headcount FROM organisation_year") == [(1314.0,)]


def test_what_was_stored_before_is_grouped_when_it_is_opened(tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"
    run(db, _news(tmp_path, "a", "送清凉\n市总慰问1234人。"), reader=_city)
    with store.open(db, write=True) as kb, kb.transaction() as writer:
        before = _dump(writer.conn)
        writer.execute("DELETE FROM claim")
        writer.execute("DELETE FROM claim_group")
        writer.execute("DROP VIEW claims")
    with store.open(db) as kb:
        assert _dump(kb.db.conn) == before


def test_a_rejected_fact_leaves_its_group(tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"
    files = [_news(tmp_path, name, f"送清凉{name}\n市总慰问1234人。") for name in "ab"]
    run(db, *files, reader=_city)
    with store.open(db, write=True) as kb, kb.transaction() as writer:
        fact_id, article_id = writer.execute(
            "SELECT fact_id, article_id FROM claims WHERE is_picked"
        ).fetchone()
        with claims.changing(writer.conn, [article_id]):
            writer.execute("UPDATE fact SET review_status = 'rejected' WHERE fact_id = ?", [fact_id])
    assert rows(db, "SELECT claims, picked_because FROM quantities") == [(1, "only claim")]
    assert rows(db, f"SELECT 1 FROM claims WHERE fact_id = '{fact_id}'") == []


def test_names_nobody_knows_are_a_work_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = tmp_path / "kb.sqlite"
    names = {"a": "县总慰问80人。", "b": "县总慰问90人，又慰问12户。", "c": "市总慰问1234人。"}
    run(db, *(_news(tmp_path, name, f"标题\n{text}") for name, text in names.items()), reader=_city)
    assert rows(db, "SELECT name, articles, facts FROM unresolved") == [("县总工会", 2, 3)]
    with pytest.raises(SystemExit) as stopped:
        cli.main(["unresolved", "--db", str(db)])
    assert not stopped.value.code
    heading, line = capsys.readouterr().out.splitlines()
    assert heading.split() == ["facts", "articles", "name", "likely_region", "example"]
    assert line.split()[:3] == ["3", "2", "县总工会"]
    with pytest.raises(SystemExit):
        cli.main(["unresolved", "--db", str(db), "--json"])
    assert json.loads(capsys.readouterr().out)["facts"] == 3


def test_an_organisation_under_its_former_name(tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"
    former = OrganisationMention(0, 0, "襄樊市总工会", "city", "420600", True)

    def old(drafts: Sequence[Any]) -> list[Reading]:
        return [
            replace(reading, facts=[replace(fact, organisation=former) for fact in reading.facts])
            for reading in _city(drafts)
        ]

    run(db, _news(tmp_path, "a", "送清凉\n襄樊市总工会慰问1234人。"), reader=old)
    assert rows(db, "SELECT organisation, city FROM facts") == [("襄樊市总工会", "襄阳市")]
    assert rows(
        db,
        "SELECT organisation, former_names, province_code, city_code, county_code FROM organisations"
        " WHERE quantities",
    ) == [("襄阳市总工会", "襄樊市总工会", "420000", "420600", None)]
    assert rows(
        db,
        "SELECT depth, ancestor FROM organisation_chain JOIN facts USING (organisation_id) ORDER BY depth",
    ) == [(0, "襄阳市总工会"), (1, "湖北省总工会"), (2, "中华全国总工会")]
    assert rows(
        db,
        "SELECT name, valid_from, valid_to FROM organisation_name WHERE name LIKE '襄%' ORDER BY 1",
    ) == [("襄樊市总工会", None, "2010-11-26"), ("襄阳市总工会", "2010-11-26", None)]
    assert rows(db, "SELECT * FROM unresolved") == []


def test_codes_at_each_level(tmp_path: Path) -> None:
    with _open(tmp_path / "kb.sqlite") as kb:
        codes = {
            row["region_code"]: (row["province_code"], row["city_code"], row["county_code"])
            for row in kb.rows("SELECT * FROM places")
        }
    assert codes["330000"] == ("330000", None, None)
    assert codes["330400"] == ("330000", "330400", None)
    assert codes["330421"] == ("330000", "330400", "330421")
    assert codes["110105"] == ("110000", None, "110105")
