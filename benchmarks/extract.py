"""How fast texts become facts, beside jieba.lcut alone on the same texts, and how much memory it takes.

    python benchmarks/extract.py [--megabytes N] [PATH ...]

PATHs are files and folders as `unionkb ingest` takes them; without any, the sample site. Their article bodies
are repeated until there are N megabytes (UTF-8). Each contender runs in a process of its own, on the same
texts, after one text as a warm-up, so that dictionaries and patterns are loaded: start-up is given apart.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

# This script has the name of the package it measures, and Python looks in a script's own folder first.
sys.path[:] = [place for place in sys.path if Path(place).resolve() != Path(__file__).resolve().parent]


def bodies(paths: list[Path]) -> list[str]:
    """The bodies of all articles under the paths."""
    from extract import layout
    from unionkb import documents

    found = []
    for file in documents.find(paths):
        if not isinstance(file, documents.File):
            sys.exit(f"{file[0]}: {file[1]}")
        drafts = documents.drafts(documents.read(file))
        found += [article.body for draft in drafts for article in layout.split(draft)]
    return found


def segmenting() -> Callable[[str], object]:
    """jieba.lcut with its defaults: accurate mode, HMM on."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.lcut


def reading() -> Callable[[str], object]:
    """Text to facts: articles split off, mentions found, facts linked."""
    from extract.model import Draft
    from extract.pipeline import read_page

    return lambda text: sum(len(reading.facts) for reading in read_page([Draft(text)]))


CONTENDERS = {"text to facts": reading, "jieba.lcut": segmenting}


def child(name: str, file: Path) -> None:
    """Run one contender and print what it took, as JSON."""
    texts = json.loads(file.read_text(encoding="utf-8"))
    before = time.perf_counter()
    work = CONTENDERS[name]()
    work(texts[0])
    ready = time.perf_counter()
    results = [work(text) for text in texts]
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {
                "start": ready - before,
                "seconds": done - ready,
                # Kilobytes on Linux, bytes on macOS.
                "peak": peak / (1 << 20 if sys.platform == "darwin" else 1 << 10),
                "facts": sum(results) if name == "text to facts" else None,
            }
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path)
    parser.add_argument("--megabytes", type=float, default=1.5, help="size of the text (default: 1.5)")
    parser.add_argument("--child", choices=CONTENDERS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child(args.child, args.paths[0])
        return
    from unionkb import paths

    once = bodies(args.paths or [paths.sample_site()])
    if not once:
        sys.exit("no article under these paths")
    texts: list[str] = []
    size = 0
    for text in cycle(once):
        if size >= args.megabytes * 1e6:
            break
        texts.append(text)
        size += len(text.encode())
    print(f"{size / 1e6:.2f} MB of UTF-8 text: {len(once)} articles, repeated to {len(texts)}")
    speeds = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.json"
        file.write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
        for name in CONTENDERS:
            command = [sys.executable, __file__, "--child", name, str(file)]
            took = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            speeds[name] = size / 1e6 / took["seconds"]
            facts = f", {took['facts']} facts" if took["facts"] is not None else ""
            times = f"{took['seconds']:.1f} s, start-up {took['start']:.1f} s"
            print(f"{name:14} {speeds[name]:6.2f} MB/s  ({times}, peak memory {took['peak']:.0f} MB{facts})")
    print(f"ratio to jieba.lcut: {speeds['text to facts'] / speeds['jieba.lcut']:.2f}")


if __name__ == "__main__":
    main()
