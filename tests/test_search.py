"""Search finds exactly what a plain scan finds, and the index follows the articles."""

import csv
import io
import json
import random
import re
import sqlite3
import unicodedata
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from small_kb import fill

from unionkb import cli, migrations, paths, search, search_index, store
from unionkb.commands.search import command
from unionkb.search_text import fold, marked, marks, search_query, snippet, tokens, words

POOLS = [
    "总工会慰问困难职工送温暖农民工夜校培训集体协商",
    "年月日。，、：“”（）《》—…%％",
    "0123456789.,",
    "abcXYZéßİΩωжÀ",
    "０１２ＡＢｃ　",
    " \n\t\u00a0\u200b",
    "𠮷𪚥😀👍🏽\u0301㎡①ｶﾞ行",
]
"""Common and rare Han, digits, Latin and its neighbours, signs, space, characters beyond 16 bits."""


def _random_text(chance: random.Random, longest: int) -> str:
    pools = chance.choices(POOLS, weights=[12, 3, 3, 1, 1, 1, 1], k=3)
    return "".join(chance.choice(chance.choice(pools)) for _ in range(chance.randrange(longest + 1)))


class _Texts:
    """A database with a page and articles of any text, and nothing else that matters."""

    def __init__(self, kb: store.Store) -> None:
        self.kb = kb
        with kb.transaction() as db:
            db.execute("INSERT INTO source (source_id, name, kind) VALUES ('files', 'Files', 'files')")
            db.execute(
                "INSERT INTO run (run_id, command, extractor_version, started_at) "
                "VALUES (1, 'i', '1', '2024')"
            )
            for page in ("p1", "p2"):
                db.execute(
                    "INSERT INTO page (page_id, source_id, document, place, media_type, encoding, "
                    "byte_length, digest, warc_file, warc_offset, warc_length, "
                    "stored_at, run_id, extractor_version) "
                    "VALUES (?, 'files', ?, ?, 't', 'u', 1, 'd', '', 0, 0, '2024', 1, '1')",
                    [page, page, page],
                )

    def add(self, article_id: str, title: str | None, body: str, **columns: Any) -> None:
        row = {
            "article_id": article_id,
            "page_id": "p1",
            "sequence": 1,
            "title": title,
            "body": body,
            "lead": 0,
            "source_map": "[]",
            "cluster_id": article_id,
        } | columns
        marks_ = ", ".join("?" * len(row))
        self.kb.db.conn.execute(
            f"INSERT INTO article ({', '.join(row)}) VALUES ({marks_})", list(row.values())
        )

    def shown(self) -> dict[str, tuple[str | None, str]]:
        return {
            row["article_id"]: (row["title"], row["body"])
            for row in self.kb.rows("SELECT article_id, title, body FROM articles")
        }


@pytest.fixture
def texts(tmp_path: Path) -> Any:
    with store.open(tmp_path / "kb.sqlite", write=True) as kb:
        yield _Texts(kb)


def _scan(shown: dict[str, tuple[str | None, str]], query: str) -> set[str]:
    """What a reader would find with a finger on the line. Written without a look at how search does it."""
    word = _plain(query)
    return {
        key for key, (title, body) in shown.items() if word in _plain(title or "") or word in _plain(body)
    }


