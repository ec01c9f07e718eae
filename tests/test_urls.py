"""Canonical addresses: twins become one string, applied twice nothing changes."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.urls import LONGEST, TRACKING, canonical


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        # Scheme, host, port, path.
        ("HTTP://WWW.Gonghui.CN", "http://www.gonghui.cn/"),
        ("http://www.gonghui.cn.", "http://www.gonghui.cn/"),
        ("http://www.gonghui.cn:80/a", "http://www.gonghui.cn/a"),
        ("https://www.gonghui.cn:443/a", "https://www.gonghui.cn/a"),
        ("http://www.gonghui.cn:443/a", "http://www.gonghui.cn:443/a"),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/a"),
        ("http://[::1]:80/a", "http://[::1]/a"),
        ("http://name:secret@www.gonghui.cn/a", "http://www.gonghui.cn/a"),
        ("http://www.gonghui.cn/x/../a/./b.html", "http://www.gonghui.cn/a/b.html"),
        ("  http://www.gonghui.cn/a\n", "http://www.gonghui.cn/a"),
        ("http://www.gonghui.cn/ne\nws/a", "http://www.gonghui.cn/news/a"),
        # Escapes.
        ("http://www.gonghui.cn/工会", "http://www.gonghui.cn/%E5%B7%A5%E4%BC%9A"),
        ("http://www.gonghui.cn/%e5%b7%a5", "http://www.gonghui.cn/%E5%B7%A5"),
        ("http://www.gonghui.cn/?q=%B9%A4", "http://www.gonghui.cn/?q=%B9%A4"),
        ("http://工会.cn/", "http://xn--6oq837a.cn/"),
        # Parameters.
        ("http://www.gonghui.cn/v?b=2&a=1", "http://www.gonghui.cn/v?a=1&b=2"),
        ("http://www.gonghui.cn/v?id=7&id=8", "http://www.gonghui.cn/v?id=7&id=8"),
        ("http://www.gonghui.cn/v?", "http://www.gonghui.cn/v"),
        ("http://www.gonghui.cn/v?id=7&utm_source=wx&UTM_Medium=x", "http://www.gonghui.cn/v?id=7"),
        ("http://www.gonghui.cn/v?spm=a.1&from=timeline&isappinstalled=0", "http://www.gonghui.cn/v"),
        ("http://www.gonghui.cn/v;jsessionid=0A1B?id=7", "http://www.gonghui.cn/v?id=7"),
        ("http://www.gonghui.cn/c_1.htm?div=-1", "http://www.gonghui.cn/c_1.htm"),
        ("http://www.gonghui.cn/c_1.htm?div=1#page", "http://www.gonghui.cn/c_1.htm"),
        ("http://www.gonghui.cn/node_1.htm?v=1", "http://www.gonghui.cn/node_1.htm?v=1"),
        # Fragments.
        ("http://www.gonghui.cn/a#top", "http://www.gonghui.cn/a"),
        # Twins in traditional characters.
        (
            "http://a.people.com.cn/BIG5/n1/2019/0130/c8-3.html",
            "http://a.people.com.cn/n1/2019/0130/c8-3.html",
        ),
        ("http://a.people.com.cn/BIG5/67502/index.html", "http://a.people.com.cn/GB/67502/"),
        ("http://big5.gonghui.cn/gate/big5/www.gonghui.cn/a/1.html", "http://www.gonghui.cn/a/1.html"),
        ("http://big5.gonghui.cn/gate/big5/www.gonghui.cn", "http://www.gonghui.cn/"),
        ("http://www.gonghui.cn/big5city/1.html", "http://www.gonghui.cn/big5city/1.html"),
        # Index pages.
        ("http://www.gonghui.cn/index.html", "http://www.gonghui.cn/"),
        ("http://www.gonghui.cn/xwzx/index.shtml", "http://www.gonghui.cn/xwzx/"),
        ("http://www.gonghui.cn/xwzx/Default.aspx", "http://www.gonghui.cn/xwzx/"),
        ("http://www.gonghui.cn/xwzx/index_2.html", "http://www.gonghui.cn/xwzx/index_2.html"),
        ("http://www.gonghui.cn/index.php?c=show&id=7", "http://www.gonghui.cn/index.php?c=show&id=7"),
        ("http://www.gonghui.cn/index.php/node/7", "http://www.gonghui.cn/index.php/node/7"),
        # The first page of an issue keeps its name.
        ("http://bao.cn/rb/20240105/html/index.htm", "http://bao.cn/rb/20240105/html/index.htm"),
        ("http://bao.cn/pc/layout/202401/05/index.html", "http://bao.cn/pc/layout/202401/05/index.html"),
        ("http://bao.cn/html/2024-01/05/index.htm", "http://bao.cn/html/2024-01/05/index.htm"),
        # What cannot be fetched comes back as it is.
        ("javascript:void(0)", "javascript:void(0)"),
        ("mailto:gh@gonghui.cn", "mailto:gh@gonghui.cn"),
        ("http://www.gonghui.cn:99999/", "http://www.gonghui.cn:99999/"),
        ("http://", "http://"),
        ("//www.gonghui.cn/a", "//www.gonghui.cn/a"),
        ("", ""),
    ],
)
def test_canonical(given_url: str, expected: str) -> None:
    assert canonical(given_url) == expected
    assert canonical(expected) == expected


def test_a_very_long_address_is_left_alone() -> None:
    url = "http://www.gonghui.cn/#" + "a" * LONGEST
    assert canonical(url) == url


PIECES = [
    *("http://", "https://", "HTTP://A.cn", "http://a.cn/", "http://a.cn/gate/big5/", "http://a.cn/BIG5/"),
    *("http://a.cn/?", "//", "http://[::1]", "http://a.cn:", "http://a.cn/2024-01/05/", ""),
]
ALPHABET = "abcAB01./:?&=%;#@[]\\-_~工 \t\n+,'\"|"


@given(
    st.sampled_from(PIECES),
    st.text(alphabet=ALPHABET, max_size=40),
    st.sampled_from(["", "/index.html", "?div=1"]),
)
@example("http://a.cn/", "gate/big5/b.cn/gate/big5/c.cn/BIG5/n1/", "/index.html")
@example("http://a.cn/", "BIG5/BIG5/n1/x", "")
@example("http://a.cn/", "index.html/index.html", "/index.html")
def test_twice_is_once(start: str, middle: str, end: str) -> None:
    once = canonical(start + middle + end)
    assert canonical(once) == once


@given(
    st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=30),
    st.sampled_from(sorted(TRACKING)),
)
def test_tracking_makes_no_difference(value: str, name: str) -> None:
    value = "".join(c for c in value if c not in "&#")
    assert canonical(f"http://a.cn/v?id=7&{name}={value}") == "http://a.cn/v?id=7"
