"""Time expressions: what they mean, which stretches are none."""

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import calendars, dates
from extract.date_patterns import integer, normalise
from extract.model import DateMention

PUBLISHED = date(2023, 6, 20)
"""A Tuesday."""


def span(mention: DateMention) -> str:
    """`start/end` with a dash for an open end."""
    return "/".join("-" if d is None else d.isoformat() for d in (mention.date_start, mention.date_end))


def read(text: str, reference: date | None = PUBLISHED) -> list[tuple[str, str]]:
    """(surface, start/end) of every mention."""
    return [(text[m.start : m.end], span(m)) for m in dates.find(text, reference)]


def only(text: str, reference: date | None = PUBLISHED) -> DateMention:
    mentions = dates.find(text, reference)
    assert len(mentions) == 1, [text[m.start : m.end] for m in mentions]
    return mentions[0]


DAY, MAY, YEAR = "2023-05-12/2023-05-12", "2023-05-01/2023-05-31", "2023-01-01/2023-12-31"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年5月12日，市总工会举行启动仪式。", DAY),
        ("２０２３年５月１２日，启动。", DAY),
        ("二〇二三年五月十二日，启动。", DAY),
        ("二零二三年五月十二日，启动。", DAY),
        ("二○二三年五月十二日，启动。", DAY),
        ("活动于2023.05.12举行", DAY),
        ("活动于2023-05-12举行", DAY),
        ("活动于2023/5/12举行", DAY),
        ("2023\n年5月\n12日，启动。", DAY),
        ("5月12日上午，启动。", DAY),
        ("5月12日（周五），启动。", DAY),
        ("2023年，全市新建工会120家", YEAR),
        ("2023年度共新建工会120家", YEAR),
        ("5月份发放慰问品80份", MAY),
        ("2023年5月，发放慰问品80份", MAY),
        ("12日，记者从市总工会获悉", "2023-06-12/2023-06-12"),
        ("记者28日从市总工会获悉", "2023-05-28/2023-05-28"),
        ("去年，新建工会120家", "2022-01-01/2022-12-31"),
        ("前年新建工会120家", "2021-01-01/2021-12-31"),
        ("去年12月，新建工会12家", "2022-12-01/2022-12-31"),
        ("今年上半年新建工会12家", "2023-01-01/2023-06-30"),
        ("今年一季度新建工会12家", "2023-01-01/2023-03-31"),
        ("第一季度新建工会12家", "2023-01-01/2023-03-31"),
        ("去年前三季度新建工会12家", "2022-01-01/2022-09-30"),
        ("今年前5个月新建工会12家", "2023-01-01/2023-05-31"),
        ("去年底存量为12家", "2022-12-31/2022-12-31"),
        ("今年年初启动", "2023-01-01/2023-01-31"),
        ("上月新建12家", "2023-05-01/2023-05-31"),
        ("本月中旬启动", "2023-06-11/2023-06-20"),
        ("5月初启动", "2023-05-01/2023-05-10"),
        ("5月下旬启动", "2023-05-21/2023-05-31"),
        ("本月底启动", "2023-06-30/2023-06-30"),
        ("昨日，启动", "2023-06-19/2023-06-19"),
        ("前天上午，启动", "2023-06-18/2023-06-18"),
        ("上周，启动", "2023-06-12/2023-06-18"),
        ("上周五，启动", "2023-06-16/2023-06-16"),
        ("本周将启动", "2023-06-19/2023-06-25"),
        ("周一，启动", "2023-06-19/2023-06-19"),
        ("三年前，驿站建成", "2020-01-01/2020-12-31"),
        ("三天前，驿站建成", "2023-06-17/2023-06-17"),
        ("“十四五”期间新建驿站", "2021-01-01/2025-12-31"),
        ("十三五末建成驿站", "2020-12-31/2020-12-31"),
        ("22年3月建成驿站", "2022-03-01/2022-03-31"),
        ("党的“十四五”开局之年，建成驿站", "2021-01-01/2021-12-31"),
        ("三年要建100个驿站", "2023-06-20/2026-06-20"),
        ("2022上半年新建工会12家", "2022-01-01/2022-06-30"),
    ],
)
def test_event(text: str, expected: str) -> None:
    assert span(dates.find(text, PUBLISHED)[-1]) == expected


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        ("今年1月至5月，新建12家", "今年1月至5月", "2023-01-01/2023-05-31"),
        ("今年1至5月，新建12家", "今年1至5月", "2023-01-01/2023-05-31"),
        ("今年1—5月份，新建12家", "今年1—5月份", "2023-01-01/2023-05-31"),
        ("7至8月计划投入8万元", "7至8月", "2023-07-01/2023-08-31"),
        ("5月9日至12日，举办培训", "5月9日至12日", "2023-05-09/2023-05-12"),
        ("5月9日～12日，举办培训", "5月9日～12日", "2023-05-09/2023-05-12"),
        ("5月9-12日，举办培训", "5月9-12日", "2023-05-09/2023-05-12"),
        ("4月28日至5月3日，举办培训", "4月28日至5月3日", "2023-04-28/2023-05-03"),
        ("8日至18日，举办培训", "8日至18日", "2023-06-08/2023-06-18"),
        ("2020-2022年，新建30家", "2020-2022年", "2020-01-01/2022-12-31"),
        ("2020年—2022年新建30家", "2020年—2022年", "2020-01-01/2022-12-31"),
        ("2022-2023年度竞赛", "2022-2023年度", "2022-01-01/2023-12-31"),
        ("2022年12月至2023年2月走访", "2022年12月至2023年2月", "2022-12-01/2023-02-28"),
        ("去年12月至今年2月走访", "去年12月至今年2月", "2022-12-01/2023-02-28"),
        ("12月20日至1月5日走访", "12月20日至1月5日", "2022-12-20/2023-01-05"),
        ("3月到5月上旬最忙", "3月到5月上旬", "2023-03-01/2023-05-10"),
        ("一月十日到十二日集训", "一月十日到十二日", "2023-01-10/2023-01-12"),
        ("从2019年挂牌到2022年底，入会300家", "2019年挂牌到2022年底", "2019-01-01/2022-12-31"),
        ("今年截至5月底已建12家", "今年截至5月底", "2023-01-01/2023-05-31"),
        ("在2020年与2022年之间，新建30家", "2020年与2022年之间", "2020-01-01/2022-12-31"),
    ],
)
def test_range(text: str, surface: str, expected: str) -> None:
    assert read(text)[0] == (surface, expected)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("今年以来，新建12家", "cumulative", "2023-01-01/2023-06-20"),
        ("今年1月以来新建12家", "cumulative", "2023-01-01/2023-06-20"),
        ("自2018年8月起，开展培训", "cumulative", "2018-08-01/2023-06-20"),
        ("2019年以来，开展培训", "cumulative", "2019-01-01/2023-06-20"),
        ("2019年投用以来，接待8000人次", "cumulative", "2019-01-01/2023-06-20"),
        ("1月5日至今，接待800人次", "cumulative", "2023-01-05/2023-06-20"),
        ("春节以来，接待800人次", "cumulative", "2023-01-22/2023-06-20"),
        ("党的十八大以来，接待800人次", "cumulative", "2012-11-08/2023-06-20"),
        ("截至目前，接待800人次", "cumulative", "-/2023-06-20"),
        ("累计接待800人次", "cumulative", "-/2023-06-20"),
        ("迄今接待800人次", "cumulative", "-/2023-06-20"),
        ("截至3月底，接待800人次", "cumulative", "-/2023-03-31"),
        ("截至2021年2月，接待800人次", "cumulative", "-/2021-02-28"),
        ("截至18日，接待800人次", "cumulative", "-/2023-06-18"),
        ("到去年底，接待800人次", "cumulative", "-/2022-12-31"),
        ("元旦前，走访800户", "cumulative", "-/2022-12-31"),
        ("近三年，新建12家", "cumulative", "2020-06-20/2023-06-20"),
        ("全市近三年共建12家", "cumulative", "2020-06-20/2023-06-20"),
        ("五年间，新建12家", "cumulative", "2018-06-20/2023-06-20"),
        ("五年来，新建12家", "cumulative", "2018-06-20/2023-06-20"),
        ("过去一年新建12家", "cumulative", "2022-06-20/2023-06-20"),
        ("前两年，新建12家", "cumulative", "2021-01-01/2022-12-31"),
        ("“十四五”以来，新建12家", "cumulative", "2021-01-01/2023-06-20"),
        ("推开至今年3月底，12家领到返还款", "cumulative", "-/2023-03-31"),
        ("即日起至7月6日，报名开始", "event", "2023-06-20/2023-07-06"),
        ("即日起至6日，报名开始", "event", "2023-06-20/2023-07-06"),
        ("近日，启动", "recent", "-/2023-06-20"),
        ("记者日前获悉", "recent", "-/2023-06-20"),
        ("到2025年，建成100家", "future", "-/2025-12-31"),
        ("年底前建成100家", "future", "-/2023-12-31"),
        ("8月底前建成100家", "future", "-/2023-08-31"),
        ("未来7天发放完毕", "future", "2023-06-21/2023-06-27"),
        ("未来三年建成100家", "future", "2023-06-20/2026-06-20"),
        ("用三年时间建成100家", "future", "2023-06-20/2026-06-20"),
        ("3年内建成100家", "future", "2023-06-20/2026-06-20"),
        ("7月起，固定发放", "future", "2023-07-01/-"),
        ("自今年起每家补助2万元", "future", "2023-01-01/-"),
        ("每年走访800户", "recurring", "-/-"),
    ],
)
def test_open(text: str, kind: str, expected: str) -> None:
    mention = only(text)
    assert (mention.kind, span(mention)) == (kind, expected)


