"""Scores facts against gold: what a careful reader finds in the same documents (docs/gold-format.md).

A row and a gold fact are the same fact when document, kind, value and upper value agree. Everything else is a
slot, scored on the pairs. Pairs are made greedily, those that agree in most slots first, each fact once: a
second row for one quantity is spurious.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from extract.model import Reading
from unionkb.errors import UserError

CORE = ("people", "households", "money")
SCORED = (*CORE, "count", "percent")
GROUPS: Mapping[str, tuple[str, ...]] = {"core": CORE, "all": SCORED} | {kind: (kind,) for kind in SCORED}
SLOTS = ("bound", "status", "per", "organisation", "programme", "date", "date_year")
_TUPLE = ("organisation", "programme", "date")
_STRICT = (*_TUPLE, "bound", "status", "per")
_SHORTEST_TAIL = 5
"""Characters a name must have to be taken for the tail of a longer one (南湖区总工会, 嘉兴市南湖区总工会)."""

DatePair = tuple[str | None, str | None]


class EvaluationError(UserError):
    """Gold or facts that cannot be read; the message names the file and, where there is one, the line."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of facts.csv, as far as it is scored."""

    document: str
    kind: str
    value: float
    value_max: float | None
    bound: str
    status: str
    per: str | None
    organisation: str
    programme: str
    dates: DatePair
    quote: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class GoldFact:
    """One fact of the gold. Every slot holds all accepted answers, the best first."""

    document: str
    article: int
    surface: str
    quote: str
    kind: str
    value: float
    value_max: float | None
    bound: tuple[str, ...]
    status: tuple[str, ...]
    per: tuple[str | None, ...]
    organisations: tuple[str, ...]
    programmes: tuple[str, ...]
    dates: tuple[DatePair, ...]
    optional: bool
    """Careful readers differ on whether this is a fact: neither finding nor missing it counts."""


