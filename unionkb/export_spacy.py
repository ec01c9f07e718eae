"""The knowledge base as training data of spaCy: DocBins in the folders `train` and `dev`.

The same database read by the same rules gives the same bytes; files get their names when all are complete.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from extract import tokens as segmenters
from extract.model import Article, Metadata
from extract.pipeline import read
from unionkb import export, spacy_docs
from unionkb.errors import UserError
from unionkb.inspection import FACT_KEYS
from unionkb.spacy_docs import Mark
from unionkb.store import Store

CHARACTERS = "char"
"""Tokens as `spacy.blank("zh")` makes them."""
ATTRIBUTES = ("ENT_IOB", "ENT_TYPE")
DOCS = 1000
"""Articles in a file: so many are in memory at a time."""
SETS = ("train", "dev")
ONE_IN = 10
"""The share of articles that are put aside in `dev`."""

_ARTICLES = f"SELECT * FROM articles WHERE NOT is_reprint ORDER BY {export.ORDER['articles']}"
_FACTS = """
    SELECT * FROM facts WHERE article_id = ? AND review_status <> 'rejected'
    ORDER BY char_start, char_end, fact_id
"""


@dataclass(frozen=True, slots=True)
class Written:
    """One file."""

    name: str
    """Within the folder: `train/0001.spacy`."""
    docs: int


def set_of(article_id: str) -> str:
    """Where an article goes. It depends on nothing but the article, so that one never moves from `train` to
    `dev` when others come."""
    return SETS[int(article_id, 16) % ONE_IN == 0]


def write(
    store: Store, folder: Path, *, tokens: str = CHARACTERS, pipeline: str | None = None
) -> list[Written]:
    """Write a Doc for each article, reprints left out, into a folder, which is made when missing; files of an
    older export are replaced.

    Facts are those of the database, without the rejected ones; organisations, dates and programmes are read
    now. `tokens` is `char` or a segmenter, whose words are cut at the ends of entities besides; `pipeline`
    names an installed pipeline whose organisations and persons are added. Raises UserError, StoreError.
    """
    trained = spacy_docs.load_pipeline(pipeline) if pipeline else None
    nlp = spacy.blank("zh")
    nlp.max_length = 1 << 62  # The limit is for parsers; characters cost little.
    try:
        with _cutting(nlp, tokens) as make:
            for name in SETS:
                (folder / name).mkdir(parents=True, exist_ok=True)
            older = {path for name in SETS for path in (folder / name).glob("[0-9]*.spacy")}
            with export.all_or_nothing(folder) as pending, export.snapshot(store):

                def save(name: str, docs: DocBin) -> None:
                    final = folder / name
                    pending[final] = final.with_name(f".{final.name}.{os.getpid()}.part")
                    pending[final].write_bytes(docs.to_bytes())

                written = _write(_docs(store, make, trained), save)
        for path in older - set(pending):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{error.filename or folder}: {error.strerror or error}") from error
    return written


Make = Callable[[str, list[Mark]], Doc]
"""A text, and marks in it -> the Doc, without annotation."""


@contextmanager
def _cutting(nlp: Language, tokens: str) -> Iterator[Make]:
    """What makes Docs, while its segmenter is at work."""
    if tokens == CHARACTERS:
        yield lambda text, marks: nlp.make_doc(text)
        return

    def by_words(text: str, marks: list[Mark]) -> Doc:
        words, spaces = spacy_docs.words(text, marks)
        return Doc(nlp.vocab, words=words, spaces=spaces)

    try:
        with segmenters.using(tokens):
            yield by_words
    except segmenters.SegmenterError as error:
        raise UserError(str(error)) from error


def _docs(store: Store, make: Make, trained: Language | None) -> Iterator[tuple[str, Doc]]:
    """Each article's set with its Doc."""
    for row in store.rows(_ARTICLES):
        body, published = row["body"], row["published"]
        facts = [
            {key: fact[key] for key in ("fact_id", *FACT_KEYS)}
            for fact in store.rows(_FACTS, [row["article_id"]])
        ]
        meta = Metadata(
            row["title"], published=published and date.fromisoformat(published), source=row["source"]
        )
        marks = spacy_docs.mentions(read(Article(body, row["lead"], meta)))
        more = spacy_docs.added(trained, body) if trained else []
        stated = [Mark(fact["char_start"], fact["char_end"], "") for fact in facts]
        doc = make(body, [*stated, *marks, *more])
        doc.user_data.update(_origin(row))
        spacy_docs.annotate(doc, facts, marks, more)
        yield set_of(row["article_id"]), doc


def _origin(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("document", "article_id", "title", "published", "cluster_id")}


def _write(docs: Iterator[tuple[str, Doc]], save: Callable[[str, DocBin], None]) -> list[Written]:
    open_: dict[str, DocBin] = {}
    written: list[Written] = []

    def close(name: str) -> None:
        bin_ = open_.pop(name)
        number = 1 + sum(file.name.startswith(f"{name}/") for file in written)
        written.append(Written(f"{name}/{number:04}.spacy", len(bin_)))
        save(written[-1].name, bin_)

    for name, doc in docs:
        bin_ = open_.setdefault(name, DocBin(ATTRIBUTES, store_user_data=True))
        bin_.add(doc)
        if len(bin_) == DOCS:
            close(name)
    for name in list(open_):
        close(name)
    return sorted(written, key=lambda file: (SETS.index(file.name.split("/")[0]), file.name))