@pytest.mark.parametrize(
    ("text", "reference", "expected"),
    [
        ("今年春节前夕，慰问80人", "2023-06-20", "2023-01-01/2023-01-21"),
        ("中秋节前夕，慰问80人", "2023-12-01", "2023-09-01/2023-09-28"),
        ("去年春节期间，慰问80人", "2023-06-20", "2022-01-31/2022-02-06"),
        ("“五一”期间，接待80人", "2023-06-20", "2023-05-01/2023-05-05"),
        ("五一假期，接待80人", "2013-06-20", "2013-05-01/2013-05-03"),
        ("国庆假期，接待80人", "2023-10-20", "2023-10-01/2023-10-07"),
        ("端午节当天，接待80人", "2023-07-20", "2023-06-22/2023-06-22"),
        ("“两节”期间，走访80户", "2018-01-16", "2018-01-01/2018-02-16"),
        ("元旦、春节期间，走访80户", "2018-01-16", "2018-01-01/2018-02-16"),
        ("去年两节，走访80户", "2014-01-15", "2013-01-01/2013-02-10"),
        ("“两节”将至，走访80户", "2025-12-23", "2026-01-01/2026-02-17"),
        ("去年高考期间，服务80人", "2021-06-20", "2020-07-07/2020-07-08"),
        ("2023年“春风行动”进企业", "2023-02-20", "2023-01-01/2023-12-31"),
        ("2023年金秋助学启动", "2023-08-20", "2023-01-01/2023-12-31"),
        ("2023年五一劳动奖章揭晓", "2023-06-20", "2023-01-01/2023-12-31"),
        ("去年暑期，托管80人", "2023-06-20", "2022-07-01/2022-08-31"),
        ("去年秋天，走访80户", "2023-06-20", "2022-09-01/2022-11-30"),
        ("今夏送清凉80处", "2023-06-20", "2023-06-01/2023-08-31"),
        ("正月初七，招聘会开场", "2026-02-27", "2026-02-23/2026-02-23"),
        ("农历二月八，庙会开场", "2024-03-22", "2024-03-17/2024-03-17"),
        ("今年正月，工地开工", "2022-02-24", "2022-02-01/2022-03-02"),
        ("“五一”国际劳动节前夕，慰问80人", "2023-06-20", "2023-04-01/2023-04-30"),
        ("端午佳节来临之际，慰问80人", "2023-06-20", "2023-06-01/2023-06-21"),
        ("去年腊月廿三，走访80户", "2023-06-20", "2022-01-25/2022-01-25"),
        ("大暑当天，送清凉", "2023-07-30", "2023-07-23/2023-07-23"),
        ("立冬时节，送温暖", "2023-11-30", "2023-11-08/2023-11-08"),
    ],
)
def test_named_days(text: str, reference: str, expected: str) -> None:
    assert read(text, date.fromisoformat(reference))[0][1] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5月12日，驿站启用。当天接待80人。", ["2023-05-12/2023-05-12"] * 2),
        ("5月12日，驿站启用。次日接待80人。", ["2023-05-12/2023-05-12", "2023-05-13/2023-05-13"]),
        ("2021年5月12日，驿站启用。同年接待80人。", ["2021-05-12/2021-05-12", "2021-01-01/2021-12-31"]),
        ("2021年5月12日，驿站启用。次年接待80人。", ["2021-05-12/2021-05-12", "2022-01-01/2022-12-31"]),
        ("5月12日、15日各办一场。", ["2023-05-12/2023-05-12", "2023-05-15/2023-05-15"]),
        ("2022年，新建12家，其中9月新建3家。", ["2022-01-01/2022-12-31", "2022-09-01/2022-09-30"]),
        ("今年1月至5月走访80户，去年同期走访60户。", ["2023-01-01/2023-05-31", "2022-01-01/2022-05-31"]),
        ("今年以来走访80户，去年同期走访60户。", ["2023-01-01/2023-06-20", "2022-01-01/2022-06-20"]),
        ("2022年走访80户，比上年多12户。", ["2022-01-01/2022-12-31", "2021-01-01/2021-12-31"]),
        ("2020年4月，驿站启用。三年来接待80人。", ["2020-04-01/2020-04-30", "2020-04-01/2023-06-20"]),
        ("今年1月至5月，全市累计走访80户。", ["2023-01-01/2023-05-31"]),
        ("去年新建12家，累计80家。", ["2022-01-01/2022-12-31", "-/2023-06-20"]),
        ("2021年度的申请将于6月30日截止。", ["2021-01-01/2021-12-31", "2023-06-30/2023-06-30"]),
        (
            "2022年走访80户，比2020年多12户；上一年走访60户。",
            ["2022-01-01/2022-12-31", "2020-01-01/2020-12-31", "2021-01-01/2021-12-31"],
        ),
        ("每年5月走访80户。", ["-/-", "-/-"]),
        ("每年5月至9月走访80户。", ["-/-", "-/-"]),
    ],
)
def test_refers_back(text: str, expected: list[str]) -> None:
    assert [found for _, found in read(text)] == expected


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("12月25日，走访80户", "2024-01-10", "2023-12-25/2023-12-25"),
        ("11月，走访80户", "2024-01-10", "2023-11-01/2023-11-30"),
        ("7月1日将启用", "2023-06-20", "2023-07-01/2023-07-01"),
        ("定于9月启用", "2023-03-20", "2023-09-01/2023-09-30"),
        ("下半年再建80家", "2023-03-20", "2022-07-01/2022-12-31"),
        ("下半年计划再建80家", "2023-03-20", "2023-07-01/2023-12-31"),
        ("2023年的工作逐项通报。全年走访80户", "2024-01-10", "2023-01-01/2023-12-31"),
        ("2月29日，走访80户", "2023-03-20", "2020-02-29/2020-02-29"),
    ],
)
def test_year_left_out(text: str, published: str, expected: str) -> None:
    assert span(dates.find(text, date.fromisoformat(published))[-1]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "24小时开放",
        "为期3天的培训",
        "培训历时5日结束",
        "今后拨打12351热线"[2:],
        "涉及企业2185家",
        "第十一届职工运动会",
        "五分之一的职工",
        "获五一劳动奖章",
        "授予“五一”劳动奖状",
        "五一广场站点",
        "三八红旗手",
        "“五四”奖章",
        "幸福路1号楼",
        "地铁3号线",
        "见02版",
        "门票2.9折",
        "占比3.12",
        "《目录（2021年版）》",
        "2月30日启动",
        "2023年2月29日启动",
        "13月启动",
        "5月32日启动",
        "2023-13-12",
        "职工8.5万人，35岁",
        "电话：0791-8684-9032",
        "3月龄婴儿",
        "2日疗休养券",
        "当前位置：首页",
        "来源：今日新城",
        "李师傅今年49岁",
        "在矿上工作近30年",
        "干了近三年",
        "提前两年完成",
        "地铁1—2号线",
        "年货500份"[1:],
        "藏历新年到来前"[:4],
        "每10户中有1户"[1:],
        "工会主席孙国庆说",
        "周一鸣说",
        "共有十五个站点",
        "美好的明天会更好",
        "春节联欢晚会",
        "身高一米七五",
        "比例为2023:1",
    ],
)
def test_no_date(text: str) -> None:
    assert read(text) == []


