"""Gold cases as text with tags: every fact of a passage is marked where it stands.

    # id: relief-01 | published: 2024-01-15 | org: 洪雅县总工会 | prog: hardship_relief | date: 2024-01-12
    ## 寒冬送暖进车间
    1月12日，县总工会为[94户]{}困难职工送去慰问金[18.8万元]{}，其中[近60户]{60 under}是第一次建档，
    年内还将再走访[200户]{planned date=2024}。

A case begins with a header line `# id: ...`; its text runs to the next header. Lines that begin with `//` are
remarks. A line `## ...` is the headline. Header keys, all but `id` optional:

    published  day of publication that the reader is told
    source     the outlet named as the origin of the text
    as         `page`: a whole page as fetched, from which date, source and headline must be read; else the
               text is known to be one article
    org, prog, date, status, per    defaults of the facts below

A fact is `[surface]{answer}`. The answer holds, in any order and separated by spaces, what the surface does
not say by itself:

    value      in base units, `5..10` for a range; may be left out where the surface has one number in digits
               (`5.4万元`: 54000)
    kind       people, households, money, count, percent; may be left out where the unit tells (元, %, 户, 人,
               名, 位, 人次; any other is a count): 户 of firms needs `count`
    bound      exact (the default), about, over, under, range (the default of `5..10`)
    status     actual (the default), planned
    per        none (the default), each, year
    org=, prog=, date=    else those of the header
    optional   careful readers differ on whether this is a fact

Accepted answers are separated by `|`, best first: `actual|planned`, `org=洪雅县总工会|眉山市总工会`. `org=-`
and `date=-` say that the text lets nobody tell. A date is a day, a month (`2024-07`) or a year (`2024`), or
two of them with `..` between, either of which may be missing; `pub` is the day of publication (missing where
unknown). A number without a tag is no fact, or is told a second time.

Run as a script it prints the figures over all cases: `python tests/tagged.py --help`.
"""

import argparse
import calendar
import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from extract import pipeline
from extract.model import Draft, Metadata
from unionkb import evaluate as ev

FOLDER = Path(__file__).with_name("cases")
KNOWN = FOLDER / "known_failures.tsv"
SLOTS = ("detection", "bound", "status", "per", "organisation", "programme", "date")
_KINDS = frozenset(ev.SCORED)
_WORDS = {
    "bound": frozenset({"exact", "about", "over", "under", "range"}),
    "status": frozenset({"actual", "planned"}),
    "per": frozenset({"none", "each", "year"}),
}
_DEFAULTS = frozenset({"org", "prog", "date", "status", "per"})
_HEADER_KEYS = frozenset({"id", "published", "source", "as"}) | _DEFAULTS
_TAG = re.compile(r"\[([^\[\]{}]+)\]\{([^{}]*)\}")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)[余多]?([百千万亿]*)")
_POWERS = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_UNITS = (("money", "元块"), ("percent", "%成半"), ("households", "户"), ("people", "人名位次工者"))


