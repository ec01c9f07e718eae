"""What unionkb and other extractors find of the gold, in the same articles, and how fast they read.

    python benchmarks/peers.py [GOLD ...] [--python PYTHON] [--spacy PIPELINE] [--write PAGE]

GOLD is a folder that holds `pages` and `gold` (docs/gold-format.md); without one, data/cases. PYTHON is
that of the environment with the peers (default: the one that `make peers` builds). Each peer runs there,
in a process of its own (peer_worker.py); one that is not installed is named and left out. PIPELINE is a
trained pipeline of spaCy for Chinese that is installed there, or a folder. `--write` puts the tables
between the markers of a page, docs/comparison.md for one, which also explains the figures.

The matching rule, the same for all:

- All read the articles that unionkb finds on a page, without furniture, broken lines joined; unionkb
  itself is given the page. Peers are told the day of publication: the gold's, else what unionkb read,
  else the last day of the year of writing.
- The places of a gold quantity are those at which its number and unit are printed: in its quote, and
  elsewhere in its article where no other quantity of the gold stands.
- A quantity is *found* when mentions over one of its places hold its value, and for a range both ends.
  When a peer reads a vague sum as an interval (20余万: 200,000 to 300,000) either end will do. A mention
  without a value is taken at its place.
- A mention of a kind is *right* when it lies over a place of a gold quantity of that kind and shares a
  value.
- A period is one that a gold fact is about, with both ends known. It is found when a mention of time in
  the article resolves to an accepted answer; an end that a peer leaves open (今年以来) may be the day it was
  told. Periods of an article count once each; so do organisations, which are compared as `unionkb
  evaluate` does.
- What careful readers differ on (`optional`) counts for nothing.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# A script next door is called extract.py, and Python looks in a script's own folder first.
sys.path[:] = [place for place in sys.path if Path(place).resolve() != Path(__file__).resolve().parent]

WORKER = Path(__file__).with_name("peer_worker.py")
TOOLS = {
    "unionkb": "unionkb",
    "jionlp": "JioNLP",
    "recognizers": "Recognizers-Text",
    "spacy": "spaCy",
}
KNOWN: Mapping[str, frozenset[str]] = {
    "unionkb": frozenset({"people", "households", "money", "count", "percent", "dates", "organisations"}),
    "jionlp": frozenset({"money", "dates"}),
    "recognizers": frozenset({"money", "percent", "dates"}),
    "spacy": frozenset({"money", "percent", "organisations"}),
}
"""What a tool knows as such. It has no figure for the rest. The times of spaCy are places without days."""

KINDS = {
    "people": "headcounts (人, 名, 人次)",
    "households": "households (户)",
    "money": "sums of money",
    "percent": "percentages",
    "count": "other counts (家, 场, 份)",
}
MARKERS = ("<!-- made by benchmarks/peers.py -->", "<!-- end -->")
_LIMIT = 600.0
"""Seconds that a tool may take for one document."""
_ENOUGH = 3.0
"""Seconds of reading that a speed rests on, or one round over the documents."""
_NUMERAL = re.compile(r"[\d〇零一二三四五六七八九十百千万亿两几]")
_UNFINISHED = re.compile(rf"{_NUMERAL.pattern}$|\d[.,．，]$")
"""The end of what stands before a number that is part of a longer one."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Text:
    """An article as it is read, and the day it is read on."""

    text: str
    today: date