@cache
def _plain(text: str) -> str:
    one = (unicodedata.normalize("NFKC", c) for c in text)
    lower = "".join(unicodedata.normalize("NFKC", c.casefold()) for c in one)
    return "".join(c for c in lower if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf"))


def _same(kb: store.Store, shown: dict[str, tuple[str | None, str]], query: str) -> None:
    found = search.find(kb.db.conn, f'"{query}"', search.Filter(reprints=True), -1)
    assert {hit.article_id for hit in found} == _scan(shown, query), repr(query)
    assert len(found) == len({hit.article_id for hit in found})


def test_no_difference_from_a_plain_scan(texts: _Texts) -> None:
    chance = random.Random(20240501)
    with texts.kb.transaction():
        for number in range(200):
            title = chance.choice([None, _random_text(chance, 25)])
            texts.add(f"a{number}", title, _random_text(chance, 300), published=f"20{10 + number % 15}-05-01")
    shown = texts.shown()
    assert len(shown) == 200
    asked = found = 0
    while asked < 2000:
        length = chance.randrange(1, 9)
        if chance.random() < 0.7:
            text = chance.choice(list(shown.values()))[1]
            start = chance.randrange(len(text) + 1)
            query = text[start : start + length]
            if chance.random() < 0.3 and query:  # Around the texts: one character is another.
                place = chance.randrange(len(query))
                query = query[:place] + _random_text(chance, 1) + query[place + 1 :]
        else:
            query = _random_text(chance, 8)
        query = query[:8]
        if not fold(query) or re.search(r"[\"“”＂]", query):  # Quotation marks have a meaning in a query.
            continue
        _same(texts.kb, shown, query)
        asked += 1
        found += bool(_scan(shown, query))
    assert found > 800


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4), st.data())
def test_no_difference_for_any_characters(bodies: list[str], data: st.DataObject) -> None:
    bodies = [body.encode(errors="ignore").decode() for body in bodies]
    with store.open(_scratch(), write=True) as kb:
        texts = _Texts(kb)
        with kb.transaction():
            for number, body in enumerate(bodies):
                texts.add(str(number), None, body)
        body = data.draw(st.sampled_from(bodies))
        start = data.draw(st.integers(0, len(body)))
        for query in (body[start : start + 3], body[start : start + 1], data.draw(st.text(max_size=3))):
            if fold(query) and not re.search(r"[\"“”＂]", query):
                _same(kb, texts.shown(), query)


def _scratch() -> Path:
    import tempfile

    return Path(tempfile.mkdtemp()) / "kb.sqlite"


def test_the_tokenizer_keeps_every_token_whole() -> None:
    """Of all characters: no token is split, dropped or changed."""
    kept = "".join(map(chr, [*range(0x30, 0x3A), *range(0x61, 0x7B), *range(0x4E00, 0x9FA6)]))
    others = "".join(
        map(chr, [*range(0x21, 0x30), *range(0xA1, 0x500), *range(0x3000, 0x3200), 0x1F600, 0x20BB7])
    )
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5 (x, content = '')")
        connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab (t, 'row')")
        for text in (kept, others):
            connection.execute("INSERT INTO t (x) VALUES (?)", [tokens(text)])
        have = {term for (term,) in connection.execute("SELECT term FROM v")}
    assert have == {*tokens(kept).split(), *tokens(others).split()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("送温暖 农民工", ["送温暖", "农民工"]),
        ("送温暖　送温暖", ["送温暖"]),
        ('"送 温暖" 职工', ["送温暖", "职工"]),
        ("“暖冬 行动”ＡＢ", ["暖冬行动", "ab"]),
        ('"未完', ["未完"]),
        ('AND OR "NEAR(" *', ["and", "or", "near(", "*"]),
        (' "" 　', []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("困难职工", '"困难 难职 职工"'),
        ("工 2023", '"工" * AND "20 02 23"'),
        ("", '""'),
    ],
)
def test_expression(text: str, expression: str) -> None:
    assert search_query(text) == expression


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("总 工\n会，总工会", "总工会", "[总 工\n会]，[总工会]"),
        ("ＡＢ㎡c", "bm2", "Ａ[Ｂ㎡]c"),
        ("工工工", "工工", "[工工工]"),
        ("慰问职工", "职工 慰问", "[慰问职工]"),
        ("没有", "职工", "没有"),
    ],
)
def test_marks(text: str, query: str, expected: str) -> None:
    assert marked(text, marks(text, words(query))) == expected


