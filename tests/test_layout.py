"""Layout of pages. `layouts/` holds invented pages, each with the articles to be found in it."""

import json
import random
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linear import in_proportion

from extract import layout
from extract.model import Article, Draft, Metadata

PAGES = sorted((Path(__file__).parent / "layouts").glob("*.txt"))

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
    "<!--/enp",
    "-->",
    "&nbsp;",
]


def check_map(text: str, article: Article) -> None:
    held = [False] * len(article.body)
    for part in article.source_map:
        b, s, n = part.body, part.source, part.length
        assert article.body[b : b + n] == text[s : s + n]
        held[b : b + n] = [True] * n
    assert all(c == "\n" for c, known in zip(article.body, held, strict=True) if not known)
    assert 0 <= article.lead <= len(article.body)
    assert article.lead == 0 or article.body[article.lead - 1] == "\n"
    places = [part.source for part in article.source_map if part.body >= article.lead]
    assert places == sorted(places)


def as_record(article: Article) -> dict[str, object]:
    record = {key: value for key, value in asdict(article.meta).items() if value is not None}
    record.pop("published_basis", None)
    if article.meta.published:
        record["published"] = article.meta.published.isoformat()
    record["paragraphs"] = article.body[article.lead :].split("\n")
    return record


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    articles = layout.split(Draft(text))
    assert [as_record(article) for article in articles] == json.loads(
        page.with_suffix(".json").read_text("utf-8")
    )
    for article in articles:
        check_map(text, article)
        assert "\n\n" not in article.body


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_half_and_full_width_read_alike(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    narrow = text.translate(str.maketrans("：，（）；！？", ":,();!?"))
    wide, half = (layout.split(Draft(each)) for each in (text, narrow))
    assert [a.meta.published for a in wide] == [a.meta.published for a in half]
    assert [len(a.body) for a in wide] == [len(a.body) for a in half]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=40).map("".join), st.booleans())
def test_any_text_is_mapped_to_its_source(text: str, single: bool) -> None:
    articles = layout.split(Draft(text, single=single))
    assert not single or len(articles) <= 1
    for article in articles:
        check_map(text, article)


@given(st.text(alphabet=st.characters(), max_size=300))
def test_never_raises(text: str) -> None:
    for article in layout.split(Draft(text)):
        check_map(text, article)


@pytest.mark.parametrize(
    "text", ["", "\n \n", "首页 | 新闻 | 联系我们", "\ufeff", "\ud800\udfff", "2023-05-06\n"]
)
def test_no_article(text: str) -> None:
    assert layout.split(Draft(text)) == []


STORY = """海州职工赛技能
本报讯 昨天，海州市总工会举办技能大赛，86名选手参赛。
“平时怎么练，今天就怎么比。”选手李小红说。

清河送清凉
本报讯 昨天，清河县总工会慰问环卫工人120名。
"""


def test_single_keeps_one_article() -> None:
    assert len(layout.split(Draft(STORY))) == 2
    (article,) = layout.split(Draft(STORY, single=True))
    assert "86名" in article.body
    assert "120名" in article.body


@pytest.mark.parametrize(
    "line",
    [
        "欢迎关注“清河工会”微信公众号，回复“清凉”即可报名。",
        "（原标题：清河县总工会把清凉送到一线）",
        "图片新闻",
        "关注",
        "活动时间：7月3日至5日",
        "2020年7月3日 清河县 120人",
        "清河县环卫工人领到清凉包。王小路 摄",
        "昨天，清河县总工会慰问环卫工人120名。",
        "版权声明案开庭，清河县总工会派出3名律师",
        "相关链接",
        "（李小红）",
    ],
)
def test_single_keeps_its_lines(line: str) -> None:
    text = f"清河送清凉\n昨天，清河县总工会慰问环卫工人120名。\n{line}"
    (article,) = layout.split(Draft(text, Metadata(title="清河送清凉"), single=True))
    assert article.body == text
    assert article.body[article.lead :].startswith("昨天")


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("责任编辑：李小红", "editor", "李小红"),
        ("来源：清河日报　2020-07-02 10:00", "source", "清河日报"),
        ("《清河日报》（2020年7月2日 03版）", "newspaper", "清河日报"),
    ],
)
def test_single_drops_lines_about_the_page(line: str, field: str, value: str) -> None:
    text = f"清河送清凉\n昨天，清河县总工会慰问环卫工人120名。\n{line}"
    (article,) = layout.split(Draft(text, Metadata(title="清河送清凉"), single=True))
    assert article.body == text.rpartition("\n")[0]
    assert getattr(article.meta, field) == value


