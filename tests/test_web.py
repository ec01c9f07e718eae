"""The web pages, asked for without a browser."""

import asyncio
import html
import re
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import small_kb

pytest.importorskip("datasette", reason="needs the extra `web`")

from unionkb import search, store
from unionkb.cli import main
from unionkb.errors import UserError
from unionkb.web import language, queries, reviewing, server
from unionkb.web.pages import article
from unionkb.web.pages.rows import page_of

ARTICLE = small_kb._id("a1")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = small_kb.fill(tmp_path_factory.mktemp("web") / "kb.sqlite")
    with store.open(path, write=True) as kb, kb.transaction() as db:
        db.conn.execute(
            "UPDATE article SET author = '<script>alert(1)</script>' WHERE article_id = ?", [ARTICLE]
        )
    return server.application(path, write_token="opensesame")


def get(site: Any, path: str, **headers: str) -> Any:
    async def ask() -> Any:
        await site.invoke_startup()
        return await site.client.get(path, headers=headers)

    return asyncio.run(ask())


def one(site: Any, table: str, column: str) -> str:
    async def ask() -> Any:
        return await site.get_database().execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")

    return str(asyncio.run(ask()).first()[0])


def addresses(site: Any) -> list[str]:
    return [
        "/",
        f"/organisation/{one(site, 'fact', 'organisation_id')}",
        f"/programme/{one(site, 'programme', 'category')}",
        f"/article/{ARTICLE}",
        f"/fact/{one(site, 'facts', 'fact_id')}",
        "/search",
        "/search?q=慰问&organisation=海宁&year=2023",
        "/kb",
        "/kb/facts",
        *(f"/kb/{name}" for name in queries.stored("en")),
    ]


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_every_page_answers_in_both_languages(site: Any, tongue: str) -> None:
    for path in addresses(site):
        answer = get(site, path, **{"accept-language": tongue})
        assert answer.status_code == 200, path
        assert {"zh": "搜索", "en": "Search"}[tongue] in answer.text, path


@pytest.mark.parametrize(
    "path", ["/fact/0000000000000000", "/article/0000000000000000", "/programme/none", "/x"]
)
def test_what_is_not_there(site: Any, path: str) -> None:
    assert get(site, path).status_code == 404


def test_every_link_of_the_pages_leads_somewhere(site: Any) -> None:
    seen = set()
    for path in addresses(site):
        for link in re.findall(r'(?:href|src|action)="(/[^"#]*)', get(site, path).text):
            seen.add(html.unescape(link))
    broken = [link for link in sorted(seen) if get(site, link).status_code not in (200, 302)]
    assert broken == []


def test_the_text_of_a_page_is_never_html(site: Any) -> None:
    text = get(site, f"/article/{ARTICLE}").text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text


def test_nothing_runs_that_stands_in_a_page(site: Any) -> None:
    answer = get(site, "/")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", answer.text)


def test_a_fact_stands_marked_in_its_article(site: Any) -> None:
    fact = one(site, "facts", "fact_id")
    shown = get(site, f"/fact/{fact}").text
    place = re.search(r'href="(/article/[0-9a-f]{16})#fact-' + fact, shown)
    assert place
    assert f'id="fact-{fact}"' in get(site, place[1]).text


def test_sql_is_read_only(site: Any) -> None:
    assert get(site, "/kb?sql=delete+from+fact").status_code == 400
    assert get(site, "/kb?sql=select+1").status_code == 200


def test_sql_is_limited_in_rows(site: Any) -> None:
    many = "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000) select i from n"
    answer = get(site, "/kb.json?" + urlencode({"_shape": "objects", "sql": many}))
    assert answer.json()["truncated"] is True
    assert len(answer.json()["rows"]) == server.SETTINGS["max_returned_rows"]


def test_a_whole_table_as_csv(site: Any) -> None:
    lines = get(site, "/kb/facts.csv?_stream=on").text.splitlines()
    assert lines[0].startswith("fact_id,document,article_id")
    assert len(lines) > 3