def test_the_pages_own_date_is_not_the_articles() -> None:
    head = "2023年06月20日 星期二\n2023-06-20 来源：新城日报\n2023年6月20日\n"
    head += "发布时间：2023-06-20 08:15\n2023年第12期\n"
    text = head + "5月12日，驿站启用。（2023年06月20日 02版）"
    assert read(text) == [("5月12日", DAY)]


@pytest.mark.parametrize(
    ("text", "basis", "precision"),
    [
        ("2023年5月12日，启用", "printed", "day"),
        ("5月12日，启用", "inferred from publication date", "day"),
        ("去年，启用", "inferred from publication date", "year"),
        ("今年上半年，启用", "inferred from publication date", "half-year"),
        ("2022年三季度，启用", "printed", "quarter"),
        ("2022年5月，启用", "printed", "month"),
        ("上周，启用", "inferred from publication date", "week"),
        ("2021年夏天，启用", "printed", "season"),
        ("2020年至2022年，启用", "printed", "years"),
        ("2022年5月9日至12日，启用", "printed", "span"),
        ("近日，启用", "inferred from publication date", "open"),
    ],
)
def test_basis_and_precision(text: str, basis: str, precision: str) -> None:
    mention = only(text)
    assert (mention.basis, mention.precision) == (basis, precision)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12月15日，2022年全市工会改革推进会召开。", ["2022-12-15/2022-12-15", "2022-01-01/2022-12-31"]),
        ("庆祝建党100周年之际，今年以来走访80户，去年走访60户。", ["2021-01-01/-", "2020-01-01/2020-12-31"]),
        ("2021年，启动。近日，走访80户。三年来走访800户。", ["2021-01-01/2021-12-31", "-/-", "2018-01-01/-"]),
        ("12月15日，走访80户。截至目前走访800户。", ["-/-", "-/-"]),
        ("2021年，启动。3年内建成100家。", ["2021-01-01/2021-12-31", "2021-01-01/2023-12-31"]),
    ],
)
def test_publication_date_unknown(text: str, expected: list[str]) -> None:
    assert [found for _, found in read(text, None)] == expected


