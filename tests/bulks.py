"""Runs `unionkb ingest` over web archives, kills its workers, looks at what is left."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from unionkb.store import open as open_store

_PROGRESS = re.compile(r"\d+ of \d+ \w+")

# A Dask cluster on this machine, that prints its address.
CLUSTER = """
import sys, time
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=int(sys.argv[1]), threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        time.sleep(3600)
"""


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended: exit status (negative: signal) and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What it said went wrong."""
        lines = (line.removeprefix("unionkb: ") for line in self.err.splitlines())
        return [line for line in lines if not _PROGRESS.fullmatch(line)]


class Ingest:
    """A run at work. `env` adds to the environment; `driver` is Python code that runs the command line."""

    def __init__(
        self, db: Path, *args: object, env: Mapping[str, str] | None = None, driver: str | None = None
    ) -> None:
        start = ["-c", driver] if driver else ["-m", "unionkb"]
        self._files = [db.with_name(f"{db.stem}.{name}") for name in ("out", "err")]
        with self._files[0].open("wb") as out, self._files[1].open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, *start, "ingest", "--db", str(db), *map(str, args)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=environment(env),
            )
        self.results = db.with_name(f"{db.name}.shards")

    @property
    def pid(self) -> int:
        return self.process.pid

    def is_over(self) -> bool:
        return self.process.poll() is not None

    def done(self) -> int:
        """Shards that have a result."""
        return len(results(self.results))

    def kill(self) -> Done:
        self.process.kill()
        return self.wait()

    def wait(self, seconds: float = 120) -> Done:
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"still at work after {seconds} s\n{self._said()}") from None
        return Done(code, *self._said())

    def _said(self) -> list[str]:
        return [file.read_text(encoding="utf-8", errors="replace") for file in self._files]


def ingest(
    db: Path,
    *args: object,
    seconds: float = 120,
    env: Mapping[str, str] | None = None,
    driver: str | None = None,
) -> Done:
    """A run from beginning to end."""
    return Ingest(db, *args, env=env, driver=driver).wait(seconds)


def environment(more: Mapping[str, str] | None) -> dict[str, str]:
    """Ours and more; what is more on PYTHONPATH goes before ours."""
    made = os.environ | (more or {})
    paths = [(more or {}).get("PYTHONPATH"), os.environ.get("PYTHONPATH")]
    return made | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


class Dask:
    """A cluster of `workers` processes at `address`; `pid` is that of its scheduler."""

    def __init__(self, workers: int, env: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", CLUSTER, str(workers)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment(env),
        )
        assert self.process.stdout
        self.pid, self.address = self.process.pid, self.process.stdout.readline().strip()

    def kill(self) -> None:
        """The scheduler, at once. Its workers end when they find out."""
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


@contextmanager
def dask(workers: int = 2, env: Mapping[str, str] | None = None) -> Iterator[Dask]:
    made = Dask(workers, env)
    try:
        yield made
    finally:
        made.kill()


def workers(pid: int) -> list[int]:
    """Processes that a pool or a cluster has started, in the order of their number."""
    found = []
    for child in _children(pid):
        with suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
    return sorted(found)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, file.read_text().split())
    return found


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def resident_mb(pid: int | str) -> float:
    """Memory of a process; 0 when it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def wait_until_ended(pids: list[int], seconds: float) -> None:
    until = time.monotonic() + seconds
    while any(map(is_alive, pids)):
        assert time.monotonic() < until, "workers outlive the one they work for"
        time.sleep(0.05)


def results(folder: Path) -> dict[str, bytes]:
    """Results by name, to the byte. Nothing else may lie there once a run has ended well."""
    return {file.name: file.read_bytes() for file in folder.glob("*.parquet")}


def leftovers(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.suffix != ".parquet")


def content(db: Path) -> dict[str, list[tuple[object, ...]]]:
    """What a knowledge base says, without when it learnt it; and the assurance that it is sound."""
    with open_store(db) as kb:
        connection = kb.db.conn
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    tables = {
        "pages": "page_id, document, digest, encoding, warc_file, warc_offset, warc_length FROM page",
        "articles": "article_id, page_id, title, published, cluster_id, is_reprint FROM article",
        "facts": "* FROM facts",
        "organisations": "organisation_id, name FROM organisation",
    }
    with closing(sqlite3.connect(db)) as connection:
        return {
            name: sorted(connection.execute(f"SELECT {what}").fetchall(), key=repr)
            for name, what in tables.items()
        }
