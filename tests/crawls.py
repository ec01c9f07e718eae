"""Runs `unionkb crawl` in a process of its own over replicas, and looks at what it left behind."""

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from replica import Site
from warcio.archiveiterator import ArchiveIterator

TESTS = Path(__file__).parent

ARTICLES = r"/content/(?P<year>\d{4})-(?P<month>\d\d)/(?P<day>\d\d)/content_\d+\.htm"
NEW_ARTICLES = r"/content/(?P<year>\d{4})(?P<month>\d\d)/(?P<day>\d\d)/content_\d+\.html"
OLD_EPAPER_ARTICLES = r"/html/(?P<year>\d{4})-(?P<month>\d\d)/(?P<day>\d\d)/content_\d+\.htm"


@dataclass(slots=True)
class Outlet:
    """An outlet for a file of sources. Addresses that begin with a slash are those of its site."""

    id: str
    site: Site
    starts: list[dict[str, Any]]
    articles: list[str] = field(default_factory=lambda: [ARTICLES])
    """Regular expressions of the paths of its articles."""
    layouts: list[dict[str, Any]] = field(default_factory=list)
    """More about the layouts, in the order of `articles`."""
    politeness: dict[str, Any] = field(default_factory=dict)
    kind: str = "federation"
    more: dict[str, Any] = field(default_factory=dict)

    def toml(self) -> str:
        base = self.site.address
        pattern = base.replace(".", r"\.")
        lines = ["[[source]]"]
        lines += _pairs(
            {
                "id": self.id,
                "name": f"湖滨工会网（{self.id}）",
                "publisher": "湖滨市总工会",
                "kind": self.kind,
                "level": "city",
                "home": f"{base}/",
                **self.more,
            }
        )
        lines += [
            "[source.politeness]",
            *_pairs({"delay": 0.0, "max_pages_per_run": 100_000, **self.politeness}),
        ]
        for start in self.starts:
            start = {key: base + v if str(v).startswith("/") else v for key, v in start.items()}
            lines += ["[[source.start]]", *_pairs(start)]
        for number, path in enumerate(self.articles):
            more = self.layouts[number] if self.layouts else {}
            layout = {key: pattern + v if str(v).startswith("/") else v for key, v in more.items()}
            lines += [
                "[[source.layout]]",
                *_pairs({"article_url": pattern + path, "cms": "generic", **layout}),
            ]
        return "\n".join(lines) + "\n"


def listing(id: str, site: Site, *, max_pages: int = 1_000, **more: Any) -> Outlet:
    """The outlet of a `replica_news.Listing`."""
    start = {
        "discovery": "listing",
        "url": "/news/index_{page}.html",
        "first_url": "/news/",
        "max_pages": max_pages,
    }
    return Outlet(id, site, [start], **more)


def _pairs(values: Mapping[str, Any]) -> list[str]:
    # JSON's strings, numbers, booleans and lists are TOML's; dates are written bare.
    return [
        f"{key} = {json.dumps(value, ensure_ascii=False) if not hasattr(value, 'isoformat') else value}"
        for key, value in values.items()
    ]


@dataclass(frozen=True, slots=True)
class Done:
    """How a process ended: exit status (negative: signal), what it wrote, seconds, largest memory in MB."""

    code: int
    out: str
    err: str
    seconds: float
    peak_mb: float