@pytest.mark.parametrize(
    ("asked", "cookies", "accepted", "expected"),
    [
        ("en", {}, "zh-CN", "en"),
        (None, {language.COOKIE: "en"}, "zh-CN", "en"),
        (None, {}, "en-GB,en;q=0.9", "en"),
        (None, {}, "fr,zh-TW;q=0.5", "zh"),
        ("xx", {language.COOKIE: "yy"}, "", "zh"),
    ],
)
def test_the_language(asked: str | None, cookies: dict[str, str], accepted: str, expected: str) -> None:
    assert language.wanted(asked, cookies, accepted) == expected


@pytest.mark.parametrize(
    ("asked", "expected"), [("", 1), ("3", 3), ("-2", 1), ("0", 1), ("x", 1), ("²", 1), ("9" * 30, 1)]
)
def test_the_page_asked_for(asked: str, expected: int) -> None:
    assert page_of({"page": asked}) == expected


def test_facts_that_overlap_are_marked_once() -> None:
    facts = [
        {"char_start": 3, "char_end": 8},
        {"char_start": 5, "char_end": 9},
        {"char_start": 3, "char_end": 5},
    ]
    ((_, first), (headline, second)) = article.paragraphs("标题\n12345678", 3, facts)
    assert [piece.text for piece in first] == ["标题"]
    assert not headline
    assert [(piece.text, piece.fact is not None) for piece in second] == [("12345", True), ("678", False)]


def test_stored_queries_have_both_titles() -> None:
    chinese, english = queries.stored("zh"), queries.stored("en")
    assert list(chinese) == list(english)
    for name in chinese:
        assert re.search("[一-鿿]", chinese[name]["title"]), name
        assert english[name]["title"].isascii(), name


def test_search_marks_what_it_found(site: Any) -> None:
    shown = get(site, "/search?q=慰问职工").text
    assert "<mark>慰问职工</mark>" in shown
    assert f'href="/article/{ARTICLE}"' in shown
    assert "<mark>" not in get(site, "/search?q=没有这样的词").text
    assert (
        'role="alert"' in get(site, "/search?q=%2C%2C").text or "没有" in get(site, "/search?q=%2C%2C").text
    )


def test_the_search_function_is_there_in_sql(site: Any) -> None:
    sql = "select count(*) as n from article_search where article_search match search_query(:q)"
    answer = get(site, "/kb.json?" + urlencode({"_shape": "array", "sql": sql, "q": "慰问"}))
    assert answer.json()[0]["n"] > 0


@pytest.fixture
def writable(tmp_path: Path) -> Any:
    return server.application(small_kb.fill(tmp_path / "kb.sqlite"), write_token="opensesame")


def converse(site: Any, *posts: tuple[str, dict[str, str]], signed: bool = True) -> list[Any]:
    """Answers to posts, as a browser sends them: with cookies and the token of the form."""

    async def talk() -> list[Any]:
        await site.invoke_startup()
        jar: dict[str, str] = {}
        answers = []
        for path, form in [*([("/-/sign-in", SIGN_IN)] if signed else []), *posts]:
            page = await site.client.get("/-/sign-in", cookies=jar)
            jar |= dict(page.cookies)
            token = {"csrftoken": jar.get("ds_csrftoken", "")}
            answer = await site.client.post(path, data={**token, **form}, cookies=jar)
            jar |= dict(answer.cookies)
            answers.append(answer)
        return answers

    return asyncio.run(talk())


SIGN_IN = {"name": "李敏", "token": "opensesame"}


def test_who_has_the_token_corrects_a_fact(writable: Any) -> None:
    fact = one(writable, "facts", "fact_id")
    form = {"action": "correct", "value": "125", "was_value": "120", "reason": "报道有误"}
    assert converse(writable, (f"/fact/{fact}/review", form))[-1].status_code == 302
    shown = get(writable, f"/fact/{fact}").text
    assert "125" in shown
    assert "李敏" in shown
    assert "报道有误" in shown
    with sqlite3.connect(writable.get_database().path) as db:
        assert db.execute("SELECT is_stale FROM total").fetchone() == (0,)
    db.close()


