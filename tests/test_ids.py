"""Identifiers are hashes of content."""

import pytest

from unionkb import ids

TEXT = "7月9日,绍兴市总工会走访慰问一线职工,送去饮料、毛巾和药品,并了解职工在高温天气里的工作和休息情况。" * 3

SAME = [
    ("space and punctuation", TEXT.replace(",", "， ")),
    ("full-width figures", TEXT.replace("7", "７").replace("9", "９")),
    ("a signature", TEXT + "（何小梅）"),
    ("a signature with a line break", TEXT + "\n(通讯员 何小梅)\n"),
]


@pytest.mark.parametrize(("what", "text"), SAME, ids=[what for what, _ in SAME])
def test_reprints_share_a_text(what: str, text: str) -> None:
    assert ids.text("b", text) == ids.text("a", TEXT)


def test_other_texts_do_not() -> None:
    assert ids.text("b", TEXT.replace("绍兴", "宁波")) != ids.text("a", TEXT)
    assert ids.text("b", "短讯") != ids.text("a", "短讯")
