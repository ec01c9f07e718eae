"""What a segmenter costs: words alone, and text to facts with it, on the same texts.

    python benchmarks/segmenters.py [--megabytes N] [SEGMENTER ...] [--texts PATH ...]

SEGMENTERs are as after `--segmenter`; without any, jieba. PATHs are files and folders as `unionkb ingest`
takes them (default: the sample site), repeated until there are N megabytes (UTF-8). Words alone get a tenth
of that. Each segmenter runs in a process of its own, after one text as a warm-up.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

# A script next door is called extract.py, and Python looks in a script's own folder first.
sys.path[:] = [place for place in sys.path if Path(place).resolve() != Path(__file__).resolve().parent]


def bodies(paths: list[Path], megabytes: float) -> list[str]:
    """Bodies of the articles under the paths, repeated until they are long enough."""
    from extract import layout
    from unionkb import documents

    once = []
    for file in documents.find(paths):
        if isinstance(file, documents.File):
            drafts = documents.drafts(documents.read(file))
            once += [article.body for draft in drafts for article in layout.split(draft)]
    if not once:
        sys.exit("no article under these paths")
    texts: list[str] = []
    for text in cycle(once):
        if size(texts) >= megabytes:
            return texts
        texts.append(text)
    return texts


def size(texts: list[str]) -> float:
    """Megabytes of UTF-8."""
    return sum(len(text.encode()) for text in texts) / 1e6


def speed(work: Callable[[str], object], texts: list[str]) -> float:
    """Megabytes for each second of processor time."""
    work(texts[0])
    begun = time.process_time()
    for text in texts:
        work(text)
    return size(texts) / (time.process_time() - begun)


def measure(name: str, texts: list[str]) -> None:
    """Print one segmenter's line."""
    from extract import tokens
    from extract.model import Draft
    from extract.pipeline import read_page

    begun = time.perf_counter()
    with tokens.using(name):
        tokens.segment("工会")
        start = time.perf_counter() - begun
        words = speed(tokens.segment, texts[: max(1, len(texts) // 10)])
        facts = speed(lambda text: read_page([Draft(text)]), texts)
    # Kilobytes on Linux, bytes on macOS.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1 << 20 if sys.platform == "darwin" else 1 << 10
    )
    print(
        f"{name.split('/')[0]:8} words {words:5.2f} MB/s, text to facts {facts:5.2f} MB/s, "
        f"start-up {start:.1f} s, peak memory {peak:.0f} MB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("segmenters", metavar="SEGMENTER", nargs="*", default=["jieba"])
    parser.add_argument("--texts", metavar="PATH", nargs="+", type=Path)
    parser.add_argument("--megabytes", type=float, default=1.0, help="size of the text (default: 1)")
    args = parser.parse_args()
    from unionkb import paths

    where = args.texts or [paths.sample_site()]
    if len(args.segmenters) == 1:
        measure(args.segmenters[0], bodies(where, args.megabytes))
        return
    for name in args.segmenters:
        command = [sys.executable, __file__, name, "--megabytes", str(args.megabytes), "--texts", *where]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
