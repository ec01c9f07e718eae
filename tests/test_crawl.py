"""The command `crawl`, in a process of its own, over the sample site on this machine."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from warcio.checker import Checker

from crawler import archive
from unionkb import cli
from unionkb.commands.crawl import MOST_LINES, _Progress
from unionkb.lock import Lock

ROOT = Path(__file__).parents[1]
# Patience for what does not come back would only make the tests slow.
QUICK = ("-s", "UNIONKB_PATIENCE=0", "-s", "DOWNLOAD_TIMEOUT=5")

SOURCES = """
[[source]]
id = "federation"
name = "宜昌工会网"
publisher = "宜昌市总工会"
kind = "federation"
level = "city"
home = "{base}/federation/"
region_code = "420500"
[source.politeness]
delay = 0.0
[[source.start]]
discovery = "listing"
url = "{base}/federation/xwdt/ghyw/index_{{page}}.html"
first_url = "{base}/federation/xwdt/ghyw/index.html"
second_page = 1
[[source.layout]]
article_url = '{here}/federation/(?:xwdt/ghyw|tzgg)/\\d{{6}}/t(?P<date>\\d{{8}})_\\d+\\.html'
cms = "generic"

[[source]]
id = "portal"
name = "工友在线"
publisher = "工友在线"
kind = "portal"
level = "national"
home = "{base}/portal/"
[source.politeness]
delay = 0.0
[[source.start]]
discovery = "listing"
url = "{base}/portal/"
[[source.layout]]
article_url = '{here}/portal/c/(?P<year>\\d{{4}})-(?P<month>\\d\\d)-(?P<day>\\d\\d)/\\d+\\.html'
cms = "generic"