@given(st.text(max_size=120), st.text(min_size=1, max_size=4), st.integers(0, 10))
def test_snippets_mark_what_is_there(text: str, query: str, around: int) -> None:
    sought = words(query)
    piece, spans = snippet(text, sought, around)
    assert "\n" not in piece
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(piece)
        last = end
    assert bool(spans) == bool(marks(text, sought))


def test_a_snippet_is_where_most_words_are() -> None:
    text = "慰问。" + "今天天气很好。" * 30 + "总工会慰问困难职工。" + "今天天气很好。" * 30
    piece, spans = snippet(text, words("困难职工 慰问"))
    assert "总工会慰问困难职工" in piece
    assert len(piece) < 110
    assert [piece[a:b] for a, b in spans] == ["慰问困难职工"]
    assert piece[0] == piece[-1] == "…"


def _index_is_the_articles(kb: store.Store) -> None:
    """Token by token, place by place."""
    connection = kb.db.conn
    assert search_index.pending(connection) == 0
    assert search_index.faults(connection) == []
    connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, article_search, 'instance')")
    keys = dict(connection.execute("SELECT key, article_id FROM search_key"))
    have = {
        (keys.get(key, key), column, place, term)
        for term, key, column, place in connection.execute("SELECT term, doc, col, offset FROM temp.words")
    }
    connection.execute("DROP TABLE temp.words")
    shown = {row["article_id"]: row for row in kb.rows("SELECT * FROM articles")}
    assert set(keys.values()) == set(shown)
    assert have == {
        (article_id, column, place, term)
        for article_id, row in shown.items()
        for column in ("title", "body")
        for place, term in enumerate(tokens(row[column]).split())
    }


def test_the_index_follows_every_change(texts: _Texts) -> None:
    kb = texts.kb
    chance = random.Random(7)

    def write(sql: str, *values: Any) -> None:
        kb.db.conn.execute(sql, values)

    changes = [
        lambda: texts.add(f"a{chance.randrange(10**9)}", _random_text(chance, 9), _random_text(chance, 40)),
        lambda: write("UPDATE article SET title = ? WHERE article_id = ?", _random_text(chance, 9), any_id()),
        lambda: write("UPDATE article SET body = ? WHERE article_id = ?", _random_text(chance, 40), any_id()),
        lambda: write(
            "UPDATE article SET published = ? WHERE article_id = ?",
            f"202{chance.randrange(9)}-01-02",
            any_id(),
        ),
        lambda: write("UPDATE article SET page_id = ? WHERE article_id = ?", chance.choice(PAGES), any_id()),
        lambda: write("UPDATE article SET is_reprint = 1 - is_reprint WHERE article_id = ?", any_id()),
        lambda: write("DELETE FROM article WHERE article_id = ?", any_id()),
        lambda: write("UPDATE page SET superseded_by = 'p2' WHERE page_id = 'p1'"),
        lambda: write("UPDATE page SET superseded_by = NULL"),
    ]
    PAGES = ["p1", "p2"]

    def any_id() -> str:
        ids = [row[0] for row in kb.db.conn.execute("SELECT article_id FROM article ORDER BY article_id")]
        return chance.choice(ids) if ids else ""

    for _ in range(150):
        with kb.transaction():
            for _ in range(chance.randrange(1, 8)):
                chance.choice([changes[0], *changes])()
        if chance.random() < 0.2:
            _index_is_the_articles(kb)
    _index_is_the_articles(kb)
    reprints = "SELECT key FROM search_key JOIN article USING (article_id) WHERE {}.is_reprint ORDER BY key"
    assert list(kb.rows(reprints.format("article"))) == list(kb.rows(reprints.format("search_key")))