@dataclass(frozen=True, slots=True)
class Gold:
    """Gold facts and the documents they were looked for in; a document may hold no fact."""

    documents: tuple[str, ...]
    facts: tuple[GoldFact, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and the gold fact it was taken for (indices), and the slots in which they agree."""

    claim: int
    fact: int
    agreed: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Rate:
    """Precision, recall and their harmonic mean; 0 where undefined."""

    p: float
    r: float

    @property
    def f1(self) -> float:
        return 2 * self.p * self.r / (self.p + self.r) if self.p + self.r else 0.0

    def as_json(self) -> dict[str, float]:
        return {"p": self.p, "r": self.r, "f1": self.f1}


@dataclass(frozen=True, slots=True)
class Score:
    """Figures of one group of kinds."""

    gold: int
    found: int
    matched: int
    detection: Rate
    slots: Mapping[str, float]
    """Share of the matched pairs that agree in the slot."""
    tuple_: Rate
    """Detection, organisation, programme and date right."""
    strict: Rate
    """`tuple_`, bound, status and per right."""

    def as_json(self) -> dict[str, Any]:
        return {
            "gold": self.gold,
            "found": self.found,
            "matched": self.matched,
            "detection": self.detection.as_json(),
            "slots": dict(self.slots),
            "tuple": self.tuple_.as_json(),
            "strict": self.strict.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of every group in GROUPS, and the pairs they rest on."""

    gold: Gold
    claims: Sequence[Claim]
    pairs: Sequence[Pair]
    scores: Mapping[str, Score]

    def as_json(self) -> dict[str, Any]:
        return {name: score.as_json() for name, score in self.scores.items()}


def _number(value: Any) -> float | None:
    return None if value is None or value == "" else float(value)


def _gold_fact(record: Mapping[str, Any], document: str, article: int) -> GoldFact:
    either = record.get("either", {})

    def accepted(slot: str) -> tuple[Any, ...]:
        return tuple(either.get(slot, [record[slot]]))

    return GoldFact(
        document=document,
        article=article,
        surface=record["surface"],
        quote=record.get("quote", ""),
        kind=record["kind"],
        value=float(record["value"]),
        value_max=_number(record["value_max"]),
        bound=accepted("bound"),
        status=accepted("status"),
        per=accepted("per"),
        organisations=tuple(record["org"]),
        programmes=tuple(record["programme"]),
        dates=tuple((start, end) for start, end in record["date"]),
        optional=bool(record.get("optional", False)),
    )


AS_READ = """
SELECT
    page.document, own.kind, own.value, own.value_max, own.bound, own.status, own.per,
    coalesce(organisation.name, own.organisation_text) AS organisation, programme.category AS programme,
    own.date_start, own.date_end, fact.quote, fact.confidence
FROM (
    SELECT
        fact_id, kind, value, value_max, bound, status, per, organisation_id, organisation_text, programme_id,
        date_start, date_end
    FROM fact WHERE rule <> 'review' AND fact_id NOT IN (SELECT fact_id FROM fact_original)
    UNION ALL
    SELECT
        fact_id, kind, value, value_max, bound, status, per, organisation_id, organisation_text, programme_id,
        date_start, date_end
    FROM fact_original
) AS own
JOIN fact ON fact.fact_id = own.fact_id
JOIN article ON article.article_id = fact.article_id
JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
JOIN programme ON programme.programme_id = own.programme_id
LEFT JOIN organisation ON organisation.organisation_id = own.organisation_id
ORDER BY page.document, article.sequence, fact.char_start, fact.char_end, fact.fact_id
"""
"""The claims of the extractor alone: without what reviews have changed, added or rejected."""


def gold_of(records: Iterable[Mapping[str, Any]]) -> Gold:
    """Gold from records that hold what a line of the format does."""
    documents: set[str] = set()
    facts: list[GoldFact] = []
    for record in records:
        documents.add(record["doc"])
        facts += [_gold_fact(fact, record["doc"], record["article"]) for fact in record["facts"]]
    return Gold(tuple(sorted(documents)), tuple(facts))


def load_gold(path: Path) -> Gold:
    """Gold from a JSONL file, or from every *.jsonl of a folder. Raises EvaluationError."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise EvaluationError(f"{path}: no .jsonl file in this folder")
    documents: set[str] = set()
    facts: list[GoldFact] = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise EvaluationError(
                f"{file}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}"
            ) from error
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                article = json.loads(line)
                document = article["doc"]
                facts += [_gold_fact(fact, document, article["article"]) for fact in article["facts"]]
            except KeyError as error:
                raise EvaluationError(f"{file}:{number}: {error.args[0]!r} is missing") from error
            except (AttributeError, TypeError, ValueError) as error:
                raise EvaluationError(f"{file}:{number}: not a line of gold: {error}") from error
            documents.add(document)
    return Gold(tuple(sorted(documents)), tuple(facts))


def claims_from_rows(rows: Iterable[Mapping[str, Any]], name: str) -> Iterator[Claim]:
    """Claims from rows with the columns of facts.csv; `name` stands for them in messages."""
    for number, row in enumerate(rows, 1):
        if row.get("kind") not in SCORED:
            continue
        try:
            value = _number(row["value"])
            if value is None:
                raise ValueError("no value")
            yield Claim(
                document=row["document"],
                kind=row["kind"],
                value=value,
                value_max=_number(row["value_max"]),
                bound=row["bound"],
                status=row["status"],
                per=row["per"] or None,
                organisation=row["organisation"] or "",
                programme=row["programme"] or "",
                dates=(row["date_start"] or None, row["date_end"] or None),
                quote=row.get("quote") or "",
                confidence=_number(row.get("confidence")),
            )
        except KeyError as error:
            raise EvaluationError(f"{name}: column {error.args[0]!r} is missing") from error
        except ValueError as error:
            raise EvaluationError(f"{name}: row {number}: {error}") from error


def claims_from_readings(document: str, readings: Iterable[Reading]) -> Iterator[Claim]:
    """Claims from what was read of a document."""
    for reading in readings:
        for fact in reading.facts:
            quantity, when = fact.quantity, fact.when
            if quantity.kind not in SCORED:
                continue
            start, end = (when.date_start, when.date_end) if when else (None, None)
            yield Claim(
                document=document,
                kind=quantity.kind,
                value=float(quantity.value),
                value_max=_number(quantity.value_max),
                bound=quantity.bound,
                status=fact.status,
                per=fact.per,
                organisation=fact.organisation.name if fact.organisation else "",
                programme=fact.programme,
                dates=(start.isoformat() if start else None, end.isoformat() if end else None),
                quote=fact.quote,
                confidence=fact.confidence,
            )


def load_claims(path: Path) -> list[Claim]:
    """Claims from a facts.csv, with or without BOM. Raises EvaluationError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            if "kind" not in (reader.fieldnames or ()):
                raise EvaluationError(f"{path}: column 'kind' is missing")
            return list(claims_from_rows(reader, str(path)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EvaluationError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def same_organisation(name: str, accepted: Sequence[str]) -> bool:
    """True for an accepted name, or one that differs only in leading names of higher places."""
    if not accepted:
        return not name
    for other in accepted:
        if name == other:
            return True
        short, long = sorted((name, other), key=len)
        if len(short) >= _SHORTEST_TAIL and long.endswith(short):
            return True
    return False


def _same_year(dates: DatePair, accepted: Sequence[DatePair]) -> bool:
    mine = {day[:4] for day in dates if day}
    theirs = {day[:4] for pair in accepted for day in pair if day}
    return bool(mine & theirs) or not (mine or theirs)


def agreement(claim: Claim, fact: GoldFact) -> dict[str, bool]:
    """For each slot, whether the claim gives an accepted answer."""
    accepted = fact.dates or ((None, None),)
    dated = claim.dates in accepted
    return {
        "bound": claim.bound in fact.bound,
        "status": claim.status in fact.status,
        "per": claim.per in fact.per,
        "organisation": same_organisation(claim.organisation, fact.organisations),
        "programme": claim.programme in fact.programmes,
        "date": dated,
        "date_year": dated or _same_year(claim.dates, accepted),
    }


def pair_up(claims: Sequence[Claim], facts: Sequence[GoldFact]) -> list[Pair]:
    """Pairs of claims and gold facts, each used once; claims must name documents as the gold does."""
    Key = tuple[str, str, float, float | None]
    by_key: defaultdict[Key, list[int]] = defaultdict(list)
    for i, fact in enumerate(facts):
        by_key[fact.document, fact.kind, fact.value, fact.value_max].append(i)
    candidates = [
        Pair(c, i, agreement(claim, facts[i]))
        for c, claim in enumerate(claims)
        for i in by_key.get((claim.document, claim.kind, claim.value, claim.value_max), ())
    ]
    candidates.sort(key=lambda pair: (-sum(pair.agreed.values()), pair.claim, pair.fact))
    pairs: list[Pair] = []
    claimed: set[int] = set()
    found: set[int] = set()
    for pair in candidates:
        if pair.claim not in claimed and pair.fact not in found:
            claimed.add(pair.claim)
            found.add(pair.fact)
            pairs.append(pair)
    return pairs


def _rate(hits: int, found: int, gold: int) -> Rate:
    return Rate(hits / found if found else 0.0, hits / gold if gold else 0.0)


def _score(claims: Sequence[Claim], gold: Gold, pairs: Sequence[Pair], kinds: Sequence[str]) -> Score:
    excused = {pair.claim for pair in pairs if gold.facts[pair.fact].optional}
    counted = [pair for pair in pairs if pair.claim not in excused and claims[pair.claim].kind in kinds]
    n_gold = sum(fact.kind in kinds and not fact.optional for fact in gold.facts)
    n_found = sum(claim.kind in kinds and i not in excused for i, claim in enumerate(claims))

    def right(slots: Sequence[str]) -> Rate:
        return _rate(sum(all(pair.agreed[s] for s in slots) for pair in counted), n_found, n_gold)

    return Score(
        gold=n_gold,
        found=n_found,
        matched=len(counted),
        detection=right(()),
        slots={s: sum(p.agreed[s] for p in counted) / len(counted) if counted else 0.0 for s in SLOTS},
        tuple_=right(_TUPLE),
        strict=right(_STRICT),
    )


def _in_gold(claims: Iterable[Claim], documents: Sequence[str]) -> Iterator[Claim]:
    """Claims of the gold's documents, under the gold's name: a path or URL that ends in it will do."""
    names: dict[str, str | None] = {}
    for claim in claims:
        if claim.document not in names:
            names[claim.document] = next((d for d in documents if claim.document.endswith(d)), None)
        name = names[claim.document]
        if name is not None:
            yield replace(claim, document=name)


def evaluate(gold: Gold, claims: Iterable[Claim]) -> Evaluation:
    """Score claims against gold; claims of documents the gold does not hold are left out."""
    mine = list(_in_gold(claims, gold.documents))
    pairs = pair_up(mine, gold.facts)
    scores = {name: _score(mine, gold, pairs, kinds) for name, kinds in GROUPS.items()}
    return Evaluation(gold, mine, pairs, scores)


def judged(evaluation: Evaluation) -> list[bool | None]:
    """For each claim whether it is right in every slot; None where careful readers differ on whether it is a
    fact at all."""
    right: list[bool | None] = [False] * len(evaluation.claims)
    for pair in evaluation.pairs:
        optional = evaluation.gold.facts[pair.fact].optional
        right[pair.claim] = None if optional else all(pair.agreed[slot] for slot in _STRICT)
    return right


def _column(score: Score) -> dict[str, str]:
    shares = {
        "detection P": score.detection.p,
        "detection R": score.detection.r,
        "detection F1": score.detection.f1,
        "tuple F1": score.tuple_.f1,
        "strict F1": score.strict.f1,
        **score.slots,
    }
    counts = {"gold": score.gold, "found": score.found, "matched": score.matched}
    return {k: str(n) for k, n in counts.items()} | {k: f"{share:.3f}" for k, share in shares.items()}


def figures(evaluation: Evaluation) -> str:
    """The figures as a text table, one column a group of kinds."""
    columns = {name: _column(score) for name, score in evaluation.scores.items()}
    labels = list(columns["all"])
    table = [["", *labels], *([name, *column.values()] for name, column in columns.items())]
    widths = [max(map(len, column)) for column in table]
    first, *others = widths
    return "\n".join(
        "  ".join([row[0].ljust(first), *(cell.rjust(w) for cell, w in zip(row[1:], others, strict=True))])
        for row in zip(*table, strict=True)
    )


def _answers(fact: GoldFact, slot: str) -> str:
    values: Mapping[str, Sequence[Any]] = {
        "organisation": fact.organisations,
        "programme": fact.programmes,
        "date": [f"{start or ''}..{end or ''}" for start, end in fact.dates],
        "bound": fact.bound,
        "status": fact.status,
        "per": fact.per,
    }
    return " | ".join(str(value or "none") for value in values[slot]) or "none"


def _answer(claim: Claim, slot: str) -> str:
    if slot == "date":
        return f"{claim.dates[0] or ''}..{claim.dates[1] or ''}"
    return str(getattr(claim, slot) or "none")


def errors(evaluation: Evaluation, limit: int) -> Iterator[str]:
    """Up to `limit` lines each of gold facts missed, claims that match none, and pairs with a wrong slot."""
    gold, claims, pairs = evaluation.gold, evaluation.claims, evaluation.pairs
    found = {pair.fact for pair in pairs}
    claimed = {pair.claim for pair in pairs}
    missed = [fact for i, fact in enumerate(gold.facts) if i not in found and not fact.optional]
    for fact in missed[:limit]:
        place = f"{fact.document} article {fact.article}"
        yield f"missed    {place}: {fact.kind} {fact.value:.15g} {fact.surface} in {fact.quote}"
    spurious = [claim for i, claim in enumerate(claims) if i not in claimed]
    for claim in spurious[:limit]:
        yield f"spurious  {claim.document}: {claim.kind} {claim.value:.15g} in {claim.quote}"
    wrong = [(p, [s for s in _STRICT if not p.agreed[s]]) for p in pairs if not gold.facts[p.fact].optional]
    for pair, slots in [(p, s) for p, s in wrong if s][:limit]:
        claim, fact = claims[pair.claim], gold.facts[pair.fact]
        said = "; ".join(f"{s} {_answer(claim, s)}, gold {_answers(fact, s)}" for s in slots)
        yield f"wrong     {fact.document} article {fact.article}: {fact.surface}: {said}"