def test_single_caption_is_an_article() -> None:
    (article,) = layout.split(Draft("清河送清凉\n李小红 摄", Metadata(title="清河送清凉"), single=True))
    assert article.body == "清河送清凉\n李小红 摄"


def test_what_is_known_wins() -> None:
    known = Metadata(
        title="清河送清凉", published=date(2020, 7, 2), published_basis="meta", source="清河日报"
    )
    text = "来源：海州日报 2020-07-01\n清河送清凉\n全县动起来\n昨天，清河县总工会慰问环卫工人120名。"
    (article,) = layout.split(Draft(text, known=known, single=True))
    assert article.meta.title == "清河送清凉"
    assert article.meta.deck == "全县动起来"
    assert (article.meta.published, article.meta.published_basis) == (date(2020, 7, 2), "meta")
    assert article.meta.source == "清河日报"


@pytest.mark.parametrize(
    ("known", "basis"),
    [
        ("meta", "printed and meta"),
        ("printed", "printed"),
        ("printed and url", "printed and url"),
        (None, "meta"),
    ],
)
def test_basis_tells_that_page_and_head_agree(known: str | None, basis: str) -> None:
    stated = Metadata(published=date(2020, 7, 1), published_basis=known)
    text = "清河送清凉\n来源：海州日报 2020-07-01\n昨天，清河县总工会慰问环卫工人120名。"
    (article,) = layout.split(Draft(text, known=stated, single=True))
    assert article.meta.published_basis == basis


@pytest.mark.parametrize(
    ("line", "day", "basis"),
    [
        ("发布时间：2021年3月5日", date(2021, 3, 5), "printed"),
        ("发布时间2021-03-05 08:30 点击量:36", date(2021, 3, 5), "printed"),
        ("２０２１年０３月０５日 星期五", date(2021, 3, 5), "printed"),
        ("二〇二一年三月十五日", date(2021, 3, 15), "printed"),
        ("《海州日报》(2021年03月05日 02版)", date(2021, 3, 5), "printed"),
        ("http://www.example.cn/content/2021-03/05/content_123.htm", date(2021, 3, 5), "url"),
        ("//www.example.cn2021-03-05 09:26:33来源： 海州日报", date(2021, 3, 5), "printed"),
        ("时间：3月5日上午", None, None),
        ("Copyright 2008-2021", None, None),
        ("今天是2021年3月5日", None, None),
        ("快照生成时间：2021-03-05 05:45:04", None, None),
        ("2021年13月45日 星期五", None, None),
    ],
)
def test_publication_date(line: str, day: date | None, basis: str | None) -> None:
    text = f"海州职工赛技能\n{line}\n昨天，海州市总工会举办技能大赛，86名选手参赛。\n"
    (article,) = layout.split(Draft(text))
    assert (article.meta.published, article.meta.published_basis) == (day, basis)
    assert article.meta.title == "海州职工赛技能"


