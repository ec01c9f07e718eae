"""Mentions -> facts: ties each quantity to who, what, when, and how firmly it is stated."""

from collections.abc import Sequence

from extract import programme_choice, status, when, who
from extract.model import (
    Article,
    DateMention,
    Fact,
    OrganisationMention,
    ProgrammeMention,
    Quantity,
    Span,
)
from extract.repeats import without_repeats
from extract.sentences import at as index_at
from extract.sentences import paragraphs as split_paragraphs
from extract.sentences import sentences as split_sentences


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
    sentences, paragraphs = split_sentences(body), split_paragraphs(body)
    headline = Span(0, article.lead) if article.lead else None
    times = when.times(body, article.lead, sentences, paragraphs, dates, article.meta.published)
    context = programme_choice.Context(body, categories, headline)
    facts = []
    for quantity in without_repeats(quantities, article.lead, sentences):
        sentence = sentences[index_at(sentences, quantity.start)]
        paragraph = paragraphs[index_at(paragraphs, quantity.start)]
        category, name, confidence = context.decide(quantity, sentence, paragraph, quantity.counted)
        firmness, per = status.decide(body, quantity, sentence, article.meta.published)
        organisation = who.choose(body, quantity, sentences, paragraphs, organisations, home)
        facts.append(
            Fact(
                start=quantity.start,
                end=quantity.end,
                quantity=quantity,
                organisation=organisation,
                programme=category,
                programme_name=name,
                status=firmness,
                per=quantity.per or per,
                when=when.choose(times, quantity, firmness),
                quote=body[quantity.start : quantity.end],
                sentence=sentence,
                rule=quantity.rule,
                confidence=round(quantity.confidence * confidence, 3),
            )
        )
    return facts
