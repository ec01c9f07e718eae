"""The spaCy component `unionkb`. An entry point names it, so that `nlp.add_pipe("unionkb")` needs no import:

nlp = spacy.blank("zh")
nlp.add_pipe("unionkb")
doc = nlp(text)
"""

from contextlib import AbstractContextManager, nullcontext
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc

from extract import tokens
from extract.model import Article, Draft, Metadata
from extract.pipeline import read_page
from unionkb import inspection, spacy_docs
from unionkb.errors import UserError
from unionkb.spacy_docs import Mark

DEFAULTS: dict[str, object] = {"single": False, "segmenter": None, "pipeline": None}


class Component:
    """Reads the text of a Doc as `unionkb inspect` reads a text file, and sets `doc.ents`,
    `doc.spans["facts"]` and `doc._.facts`. Entities that earlier components have set stay where they overlap
    none of these.

    `doc._.published`, set before, is the date of publication; else it is what the text says of it.
    """

    def __init__(self, *, single: bool, segmenter: str | None, pipeline: str | None) -> None:
        """`single` says that a text is one article and has no site furniture; `segmenter` is as after
        `--segmenter`; `pipeline` names an installed pipeline whose organisations and persons are added.

        Raises UserError when a model is not there."""
        self.single = single
        self.segmenter = segmenter
        try:
            with self._segmenting():
                pass
        except tokens.SegmenterError as error:
            raise UserError(str(error)) from error
        self.pipeline = spacy_docs.load_pipeline(pipeline) if pipeline else None

    def __call__(self, doc: Doc) -> Doc:
        published = doc._.published
        if isinstance(published, str):
            published = date.fromisoformat(published)
        draft = Draft(doc.text, Metadata(published=published), self.single)
        with self._segmenting():
            readings = read_page([draft])
        facts, marks = [], []
        for reading in readings:
            article = reading.article
            for fact in inspection.from_reading("", reading)["facts"]:
                if place := _place(article, fact["char_start"], fact["char_end"]):
                    facts.append(fact | {"char_start": place[0], "char_end": place[1]})
            for mark in spacy_docs.mentions(reading):
                if place := _place(article, mark.start, mark.end):
                    marks.append(Mark(*place, mark.label))
        facts.sort(key=lambda fact: (fact["char_start"], fact["char_end"]))
        more = spacy_docs.added(self.pipeline, doc.text) if self.pipeline else []
        spacy_docs.annotate(doc, facts, marks, more)
        return doc

    def _segmenting(self) -> AbstractContextManager[None]:
        return tokens.using(self.segmenter) if self.segmenter else nullcontext()


def _place(article: Article, start: int, end: int) -> tuple[int, int] | None:
    """A stretch of the body in the text that the article was read from, or None where its ends do not stand
    there in order: the layout moves lines, and a newline that it puts in stands nowhere."""
    first, last = article.source_offset(start), article.source_offset(end - 1)
    return None if first is None or last is None or last < first else (first, last + 1)


@Language.factory("unionkb", assigns=["doc.ents", "doc.spans", "doc._.facts"], default_config=DEFAULTS)
def make(nlp: Language, name: str, single: bool, segmenter: str | None, pipeline: str | None) -> Component:
    """The component, by the settings that `nlp.add_pipe("unionkb", config={...})` gives."""
    return Component(single=single, segmenter=segmenter, pipeline=pipeline)
