"""Where a page says whose it is: the title tag behind the headline, the markup, the line of the rights."""

import re
from collections.abc import Iterable, Iterator

from crawler.pages import dom, titles
from crawler.pages.page import Page

_STATED = ("sitename", "og:site_name", "application-name")
_RIGHTS = re.compile(r"\W{0,4}(?:主办|版权(?:所有|归)|[Cc]opyright|©)")
_LONGEST = 120


def lines(page: Page, below: Iterable[str]) -> str | None:
    """What names the owner of a page, one to a line; None where nothing does. `below` are the lines below the
    main text. Whether a name is that of a body is for the reader to tell."""
    rights = (line for line in below if len(line) <= _LONGEST and _RIGHTS.match(line))
    found = [line[:_LONGEST] for line in (*_named(page), *rights) if line]
    return "\n".join(dict.fromkeys(found)) or None


def _named(page: Page) -> Iterator[str]:
    for element in page.tree.iter("meta"):
        name = element.get("name") or element.get("property") or ""
        if name.lower() in _STATED:
            yield dom.tidy(element.get("content") or "")
    site = page.tag.replace(titles.without_site(page.tag), "", 1)
    if site != page.tag:
        yield site.strip(" _|-–—\u3000")
