"""What a stretch of text ends in."""

from hypothesis import given
from hypothesis import strategies as st

from extract.endings import Endings


@given(st.lists(st.text("市县区工会", max_size=4)), st.text("市县区工会", max_size=8))
def test_the_longest_term_is_found(terms: list[str], text: str) -> None:
    expected = max((term for term in terms if text.endswith(term)), key=len, default="")
    assert Endings(terms).longest(text) == expected
