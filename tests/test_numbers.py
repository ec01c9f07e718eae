"""Values of numerals as Chinese news prints them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linear import in_proportion

from extract import numbers

PLAIN = [
    ("0", 0),
    ("37", 37),
    ("３７", 37),
    ("1,234", 1234),
    ("1，234,567", 1234567),
    ("12,345.6", 12345.6),
    ("３．５", 3.5),
    (".5", 0.5),
    ("5.4万", 54000),
    ("1.72亿", 172_000_000),
    ("5.97亿", 597_000_000),
    ("1,100万", 11_000_000),
    ("2万2千", 22_000),
    ("8万2千", 82_000),
    ("1千零1", 1001),
    ("350万亿", 350e12),
    ("1000  万", 10_000_000),
    ("二", 2),
    ("两", 2),
    ("十", 10),
    ("十五", 15),
    ("二百五十", 250),
    ("四百五", 450),
    ("九万四", 94_000),
    ("两千三百五", 2350),
    ("一千零五", 1005),
    ("一万一千五百", 11_500),
    ("二十二亿四千万", 2_240_000_000),
    ("一百零一万一千", 1_011_000),
    ("一万五千亿", 1.5e12),
    ("千", 1000),
    ("百", 100),
    ("十五点七", 15.7),
    ("二〇二三", 2023),
    ("壹仟贰佰", 1200),
    ("半百", 50),
    ("12k", 12_000),
]

BOUNDED = [
    ("20多", 20, "over"),
    ("5.4万余", 54_000, "over"),
    ("26.7余万", 267_000, "over"),
    ("一千多万", 10_000_000, "over"),
    ("二十几万", 200_000, "over"),
    ("十余", 10, "over"),
    ("数十", 10, "over"),
    ("几百", 100, "over"),
    ("六百来", 600, "about"),
]

RANGES = [
    ("5-10", 5, 10),
    ("三至五", 3, 5),
    ("8～10", 8, 10),
    ("十三四", 13, 14),
    ("五六百", 500, 600),
    ("两三", 2, 3),
    ("三五", 3, 5),
    ("二三十", 20, 30),
]

PERCENTS = [
    ("95%", 95),
    ("９６．５％", 96.5),
    ("百分之九十五", 95),
    ("百分之2.4", 2.4),
    ("千分之一", 0.1),
    ("百分百", 100),
    ("三成", 30),
    ("五成半", 55),
    ("2.9折", 29),
    ("八八折", 88),
    ("2.4个百分点", 2.4),
    ("半数", 50),
]

FRACTIONS = [("五分之一", 0.2), ("3/5", 0.6), ("4 6/3", 6), ("一万分之三", 0.0003)]

NONE = ["", "近", "工会", "12月5日", "3.", "第三", "万元", "1/0", "一二三分之", "％", "5-10-15", "几"]


@pytest.mark.parametrize(("text", "value"), [*PLAIN, *PERCENTS, *FRACTIONS])
def test_value(text: str, value: float) -> None:
    assert numbers.parse(text).value == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(("text", "value", "bound"), BOUNDED)
def test_bound(text: str, value: float, bound: str) -> None:
    number = numbers.parse(text)
    assert (number.value, number.bound) == (value, bound)


@pytest.mark.parametrize(("text", "low", "high"), RANGES)
def test_range(text: str, low: float, high: float) -> None:
    number = numbers.parse(text)
    assert (number.value, number.value_max, number.bound) == (low, high, "range")


@pytest.mark.parametrize("text", NONE)
def test_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|division"):
        numbers.parse(text)


def test_find() -> None:
    text = "全区47个站点、8万2千余人，占３６．５％，每月5-10场，十三四个片区，合计1，234人次"
    found = [(text[n.start : n.end], n.value, n.value_max, n.bound) for n in numbers.find(text)]
    assert found == [
        ("47", 47, None, "exact"),
        ("8万2千余", 82_000, None, "over"),
        ("３６．５", 36.5, None, "exact"),
        ("5-10", 5, 10, "range"),
        ("十三四", 13, 14, "range"),
        ("1，234", 1234, None, "exact"),
    ]


@given(st.integers(1, 99_999_999))
def test_chinese_and_arabic_agree(number: int) -> None:
    assert numbers.parse(_spell(number)).value == numbers.parse(f"{number:,}").value == number


@given(st.text("0123456789０１,，.．零一二两三十百千万亿兆余多来几数点半分之成折%％-至 kK壹仟", max_size=30))
def test_never_raises_anything_but_value_error(text: str) -> None:
    for number in numbers.find(text):
        assert 0 <= number.start < number.end <= len(text)
    with contextlib.suppress(ValueError):
        assert numbers.parse(text).end == len(text)


@pytest.mark.parametrize("unit", ["9", "万", "十", "1,", "一点", "1万", "几十", "壹佰"])
def test_linear(unit: str) -> None:
    assert in_proportion(lambda size: numbers.find(unit * (size // len(unit))), 40_000, 320_000)


def _spell(number: int) -> str:
    """A number below 10**8 in Chinese characters."""
    high, low = divmod(number, 10_000)
    if high:
        rest = _below_ten_thousand(low)
        return _below_ten_thousand(high) + "万" + ("零" if low and low < 1000 else "") + rest
    return _below_ten_thousand(low)


def _below_ten_thousand(number: int) -> str:
    text, gap = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + name
            gap = False
        else:
            gap = True
    return text
