"""How fast a large knowledge base is filled, searched, shown and written out.

    python benchmarks/kb.py [--articles 100000] [--facts-per-article 10] [--folder FOLDER] [--keep]

Articles are made up (kb_articles.py), the same ones each time. Each figure stands beside its goal, or beside
what does the same without us: `sqlite3.executemany` of the same rows into the same tables and indexes (see
`plain`), `sqlite3 -csv` of the same statement. The load is not the reading of pages: what was read is stored,
DOCUMENTS documents a transaction.
"""

import argparse
import asyncio
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
# This folder holds scripts named after the packages they measure: Python looks in it last.
sys.path[:] = [*(place for place in sys.path if Path(place).resolve() != HERE), str(HERE)]

import kb_articles  # noqa: E402

from unionkb import ids, load, regions, reprints, selection, store, table_files  # noqa: E402
from unionkb.load import Page  # noqa: E402
from unionkb.sql import upsert  # noqa: E402

DOCUMENTS = 5000
"""Documents a transaction."""
SEARCHES, LONGEST, REQUESTS = 300, 8, 100
VERSION = "benchmark"


def say(what: str, figure: str, beside: str = "") -> None:
    print(f"{what:44}{figure:>16}   {beside}", flush=True)


class Taken(NamedTuple):
    """Seconds by the clock, and of the processor, which others on the machine do not lengthen."""

    clock: float = 0.0
    processor: float = 0.0

    def more(self, other: "Taken") -> "Taken":
        return Taken(self.clock + other.clock, self.processor + other.processor)

    def times(self, other: "Taken") -> str:
        return f"{self.clock / other.clock:.2f} times; by processor {self.processor / other.processor:.2f}"


def moment() -> Taken:
    children = os.times()
    processor = time.process_time() + children.children_user + children.children_system
    return Taken(time.perf_counter(), processor)


def timed(work: Callable[[], object]) -> Taken:
    start = moment()
    work()
    end = moment()
    return Taken(end.clock - start.clock, end.processor - start.processor)


# ---------------------------------------------------------------- load


@contextmanager
def shares(of: dict[str, tuple[Any, str]]) -> Iterator[dict[str, float]]:
    """Processor seconds spent in functions, by name, while the block runs."""
    spent: dict[str, float] = defaultdict(float)

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return function(*args, **named)
            finally:
                spent[name] += time.process_time() - start

        return run

    before = {name: getattr(owner, function) for name, (owner, function) in of.items()}
    for name, (owner, function) in of.items():
        setattr(owner, function, counted(name, before[name]))
    try:
        yield spent
    finally:
        for name, (owner, function) in of.items():
            setattr(owner, function, before[name])


def steps() -> dict[str, tuple[Any, str]]:
    """Parts of the load that are told apart, those of this version."""
    found: dict[str, tuple[Any, str]] = {"rows": (load.Batch, "write"), "reprints": (reprints, "update")}
    try:
        from unionkb import search_index

        found["search index"] = (search_index, "settle")
    except ImportError:
        pass
    try:
        from unionkb import claims

        found["claims"] = (claims.Update, "settle")
    except ImportError:
        pass
    return found


def page_of(printed: kb_articles.Printed) -> Page:
    body = printed.reading.article.body.encode()
    return Page(
        *(printed.address, ids.place(printed.address), printed.source_id, "text/html", "utf-8"),
        *(len(body), ids.digest(body + printed.address.encode())),
    )


def fill(path: Path, articles: int, facts: int) -> tuple[Taken, dict[str, float]]:
    """Load made-up articles; the time without that of making them, and of its parts."""
    taken = Taken()
    with shares(steps()) as spent, store.open(path, write=True) as kb:
        with kb.transaction() as db:
            regions.load(db.conn)
            db.execute(
                "INSERT INTO run (run_id, command, extractor_version, started_at, status)"
                " VALUES (1, 'ingest', ?, ?, 'done')",
                [VERSION, load.now()],
            )
            for source_id, name, kind in kb_articles.SOURCES:
                row = {"source_id": source_id, "name": name, "kind": "site", "outlet_kind": kind}
                upsert(db.conn, "source", "source_id", row)
        spent.clear()
        made = kb_articles.articles(articles, facts)
        while some := list(islice(made, DOCUMENTS)):
            taken = taken.more(timed(partial(put, kb, some)))
        taken = taken.more(timed(kb.close))
    return taken, dict(spent)


def put(kb: store.Store, some: list[kb_articles.Printed]) -> None:
    with kb.transaction() as db:
        batch = load.Batch(db.conn, run_id=1, extractor_version=VERSION)
        for printed in some:
            batch.add([page_of(printed)], [printed.reading])
        batch.settle()


SHADOWS = ("_data", "_idx", "_content", "_docsize", "_config")


