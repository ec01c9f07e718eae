"""Recorded pages (tests/pages), the sample site, and what holds for any page."""

import importlib.util
import json
import socket
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.decode import decode
from crawler.pages import FAMILIES, dom, enpproperty, join, labels, next_part, published, read, titles
from extract.model import Draft, Metadata
from unionkb import paths

ROOT = Path(__file__).parent
CASES = sorted(p.parent for p in (ROOT / "pages").glob("*/*/input.html"))
SITE = paths.sample_site()

_spec = importlib.util.spec_from_file_location("refresh_pages", ROOT.parent / "scripts" / "refresh_pages.py")
assert _spec is not None
assert _spec.loader is not None
refresh = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(refresh)


def page(path: str) -> str:
    return decode((SITE / path).read_bytes()).text


@pytest.mark.parametrize("case", CASES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_recorded_page(case: Path) -> None:
    assert refresh.result(case) == json.loads((case / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_family_is_recognised_as_it_is_named(case: Path) -> None:
    assert refresh.result(case, case.parent.name) == refresh.result(case)


def test_every_family_has_recorded_pages() -> None:
    assert {case.parent.name for case in CASES} == {*FAMILIES, "generic"}
    assert all(name == family.name for name, family in FAMILIES.items())


def test_sample_site_gives_its_articles_and_no_more() -> None:
    drafts = {p.relative_to(SITE).as_posix(): read(page(p)) for p in SITE.rglob("*.html")}
    counts = {name: len(found) for name, found in drafts.items() if found}
    assert counts == {
        name: {"node_02.html": 4, "node_03.html": 3}.get(Path(name).name, 1)
        for name in drafts
        if any(mark in name for mark in ("/c/", "/t2024", "/content_", "node_02", "node_03"))
    }
    for name, found in drafts.items():
        for draft in found:
            assert draft.single, name
            assert draft.known.published, name
            assert draft.text.count("\n") >= 1, name


@pytest.mark.parametrize(
    "noise",
    [
        "相关阅读",
        "24小时热榜",
        "今日访问",
        "新闻热线",
        "责任编辑",
        "浏览次数",
        "当前位置",
        "99万人",
        "本版其他文章",
    ],
)
def test_sample_site_furniture_is_left_out(noise: str) -> None:
    for path in SITE.rglob("*.html"):
        assert all(noise not in draft.text for draft in read(page(path)))


def test_parts_of_the_sample_site_are_joined() -> None:
    first = "portal/c/2024-05-27/8123733.html"
    second = next_part(page(first), first)
    assert second == "portal/c/2024-05-27/8123733_2.html"
    assert next_part(page(second), second) is None
    whole = join([*read(page(first)), *read(page(second))])
    assert whole.single
    assert whole.known.title == "一座老工业城市的“工会驿站账本”"
    assert whole.text.count(whole.known.title) == 1
    assert whole.text.startswith(whole.known.title)
    assert whole.text.endswith("（记者 罗雨禾）")


def test_join_fills_what_the_first_part_does_not_know() -> None:
    one = Draft("题\n甲", Metadata(title="题", published=date(2024, 5, 1)), single=True)
    two = Draft("题（2）\n乙", Metadata(title="题（2）", editor="姚简"), single=True)
    whole = join([one, two])
    assert whole == Draft(
        "题\n甲\n乙", Metadata("题", published=date(2024, 5, 1), editor="姚简"), single=True
    )
    assert join([one]) == one
    with pytest.raises(ValueError, match="no parts"):
        join([])


PARTS = "<title>长文</title><h1>长文</h1><div id=zoom><p>{}</p></div>".format(
    "工会送来清凉，大家都说好。" * 6
)


def trs(part: int) -> str:
    return f'<script>createPageHTML(3, {part}, "t20220101_12", "htm");</script>'


TOTAL = '<input type="hidden" id="__totalpage" value="2">'


@pytest.mark.parametrize(
    ("link", "url", "target"),
    [
        ('<a href="12_2.html">下一页</a>', "http://a.cn/c/12.html", "http://a.cn/c/12_2.html"),
        ('<a href="12_3.html">下一页&gt;&gt;</a>', "http://a.cn/c/12_2.html", "http://a.cn/c/12_3.html"),
        ('<a href="?page=2">[下一页]</a>', "http://a.cn/c/12.html", "http://a.cn/c/12.html?page=2"),
        ('<a href="12_2.html">下一页</a>', None, "12_2.html"),
        ('<a href="13.html">下一页</a>', "http://a.cn/c/12.html", None),
        ('<a href="12_1.html">下一页</a>', "http://a.cn/c/12_2.html", None),
        ('<a href="12_2.html">下一篇</a>', "http://a.cn/c/12.html", None),
        ('<a href="javascript:next()">下一页</a>', "http://a.cn/c/12.html", None),
        (trs(1), "http://a.cn/t20220101_12_1.htm", "http://a.cn/t20220101_12_2.htm"),
        (trs(2), "http://a.cn/t20220101_12_2.htm", None),
        (TOTAL, "http://a.cn/1.shtml", "http://a.cn/1_2.shtml"),
        (TOTAL, "http://a.cn/1_2.shtml", None),
    ],
)
def test_next_part(link: str, url: str | None, target: str | None) -> None:
    assert next_part(PARTS + link, url) == target


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("工会送清凉_工会要闻_湖滨在线", "工会送清凉"),
        ("工会送清凉-湖滨新闻网", "工会送清凉"),
        ("工会送清凉 - 云溪县总工会", "工会送清凉"),
        ("工会送清凉--湖滨日报", "工会送清凉"),
        ("工会送清凉 | 职工频道 | 湖滨网", "工会送清凉"),
        ("1-5月全县新增会员3200人", "1-5月全县新增会员3200人"),
        ("工会送清凉-职工笑开颜", "工会送清凉-职工笑开颜"),
        ("对话|一位网约车司机的三个愿望_湖滨在线", "对话|一位网约车司机的三个愿望"),
        ("湖滨在线--二十个县的工会主席齐聚一堂谈改革", "二十个县的工会主席齐聚一堂谈改革"),
        ("", ""),
    ],
)
def test_title_without_site(title: str, expected: str) -> None:
    assert titles.without_site(title) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.cn/c/2024-05-20/812.shtml", date(2024, 5, 20)),
        ("http://a.cn/html/2024-05/21/content_3.htm?div=-1", date(2024, 5, 21)),
        ("http://a.cn/pc/content/202405/21/content_3.html", date(2024, 5, 21)),
        ("http://a.cn/n1/2018/0712/c67502-301.html", date(2018, 7, 12)),
        ("http://a.cn/xw/202405/t20240517_104.html", date(2024, 5, 17)),
        ("http://a.cn/papers/grrb/2012/03/09/2/news-1.html", date(2012, 3, 9)),
        ("http://a.cn/hebrb/20230105/html/content_20230105003002.htm", date(2023, 1, 5)),
        ("http://a.cn/28/201510/28/151028093012345.shtml", date(2015, 10, 28)),
        ("http://a.cn/html/2024-05/21/nw.D110000x_20240521_1-02.htm", date(2024, 5, 21)),
        ("http://a.cn/art/2022/4/6/art_3_5.html", date(2022, 4, 6)),
        ("http://a.cn/sh/2023/12-04/10.shtml", date(2023, 12, 4)),
        ("http://a.cn/show/20991399.html", None),
        ("http://a.cn/newsview1234.htm", None),
        (None, None),
    ],
)
def test_date_in_url(url: str | None, expected: date | None) -> None:
    assert published.in_url(url) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("来源：湖滨日报 作者：林岚", [("source", "湖滨日报"), ("author", "林岚")]),
        ("2024-05-17 10:00来源:湖滨日报责任编辑:林岚", [("source", "湖滨日报"), ("editor", "林岚")]),
        ("发布时间：2024年5月17日　浏览次数：128", [("published", "2024年5月17日"), ("stop", "128")]),
        ("【责编：林岚】", [("editor", "林岚")]),
        ("比赛时间：5月1日", []),
        ("工会的来源很久远", []),
    ],
)
def test_label_fields(line: str, expected: list[tuple[str, str]]) -> None:
    assert list(labels.fields(line)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("林岚、季文博", "林岚 季文博"),
        ("本报记者 林岚 通讯员 季文博", "林岚 季文博"),
        ("林岚_NB1234", "林岚"),
        ("Lin Lan", "Lin Lan"),
        ("系统管理员", None),
        ("", None),
    ],
)
def test_names(value: str, expected: str | None) -> None:
    assert labels.names(value) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("第A04版：工会新闻", ("A04", "工会新闻")),
        ("第02版:要闻", ("02", "要闻")),
        ("04版", ("04", None)),
        ("要闻", (None, "要闻")),
        (None, (None, None)),
    ],
)
def test_page_label(label: str | None, expected: tuple[str | None, str | None]) -> None:
    assert enpproperty.page_label(label) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>工会\n 干部</p><p>A\n B</p>", ["工会干部", "A B"]),
        ("<div>甲<br>乙<div>丙</div>丁</div>", ["甲", "乙", "丙", "丁"]),
        ("<table><tr><td>甲县</td><td>12人</td></tr></table>", ["甲县 12人"]),
        ("<table><tr><td><p>左栏</p></td><td><p>右栏</p></td></tr></table>", ["左栏", "右栏"]),
        ("<p>　　工会\u200b<b>送</b><i>清凉</i>&nbsp;</p>", ["工会送清凉"]),
    ],
)
def test_lines(html: str, expected: list[str]) -> None:
    assert dom.lines(dom.body(dom.parse(html))) == expected


