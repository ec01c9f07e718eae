"""A page written by an enemy: nothing of it runs, in the web pages or in a spreadsheet. What the web may ask
of the database: to read, not for long, and not much."""

import asyncio
import csv
import hashlib
import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import lxml.html
import pytest
from click.testing import CliRunner

pytest.importorskip("datasette", reason="needs the extra `web`")

from unionkb import store
from unionkb.cli import cli
from unionkb.web import queries, server

TOKEN = "open sesame"
RUNS = (
    "<script>planted()</script>",
    "<planted-tag onclick=planted()>",
    '"><img src=planted onerror=planted()>',
    "</script><script>planted()</script>",
    "<svg/onload=planted()>",
    "{{ planted() }}",
    "'; DROP TABLE fact; --",
    '=HYPERLINK("http://planted.example","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+planted",
    "-1+planted",
    "＝1+planted",
    "\t=1+planted",
)
"""What runs in a browser, a template, a database or a spreadsheet."""


def _text(words: str) -> str:
    """Words as they are written in HTML to be read as they are."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _page(number: int, words: str) -> str:
    said = _text(words)
    return f"""<!DOCTYPE html>
<html lang="zh"><head><meta charset="utf-8"><title>{said}</title>
<meta name="author" content="{said}"><meta name="description" content="{said}">
<script>planted()</script></head>
<body onload="planted()"><h1>{said}职工慰问{number}</h1>
<div class="info">2024-03-05 来源：{said} 作者：{said} 责任编辑：{said}</div>
<div class="content">
<p>{said}</p>
<p>3月4日，嘉兴市总工会开展“{said}”活动，慰问困难职工12{number}名，发放慰问金5{number}万元。{said}</p>
<p>嘉善县{said}总工会组织{said}培训，参训职工3{number}人次。</p>
<script>planted()</script><p>{words}</p>
<p>“{said}送温暖”行动共走访{said}困难家庭2{number}户，{said}职工表示满意，工会将继续做好服务工作。</p>
</div></body></html>"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base of one page for each attack."""
    folder = tmp_path_factory.mktemp("enemy")
    pages = folder / "pages"
    pages.mkdir()
    for number, words in enumerate(RUNS):
        name = f"{words.replace('/', '').strip()[:40]}{number}.html" if number % 2 else f"={number}.html"
        (pages / name).write_text(_page(number, words), encoding="utf-8")
    path = folder / "kb.sqlite"
    result = CliRunner().invoke(cli, ["ingest", *map(str, sorted(pages.iterdir())), "--db", str(path)])
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture(scope="module")
def site(base: Path) -> Any:
    return server.application(base, write_token=TOKEN)


def ask(site: Any, method: str, path: str, **options: Any) -> Any:
    async def answer() -> Any:
        await site.invoke_startup()
        return await getattr(site.client, method)(path, **options)

    return asyncio.run(answer())


def ids(base: Path, sql: str) -> list[str]:
    with store.open(base) as kb:
        return [str(row[0]) for row in kb.db.conn.execute(sql)]


# ---------------------------------------------------------------- page text is never HTML


