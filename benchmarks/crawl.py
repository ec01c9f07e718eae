"""What it takes to crawl with unionkb, beside bare Scrapy that yields items, on the same site.

    python benchmarks/crawl.py [--pages N] [--rounds N]
    python benchmarks/crawl.py --pages 20000 --memory

The site is a replica of 3.7 KB articles with listing pages of twenty links. All contenders send one request
at a time, without a delay. Each run is a process of its own, and the contenders take turns, so that what else
the machine does falls on all alike. CPU is that of the crawling process from the opening of the spider to its
end; start-up is given apart.
"""

import argparse
import json
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent

# This script's folder comes first on the path, and holds a name of a package it measures.
sys.path[:] = [place for place in sys.path if Path(place).resolve() != HERE]


@contextmanager
def site(pages: int) -> Iterator[str]:
    """A listing site in a process of its own; yields its address."""
    command = [sys.executable, str(HERE.parent / "tests" / "replica_news.py"), "--pages", str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def used() -> float:
    """Seconds of CPU that this process has used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class Meter:
    """Measures a Scrapy crawl from the opening of its spider to its end."""

    def __init__(self) -> None:
        self.started = used()
        self.opened = (0.0, 0.0)
        self.closed = (0.0, 0.0)

    def watch(self, crawler: Any) -> None:
        from scrapy import signals

        crawler.signals.connect(self.open, signals.spider_opened, weak=False)
        crawler.signals.connect(self.close, signals.spider_closed, weak=False)

    def open(self) -> None:
        self.opened = (time.perf_counter(), used())

    def close(self) -> None:
        self.closed = (time.perf_counter(), used())


def bare(address: str, folder: Path, meter: Meter) -> int:
    """Scrapy as it comes: follow the lists, yield what CSS selectors find in the articles."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    class Bare(scrapy.Spider):
        name = "bare"
        custom_settings = {  # noqa: RUF012
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 0,
            "TELNETCONSOLE_ENABLED": False,
        }
        items = 0

        async def start(self):
            yield scrapy.Request(f"{address}/news/")

        def parse(self, response):
            for link in response.css("ul.news-list a"):
                yield response.follow(link, self.parse_article)
            if following := response.css("a.next"):
                yield response.follow(following[0], self.parse)

        def parse_article(self, response):
            self.__class__.items += 1
            yield {
                "url": response.url,
                "title": response.css("h1.title::text").get(),
                "published": response.css(".info .date::text").re_first(r"\d{4}-\d\d-\d\d"),
                "source": response.css(".info .source::text").get(),
                "author": response.css(".info .author::text").get(),
                "body": "\n".join(response.css("#content p::text").getall()),
            }

    process = CrawlerProcess({"LOG_INSTALL_ROOT_HANDLER": False})
    crawler = process.create_crawler(Bare)
    meter.watch(crawler)
    process.crawl(crawler)
    process.start()
    return Bare.items


def pipeline(address: str, folder: Path, meter: Meter) -> int:
    """What `scrapy crawl` does here: robots.txt, the frontier in the database, a WARC record and a row for
    each page, a transaction for each answer."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from crawler.spiders.base import ListingSpider

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    # Twisted keeps the timer of a finished download until it would have gone off. At the pace of this site
    # thousands would wait, and hide what the crawl itself holds.
    ours = {
        "UNIONKB_DB": str(folder / "kb.sqlite"),
        "LOG_INSTALL_ROOT_HANDLER": False,
        "DOWNLOAD_TIMEOUT": 5,
    }
    settings.setdict(ours, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(ListingSpider)
    meter.watch(crawler)
    process.crawl(crawler, source=outlet(address))
    process.start()
    return stored(folder)


def with_articles(address: str, folder: Path, meter: Meter) -> int:
    """The same, then each page is taken from the archive and read into title, date, author and body."""
    pipeline(address, folder, meter)
    from crawler import archive, pages
    from crawler.decode import decode

    database = folder / "kb.sqlite"
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT document, warc_file, warc_offset, warc_length FROM page").fetchall()
    before = (time.perf_counter(), used())
    articles = 0
    for url, *place in rows:
        content = archive.read(archive.folder(database), archive.Place(*place))
        articles += len(pages.read(decode(content).text, url))
    meter.closed = (
        meter.closed[0] + time.perf_counter() - before[0],
        meter.closed[1] + used() - before[1],
    )
    return articles


def outlet(address: str) -> Any:
    """The site as a source, without a delay."""
    from crawler.sources import Layout, Politeness, Source, Start

    return Source(
        id="replica",
        name="湖滨工会网",
        publisher="湖滨市总工会",
        kind="federation",
        level="city",
        home=f"{address}/",
        starts=(
            Start("listing", f"{address}/news/index_{{page}}.html", f"{address}/news/", max_pages=100_000),
        ),
        layouts=(
            Layout(
                re.escape(address)
                + r"/content/(?P<year>\d{4})-(?P<month>\d\d)/(?P<day>\d\d)/content_\d+\.htm",
                "generic",
            ),
        ),
        politeness=Politeness(delay=0, max_pages_per_run=1_000_000, max_minutes_per_run=600),
    )


def stored(folder: Path) -> int:
    """Pages in the database."""
    with closing(sqlite3.connect(folder / "kb.sqlite")) as connection:
        count: int = connection.execute("SELECT count(*) FROM page").fetchone()[0]
        return count


CONTENDERS: dict[str, tuple[str, Callable[[str, Path, Meter], int]]] = {
    "bare": ("bare Scrapy with CSS items", bare),
    "pipeline": ("frontier and archive, without reading", pipeline),
    "articles": ("the same, with pages read into articles", with_articles),
}


def child(name: str, address: str, folder: Path) -> None:
    """Run one contender and print what it took, as JSON."""
    meter = Meter()
    pages = CONTENDERS[name][1](address, folder, meter)
    (began, cpu_before), (ended, cpu_after) = meter.opened, meter.closed
    print(
        json.dumps(
            {
                "pages": pages,
                "seconds": ended - began,
                "cpu": cpu_after - cpu_before,
                "start": cpu_before,
                # Kilobytes on Linux, bytes on macOS.
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                / (1 << 20 if sys.platform == "darwin" else 1 << 10),
            }
        )
    )


def run(name: str, address: str) -> dict[str, float]:
    """What a contender took, in a process and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--child", name, address, folder]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=2_000, help="articles of the site (default: 2000)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each contender (default: 3)")
    parser.add_argument(
        "--memory", action="store_true", help="print memory as the crawl goes on, and no more"
    )
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        name, address, folder = args.child
        child(name, address, Path(folder))
        return
    with site(args.pages) as address:
        if args.memory:
            memory(address, args.pages)
        else:
            compare(address, args.pages, args.rounds)


def compare(address: str, pages: int, rounds: int) -> None:
    """Let the contenders take turns, and print the median of each and its ratio to bare Scrapy."""
    took: dict[str, list[dict[str, float]]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name in CONTENDERS:
            took[name].append(run(name, address))
            if took[name][-1]["pages"] != pages:
                sys.exit(f"{name}: {took[name][-1]['pages']} of {pages} pages")
    print(f"{pages} articles of 3.7 KB, {rounds} runs each, in turns; medians")
    basis = 0.0
    for name, runs in took.items():
        speed = statistics.median(each["pages"] / each["seconds"] for each in runs)
        cpu = statistics.median(each["cpu"] / each["pages"] for each in runs)
        start, peak = (statistics.median(each[key] for each in runs) for key in ("start", "peak"))
        basis = basis or cpu
        print(
            f"{CONTENDERS[name][0]:40} {speed:5.0f} pages/s, {cpu * 1e3:5.2f} ms of CPU a page "
            f"(x {cpu / basis:4.2f}); start-up {start:.1f} s of CPU, peak memory {peak:.0f} MB"
        )


def memory(address: str, pages: int) -> None:
    """Print what memory the pipeline holds as it goes on."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--child", "pipeline", address, folder]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            shown = 0
            while process.poll() is None:
                time.sleep(0.1)
                try:
                    now = stored(Path(folder))
                except sqlite3.OperationalError:
                    continue
                if now >= shown:
                    print(f"{now:6} pages  {resident(process.pid):6.1f} MB", flush=True)
                    shown = now - now % (pages // 10) + pages // 10
        if process.returncode or stored(Path(folder)) != pages:
            sys.exit(f"status {process.returncode}, {stored(Path(folder))} of {pages} pages")


def resident(pid: int) -> float:
    """Memory that a process holds, in MB."""
    done = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return int(done.stdout.strip() or 0) / 1024


if __name__ == "__main__":
    main()