def test_a_transaction_that_fails_leaves_the_index(texts: _Texts) -> None:
    with texts.kb.transaction():
        texts.add("a", "题", "总工会")
    with suppress(ZeroDivisionError), texts.kb.transaction() as db:
        db.execute("UPDATE article SET body = '夜校'")
        search_index.settle(db.conn)
        raise ZeroDivisionError
    assert search.count(texts.kb.db.conn, "总工会") == 1
    _index_is_the_articles(texts.kb)


def test_what_another_program_wrote_is_indexed_when_next_written(tmp_path: Path) -> None:
    path = fill(tmp_path / "kb.sqlite")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE article SET title = '别的题目' WHERE title = '=1+1'")
    with store.open(path) as kb:
        assert search_index.pending(kb.db.conn) == 2
    with store.open(path, write=True) as kb:
        _index_is_the_articles(kb)
        assert search.count(kb.db.conn, "别的题目") == 1


def test_an_older_database_is_indexed_when_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    schema = tmp_path / "schema"
    (schema / "migrations").mkdir(parents=True)
    for file in (paths.schema() / "migrations").glob("000[123]_*.sql"):
        (schema / "migrations" / file.name).write_bytes(file.read_bytes())
    (schema / "views.sql").write_text("", encoding="utf-8")
    caches = (migrations.migrations, migrations.views)
    with monkeypatch.context() as older:
        older.setattr(paths, "schema", lambda: schema)
        older.setattr("unionkb.search_index.settle", lambda connection, most=-1: 0)
        older.setattr("unionkb.search_index.pending", lambda connection: 0)
        for cached in caches:
            cached.cache_clear()
        path = fill(tmp_path / "kb.sqlite")
    for cached in caches:
        cached.cache_clear()
    monkeypatch.setattr(store, "_SHOW_FROM", 1)
    with store.open(path) as kb:
        assert migrations.is_current(kb.db)
    with store.open(path, write=True) as kb:
        _index_is_the_articles(kb)
    assert "making the search index, once: 4 articles" in caplog.text


def test_many_at_once_are_ranked_in_blocks(texts: _Texts, monkeypatch: pytest.MonkeyPatch) -> None:
    with texts.kb.transaction():
        for day in range(1, 31):
            title = "慰问职工" if day % 3 == 0 else "题目"
            texts.add(f"a{day:02}", title, "总工会慰问职工", published=f"2023-06-{day:02}")
    connection = texts.kb.db.conn
    monkeypatch.setattr(search, "BLOCK", 10)
    expected = [
        f"a{day:02}"
        for last in (30, 20, 10)
        for day in sorted(range(last, last - 10, -1), key=lambda day: (day % 3 > 0, -day))
    ]
    found = [hit.article_id for hit in search.find(connection, "慰问", limit=-1)]
    assert found == expected
    pages = [search.find(connection, "慰问", limit=7, offset=offset) for offset in range(0, 35, 7)]
    assert [hit.article_id for page in pages for hit in page] == expected
    assert search.count(connection, "慰问") == 30
    assert search.count(connection, "慰问", most=12) == 12
    monkeypatch.undo()
    ranked = [hit.article_id for hit in search.find(connection, "慰问", limit=-1)]
    assert ranked[:10] == [f"a{day:02}" for day in range(30, 0, -3)]
    assert len(ranked) == 30


@pytest.fixture(scope="module")
def kb_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("kb") / "kb.sqlite")