def test_who_has_the_token_adds_a_fact(writable: Any) -> None:
    before = get(writable, "/kb/facts.json?_shape=array").json()
    form = {"quote": "慰问职工", "kind": "people", "value": "120"}
    converse(writable, (f"/article/{ARTICLE}/review", form))
    added = [fact for fact in get(writable, "/kb/facts.json?_shape=array").json() if fact not in before]
    assert [fact["quote"] for fact in added] == ["慰问职工"]


@pytest.mark.parametrize(
    "form", [{"name": "李敏", "token": "wrong"}, {"name": "", "token": "opensesame"}, {}]
)
def test_a_wrong_token_signs_nobody_in(writable: Any, form: dict[str, str]) -> None:
    fact = one(writable, "facts", "fact_id")
    answers = converse(
        writable, ("/-/sign-in", form), (f"/fact/{fact}/review", {"action": "reject"}), signed=False
    )
    assert [answer.status_code for answer in answers] == [403, 403]
    assert one(writable, "facts", "review_status") == "unreviewed"


def test_a_post_from_another_page_is_refused(writable: Any) -> None:
    fact = one(writable, "facts", "fact_id")
    forged = {"action": "reject", "csrftoken": "forged"}
    assert converse(writable, (f"/fact/{fact}/review", forged))[-1].status_code == 403
    assert one(writable, "facts", "review_status") == "unreviewed"


def test_without_a_token_nobody_signs_in(tmp_path: Path) -> None:
    closed = server.application(small_kb.fill(tmp_path / "kb.sqlite"))
    assert get(closed, "/-/sign-in").status_code == 403
    assert "sign-in" not in get(closed, "/").text


@pytest.mark.parametrize(
    ("quote", "around", "expected"),
    [("五人", "", (2, 4)), ("三人", "来三人", (5, 7)), (" 五人 ", "", (2, 4))],
)
def test_the_place_of_words(quote: str, around: str, expected: tuple[int, int]) -> None:
    assert reviewing.place("三人五人来三人", quote, around) == expected


@pytest.mark.parametrize(("quote", "around"), [("三人", ""), ("", ""), ("九人", ""), ("五人", "三人")])
def test_words_that_have_no_place(quote: str, around: str) -> None:
    with pytest.raises(UserError):
        reviewing.place("三人五人来三人", quote, around)


def test_an_id_in_a_table_leads_to_its_page(site: Any) -> None:
    fact = one(site, "facts", "fact_id")
    assert f'<a href="/fact/{fact}">{fact}</a>' in get(site, "/kb/facts").text


def test_a_fact_is_shown_with_what_others_claim(tmp_path: Path) -> None:
    told = {
        "one": "5月20日，海宁市总工会举办职工技能大赛，1200名职工参加，发放奖金8万元。",
        "two": "5月20日，海宁市总工会举行职工技能大赛开幕式，参加职工1200名，奖金9万元。",
    }
    for name, text in told.items():
        (tmp_path / f"{name}.txt").write_text(
            f"海宁市职工技能大赛开赛\n2024-05-21\n本报讯 {text}", encoding="utf-8"
        )
    path = tmp_path / "kb.sqlite"
    with pytest.raises(SystemExit, match="0"):
        main(["ingest", str(tmp_path), "--db", str(path)])
    both = server.application(path)
    pages = {}
    for fact in get(both, "/kb/facts.json?_shape=array").json():
        pages.setdefault(fact["quote"], []).append(get(both, f"/fact/{fact['fact_id']}?lang=en").text)
    assert all("The same figure elsewhere" in page for page in pages["1200名"])


def test_an_article_that_a_later_version_took_the_place_of_says_so(site: Any) -> None:
    old, new = small_kb._id("a4"), small_kb._id("a3")
    answer = get(site, f"/article/{old}", **{"accept-language": "zh"})
    assert answer.status_code == 200
    assert "旧版本" in answer.text
    assert f'href="/article/{new}"' in answer.text
    assert "海宁市总工会慰问职工9名" in answer.text
    assert "fact-" not in answer.text


