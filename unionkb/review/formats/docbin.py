"""spaCy: a DocBin with a Doc for each article, for Prodigy and scripts. The facts are the span group `facts`,
with kinds as labels, and `doc._.facts`, in which the rest can be changed."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

from unionkb import spacy_docs
from unionkb.review.errors import ReviewError
from unionkb.review.slots import FIELDS
from unionkb.review.tasks import KEY, Answer, Broken, Mark, Task

NAME = "tasks.spacy"
_KINDS = {
    spacy_docs.fact_label(kind): kind
    for kind in ("people", "households", "money", "count", "percent", "duration")
}


def write(tasks: Iterable[Task]) -> Iterator[tuple[str, bytes]]:
    """The one file. Tokens are characters."""
    nlp = spacy.blank("zh")
    nlp.max_length = 1 << 62
    docs = DocBin(("ENT_IOB", "ENT_TYPE"), store_user_data=True)
    for task in tasks:
        doc = nlp.make_doc(task.text)
        facts = [{**fact, "char_start": fact["start"], "char_end": fact["end"]} for fact in task.facts]
        spacy_docs.annotate(doc, facts)
        for span, fact in zip(doc.spans[spacy_docs.FACTS], facts, strict=True):
            span.id_ = fact["fact_id"]
        doc.user_data |= {"document": task.document, "article_id": task.article_id, KEY: task.origin()}
        docs.add(doc)
    yield NAME, docs.to_bytes()


def read(path: Path) -> Iterator[Answer | Broken]:
    """The Docs of a file. Raises ReviewError for one that is none."""
    try:
        docs = DocBin().from_bytes(path.read_bytes())
        found = list(docs.get_docs(spacy.blank("zh").vocab))
    except OSError as error:
        raise ReviewError(f"{path}: {error.strerror or error}") from error
    except Exception as error:  # Whatever a file of another kind makes zlib or msgpack raise.
        raise ReviewError(f"{path}: no DocBin of spaCy") from error
    for number, doc in enumerate(found, 1):
        name = f"{path}: document {number}"
        if KEY not in doc.user_data:
            yield Broken(name, f"{KEY!r} is missing in its user_data")
            continue
        try:
            yield Answer(name, doc.text, doc.user_data[KEY], list(_marks(doc)))
        except ReviewError as error:
            yield Broken(name, str(error))


def _marks(doc: Doc) -> Iterator[Mark]:
    said = {
        (fact.get("start"), fact.get("end"), fact.get("fact_id")): fact
        for fact in doc._.get(spacy_docs.FACTS)
    }
    by_place = {(start, end): fact for (start, end, _), fact in said.items()}
    grouped = spacy_docs.FACTS in doc.spans
    for span in list(doc.spans[spacy_docs.FACTS] if grouped else doc.ents):
        kind = _KINDS.get(span.label_)
        if kind is None:
            if not grouped:  # Other entities.
                continue
            raise ReviewError(f"{span.text}: {span.label_!r} is none of {', '.join(_KINDS)}")
        fact_id = span.id_ or None
        fact = next((each for (_, _, key), each in said.items() if fact_id and key == fact_id), None)
        fact = fact or by_place.get((span.start_char, span.end_char), {})
        fields = {name: fact[name] for name in FIELDS if name in fact} | {"kind": kind}
        reason = fact.get("reason")
        yield Mark(span.start_char, span.end_char, fields, fact_id or fact.get("fact_id"), reason)
