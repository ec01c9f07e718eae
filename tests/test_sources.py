"""Outlets as data: those built in against their known addresses, files of one's own, and what is refused."""

import dataclasses
import json
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crawler import sources, url_patterns
from crawler.pages.readers import FAMILIES
from crawler.sources import Source, SourceError
from crawler.toml_lines import lines
from extract import regions
from unionkb import cli

ROOT = Path(__file__).parents[1]
BUILT_IN = sources.load()
OUTLETS = list(BUILT_IN.values())
KNOWN = [(outlet, url) for outlet in OUTLETS for url in outlet.known_urls]
WITHOUT_KNOWN = {"gsgrb"}
"""Outlets of which no article's address is known, only how issues are addressed."""


def ids(value: object) -> str | None:
    return value.id if isinstance(value, Source) else None


# Those built in.


def test_there_are_enough() -> None:
    assert len(OUTLETS) >= 40
    assert {outlet.kind for outlet in OUTLETS} == {"portal", "federation", "daily", "e-paper"}
    assert {outlet.id for outlet in OUTLETS if not outlet.known_urls} == WITHOUT_KNOWN


@pytest.mark.parametrize(("outlet", "url"), KNOWN, ids=ids)
def test_known_address(outlet: Source, url: str) -> None:
    found = outlet.layout_of(url)
    assert found, "fits no layout"
    layout, match = found
    assert [other.id for other in OUTLETS if other.layout_of(url)] == [outlet.id]
    assert sources.source_of(url, OUTLETS) is outlet
    once = outlet.canonical(url)
    assert outlet.canonical(once) == once == match.string
    day = outlet.date_in_url(url)
    assert day == DAYS.get(url, printed_day(url))
    if day:
        # Layouts of which the time is known are valid on the days of their articles.
        assert (layout.valid_from or date.min) <= day <= (layout.valid_to or date.max)


NO_DAY = None
DAYS = {
    # Digits that look like a day: a time of entry, or the number of an article.
    "http://zgh.jimo.gov.cn/n8427/n8446/170726094706393544.html": NO_DAY,
    "http://gonghui.panyu.gd.cn/ShowInfo.aspx?id=20241220091943616164831833060044": NO_DAY,
    "https://www.cqgh.org/web/article/1471906560163655680/web/content_1471906560163655680.html": NO_DAY,
    # One-digit months; year and day apart.
    "http://cdszgh.cn/art/2021/2/12/art_11495_842345.html": date(2021, 2, 12),
    "https://czgh.jscz.org.cn/html/czgh/2016/KEBQLDDJ_0805/10235.html": date(2016, 8, 5),
    "https://czgh.jscz.org.cn/html/czgh/2018/KEBQLDDJ_0219/14966.html": date(2018, 2, 19),
    "https://czgh.jscz.org.cn/html/czgh/2020/KEBQLDDJ_0722/20023.html": date(2020, 7, 22),
}


def printed_day(url: str) -> date | None:
    """The day a reader sees in an address: found apart from the layouts, by its digits alone."""
    path = url.partition("://")[2].partition("/")[2]
    found = re.search(r"(?<!\d)(20\d\d|19\d\d)[-/]?(\d\d)[-/]?(\d\d)(?!\d)", path)
    return date(*map(int, found.groups())) if found else None


@pytest.mark.parametrize("outlet", OUTLETS, ids=ids)
def test_built_in(outlet: Source) -> None:
    assert outlet.file
    assert outlet.file.stem == outlet.id
    assert outlet.region_code is None or regions.by_code(outlet.region_code)
    assert (outlet.region_code is None) == (
        outlet.level in ("national", "industry")
    ) or not outlet.union_outlet
    assert outlet.file.read_text(encoding="utf-8").startswith("# Read off "), "say what it is from"
    assert outlet.newspaper or outlet.kind != "e-paper"
    assert {layout.cms for layout in outlet.layouts} <= {"generic", *FAMILIES}
    for start in outlet.starts:
        if start.discovery == "epaper":
            # An issue's address is the outlet's own spelling, and no article.
            url = start.issue(date(2024, 3, 5))
            assert outlet.canonical(url) == url
            assert outlet.layout_of(url) is None
            assert "2024" in url or start.url == outlet.home
        for number in (1, 2) if "{page}" in start.url else (1,):
            assert outlet.layout_of(start.page(number)) is None