[[source]]
id = "epaper"
name = "江海劳动报"
publisher = "江海劳动报社"
kind = "e-paper"
level = "province"
newspaper = "江海劳动报"
home = "{base}/epaper/"
[source.politeness]
delay = 0.0
[[source.start]]
discovery = "epaper"
url = "{base}/epaper/layout/%Y%m/%d/node_01.html"
[[source.layout]]
article_url = '{here}/epaper/content/(?P<year>\\d{{4}})(?P<month>\\d\\d)/(?P<day>\\d\\d)/content_\\d+\\.html'
leaf_url = '{here}/epaper/layout/\\d{{6}}/\\d\\d/node_\\d+\\.html'
cms = "founder"
"""


class Web(NamedTuple):
    """The sample site, served; `asked` is what was asked for: path and status."""

    base: str
    folder: Path
    sources: Path
    asked: list[tuple[str, int]]

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    folder = tmp_path / "site"
    shutil.copytree(ROOT / "data" / "sample_site", folder)
    asked: list[tuple[str, int]] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_request(self, code: Any = "-", size: Any = "-") -> None:
            asked.append((self.path, int(code)))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    sources = tmp_path / "sources.toml"
    text = SOURCES.format(base=base, here=base.replace(".", r"\."))
    sources.write_text(text, encoding="utf-8")
    yield Web(base, folder, sources, asked)
    server.shutdown()
    server.server_close()
    thread.join()


def run(*command: str | Path, env: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *map(str, command)],
        env={**os.environ, "PYTHONUTF8": "1", **(env or {})},
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def crawl(web: Web, db: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return run("-m", "unionkb", "crawl", "--db", db, "--sources", web.sources, *QUICK, *arguments)


def rows(db: Path, sql: str, *params: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql, params).fetchall()


def column(db: Path, sql: str, *params: object) -> list[Any]:
    return [row[0] for row in rows(db, sql, *params)]


ALL = ("federation", "portal", "epaper", "--since", "2024-05-19", "--until", "2024-05-22")


def test_the_sample_site_is_crawled_once(web: Web, tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"
    done = crawl(web, db, *ALL)
    assert (done.returncode, done.stderr) == (0, "")
    match = re.fullmatch(
        rf"{re.escape(str(db))}: sources: 3, pages fetched: (\d+), new: (\d+), changed: 0, unchanged: 0, "
        r"passed over: 0, gone: (\d+), failed: 0; articles: (\d+), facts: (\d+)\n",
        done.stdout,
    )
    assert match, done.stdout
    assert int(match[5]) > 50
    # Each once, and each host's robots.txt once for each source.
    assert len(set(web.paths())) == len(web.paths())
    # The day after the list of the year has no page 3, and days without an issue have none.
    missing = sorted(path for path, status in web.asked if status == 404 and path != "/robots.txt")
    days = [f"/epaper/layout/202405/{day}/node_01.html" for day in (19, 20, 22)]
    assert missing == [*days, "/federation/xwdt/ghyw/index_2.html"]
    files = {
        f"/{path.relative_to(web.folder).as_posix()}"
        for pattern in ("federation/xwdt/**/t*.html", "epaper/content/**/*.html")
        for path in web.folder.glob(pattern)
    }
    stored = {url.removeprefix(web.base) for url in column(db, "SELECT document FROM page")}
    assert files <= stored
    assert dict(rows(db, "SELECT kind, count(*) FROM frontier WHERE state = 'fetched' GROUP BY 1")) == {
        "article": len(stored) - 1,
        "issue": 1,
        "leaf": 2,
        "list": 3,
        "part": 1,
    }
    assert column(db, "SELECT status FROM run") == ["done"]
    assert set(column(db, "SELECT outcome FROM run_source")) == {"finished"}
    assert rows(db, "SELECT sum(new), sum(articles), sum(failed) FROM run_source") == [
        (len(stored), int(match[4]), 0)
    ]
    assert not rows(db, "SELECT * FROM page WHERE extractor_version = ''")
    checker = Checker(
        type(
            "Arguments",
            (),
            {"inputs": [str(path) for path in archive.folder(db).iterdir()], "verbose": False},
        )()
    )
    checker.process_all()
    assert not checker.exit_value

    _articles_of_parts_and_pages(db, web)

    before = len(web.asked)
    again = crawl(web, db, *ALL)
    assert (again.returncode, again.stderr) == (0, "")
    assert "new: 0, changed: 0" in again.stdout
    assert {path for path, _ in web.asked[before:]} == {
        *("/robots.txt", "/federation/xwdt/ghyw/", "/portal/"),
    }, "lists only: what is known is not asked for again"
    assert column(db, "SELECT count(*) FROM page") == [len(stored)]


def _articles_of_parts_and_pages(db: Path, web: Web) -> None:
    """An article over two pages is one; one of a newspaper knows its page and section from the issue."""
    first, second = (f"{web.base}/portal/c/2024-05-27/8123733{part}.html" for part in ("", "_2"))
    ((part_of,),) = rows(db, "SELECT part_of FROM page WHERE document = ?", second)
    assert rows(db, "SELECT document FROM page WHERE page_id = ?", part_of) == [(first,)]
    assert column(
        db, "SELECT count(*) FROM article JOIN page USING (page_id) WHERE document IN (?, ?)", first, second
    ) == [1]
    hints = dict(rows(db, "SELECT url, hints FROM frontier WHERE kind = 'article' AND source_id = 'epaper'"))
    assert all('"newspaper": "江海劳动报"' in each and '"page_number": "0' in each for each in hints.values())


def test_changes_and_what_is_gone(web: Web, tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"
    assert crawl(web, db, "federation").returncode == 0
    before = dict(rows(db, "SELECT document, page_id FROM page"))
    facts = set(column(db, "SELECT fact_id FROM fact"))
    changed, gone, *_ = sorted((web.folder / "federation").glob("xwdt/ghyw/2024*/t*.html"))
    text = changed.read_text(encoding="utf-8")
    assert "</p>" in text
    more = "<p>此外，市总工会还为困难职工发放慰问金17.5万元。</p>"
    changed.write_text(text.replace("</p>", f"</p>{more}", 1), encoding="utf-8")
    os.utime(changed, (2e9, 2e9))
    gone.unlink()
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE frontier SET next_try = '2024-01-01T00:00:00Z' WHERE kind = 'article'")
    count = len(web.asked)
    done = crawl(web, db, "federation")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"changed: 1, unchanged: {len(before) - 1}, passed over: 0, gone: 1" in done.stdout
    statuses = [status for path, status in web.asked[count:] if "/t2024" in path]
    assert sorted(statuses) == [200, *[304] * (len(before) - 2), 404]
    name = f"{web.base}/{changed.relative_to(web.folder).as_posix()}"
    (newest,) = column(db, "SELECT page_id FROM page WHERE document = ? AND superseded_by IS NULL", name)
    assert rows(db, "SELECT superseded_by FROM page WHERE page_id = ?", before[name]) == [(newest,)]
    added = set(column(db, "SELECT fact_id FROM facts")) - facts
    values = """
        SELECT value FROM fact JOIN article USING (article_id) WHERE page_id = ?
    """
    assert 175000.0 in column(db, values, newest)
    assert added
    # A page that is gone from the site stays in the knowledge base.
    lost = f"{web.base}/{gone.relative_to(web.folder).as_posix()}"
    assert column(db, "SELECT state FROM frontier WHERE url = ?", lost) == ["gone"]
    assert column(db, "SELECT count(*) FROM page WHERE document = ?", lost) == [1]


def test_fetched_now_and_read_later(web: Web, tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"
    done = crawl(web, db, "federation", "--no-read", "--log", tmp_path / "scrapy.log")
    assert done.returncode == 0
    assert "not read yet" in done.stdout
    assert column(db, "SELECT count(*) FROM article") == [0]
    log = (tmp_path / "scrapy.log").read_text(encoding="utf-8")
    assert "Dumping Scrapy stats" in log
    assert "'item_scraped_count'" in log
    assert "'unionkb/stored': " in log
    assert crawl(web, db, "federation").returncode == 0
    assert column(db, "SELECT count(*) FROM article")[0] > 5


def test_limits(web: Web, tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"
    done = crawl(web, db, "federation", "--max-pages", "3", "--no-read")
    assert done.returncode == 0, "a limit is nothing wrong"
    assert done.stderr == "unionkb: federation: stopped after 3 pages\n"
    assert len(web.paths()) == 3
    rest = crawl(web, db, "federation", "--no-read")
    assert (rest.returncode, rest.stderr) == (0, "")
    assert len(set(web.paths())) == len(web.paths()) - 1, "the first page of the list twice, all else once"


BROKEN = """
import sys
from crawler.spiders import base
from unionkb import cli

