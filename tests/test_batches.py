"""Documents stored in batches, of any size and in any order, give the database that they give one by one."""

import random
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fakes import COUNTY, article, fact
from hypothesis import given, settings
from hypothesis import strategies as st
from test_claims import HISTORY, _open

from extract.model import Reading
from unionkb import documents, ids, load, paths, reading, store
from unionkb.load_facts import BrokenFact
from unionkb.review import record

ROOT = Path(__file__).parents[1]


class Document(NamedTuple):
    name: str
    version: int
    readings: Sequence[Reading]

    @property
    def page(self) -> load.Page:
        digest = ids.digest(f"{self.name} {self.version}".encode())
        return load.Page(self.name, ids.place(f"/{self.name}"), "files", "text/plain", "utf-8", 1, digest)


def store_all(path: Path, batches: Iterable[Sequence[Document]]) -> None:
    with _open(path) as kb:
        for documents_of_batch in batches:
            with kb.transaction() as db:
                batch = load.Batch(db.conn, run_id=1, extractor_version="1")
                for each in documents_of_batch:
                    batch.add([each.page], each.readings)
                batch.settle()


COUNTED = {
    "page": ("stored_at",),
    "tombstone": ("gone_at",),
    "running_text": ("number",),
    "total": ("counted_at",),
}
"""Columns that hold the time, or the number of a row."""
OTHERWISE = {
    "running_text_key": "SELECT text_id, key FROM running_text_key JOIN running_text USING (number)",
    "search_key": "SELECT key >> 20, article_id, is_reprint FROM search_key",
    "article_search": "SELECT term, article_id, col, offset FROM temp.entry JOIN search_key ON key = doc",
    "_sqlite_migrations": "SELECT name FROM _sqlite_migrations",
}


def content(path: Path) -> dict[str, list[Any]]:
    """All rows of all tables, what is in the search index among them."""
    db = sqlite3.connect(path)
    db.execute("CREATE VIRTUAL TABLE temp.entry USING fts5vocab(main, article_search, instance)")
    shadows = ("_data", "_idx", "_content", "_docsize", "_config")
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {}
    for name in names:
        if name.removeprefix("article_search") in shadows or name.startswith("sqlite_"):
            continue
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({name})")]
        kept = ", ".join(column for column in columns if column not in COUNTED.get(name, ()))
        rows = db.execute(OTHERWISE.get(name, f"SELECT {kept} FROM {name}"))
        found[name] = sorted(rows.fetchall(), key=repr)
    assert found["search_pending"] == []
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()
    return found


def split(documents: Sequence[Document], generator: random.Random) -> list[Sequence[Document]]:
    """Batches of a few documents or many."""
    left, found = iter(documents), []
    while some := list(islice(left, generator.choice([1, 2, 7, 40]))):
        found.append(some)
    return found


def assert_same(folder: Path, empty: Path, documents: Sequence[Document], *, seed: int, orders: int) -> None:
    """One by one, all at once, in random batches, and in other orders; the last version of each last."""
    generator = random.Random(seed)
    last = [each for each in documents if each.version == _last(documents, each.name)]
    ways: list[Sequence[Sequence[Document]]] = [[[each] for each in documents], [documents]]
    ways.append(split(documents, generator))
    results = []
    for number, batches in enumerate(ways):
        path = folder / f"{number}.sqlite"
        path.write_bytes(empty.read_bytes())
        store_all(path, batches)
        results.append(content(path))
    for result in results[1:]:
        for name, rows in results[0].items():
            assert result[name] == rows, name
    for number in range(orders):
        path = folder / f"order-{number}.sqlite"
        path.write_bytes(empty.read_bytes())
        shuffled = generator.sample(last, len(last))
        store_all(path, split(shuffled, generator))
        result = content(path)
        # Without the earlier versions.
        for name in ("claim", "claim_group", "running_text", "running_text_key", "article_search"):
            assert result[name] == results[0][name], name


def _last(documents: Sequence[Document], name: str) -> int:
    return max(each.version for each in documents if each.name == name)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("batches") / "empty.sqlite"
    _open(path).close()
    return path