def _addresses(base: Path) -> Iterator[str]:
    yield from ("/", "/-/sign-in", "/kb", "/search", "/-/no-such-page")
    yield from (f"/article/{each}" for each in ids(base, "SELECT article_id FROM article"))
    yield from (f"/fact/{each}" for each in ids(base, "SELECT min(fact_id) FROM fact GROUP BY article_id"))
    yield from (f"/organisation/{each}" for each in ids(base, "SELECT organisation_id FROM organisation"))
    yield from (f"/programme/{each}" for each in ids(base, "SELECT DISTINCT category FROM programme"))
    names = ids(base, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    yield from (f"/kb/{name}" for name in names)
    yield "/kb/facts?_facet=programme_name&_facet=organisation&_facet=document"
    yield from (f"/kb/{name}" for name in queries.stored("en"))
    for words in RUNS[:7]:
        said = quote(words, safe="")
        yield from (f"/search?q={said}", f"/search?q=职工&organisation={said}&programme={said}&source={said}")
        yield from (f"/{said}", f"/kb/{said}", f"/kb?sql={said}", f"/?lang={said}", f"/-/sign-in?next={said}")
        yield f"/kb?{urlencode({'sql': 'SELECT :x AS x', 'x': words})}"
        yield f"/kb/facts?{urlencode({'quote__contains': words, '_sort': 'quote'})}"


def _running(text: str) -> list[str]:
    """What of the planted words a browser would run."""
    if not text.strip():
        return []
    found = []
    for element in lxml.html.document_fromstring(text).iter():
        if not isinstance(element.tag, str):
            continue
        where = lxml.html.tostring(element, encoding="unicode", with_tail=False)[:200]
        if element.tag == "planted-tag" or element.get("src") == "planted" or element.tag == "svg/onload":
            found.append(where)
        runs = element.tag in ("script", "style") and element.get("type") != "application/json"
        if runs and "planted" in (element.text or ""):
            found.append(where)
        for name, value in element.attrib.items():
            scheme = value.strip().lower().partition(":")[0]
            if (name.startswith("on") and "planted" in value) or scheme in ("javascript", "data", "vbscript"):
                found.append(where)
    return found


def test_the_enemy_is_in_the_knowledge_base(base: Path) -> None:
    """Else the other tests would show nothing."""
    with store.open(base) as kb:
        text = "\n".join(
            str(value)
            for table in ("article", "fact", "programme", "page")
            for row in kb.db.conn.execute(f"SELECT * FROM {table}")
            for value in row
        )
    for words in RUNS:
        assert words.strip() in text, words
    for sql in (
        "SELECT 1 FROM article WHERE title LIKE '%<script>planted%'",
        "SELECT 1 FROM article WHERE title LIKE '=%'",
        "SELECT 1 FROM page WHERE document LIKE '=%'",
        "SELECT 1 FROM fact",
    ):
        assert ids(base, sql), sql


def test_no_page_runs_what_stands_in_a_text(site: Any, base: Path) -> None:
    async def look() -> dict[str, list[str]]:
        await site.invoke_startup()
        found = {}
        for number, path in enumerate(_addresses(base)):
            answer = await site.client.get(path, headers={"accept-language": ("zh", "en")[number % 2]})
            assert answer.status_code < 500, path
            if "html" in answer.headers.get("content-type", ""):
                found[path] = _running(answer.text)
        return found

    found = asyncio.run(look())
    assert len(found) > 50
    assert {path: runs for path, runs in found.items() if runs} == {}


def test_the_check_sees_what_runs() -> None:
    for text in (*RUNS[:5], '<a href="javascript:planted()">x</a>', "<b onclick='planted()'>"):
        assert _running(f"<p>{text}</p>"), text


def test_no_script_of_a_strange_host_runs_in_our_pages(site: Any, base: Path) -> None:
    for path in ("/", f"/article/{ids(base, 'SELECT article_id FROM article')[0]}"):
        policy = ask(site, "get", path).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "script-src 'self'" in policy.split("; ")


# ---------------------------------------------------------------- spreadsheets


_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _formulas(text: str) -> list[str]:
    return [
        cell
        for row in csv.reader(text.splitlines(keepends=True))
        for cell in row
        if _FORMULA.match(cell) and not _is_number(cell)
    ]


def test_no_cell_of_a_release_for_spreadsheets_is_a_formula(base: Path, tmp_path: Path) -> None:
    plain, excel = tmp_path / "plain", tmp_path / "excel"
    for folder, options in ((plain, []), (excel, ["--excel"])):
        result = CliRunner().invoke(cli, ["export", str(folder), "--db", str(base), *options])
        assert result.exit_code == 0, result.output
    files = sorted(excel.glob("*.csv"))
    assert {"facts.csv", "articles.csv", "organisations.csv", "tombstones.csv"} <= {
        file.name for file in files
    }
    for file in files:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            assert _formulas(opened.read()) == [], file.name
    with (plain / "articles.csv").open(encoding="utf-8", newline="") as opened:
        assert _formulas(opened.read()), "the plain release keeps texts as they are"


def test_no_cell_is_a_formula_in_changes_and_tombstones(base: Path, tmp_path: Path) -> None:
    """They quote the texts of an earlier release."""
    copy = tmp_path / "kb.sqlite"
    copy.write_bytes(base.read_bytes())
    for moment in (1, 2):
        with store.open(copy, write=True) as kb, kb.transaction() as db:
            if moment == 2:
                db.conn.execute("UPDATE article SET title = '=2+planted' || title, author = '@planted'")
                db.conn.execute("UPDATE run SET finished_at = '2099-01-01T00:00:00Z'")
        folder = str(tmp_path / "release")
        result = CliRunner().invoke(cli, ["export", folder, "--db", str(copy), "--excel"])
        assert result.exit_code == 0, result.output
    text = (tmp_path / "release" / "changes.csv").read_text(encoding="utf-8-sig")
    assert "=2+planted" in text
    assert _formulas(text) == []


# ---------------------------------------------------------------- SQL from the web


WRITES = (
    "DELETE FROM fact",
    "UPDATE fact SET value = 0",
    "INSERT INTO programme VALUES ('x', 'x', 'x')",
    "REPLACE INTO programme VALUES ('x', 'x', 'x')",
    "WITH x AS (SELECT 1) DELETE FROM fact",
    "WITH x AS (SELECT 1) UPDATE fact SET value = 0",
    "WITH x AS (SELECT 1) INSERT INTO programme VALUES ('x', 'x', 'x')",
    "SELECT 1; DELETE FROM fact",
    "/* SELECT */ DELETE FROM fact",
    "-- SELECT\nDELETE FROM fact",
    "DROP TABLE fact",
    "CREATE TABLE x (y)",
    "CREATE TEMP TABLE x (y)",
    "ALTER TABLE fact RENAME TO x",
    "REINDEX",
    "VACUUM",
    "VACUUM INTO '{folder}/copy.sqlite'",
    "ATTACH DATABASE '{folder}/new.sqlite' AS x",
    "PRAGMA writable_schema = 1",
    "PRAGMA query_only = 0",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA user_version = 99",
    "BEGIN EXCLUSIVE",
    "SELECT load_extension('{folder}/x')",
    "SELECT writefile('{folder}/x', 'x')",
    "SELECT readfile('/etc/hostname')",
    "SELECT edit('x')",
    "INSERT INTO article_search (article_search) VALUES ('delete-all')",
)


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
def test_sql_from_the_web_cannot_write(site: Any, base: Path, form: str) -> None:
    before = hashlib.sha256(base.read_bytes()).hexdigest()
    files = {file.name for file in base.parent.iterdir()}
    for statement in WRITES:
        sql = statement.format(folder=base.parent)
        answer = ask(site, "get", f"/kb{form}?{urlencode({'sql': sql})}")
        refused = answer.status_code in (400, 403)
        # CSV begins before its statement has run.
        assert refused or (form == ".csv" and not answer.text.strip()), statement
    assert {file.name for file in base.parent.iterdir()} <= files
    assert hashlib.sha256(base.read_bytes()).hexdigest() == before
    assert int(ids(base, "SELECT count(*) FROM fact")[0]) > 0


ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT "


@pytest.mark.parametrize(
    "sql",
    [
        ENDLESS + "count(*) FROM n",
        ENDLESS + "i FROM n WHERE i < 0",
        "SELECT count(*) FROM region a, region b, region c, region d",
    ],
)
@pytest.mark.parametrize("form", ["", ".json", ".csv"])
def test_sql_from_the_web_ends(base: Path, monkeypatch: pytest.MonkeyPatch, sql: str, form: str) -> None:
    assert 0 < server.SETTINGS["sql_time_limit_ms"] <= 5000
    monkeypatch.setitem(server.SETTINGS, "sql_time_limit_ms", 100)
    site = server.application(base)
    start = time.monotonic()
    asked = urlencode({"sql": sql, "_stream": "on", "_timelimit": "3600000"})
    answer = ask(site, "get", f"/kb{form}?{asked}")
    assert time.monotonic() - start < 5
    assert answer.status_code == 400 or "interrupted" in answer.text


@pytest.mark.parametrize("form", [".json", ".csv"])
def test_sql_from_the_web_is_limited_in_rows(site: Any, form: str) -> None:
    most = server.SETTINGS["max_returned_rows"]
    assert most <= 5000
    asked = urlencode(
        {"sql": ENDLESS + "i FROM n LIMIT 6000", "_stream": "on", "_size": "6000", "_shape": "array"}
    )
    answer = ask(site, "get", f"/kb{form}?{asked}")
    found = len(answer.json()) if form == ".json" else len(answer.text.splitlines()) - 1
    assert found <= most


# ---------------------------------------------------------------- corrections


def test_a_correction_needs_the_token_and_a_form_of_ours(site: Any, base: Path) -> None:
    fact = ids(base, "SELECT fact_id FROM fact")[0]
    article = ids(base, "SELECT article_id FROM article")[0]
    said = {"action": "reject", "reason": "planted"}
    signed = {"ds_actor": site.sign({"a": {"id": "x", "reviewer": "x"}}, "actor")}
    forged = {"ds_actor": "eyJhIjp7ImlkIjoieCIsInJldmlld2VyIjoieCJ9fQ.planted"}
    for path in (f"/fact/{fact}/review", f"/article/{article}/review"):
        for cookies in ({}, forged, signed):  # Signed in, but the form is of another site.
            cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
            assert ask(site, "post", path, data=said, headers={"cookie": cookie}).status_code == 403
        assert ask(site, "get", f"{path}?{urlencode(said)}").status_code == 403
    assert ids(base, "SELECT count(*) FROM review") == ["0"]


def test_no_corrections_without_a_token(base: Path) -> None:
    site = server.application(base)
    assert ask(site, "get", "/-/sign-in").status_code == 403
    assert ask(site, "post", "/-/sign-in", data={"name": "x", "token": ""}).status_code == 403


def test_the_database_cannot_be_downloaded(site: Any) -> None:
    assert ask(site, "get", "/kb.db").status_code in (403, 404)


def test_what_one_function_works_on_is_small(site: Any) -> None:
    for sql in ("select hex(randomblob(300000000))", "select 'a' like printf('%.*c', 20000, 'a')"):
        assert ask(site, "get", "/kb.json", params={"sql": sql}).status_code == 400, sql


def test_the_token_is_nowhere_shown(site: Any) -> None:
    internal = ("metadata", "settings", "plugins", "databases", "config", "actor", "threads")
    for path in ("/", "/-/sign-in", "/kb.json", *(f"/-/{name}.json" for name in internal)):
        assert TOKEN not in ask(site, "get", path).text, path


_TEXT = "replace(hex(zeroblob(490000)), '00', 'a')"
_PART = "replace(hex(zeroblob(200000)), '00', 'a') || 'b'"


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT instr({_TEXT}, {_PART})",
        f"SELECT length(replace({_TEXT}, {_PART}, 'x'))",
        f"SELECT length(trim({_TEXT}, replace(hex(zeroblob(100000)), '00', '国') || 'a'))",
        f"SELECT {_TEXT} LIKE '%{'a' * 90}b'",
        f"SELECT {_TEXT} GLOB '*{'a' * 90}b'",
        "SELECT json_patch('{}', '{}')",
        f"SELECT count(*) FROM article_search WHERE article_search MATCH '\"' || {_TEXT} || '\"'",
        f"SELECT search_query({_TEXT})",
    ],
)
def test_no_function_works_on_and_on(site: Any, sql: str) -> None:
    start = time.process_time()
    ask(site, "get", f"/kb.json?{urlencode({'sql': sql})}")
    assert time.process_time() - start < 1