def _run(path: Path, *arguments: str) -> str:
    done = CliRunner(env={"COLUMNS": "100"}).invoke(command, ["--db", str(path), *arguments])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        (["慰问"], ["“暖冬行动”启动"]),
        (["慰问", "--reprints"], ["“暖冬行动”启动"] * 2),
        (["慰问 夜校"], []),
        (["慰问", "120"], ["“暖冬行动”启动"]),
        (["旧稿"], []),
        (["夜"], ["=1+1"]),
        (["=1+1"], ["=1+1"]),
        (["工会", "--org", "海宁"], ["“暖冬行动”启动"]),
        (["工会", "--org", "市总"], ["“暖冬行动”启动"]),
        (["工会", "--org", "县总"], ["=1+1"]),
        (["工会", "--region", "330400"], ["“暖冬行动”启动"]),
        (["工会", "--region", "浙江"], ["“暖冬行动”启动"]),
        (["工会", "--region", "330500"], []),
        (["工会", "--programme", "skills_training"], ["=1+1"]),
        (["工会", "--programme", "暖冬"], ["“暖冬行动”启动"]),
        (["工会", "--programme", "skills_training", "--org", "海宁"], []),
        (["工会", "--year", "2023"], ["“暖冬行动”启动"]),
        (["工会", "--year", "2022"], []),
        (["工会", "--source", "files"], ["“暖冬行动”启动", "=1+1"]),
        (["工会", "--source", "海宁日"], ["“暖冬行动”启动", "=1+1"]),
        (["工会", "--source", "none"], []),
        (["工会", "--limit", "1"], ["=1+1"]),
        (["工会", "--limit", "0"], ["“暖冬行动”启动", "=1+1"]),
    ],
)
def test_filters(kb_path: Path, arguments: list[str], titles: list[str]) -> None:
    found = [json.loads(line)["title"] for line in _run(kb_path, "--json", *arguments).splitlines()]
    assert sorted(found) == sorted(titles)


def test_what_is_printed(kb_path: Path) -> None:
    assert _run(kb_path, "暖冬行动", "职工") == (
        "“[暖冬行动]”启动\n"
        "  2023-12-20 · 海宁日报 · 2 facts\n"
        "  news/a.txt\n"
        "  海宁市总工会慰问[职工]120余名，发放慰问金6.5万元。\n"
        "\n"
        "1 article\n"
    )
    assert "1 of 2 articles; --limit 0 shows all" in _run(kb_path, "工会", "--limit", "1")
    assert _run(kb_path, "没有的", "词") == "no article has 没有的 词\n"
    assert _run(kb_path, "工会", "--year", "1999") == "no article has 工会 under these conditions\n"


def test_csv(kb_path: Path) -> None:
    (row,) = csv.DictReader(io.StringIO(_run(kb_path, "--csv", "夜校"), newline=""))
    assert row["title"] == "=1+1"
    assert row["facts"] == "2"


def test_wrong_words_are_one_line(capsys: pytest.CaptureFixture[str], kb_path: Path) -> None:
    for arguments, code, line in (
        (["\u200b"], 1, "unionkb: nothing to search for: give a word"),
        ([*map(str, range(100))], 1, "too many words"),
        ([], 2, "Missing argument"),
    ):
        with pytest.raises(SystemExit) as stopped:
            cli.main(["search", *arguments, "--db", str(kb_path)])
        assert stopped.value.code == code
        assert line in capsys.readouterr().err


def test_damage_is_seen_and_mended(tmp_path: Path) -> None:
    path = fill(tmp_path / "kb.sqlite")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM search_key WHERE key = (SELECT min(key) FROM search_key)")
    with store.open(path) as kb:
        assert any("not in the index: 1; mend it with" in line for line in search_index.faults(kb.db.conn))
    _run(path, "--rebuild")
    with store.open(path, write=True) as kb:
        _index_is_the_articles(kb)


def test_sql_functions(kb_path: Path) -> None:
    with store.open(kb_path) as kb:
        search.register(kb.db.conn)
        sql = re.search(r"SELECT articles.*?LIMIT 20", search.register.__doc__ or "", re.S)
        assert sql
        found = kb.db.conn.execute(sql[0], {"q": "慰问 120"}).fetchall()
        assert [row[:2] for row in found] == [
            ("“暖冬行动”启动", "2023-12-21"),
            ("“暖冬行动”启动", "2023-12-20"),
        ]
        assert "[慰问]职工[120]余名" in found[0][2]
        assert kb.db.conn.execute(sql[0], {"q": None}).fetchall() == []
