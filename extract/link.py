"""Mentions -> facts: ties each quantity to who, what, when, and how firmly it is stated."""

from collections.abc import Sequence

from extract import confidence, tense, times, when
from extract.clauses import Clauses
from extract.model import (
    Article,
    DateMention,
    Fact,
    OrganisationMention,
    ProgrammeMention,
    Quantity,
    Span,
)
from extract.offsets import Row
from extract.programme_choice import Context
from extract.repeats import without_repeats
from extract.sentences import paragraphs as split_paragraphs
from extract.sentences import sentences as split_sentences
from extract.status import Firmness
from extract.who import Actors


def link(
    article: Article,
    quantities: Sequence[Quantity],
    dates: Sequence[DateMention],
    organisations: Sequence[OrganisationMention],
    categories: Sequence[ProgrammeMention],
    home: OrganisationMention | None,
) -> list[Fact]:
    """Facts of an article in text order. All mentions are in text order; `home` is the article's own
    organisation, used where a passage names none."""
    body = article.body
    sentences, paragraphs = Row(split_sentences(body)), Row(split_paragraphs(body))
    headline = Span(0, article.lead) if article.lead else None
    published = article.meta.published
    periods = times.times(body, article.lead, sentences, paragraphs, dates, published)
    clauses = Clauses(body)
    context = Context(categories, paragraphs, headline)
    year = published.year if published else None
    firmness = Firmness(body, sentences, paragraphs, year, tense.periods(dates, published))
    actors = Actors(body, organisations, home)
    facts: list[Fact] = []
    for quantity in without_repeats(quantities, article.lead, sentences):
        start, end = quantity.start, quantity.end
        sentence, paragraph = sentences.holding(start), paragraphs.holding(start)
        clause = clauses.around(quantity, sentence)
        category, name, share = context.decide(quantity, clause, sentence, paragraph, quantity.counted)
        status, per = firmness.decide(quantity, sentence, clause)
        per = quantity.per or per
        organisation = actors.choose(quantity, sentence, paragraph)
        before = facts[-1] if facts else None
        task = None
        if before and before.status == "planned" and before.per is None and before.sentence == sentence:
            task = before.when
        date = when.choose(periods, quantity, sentence, paragraph, status, task)
        evidence = confidence.features(
            quantity, organisation, category, share, date, status, per, sentence, paragraph
        )
        likely = round(confidence.estimate(evidence), 3)
        quote = body[start:end]
        # All by position, in the order of the fields: by name it takes twice as long.
        facts.append(
            Fact(
                start, end, quantity, organisation, category, name, status, per, date, quote, sentence,
                quantity.rule, likely, evidence,
            )
        )  # fmt: skip
    return facts
