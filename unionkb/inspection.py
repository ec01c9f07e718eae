"""The articles of one page with their facts, as plain records and for the eye."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from extract import regions
from extract.model import Fact, Reading
from extract.pipeline import read_page
from unionkb import documents, tables
from unionkb.display import facts_table, highlighted, printable
from unionkb.resolve import resolve
from unionkb.store import Store

Record = dict[str, Any]
"""An article: ARTICLE_KEYS, and `facts`, a list of mappings with FACT_KEYS. Dates are ISO 8601 strings."""

ARTICLE_KEYS = (
    *("document", "title", "kicker", "deck", "published", "published_basis", "newspaper", "page_number"),
    *("section", "source", "author", "correspondent", "editor", "lead", "body"),
)
_OF_THE_ARTICLE = {"document", "article_id", "article_title", "published", "newspaper"}
_OF_THE_DATABASE = {"fact_id", "cluster_id", "is_reprint", "review_status", "extractor_version"}
FACT_KEYS = [key for key in tables.columns("facts") if key not in _OF_THE_ARTICLE | _OF_THE_DATABASE]
"""The columns of facts.csv that one page can fill."""


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and float(value).is_integer() else value


def _organisation(fact: Fact) -> Record:
    mention = fact.organisation
    if mention is None:
        return {}
    known = resolve(mention)
    if known is None:
        return {"organisation": mention.name}
    region = regions.by_code(known.region_code) if known.region_code else None
    places: Record = (
        {above.level: above.name for above in [region, *regions.ancestors(region)]} if region else {}
    )
    return {
        "organisation": known.name,
        "organisation_id": known.id,
        "organisation_level": known.level,
        "region_code": known.region_code,
        **places,
    }


def _fact(fact: Fact, body: str) -> Record:
    quantity, when = fact.quantity, fact.when
    record = {
        **_organisation(fact),
        "programme": fact.programme,
        "programme_name": fact.programme_name,
        "kind": quantity.kind,
        "value": _number(quantity.value),
        "value_max": _number(quantity.value_max),
        "unit": quantity.unit,
        "counted": quantity.counted or None,
        "bound": quantity.bound,
        "status": fact.status,
        "per": fact.per,
        "date_start": when and when.date_start and when.date_start.isoformat(),
        "date_end": when and when.date_end and when.date_end.isoformat(),
        "date_precision": when and when.precision,
        "date_basis": when and when.basis,
        "quote": fact.quote,
        "sentence": body[fact.sentence.start : fact.sentence.end],
        "char_start": fact.start,
        "char_end": fact.end,
        "confidence": fact.confidence,
        "rule": fact.rule,
    }
    return {key: record.get(key) for key in FACT_KEYS}


def from_reading(document: str, reading: Reading) -> Record:
    """The record of an article just read."""
    article, meta = reading.article, reading.article.meta
    record = {key: getattr(meta, key, None) for key in ARTICLE_KEYS} | {
        "document": document,
        "published": meta.published.isoformat() if meta.published else None,
        "lead": article.lead,
        "body": article.body,
    }
    return record | {"facts": [_fact(fact, article.body) for fact in reading.facts]}


def from_file(file: documents.File) -> list[Record]:
    """The records of a file, read now. Raises documents.Unreadable."""
    drafts = documents.drafts(documents.read(file))
    return [from_reading(file.name, reading) for reading in read_page(drafts)]


def from_store(kb: Store, document: str) -> Iterator[Record]:
    """The records of a document in the knowledge base, as it was read then; none when it is not there."""
    order = "ORDER BY sequence, article_id"
    for article in list(kb.rows(f"SELECT * FROM articles WHERE document = ? {order}", [document])):
        facts = kb.rows(
            "SELECT * FROM facts WHERE article_id = ? ORDER BY char_start, char_end, fact_id",
            [article["article_id"]],
        )
        records = [{key: fact[key] for key in FACT_KEYS} for fact in facts]
        for record in records:
            record["value"], record["value_max"] = _number(record["value"]), _number(record["value_max"])
        yield {key: article[key] for key in ARTICLE_KEYS} | {"facts": records}


def _imprint(article: Mapping[str, Any]) -> str:
    """What is printed around the article, in one line."""
    published = article["published"]
    if published and article["published_basis"]:
        published += f" ({article['published_basis']})"
    page = article["page_number"] and f"page {article['page_number']}"
    parts = [published, article["newspaper"], page, article["section"]]
    for label in ("source", "author", "correspondent", "editor"):
        if article[label]:
            parts.append(f"{label} {article[label]}")
    return " · ".join(filter(None, parts))


def show(articles: Iterable[Mapping[str, Any]], console: Console) -> None:
    """Print articles with their facts coloured by kind, and under each a table of the facts."""
    for number, article in enumerate(articles, 1):
        console.rule(Text(f"{printable(article['document'])} · article {number}", style="dim"), style="dim")
        body, lead = article["body"], article["lead"]
        if article["title"] and not lead:
            console.print(Text(printable(article["title"]), style="bold"))
        console.print(Text(printable(_imprint(article)) or "no imprint", style="dim"))
        # The terminal folds Chinese better: Rich takes what stands between two spaces for a word.
        console.print(highlighted(body, lead, article["facts"]), soft_wrap=True)
        if article["facts"]:
            console.print()
            console.print(facts_table(article["facts"], console.width))
        else:
            console.print(Text("no facts", style="dim"))
