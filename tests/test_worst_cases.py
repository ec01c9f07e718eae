"""Megabytes of the worst that a text can be, through all stages. Whatever is not linear does not end here."""

from datetime import date

import pytest

from extract.model import Article, Draft, Metadata
from extract.pipeline import read, read_page

PUBLISHED = Metadata(published=date(2024, 7, 12))
MEGABYTE = 1_000_000


def of_size(piece: str, size: int) -> str:
    """The piece repeated to about so many bytes of UTF-8."""
    return piece * (size // len(piece.encode("utf-8", "surrogatepass")) + 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("piece", "megabytes"),
    [
        ("工会为职工送去清凉", 10),
        ("市总工会12人,", 1),
        ("7月9日3人", 1),
        ("9", 1),
        ("万", 1),
        ("“（《", 1),
        ("年月日一二三", 1),
        ("\u202e\u200f工\x00\ud800ａ１", 1),
    ],
)
def test_megabytes_without_a_stop(piece: str, megabytes: int) -> None:
    reading = read(Article(of_size(piece, megabytes * MEGABYTE), meta=PUBLISHED))
    body = reading.article.body
    assert all(body[fact.start : fact.end] == fact.quote for fact in reading.facts)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["\n", "工\n", "2024年7月9日\n", "| 3 | 5 |\n", "## 市总工会\n\n7月9日3人\n\n"]
)
def test_a_megabyte_of_lines(piece: str) -> None:
    for reading in read_page([Draft(of_size(piece, MEGABYTE), PUBLISHED)]):
        body = reading.article.body
        assert all(body[fact.start : fact.end] == fact.quote for fact in reading.facts)