def test_what_is_gone_says_since_when(tmp_path: Path) -> None:
    news = tmp_path / "a.txt"
    path = tmp_path / "kb.sqlite"
    news.write_text("慰问\n2024-05-21\n5月20日，海宁市总工会慰问职工120名。", encoding="utf-8")
    for text in (news.read_text(encoding="utf-8"), "清凉\n2024-07-21\n7月20日，海宁市总工会走访30户。"):
        news.write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit, match="0"):
            main(["ingest", str(news), "--db", str(path)])
    both = server.application(path)
    gone = {row["kind"]: row["id"] for row in get(both, "/kb/tombstone.json?_shape=array").json()}
    old = get(both, f"/fact/{gone['fact']}?lang=zh").text
    assert "已撤除" in old
    assert f'href="/article/{gone["article"]}"' in old
    assert "旧版本" in get(both, f"/article/{gone['article']}?lang=zh").text


def test_errors_are_in_the_readers_language(site: Any) -> None:
    assert "English" in get(site, "/article/0000000000000000", **{"accept-language": "zh"}).text
    assert "Tables" in get(site, "/article/0000000000000000", **{"accept-language": "en"}).text
    assert "Tables" in get(site, "/kb?sql=nonsense", **{"accept-language": "en"}).text


def test_a_wrong_statement_is_one_line_in_the_log(site: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert get(site, "/kb?sql=select+nonsense").status_code == 400
    out, err = capfd.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "nonsense" in err


def test_one_count_says_how_many_and_ranks(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    count = search._Search.count

    def counted(self: Any, most: int | None) -> int:
        counts.append(most)
        return count(self, most)

    monkeypatch.setattr(search._Search, "count", counted)
    assert get(site, "/search?q=慰问").status_code == 200
    assert len(counts) == 1


def test_the_front_page_says_from_when_to_when_and_what_is_not_counted(tmp_path: Path) -> None:
    path = small_kb.fill(tmp_path / "kb.sqlite")
    assert "2023-12-20 – 2023-12-21" in get(server.application(path), "/").text
    with sqlite3.connect(path) as db:
        db.execute("UPDATE total SET is_stale = 1")
    db.close()
    assert "合计截至" in get(server.application(path), "/").text


def test_tables_are_in_the_readers_language(site: Any) -> None:
    shown = get(
        site, "/kb/facts?_facet=kind&_facet=programme&status=actual", **{"accept-language": "zh"}
    ).text
    for words in ("事实", "按此列计数", "人数", "困难帮扶", "全部下载（CSV）", "等于"):
        assert words in shown, words
    assert not re.search("Advanced export|View and edit SQL|Next page|This data as", shown)
    shown = get(site, "/kb/facts?_facet=kind", **{"accept-language": "en"}).text
    assert "Count by column" in shown
    for path in (
        "/kb",
        "/kb/largest_sums",
        "/kb?sql=select+1+as+n",
        f"/kb/fact/{one(site, 'facts', 'fact_id')}",
    ):
        shown = get(site, path, **{"accept-language": "zh"}).text
        assert "数据表" in shown, path
        assert "Custom SQL" not in shown, path


def test_a_count_in_a_table_leads_to_its_rows(site: Any) -> None:
    shown = get(site, "/kb/facts?_facet=kind").text
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*kind=money[^"]*)"', shown)]
    assert links
    rows = get(
        site, links[0].replace("http://localhost", "").replace("/kb/facts?", "/kb/facts.json?_shape=array&")
    )
    assert {row["kind"] for row in rows.json()} == {"money"}


def test_no_page_of_datasette_runs_a_script_of_its_own(site: Any) -> None:
    for path in ("/kb", "/kb/facts", "/kb/largest_sums", "/-/versions", "/-/nothing"):
        answer = get(site, path)
        if "html" in answer.headers["content-type"]:
            assert "script-src 'self'" in answer.headers["content-security-policy"], path
            assert not re.search(r"<script(?![^>]*(?:src=|application/json))", answer.text), path


def test_facts_by_a_word_of_their_sentence(site: Any) -> None:
    found = get(site, "/kb/by_word.json?_shape=array&word=慰问职工").json()
    assert {fact["quote"] for fact in found} == {"120余名", "6.5万元"}
    assert get(site, "/kb/by_word.json?_shape=array&word=没有这个词").json() == []
