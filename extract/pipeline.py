"""The stages of reading, in order: a page in, its articles and their facts out."""

from collections.abc import Iterable, Sequence

from extract import dates, layout, organisations, programmes, quantities
from extract.link import link
from extract.localities import localities
from extract.model import Article, Draft, Reading


def read(article: Article, year: int | None = None) -> Reading:
    """All that is stated in one article. Never raises for any text; all offsets count in `article.body`.

    `year` is the year of writing as far as the page gives it away, used where no publication date is known.
    """
    body = article.body
    amounts = quantities.find(body)
    times = dates.find(body, article.meta.published, year)
    about = organisations.context(article)
    bodies = organisations.find(body, about)
    categories = programmes.find(body)
    home = organisations.home(article, about, bodies)
    places = localities(body, about, bodies, home)
    acting = sorted([*bodies, *places], key=lambda mention: (mention.start, mention.end))
    facts = link(article, amounts, times, acting, categories, home)
    return Reading(article, facts, times, bodies, categories)


def read_page(drafts: Sequence[Draft]) -> list[Reading]:
    """The articles of one page, each with its facts.

    Articles of a page share their year of writing: one that gives none away takes that of its neighbours,
    or what stands in the page's own head and foot.
    """
    articles = [article for draft in drafts for article in layout.split(draft)]
    year = None
    if any(article.meta.published is None for article in articles):
        year = _year(article.body for article in articles) or _year(draft.text for draft in drafts)
    return [read(article, year) for article in articles]


def _year(texts: Iterable[str]) -> int | None:
    return max(filter(None, map(dates.publication_year, texts)), default=None)