@dataclass(frozen=True, slots=True)
class Quantity:
    """A gold quantity and where it is printed: (index of the text in its document, start, end)."""

    kind: str
    values: frozenset[float]
    places: tuple[tuple[int, int, int], ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A period or an organisation that facts of an article are about: accepted answers, and the texts to find
    it in."""

    accepted: tuple[Any, ...]
    texts: tuple[int, ...]


@dataclass(slots=True)
class Document:
    """A page with its gold."""

    path: Path
    name: str
    texts: Sequence[Text]
    quantities: Sequence[Quantity] = ()
    dates: Sequence[Slot] = ()
    organisations: Sequence[Slot] = ()


@dataclass(slots=True)
class Tally:
    """Figures of one tool on one set."""

    name: str = ""
    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    """By kind, the quantities found as such; `dates`, `organisations`; `number`: found as whatever."""
    mentions: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    speeds: dict[str, float] = field(default_factory=dict)
    """MB of UTF-8 text a second of processor time, by part; `all` for everything the tool was asked."""
    start: float = 0.0
    failed: int = 0
    versions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    missing: str = ""


def squeezed(text: str) -> tuple[str, list[int]]:
    """A text without white space, and the offset of each character that is left."""
    offsets = [i for i, char in enumerate(text) if not char.isspace()]
    return "".join(text[i] for i in offsets), offsets


def printed(surface: str, text: str) -> Iterator[Place]:
    """Where a number with its unit stands in a text, white space aside, and is no part of a longer number."""
    wanted = "".join(surface.split())
    plain, offsets = squeezed(text)
    at = plain.find(wanted) if wanted else -1
    while at >= 0:
        if not (_NUMERAL.match(wanted) and _UNFINISHED.search(plain[max(0, at - 2) : at])):
            yield offsets[at], offsets[at + len(wanted) - 1] + 1
        at = plain.find(wanted, at + 1)


def quoted(surface: str, quote: str, text: str) -> Iterator[Place]:
    """Where a number with its unit stands in a text within its quote."""
    plain, offsets = squeezed(text)
    wanted, _ = squeezed(quote)
    inside, _ = squeezed(surface)
    within = wanted.find(inside)
    at = plain.find(wanted) if wanted and inside and within >= 0 else -1
    while at >= 0:
        yield offsets[at + within], offsets[at + within + len(inside) - 1] + 1
        at = plain.find(wanted, at + 1)


def holds(text: str, quote: str) -> bool:
    """Whether a text has the quote, white space aside."""
    return squeezed(quote)[0] in squeezed(text)[0]


def load(folder: Path) -> list[Document]:
    """The documents of a folder with `pages` and `gold`, each with its gold."""
    from extract import layout
    from unionkb import documents, evaluate

    files = sorted((folder / "gold").glob("*.jsonl"))
    if not files:
        sys.exit(f"{folder}: no gold/*.jsonl in it")
    lines = [line for file in files for line in file.read_text(encoding="utf-8-sig").splitlines()]
    records = [json.loads(line) for line in lines if line.strip()]
    published = {(record["doc"], record["article"]): record.get("published") for record in records}
    gold = evaluate.gold_of(records)
    loaded = []
    for name in gold.documents:
        path = folder / "pages" / name
        drafts = documents.drafts(documents.read(documents.File(path, path.name)))
        articles = [article for draft in drafts for article in layout.split(draft)]
        facts = [fact for fact in gold.facts if fact.document == name]
        homes = [tuple(i for i, a in enumerate(articles) if holds(a.body, fact.quote)) for fact in facts]
        days = {
            i: published[name, fact.article] for fact, home in zip(facts, homes, strict=True) for i in home
        }
        texts = [Text(a.body, reading_day(a, days.get(i), articles)) for i, a in enumerate(articles)]
        loaded.append(with_gold(Document(path, path.name, texts), facts, homes))
    return loaded


def reading_day(article: Any, published: str | None, neighbours: Sequence[Any]) -> date:
    """The day of publication, as far as it is known, else the last day of the year of writing."""
    from extract import dates

    if published:
        return date.fromisoformat(published)
    if article.meta.published:
        return article.meta.published
    years = [year for each in neighbours if (year := dates.publication_year(each.body))]
    return date(max(years), 12, 31) if years else date.today()


def with_gold(document: Document, facts: Sequence[Any], homes: Sequence[Sequence[int]]) -> Document:
    """A document with the gold facts of it; `homes` are the texts in which the quote of each stands."""
    own = [
        {(i, *place) for i in home for place in quoted(fact.surface, fact.quote, document.texts[i].text)}
        for fact, home in zip(facts, homes, strict=True)
    ]
    taken = [place for places in own for place in places]
    quantities: list[Quantity] = []
    periods: defaultdict[tuple[int, frozenset[Any]], set[int]] = defaultdict(set)
    bodies: defaultdict[tuple[int, tuple[str, ...]], set[int]] = defaultdict(set)
    for fact, home, mine in zip(facts, homes, own, strict=True):
        values = frozenset(value for value in (fact.value, fact.value_max) if value is not None)
        every = {(i, *place) for i in home for place in printed(fact.surface, document.texts[i].text)}
        free = {p for p in every if not any(p[0] == t[0] and over(p[1:], t[1:]) for t in taken)}
        places = mine | free
        quantities.append(Quantity(fact.kind, values, tuple(sorted(places)), fact.optional))
        if fact.optional:
            continue
        if fact.dates and all(fact.dates[0]):
            periods[fact.article, frozenset(fact.dates)].update(home)
        if fact.organisations:
            bodies[fact.article, fact.organisations].update(home)
    document.quantities = quantities
    document.dates = [Slot(tuple(accepted), tuple(texts)) for (_, accepted), texts in periods.items()]
    document.organisations = [Slot(accepted, tuple(texts)) for (_, accepted), texts in bodies.items()]
    return document


def over(mention: Sequence[Any], place: Place) -> bool:
    """Whether a mention and a place have a character in common."""
    return mention[0] < place[1] and place[0] < mention[1]


def is_found(quantity: Quantity, articles: Sequence[Mapping[str, Any]], kind: str | None = None) -> bool:
    """Whether mentions (of one kind, or of any) over one of the places hold the value."""
    for text, *place in quantity.places:
        here = [
            m for m in articles[text]["quantities"] if kind in (None, m[2]) and over(m, (place[0], place[1]))
        ]
        values = {value for mention in here for value in mention[3]}
        if quantity.values <= values or any(not mention[3] for mention in here):
            return True
    return False


def judge(mention: Sequence[Any], text: int, quantities: Sequence[Quantity]) -> bool | None:
    """Whether a mention is right; None where careful readers differ on whether it is one."""
    verdict: bool | None = False
    for quantity in quantities:
        if quantity.kind != mention[2] or not (quantity.values & set(mention[3]) or not mention[3]):
            continue
        if any(place[0] == text and over(mention, place[1:]) for place in quantity.places):
            if not quantity.optional:
                return True
            verdict = None
    return verdict


def count(tally: Tally, document: Document, articles: Sequence[Mapping[str, Any]]) -> None:
    """Add to a tally what a tool found in a document."""
    from unionkb.evaluate import same_organisation

    for quantity in document.quantities:
        if quantity.optional:
            continue
        tally.gold.update((quantity.kind, "number"))
        tally.found[quantity.kind] += is_found(quantity, articles, quantity.kind)
        tally.found["number"] += is_found(quantity, articles)
    for text, article in enumerate(articles):
        for mention in article["quantities"]:
            verdict = judge(mention, text, document.quantities)
            if verdict is not None:
                tally.mentions[mention[2]] += 1
                tally.right[mention[2]] += verdict
        places = [place[1:] for q in document.quantities for place in q.places if place[0] == text]
        tally.mentions["any"] += len(article["quantities"])
        tally.right["any"] += sum(any(over(m, p) for p in places) for m in article["quantities"])
    for slot in document.dates:
        tally.gold["dates"] += 1
        pairs = [tuple(pair) for i in slot.texts for _, _, pairs in articles[i]["dates"] for pair in pairs]
        tally.found["dates"] += any(pair in slot.accepted for pair in pairs)
    for slot in document.organisations:
        tally.gold["organisations"] += 1
        names = [name for i in slot.texts for name in articles[i]["organisations"]]
        tally.found["organisations"] += any(same_organisation(name, slot.accepted) for name in names)


def run(tool: str, command: Sequence[str | Path], sets: Sequence[Sequence[Document]]) -> list[Tally]:
    """What one tool finds in each set. `command` starts a worker (peer_worker.py)."""
    # Python 3.11's hash seed decides the order of sets, and with it what some tools find.
    environment = os.environ | {
        "PYTHONHASHSEED": "0",
        "PYTHONWARNINGS": "ignore",
        "PYTHONIOENCODING": "utf-8",
    }
    tallies = [Tally(tool) for _ in sets]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as noise:
        try:
            worker = subprocess.Popen(
                list(map(str, command)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=noise,
                encoding="utf-8",
                env=environment,
            )
        except OSError as error:
            return [Tally(tool, missing=f"{command[0]}: {error.strerror}") for _ in sets]
        assert worker.stdin
        assert worker.stdout

        def ask(line: str) -> dict[str, Any]:
            """The answer to a line. Raises ValueError when there is none, OSError when the worker is gone."""
            assert worker.stdin
            assert worker.stdout
            watch = threading.Timer(_LIMIT, worker.kill)
            watch.start()
            try:
                worker.stdin.write(line)
                worker.stdin.flush()
                return json.loads(worker.stdout.readline())
            finally:
                watch.cancel()

        try:
            hello = ask("")
            for tally, documents in zip(tallies, sets, strict=True):
                tally.missing = hello.get("missing", "")
                tally.versions, tally.start = hello.get("ready", {}), hello.get("start", 0.0)
                if not tally.missing:
                    _read(tally, documents, ask)
        except (OSError, ValueError):
            worker.kill()
            worker.wait()
            noise.seek(0)
            said = noise.read().strip().splitlines()
            why = f"stopped with {worker.returncode}" + (f": {said[-1]}" if said else "")
            return [Tally(tool, missing=why) for _ in sets]
        finally:
            worker.stdin.close()
            worker.wait()
            worker.stdout.close()
    return tallies


def _read(tally: Tally, documents: Sequence[Document], ask: Callable[[str], dict[str, Any]]) -> None:
    """Let a worker read the documents: once for what it finds, then again until its speed is known."""
    seconds: Counter[str] = Counter()
    size = rounds = 0
    while not rounds or sum(seconds.values()) < _ENOUGH:
        for document in documents:
            articles = [{"text": text.text, "today": text.today.isoformat()} for text in document.texts]
            question = {"path": str(document.path), "name": document.name, "articles": articles}
            answer = ask(json.dumps(question) + "\n")
            seconds.update(answer["seconds"])
            size += answer["bytes"]
            if not rounds:
                tally.failed += answer["failed"]
                count(tally, document, answer["articles"])
        rounds += 1
    seconds["all"] = sum(seconds.values())
    tally.speeds = {part: size / 1e6 / max(took, 1e-9) for part, took in seconds.items()}


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.3f})" if whole else "0 of 0"


def _cells(tally: Tally) -> dict[str, str]:
    """The figures of one tool, by row. None for what it does not know; a row without any cell is left out."""
    known = KNOWN.get(tally.name, KNOWN["unionkb"])
    cells = {}
    for kind, label in KINDS.items():
        if tally.gold[kind]:
            cells[f"{label}: found"] = _share(tally.found[kind], tally.gold[kind]) if kind in known else "–"
            right = _share(tally.right[kind], tally.mentions[kind])
            cells[f"{label}: right of its mentions"] = right if kind in known else "–"
    number = "all quantities: found, whatever the kind it gives"
    cells[number] = _share(tally.found["number"], tally.gold["number"])
    cells["all mentions: on a quantity of the gold"] = _share(tally.right["any"], tally.mentions["any"])
    for slot, label in (("dates", "periods: found"), ("organisations", "organisations: found")):
        if tally.gold[slot]:
            cells[label] = _share(tally.found[slot], tally.gold[slot]) if slot in known else "–"
    cells["MB/s, all that it does"] = f"{tally.speeds.get('all', 0):.2f}"
    for part in ("quantities", "dates"):
        cells[f"MB/s, {part} alone"] = f"{tally.speeds[part]:.2f}" if part in tally.speeds else "–"
    cells["start-up, seconds"] = f"{tally.start:.1f}"
    cells["calls that failed"] = str(tally.failed)
    return cells


def table(title: str, tallies: Sequence[Tally]) -> str:
    """A set's figures as a Markdown table, a column a tool; tools that are missing are left out."""
    here = [tally for tally in tallies if not tally.missing]
    columns = [_cells(tally) for tally in here]
    rows = [
        f"| {' | '.join(['', *(TOOLS.get(tally.name, tally.name) for tally in here)]).strip()} |",
        f"| {' | '.join(['---'] * (len(here) + 1))} |",
    ]
    rows += [f"| {' | '.join([label, *(column[label] for column in columns)])} |" for label in columns[0]]
    return f"### {title}\n\n" + "\n".join(rows)


def versions(tallies: Sequence[Tally]) -> str:
    """What was measured, and what was left out and why, as a Markdown table."""
    rows = ["| tool | package, version, licence |", "| --- | --- |"]
    for tally in tallies:
        said = "; ".join(f"{name} {version}, {terms}" for name, (version, terms) in tally.versions.items())
        if tally.missing:
            said = f"left out: {tally.missing}"
        rows.append(f"| {TOOLS.get(tally.name, tally.name)} | {said} |")
    return "\n".join(rows)


def between(page: str, made: str) -> str:
    """A page with what was made between its markers. Raises ValueError when they are not there."""
    start, end = (page.index(marker) for marker in MARKERS)
    return f"{page[: start + len(MARKERS[0])]}\n\n{made}\n\n{page[end:]}"


def linked(folder: Path, documents: Sequence[Document]) -> str:
    """A sentence about whole facts, which only unionkb gives."""
    from extract.pipeline import read_page
    from unionkb import documents as files
    from unionkb import evaluate

    claims = []
    for document in documents:
        drafts = files.drafts(files.read(files.File(document.path, document.name)))
        claims += evaluate.claims_from_readings(document.name, read_page(drafts))
    score = evaluate.evaluate(evaluate.load_gold(folder / "gold"), claims).scores["all"]
    return (
        "Whole facts, which only unionkb gives, as `unionkb evaluate` scores them: "
        f"F1 {score.detection.f1:.2f} for kind and value, {score.tuple_.f1:.2f} with organisation, programme "
        f"and period right, {score.strict.f1:.2f} with bound, status and rate right as well."
    )


def report(folders: Sequence[Path], sets: Sequence[Sequence[Document]], tools: Sequence[list[Tally]]) -> str:
    """All figures as Markdown."""
    parts = [versions([tallies[0] for tallies in tools])]
    for i, (folder, documents) in enumerate(zip(folders, sets, strict=True)):
        texts = sum(len(document.texts) for document in documents)
        facts = [
            quantity for document in documents for quantity in document.quantities if not quantity.optional
        ]
        lost = sum(not quantity.places for quantity in facts)
        title = f"{folder.resolve().name}: {len(documents)} pages, {texts} articles, {len(facts)} quantities"
        parts.append(table(title, [tallies[i] for tallies in tools]))
        parts.append(linked(folder, documents))
        if lost:
            parts.append(f"{lost} of the quantities stand in no article that unionkb finds; all miss them.")
    where = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    return "\n\n".join([*parts, f"Measured on {date.today()} with {where}."])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gold", metavar="GOLD", nargs="*", type=Path)
    parser.add_argument("--python", type=Path, default=ROOT / "build" / "peers" / "bin" / "python")
    parser.add_argument(
        "--spacy", metavar="PIPELINE", default="zh_core_web_sm", help="(default: zh_core_web_sm)"
    )
    parser.add_argument(
        "--write", metavar="PAGE", type=Path, help="put the tables between the markers of a page"
    )
    args = parser.parse_args()
    folders = args.gold or [ROOT / "data" / "cases"]
    sets = [load(folder) for folder in folders]
    tools = []
    for tool in TOOLS:
        python = sys.executable if tool == "unionkb" else args.python
        command: list[str | Path] = [python, WORKER, tool]
        if tool == "spacy":
            command.append(args.spacy)
        tools.append(run(tool, command, sets))
        print(f"{TOOLS[tool]}: {tools[-1][0].missing or 'read'}", file=sys.stderr)
    made = report(folders, sets, tools)
    print(made)
    if args.write:
        page = args.write.read_text(encoding="utf-8")
        args.write.write_text(between(page, made), encoding="utf-8")


if __name__ == "__main__":
    main()