@pytest.mark.parametrize(
    ("lines", "kicker", "title", "deck"),
    [
        (["海州市总工会", "开展送清凉活动"], None, "海州市总工会开展送清凉活动", None),
        (["滨江市海州区", "推动工会改革见实效"], None, "滨江市海州区推动工会改革见实效", None),
        (["滨江市清河县", "新一批工会驿站建成"], None, "滨江市清河县新一批工会驿站建成", None),
        (
            ["锤炼一支本领过硬、作风优良的", "职工志愿服务队"],
            None,
            "锤炼一支本领过硬、作风优良的职工志愿服务队",
            None,
        ),
        (
            ["工会送课进车间", "夜校一座难求", "——海州市职工夜校见闻"],
            None,
            "夜校一座难求",
            "——海州市职工夜校见闻",
        ),
        (
            ["全年救助一万户困难职工——", "海州晒出帮扶账本"],
            "全年救助一万户困难职工——",
            "海州晒出帮扶账本",
            None,
        ),
        (["【工会短波】", "清河建起职工书屋"], "【工会短波】", "清河建起职工书屋", None),
        (["钱从哪里来？人往哪里去？"], None, "钱从哪里来？人往哪里去？", None),
    ],
)
def test_headline_block(lines: list[str], kicker: str | None, title: str, deck: str | None) -> None:
    text = "\n\n".join(lines) + "\n\n本报讯 昨天，海州市总工会举办技能大赛，86名选手参赛。\n"
    (article,) = layout.split(Draft(text))
    assert (article.meta.title, article.meta.deck) == (title, deck)
    assert kicker is None or article.meta.kicker == kicker
    assert article.body[: article.lead - 1].replace("\n", "") == "".join(lines)


@pytest.mark.parametrize(
    "line",
    [
        "咨询可拨打12351转2。",
        "市总工会开通12351热线，全年接听电话8600个。",
        "活动由市总工会主办，经费18万元。",
        "记者了解到，上述资金已拨付到位。",
        "地址选在滨河社区的驿站面积60平方米，投入12万元。",
        "已有120人报名。",
        "市总工会为12个车间装上电子显示屏，并办理书面授权委托手续300份。",
        "相关部门送来岗位300个。",
    ],
)
def test_sentences_of_the_story_stay(line: str) -> None:
    text = f"海州职工赛技能\n昨天，海州市总工会举办技能大赛，86名选手参赛。\n{line}\n责任编辑：李青\n"
    (article,) = layout.split(Draft(text))
    assert line in article.body.split("\n")


@pytest.mark.parametrize(
    "subhead", ["延伸服务手臂", "相关部门一起来", "更多职工受益", "导读员上岗", "12351热线"]
)
def test_subheads_do_not_end_the_story(subhead: str) -> None:
    story = "昨天，海州市总工会举办技能大赛，86名选手参赛。"
    text = f"海州职工赛技能\n\n{story}\n\n{subhead}\n\n今年共办赛12场，3200人参加。\n"
    (article,) = layout.split(Draft(text))
    assert article.body.split("\n")[-2:] == [subhead, "今年共办赛12场，3200人参加。"]


@pytest.mark.parametrize(
    "line",
    ["浏览量2.6万人次、简历570份，当场", "评论 三千余条、点赞两万多次，又", "第02版的整版报道刊出之后，又有"],
)
def test_column_lines_that_look_like_furniture(line: str) -> None:
    text = f"""海州网上招聘

昨天很热闹。海州市总工会的招聘，半天之内
{line}
有480人和企业谈妥。今年全市已办这样的网
上招聘12场。
"""
    (article,) = layout.split(Draft(text))
    assert f"半天之内{line}有480人" in article.body


@pytest.mark.parametrize(
    "line",
    [
        "浏览次数：1168",
        "分享到：微信 微博",
        "上一篇：清河职工运动会开幕 12支队伍参赛",
        "[上一篇] 清河职工运动会开幕",
        "扫一扫 手机阅读更方便",
        "地址：海州市建设路8号 电话：0500-1234567",
        "Copyright © 2008-2023 All Rights Reserved",
        "海公网安备 32000000000000号",
        "首页 > 新闻中心 > 正文",
        "3上一版  下一版4",
        "【相关链接】海州12支队伍参赛；清河书屋开放",
        "http://www.example.cn/a.html",
        "20230506_news.jpg",
        "×",
    ],
)
def test_furniture_is_left_out(line: str) -> None:
    story = "昨天，海州市总工会举办技能大赛，86名选手参赛。"
    for text in (f"海州职工赛技能\n\n{story}\n{line}\n", f"{line}\n\n海州职工赛技能\n\n{story}\n"):
        (article,) = layout.split(Draft(text))
        assert article.body == f"海州职工赛技能\n{story}"