def test_functions_give_what_those_of_sqlite_give(site: Any) -> None:
    calls = [
        f"{name}({', '.join(arguments)})"
        for name, several in {
            "instr": [
                ("'困难职工'", "'职工'"),
                ("'a'", "''"),
                ("NULL", "'a'"),
                ("12.0", "'.'"),
                ("x'6162'", "'b'"),
            ],
            "replace": [
                ("'abab'", "'b'", "'xy'"),
                ("'ab'", "''", "'x'"),
                ("'ab'", "'a'", "NULL"),
                ("100", "0", "1"),
            ],
            "trim": [("'xxaxx'", "'x'"), ("'职工'", "'工职'"), ("NULL", "'x'"), ("'  a '", "' '")],
            "ltrim": [("'xxaxx'", "'x'"), ("'a'", "''")],
            "rtrim": [("'xxaxx'", "'x'"), ("''", "'x'")],
        }.items()
        for arguments in several
    ]
    answer = ask(
        site, "get", f"/kb.json?{urlencode({'_shape': 'arrays', 'sql': 'SELECT ' + ', '.join(calls)})}"
    )
    assert answer.json()["rows"] == [
        list(sqlite3.connect(":memory:").execute("SELECT " + ", ".join(calls)).fetchone())
    ]


def test_a_long_article_can_be_read(tmp_path: Path) -> None:
    page, path = tmp_path / "long.txt", tmp_path / "kb.sqlite"
    page.write_text("长篇\n2024-05-21\n5月20日，嘉兴市总工会慰问职工120名。", encoding="utf-8")
    assert CliRunner().invoke(cli, ["ingest", str(page), "--db", str(path)]).exit_code == 0
    with store.open(path, write=True) as kb, kb.transaction() as db:
        db.conn.execute("UPDATE article SET body = body || ?", ["职" * 500_000])
    site = server.application(path)
    answer = ask(site, "get", f"/article/{ids(path, 'SELECT article_id FROM article')[0]}")
    assert answer.status_code == 200
    assert len(answer.text) > 500_000