def test_year_given_from_outside() -> None:
    mention = dates.find("5月12日，启用", None, year=2022)[0]
    assert (span(mention), mention.basis) == ("2022-05-12/2022-05-12", "inferred from article")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("12月15日，2022年全市工会改革推进会召开。", 2022),
        ("自2018年起开展，2019年投入60万元，今年投入80万元。", 2020),
        ("2014年4月挂牌。九年来，接待800人次。", 2023),
        ("驿站2019年启用，接待800人次。", None),
        ("庆祝中国共产党成立100周年", 2021),
        ("迎接建党百年活动", 2021),
        ("庆祝新中国成立70周年", 2019),
        ("2022年走访80户，到2025年建成100家。", 2022),
        ("2022年走访80户，2023年计划走访100户。", 2022),
        ("12月14日，2022年入会80家。启动2023年元旦、春节送温暖", 2022),
        ("补助50%（2024年）、40%（2025年）、30%（2026年）", 2024),
        ("截至2022年底走访800户，今年走访80户。", 2023),
        ("慰问80人", None),
        ("涉及2021家企业", None),
    ],
)
def test_publication_year(text: str, year: int | None) -> None:
    assert dates.publication_year(text) == year


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("7月12日(星期五),市总工会召开座谈会。", None),
        ("2023年立项。7月12日(星期五),市总工会召开座谈会。", 2024),
        ("1月22日,大年初一,环卫工人仍在岗。2月5日元宵节。", 2023),
        ("6月22日端午节,驿站送粽子。", 2023),
        ("1月25日(农历腊月十五),走访慰问。", 2024),
        ("除夕(1月28日)当天,值班职工吃上年夜饭。", 2025),
        ("壬寅虎年春节前夕,县总工会走访慰问。", 2022),
        ("甲辰年伊始,工会送岗位。", 2024),
        ("今年是“十四五”规划的开局之年,工会新建站点20家。", 2021),
        ("今年是“十三五”收官之年。", 2020),
        ("去年是“十四五”开局之年。", 2022),
        ("按照2023—2025年三年行动计划,三年内组织10万人。去年是第一年,完成3万人。", 2024),
        ("按照《职工素质提升行动计划(2021-2023年)》,全市投入300万元。今年是第二年。", 2022),
        ("今年是实施2022-2024年三年行动方案的最后一年。", 2024),
        ("深入学习贯彻党的二十大精神,5月12日县总工会宣讲。", 2023),
        ("深入学习贯彻党的二十大精神,11月12日县总工会宣讲。", 2022),
        ("2019年职工书屋建成。县总工会学习宣传贯彻党的二十大精神,11月2日开讲。", 2022),
        ("疫情期间,县总工会帮贫困户卖鸡,贫困户增收。", 2020),
        ("疫情期间,县总工会送去口罩。", None),
        ("援鄂医务人员归来,市总慰问2000元。", 2020),
        ("12月20日,市总启动2024年元旦春节送温暖活动。", 2023),
        ("市总启动2024年元旦春节送温暖活动,走访1月10日开始。", 2024),
        ("党史学习教育中,工会办实事30件。", 2021),
        ("庆祝中国共产党成立102周年座谈会", 2023),
        ("庆祝新中国成立75周年", 2024),
        ("中华全国总工会成立100周年之际", 2025),
        ("2023年,全市新建驿站50家。2024年计划新建60家。", 2023),
        ("2023年全市新建驿站50家,今年再建60家。", 2024),
        ("截至2022年底,建会1200家。今年将新增100家。", 2023),
        ("截至2023年6月,建会1200家。", 2023),
        ("自2018年以来,累计救助300人。", None),
        ("到2025年,力争建成驿站500家。", 2025),
        ("2022-2023年度表彰大会,表彰50人", 2023),
        ("2021年至2023年,累计投入300万元。", 2023),
        ("二〇二二年,全县慰问困难职工300人。", 2022),
        ("2020级学生和1998年出生的小李。", None),
        ("去年(2022年)全市新增会员3万人。", 2023),
        ("今年(2023年)全市新增会员3万人。", 2023),
        ("2023年上半年,投入30万元,比2022年同期增长5%。", 2023),
        ("第十八届“五一”劳动奖章;中国工会十八大精神宣讲,3月8日", 2024),
        ("2023.5.12 县总工会慰问。", 2023),
        ("市总工会2024年工作要点印发,全年计划投入500万元。", 2024),
        ("我市2023届高校毕业生招聘会,5月举行", 2023),
        ("2023年度“金秋助学”活动启动,今年资助120人。", 2023),
        ("时间回到2016年,他当选劳模。去年他退休。", None),
        ("1949年10月1日,新中国成立。今年慰问30人。", None),
    ],
)
def test_year_by_clues(text: str, year: int | None) -> None:
    assert dates.publication_year(text) == year


