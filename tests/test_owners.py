"""Whose facts a page tells: short pages of made-up news, each with the names its union may be given."""

from pathlib import Path

import pytest

from extract import pipeline
from extract.headlines import names_body
from extract.layout import split
from extract.model import Draft

PAGES = [
    tuple(block.split("\n", 1))
    for block in Path(__file__).with_name("owners.txt").read_text(encoding="utf-8").split("# owner: ")[1:]
]


@pytest.mark.parametrize(("names", "page"), PAGES, ids=[names.split("|")[0] for names, _ in PAGES])
def test_every_fact_is_the_owners(names: str, page: str) -> None:
    facts = [fact for reading in pipeline.read_page([Draft(page)]) for fact in reading.facts]
    assert facts
    found = {fact.organisation.name if fact.organisation else None for fact in facts}
    assert found <= set(names.split("|"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # The group is known, or the firm acts without its union as well.
        ("5月6日，一汽模具工会办起夜校，学员40人。", {"一汽模具工会"}),
        ("江峡重锻今年招工200人。江峡重锻工会为新工人租房60间。", {"江峡重锻工会"}),
        # A stretch that only once stands before 工会 is no name.
        ("如何让年轻人走进工会？今年有300人入会。", set()),
        ("该厂去年已建工会，会员120人。", set()),
        # Short forms of a firm named before.
        ("滨江城运公交集团的车队分6处。公交集团工会送餐300份。", {"滨江城运公交集团工会"}),
        ("北原油田地处戈壁，有井站40座。油田公司工会送水900箱。", {"北原油田工会"}),
        # 镇总工会 of the township that was named without its union.
        ("德清县禹越镇的厂里有了课堂。镇总工会开课18节。", {"德清县禹越镇总工会"}),
        # Who takes the money does not act.
        ("苏州市总工会慰问工地。江峡重锻公司工会代表领取慰问金5万元。", {"苏州市总工会"}),
        # The people at a work, whoever builds it.
        ("东淠高铁的隧道口很热。项目部工会送水900箱。", {"东淠高铁项目部工会"}),
        ("北站社区工联会开课40节。", {"北站社区工会联合会"}),
        ("平潭综合实验区总工会办班5期。", {"平潭综合实验区总工会"}),
    ],
)
def test_short_forms_and_firms(text: str, found: set[str]) -> None:
    facts = [fact for reading in pipeline.read_page([Draft(text)]) for fact in reading.facts]
    assert {fact.organisation.name for fact in facts[-1:] if fact.organisation} == found


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("清河市总工会", True),
        ("“幸福班车”开进小微园区", False),
        ("夜校办到工地医院", False),
    ],
)
def test_a_headline_is_no_name_of_a_body(line: str, body: bool) -> None:
    assert names_body(line) is body


def test_name_of_the_account_is_no_headline() -> None:
    head = "解放人的家园\n七一特辑｜党旗下的“老班长”\n2023-06-30 17:20 吉林 解放人的家园\n"
    page = head + "6月29日，工会举行宣讲，300人到场。"
    assert split(Draft(page))[0].meta.title == "七一特辑｜党旗下的“老班长”"