class CaseError(ValueError):
    """A case that cannot be read; the message names file, line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Case:
    """A text without its tags, and the facts they stood for."""

    id: str
    draft: Draft
    facts: tuple[ev.GoldFact, ...]


def _span(text: str, published: date | None) -> ev.DatePair:
    def end(part: str, last: bool) -> str | None:
        if not part:
            return None
        if part == "pub":
            return published.isoformat() if published else None
        year, *rest = map(int, part.split("-"))
        month = rest[0] if rest else 12 if last else 1
        day = rest[1] if len(rest) > 1 else calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, day).isoformat()

    if text == "-":
        return None, None
    first, dots, last = text.partition("..")
    return end(first, False), end(last if dots else first, True)


def _value(surface: str) -> float:
    numbers = _NUMBER.findall(unicodedata.normalize("NFKC", surface).replace(",", ""))
    if len(numbers) != 1:
        raise ValueError(f"say the value of {surface!r}")
    value = Decimal(numbers[0][0])
    for power in numbers[0][1]:
        value *= _POWERS[power]
    return float(value)


def _kind(surface: str) -> str:
    bare = re.sub(r"(?:左右|上下|以[上内下]|多|余|次)*\Z", "", unicodedata.normalize("NFKC", surface))
    return next((kind for kind, units in _UNITS if bare[-1:] in tuple(units)), "count")


def _fact(surface: str, answer: str, header: dict[str, str], published: date | None) -> ev.GoldFact:
    slots = {key: given for key, given in header.items() if key in _DEFAULTS}
    kind, optional = "", False
    values: list[float] = []
    for item in answer.split():
        words = item.split("|")
        key, equals, rest = item.partition("=")
        slot = next((name for name, known in _WORDS.items() if set(words) <= known), None)
        if equals and key in ("org", "prog", "date"):
            slots[key] = rest
        elif slot:
            slots[slot] = item
        elif item in _KINDS:
            kind = item
        elif item == "optional":
            optional = True
        elif re.fullmatch(r"[\d.]+", item):
            values = [float(part) for part in item.split("..")]
        else:
            raise ValueError(f"{item!r} is no part of an answer")
    for key in ("org", "prog", "date"):
        if key not in slots:
            raise ValueError(f"no {key} for {surface!r}")
    values = values or [_value(surface)]
    spans = [_span(part, published) for part in slots["date"].split("|")]
    per = slots.get("per", "none").split("|")
    return ev.GoldFact(
        document="/" + header["id"],
        article=1,
        surface=surface,
        quote=surface,
        kind=kind or _kind(surface),
        value=values[0],
        value_max=values[1] if len(values) > 1 else None,
        bound=tuple(slots.get("bound", "range" if len(values) > 1 else "exact").split("|")),
        status=tuple(slots.get("status", "actual").split("|")),
        per=tuple(None if word == "none" else word for word in per),
        organisations=() if slots["org"] == "-" else tuple(slots["org"].split("|")),
        programmes=tuple(slots["prog"].split("|")),
        dates=tuple(spans),
        optional=optional,
    )


def _case(header: dict[str, str], lines: Sequence[str]) -> Case:
    published = date.fromisoformat(header["published"]) if "published" in header else None
    tagged = "\n".join(lines).strip("\n")
    facts = tuple(_fact(surface, answer, header, published) for surface, answer in _TAG.findall(tagged))
    plain = _TAG.sub(r"\1", tagged)
    title = next((line[3:] for line in plain.splitlines() if line.startswith("## ")), None)
    plain = re.sub(r"^## ", "", plain, flags=re.M)
    if header.get("as") == "page":
        return Case(header["id"], Draft(plain), facts)
    known = Metadata(title=title, published=published, source=header.get("source"))
    return Case(header["id"], Draft(plain, known, single=True), facts)


def read(path: Path) -> Iterator[Case]:
    """The cases of one file. Raises CaseError."""
    header: dict[str, str] = {}
    lines: list[str] = []
    start = 1
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), "# id: end"], 1):
        if line.startswith("//"):
            continue
        if not line.startswith("# "):
            lines.append(line)
            continue
        if header:
            try:
                yield _case(header, lines)
            except ValueError as error:
                raise CaseError(f"{path.name}:{start}: {header['id']}: {error}") from error
        header = dict(part.split(": ", 1) for part in map(str.strip, line[2:].split(" | ")))
        if unknown := set(header) - _HEADER_KEYS or {"id"} - set(header):
            raise CaseError(f"{path.name}:{number}: {', '.join(unknown)} in the header")
        lines, start = [], number


@cache
def cases(folder: Path = FOLDER) -> tuple[Case, ...]:
    """All cases of a folder, file by file. Raises CaseError, also for an id used twice."""
    found = tuple(case for path in sorted(folder.glob("*.txt")) for case in read(path))
    if double := [name for name, times in Counter(case.id for case in found).items() if times > 1]:
        raise CaseError(f"ids used twice: {', '.join(double)}")
    return found


def claims(case: Case) -> list[ev.Claim]:
    """What the extractor reads in a case."""
    return list(ev.claims_from_readings("/" + case.id, pipeline.read_page([case.draft])))


def evaluation(chosen: Sequence[Case]) -> ev.Evaluation:
    """The extractor's answers beside the gold, counted as `unionkb evaluate` counts."""
    gold = ev.Gold(tuple("/" + case.id for case in chosen), tuple(f for case in chosen for f in case.facts))
    found = [claim for case in chosen for claim in claims(case)]
    return ev.evaluate(gold, found)


def _shape(dates: ev.DatePair, pub: str | None) -> str:
    start, end = dates
    if start is None and end is None:
        return "none"
    if start is None or end is None:
        return ("to" if start is None else "from") + (" publication" if pub in dates else "")
    return "publication day" if start == end == pub else "day" if start == end else "span"


