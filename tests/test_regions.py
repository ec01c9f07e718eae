"""The gazetteer: names, parents, dates, and mentions in running text."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import regions
from extract.words import table


def one(name: str, *near: str, on: date | None = None) -> str | None:
    company = [regions.named(other)[0] for other in near]
    region = regions.choose(regions.named(name, on), company, on)
    return regions.official(region) if region else None


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("湖州", "湖州市"),
        ("内蒙古", "内蒙古自治区"),
        ("延边", "延边朝鲜族自治州"),
        ("延边州", "延边朝鲜族自治州"),
        ("黔西南州", "黔西南布依族苗族自治州"),
        ("恩施州", "恩施土家族苗族自治州"),
        ("前郭县", "前郭尔罗斯蒙古族自治县"),
        ("城步", "城步苗族自治县"),
        ("浦东", "浦东新区"),
        ("雄安", "雄安新区"),
        ("鄂伦春旗", "鄂伦春自治旗"),
        ("石家庄高新区", "石家庄高新技术产业开发区"),
    ],
)
def test_short_names(short: str, full: str) -> None:
    assert regions.named(short)[0].name == full


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("罗湖区", "深圳市罗湖区"),
        ("杨浦", "上海市杨浦区"),
        ("福清市", "福清市"),
        ("闽侯县", "闽侯县"),
        ("伊金霍洛旗", "伊金霍洛旗"),
        ("浦东新区", "上海市浦东新区"),
        ("仙桃市", "仙桃市"),
    ],
)
def test_districts_carry_their_city(name: str, official: str) -> None:
    assert regions.official(regions.named(name)[0]) == official


def test_chain_and_parents() -> None:
    wuxing = regions.named("吴兴区")[0]
    assert regions.chain(wuxing) == "浙江省湖州市吴兴区"
    assert [above.name for above in regions.ancestors(wuxing)] == ["湖州市", "浙江省"]
    # No prefecture in between.
    assert regions.chain(regions.named("潜江市")[0]) == "湖北省潜江市"
    assert regions.chain(regions.named("酉阳县")[0]).startswith("重庆市")


@pytest.mark.parametrize(
    ("name", "on", "official"),
    [
        ("奉化", date(2014, 5, 1), "奉化市"),
        ("奉化", date(2021, 5, 1), "宁波市奉化区"),
        ("毕节地区", date(2009, 1, 1), "毕节地区"),
        ("莱芜", date(2015, 1, 1), "莱芜市"),
        ("莱芜", date(2023, 1, 1), "济南市莱芜区"),
        ("思茅", date(2005, 1, 1), "思茅市"),
        ("襄樊", date(2008, 1, 1), "襄樊市"),
        ("抚宁", date(2010, 6, 1), "抚宁县"),
        ("抚宁", None, "秦皇岛市抚宁区"),
    ],
)
def test_dated_names(name: str, on: date | None, official: str) -> None:
    assert one(name, on=on) == official


@pytest.mark.parametrize(
    ("name", "near", "official"),
    [
        ("鼓楼区", ("南京市",), "南京市鼓楼区"),
        ("鼓楼区", ("福建省",), "福州市鼓楼区"),
        ("鼓楼区", ("台江区",), "福州市鼓楼区"),
        ("鼓楼区", (), None),
        ("中山", (), "中山市"),
        ("中山区", ("大连市",), "大连市中山区"),
        ("通州", ("南通市",), "南通市通州区"),
    ],
)
def test_company_decides_between_namesakes(name: str, near: tuple[str, ...], official: str | None) -> None:
    assert one(name, *near) == official


def found(text: str) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.strength) for m in regions.mentions(text)]


def test_mentions_are_longest_and_left_to_right() -> None:
    assert found("浙江省湖州市吴兴区与上海南站") == [
        ("浙江省", "sure"), ("湖州市", "sure"), ("吴兴区", "sure"), ("上海", "sure"),
    ]  # fmt: skip


def test_names_that_are_words() -> None:
    assert found("职工互助金与资源") == [("互助", "word"), ("资源", "word")]
    assert found("青海互助") == [("青海", "sure"), ("互助", "sure")]
    assert found("走在泰安路上") == []
    assert found("当湖镇与长安镇") == []


def test_codes_are_unique_and_parents_exist() -> None:
    today = [row for row in table("regions") if not row["valid_to"]]
    codes = {row["code"] for row in today}
    assert len(codes) == len(today)
    assert all(row["parent"] in codes or row["level"] == "province" for row in table("regions"))
    assert {row["level"] for row in today} == {"province", "city", "county"}
    assert sum(bool(row["abbreviation"]) for row in today) == 34
    assert regions.abbreviated("粤") == regions.named("广东")[0]


def test_former_names_end_where_new_ones_begin() -> None:
    for row in table("region_changes"):
        assert row["valid_to"], row["term"]
        assert row["valid_from"] < row["valid_to"], row["term"]


@given(st.text(alphabet="杭州市浙江省上海南区总县 a1，\n", max_size=60))
def test_mentions_never_overlap(text: str) -> None:
    mentions = regions.mentions(text)
    for before, after in pairwise(mentions):
        assert before.end <= after.start
    assert all(
        text[m.start : m.end] in {n for r in m.candidates for n in (r.name, *r.short)} for m in mentions
    )