@pytest.mark.parametrize(
    "html", ["", "   ", "<!-- -->", "<html></html>", "<p>短</p>", "plain text", "\0", "<<<>>>"]
)
def test_pages_without_article(html: str) -> None:
    assert read(html) == []
    assert next_part(html) is None


@given(st.text(max_size=300))
def test_any_string_is_read(html: str) -> None:
    for draft in read(html):
        assert draft.text


PIECES = (
    *("<div>", "</div>", "<p>", "<table>", "<tr>", "<td>", "<a href=x>", "</a>", "<!--", "-->", "<h1>"),
    *(
        "<!--enpproperty ",
        "/enpproperty-->",
        "<title>",
        "</title>",
        "<style>.a{display:none",
        "来源：",
        "下一页",
    ),
    *("工会，送清凉。" * 4, "2024-05-17 10:00", "第02版：要闻", "本报讯 职工三百人参加了活动，都很高兴。"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_tags_are_read(pieces: list[str]) -> None:
    html = "".join(pieces)
    read(html, "http://a.cn/2024-05/17/content_1.htm")
    next_part(html, "http://a.cn/2024-05/17/content_1.htm")


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + "工会送清凉，职工笑开颜。" * 5,
        "<div style='display:none'>" * 20_000,
        "<!--enpproperty " * 20_000,
        "<p>工会，送清凉。</p>" * 20_000,
        "来源：" * 100_000,
        "<style>" + ".a{" * 100_000 + "</style><p>" + "工会，送清凉。" * 10,
        "<title>" + "_-|" * 50_000 + "</title><p>" + "工会，送清凉。" * 10,
        "<table><tr><td>" * 5_000,
        "<p>" + "<b>工</b> " * 50_000,
        "<a href=x>下一页</a>" * 20_000,
        "<div class='content font01' id=ozoom>" * 20_000 + "<p>工会送清凉，职工笑开颜。</p>" * 10_000,
        "<div class=content><td class=font01><p id=Title>工会，送清凉。</p></div>" * 10_000,
        "<div id=zoom>" + "工会送清凉，职工笑开颜。<br>" * 20_000,
        "<div id=zoom>" + "<a href=x>工会送清凉，职工笑开颜。</a><br>" * 20_000,
        "<!--enpproperty <title>工会</title>/enpproperty--><p>工会送清凉，职工笑开颜。</p>" * 3_000,
    ],
    ids=[
        *("deep", "hidden", "comments", "paragraphs", "labels", "css", "title", "tables", "inline", "links"),
        *("skins", "many", "breaks", "linked", "notes"),
    ],
)
def test_no_page_takes_long(html: str) -> None:
    start = time.perf_counter()
    read(html)
    next_part(html)
    assert time.perf_counter() - start < 10


