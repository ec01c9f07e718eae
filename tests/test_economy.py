"""Figures of the economy and of trade, which are no facts of a union, beside outcomes of its work."""

import pytest

from extract import quantities

TRADE = [
    "全市地区生产总值迈上3200亿元台阶",
    "规上工业增加值增长5.8%",
    "该县苹果年产量90万吨",
    "公司去年销售收入21亿元，利润总额1.3亿元",
    "去年生产原油310万吨、天然气58亿立方米",
    "托起这座城市近3000亿元的工业产值",
    "他经手的铁水超过400万吨",
    "全县常住人口41.7万人",
    "居民人均可支配收入4.2万元",
]
UNION = [
    ("直播带动合作社销售收入120万元", "120万元"),
    ("工会帮扶的27户", "27户"),
    ("全村脱贫户人均纯收入提高到1.1万元", "1.1万元"),
    ("劳动竞赛助力企业增加产值2.6亿元", "2.6亿元"),
    ("采购大米1.2万吨", "1.2万吨"),
    ("年产量翻番，职工人均增收3000元", "3000元"),
]


@pytest.mark.parametrize("text", TRADE)
def test_trade(text: str) -> None:
    assert [text[q.start : q.end] for q in quantities.find(text)] == []


@pytest.mark.parametrize(("text", "surface"), UNION)
def test_outcomes_of_the_work(text: str, surface: str) -> None:
    assert surface in [text[q.start : q.end] for q in quantities.find(text)]