@settings(max_examples=12, deadline=None)
@given(history=HISTORY, seed=st.integers())
def test_histories(
    empty: Path, tmp_path_factory: pytest.TempPathFactory, history: list[tuple[int, Reading]], seed: int
) -> None:
    documents = [Document(f"{name}.txt", version, [each]) for version, (name, each) in enumerate(history)]
    assert_same(tmp_path_factory.mktemp("way"), empty, documents, seed=seed, orders=1)


def test_made_up_news(empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT / "benchmarks")])
    import kb_articles

    generator = random.Random(5)
    made = [(each.address, each.reading) for each in kb_articles.articles(60, 4)]
    documents = [Document(name, 0, [each]) for name, each in made]
    # Some are published again under their address, with another text or the same one.
    for version in (1, 2):
        for name, _ in generator.sample(made, 15):
            documents.append(Document(name, version, [generator.choice(made)[1]]))
    assert_same(tmp_path, empty, documents, seed=5, orders=2)


def test_the_sample_site(empty: Path, tmp_path: Path) -> None:
    files = [file for file in documents.find([paths.sample_site()]) if isinstance(file, documents.File)]
    found = []
    for file in files:
        if file.path.suffix == ".html":
            readings = reading.read_drafts(documents.drafts(documents.read(file)))
            found.append(Document(str(file.path.relative_to(paths.sample_site())), 0, readings))
    assert sum(len(each.readings) for each in found) > 10
    assert_same(tmp_path, empty, found, seed=3, orders=2)


BODY = "送清凉\n海宁市总工会慰问一线职工426人，发放慰问金5000元，" + "并把防暑物资送到工地和车间，" * 8


def test_a_broken_document_leaves_nothing_of_it_and_the_others_go_on(tmp_path: Path) -> None:
    path = tmp_path / "kb.sqlite"
    good = Reading(article(BODY), [fact(BODY, "426人", organisation=COUNTY)])
    other = Reading(article(BODY + "完。"), [fact(BODY, "426人"), fact(BODY, "5000元", quote="6000元")])
    with _open(path) as kb, kb.transaction() as db:
        batch = load.Batch(db.conn, run_id=1, extractor_version="1")
        batch.add([Document("a", 0, ()).page], [good])
        with pytest.raises(BrokenFact, match="6000"):
            batch.add([Document("b", 0, ()).page], [good, other])
        batch.add([Document("c", 0, ()).page], [good])
        batch.settle()
    found = content(path)
    assert sorted(row[2] for row in found["page"]) == ["a", "c"]
    assert len(found["fact"]) == len(found["claim"]) == 2
    assert len(found["claim_group"]) == 1


def test_a_page_that_was_fetched_before(tmp_path: Path) -> None:
    path, way = tmp_path / "kb.sqlite", tmp_path / "way.sqlite"
    news = Document("a", 0, [Reading(article(BODY), [fact(BODY, "426人")])])
    for each in (path, way):
        with _open(each) as kb, kb.transaction() as db:
            batch = load.Batch(db.conn, run_id=1, extractor_version="")
            batch.add([news.page], [])
            batch.settle()
    store_all(path, [[news, news._replace(name="b")]])
    store_all(way, [[news], [news._replace(name="b")]])
    assert content(path) == content(way)
    assert len(content(path)["fact"]) == 2


def test_what_was_said_of_a_text_is_applied_to_its_prints(tmp_path: Path) -> None:
    path, way = tmp_path / "kb.sqlite", tmp_path / "way.sqlite"
    news = Document("a", 0, [Reading(article(BODY), [fact(BODY, "426人"), fact(BODY, "5000元")])])
    store_all(path, [[news]])
    with store.open(path, write=True) as kb:
        (fact_id,) = kb.db.conn.execute("SELECT fact_id FROM fact WHERE quote = '426人'").fetchone()
        record.add(kb, fact_id=fact_id, action="reject", reviewer="test")
    way.write_bytes(path.read_bytes())
    prints = [news._replace(name=name) for name in "bcd"]
    store_all(path, [prints])
    store_all(way, [[each] for each in prints])
    found = content(path)
    assert found == content(way)
    assert sum("rejected" in row for row in found["fact"]) == 4
