"""What a release has beside the facts: quantities with their claims, contradictions, reprints, reviews."""

import csv
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import frictionless
import pytest
from click.testing import CliRunner

from unionkb import KnowledgeBase, export, query, review, store, table_files, tables
from unionkb.commands.ingest import command as ingest
from unionkb.review import carry

_LONG = (
    "7月18日，嘉兴市总工会慰问一线职工1234人，发放防暑物资98765元。活动在市体育馆前的广场上举行，来自建筑、环卫、"
    "快递等行业的劳动者代表参加，现场还设有健康咨询、法律服务和文艺演出，气氛热烈。参加的职工说，大热天里收到娘家人"
    "的关心，心里格外清爽，干活更有劲头。"
)
PAGES = {
    "first": f"嘉兴市总工会送清凉\n2023-07-18\n{_LONG}",
    "other words": "高温下的关怀\n2023-07-19\n昨日（7月18日），嘉兴市总工会慰问一线职工1234人，"
    "送上的防暑物资价值98765元。",
    "contradicts": "烈日下的一份清凉\n2023-07-20\n7月18日，嘉兴市总工会慰问一线职工1243人。",
    "reprint": f"嘉兴市总工会送清凉\n2023-07-21\n{_LONG}",
    "training": "海宁市总工会举办技能培训\n2023-08-02\n8月1日，海宁市总工会举办家政培训班，培训职工86人。",
}
BESIDE = ("quantities", "claims", "conflicts", "reprints", "reviews")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base with everything that there can be: also reviews of every state."""
    folder = tmp_path_factory.mktemp("release")
    (folder / "news").mkdir()
    for name, text in PAGES.items():
        (folder / "news" / f"{name}.txt").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(ingest, [str(folder / "news"), "--db", str(folder / "kb.sqlite")])
    assert done.exit_code == 0, done.output
    with store.open(folder / "kb.sqlite", write=True) as kb:
        facts = {(row["document"], row["value"]): row for row in kb.rows("SELECT * FROM facts")}

        def say(page: str, value: float, **said: object) -> None:
            fact = facts[f"news/{page}.txt", value]
            review.add(kb, fact_id=str(fact["fact_id"]), **said)  # type: ignore[arg-type]

        say("training", 86, action="accept", reviewer="林 女士")
        say("training", 86, action="correct", fields={"bound": "over"}, reviewer="=Lin", reason="余")
        say("contradicts", 1243, action="reject", reviewer="Lin")
        say("contradicts", 1243, action="withdraw", reviewer="Lin")
        body = "烈日下的一份清凉"
        article = next(row for (document, _), row in facts.items() if "contradicts" in str(document))
        review.add(
            kb,
            article_id=str(article["article_id"]),
            start=0,
            end=len(body),
            action="add",
            fields={"kind": "count", "value": 1, "unit": "份"},
            reviewer="Lin",
        )
        (added,) = kb.rows("SELECT fact_id FROM fact WHERE rule = 'review'")
        review.add(kb, fact_id=str(added["fact_id"]), action="withdraw", reviewer="Lin")
        elsewhere = json.loads(carry.write(kb).splitlines()[-1])
        elsewhere |= {"document": "gone.txt", "article_id": "0" * 16, "text_id": "0" * 16}
        elsewhere["made_at"] = "2020-01-01T00:00:00.000000Z"
        (folder / "of another.jsonl").write_text(json.dumps(elsewhere), encoding="utf-8")
        assert not carry.take_in(kb, folder / "of another.jsonl").errors
    return folder / "kb.sqlite"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_groups_with_all_their_claims_which_is_picked_and_why(path: Path, tmp_path: Path) -> None:
    with store.open(path) as kb:
        export.export(kb, tmp_path)
    claims, quantities = read(tmp_path / "claims.csv"), read(tmp_path / "quantities.csv")
    money = [row for row in claims if row["kind"] == "money"]
    assert len({row["group_id"] for row in money}) == 1
    assert sorted(
        (row["document"], row["is_picked"], row["is_repeat"], row["picked_because"]) for row in money
    ) == [
        ("news/first.txt", "0", "0", "latest"),
        ("news/other words.txt", "1", "0", "latest"),
        ("news/reprint.txt", "0", "1", "latest"),
    ]
    assert [row["fact_id"] for row in claims if row["is_picked"] == "1"] == [
        row["fact_id"] for row in quantities
    ]
    assert {row["group_id"] for row in claims} == {row["group_id"] for row in quantities}
    assert {row["fact_id"] for row in claims} == {
        row["fact_id"] for row in read(tmp_path / "facts.csv") if row["review_status"] != "rejected"
    }
    conflicts = [{row["value"], row["other_value"]} for row in read(tmp_path / "conflicts.csv")]
    assert conflicts == [{"1234", "1243"}] * 2
    reprints = read(tmp_path / "reprints.csv")
    assert [(row["document"], row["is_reprint"]) for row in reprints] == [
        ("news/first.txt", "0"),
        ("news/reprint.txt", "1"),
    ]


def test_the_history_of_reviews_is_in_a_release(path: Path, tmp_path: Path) -> None:
    with store.open(path) as kb:
        export.export(kb, tmp_path / "plain")
        export.export(kb, tmp_path / "excel", excel=True)
    rows = read(tmp_path / "plain" / "reviews.csv")
    assert [(row["action"], row["reviewer"], row["state"]) for row in rows] == [
        ("withdraw", "Lin", "unmatched"),
        ("accept", "林 女士", "overruled"),
        ("correct", "=Lin", "in force"),
        ("reject", "Lin", "withdrawn"),
        ("withdraw", "Lin", "withdrawn"),
        ("add", "Lin", "withdrawn"),
        ("withdraw", "Lin", "withdrawn"),
    ]
    assert json.loads(rows[2]["fields"]) == {"bound": "over"}
    assert [row["fact_id"] == "" for row in rows] == [True] + [False] * 4 + [True] * 2
    assert read(tmp_path / "excel" / "reviews.csv")[2]["reviewer"] == "'=Lin"


FILTERS = [
    None,
    query.Filter(region="浙江", reprints=True),
    query.Filter(region="海宁", reprints=True),
    query.Filter(programme="skills_training", reprints=True),
    query.Filter(since="2023-08-01", reprints=True),
    query.Filter(since="2024-01-01", reprints=True),
]


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("wanted", FILTERS)
def test_what_rows_refer_to_is_there(
    path: Path, tmp_path: Path, wanted: query.Filter | None, form: export.Format
) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is missing (the extra `data`)")
    with store.open(path) as kb:
        export.export(kb, tmp_path, wanted=wanted, form=form)
    if form == "csv":
        report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
        assert report.valid, report.flatten(["type", "message"])
    release = {
        name: list(table_files.read(tmp_path / f"{name}.{form}"))
        for name in (*tables.RELEASE, *tables.HISTORY)
    }
    for name, rows in release.items():
        for link in tables.load(name).get("foreignKeys", ()):
            (own,), (theirs,) = link["fields"], link["reference"]["fields"]
            known = {row[theirs] for row in release[link["reference"]["resource"] or name]}
            assert {row[own] for row in rows if row[own]} <= known, (name, own)
    facts = {row["fact_id"] for row in release["facts"]}
    claims = {row["fact_id"] for row in release["claims"]}
    rejected = {row["fact_id"] for row in release["facts"] if row["review_status"] == "rejected"}
    assert claims == facts - rejected
    expected = {"海宁": (1, 1, 0, 0, 2), "浙江": (4, 8, 2, 2, 4)}
    if wanted is None:
        assert [len(release[name]) for name in BESIDE] == [4, 8, 2, 2, 7]
    elif wanted.region:
        assert tuple(len(release[name]) for name in BESIDE) == expected[wanted.region]


def test_a_reprint_brings_its_first_print(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "kb.sqlite"
    copy.write_bytes(path.read_bytes())
    database = sqlite3.connect(copy)
    database.execute(
        "UPDATE fact SET organisation_id = (SELECT organisation_id FROM organisation WHERE name LIKE '海宁%')"
        " WHERE article_id IN (SELECT first_article_id FROM reprints)"
    )
    database.commit()
    database.close()
    with store.open(copy) as kb:
        export.export(kb, tmp_path / "out", wanted=query.Filter(organisation="嘉兴", reprints=True))
    assert "news/first.txt" in {row["document"] for row in read(tmp_path / "out" / "articles.csv")}
    assert "news/first.txt" not in {row["document"] for row in read(tmp_path / "out" / "facts.csv")}
    assert frictionless.Package(str(tmp_path / "out" / "datapackage.json")).validate().valid


def test_moments_are_moments_in_parquet(path: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is missing (the extra `data`)")
    with store.open(path) as kb:
        export.export(kb, tmp_path, form="parquet")
    table = parquet.read_table(tmp_path / "reviews.parquet")
    assert str(table.schema.field("made_at").type) == "timestamp[us, tz=UTC]"
    made = table["made_at"].to_pylist()
    assert made == sorted(made)
    assert abs((datetime.now(UTC) - made[-1]).total_seconds()) < 3600
    with KnowledgeBase(path) as kb:
        assert sorted(row["made_at"] for row in kb.table("reviews")) == made


def test_conflicts_and_reviews_in_a_notebook(path: Path) -> None:
    with KnowledgeBase(path) as kb:
        (conflict, _) = kb.conflicts(organisation="嘉兴", kind="people", programme="summer_care")
        assert {conflict["value"], conflict["other_value"]} == {1234.0, 1243.0}
        for side in (conflict["fact_id"], conflict["other_fact_id"]):
            assert conflict in list(kb.conflicts(fact_id=side))
        (review,) = kb.reviews(state="in force")
        assert (review["reviewer"], json.loads(review["fields"])) == ("=Lin", {"bound": "over"})
        assert review["fact_id"] is not None
        assert [row["action"] for row in kb.reviews(fact_id=review["fact_id"])] == ["accept", "correct"]
        assert review["made_at"].tzinfo is not None


def test_changes_say_what_a_review_did(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "kb.sqlite"
    copy.write_bytes(path.read_bytes())

    def release(name: str) -> list[dict[str, str]]:
        with store.open(copy) as kb:
            export.export(kb, tmp_path / name)
        return read(tmp_path / name / "changes.csv")

    def say(**said: object) -> None:
        with store.open(copy, write=True) as kb:
            review.add(kb, reviewer="Lin", **said)  # type: ignore[arg-type]

    assert release("first") == []
    with store.open(copy) as kb:
        (fact,) = kb.rows("SELECT * FROM facts WHERE review_status = 'corrected'")
        (body,) = kb.rows("SELECT body FROM article WHERE article_id = ?", [fact["article_id"]])
    start = body["body"].index("家政")
    say(fact_id=fact["fact_id"], action="correct", fields={"value": 90})
    missed = {"kind": "count", "value": 1, "unit": "期"}
    say(article_id=fact["article_id"], start=start, end=start + 2, action="add", fields=missed)
    found = [row for row in release("second") if row["table"] == "facts"]
    assert [(row["change"], row["column"], row["before"], row["after"], row["reason"]) for row in found] == [
        ("added", "", "", "", "review"),
        ("altered", "value", "86", "90", "review"),
    ]
    say(fact_id=found[0]["id"], action="withdraw")
    (gone,) = [row for row in release("third") if row["table"] == "facts"]
    assert (gone["change"], gone["reason"]) == ("removed", "withdrawn in review")
    stones = {row["id"]: row["reason"] for row in read(tmp_path / "third" / "tombstones.csv")}
    assert stones[found[0]["id"]] == "withdrawn in review"