@pytest.mark.parametrize("text", ["", "职工", "2月30日", "13月", "十分", "2185家", "5月12日启用", "从前"])
def test_resolve_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|day|month|year"):
        dates.resolve(text, PUBLISHED)


@pytest.mark.parametrize(
    ("text", "prefer", "expected"),
    [
        ("5月12日", "past", DAY),
        ("5月12日", "future", "2024-05-12/2024-05-12"),
        ("29日", "future", "2023-06-29/2023-06-29"),
        ("12/5/2023", "past", DAY),
        ("2023 05 12", "past", DAY),
        ("两千年八月十五", "past", "2000-08-15/2000-08-15"),
        ("从5月9日到12日", "past", "2023-05-09/2023-05-12"),
        ("零八年", "past", "2008-01-01/2008-12-31"),
        ("10月的第一周", "past", "2022-10-03/2022-10-09"),
    ],
)
def test_resolve(text: str, prefer: str, expected: str) -> None:
    assert span(dates.resolve(text, PUBLISHED, prefer)) == expected


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("新城5月12日电", "dateline"),
        ("本报5月12日讯（记者 李明）", "dateline"),
        ("比去年多12户", "compared"),
        ("与去年相比，多12户", "compared"),
        ("5月12日电话回访80户", "calendar"),
        ("春节后走访80户", "after"),
        ("累计走访80户", "total"),
    ],
)
def test_rule(text: str, rule: str) -> None:
    assert only(text).rule == rule