def _organisation(name: str, accepted: Sequence[str]) -> str:
    if not name:
        return "none for one"
    if not accepted:
        return "one for none"
    union = ["工会" in one for one in (name, accepted[0])]
    return "other union" if all(union) else "body for union" if union[1] else "union for body"


def _class(claim: ev.Claim, fact: ev.GoldFact, slot: str, pub: str | None) -> str:
    if slot == "organisation":
        return _organisation(claim.organisation, fact.organisations)
    if slot == "programme":
        return f"{claim.programme} for {fact.programmes[0]}"
    if slot == "date":
        return f"{_shape(claim.dates, pub)} for {_shape((fact.dates or ((None, None),))[0], pub)}"
    wanted = {"bound": fact.bound, "status": fact.status, "per": fact.per}[slot]
    return f"{getattr(claim, slot) or 'none'} for {wanted[0] or 'none'}"


def failures(chosen: Sequence[Case], result: ev.Evaluation | None = None) -> dict[tuple[str, str], list[str]]:
    """What is wrong in the cases: (case, slot) to the classes of its errors."""
    result = result or evaluation(chosen)
    published = {f"/{case.id}": case.draft.known.published for case in chosen}
    wrong: dict[tuple[str, str], list[str]] = {}

    def note(document: str, slot: str, what: str) -> None:
        wrong.setdefault((document[1:], slot), []).append(what)

    claimed = {pair.claim for pair in result.pairs}
    found = {pair.fact for pair in result.pairs}
    for i, fact in enumerate(result.gold.facts):
        if i not in found and not fact.optional:
            note(fact.document, "detection", f"missed {fact.kind} {fact.surface}")
    for i, claim in enumerate(result.claims):
        if i not in claimed:
            note(claim.document, "detection", f"spurious {claim.kind} {claim.value:.15g}")
    for pair in result.pairs:
        claim, fact = result.claims[pair.claim], result.gold.facts[pair.fact]
        if fact.optional:
            continue
        day = published[fact.document]
        for slot in SLOTS[1:]:
            if not pair.agreed[slot]:
                note(fact.document, slot, _class(claim, fact, slot, day.isoformat() if day else None))
    return wrong


def known_failures(path: Path = KNOWN) -> dict[tuple[str, str], str]:
    """(case, slot) to the class of error, of the cases known to fail."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as handle:
        return {(row["case"], row["slot"]): row["error"] for row in csv.DictReader(handle, delimiter="\t")}


def _summary(what: Sequence[str]) -> str:
    return "; ".join(w if n == 1 else f"{w} ({n})" for w, n in Counter(what).items())


def _write_known(errors: Mapping[tuple[str, str], str]) -> None:
    rows = sorted(errors.items(), key=lambda row: (row[0][0], SLOTS.index(row[0][1])))
    lines = ["case\tslot\terror", *("\t".join((*key, error)) for key, error in rows)]
    KNOWN.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Figures of the extractor over the tagged cases.")
    parser.add_argument("topics", nargs="*", help="only cases whose id begins so (default: all)")
    parser.add_argument(
        "--errors", nargs="?", const="", metavar="WORD", help="list what is wrong (where WORD stands)"
    )
    parser.add_argument("--classes", action="store_true", help="count the classes of error")
    parser.add_argument(
        "--prune", action="store_true", help="take those that now pass off the known failures"
    )
    parser.add_argument("--accept", action="store_true", help="make what fails now the known failures")
    options = parser.parse_args(arguments)
    chosen = [case for case in cases() if case.id.startswith(tuple(options.topics) or "")]
    result = evaluation(chosen)
    wrong = failures(chosen, result)
    print(f"{len(chosen)} cases, {len(chosen) - len({case for case, _ in wrong})} without a fault")
    print(ev.figures(result))
    if options.errors is not None:
        print(*(line for line in ev.errors(result, len(result.claims)) if options.errors in line), sep="\n")
    if options.classes:
        kinds = (
            (slot, w if slot != "detection" else w.rsplit(" ", 1)[0])
            for (_, slot), ws in wrong.items()
            for w in ws
        )
        for (slot, what), times in Counter(kinds).most_common():
            print(f"{times:4}  {slot:12}  {what}")
    if options.accept or options.prune:
        ids = {case.id for case in chosen}
        before = known_failures()
        now = {key: _summary(what) for key, what in wrong.items() if options.accept or key in before}
        _write_known({key: error for key, error in before.items() if key[0] not in ids} | now)


if __name__ == "__main__":
    main()
