"""Lines, their width, and text printed twice."""

import pytest

from extract import twice
from extract.lines import cells, fold, holds, letters, split_lines


def test_fold_keeps_the_length() -> None:
    text = "（１２３Ａ％）：，。！\u3000∶~"
    assert fold(text) == "(123A%):,。! :~"
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("ab1", 3), ("工会", 4), ("“工会”", 8), ("ｱ", 1), ("\U00020000", 2), ("\ud800", 1)],
)
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width


@pytest.mark.parametrize("text", ["", "工会", "工，会。1", "……" * 30 + "工会", "工" * 40])
@pytest.mark.parametrize("least", [1, 2, 3, 12, 40, 41])
def test_holds_counts_letters(text: str, least: int) -> None:
    assert holds(text, least) == (len(letters(text)) >= least)


def test_lines_know_where_they_stand() -> None:
    text = "## 标题\n\n　　**工会** 慰问\r\n **重点** "
    lines = split_lines(text)
    assert [(line.text, line.level, line.indent, line.gap) for line in lines] == [
        ("标题", 2, 0, 0),
        ("**工会** 慰问", 0, 4, 1),
        ("重点", 3, 1, 0),
    ]
    assert all(text[line.start : line.end] == line.text for line in lines)


COLUMN = [
    "入夏以来，海州港务集团工会把清凉",
    "送到码头一线，为装卸班组配齐风扇、",
    "冰柜和防暑药品，受益职工1260人，",
    "并安排医生随队巡诊，每周两次。",
]


@pytest.mark.parametrize(
    ("second", "again"),
    [
        (COLUMN, 4),
        (["".join(COLUMN)], 1),
        ([COLUMN[2], COLUMN[0], COLUMN[3], COLUMN[1]], 4),
        ([line.replace("1260", "1350") for line in COLUMN], 2),
        (["七月里，东山县总工会慰问环卫工人，", "送去毛巾、水杯和绿豆汤。"], 0),
    ],
    ids=["same lines", "one line", "scrambled", "another figure", "another text"],
)
def test_text_printed_twice(second: list[str], again: int) -> None:
    lines = [*COLUMN, *second]
    flags = twice.repeated(list(map(letters, lines)), [True] * len(lines))
    assert not any(flags[: len(COLUMN)])
    assert sum(flags) == again