@pytest.mark.parametrize("outlet", [o for o in OUTLETS if o.starts and not o.disabled], ids=ids)
def test_there_is_a_way_in_today(outlet: Source) -> None:
    assert outlet.starts_on(date(2026, 11, 1))


@pytest.mark.parametrize(
    ("outlet", "day", "issues"),
    [
        (
            "rmrb",
            date(2024, 11, 30),
            ["http://paper.people.com.cn/rmrb/html/2024-11/30/nbs.D110000renmrb_01.htm"],
        ),
        ("rmrb", date(2024, 12, 1), ["http://paper.people.com.cn/rmrb/pc/layout/202412/01/node_01.html"]),
        ("jjrb", date(2018, 5, 1), ["http://paper.ce.cn/jjrb/html/2018-05/01/node_2.htm"]),
        ("jjrb", date(2023, 5, 1), ["http://paper.ce.cn/pc/layout/202305/01/node_01.html"]),
        (
            "gmrb",
            date(2025, 11, 2),
            [
                "https://epaper.gmw.cn/gmrb/html/2025-11/02/nbs.D110000gmrb_01.htm",
                "https://epaper.gmw.cn/gmrb/html/layout/202511/02/node_01.html",
            ],
        ),
        ("grrb", date(2012, 6, 9), ["https://www.workercn.cn/papers/grrb/2012/06/09/1/page.html"]),
        ("hebrb", date(2022, 1, 7), ["http://harbin.joyhua.cn/hebrb/20220107/html/index.htm"]),
    ],
)
def test_issues_over_time(outlet: str, day: date, issues: list[str]) -> None:
    assert [start.issue(day) for start in BUILT_IN[outlet].starts_on(day)] == issues


@pytest.mark.parametrize(
    ("outlet", "url", "page"),
    [
        ("grrb", "https://www.workercn.cn/papers/grrb/2021/12/22/2/news-4.html", "2"),
        ("rmrb", "https://paper.people.com.cn/rmrb/html/2024-08/18/nw.D110000renmrb_20240818_1-04.htm", "04"),
        ("hebrb", "https://harbin.joyhua.cn/hebrb/20240903/mhtml/page_07_content_20240903008003.htm", "08"),
    ],
)
def test_page_number_in_the_address(outlet: str, url: str, page: str) -> None:
    found = BUILT_IN[outlet].layout_of(url)
    assert found
    assert found[1]["page"] == page


@pytest.mark.parametrize(
    "url",
    [
        "https://www.workercn.cn/",
        "https://www.workercn.cn/papers/grrb/2021/12/22/2/page.html",
        "https://workercn.cn/34/202008/05/200805212432114_2.shtml",
        "https://workercn.example/c/2024-06-14/8283327.shtml",
        "https://example.com/?u=https://www.workercn.cn/c/2024-06-14/8283327.shtml",
        "https://www.workercn.cn/c/2024-06-14/8283327.shtml" + "x" * 3000,
        "javascript:void(0)",
    ],
)
def test_no_article(url: str) -> None:
    assert sources.source_of(url, OUTLETS) is None


# Files of one's own.