real = base.SourceSpider.open

def open(self):
    if self.source.id == "federation":
        raise RuntimeError("no such luck")
    real(self)

base.SourceSpider.open = open
cli.main(sys.argv[1:])
"""


def test_a_spider_that_crashes_stops_no_other(web: Web, tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"
    arguments = ["crawl", "--db", db, "--sources", web.sources, "federation", "portal", "--no-read"]
    done = run("-c", BROKEN, *arguments)
    assert done.returncode == 1
    assert done.stderr == "unionkb: federation: RuntimeError: no such luck\n"
    assert column(db, "SELECT DISTINCT source_id FROM page") == ["portal"]
    assert column(db, "SELECT status FROM run") == ["failed"]


def test_a_second_crawl_is_told_who_is_at_work(web: Web, tmp_path: Path) -> None:
    db = tmp_path / "kb.sqlite"
    with Lock(db):
        done = crawl(web, db, "federation")
    assert done.returncode == 1
    assert re.fullmatch(
        rf"unionkb: \S+kb\.sqlite: another crawl is at work: process {os.getpid()} on \S+, since \S+Z\n",
        done.stderr,
    )
    assert (done.stdout, web.asked, db.exists()) == ("", [], False)
    assert crawl(web, db, "federation", "--no-read").returncode == 0


def test_a_dead_process_holds_no_lock(tmp_path: Path) -> None:
    code = "import os, pathlib, sys; from unionkb.lock import *; Lock(Path(sys.argv[1])).__enter__()"
    done = run("-c", f"{code}; os.kill(os.getpid(), {int(signal.SIGKILL)})", tmp_path / "kb")
    assert done.returncode == -signal.SIGKILL
    with Lock(tmp_path / "kb"):
        pass


def test_scrapy_crawl(web: Web, tmp_path: Path) -> None:
    """Scrapy's own command does as well, with its log and statistics; another run goes on where it was."""
    db = tmp_path / "kb.sqlite"
    settings = ("-s", f"UNIONKB_DB={db}", "-s", f"UNIONKB_SOURCES={web.sources}")
    done = run("-m", "scrapy", "crawl", "listing", "-a", "source=federation", *settings)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "'finish_reason': 'finished'" in done.stderr
    assert "'item_scraped_count'" in done.stderr
    (pages,) = column(db, "SELECT count(*) FROM page")
    assert pages > 5
    assert column(db, "SELECT status FROM run") == ["done"]
    done = run("-m", "scrapy", "crawl", "listing", "-a", "source=nowhere", *settings)
    assert "no source 'nowhere'" in done.stderr
    assert crawl(web, db, "federation").returncode == 0
    assert column(db, "SELECT count(*) FROM page") == [pages]
    assert column(db, "SELECT count(*) FROM article")[0] > 0


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNIONKB_CONTACT", raising=False)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nowhere"], 2, "no source nowhere"),
        (["grrb"], 1, "unionkb: grrb: say how its operators can reach you: --contact"),
        (["grrb", "--contact", "某人"], 1, "in ASCII"),
        (["federation", "-s", "DOWNLOAD_DELAY"], 2, "NAME=VALUE"),
        (["federation", "--since", "2024-05-02", "--until", "2024-05-01"], 2, "later"),
        (["federation", "--db", "/nowhere/kb.sqlite"], 1, "no folder /nowhere"),
        (["federation", "--sources", "/nowhere/s.toml"], 1, "/nowhere/s.toml"),
    ],
)
def test_what_cannot_be_begun(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    db, sources = tmp_path / "kb.sqlite", tmp_path / "sources.toml"
    base = "http://127.0.0.1:1"
    sources.write_text(SOURCES.format(base=base, here=base.replace(".", r"\.")), encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        cli.main(["crawl", "--db", str(db), "--sources", str(sources), *arguments])
    assert stopped.value.code == code
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("kb.sqlite*"))


def test_failures_are_named_up_to_a_point(capsys: pytest.CaptureFixture[str]) -> None:
    with _Progress() as progress:
        progress.fetching(2)
        progress.progress({"a": {"fetched": 3, "new": 1, "failed": 0}}, 1)
        progress.fetched()
        for number in range(MOST_LINES + 7):
            progress.failed(f"http://a.example/{number}", "HTTP 500")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "unionkb: http://a.example/0: HTTP 500"
    assert lines[-1] == "unionkb: and 7 more failures; see: unionkb runs --errors"
    assert len(lines) == MOST_LINES + 1


def test_help_comes_without_scrapy() -> None:
    code = "import sys, unionkb.cli, unionkb.commands.crawl; print('scrapy' in sys.modules)"
    assert run("-c", code).stdout == "False\n"
