"""The scanner of long term lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.scan import Scanner


@pytest.mark.parametrize(
    ("terms", "text", "found"),
    [
        (["劳动", "劳动竞赛"], "劳动竞赛与劳动", ["劳动竞赛", "劳动"]),
        (["了", "了解"], "去了，了解了", ["了", "了解", "了"]),
        (["工会"], "工", []),
        (["已经", "经过"], "已经过", ["已经"]),
        ([], "工会", []),
        ([""], "工会", []),
        (["工会"], "\udc80工会\ud800", ["工会"]),
        (["骑手"], "🚴骑手😀", ["骑手"]),
    ],
)
def test_the_longest_term_at_each_place(terms: list[str], text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in Scanner(terms).spans(text)] == found


@given(st.lists(st.text("ab", min_size=1, max_size=4), max_size=6), st.text("abc", max_size=30))
def test_it_agrees_with_looking_at_every_place(terms: list[str], text: str) -> None:
    expected, at = [], 0
    while at < len(text):
        size = max((len(term) for term in terms if text.startswith(term, at)), default=0)
        if size:
            expected.append((at, at + size))
        at += size or 1
    assert list(Scanner(terms).spans(text)) == expected


@given(st.lists(st.text("ab", min_size=1, max_size=4), max_size=6), st.text("abc", max_size=30))
def test_the_longest_term_at_every_place_also_inside_another(terms: list[str], text: str) -> None:
    expected = []
    for at in range(len(text)):
        if size := max((len(term) for term in terms if text.startswith(term, at)), default=0):
            expected.append((at, at + size))
    assert Scanner(terms, inside=True).spans(text) == expected
