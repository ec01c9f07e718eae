"""Mentions tied together: who, what, when, how firmly, on short articles written for these tests."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.model import Article, Draft, Fact, Metadata
from extract.pipeline import read, read_page

PUBLISHED = date(2024, 7, 12)


def facts(title: str, text: str, published: date | None = PUBLISHED) -> list[Fact]:
    body = f"{title}\n{text}"
    meta = Metadata(title=title, published=published)
    return list(read(Article(body=body, lead=len(title) + 1, meta=meta)).facts)


def only(title: str, text: str, surface: str, published: date | None = PUBLISHED) -> Fact:
    found = [fact for fact in facts(title, text, published) if surface in fact.quote]
    assert len(found) == 1, [fact.quote for fact in found]
    return found[0]


def organisation(fact: Fact) -> str | None:
    return fact.organisation.name if fact.organisation else None


def period(fact: Fact) -> tuple[str | None, str | None]:
    when = fact.when
    ends = (when.date_start, when.date_end) if when else (None, None)
    return tuple(end.isoformat() if end else None for end in ends)  # type: ignore[return-value]


TITLE = "绍兴市总工会为职工送清凉"

WHO = [
    ("本报讯 7月9日,绍兴市总工会走访工地,慰问职工320人。", "320人", "绍兴市总工会"),
    ("7月9日,诸暨市总工会慰问职工85人;绍兴市总工会慰问职工320人。", "320人", "绍兴市总工会"),
    ("本报讯 7月9日,慰问组来到工地,送去饮料40箱。", "40箱", "绍兴市总工会"),
    ("7月9日,嵊州市总工会启动行动。慰问组走访工地,送去饮料40箱。", "40箱", "嵊州市总工会"),
    ("7月9日起,活动由嵊州市总工会举办,吸引职工1200人。", "1200人", "嵊州市总工会"),
    ("市总投入50万元。", "50万元", "绍兴市总工会"),
    # A place stands for its union: as topic of a sentence, and in an item of a list.
    ("市总投入50万元。嵊州走访企业46家。", "46家", "嵊州市总工会"),
    ("市总安排名额80名,其中诸暨市32名、嵊州28名,市直20名。", "28名", "嵊州市总工会"),
    ("市总安排名额80名,其中诸暨市32名、嵊州28名,市直20名。", "20名", "绍兴市总工会"),
    ("诸暨、嵊州2市走访企业46家。", "46家", "绍兴市总工会"),
    # What comes from above does not act below.
    ("绍兴市总工会用中华全国总工会下拨的资金,慰问职工320人。", "320人", "绍兴市总工会"),
]


@pytest.mark.parametrize(("text", "surface", "name"), WHO)
def test_who(text: str, surface: str, name: str) -> None:
    assert (organisation(only(TITLE, text, surface)) or "").endswith(name)


WHEN = [
    ("7月9日,绍兴市总工会走访工地,慰问职工320人。", "320人", ("2024-07-09", "2024-07-09")),
    ("今年以来,绍兴市总工会慰问职工320人。", "320人", ("2024-01-01", "2024-07-12")),
    ("去年,绍兴市总工会慰问职工320人。", "320人", ("2023-01-01", "2023-12-31")),
    ("截至目前,全市慰问职工320人。", "320人", (None, "2024-07-12")),
    ("绍兴市总工会为职工送去饮料40箱。", "40箱", (None, "2024-07-12")),
    ("7月9日,绍兴市总工会走访工地。慰问组送去饮料40箱。", "40箱", ("2024-07-09", "2024-07-09")),
    # What an earlier number is compared with does not date the ones that follow.
    ("今年以来慰问职工320人,比去年增加40人。又送去饮料90箱。", "90箱", ("2024-01-01", "2024-07-12")),
    ("今年以来慰问职工320人,去年同期为280人。", "280人", ("2023-01-01", "2023-07-12")),
    ("今年以来慰问职工320人,比去年全年的280人还多。", "280人", ("2023-01-01", "2023-12-31")),
    ("今年以来慰问职工320人,去年同期为280人。又送去饮料90箱。", "90箱", ("2024-01-01", "2024-07-12")),
    # The day of the telling is not the day of what is told.
    ("7月11日,记者从市总工会获悉,慰问组走访企业46家。", "46家", (None, "2024-07-12")),
    # A state of things is of now, whatever day the sentence before told of.
    ("7月9日,绍兴市总工会走访工地。全市现有职工书屋63家,其中县级17家。", "17家", (None, "2024-07-12")),
    # The day of the opening holds until a period is named; then, further down, no longer.
    ("7月9日,绍兴市总工会走访工地。\n甲。\n乙。\n慰问组送去饮料40箱。", "40箱", ("2024-07-09", "2024-07-09")),
    (
        "7月9日,绍兴市总工会走访工地。\n今年以来天热。\n乙。\n慰问组送去饮料40箱。",
        "40箱",
        (None, "2024-07-12"),
    ),
    # A scene may come first; the year of the day in a name is no period.
    (
        "天热。工地上忙。\n7月9日,绍兴市总工会来了。\n甲。\n送去饮料40箱。",
        "40箱",
        ("2024-07-09", "2024-07-09"),
    ),
    ("7月9日,走访工地。\n“2024年送清凉”开始。\n乙。\n送去饮料40箱。", "40箱", ("2024-07-09", "2024-07-09")),
    # What is said in quotation marks was said on another day; a section of a bulletin has its own time.
    ("“妈妈,我今天学会了剪窗花!”\n送去饮料40箱。", "40箱", (None, "2024-07-12")),
    ("【诸暨】7月9日,走访工地。\n【嵊州】送去饮料40箱。", "40箱", (None, "2024-07-12")),
    ("7月9日,走访工地。\n●嵊州送去饮料40箱。", "40箱", (None, "2024-07-12")),
    # A heading inside the text gives the time of what stands below it.
    ("一年来很忙。\n三、2025年工作打算\n新建驿站46家。", "46家", ("2025-01-01", "2025-12-31")),
    # A number of comparison keeps its time to itself.
    ("会员由2018年的612人增加到731人。", "731人", (None, "2024-07-12")),
    ("会员由2018年的612人增加到731人。", "612人", ("2018-01-01", "2018-12-31")),
    ("今年慰问320人,上年为280人。又送饮料40箱。", "40箱", ("2024-01-01", "2024-07-12")),
    # The beginning of a year dates its own sentence only, and of a comparison its own number.
    ("去年,职工书屋由年初的51家增加到63家。又添图书900册。", "900册", ("2023-01-01", "2023-12-31")),
    # What is long past is history, not the time of what follows.
    ("2019年夏天,工会来过工地。送去饮料40箱。", "40箱", (None, "2024-07-12")),
    # When something began does not date how it stands.
    ("联合工会2019年成立,会员4260名。", "4260名", (None, "2024-07-12")),
    ("联合工会2019年成立了12个小组。", "12个", ("2019-01-01", "2019-12-31")),
    ("今年成立的联合工会,会员4260名。", "4260名", ("2024-01-01", "2024-07-12")),
    # A year in a name does not take the place of the day.
    ("7月9日,全市2024年技能比武开赛,选手320人。", "320人", ("2024-07-09", "2024-07-09")),
    ("7月9日开会。全市2024年慰问职工320人。", "320人", ("2024-01-01", "2024-12-31")),
    # Nor does a festival; with 期间 it is a time.
    ("7月9日,启动“端午”送温暖,慰问职工320人。", "320人", ("2024-07-09", "2024-07-09")),
    ("7月9日通报,五一期间慰问职工320人。", "320人", ("2024-05-01", "2024-05-05")),
    # 累计 begins where the sentence says so.
    ("自2021年8月起,工会为职工投保,至今参保9300人次。", "9300人次", ("2021-08-01", "2024-07-12")),
    # A sum up to now does not carry over.
    ("去年,全市走访企业46家。累计慰问320人。送去饮料40箱。", "40箱", ("2023-01-01", "2023-12-31")),
    # What is planned is not of a time that is over; where none is named, of this year.
    ("2022年慰问职工320人,计划新建驿站46家。", "46家", ("2024-01-01", "2024-12-31")),
    ("绍兴市总工会计划新建驿站46家。", "46家", ("2024-01-01", "2024-12-31")),
    ("职工医疗互助住院给付封顶2万元。", "封顶2万元", (None, "2024-07-12")),
    # What is done counts up to now: so 今年, not a year in figures, nor a third of a month.
    ("今年慰问职工320人。", "320人", ("2024-01-01", "2024-07-12")),
    ("7月10日至14日慰问职工320人。", "320人", ("2024-07-10", "2024-07-14")),
    ("7月中旬慰问职工320人。", "320人", ("2024-07-11", "2024-07-20")),
]


@pytest.mark.parametrize(("text", "surface", "expected"), WHEN)
def test_when(text: str, surface: str, expected: tuple[str | None, str | None]) -> None:
    assert period(only(TITLE, text, surface)) == expected


def test_a_period_in_the_headline_is_that_of_an_account() -> None:
    title = "绍兴市总工会2023年送清凉回眸"
    assert period(only(title, "慰问组走访工地。\n送去饮料40箱。", "40箱")) == ("2023-01-01", "2023-12-31")


def test_without_publication_date_ends_stay_open() -> None:
    fact = only(TITLE, "2023年,全市工会行动起来。截至目前,慰问职工320人。", "320人", None)
    assert period(fact) == (None, None)


def test_articles_of_a_page_share_their_year() -> None:
    page = (
        "## 金华市总工会送清凉\n\n本报讯(记者 王立)7月9日,金华市总工会慰问职工320人。\n\n"
        "## 衢州市总工会办培训班\n\n本报讯(记者 李平)2022年6月3日,衢州市总工会开办培训班,培训职工60人。\n"
    )
    found = {fact.quote: period(fact) for reading in read_page([Draft(page)]) for fact in reading.facts}
    assert found["320人"] == ("2022-07-09", "2022-07-09")
    assert found["60人"] == ("2022-06-03", "2022-06-03")


def test_firmness_and_rate() -> None:
    text = "绍兴市总工会已为320名职工送去清凉,每人标准80元。下一步,将再投入50万元。"
    found = {fact.quote: (fact.status, fact.per) for fact in facts(TITLE, text)}
    assert found == {"320名": ("actual", None), "80元": ("actual", "each"), "50万元": ("planned", None)}


REPEATS = [
    ("近600名职工参赛", "7月9日,竞赛举行,583名职工参赛。", ["583名"]),
    ("300名职工参赛", "7月9日,竞赛举行。300名职工参赛。据了解,300名职工来自各县。", ["300名"]),
    ("职工竞赛举行", "7月9日,10家企业与10家学校签约。", ["10家", "10家"]),
    ("120户家庭受助", "7月9日,慰问金发到家庭手中。", ["120户"]),
    ("职工竞赛举行", "7月9日,市级竞赛有20名职工参加,县级竞赛有不少于20名职工参加。", ["20名", "不少于20名"]),
]


@pytest.mark.parametrize(("title", "text", "quotes"), REPEATS)
def test_a_quantity_said_twice_is_one_fact(title: str, text: str, quotes: list[str]) -> None:
    assert [fact.quote for fact in facts(title, text)] == quotes


PIECES = st.sampled_from(
    [
        "绍兴市总工会",
        "市总",
        "7月9日",
        "今年",
        "每年",
        "比去年",
        "将",
        "共",
        "3万",
        "人",
        "元",
        "户",
        ",",
        "。",
        "\n",
        "由",
        "“",
        "”",
        "\ud800",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=80), st.none() | st.just(PUBLISHED))
def test_any_text_is_read_and_facts_stand_where_they_say(text: str, published: date | None) -> None:
    meta = Metadata(published=published)
    for lead in {0, len(text) // 2}:
        for fact in read(Article(body=text, lead=lead, meta=meta)).facts:
            assert text[fact.start : fact.end] == fact.quote
            assert fact.sentence.start <= fact.start < fact.end
            assert 0 <= fact.confidence <= 1


@pytest.mark.parametrize("piece", ["投入3万元", "7月9日3人", "市总工会3人,", "比去年3人", "慰问职工12名，"])
def test_a_text_without_stops_takes_time_in_proportion(piece: str) -> None:
    """Ten thousand numbers in one sentence: quadratic work would take minutes and fail the whole run."""
    text = piece * 10_000
    assert len(read(Article(body=text, meta=Metadata(published=PUBLISHED))).facts) > 0
