"""Union news for a replica: a listing site, an e-paper, feeds and sitemaps, made from a seed.

As a script it serves one listing site and prints its address.
"""

import argparse
import gzip
import random
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape

from replica import Answer, Handler, Request, Site, page, serve

FIRST_DAY = date(2024, 1, 1)
"""Day of the oldest article of a site."""
ARTICLES_A_DAY = 40
PAGE_BYTES = 3_700
"""Articles are filled up to this size."""


@dataclass(frozen=True, slots=True)
class Story:
    """A piece of news."""

    title: str
    paragraphs: tuple[str, ...]
    published: date
    author: str


_PLACES = ("海宁市", "桐乡市", "平湖市", "诸暨市", "义乌市", "慈溪市", "余姚市", "瑞安市", "乐清市", "温岭市")
_NAMES = ("周敏", "吴晓燕", "郑国强", "王海涛", "冯丽", "陈志远", "褚红梅", "卫东")
_SENTENCES = (
    "{place}总工会走访慰问困难职工{few}名，发放慰问金{sum}万元。",
    "{place}总工会开展“送清凉”活动，为{many}名一线职工送去防暑用品。",
    "今年以来，{place}总工会举办技能培训班{few}期，培训职工{many}人次。",
    "{place}总工会投入资金{sum}万元，新建户外劳动者服务站点{few}个。",
    "截至目前，{place}已有{many}名新就业形态劳动者加入工会。",
    "{place}总工会组织{few}名劳模开展疗休养活动。",
    "{place}总工会为{many}名职工提供免费体检，支出{sum}万元。",
    "{place}总工会举办职工运动会，来自{few}家企业的{many}名职工参加。",
)
_TITLES = (
    "{place}总工会送清凉到一线",
    "{place}总工会慰问困难职工",
    "{place}职工技能培训班开班",
    "{place}总工会建好服务站点",
)


