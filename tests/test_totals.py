"""What is counted when a load ends is what the views give."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
import small_kb

from unionkb import charts, paths, review, store, totals
from unionkb.cli import main
from unionkb.query import Filter

_TOTAL = """
    SELECT
        (SELECT count(*) FROM page WHERE superseded_by IS NULL AND part_of IS NULL) AS documents,
        (SELECT count(*) FROM articles) AS articles,
        (SELECT count(*) FROM facts) AS facts,
        (SELECT count(*) FROM organisation) AS organisations,
        (SELECT min(published) FROM articles) AS first_published,
        (SELECT max(published) FROM articles) AS last_published
"""
# Each table beside the same from the views.
SAME = {
    "SELECT documents, articles, facts, organisations, first_published, last_published FROM total": _TOTAL,
    "SELECT source_id, nullif(month, '') AS month, articles, reprints FROM total_month":
        "SELECT source_id, month, articles, reprints FROM coverage WHERE articles",
    "SELECT source_id, min(first_published), max(last_published) FROM total_month GROUP BY 1":
        "SELECT source_id, first_published, last_published FROM sources WHERE articles",
    "SELECT category, name, sum(facts) FROM total_programme JOIN programme USING (programme_id)"
    " GROUP BY 1, 2":
        "SELECT programme, programme_name, count(*) FROM facts GROUP BY 1, 2",
    "SELECT programme, year, headcount, money FROM total_year":
        "SELECT programme, year, headcount, money FROM programme_year",
    "SELECT organisation_id, programme, facts, first_prints FROM total_organisation WHERE facts":
        "SELECT organisation_id, programme, count(*), sum(NOT is_reprint) FROM facts"
        " WHERE organisation_id IS NOT NULL GROUP BY 1, 2",
    "SELECT organisation_id, sum(headcount), sum(money) FROM total_organisation GROUP BY 1"
    " HAVING sum(headcount) IS NOT NULL OR sum(money) IS NOT NULL":
        "SELECT organisation_id, sum(headcount), sum(money) FROM organisation_year GROUP BY 1"
        " HAVING sum(headcount) IS NOT NULL OR sum(money) IS NOT NULL",
}  # fmt: skip


def _sorted(db: sqlite3.Connection, sql: str, values: Any = ()) -> list[tuple[Any, ...]]:
    # Sums of fractions depend on their order in the last digits.
    rows = [tuple(round(x, 6) if isinstance(x, float) else x for x in row) for row in db.execute(sql, values)]
    return sorted(rows, key=repr)


def check(path: Path) -> None:
    """Every total is that of its view, and every chart shows what it would show of the facts."""
    with store.open(path) as kb:
        db = kb.db.conn
        assert db.execute("SELECT is_stale FROM total").fetchone() == (0,)
        for counted, view in SAME.items():
            assert _sorted(db, counted) == _sorted(db, view), counted
        for name in charts.NAMES:
            if name not in ("organisation", "programme"):
                assert _sorted(db, *charts.counted(name)) == _sorted(db, *charts.query(name)), name
        for (category,) in db.execute("SELECT DISTINCT category FROM programme").fetchall():
            counted = db.execute(*charts.counted("programme", category)).fetchall()
            # A quantity may be picked from a reprint; facts of reprints are not shown.
            for reprints, shown in ((False, (0, 1)), (True, (0, 2, 3))):
                query = charts.query("programme", Filter(programme=category, reprints=reprints))
                expected = {tuple(row[i] for i in shown) for row in db.execute(*query)}
                assert {tuple(row[i] for i in shown) for row in counted} == expected


def ingest(path: Path, *files: Path) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["ingest", *map(str, files), "--db", str(path)])


def stale(path: Path) -> bool:
    with sqlite3.connect(path) as db:
        return bool(db.execute("SELECT is_stale FROM total").fetchone()[0])


def test_totals_are_those_of_the_views(tmp_path: Path) -> None:
    check(small_kb.fill(tmp_path / "kb.sqlite"))


def test_totals_follow_what_is_read_and_what_goes(tmp_path: Path) -> None:
    path, first, second = tmp_path / "kb.sqlite", tmp_path / "a.txt", tmp_path / "b.txt"
    story = "2024-05-21\n本报讯 5月20日，海宁市总工会慰问困难职工120名，发放慰问金6.5万元。"
    first.write_text(f"海宁市总工会慰问职工\n{story}", encoding="utf-8")
    ingest(path, first)
    check(path)
    # Another print of the same, and one more story.
    second.write_text(f"海宁市总工会慰问职工\n{story}", encoding="utf-8")
    ingest(path, first, second)
    check(path)
    # A version that takes the place of the first.
    first.write_text(
        "嘉兴市总工会送清凉\n2024-07-11\n7月10日，嘉兴市总工会为300名职工送清凉。", encoding="utf-8"
    )
    ingest(path, first)
    check(path)
    with store.open(path) as kb:
        assert kb.db.conn.execute("SELECT articles FROM total").fetchone() == (2,)


def test_totals_follow_reviews(tmp_path: Path) -> None:
    path = small_kb.fill(tmp_path / "kb.sqlite")
    with store.open(path, write=True) as kb:
        fact_id = str(kb.db.conn.execute("SELECT fact_id FROM facts WHERE kind = 'money'").fetchone()[0])
        review.add(
            kb, reviewer="李敏", action="correct", fact_id=fact_id, fields={"value": "70000"}, reason=None
        )
    check(path)
    with store.open(path) as kb:
        # The other print keeps what it says.
        assert kb.db.conn.execute("SELECT sum(money) FROM total_year").fetchone() == (135000.5,)


def test_what_a_killed_load_left_uncounted_is_counted_later(tmp_path: Path) -> None:
    path = small_kb.fill(tmp_path / "kb.sqlite")
    kb = store.open(path, write=True)
    with kb.transaction() as db:
        db.conn.execute("DELETE FROM article WHERE article_id = ?", [small_kb._id("a2")])
    kb.db.close()
    assert stale(path)
    store.open(path, write=True).close()
    check(path)


def test_who_writes_for_long_counts_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small_kb.fill(tmp_path / "kb.sqlite")
    monkeypatch.setattr(totals, "WHILE_WRITING", 0)
    with store.open(path, write=True) as kb:
        with kb.transaction() as db:
            db.conn.execute("DELETE FROM article WHERE article_id = ?", [small_kb._id("a2")])
        assert not stale(path)


def test_a_database_of_an_older_version_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = tmp_path / "schema"
    (schema / "migrations").mkdir(parents=True)
    for file in (paths.schema() / "migrations").glob("*.sql"):
        if file.name < "0008":
            (schema / "migrations" / file.name).write_bytes(file.read_bytes())
    (schema / "views.sql").write_bytes((paths.schema() / "views.sql").read_bytes())
    with monkeypatch.context() as older:
        from unionkb import migrations

        migrations.migrations.cache_clear()
        older.setattr(paths, "schema", lambda: schema)
        path = small_kb.fill(tmp_path / "kb.sqlite")
    migrations.migrations.cache_clear()
    check(path)
