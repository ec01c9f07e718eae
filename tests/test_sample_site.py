"""The sample site holds together: links, encodings, what its README promises."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest

from unionkb import paths

SITE = paths.sample_site()
PAGES = sorted(SITE.rglob("*.html"))
GB18030 = "federation/xwdt/ghyw/202405/t20240529_104490.html"
ARTICLE_PATHS = ("/c/", "/t2024", "/content_")


def name(page: Path) -> str:
    return page.relative_to(SITE).as_posix()


def text(page: Path) -> str:
    return page.read_bytes().decode("gb18030" if name(page) == GB18030 else "utf-8")


def tree(page: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(text(page).encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))


def article_pages(layout: str) -> list[str]:
    return [name(p) for p in PAGES if name(p).startswith(layout) and any(m in name(p) for m in ARTICLE_PATHS)]


def test_number_of_pages() -> None:
    assert len(PAGES) == 36
    assert {layout: len(article_pages(layout)) for layout in ("portal", "federation", "epaper")} == {
        "portal": 10,
        "federation": 8,
        "epaper": 4,
    }


def test_small() -> None:
    assert sum(p.stat().st_size for p in SITE.rglob("*") if p.is_file()) < 1_000_000


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_to_files(page: Path) -> None:
    targets = [link for _, _, link, _ in tree(page).iterlinks()]
    assert targets
    for target in targets:
        parts = urlsplit(target)
        assert not parts.scheme, f"{target} is tied to a host"
        assert not parts.path.startswith("/"), f"{target} works at the root of a host only"
        assert (page.parent / unquote(parts.path)).resolve().is_file(), f"{target} leads nowhere"


def test_every_page_can_be_reached() -> None:
    seen, open_ = set(), [SITE / "index.html"]
    while open_:
        page = open_.pop()
        if page in seen:
            continue
        seen.add(page)
        for href in tree(page).xpath("//a/@href"):
            open_.append((page.parent / href).resolve())
    assert seen == {p.resolve() for p in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_encodings(page: Path) -> None:
    data = page.read_bytes()
    if name(page) == GB18030:
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")
        with pytest.raises(UnicodeDecodeError):
            data.decode("gbk")
        assert b"charset=gb2312" in data
        assert "䶮" in data.decode("gb18030")
    else:
        assert "charset=utf-8" in data.decode("utf-8").lower().replace('"', "")


def test_the_reprint_has_the_same_body() -> None:
    def body(path: str) -> list[str]:
        found = tree(SITE / path).xpath("//*[@class='article-content' or @class='TRS_Editor']//p")
        return [p.text_content().strip("　 ") for p in found]

    original = body("federation/xwdt/ghyw/202405/t20240524_104377.html")
    reprint = body("portal/c/2024-05-28/8123790.html")
    assert len(reprint) >= 4
    assert original[: len(reprint)] == reprint