def story(seed: str, number: int, version: int = 1) -> Story:
    """The news with this number. Number 0 is the oldest."""
    pick = random.Random(f"{seed}/{number}")
    place = pick.choice(_PLACES)
    title = f"{pick.choice(_TITLES).format(place=place)}（{number + 1}）"
    chosen = pick.sample(_SENTENCES, 4)
    paragraphs = [
        text.format(
            place=place,
            few=pick.randrange(11, 99),
            many=pick.randrange(100, 9_000),
            sum=pick.randrange(2, 80),
        )
        for text in chosen
    ]
    if version > 1:
        paragraphs.append(f"{place}总工会第{version}次补充说明，新增服务职工{1_000 + version}名。")
    published = FIRST_DAY + timedelta(days=number // ARTICLES_A_DAY)
    return Story(title, tuple(paragraphs), published, pick.choice(_NAMES))


def article_html(of: Story, *, more: str = "", charset: str = "utf-8", newspaper: str = "湖滨工人报") -> str:
    """A page as small content management systems make them, filled up to PAGE_BYTES."""
    body = "\n".join(f"<p>　　{text}</p>" for text in of.paragraphs)
    menu = "".join(
        f'<li><a href="/column/{name}/">{name}</a></li>' for name in ("要闻", "维权", "帮扶", "劳模")
    )
    text = f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="{charset}"><title>{of.title}_{newspaper}</title>
<meta name="keywords" content="工会,职工"><link rel="stylesheet" href="/style.css"></head>
<body><div class="header"><a href="/">首页</a><ul class="menu">{menu}</ul></div>
<div class="main"><h1 class="title">{of.title}</h1>
<div class="info"><span class="date">发布时间：{of.published:%Y-%m-%d} 09:30</span>
<span class="source">来源：{newspaper}</span> <span class="author">作者：{of.author}</span></div>
<div class="content" id="content">
{body}
</div>{more}
<div class="editor">责任编辑：{of.author}</div></div>
<div class="footer">版权所有 {newspaper} 未经授权不得转载</div>
<script>/*filler*/</script></body></html>
"""
    missing = PAGE_BYTES - len(text.encode())
    return text.replace("/*filler*/", f"/*{'.' * max(missing - 4, 0)}*/" if missing > 0 else "")


def list_html(links: Sequence[tuple[str, str]], *, following: str | None = None) -> str:
    """A listing page: addresses with their titles, and the address of the page after it."""
    items = "\n".join(f'<li><a href="{escape(url)}">{title}</a></li>' for url, title in links)
    more = f'<a class="next" href="{escape(following)}">下一页</a>' if following else ""
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>工会要闻</title></head>
<body><ul class="news-list">
{items}
</ul><div class="pages">{more}</div></body></html>
"""


_FIRST_ID = 100_000


class Listing:
    """A listing site: `/news/` and `/news/index_2.html`, ..., newest first, twenty articles a page."""

    def __init__(self, site: Site, count: int, *, per_page: int = 20) -> None:
        self.site = site
        self.count = count
        self.per_page = per_page
        self.versions: dict[int, int] = {}
        """Articles that were changed: number -> version."""
        site.fallback.append(self._look)

    def path(self, number: int) -> str:
        """Path of an article."""
        day = FIRST_DAY + timedelta(days=number // ARTICLES_A_DAY)
        return f"/content/{day:%Y-%m}/{day:%d}/content_{_FIRST_ID + number}.htm"

    @property
    def paths(self) -> list[str]:
        return [self.path(number) for number in range(self.count)]

    @property
    def pages(self) -> int:
        return -(-self.count // self.per_page)

    def list_path(self, number: int) -> str:
        """Path of a listing page; the first is 1."""
        return "/news/" if number == 1 else f"/news/index_{number}.html"

    def publish(self, count: int = 1) -> None:
        """Put so many new articles on top."""
        self.count += count

    def change(self, number: int) -> None:
        """Add a paragraph to an article."""
        self.versions[number] = self.versions.get(number, 1) + 1

    def html(self, number: int) -> str:
        return article_html(story(self.site.seed, number, self.versions.get(number, 1)))

    def _look(self, request: Request) -> Answer | None:
        path = request.path.partition("?")[0]
        if path.startswith("/content/") and path.endswith(".htm"):
            digits = path[:-4].rpartition("_")[2]
            number = int(digits) - _FIRST_ID if digits.isdigit() else -1
            if 0 <= number < self.count and path == self.path(number):
                return page(request, self.html(number).encode())
        elif path in ("/news/", "/news/index.html"):
            return self._list(request, 1)
        elif path.startswith("/news/index_") and path.endswith(".html"):
            digits = path[12:-5]
            if digits.isdigit() and 2 <= int(digits) <= self.pages:
                return self._list(request, int(digits))
        return None

    def _list(self, request: Request, number: int) -> Answer:
        newest = self.count - 1 - (number - 1) * self.per_page
        shown = range(newest, max(newest - self.per_page, -1), -1)
        links = [(self.path(each), story(self.site.seed, each).title) for each in shown]
        following = self.list_path(number + 1) if number < self.pages else None
        return page(request, list_html(links, following=following).encode())


class Epaper:
    """An e-paper: `pages` pages a day with `articles` articles each, old URL scheme before `new_from`.

    Old: `/html/2024-05/12/node_2.htm`, `content_ID.htm`. New: `/layout/202405/12/node_01.html` and
    `/content/202405/12/content_ID.html`. Days in `without` have no issue: 404."""

    def __init__(
        self,
        site: Site,
        first: date,
        last: date,
        *,
        new_from: date | None = None,
        without: Sequence[date] = (),
        pages: int = 4,
        articles: int = 3,
        union_share: float = 1.0,
    ) -> None:
        self.site = site
        self.articles: dict[str, Story] = {}
        self.others: set[str] = set()
        """Paths of articles that have nothing to do with unions."""
        self.leaves: list[str] = []
        pick = random.Random(f"{site.seed}/epaper")
        number = 0
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            if day in without:
                continue
            is_new = new_from is not None and day >= new_from
            leaf_paths = [_leaf_path(day, leaf, is_new) for leaf in range(1, pages + 1)]
            for leaf, leaf_path in enumerate(leaf_paths, 1):
                links = []
                for _ in range(articles):
                    number += 1
                    ident = f"content_{day:%m%d}{number}"
                    folder = f"/content/{day:%Y%m}/{day:%d}" if is_new else f"/html/{day:%Y-%m}/{day:%d}"
                    path = f"{folder}/{ident}.html" if is_new else f"{folder}/{ident}.htm"
                    of = replace(story(f"{site.seed}/epaper", number), published=day)
                    if pick.random() >= union_share:
                        of = _other_story(number, day)
                        self.others.add(path)
                    self.articles[path] = of
                    links.append((path, of.title))
                    site.add(path, article_html(of, newspaper="湖滨日报"))
                self.leaves.append(leaf_path)
                site.add(leaf_path, _leaf_html(day, leaf, leaf_paths, links, is_new))


def _leaf_path(day: date, leaf: int, is_new: bool) -> str:
    return (
        f"/layout/{day:%Y%m}/{day:%d}/node_{leaf:02}.html"
        if is_new
        else f"/html/{day:%Y-%m}/{day:%d}/node_{leaf + 1}.htm"
    )


def _leaf_html(
    day: date, leaf: int, leaves: Sequence[str], links: Sequence[tuple[str, str]], is_new: bool
) -> str:
    if is_new:
        others = "".join(
            f'<li><a href="{path}">第{n:02}版：要闻</a></li>' for n, path in enumerate(leaves, 1)
        )
        items = "".join(f'<li><a href="{path}">{title}</a></li>' for path, title in links)
        inner = f'<div id="list"><ul>{others}</ul></div><ul class="news-list">{items}</ul>'
    else:
        others = "".join(
            f'<tr><td><a id=pageLink href="{path.rpartition("/")[2]}">第{n:02}版：要闻</a></td></tr>'
            for n, path in enumerate(leaves, 1)
        )
        items = "".join(
            f'<li><a href="{path.rpartition("/")[2]}?div=-1">{title}</a></li>' for path, title in links
        )
        inner = f'<table>{others}</table><div id="titleList"><ul>{items}</ul></div>'
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>湖滨日报 {day:%Y-%m-%d} 第{leaf:02}版</title></head>
<body><h2>湖滨日报 {day.year}年{day.month}月{day.day}日 第{leaf:02}版：要闻</h2>{inner}</body></html>
"""


def _other_story(number: int, day: date) -> Story:
    """News from a general paper."""
    paragraphs = (
        f"记者昨日从市气象台获悉，未来三天我市以晴到多云天气为主，最高气温{20 + number % 15}摄氏度。",
        f"城区{number % 9 + 2}处公园将延长开放时间，市民可错峰前往赏花，沿湖步道全线贯通。",
        "交通部门提醒，周末出城车流较大，请驾驶员提前规划路线，注意行车安全。",
    )
    return Story(f"未来三天晴好，公园延长开放（{number}）", paragraphs, day, "冯丽")


def add_feed(
    site: Site, listing: Listing, count: int = 20, *, kind: str = "rss", path: str | None = None
) -> str:
    """An RSS or Atom feed of the newest articles; returns its path."""
    path = path or f"/{kind}.xml"

    def answer(request: Request) -> Answer:
        entries = [
            (request.base + listing.path(number), story(site.seed, number))
            for number in range(listing.count - 1, max(listing.count - 1 - count, -1), -1)
        ]
        make, media_type = (_rss, "application/rss+xml") if kind == "rss" else (_atom, "application/atom+xml")
        return page(request, make(request.base, entries).encode(), media_type=media_type)

    site.add(path, answer)
    return path


def _rss(base: str, entries: Sequence[tuple[str, Story]]) -> str:
    items = "".join(
        f"<item><title>{of.title}</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>{of.published:%a, %d %b %Y} 09:30:00 +0800</pubDate></item>\n"
        for url, of in entries
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>湖滨工人报</title><link>{base}/</link><description>工会新闻</description>
{items}</channel></rss>
"""


def _atom(base: str, entries: Sequence[tuple[str, Story]]) -> str:
    items = "".join(
        f'<entry><title>{of.title}</title><link rel="alternate" href="{url}"/><id>{url}</id>'
        f"<updated>{of.published:%Y-%m-%d}T09:30:00+08:00</updated></entry>\n"
        for url, of in entries
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>湖滨工人报</title><id>{base}/</id>
<updated>{FIRST_DAY}T09:30:00+08:00</updated>
{items}</feed>
"""


def add_sitemap(site: Site, listing: Listing, *, per_file: int = 1_000) -> str:
    """A sitemap index with its files, the second one gzipped; returns the index's path."""
    files = -(-listing.count // per_file)

    def index(request: Request) -> Answer:
        names = [f"/sitemap_{n}.xml{'.gz' if n == 2 else ''}" for n in range(1, files + 1)]
        items = "".join(f"<sitemap><loc>{request.base}{name}</loc></sitemap>" for name in names)
        return page(request, _sitemap("sitemapindex", items), media_type="application/xml")

    def part(number: int) -> Handler:
        def answer(request: Request) -> Answer:
            shown = range((number - 1) * per_file, min(number * per_file, listing.count))
            items = "".join(
                f"<url><loc>{request.base}{listing.path(n)}</loc>"
                f"<lastmod>{story(site.seed, n).published}</lastmod></url>\n"
                for n in shown
            )
            content = _sitemap("urlset", items)
            if number == 2:
                return page(request, gzip.compress(content, mtime=0), media_type="application/gzip")
            return page(request, content, media_type="application/xml")

        return answer

    site.add("/sitemap.xml", index)
    for number in range(1, files + 1):
        site.add(f"/sitemap_{number}.xml{'.gz' if number == 2 else ''}", part(number))
    return "/sitemap.xml"


def _sitemap(root: str, items: str) -> bytes:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{items}</{root}>\n'
    return text.encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--pages", type=int, default=2_000, help="articles of the listing site (default: 2000)"
    )
    parser.add_argument("--seed", default="replica")
    args = parser.parse_args()
    site = Site(args.seed, keep_hits=False)
    Listing(site, args.pages)
    with serve(site):
        print(site.address, flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
