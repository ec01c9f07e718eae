"""What it takes to read web archives in bulk.

    python benchmarks/bulk.py [--pages N] [--most N] [--rounds N] [--html FOLDER]

On generated pages (see bulk_pages.py), in one run:

- a page to facts on one core, beside readability-lxml alone, which only finds the main text; the text to
  facts beside jieba.lcut on the same text;
- two workers beside one, process pool and Dask, on the same archive: wall-clock time, start-up included and
  without it;
- cost of a page and peak memory for --pages pages and for --most pages (100000 for the figures in the docs;
  that takes a while).

With --html the pages of the first part are those of a folder, such as recorded ones.

The ratios of the first part hold on a busy machine too, since both sides take turns; those of the second
need two idle cores.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":  # Not in the workers, which have the path as it is below.
    import bulk_pages

# This script's folder comes first on the path, and holds names of packages it measures.
sys.path[:] = [place for place in sys.path if Path(place).resolve() != HERE]

LONGEST = 20_000_000


def say(what: str, figure: str, beside: str = "") -> None:
    print(f"{what:46} {figure:>14}  {beside}".rstrip(), flush=True)


# ---------------------------------------------------------------- one core


def processor(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def one_core(contents: Sequence[bytes], rounds: int) -> None:
    import logging

    import jieba
    from readability import Document as Readable

    from crawler.decode import decode
    from extract.model import Draft
    from unionkb.bulk import reader
    from unionkb.bulk.records import Document
    from unionkb.reading import read_drafts

    logging.getLogger("readability").setLevel(logging.CRITICAL)
    jieba.setLogLevel(logging.WARNING)
    documents = [
        Document(f"http://news.example.com/{i}", content, "text/html", 0, 0)
        for i, content in enumerate(contents)
    ]
    htmls = [decode(content).text for content in contents]
    pages = len(contents)
    readings = [each for document in documents for _, each in reader.read(document)]
    bodies = [each.article.body for each in readings]
    facts = sum(len(each.facts) for each in readings)
    contenders: dict[str, Callable[[], object]] = {
        "page": lambda: [reader.read(document) for document in documents],
        "readability": lambda: [Readable(html).summary() for html in htmls],
        "text": lambda: [read_drafts([Draft(body)]) for body in bodies],
        "jieba": lambda: [jieba.lcut(body) for body in bodies],
    }
    for work in contenders.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            times[name].append(processor(work))
    best = {name: min(each) for name, each in times.items()}
    size = sum(len(body.encode()) for body in bodies) / 1e6
    mean = statistics.mean(map(len, contents)) / 1e3
    say(
        f"pages of {mean:.0f} KB",
        f"{facts / pages:.1f} facts",
        f"{1000 * facts / sum(map(len, bodies)):.0f} in 1000 characters",
    )
    say("page to facts", f"{pages / best['page']:.0f} pages/s")
    say("readability-lxml alone", f"{pages / best['readability']:.0f} pages/s")
    say("ratio to readability-lxml", f"{best['readability'] / best['page']:.2f}", "more than 1 is faster")
    say("text to facts", f"{size / best['text']:.2f} MB/s")
    say("jieba.lcut alone", f"{size / best['jieba']:.2f} MB/s")
    say("ratio to jieba.lcut", f"{best['jieba'] / best['text']:.2f}", "more than 1 is faster")


# ---------------------------------------------------------------- many pages


@contextmanager
def engine(name: str, workers: int) -> Iterator[Any]:
    if name == "pool":
        from unionkb.bulk.pool import Pool

        yield Pool(workers)
        return
    from distributed import LocalCluster

    from unionkb.bulk.cluster import Cluster

    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        yield Cluster(cluster.scheduler_address)


def child(name: str, workers: int, folder: str, results: str) -> None:
    """Read an archive, and print what that took."""
    from unionkb.bulk import work
    from unionkb.bulk.shards import Settings

    class Silent:
        started = 0.0

        def begin(self, total: int) -> None: ...

        def advance(self) -> None:
            # Workers have started when the first shard is done; from then on time is that of reading.
            self.started = self.started or time.perf_counter()
            self.since = getattr(self, "since", 0) + 1

        def failed(self, document: str, reason: str) -> None:
            raise SystemExit(f"{document}: {reason}")

        def notice(self, message: str) -> None: ...

    ear = Silent()
    start = time.perf_counter()
    with engine(name, workers) as using:
        ready = time.perf_counter()
        report = work.read([folder], Path(results), Settings(LONGEST), using, ear, shard_bytes=250_000)
        end = time.perf_counter()
    # Dask's workers are children of a helper of its own until they are waited for.
    of_children, own = resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF)
    shards = len(report.done)
    print(
        json.dumps(
            {
                "pages": report.counts.documents,
                "wall": end - ready,
                "start": ready - start,
                # Shards are alike: what all took is what those after the first round took, in proportion.
                "steady": (end - ear.started) / (shards - workers) * shards,
                "processor": of_children.ru_utime + of_children.ru_stime + own.ru_utime + own.ru_stime,
                "worker": of_children.ru_maxrss / 1024,
                "own": own.ru_maxrss / 1024,
            }
        )
    )


def run(name: str, workers: int, folder: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as results:
        command = [sys.executable, __file__, "--child", name, str(workers), str(folder), results]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def scaling(folder: Path, rounds: int) -> None:
    for name, called in (("pool", "process pool"), ("dask", "Dask")):
        took: dict[int, list[dict[str, float]]] = {1: [], 2: []}
        for _ in range(rounds):
            for workers, runs in took.items():
                runs.append(run(name, workers, folder))
        best = {key: {workers: min(each[key] for each in runs) for workers, runs in took.items()}
                for key in ("wall", "steady")}  # fmt: skip
        pages = took[1][0]["pages"]
        for workers in took:
            say(
                f"{called}, {workers} worker{'s'[: workers - 1]}",
                f"{pages / best['wall'][workers]:.0f} pages/s",
            )
        say(
            f"{called}: 2 workers beside 1",
            f"{best['wall'][1] / best['wall'][2]:.2f} x",
            "start of workers included",
        )
        say("", f"{best['steady'][1] / best['steady'][2]:.2f} x", "once they have started")


def growth(sizes: Sequence[int], folder: Path) -> None:
    for pages in sizes:
        where = folder / f"{pages}"
        bulk_pages.archives(where, pages, files=max(1, pages // 1000))
        took = run("pool", 2, where)
        memory = f"peak memory of a worker {took['worker']:.0f} MB, of the program {took['own']:.0f} MB"
        say(f"{pages} pages: processor time a page", f"{1000 * took['processor'] / pages:.2f} ms", memory)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--pages", type=int, default=1000)
    options.add_argument("--most", type=int, default=4000)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--html", type=Path, metavar="FOLDER")
    options.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        name, workers, folder, results = given.child
        child(name, int(workers), folder, results)
        return
    if given.html:
        contents = [path.read_bytes() for path in sorted(given.html.iterdir()) if path.is_file()]
    else:
        contents = [html.encode() for html in bulk_pages.texts(min(given.pages, 200))]
    one_core(contents, max(given.rounds, 3))
    with tempfile.TemporaryDirectory() as folder:
        bulk_pages.archives(Path(folder, "w"), given.pages, files=4)
        scaling(Path(folder, "w"), given.rounds)
        growth((given.pages, given.most), Path(folder))


if __name__ == "__main__":
    main()