def test_cut_to() -> None:
    year = only("今年走访80户")
    assert span(dates.cut_to(year, PUBLISHED)) == "2023-01-01/2023-06-20"
    assert dates.cut_to(year, None) is year
    last = only("去年走访80户")
    assert dates.cut_to(last, PUBLISHED) is last


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("廿三", 23),
        ("三十一", 31),
        ("二〇二三", 2023),
        ("一百零五", 105),
    ],
)
def test_integer(text: str, value: int) -> None:
    assert integer(text) == value


def test_calendar_tables() -> None:
    for year in range(2005, 2036):
        spring = calendars.festival("春节", year)[0]
        assert date(year, 1, 21) <= spring <= date(year, 2, 21)
        assert calendars.festival("除夕", year)[0] == spring - timedelta(1)
        autumn = calendars.festival("中秋节", year)[0]
        assert date(year, 9, 7) <= autumn <= date(year, 10, 8)
        terms = [calendars.solar_term(name, year) for name in calendars.solar_terms()]
        assert terms == sorted(terms)
        assert all(14 <= (b - a).days <= 17 for a, b in pairwise(terms))
    # Known days: a year with a leap second month, and one with a leap sixth.
    assert calendars.festival("中秋", 2023)[0] == date(2023, 9, 29)
    assert calendars.festival("端午", 2017)[0] == date(2017, 5, 30)
    assert calendars.festival("中秋", 2017)[0] == date(2017, 10, 4)
    with pytest.raises(ValueError, match="1890"):
        calendars.festival("春节", 1890)