def plain(filled: Path, path: Path) -> Taken:
    """Insert the rows of one database into another of the same tables and indexes, table by table in the
    order in which they lie there, each with `executemany`; the time without that of fetching them. No trigger
    runs, no foreign key is checked, the tokens of the search index are ready made, and as much memory is
    given as to the load: nothing that the load has to do is asked of it."""
    store.open(path, write=True).close()
    with closing(sqlite3.connect(filled)) as source, closing(sqlite3.connect(path)) as target:
        target.isolation_level = None
        target.execute("PRAGMA journal_mode = WAL")
        target.execute(f"PRAGMA cache_size = -{store.CACHE_KIB}")
        target.execute("BEGIN")
        for (name,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            target.execute(f"DROP TRIGGER {name}")
        tables = _tables(source)
        for name in reversed(tables):
            target.execute(f"DELETE FROM {name}")
        taken = Taken()
        for name in tables:
            rows = source.execute(f"SELECT * FROM {name}")
            marks = ", ".join("?" * len(rows.description))
            taken = taken.more(_put_rows(target, f"INSERT INTO {name} VALUES ({marks})", rows))
        taken = taken.more(_put_words(source, target))
        taken = taken.more(timed(lambda: target.execute("COMMIT")))
        return taken.more(timed(lambda: target.execute("PRAGMA journal_mode = DELETE")))


def _tables(db: sqlite3.Connection) -> list[str]:
    """Those that hold rows of ours."""
    found = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
    virtual = [name for name, sql in found if sql.startswith("CREATE VIRTUAL")]
    others = {f"{name}{end}" for name in virtual for end in SHADOWS} | {*virtual, "_sqlite_migrations"}
    return [name for name, _ in found if name not in others and not name.startswith("sqlite_")]


def _put_rows(target: sqlite3.Connection, statement: str, rows: sqlite3.Cursor) -> Taken:
    taken = Taken()
    while some := rows.fetchmany(20_000):
        taken = taken.more(timed(partial(target.executemany, statement, some)))
    return taken


def _put_words(source: sqlite3.Connection, target: sqlite3.Connection) -> Taken:
    from unionkb.search_text import tokens

    taken = Taken()
    rows = source.execute("SELECT key, title, body FROM search_key CROSS JOIN article USING (article_id)")
    statement = "INSERT INTO article_search (rowid, title, body) VALUES (?, ?, ?)"
    while some := rows.fetchmany(2000):
        ready = [(key, tokens(title), tokens(body)) for key, title, body in some]
        taken = taken.more(timed(partial(target.executemany, statement, ready)))
    return taken


# ---------------------------------------------------------------- reading


def p95(times: Iterable[float]) -> float:
    """In milliseconds."""
    ordered = sorted(times)
    return 1000 * ordered[-(-len(ordered) * 95 // 100) - 1]


def say_spread(what: str, times: list[Taken], beside: str) -> None:
    clock = sorted(each.clock * 1000 for each in times)
    beside += f"by processor {p95(each.processor for each in times):.1f}; "
    beside += f"median {clock[len(clock) // 2]:.1f}, most {clock[-1]:.1f}"
    say(what, f"{p95(each.clock for each in times):.1f} ms", beside)


def searched(connection: sqlite3.Connection, chance: random.Random) -> list[str]:
    """Stretches of 1-8 characters of the articles, inside a line."""
    keys = [key for (key,) in connection.execute("SELECT article_id FROM article ORDER BY article_id")]
    found: list[str] = []
    while len(found) < SEARCHES:
        (body,) = connection.execute(
            "SELECT body FROM article WHERE article_id = ?", [chance.choice(keys)]
        ).fetchone()
        line, length = chance.choice(body.splitlines()), len(found) % LONGEST + 1
        start = chance.randrange(max(1, len(line) - length))
        text = line[start : start + length]
        if any(map(str.isalnum, text)) and not set(text) & set('“”"'):
            found.append(text)
    return found


def search_times(path: Path) -> None:
    try:
        from unionkb import search
    except ImportError:
        say("search", "-", "left out: this version has none")
        return
    with store.open(path) as kb:
        connection = kb.db.conn
        queries = searched(connection, random.Random(7))
        times, by_length = [], defaultdict(list)
        for query in queries:
            taken = timed(lambda query=query: search.find(connection, query, None, 20))
            times.append(taken)
            by_length[len(query)].append(taken.processor * 1000)
    say_spread(f"search, p95 of {SEARCHES}", times, "goal < 30 ms; ")
    worst = "  ".join(f"{length}: {max(each):.0f}" for length, each in sorted(by_length.items()))
    say("    slowest by number of characters", "", worst + " ms")


PAGES = {
    "organisation": "SELECT DISTINCT organisation_id FROM fact ORDER BY 1",
    "article": "SELECT article_id FROM article ORDER BY 1",
    "fact": "SELECT fact_id FROM fact WHERE rowid % 97 = 0 ORDER BY 1",
    "programme": "SELECT DISTINCT category FROM programme ORDER BY 1",
}


def page_times(path: Path) -> None:
    try:
        from unionkb.web import server
    except ImportError as error:
        say("pages", "-", f"left out: {error}")
        return
    chance = random.Random(9)
    with store.open(path) as kb:
        known = {name: [row[0] for row in kb.db.conn.execute(sql)] for name, sql in PAGES.items()}
        busiest = kb.db.conn.execute(
            "SELECT organisation_id FROM fact GROUP BY 1 ORDER BY count(*) DESC"
        ).fetchone()[0]
    addresses = {"front": ["/"] * REQUESTS}
    for name, some in known.items():
        addresses[name] = [f"/{name}/{chance.choice(some)}" for _ in range(REQUESTS)]
    addresses["organisation"][-1] = f"/organisation/{busiest}"
    asyncio.run(_ask(server.application(path), addresses))


async def _ask(site: Any, addresses: dict[str, list[str]]) -> None:
    await site.invoke_startup()
    for name, paths in addresses.items():
        times = []
        for path in paths:
            start = moment()
            answer = await site.client.get(path)
            end = moment()
            times.append(Taken(end.clock - start.clock, end.processor - start.processor))
            if answer.status_code != 200:
                say(f"{name} page", "-", f"{path} answers {answer.status_code}")
                break
        else:
            goal = "goal < 300 ms; " if name in ("front", "organisation", "article") else ""
            say_spread(f"{name} page, p95 of {len(paths)}", times, goal)
            say(
                "    the first",
                f"{times[0].clock * 1000:.0f} ms",
                f"by processor {times[0].processor * 1000:.0f}",
            )


def csv_times(path: Path, folder: Path) -> None:
    """The table of facts as a release writes it, and by `sqlite3 -csv`; the better of two."""
    program = shutil.which("sqlite3")
    ours, theirs = [], []
    for _ in range(2):
        with store.open(path) as kb, selection.of(kb) as chosen:
            rows, file = chosen.rows("facts"), folder / "facts.csv"
            ours.append(
                timed(
                    lambda rows=rows, file=file: table_files.write_csv(kb.db.conn, "facts", rows, file, int)
                )
            )
        if program:
            statement = f"SELECT * FROM facts ORDER BY {selection.ORDER['facts']}"
            with (folder / "plain.csv").open("wb") as out:
                command = [program, "-readonly", "-csv", "-header", str(path), statement]
                theirs.append(
                    timed(lambda command=command, out=out: subprocess.run(command, stdout=out, check=True))
                )
    size = (folder / "facts.csv").stat().st_size / 1e6
    beside = "the program sqlite3 is missing"
    if program:
        beside = f"goal <= 2; sqlite3 -csv {min(theirs).clock:.1f} s: {min(ours).times(min(theirs))}"
    say(f"facts as CSV, {size:.0f} MB", f"{min(ours).clock:.1f} s", beside)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--facts-per-article", type=int, default=10)
    parser.add_argument(
        "--folder", type=Path, help="where the databases are made, instead of a temporary folder"
    )
    parser.add_argument("--keep", action="store_true", help="keep them; with --folder they are used again")
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="unionkb-"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"kb-{asked.articles}.sqlite"
    try:
        measure(path, folder, asked.articles, asked.facts_per_article)
    finally:
        if not asked.keep:
            shutil.rmtree(folder)


def measure(path: Path, folder: Path, articles: int, facts: int) -> None:
    if not path.exists():
        load_times(path, folder, articles, facts)
    size = path.stat().st_size
    say("database, each article", f"{size / articles / 1000:.1f} kB", f"{size / 1e6:.0f} MB in all")
    search_times(path)
    page_times(path)
    csv_times(path, folder)


def load_times(path: Path, folder: Path, articles: int, facts: int) -> None:
    say("articles, facts", f"{articles:,}", f"{articles * facts:,}")
    taken, spent = fill(path, articles, facts)
    bare = plain(path, folder / "plain.sqlite")
    (folder / "plain.sqlite").unlink()
    per = taken.processor / articles * 1000
    say("load", f"{taken.clock:.1f} s", f"by processor {taken.processor:.1f} s, {per:.2f} ms an article")
    for name, part in spent.items():
        say(f"    of which {name}", f"{part:.1f} s", f"{part / taken.processor:.0%} by processor")
    say("executemany of the same rows", f"{bare.clock:.1f} s", f"by processor {bare.processor:.1f} s")
    say("load: x of executemany", f"{taken.clock / bare.clock:.2f}", f"goal <= 1.5; {taken.times(bare)}")


if __name__ == "__main__":
    main()