GOOD = """\
# An outlet of my own.
name = "云溪区总工会"
publisher = "岳阳市云溪区总工会"
kind = "federation"
level = "county"
home = "http://gh.yunxi.example/"
hosts = [
    "yunxi.example",  # without gh
    "*.news.yunxi.example",
]
known_urls = ["http://gh.yunxi.example/news/2024/0305/17.html"]

[aliases]
"yunxi.example" = "gh.yunxi.example"

[politeness]
delay = 3

[[start]]
discovery = "listing"
url = "http://gh.yunxi.example/news/index_{page}.html"
first_url = "http://gh.yunxi.example/news/"
second_page = 1

[[start]]
discovery = "feed"
url = "http://gh.yunxi.example/%E6%96%B0/rss.xml"

[[layout]]
article_url = 'https?://gh\\.yunxi\\.example/news/(?P<year>\\d{4})/(?P<month>\\d\\d)(?P<day>\\d\\d)/\\d+\\.html'
cms = "generic"
valid_from = 2020-01-01
"""


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str | bytes, name: str = "yunxi-gh.toml") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_file_of_ones_own(file: Callable[..., Path]) -> None:
    loaded = sources.load([file(GOOD)])
    assert set(loaded) == {*BUILT_IN, "yunxi-gh"}
    outlet = loaded["yunxi-gh"]
    assert outlet.name == "云溪区总工会"
    assert outlet.politeness.delay == 3.0
    assert outlet.politeness.max_pages_per_run == 2000
    assert outlet.layouts[0].valid_from == date(2020, 1, 1)
    listing, feed = outlet.starts
    assert [listing.page(number) for number in (1, 2, 3)] == [
        "http://gh.yunxi.example/news/",
        "http://gh.yunxi.example/news/index_1.html",
        "http://gh.yunxi.example/news/index_2.html",
    ]
    assert feed.page(1) == feed.url
    with pytest.raises(ValueError, match="no further pages"):
        feed.page(2)


def test_twins_of_an_outlet(file: Callable[..., Path]) -> None:
    outlet = sources.load([file(GOOD)])["yunxi-gh"]
    for twin in (
        "https://gh.yunxi.example/news/2024/0305/17.html",
        "http://YUNXI.example/news/2024/0305/17.html?from=wx",
    ):
        assert outlet.canonical(twin) == "http://gh.yunxi.example/news/2024/0305/17.html"
        assert outlet.date_in_url(twin) == date(2024, 3, 5)
    assert outlet.canonical("https://gh.yunxi.example:8443/a") == "https://gh.yunxi.example:8443/a"
    assert outlet.canonical("https://example.com/a") == "https://example.com/a"