PIECES = [
    *"年月日号至到-—~的第近前后内来每自从截，。、 \n“”（）.一二三十〇０5",
    *(
        "2023",
        "13",
        "29",
        "去年",
        "今年",
        "上半年",
        "春节",
        "期间",
        "以来",
        "十四五",
        "当天",
        "次年",
        "两节",
        "农历",
        "月底",
    ),
    *("同期", "截至", "周三", "1900", "2099", "个月", "立冬", "千年"),
]
REFERENCES = st.one_of(st.none(), st.dates(date(1, 1, 1), date(9999, 12, 31)))


TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


@given(TEXTS, REFERENCES)
def test_find_holds_its_promises(text: str, reference: date | None) -> None:
    end = 0
    for mention in dates.find(text, reference):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
        if mention.date_start and mention.date_end:
            assert mention.date_start <= mention.date_end


@given(
    st.one_of(st.text(max_size=20), st.lists(st.sampled_from(PIECES), max_size=5).map("".join)), REFERENCES
)
def test_resolve_gives_a_date_or_refuses(text: str, reference: date | None) -> None:
    try:
        mention = dates.resolve(text, reference)
    except ValueError:
        return
    assert (mention.start, mention.end) == (0, len(text))


@given(st.text())
def test_normalise_keeps_offsets(text: str) -> None:
    assert len(normalise(text)) == len(text)


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)))
def test_every_day_reads_back(day: date) -> None:
    for text in (f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}", f"{day:%Y.%m.%d}"):
        assert span(only(text + "，启用", None)) == f"{day}/{day}"


NOISE = ("2023年", "1月至", "近3年", "十", "“五一", "从3月到", "3日、", "去年开行", "截至", "每")


@pytest.mark.parametrize("piece", NOISE)
def test_long_repetitions_are_read(piece: str) -> None:
    dates.find(piece * 3_000, PUBLISHED)


SPECS = Path(__file__).parent.parent.parent / "shared" / "specs"


@pytest.mark.skipif(not SPECS.exists(), reason="the Recognizers-Text cases are kept outside the repository")
@pytest.mark.parametrize(("kind", "least"), [("date", 1.0), ("dateperiod", 0.88)])
def test_cases_of_a_peer(kind: str, least: float) -> None:
    """Years in a range count whole here (2016年至2018年 runs to December), not up to its first day."""
    rows = [json.loads(line) for line in (SPECS / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()]
    right = 0
    for row in rows:
        accepted = set()
        for value in (row["past"], row["future"]):
            start, end = (value, value) if kind == "date" else value
            accepted |= {(start, end)}
            if kind == "dateperiod":
                accepted |= {(start, str(date.fromisoformat(end) - timedelta(1)))}
        try:
            mention = dates.resolve(row["text"], date.fromisoformat(row["reference_date"]))
            found = (str(mention.date_start), str(mention.date_end))
        except ValueError:
            found = ("0001-01-01", "0001-01-01")
        right += found in accepted
    assert right / len(rows) >= least
