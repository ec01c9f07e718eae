"""How fast texts become facts, beside jieba.lcut alone on the same texts, and how much memory it takes.
jieba's part-of-speech tagger and, where it is installed, JioNLP's finders of times and money follow.

    python benchmarks/extract.py [--megabytes N] [PATH ...]

PATHs are files and folders as `unionkb ingest` takes them; without any, the sample site. Their article bodies
are repeated until there are N megabytes (UTF-8). Each contender runs in a process of its own, on the same
texts, after one text as a warm-up, so that dictionaries and patterns are loaded: start-up is given apart.
Slow contenders get the first part of the texts only. The compiled extractor takes part once it has been built
(`make compiled`).
"""

import argparse
import importlib.util
import json
import os
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


def tagging() -> Callable[[str], object]:
    """jieba.posseg: words with their parts of speech."""
    import logging

    import jieba
    from jieba import posseg

    jieba.setLogLevel(logging.WARNING)
    return posseg.lcut


def finding() -> Callable[[str], object]:
    """JioNLP's finders of times and of money."""
    from jionlp import ner

    today = time.time()
    return lambda text: (ner.extract_time(text, time_base=today), ner.extract_money(text))


CONTENDERS: dict[str, tuple[Callable[[], Callable[[str], object]], float]] = {
    "text to facts": (reading, 1.0),
    "compiled": (reading, 1.0),
    "jieba.lcut": (segmenting, 1.0),
    "jieba.posseg": (tagging, 0.2),
    "jionlp": (finding, 0.1),
}
"""What is measured, and the share of the texts that it gets."""

COMPILED = Path(__file__).parents[1] / "build" / "compiled"


def child(name: str, file: Path) -> None:
    """Run one contender and print what it took, as JSON."""
    texts = json.loads(file.read_text(encoding="utf-8"))
    make, share = CONTENDERS[name]
    texts = texts[: max(1, round(len(texts) * share))]
    before = time.perf_counter()
    work = make()
    work(texts[0])
    ready = time.perf_counter()
    results = [work(text) for text in texts]
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {
                "megabytes": sum(len(text.encode()) for text in texts) / 1e6,
                "start": ready - before,
                "seconds": done - ready,
                # Kilobytes on Linux, bytes on macOS.
                "peak": peak / (1 << 20 if sys.platform == "darwin" else 1 << 10),
                "facts": sum(results) if CONTENDERS[name][0] is reading else None,
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
            if name == "jionlp" and importlib.util.find_spec(name) is None:
                print(f"{name:14} not installed")
                continue
            environment = dict(os.environ)
            if name == "compiled":
                if not COMPILED.is_dir():
                    print(f"{name:14} not built (make compiled)")
                    continue
                environment["PYTHONPATH"] = str(COMPILED)
            command = [sys.executable, __file__, "--child", name, str(file)]
            done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
            took = json.loads(done.stdout.splitlines()[-1])  # JioNLP prints a greeting
            speeds[name] = took["megabytes"] / took["seconds"]
            facts = f", {took['facts']} facts" if took["facts"] is not None else ""
            times = f"{took['megabytes']:.2f} MB in {took['seconds']:.1f} s, start-up {took['start']:.1f} s"
            print(f"{name:14} {speeds[name]:6.2f} MB/s  ({times}, peak memory {took['peak']:.0f} MB{facts})")
    print(f"ratio to jieba.lcut: {speeds['text to facts'] / speeds['jieba.lcut']:.2f}")
    if "compiled" in speeds:
        print(f"compiled, ratio to jieba.lcut: {speeds['compiled'] / speeds['jieba.lcut']:.2f}")


if __name__ == "__main__":
    main()
