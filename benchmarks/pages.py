"""How many recorded pages are read right, and how fast, beside the libraries that do parts of it.

    python benchmarks/pages.py [GOLD.jsonl [FOLDER]]

GOLD has one object a line: `file`, `title`, `published` (ISO), `body`; the pages are in FOLDER, or in `pages`
beside GOLD. Without GOLD only the time is measured, on the recorded pages of the tests.

A body is right when recall is at least .9 and precision at least .8 of its character 4-grams (letters and
digits only); a title when its letters and digits are equal; a date when the day is. Ours is the body of the
article as it is stored, headline block included. Libraries that are not installed are left out: trafilatura
is no part of the development environment (`pip install trafilatura` adds it).
"""

import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# This folder holds scripts named after the packages they measure, and Python looks in it first.
sys.path[:] = [place for place in sys.path if Path(place).resolve() != Path(__file__).resolve().parent]

Read = dict[str, str]
Reader = Callable[[str], Read]


def ours() -> Reader:
    """HTML to the article that is stored."""
    from crawler import pages
    from extract import layout

    def read(html: str) -> Read:
        articles = [article for draft in pages.read(html) for article in layout.split(draft)]
        if not articles:
            return {}
        first = articles[0].meta
        day = first.published.isoformat() if first.published else ""
        return {"title": first.title or "", "published": day, "body": "\n".join(a.body for a in articles)}

    return read


def readability() -> Reader:
    """Main text and title."""
    import logging

    import lxml.html
    from readability import Document

    logging.getLogger("readability").setLevel(logging.CRITICAL)

    def read(html: str) -> Read:
        document = Document(html)
        text = lxml.html.fromstring(document.summary()).text_content()
        return {"title": document.short_title(), "body": text}

    return read


def htmldate() -> Reader:
    """The date alone."""
    from htmldate import find_date

    return lambda html: {"published": find_date(html, original_date=True) or ""}


def trafilatura() -> Reader:
    """Main text, title, date."""
    from trafilatura import bare_extraction

    def read(html: str) -> Read:
        found = bare_extraction(html, with_metadata=True, include_comments=False)
        if found is None:
            return {}
        return {"title": found.title or "", "published": found.date or "", "body": found.text or ""}

    return read


CONTENDERS = {
    "unionkb": (ours, ("body", "title", "date")),
    "readability-lxml": (readability, ("body", "title")),
    "htmldate": (htmldate, ("date",)),
    "trafilatura": (trafilatura, ("body", "title", "date")),
}


def letters(text: str) -> str:
    """Letters and digits, in lower case."""
    return re.sub(r"[^\w]", "", text).lower()


def grams(text: str) -> Counter[str]:
    """Character 4-grams of the letters."""
    plain = letters(text)
    return Counter(plain[i : i + 4] for i in range(max(0, len(plain) - 3)))


def right(gold: Read, read: Read) -> dict[str, bool]:
    """Which fields of a page are right."""
    mine, theirs = grams(read.get("body", "")), grams(gold["body"])
    both = sum((mine & theirs).values())
    return {
        "body": both >= 0.9 * max(1, sum(theirs.values())) and both >= 0.8 * max(1, sum(mine.values())),
        "title": letters(read.get("title", "")) == letters(gold["title"]),
        "date": read.get("published", "")[:10] == gold["published"][:10],
    }


def main() -> None:
    """Print a line for each contender."""
    from crawler.decode import decode

    gold: dict[str, Read] = {}
    if len(sys.argv) > 1:
        table = Path(sys.argv[1])
        if not table.is_file():
            print(f"pages: skipped, there is no {table}")
            return
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else table.parent / "pages"
        gold = {row["file"]: row for row in map(json.loads, table.read_text(encoding="utf-8").splitlines())}
        files = [folder / name for name in sorted(gold)]
    else:
        print("pages: no gold given, so only the time is measured, on the recorded pages of the tests")
        files = sorted((ROOT / "tests" / "pages").glob("*/*/input.html"))
    texts = {file: decode(file.read_bytes()).text for file in files}
    print(f"{len(files)} pages, {statistics.median(map(len, texts.values())) / 1000:.1f} kB median")
    for name, (make, fields) in CONTENDERS.items():
        try:
            read = make()
        except ImportError:
            print(f"  {name:<17} not installed")
            continue
        read(next(iter(texts.values())))  # loads what it loads once
        counts: Counter[str] = Counter()
        times = []
        for file, text in texts.items():
            start = time.perf_counter()
            try:
                found = read(text)
            except Exception as error:  # a library that fails on a page has it wrong
                print(f"  {name:<17} fails on {file.name}: {type(error).__name__}")
                found = {}
            times.append(time.perf_counter() - start)
            if gold:
                counts.update(field for field, ok in right(gold[file.name], found).items() if ok)
        scores = "  ".join(f"{f} {counts[f] if f in fields else '-':>2}" for f in ("body", "title", "date"))
        speed = f"{statistics.median(times) * 1000:6.1f} ms a page (median)"
        print(f"  {name:<17} {scores + '  ' if gold else ''}{speed}")


if __name__ == "__main__":
    main()