def test_readers_stay_off_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a page reader opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    undated = "<title>工会</title><h1>工会送清凉到工地</h1><p>" + "工会送清凉，职工笑开颜。" * 8 + "</p>"
    assert read(undated, "http://www.example.com.cn/a/1.html")[0].known.published is None


def test_selectors_of_skins_are_selectors() -> None:
    empty = dom.parse("<p>")
    for family in FAMILIES.values():
        for skin in family.skins:
            assert skin.body
            for name in skin.__dataclass_fields__:
                if isinstance(value := getattr(skin, name), tuple):
                    assert all(isinstance(dom.select(empty, selector), list) for selector in value)


@pytest.mark.parametrize(
    ("day", "skin"),
    [("2019-05-06", "signdate"), ("2023-05-06", "c"), (None, "c")],
)
def test_skins_are_tried_by_their_day(day: str | None, skin: str) -> None:
    html = """<title>送清凉</title><h1 class="ctitle">送清凉</h1><h1 class="article-title">送清凉</h1>
    <div class="ccontent">五月起，云溪县总工会为环卫工人送去防暑物资三百份，工人们都说好。</div>"""
    hints = {"published": day} if day else {}
    assert read(html, None, "workercn", hints)[0].read_by == f"workercn/{skin}"


def test_hints_fill_what_the_page_does_not_say() -> None:
    html = "<div id=zoom>五月起，云溪县总工会为环卫工人送去防暑物资三百份，工人们都说好。</div>"
    hints = {"title": "工会送清凉", "published": "2020-05-06", "listed": "2020-05-07", "page_number": "A02"}
    (found,) = read(html, None, None, hints | {"section": "工会", "newspaper": "云溪日报"})
    assert found.known == Metadata(
        title="工会送清凉",
        published=date(2020, 5, 6),
        published_basis="url",
        newspaper="云溪日报",
        page_number="A02",
        section="工会",
    )


