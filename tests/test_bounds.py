"""Pages of more than can be read are refused with a reason, and none takes long."""

import time
import tracemalloc
from collections.abc import Callable

import pytest

from crawler.pages import bounds, dom, links, next_part, read
from crawler.pages.bounds import MOST_ATTRIBUTES, MOST_TAGS, TooBig, bounded

URL = "http://a.cn/content/2024-05/17/content_1.htm"
STORY = "<h1>工会送清凉</h1><p>" + "云溪县总工会为环卫工人送去清凉，大家都说好。" * 6 + "</p>"
MANY = " ".join(f"a{number}=x" for number in range(400_000))


@pytest.mark.parametrize(
    ("tag", "kept"),
    [
        (f"<div {MANY}>", MOST_ATTRIBUTES),
        (f"<div id=zoom {MANY}", MOST_ATTRIBUTES),
        ("<div " + " ".join(f"a{n}='>'" for n in range(50_000)) + ">", MOST_ATTRIBUTES),
        ("<div " + " ".join(f'a{n} = "<p>"' for n in range(50_000)) + ">", MOST_ATTRIBUTES),
        (f"<script {MANY}></script><div>", 0),
        ('<div title="' + "工会" * 100_000 + '" id=zoom>', 2),
    ],
    ids=["bare", "unclosed", "quoted", "spaced", "script", "one long"],
)
def test_a_tag_keeps_so_many_attributes(tag: str, kept: int) -> None:
    start = time.perf_counter()
    tree = dom.parse(f"{tag}</div>{STORY}")
    assert time.perf_counter() - start < 2
    assert max((len(element.attrib) for element in tree.iter("div")), default=0) == kept


def test_the_rest_of_a_page_is_as_it_was() -> None:
    before, after = "<p title='>'>一</p>" * 5_000, "<p>二</p><!-- <p> --><script>if (a<b) c()</script>"
    page = f"{before}<p {MANY}>三</p>{after}"
    cut = bounded(page)
    assert cut.startswith(f"{before}<p a0=x a1=x ")
    assert cut.endswith(f" a{MOST_ATTRIBUTES - 1}=x>三</p>{after}")


def test_a_page_within_the_bounds_is_not_touched() -> None:
    page = STORY + "<div class='a' data-x=\"<p>\"><img src=x.jpg alt>工会</div>" * 10_000
    assert bounded(page) is page


@pytest.mark.parametrize("piece", ["<p>", "<a href=x>工会</a>", "<!-- -->", "<br/>", "<td a='>'>"])
def test_too_many_tags_are_refused(piece: str) -> None:
    page = piece * (MOST_TAGS + 1) + " " * bounds.SMALL
    for reader in (read, next_part):
        with pytest.raises(TooBig, match="more than 100,000 tags"):
            reader(page + "下一页", URL)
    with pytest.raises(TooBig, match="more than 100,000 tags"):
        links.articles(page, URL)


def test_what_only_looks_like_tags_does_not_count() -> None:
    page = STORY + "<script>" + "a<b;" * 2 * MOST_TAGS + "</script><!--" + "<p>" * 2 * MOST_TAGS + "-->"
    assert "送去清凉" in read(page, URL)[0].text


@pytest.mark.parametrize(
    "page",
    [
        *("<a " * 2_000_000, '<p a="' * 1_000_000, "<div x\" a='>' " * 500_000, "<p " + "=" * 6_000_000),
        *("<p" + "/" * 6_000_000, "<p a" + " " * 6_000_000, "<p a=" + "\"'" * 3_000_000, "<!--" * 1_500_000),
        *("<script>" * 800_000, "</script" * 800_000, "<p " + "a= " * 2_000_000, "<" * 6_000_000),
    ],
    ids=lambda page: page[:8],
)
def test_the_check_takes_linear_time(page: str) -> None:
    start = time.perf_counter()
    bounded(page)
    assert time.perf_counter() - start < 2


def fill(piece: str) -> Callable[[], str]:
    """As much of a piece as a page may hold, within 7.5 MB and the limit on tags."""
    tags = piece.count("<") - piece.count("</")
    most = 7_500_000 // len(piece.encode())
    return lambda: piece * min(most, MOST_TAGS // tags - 10 if tags else most)


HOSTILE = {
    "links": fill("<a href=/c/2024-05/17/content_1.html>工会送清凉</a>"),
    "rows": fill("<tr><td>工会送</td><td>12人</td></tr>"),
    "cells": lambda: "<table><tr>" + fill("<td>工会</td>")(),
    "pager": fill("<td><a href=?page=2>下一页</a></td>"),
    "inline": fill("<b>工</b> "),
    "headings": fill("<div class=title>工会送清凉到一线的职工</div>"),
    "labels": fill("<p>来源："),
    "title": lambda: f"<title>{fill('工会_-|')()}</title>{STORY}",
    "stated title": lambda: f'<meta name=title content="{fill("工会_-|")()}">{STORY}',
    "classes": lambda: '<p class="' + " ".join(f"a{number}" for number in range(700_000)) + f'">{STORY}',
}


@pytest.mark.slow
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_any_page_that_is_not_refused_is_read_in_seconds(make: Callable[[], str]) -> None:
    page = make()
    start = time.perf_counter()
    read(page, URL)
    links.articles(page, URL)
    links.next_list_page(page, URL)
    next_part(page, URL)
    assert time.perf_counter() - start < 40  # a tenth of that on a machine that does nothing else


def test_links_of_one_page_hold_little_memory() -> None:
    page = "".join(f"<a href=/c/{number}.html>工会{number}</a>" for number in range(MOST_TAGS - 10))
    tracemalloc.start()
    found = links.articles(page, URL)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == links.MOST
    assert held < 100_000_000
