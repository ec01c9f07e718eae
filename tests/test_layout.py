"""Layout of pages: invented pages, one idea each."""

from hypothesis import given, settings
from hypothesis import strategies as st

from extract import layout
from extract.model import Article, Draft

PIECES = [
    "本报讯(记者 王小林 通讯员 陈立)近日,",
    "海州市总工会慰问一线职工120人。",
    "\n",
    "\n\n",
    "　　",
    "## ",
    "来源:",
    "2023-05-06 08:00",
    "上一篇:",
    "相关新闻",
    "版权所有",
    "记者 李明 摄",
    "(张三 李四)",
    "、",
    "\ud800",
    "\ufeff",
    "【海州】",
    "· ",
    "12351",
]


def check_map(text: str, articles: list[Article]) -> None:
    for article in articles:
        held = [False] * len(article.body)
        for part in article.source_map:
            b, s, n = part.body, part.source, part.length
            assert article.body[b : b + n] == text[s : s + n]
            held[b : b + n] = [True] * n
        assert all(c == "\n" for c, known in zip(article.body, held, strict=True) if not known)
        assert 0 <= article.lead <= len(article.body)
        assert article.lead == 0 or article.body[article.lead - 1] == "\n"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=40).map("".join), st.booleans())
def test_any_text_is_mapped_to_its_source(text: str, single: bool) -> None:
    articles = layout.split(Draft(text, single=single))
    check_map(text, articles)
    if single:
        assert len(articles) <= 1
    for article in articles:
        places = [part.source for part in article.source_map if part.body >= article.lead]
        assert places == sorted(places)