@given(
    st.sampled_from(["http://", "https://", "http://yunxi.example", "//"]),
    st.text("ab.:/?#@[]0%-ny", max_size=30),
)
def test_twins_of_an_outlet_twice(start: str, rest: str) -> None:
    outlet = Source(
        "yunxi-gh", "", "", "federation", "county", "http://gh.yunxi.example/", (), (),
        hosts=("yunxi.example:99", "*.b.an"), aliases={"yunxi.example": "gh.yunxi.example"},
    )  # fmt: skip
    once = outlet.canonical(start + rest)
    assert outlet.canonical(once) == once
    assert outlet.layout_of(start + rest) is None


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://gh.yunxi.example/", True),
        ("https://yunxi.example/a", True),
        ("http://a.news.yunxi.example/", True),
        ("http://news.yunxi.example/", False),
        ("http://xnews.yunxi.example/", False),
        ("http://gh.yunxi.example:81/", False),
        ("http://gh.yunxi.example@example.com/", False),
        ("http://gh.yunxi.example.example.com/", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_hosts_of_an_outlet(file: Callable[..., Path], url: str, own: bool) -> None:
    assert sources.load([file(GOOD)])["yunxi-gh"].owns(url) is own


def test_an_outlet_on_a_port_of_this_machine(file: Callable[..., Path]) -> None:
    text = GOOD.replace("gh.yunxi.example", "127.0.0.1:8123").replace(
        r"gh\.yunxi\.example", r"127\.0\.0\.1:8123"
    )
    outlet = sources.load([file(text)])["yunxi-gh"]
    assert outlet.owns("http://127.0.0.1:8123/a")
    assert not outlet.owns("http://127.0.0.1:8124/a")
    assert not outlet.owns("http://127.0.0.1/a")
    assert outlet.layout_of("http://127.0.0.1:8123/news/2024/0305/17.html")


def several(*names: str) -> str:
    """A file of outlets that differ in their id."""
    one = re.sub(r"^\[(\[?)(?=[a-z])", r"[\1source.", GOOD, flags=re.M)
    return "\n".join(
        f'[[source]]\nid = "{name}"\n{one}'.replace("gh.yunxi", f"{name}.yunxi") for name in names
    )


def test_a_file_of_several(file: Callable[..., Path]) -> None:
    loaded = sources.load([file(several("a-gh", "b-gh"))])
    assert set(loaded) == {*BUILT_IN, "a-gh", "b-gh"}
    assert loaded["b-gh"].home == "http://b-gh.yunxi.example/"
    assert list(loaded) == sorted(loaded)


def test_a_file_takes_the_place_of_the_one_built_in(file: Callable[..., Path]) -> None:
    loaded = sources.load([file(GOOD, "grrb.toml")])
    assert len(loaded) == len(BUILT_IN)
    assert loaded["grrb"].name == "云溪区总工会"


def test_windows_files_are_read(file: Callable[..., Path]) -> None:
    text = GOOD.replace("\n", "\r\n").encode("utf-8-sig")
    assert sources.load([file(text)])["yunxi-gh"].name == "云溪区总工会"


def test_the_layout_valid_on_the_day_is_chosen(file: Callable[..., Path]) -> None:
    old = (
        GOOD[GOOD.index("[[layout]]") :]
        .replace("generic", "trs")
        .replace("valid_from = 2020", "valid_to = 2019")
    )
    outlet = sources.load([file(f"{GOOD}\n{old}")])["yunxi-gh"]
    url = "http://gh.yunxi.example/news/{}/0305/17.html"

    def cms(year: int, on: date | None = None) -> str:
        found = outlet.layout_of(url.format(year), on)
        assert found
        return found[0].cms

    assert (cms(2018), cms(2021)) == ("trs", "generic")
    assert cms(2018, on=date(2022, 1, 1)) == "generic"
    # Between the two: the nearer one. Without a day: the present one.
    assert cms(2019) == "trs"
    assert cms(2018, on=date(2019, 12, 30)) == "generic"
    assert outlet.layout_of(url.format(2021).replace("0305", "9999"))[0].cms == "generic"
    assert outlet.date_in_url(url.format(2021).replace("0305", "9999")) is None


# What is refused: the text to be replaced, what stands there instead, and the message from the line on.

REFUSED = [
    ('kind = "federation"', 'kind = "union"', "4: kind: must be one of portal, federation, daily, e-paper"),
    ('level = "county"', "level = 3", "5: level: must be one of national, province, city, county, industry"),
    ('level = "county"\n', "", "1: level: is missing"),
    ('level = "county"', 'levels = "county"', "5: levels: unknown key; did you mean `level`?"),
    ('name = "云溪区总工会"', "name = 7", "2: name: must be text in quotes"),
    ('name = "云溪区总工会"', 'name = ""', "2: name: is empty"),
    ('name = "云溪区总工会"', 'name = " 云溪"', "2: name: begins or ends with a space"),
    ('name = "云溪区总工会"', "name =", "2: not TOML: Invalid value (at line 2, column 7)"),
    (
        'name = "云溪区总工会"',
        'name = "a"\nname = "b"',
        "3: not TOML: Cannot overwrite a value (at line 3, column 11)",
    ),
    ('name = "云溪区总工会"', 'name = "云溪', "2: not TOML: Illegal character '\\n' (at line 2, column 11)"),
    (
        'name = "云溪区总工会"',
        'id = "云溪"\nname = "a"',
        "2: id: `云溪` must be ASCII letters in lower case, digits and single hyphens",
    ),
    (
        'home = "http://gh.yunxi.example/"',
        'home = "gh.yunxi.example"',
        "6: home: `gh.yunxi.example` is no http or https address",
    ),
    (
        'home = "http://gh.yunxi.example/"',
        'home = "http://gh.yunxi.example:x/"',
        "6: home: `http://gh.yunxi.example:x/` is no http or https address",
    ),
    (
        'home = "http://gh',
        'region_code = "43"\nhome = "http://gh',
        "6: region_code: must be six digits (GB/T 2260)",
    ),
    ('home = "http://gh', 'rhythm_days = 0\nhome = "http://gh', "6: rhythm_days: must be greater than 0"),
    ('home = "http://gh', 'rhythm_days = nan\nhome = "http://gh', "6: rhythm_days: must be a number"),
    ('home = "http://gh', 'union_outlet = "no"\nhome = "http://gh', "6: union_outlet: must be true or false"),
    (
        '    "*.news.yunxi.example",',
        '    "*.example",',
        "9: hosts: `*.example` is no host: write it as `www.example.cn` or `*.example.cn`",
    ),
    ('    "*.news.yunxi.example",', "    17,", "7: hosts: must be text in quotes"),
    (
        "hosts = [\n",
        "hosts = [\n    'http://a.example',\n",
        "8: hosts: `http://a.example` is no host: write it as `www.example.cn` or `*.example.cn`",
    ),
    (
        '    "*.news.yunxi.example",',
        '    "yunxi.example:70000",',
        "9: hosts: `yunxi.example:70000` is no host: write it as `www.example.cn` or `*.example.cn`",
    ),
    (
        '= "gh.yunxi.example"',
        '= "www.example.cn"',
        "14: aliases.yunxi.example: www.example.cn is no host of this outlet",
    ),
    ("delay = 3", "delay = -1", "17: politeness.delay: must be 0 to 3600 seconds"),
    ("delay = 3", 'delay = "3"', "17: politeness.delay: must be a number"),
    ("delay = 3", "delay = true", "17: politeness.delay: must be a number"),
    ("delay = 3", "max_pages_per_run = 0", "17: politeness.max_pages_per_run: must be at least 1"),
    ("delay = 3", "max_pages_per_run = 1.5", "17: politeness.max_pages_per_run: must be a whole number"),
    ("delay = 3", "dely = 3", "17: politeness.dely: unknown key; did you mean `delay`?"),
    ("[politeness]", "[[politeness]]", "16: politeness: must be a table"),
    (
        'discovery = "feed"',
        'discovery = "rss"',
        "26: start.discovery: must be one of listing, epaper, feed, sitemap",
    ),
    ('discovery = "feed"\n', "", "25: start.discovery: is missing"),
    ("/%E6%96%B0/rss.xml", "/rss_{page}.xml", "27: start.url: {page} counts the pages of a listing"),
    ("/index_{page}.html", "/index_{pgae}.html", "21: start.url: the only name in braces is {page}"),
    ("/index_{page}.html", "/", "22: start.first_url: is of use only where `url` has {page}"),
    (
        "gh.yunxi.example/%E6%96%B0",
        "example.cn",
        "27: start.url: example.cn is no host of this outlet: add it to `hosts`",
    ),
    ("second_page = 1", "second_page = -1", "23: start.second_page: must not be negative"),
    ("second_page = 1", "max_pages = 0", "23: start.max_pages: must be at least 1"),
    (
        "second_page = 1",
        "links = 'ul > > li'",
        "23: start.links: not a CSS selector: Expected selector, got <DELIM '>' at 5>",
    ),
    (
        "second_page = 1",
        "valid_from = 2024-12-01\nvalid_to = 2024-11-30",
        "24: start.valid_to: is before valid_from (2024-12-01)",
    ),
    (
        "second_page = 1",
        'valid_from = "2024-12-01"',
        "23: start.valid_from: must be a date such as 2024-12-01, without quotes",
    ),
    (
        "second_page = 1",
        "valid_from = 2024-12-01T08:00:00",
        "23: start.valid_from: must be a date without a time of day",
    ),
    (
        'discovery = "feed"',
        'discovery = "epaper"',
        "27: start.url: %E: only %Y, %y, %m, %d and %% (a percent sign) are known",
    ),
    (
        '"feed"\nurl = "http://gh.yunxi.example/%E6%96%B0/rss.xml"',
        '"epaper"\nurl = "http://gh.yunxi.example/%Y/"',
        "27: start.url: the address of an issue needs %Y (or %y), %m and %d, or none of them",
    ),
    (
        "http://gh.yunxi.example/news/2024/0305/17.html",
        "http://example.cn/1.html",
        "11: known_urls: example.cn is no host of this outlet: add it to `hosts`",
    ),
    (
        'cms = "generic"',
        'cms = "foundr"',
        f"31: layout.cms: must be one of generic, {', '.join(FAMILIES)}",
    ),
    (
        'cms = "generic"',
        'cms = "Founder e-paper"',
        "31: layout.cms: must be ASCII letters in lower case, digits and single hyphens",
    ),
    (
        r"\\d+\\.html'".replace("\\\\", "\\"),
        r"(\d+\.html'",
        "30: layout.article_url: not a regular expression: missing ), unterminated subpattern at position 78",
    ),
    (
        r"'https?://gh\.yunxi\.example/",
        r"'.*/",
        "30: layout.article_url: must begin with `https?://`, a host with its dots written `\\.`, and `/`",
    ),
    (
        "(?P<day>",
        "(?P<dya>",
        "30: layout.article_url: unknown group `dya`; known are date, year, month, day, page",
    ),
    ("(?P<month>", "(", "30: layout.article_url: the group `day` needs `year` and `month`"),
    (
        "[[layout]]",
        "[[layout]]\nleaf_urls = 'x'",
        "30: layout.leaf_urls: unknown key; did you mean `leaf_url`?",
    ),
    (
        GOOD[GOOD.index("[[layout]]") :],
        "",
        "1: layout: is missing: give at least one, or say why not with `disabled`",
    ),
    ("[[layout]]", "[layout]", "29: layout: must be a list"),
]


@pytest.mark.parametrize(
    ("here", "instead", "message"), REFUSED, ids=[message[:50] for _, _, message in REFUSED]
)
def test_refused_with_file_line_and_key(
    file: Callable[..., Path], here: str, instead: str, message: str
) -> None:
    assert GOOD.count(here) >= 1
    path = file(GOOD.replace(here, instead, 1))
    with pytest.raises(SourceError) as refused:
        sources.load([path])
    assert str(refused.value) == f"{path}:{message}"


def test_other_files_that_are_refused(file: Callable[..., Path], tmp_path: Path) -> None:
    def message(*paths: Path) -> str:
        with pytest.raises(SourceError) as refused:
            sources.load(paths)
        return str(refused.value).replace(f"{tmp_path}/", "")

    assert message(tmp_path / "none.toml") == "none.toml: no such file or directory"
    assert message(tmp_path).endswith(": is a directory")
    assert message(file(b"name = '\xb9\xa4'\n")) == "yunxi-gh.toml:1: not UTF-8"
    assert message(file(b"#" * 1_100_000)) == "yunxi-gh.toml: larger than 1,000,000 bytes"
    assert message(file("")) == "yunxi-gh.toml:1: name: is missing"
    assert message(
        file("source = 3")
    ) == "yunxi-gh.toml:1: source: must be written as [[source]] tables".replace("source: ", "")
    assert message(file("[[source]]\nname = 'a'")).startswith("yunxi-gh.toml:1: id: is missing")
    assert message(file(several("a-gh", "a-gh"))) == "yunxi-gh.toml:37: id: `a-gh` is in this file already"
    wrong = several("a-gh", "b-gh").replace("delay = 3", "delay = 3", 1)
    wrong = wrong[::-1].replace("3 = yaled", "4- = yaled", 1)[::-1]
    assert message(file(wrong)) == "yunxi-gh.toml:54: politeness.delay: must be 0 to 3600 seconds"
    twice = [file(several("a-gh"), "one.toml"), file(several("a-gh"), "two.toml")]
    assert message(*twice) == f"two.toml: id: `a-gh` is also in {twice[0]}".replace(f"{tmp_path}/", "")


def test_lines_of_keys() -> None:
    text = '\n'.join(
        [
            "a = '''", "[b]", "c = 1", "'''  # [x]", "[b]", 'd."e f" = [', "  'x', # 'y'", "  [1, ']'],",
            "  'z' ]", "[[c]]", "f = { g = 1 }", "[c.h]", "i = 'j = 1'", "[[c]]", "f = 2", "[[c.k]]", "l = 1",
        ]
    )  # fmt: skip
    found = lines(text)
    assert found == {
        (): 1, ("a",): 1, ("b",): 5, ("b", "d", "e f"): 6, ("b", "d", "e f", 0): 7, ("b", "d", "e f", 1): 9,
        ("c",): 10, ("c", 0): 10, ("c", 0, "f"): 11, ("c", 0, "h"): 12, ("c", 0, "h", "i"): 13,
        ("c", 1): 14, ("c", 1, "f"): 15, ("c", 1, "k"): 16, ("c", 1, "k", 0): 16, ("c", 1, "k", 0, "l"): 17,
    }  # fmt: skip


# Patterns.


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (r"\d+\.html", None),
        (r"(?:n\d+/){1,5}\d{18}\.html", None),
        (r"(?:content|con|c|col)/\d+(?:_\d+)?\.s?html?", None),
        (r"[^/]+/[0-9a-f]{32}", None),
        (r"v\?id=\d+&x=.*", None),
        (r"\d+?\.html", None),
        (r"(\d+)+x", "without a limit"),
        (r"(?:a|a){20}", "begin alike"),
        (r"(?:a|ab|b){30}x", "begin alike"),
        (r".*\.html", "cannot match itself"),
        (r"\w+_\w+", "cannot match itself"),
        (r"\d+\d+x", "cannot match itself"),
        (r"\d+(?:\d+)?x", "cannot match itself"),
        (r"(?:\d+a?){2}", "cannot match itself"),
        (r"(?:a?){5}", "may be empty"),
        (r"a{1,50}a{1,50}a{1,50}b", "begin alike"),
        (r"x$", "leave out"),
        (r"(?=x)x", "not allowed"),
        (r"(a)\1", "not allowed"),
        (r"工+", "ASCII"),
        ("x" * 400, "longer than"),
    ],
)
def test_patterns(path: str, fault: str | None) -> None:
    said = url_patterns.fault(rf"https?://a\.cn/{path}")
    assert (said is None) if fault is None else (said is not None and fault in said)


