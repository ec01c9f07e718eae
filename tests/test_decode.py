"""Decoding: byte order marks, lying meta tags, short texts, binary data."""

import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.decode import Decoded, NotText, decode

NEWS = "市总工会今年发放慰问金三百万元，惠及困难职工一千二百户。“钱不多，心意到了。”\n"
TRADITIONAL = "市總工會今年發放慰問金三百萬元，惠及困難職工一千二百戶。「錢不多，心意到了。」\n"
SHORT = ["工会", "职工之家", "五一劳动节放假三天", "本报讯：昨日，县总工会开展慰问活动"]
SHORT_TRADITIONAL = ["工會", "職工之家", "勞動節放假三天", "本報訊：昨日，縣總工會開展慰問活動"]
BOMS = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
BOMS |= {"utf-32-le": codecs.BOM_UTF32_LE, "gb18030": b"\x84\x31\x95\x33"}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [*SHORT[1:], NEWS, NEWS * 50])
def test_simplified_without_bom(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == Decoded(text, encoding)


@pytest.mark.parametrize("text", [*SHORT_TRADITIONAL, TRADITIONAL, TRADITIONAL * 50])
def test_big5(text: str) -> None:
    assert decode(text.encode("big5")) == Decoded(text, "big5")


@pytest.mark.parametrize("encoding", BOMS)
@pytest.mark.parametrize("text", [*SHORT, NEWS, "plain"])
def test_byte_order_mark_decides_and_is_dropped(text: str, encoding: str) -> None:
    assert decode(BOMS[encoding] + text.encode(encoding)) == Decoded(text, encoding)


@pytest.mark.parametrize("text", SHORT)
def test_two_characters_of_gb18030_are_enough(text: str) -> None:
    assert decode(text.encode("gb18030")).text == text


def test_characters_beyond_gbk() -> None:
    text = "工会主席张䶮、技术员𠮷田参加了慰问"
    assert decode(text.encode("gb18030")) == Decoded(text, "gb18030")


@pytest.mark.parametrize("declared", ["gb2312", "gbk", "iso-8859-1", "big5", "no-such-charset"])
def test_valid_utf8_comes_before_the_meta_tag(declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body>{NEWS}</body></html>'
    assert decode(page.encode()) == Decoded(page, "utf-8")
    assert decode(page.encode(), f"text/html; charset={declared}").encoding == "utf-8"


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "x-gbk", "gb18030", "utf-8", "iso-8859-1", "big5"])
def test_declared_charsets_of_a_gb18030_page(declared: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}"><p>{NEWS}</p>'
    assert decode(page.encode("gb18030")) == Decoded(page, "gb18030")
    assert decode(NEWS.encode("gb18030"), f"text/html; charset={declared}") == Decoded(NEWS, "gb18030")


def test_the_declared_charset_decides_where_the_bytes_do_not() -> None:
    data = "囑咐".encode("big5")
    assert decode(data, "text/plain; charset=big5").text == "囑咐"


def test_mostly_ascii_page() -> None:
    page = "<div class='a'>" * 2000 + "工会送清凉" + "</div>" * 2000
    assert decode(page.encode("gb18030")).text == page


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_cut_off_in_transit(encoding: str) -> None:
    decoded = decode((NEWS + "结束").encode(encoding)[:-1])
    assert decoded.encoding == encoding
    assert decoded.text.startswith(NEWS + "结")


def test_one_damaged_character_in_a_long_page() -> None:
    data = bytearray((NEWS * 40).encode())
    data[600] = 0xFF
    decoded = decode(bytes(data))
    assert decoded.encoding == "utf-8"
    assert decoded.text.count("\ufffd") <= 3


def test_other_scripts() -> None:
    russian = "Профсоюз рабочих сообщил о новом договоре. " * 5
    assert decode(russian.encode("cp1251"), "text/html; charset=windows-1251").text == russian
    assert decode(b"un caf\xe9 pour le syndicat, merci", "text/plain; charset=iso-8859-1").text.startswith(
        "un café"
    )


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, "　\n".encode("gb18030")]
)
def test_empty(data: bytes) -> None:
    with pytest.raises(NotText, match=r"^empty$"):
        decode(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"GIF89a\x01", "GIF"),
        (b"PK\x03\x04\x14\x00", "zip"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
        (b"\x00\x00\x00\x18ftypmp42", "video"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"\x00" * 64, "NUL"),
        (bytes(range(256)) * 8, "NUL"),
        (b"head\x00\x01\x02" + NEWS.encode("gb18030"), "NUL"),
        (bytes(range(1, 32)) * 9, "undecodable|control"),
        (random.Random(7).randbytes(4000).replace(b"\0", b"\x80"), "undecodable|control"),
        (codecs.BOM_UTF8 + NEWS.encode("gb18030"), "undecodable"),
    ],
)
def test_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(NotText, match=reason):
        decode(data)


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_not_text(data: bytes) -> None:
    try:
        decoded = decode(data)
    except NotText:
        return
    assert decoded.text.strip()


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=200))
def test_utf8_is_read_as_it_is(text: str) -> None:
    assert decode(("工会" + text).encode()) == Decoded("工会" + text, "utf-8")
