"""Whose page it is, read from its head, its foot and the account that posted it."""

import pytest

from crawler import pages
from extract import layout, pipeline
from extract.lines import split_lines
from extract.mastheads import is_head, masthead
from extract.model import Draft

BODY = "6月2日，院工会走访车间班组，为120名职工送上防暑用品，全院职工代表参加了活动。"


@pytest.mark.parametrize(
    ("above", "below", "owner"),
    [
        ("清河市中医院\n首页 医院概况", "", "清河市中医院"),
        ("清河市总工会 > 工作动态", "", "清河市总工会"),
        ("清河集团有限公司 | 新闻中心", "", "清河集团有限公司"),
        ("清河日报社\n首页", "", None),
        ("首页 | 产业工会 | 基层工会", "", None),
        ("首页", "版权所有：清河市第二中学 备案号", "清河市第二中学"),
        ("首页", "地址：清河市第二中学", None),
        ("清河市人民政府", "主办：清河市总工会", "清河市总工会"),
        ("基层动态_清河市总工会", "", "清河市总工会"),
        ("德清融媒 > 要闻", "", "德清融媒"),
        ("德清日报 2023年5月1日", "", None),
    ],
)
def test_owner(above: str, below: str, owner: str | None) -> None:
    assert masthead(split_lines(above), split_lines(below)) == owner


@pytest.mark.parametrize(
    ("line", "head"),
    [
        ("清河市总工会 / 基层组建", True),
        ("清河工会微平台", True),
        ("清河日报 工会新闻", True),
        ("清河集团有限公司    新闻中心 / 群团之声", True),
        ("医院新闻 / 党建群团", True),
        ("德清融媒", True),
        ("融媒进车间", False),
        ("清河市总工会", False),
        ("清河市总工会 慰问一线职工", False),
        ("把清凉送到工地", False),
    ],
)
def test_head(line: str, head: bool) -> None:
    assert is_head(split_lines(line)[0]) is head


@pytest.mark.parametrize(
    ("above", "acting"),
    [
        ("清河市中医院\n首页 医院概况\n## 送清凉", "清河市中医院工会"),
        ("首页\n## 送清凉\n2024-06-03 来源：清河市中医院工会", "清河市中医院工会"),
        ("青钢工会\n送清凉到炉台\n青钢工会 2024-06-03 17:20 发表于江苏", "青钢工会"),
    ],
)
def test_short_forms_mean_the_owner(above: str, acting: str) -> None:
    (reading,) = pipeline.read_page([Draft(f"{above}\n{BODY}")])
    assert [fact.organisation.name for fact in reading.facts if fact.organisation] == [acting]


def test_a_site_names_its_owner() -> None:
    page = f"""<html><head><title>送清凉到车间_工会动态_清河市中医院</title></head><body><h1>送清凉到车间</h1>
    <div id="zoom"><p>{BODY}</p><p>活动还将持续到九月，各分会将轮流走访后勤和门诊窗口的职工。</p></div>
    </body></html>"""
    drafts = pages.read(page, "http://qinghe.example/t1.html")
    (reading,) = pipeline.read_page(drafts)
    assert [fact.organisation.name for fact in reading.facts if fact.organisation] == ["清河市中医院工会"]


def test_posts_name_their_account() -> None:
    page = f"爱心助学 | 清河镇总工会为学子圆梦行动\n清河镇总工会 清河工会 2024-06-03 17:20 发表于江苏\n{BODY}"
    (article,) = layout.split(Draft(page))
    assert article.meta.title == "爱心助学 | 清河镇总工会为学子圆梦行动"
    assert article.meta.source == "清河工会"
    assert str(article.meta.published) == "2024-06-03"


def test_a_page_of_several_stories_has_no_owner() -> None:
    stories = [
        "清河送清凉进车间\n本报讯（记者 李明） 6月2日，院工会走访车间班组，为120名职工送上防暑用品。",
        "职工书画展在清河开幕\n本报讯（记者 王芳） 6月3日，职工书画展开幕，展出作品86幅，月底结束。",
    ]
    articles = layout.split(Draft("\n".join(["清河市中医院", "首页", *stories])))
    assert [article.meta.masthead for article in articles] == [None, None]


def test_three_counties_of_a_city_are_the_citys_news() -> None:
    rows = "城中区 12\n鱼峰区 15\n柳江区 9"
    lead = "上半年，全市新建工会36家，各地进展如下。"
    page = f"柳州市总工会\n首页\n## 进展情况通报\n{lead}\n{rows}\n请融安县总工会补足缺口。"
    (reading,) = pipeline.read_page([Draft(page)])
    assert [fact.organisation.name for fact in reading.facts[:1] if fact.organisation] == ["柳州市总工会"]
