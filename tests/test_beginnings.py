"""Terms found by how they begin."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.beginnings import any_of, by_pair, meanings

LETTERS = st.text("工会职人", min_size=1, max_size=4)


@given(st.lists(LETTERS, unique=True, max_size=12), st.text("工会职人", max_size=8))
def test_a_place_is_looked_up_by_its_pair(terms: list[str], text: str) -> None:
    found = by_pair((term, term) for term in sorted(terms, key=len, reverse=True))
    for at in range(len(text)):
        candidates = found.get(text[at : at + 2]) or found.get(text[at : at + 1], ())
        there = [term for term in candidates if text.startswith(term, at)]
        assert sorted(there) == sorted(term for term in terms if text.startswith(term, at))
        assert set(there) >= {term for term in candidates if len(term) <= 2}
        assert there == sorted(there, key=len, reverse=True)


@given(st.lists(LETTERS, min_size=1), LETTERS)
def test_any_of_matches_the_longest_word(words: list[str], text: str) -> None:
    match = re.match(any_of(words), text)
    longest = max((word for word in words if text.startswith(word)), key=len, default=None)
    assert (match[0] if match else None) == longest


@pytest.mark.parametrize(
    ("text", "meaning"),
    [("职工家庭", "family"), ("家庭农场", "farm"), ("农场主", "firm"), ("学校", None)],
)
def test_meanings(text: str, meaning: str | None) -> None:
    pattern, means = meanings({"farm": ["家庭农场"], "family": ["家庭", "户"], "firm": ["农场", "户"]})
    assert means["户"] == "family"
    match = pattern.search(text)
    assert (means[match[0]] if match else None) == meaning