@pytest.mark.parametrize("outlet", OUTLETS, ids=ids)
def test_no_address_makes_a_pattern_slow(outlet: Source) -> None:
    """Addresses as long as may be that fit to the end, and fail there."""
    began = time.perf_counter()
    for url in map(outlet.canonical, outlet.known_urls or (outlet.home,)):
        for filling in ("1" * 1900, "a" * 1900, "a/" * 900, "1/" * 900, "n1/" * 600, "_1" * 900, "(" * 1900):
            cut = url.rindex("/") + 1
            assert outlet.layout_of(url[:cut] + filling + "!") is None
            assert outlet.layout_of(url + filling + "!") is None
    assert time.perf_counter() - began < 2


# The command.


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["sources", *map(str, arguments)])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), printed.out, printed.err


@pytest.mark.parametrize("columns", [80, 120])
def test_list(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    columns: int,
    file: Callable[..., Path],
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, err = run(capsys, "--sources", file(GOOD))
    assert (code, err) == (0, "")
    rows = out.splitlines()
    assert rows[0].split() == ["id", "name", "kind", "level", "CMS", "found", "by", "state"]
    row = next(row for row in rows if row.startswith("grrb ")).split()
    cms = "workercn-" if columns < 100 else "workercn-paper"
    assert row == ["grrb", "工人日报", "e-paper", "national", cms, "epaper", "ready"]
    assert next(row for row in rows if row.startswith("yunxi-gh ")).endswith("ready     ")
    assert max(map(cell_len, rows)) <= columns
    assert rows[-1].startswith(f"{len(BUILT_IN) + 1} outlets: ")
    assert any(row.startswith("acftu is off: ") for row in rows)
    assert "gmrb" in out
    assert "federation" in out


def test_json(capsys: pytest.CaptureFixture[str], file: Callable[..., Path]) -> None:
    path = file(GOOD)
    code, out, err = run(capsys, "--json", "--sources", path)
    assert (code, err) == (0, "")
    records = {record["id"]: record for record in json.loads(out)}
    assert set(records) == {*BUILT_IN, "yunxi-gh"}
    mine = records["yunxi-gh"]
    assert set(mine) == {field.name for field in dataclasses.fields(Source)} | {"state"}
    assert mine["file"] == str(path)
    assert mine["layouts"][0]["valid_from"] == "2020-01-01"
    assert mine["state"] == "ready"


def test_check(capsys: pytest.CaptureFixture[str], file: Callable[..., Path]) -> None:
    code, out, err = run(capsys, "--check")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == len(KNOWN) + 1
    assert (
        out.splitlines()[-1] == f"{len(KNOWN)} of {len(KNOWN)} known addresses fit one layout of one outlet"
    )
    more = ["http://gh.yunxi.example/news/2024/0305/17.htm", "http://gh.yunxi.example/news/2024/0306/18.html"]
    text = GOOD.replace(
        "known_urls = [", f"known_urls = {more}[:0]"[:14] + "".join(f'"{url}", ' for url in more)
    )
    code, out, err = run(capsys, "--check", "--sources", file(text))
    assert (code, err) == (1, "")
    rows = [row.split(maxsplit=1)[1] for row in out.splitlines() if row.startswith("yunxi-gh ")]
    assert rows == [
        f"fits no layout  {more[0]}",
        f"2024-03-06  {more[1]}",
        "2024-03-05  http://gh.yunxi.example/news/2024/0305/17.html",
    ]
    assert out.splitlines()[-1].startswith(f"{len(KNOWN) + 2} of {len(KNOWN) + 3} ")


def test_check_finds_outlets_that_claim_the_same(
    capsys: pytest.CaptureFixture[str], file: Callable[..., Path]
) -> None:
    two = [file(GOOD, "a-gh.toml"), file(GOOD, "b-gh.toml")]
    code, out, _ = run(capsys, "--check", "--json", "--sources", two[0], "--sources", two[1])
    assert code == 1
    faults = {record["source"]: record["fault"] for record in json.loads(out) if record["fault"]}
    assert faults == {"a-gh": "fits `b-gh` too", "b-gh": "fits `a-gh` too"}


def test_a_wrong_file_is_one_line(capsys: pytest.CaptureFixture[str], file: Callable[..., Path]) -> None:
    path = file(GOOD.replace('level = "county"', 'level = "town"'))
    assert run(capsys, "--sources", path) == (
        1,
        "",
        f"unionkb: {path}:5: level: must be one of national, province, city, county, industry\n",
    )


# The documentation.


def test_the_example_of_the_documentation(
    file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "add-a-source.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```toml\n(.*?)^```$", page, re.M | re.S)
    whole = [example for example in examples if "publisher" in example]
    assert len(whole) == 1
    name = re.search(r"`(\w[\w-]*)\.toml`", page)
    assert name
    path = file(whole[0], f"{name[1]}.toml")
    outlet = sources.load([path])[name[1]]
    code, out, _ = run(capsys, "--check", "--sources", path)
    assert code == 0
    shown = re.findall(rf"^    ({outlet.id} .*)$", page, re.M)
    assert shown
    for row in shown:
        assert re.sub(r" +", " ", row) in re.sub(r" +", " ", out)
    named = set(re.findall(r"^\| `(\w+)`", page, re.M))
    fields = {
        f.name
        for kind in (sources.Source, sources.Start, sources.Layout, sources.Politeness)
        for f in dataclasses.fields(kind)
    }
    fields = (fields - {"starts", "layouts", "file"}) | {"start", "layout"}
    assert named == fields, "every key is explained, and no other"
