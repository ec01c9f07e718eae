"""What reviews make of documents that were read to the end: gold for `unionkb evaluate`, and tagged cases."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from unionkb.export import cell
from unionkb.store import Store

Row = Mapping[str, Any]

# A document is gold when every fact of all its articles has a review: the scorer takes facts that are not in
# the gold of a document for wrong ones.
_ARTICLES = """
    SELECT * FROM articles WHERE document IN (
        SELECT document FROM facts GROUP BY document
        HAVING min(review_status <> 'unreviewed') = 1
    )
    ORDER BY document, sequence, article_id
"""
_FACTS = """
    SELECT * FROM facts WHERE article_id = ? AND review_status <> 'rejected'
    ORDER BY char_start, char_end, fact_id
"""
_AROUND = 10
_FIRST_WORDS = 20


def reviewed(kb: Store) -> Iterator[tuple[Row, list[Row]]]:
    """Articles of documents in which every fact has a review, with the facts that were not rejected."""
    for article in list(kb.rows(_ARTICLES)):
        yield article, list(kb.rows(_FACTS, [article["article_id"]]))


_NAMED = 5
_UNFINISHED = """
    SELECT document, sum(review_status <> 'unreviewed') AS reviewed, count(*) AS facts FROM facts
    GROUP BY document HAVING max(review_status <> 'unreviewed') AND min(review_status <> 'unreviewed') = 0
    ORDER BY document
"""


def unfinished(kb: Store) -> str | None:
    """A line on the documents that are no gold yet, since not every fact has a review; None without any."""
    rows = list(kb.rows(_UNFINISHED))
    if not rows:
        return None
    named = [f"{row['document']} ({row['reviewed']} of {row['facts']} facts reviewed)" for row in rows]
    more = ["..."] if len(rows) > _NAMED else []
    noun = "document is" if len(rows) == 1 else "documents are"
    return f"{len(rows)} {noun} no gold yet: {', '.join(named[:_NAMED] + more)}"


def records(kb: Store) -> Iterator[dict[str, Any]]:
    """Lines of the gold format (docs/gold-format.md)."""
    for article, facts in reviewed(kb):
        body = article["body"]
        yield {
            "doc": article["document"],
            "article": article["sequence"],
            "titles": [article["title"]] if article["title"] else [],
            "published": article["published"],
            "start": body[article["lead"] :][:_FIRST_WORDS],
            "facts": [_fact(fact, body) for fact in facts if fact["kind"] != "duration"],
        }


def _fact(fact: Row, body: str) -> dict[str, Any]:
    start, end = fact["char_start"], fact["char_end"]
    dates = [fact["date_start"], fact["date_end"]]
    return {
        "surface": fact["quote"],
        "quote": body[max(0, start - _AROUND) : end + _AROUND],
        "kind": fact["kind"],
        "value": _number(fact["value"]),
        "value_max": _number(fact["value_max"]),
        "unit": fact["unit"],
        "counted": _list(fact["counted"]),
        "bound": fact["bound"],
        "org": _list(fact["organisation"]),
        "programme": [fact["programme"]],
        "programme_name": _list(fact["programme_name"]),
        "status": fact["status"],
        "per": fact["per"],
        "date": [dates] if any(dates) else [],
    }


def _list(value: str | None) -> list[str]:
    return [value] if value else []


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value


# ---------------------------------------------------------------- tagged cases

_TAG = re.compile(r"\[[^\[\]{}]+\]\{[^{}]*\}")
_LINE = re.compile(r"^(?:# |//|## )", re.M)


def cases(kb: Store) -> Iterator[str | ValueError]:
    """Each reviewed article as a case of tests/cases (docs/tagged-cases.md), or why it cannot be one. A text
    that was printed several times is one case."""
    texts = set()
    for article, facts in reviewed(kb):
        if article["cluster_id"] in texts:
            continue
        texts.add(article["cluster_id"])
        try:
            yield case(article, [fact for fact in facts if fact["kind"] != "duration"])
        except ValueError as error:
            yield ValueError(f"{article['document']}: {error}")


def case(article: Row, facts: Sequence[Row]) -> str:
    """An article as a tagged case. Raises ValueError for one that cannot be written so."""
    body = article["body"]
    if _TAG.search(body) or _LINE.search(body):
        raise ValueError("the text holds what looks like a tag or a header")
    header = {"id": f"review-{article['article_id'][:8]}"}
    if article["published"]:
        header["published"] = article["published"]
    if article["source"] and "|" not in article["source"]:
        header["source"] = article["source"]
    slots = [_slots(fact) for fact in facts]
    usual = {
        key: Counter(each[key] for each in slots).most_common(1)[0][0]
        for key in ("org", "prog", "date")
        if slots
    }
    text, at = "", 0
    for fact, each in zip(facts, slots, strict=True):
        start, end, quote = fact["char_start"], fact["char_end"], fact["quote"]
        if start < at:
            raise ValueError(f"{quote!r} overlaps another fact")
        if re.search(r"[\[\]{}\n]", quote):
            raise ValueError(f"{quote!r} cannot be tagged")
        different = [f"{key}={each[key]}" for key in usual if each[key] != usual[key]]
        text += f"{body[at:start]}[{quote}]{{{' '.join([*_answer(fact), *different])}}}"
        at = end
    text += body[at:]
    if title := article["title"]:
        text = re.sub(rf"^(?={re.escape(title)}$)", "## ", text, count=1, flags=re.M)
    return (
        "# "
        + " | ".join(f"{key}: {value}" for key, value in (header | usual).items())
        + f"\n{text.strip()}\n"
    )


def _answer(fact: Row) -> Iterator[str]:
    value = cell(fact["value"])
    yield value if fact["value_max"] is None else f"{value}..{cell(fact['value_max'])}"
    yield fact["kind"]
    if fact["bound"] != ("exact" if fact["value_max"] is None else "range"):
        yield fact["bound"]
    if fact["status"] != "actual":
        yield fact["status"]
    if fact["per"]:
        yield fact["per"]


def _slots(fact: Row) -> dict[str, str]:
    organisation = fact["organisation"] or "-"
    if re.search(r"[\s|{}]", organisation):
        raise ValueError(f"{organisation!r} cannot be the name in a tag")
    start, end = fact["date_start"], fact["date_end"]
    when = "-" if not start and not end else start if start == end else f"{start or ''}..{end or ''}"
    return {"org": organisation, "prog": fact["programme"], "date": when}