@pytest.mark.parametrize(
    ("printed", "labelled", "meta", "url", "listed", "expected"),
    [
        (5, False, 5, 5, 5, (5, "printed, meta, url and list")),
        (5, False, 6, 7, None, (5, "printed")),
        (5, False, 6, 6, None, (6, "meta and url")),
        (5, True, 6, 6, None, (5, "printed")),
        (None, False, 6, None, 6, (6, "meta and list")),
        (None, False, None, 7, 8, (7, "url")),
        (None, False, None, None, 8, (8, "list")),
        (None, False, None, None, None, (None, None)),
    ],
)
def test_which_date_counts(
    printed: int | None,
    labelled: bool,
    meta: int | None,
    url: int | None,
    listed: int | None,
    expected: tuple[int | None, str | None],
) -> None:
    def on(number: int | None) -> date | None:
        return date(2020, 5, number) if number else None

    found = published.settle(
        published.Printed(on(printed), labelled), meta=on(meta), url=on(url), listed=on(listed)
    )
    assert found == (on(expected[0]), expected[1])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("当前位置：首页 > 工会要闻 > 正文", "工会要闻"),
        ("首页>>新闻中心>>基层动态", "基层动态"),
        ("您的位置: 网站首页 » 职工维权", "职工维权"),
        ("首页 - 新闻动态", "新闻动态"),
        ("首页", None),
        ("工会主席 > 副主席", None),
    ],
)
def test_section_at_the_end_of_a_path(line: str, expected: str | None) -> None:
    assert labels.crumb_end(line) == expected


def test_an_unknown_family_is_as_none() -> None:
    html = "<div id=zoom>五月起，云溪县总工会为环卫工人送去防暑物资三百份，工人们都说好。</div>"
    assert read(html, None, "no-such") == read(html)


@pytest.mark.parametrize("odd", ["&#1;", "&#x1f;", "&#xfffe;", "\x0b", "\x01"])
def test_text_behind_what_is_dropped_may_hold_any_character(odd: str) -> None:
    line = "<p>市总工会慰问职工{0}0名。<script>1</script>{1}后来又慰问{0}1名。</p>"
    lines = "".join(line.format(n, odd) for n in range(1, 9))
    html = f"<html><body><h1>市总工会慰问职工</h1><div>{lines}</div></body></html>"
    (draft,) = read(html, "http://a.example/1.html")
    assert "后来又慰问11名" in draft.text