class Crawl:
    """A crawl at work. `args` go to `unionkb crawl`; `env` adds to the environment; `driver` is Python code
    that runs the command line instead of `unionkb` itself."""

    def __init__(
        self,
        db: Path,
        outlets: Iterable[Outlet],
        *args: str,
        env: Mapping[str, str] | None = None,
        driver: str | None = None,
    ) -> None:
        outlets = list(outlets)
        self.db = db
        self._files = [db.with_name(f"{db.stem}.{name}") for name in ("out", "err", "guard", "toml")]
        out, err, guard, sources = self._files
        sources.write_text("\n".join(outlet.toml() for outlet in outlets), encoding="utf-8")
        start = ["-c", driver] if driver else ["-m", "unionkb"]
        command = [sys.executable, *start, "crawl", "--db", str(db), "--sources", str(sources)]
        path = os.pathsep.join([str(TESTS / "guard"), *filter(None, [os.environ.get("PYTHONPATH")])])
        self._began = time.monotonic()
        with out.open("wb") as out_stream, err.open("wb") as err_stream:
            self.process = subprocess.Popen(
                [*command, *args, *(outlet.id for outlet in outlets)],
                stdin=subprocess.DEVNULL,
                stdout=out_stream,
                stderr=err_stream,
                env={**os.environ, "PYTHONPATH": path, "UNIONKB_GUARD_LOG": str(guard), **(env or {})},
            )

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self.process.pid, number)

    def kill(self) -> Done:
        """SIGKILL."""
        self.send(signal.SIGKILL)
        return self.wait()

    def is_over(self) -> bool:
        """Whether the process has ended. It stays a zombie until `wait`, which reads what it used."""
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def wait(self, seconds: float = 120) -> Done:
        """Wait for the end; killed, and the test failed, where it takes longer. What went to another network
        than loopback fails the test too."""
        until = time.monotonic() + seconds
        while True:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > until:
                self.send(signal.SIGKILL)
                self.process.wait()
                out, err = (file.read_text(errors="replace")[-2_000:] for file in self._files[:2])
                raise AssertionError(f"still at work after {seconds} s\n{out}\n{err}")
            time.sleep(0.02)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        out, err, guard, _ = self._files
        assert not guard.exists(), guard.read_text()
        return Done(
            self.process.returncode,
            out.read_text(encoding="utf-8", errors="replace"),
            err.read_text(encoding="utf-8", errors="replace"),
            time.monotonic() - self._began,
            _megabytes(usage),
        )


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def crawl(db: Path, outlets: Iterable[Outlet], *args: str, seconds: float = 120, **options: Any) -> Done:
    """A crawl from beginning to end."""
    return Crawl(db, outlets, *args, **options).wait(seconds)


def rows(db: Path, sql: str, *params: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql, params).fetchall()


def column(db: Path, sql: str, *params: object) -> list[Any]:
    return [row[0] for row in rows(db, sql, *params)]


def archive_files(db: Path) -> list[Path]:
    return sorted(db.with_name(f"{db.name}.warc").glob("*.warc.gz"))


def warcio_check(db: Path) -> None:
    """The whole archive is sound in the eyes of warcio's own checker."""
    files = archive_files(db)
    assert files
    command = [sys.executable, "-m", "warcio.cli", "check", "-v", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]


def records(db: Path) -> list[tuple[str, str]]:
    """Address and digest of every record of a page."""
    found = []
    for file in archive_files(db):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                if record.rec_type in ("resource", "response"):
                    record.content_stream().read()
                    headers = record.rec_headers
                    found.append(
                        (
                            headers.get_header("WARC-Target-URI"),
                            headers.get_header("WARC-Payload-Digest").removeprefix("sha256:"),
                        )
                    )
    return found


def assert_sound(db: Path) -> None:
    """The database is whole, and each page's bytes are where its row says."""
    assert column(db, "PRAGMA integrity_check") == ["ok"]
    assert rows(db, "PRAGMA foreign_key_check") == []
    ends = dict(rows(db, "SELECT warc_file, max(warc_offset + warc_length) FROM page GROUP BY 1"))
    sizes = {file.name: file.stat().st_size for file in archive_files(db)}
    assert all(sizes.get(name, 0) >= end for name, end in ends.items())
    assert column(db, "SELECT count(*) FROM page WHERE warc_length = 0") == [0]


def assert_each_page_once(db: Path, urls: Iterable[str]) -> None:
    """Exactly these addresses are stored, each once, in the database and in the archive."""
    wanted = sorted(urls)
    stored = rows(db, "SELECT document, digest FROM page ORDER BY 1")
    assert [url for url, _ in stored] == wanted
    assert sorted(records(db)) == stored
    fetched = column(db, "SELECT url FROM frontier WHERE kind = 'article' AND state = 'fetched' ORDER BY 1")
    assert fetched == wanted
