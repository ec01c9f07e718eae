"""Records of WARC files, whole and broken: what is there is found, what is not is named."""

import gzip
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcs import news, packed, record

from unionkb.bulk.framing import Broken, Frame, first_member, frames

LONGEST = 1_000_000
RECORDS = [record(f"http://a.example/{i}", bytes([65 + i]) * (10 + i)) for i in range(6)]
PACKED = [gzip.compress(each, 6, mtime=0) for each in RECORDS]


def read(data: bytes, **options: int) -> list[Frame | Broken]:
    return list(frames(BytesIO(data), **({"longest": LONGEST} | options)))


def found(data: bytes, **options: int) -> list[int | str]:
    """Numbers of the records, and in between why something is none."""
    whole = [each.rstrip(b"\r\n") for each in RECORDS]
    return [
        whole.index(each.data.rstrip(b"\r\n")) if isinstance(each, Frame) else each.reason
        for each in read(data, **options)
    ]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"".join(RECORDS), id="plain"),
        pytest.param(b"".join(PACKED), id="packed one by one"),
        pytest.param(gzip.compress(b"".join(RECORDS), mtime=0), id="packed as a whole"),
        pytest.param(b"".join(RECORDS).rstrip(b"\r\n"), id="without the last empty lines"),
        pytest.param(b"\r\n\r\n".join(RECORDS), id="more empty lines"),
    ],
)
def test_all_records_are_found(data: bytes) -> None:
    assert found(data) == list(range(6))


def test_the_place_of_a_record_is_that_of_its_member() -> None:
    data = b"".join(PACKED)
    for each, record_ in zip(read(data), RECORDS, strict=True):
        assert isinstance(each, Frame)
        assert gzip.decompress(data[each.offset : each.offset + each.length]) == record_


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _wrong_checksum(data: bytes) -> bytes:
    return data[:-8] + bytes([data[-8] ^ 1]) + data[-7:]


def _flipped(data: bytes) -> bytes:
    return data[:30] + bytes([data[30] ^ 255]) + data[31:]


def _zeros(data: bytes) -> bytes:
    return bytes(len(data))


@pytest.mark.parametrize("harm", [_cut, _wrong_checksum, _flipped, _zeros])
@pytest.mark.parametrize("at", [1, 3])
def test_a_damaged_member_costs_one_record(harm: Callable[[bytes], bytes], at: int) -> None:
    got = found(b"".join(harm(each) if i == at else each for i, each in enumerate(PACKED)))
    assert [each for each in got if isinstance(each, int)] == [i for i in range(6) if i != at]
    assert len([each for each in got if isinstance(each, str)]) == 1


def test_a_file_that_ends_early_keeps_what_is_whole() -> None:
    data = b"".join(PACKED)
    assert found(data[:-20]) == [0, 1, 2, 3, 4, "the file ends within a record"]
    plain = b"".join(RECORDS)
    assert found(plain[:-20]) == [0, 1, 2, 3, 4, "its length is not what it says"]


@pytest.mark.parametrize("length", ["1", "9", "11", "300", "999999999999", "x", "-5", "9" * 30])
@pytest.mark.parametrize("pack", [False, True])
def test_a_wrong_length_costs_one_record(length: str, pack: bool) -> None:
    wrong = RECORDS[2].replace(
        b"Content-Length: %d\r\n" % (len(RECORDS[2]) - RECORDS[2].index(b"\r\n\r\n") - 8),
        f"Content-Length: {length}\r\n".encode(),
        1,
    )
    assert wrong != RECORDS[2]
    records = [wrong if i == 2 else each for i, each in enumerate(RECORDS)]
    got = found(packed(records) if pack else b"".join(records))
    assert [each for each in got if isinstance(each, int)] == [0, 1, 3, 4, 5]
    assert [type(each) for each in got].count(str) == 1


@pytest.mark.parametrize("pack", [False, True])
def test_what_is_too_long_is_passed_over(pack: bool) -> None:
    long = record("http://a.example/long", b"x" * 100_000)
    records = [*RECORDS[:2], long, *RECORDS[2:]]
    got = found(packed(records) if pack else b"".join(records), longest=50_000)
    assert got == [0, 1, "too big: the limit is 0.05 MB", 2, 3, 4, 5]


def test_a_page_that_holds_an_archive_is_one_record() -> None:
    inner = record("http://a.example/inner.warc", b"".join(RECORDS))
    assert len(read(inner + RECORDS[0])) == 2
    assert len(read(packed([inner, RECORDS[0]]))) == 2


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_however_a_file_is_cut_each_record_is_read_once(cuts: list[int]) -> None:
    data = packed(news("cut", i) for i in range(12))
    ends = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    parts = [each for start, stop in pairwise(ends) for each in read(data, start=start, stop=stop)]
    assert parts == read(data)


@given(st.binary(max_size=300), st.integers(0, 200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_to_their_end(data: bytes, at: int) -> None:
    for whole in (b"".join(RECORDS[:2]), b"".join(PACKED[:2])):
        for broken in (data, whole[:at] + data + whole[at:], whole[:at] + data):
            read(broken)


def test_there_is_no_member_where_only_its_mark_stands() -> None:
    data = b"\x1f\x8b\x08\x00" * 10 + gzip.compress(b"something else") + PACKED[0]
    assert first_member(BytesIO(data), 0) == len(data) - len(PACKED[0])
    assert first_member(BytesIO(data), len(data) - 5) is None