@pytest.mark.parametrize(
    "unit",
    [
        "啊",
        "海州工会\n",
        "本报讯(记者",
        "工会，" * 8 + "\n",
        "来源:作者:",
        "首页>>",
        "“啊，\n",
        "2020-01-01 ",
        "<!--/enp",
        "1.",
        "(",
        "《",
        "1",
        "\n",
        "工\n",
        "1\n",
        "相关新闻\n",
        "2020-01-01\n",
        "市总工会慰问职工120人，发放慰问金3万元。\n",
    ],
)
def test_time_grows_with_length_only(unit: str) -> None:
    def read(size: int) -> None:
        layout.split(Draft("本报讯 昨天，工会慰问职工120人。\n" + unit * (size // len(unit))))

    assert in_proportion(read, 10_000, 80_000)


_shuffled = random.Random(4)
UNSTOPPED = "".join(map(chr, _shuffled.choices(range(0x4E00, 0x9FA5), k=340_000)))


@pytest.mark.slow
@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(UNSTOPPED, id="a line without stops"),
        pytest.param("\n" * 1_000_000, id="only newlines"),
        pytest.param("1234567890" * 100_000, id="only digits"),
        pytest.param("(（【《“" * 70_000, id="only brackets"),
        pytest.param("工\n" * 250_000, id="short lines"),
        pytest.param("\n".join(UNSTOPPED[i : i + 17] for i in range(0, 340_000, 17)), id="a column"),
        pytest.param("本报讯 昨天，市总工会慰问职工120人，发放慰问金3万元。\n" * 12_000, id="one paragraph"),
        pytest.param("市总工会慰问职工\n" * 40_000, id="one headline"),
        pytest.param("\ud800\x00\u202e" * 150_000, id="no characters"),
    ],
)
def test_a_megabyte_is_split(text: str, single: bool) -> None:
    """Whatever is not linear does not end here."""
    for article in layout.split(Draft(text, Metadata(title="市总工会慰问职工"), single)):
        assert 0 <= article.lead <= len(article.body)


@pytest.mark.parametrize(
    ("page", "title", "first"),
    [
        (
            "清河县总工会关于开展送温暖工作的通知\n清工发〔2023〕12号\n各镇总工会：\n"
            "一、慰问标准\n（一）困难职工，每户不超过2000元；\n（二）一线职工，人均200元，以实物为主，一次发放。",
            "清河县总工会关于开展送温暖工作的通知",
            "清工发〔2023〕12号",
        ),
        (
            "清河县总工会帮扶资金管理办法\n第一章 总则\n第一条 为规范资金使用，制定本办法，请遵照执行。",
            "清河县总工会帮扶资金管理办法",
            "第一章 总则",
        ),
        (
            "暑托班昨天开班 家长上班不犯愁\n2023-07-18 06:49 来源：清河晚报\n核心提示\n"
            "今年全县工会开办暑托班12个，招收职工子女560名。",
            "暑托班昨天开班 家长上班不犯愁",
            "核心提示",
        ),
    ],
    ids=["notice", "rules", "below the imprint"],
)
def test_headline_above_imprint_and_list(page: str, title: str, first: str) -> None:
    (article,) = layout.split(Draft(page))
    assert article.meta.title == title
    assert article.body[article.lead :].startswith(first)


@pytest.mark.parametrize(
    "rows",
    [
        "序号 姓名 分会 金额（元）\n1 沈某 门诊分会 10000\n2 周某 外科分会 10000",
        "受助学生名单（部分）\n林某 清河中学 5000元\n陈某 清河二中 3000元",
        "●景东县",
    ],
    ids=["table", "list", "place"],
)
def test_rows_open_no_story(rows: str) -> None:
    above = "6月2日，县总工会慰问职工120名，发放慰问金12万元，名单如下。"
    below = "另据了解，县总工会今年还将组织60名职工参加疗休养。"
    (article,) = layout.split(Draft(f"清河送清凉\n{above}\n{rows}\n{below}"))
    assert rows in article.body
