"""Which time a number belongs to: the words of its sentence, of the sentences before, of the whole page."""

from datetime import date

import pytest

from extract import layout
from extract.model import Article, Draft, Metadata
from extract.pipeline import read

PUBLISHED = date(2024, 7, 12)


def period(
    text: str, surface: str, title: str = "平湖市总工会服务职工", published: date | None = PUBLISHED
) -> str:
    body = f"{title}\n{text}"
    article = Article(body=body, lead=len(title) + 1, meta=Metadata(title=title, published=published))
    found = [fact.when for fact in read(article).facts if surface in fact.quote]
    assert len(found) == 1, surface
    when = found[0]
    return f"{when.date_start or ''}..{when.date_end or ''}" if when else ".."


UNDATED = "..2024-07-12"
DAY = "2024-07-09..2024-07-09"
SO_FAR = "2024-01-01..2024-07-12"

SENTENCE = [
    # A period inside what is held on a day does not date it.
    ("7月9日,市总工会召开上半年帮扶评审会,审核材料23份。", "23份", DAY),
    ("7月9日,市总工会召集委员座谈,把2023年的工作通报一遍,17人到会。", "17人", DAY),
    ("7月9日,在体育馆,2024年全市“春风行动”招聘会开场,80家企业到场。", "80家", DAY),
    # What is compared with dates nothing but its own number.
    ("今年,市总工会帮扶职工460人,相当于去年全年的四成。其中女职工90人。", "90人", SO_FAR),
    ("今年,市总工会帮扶职工460人,超过去年同期。其中女职工90人。", "90人", SO_FAR),
    # An end closes what is summed up.
    ("截至6月20日,累计慰问职工1200人。", "1200人", "..2024-06-20"),
    ("到本月8日,会员达到2300人。", "2300人", "..2024-07-08"),
    ("去年全市会员2000人,现在是2300人。", "2300人", UNDATED),
    # A change: what holds from a day, and what held before it.
    ("从今年起,津贴由每月200元提高到300元。", "300元", "2024-01-01.."),
    ("从今年起,津贴由每月200元提高到300元。", "200元", "..2023-12-31"),
    ("从2022年的600人增加到900人,基层工会由31个增加到43个。", "31个", "2022-01-01..2022-12-31"),
    ("五年来,会员由600人增长到900人。", "600人", "2019-01-01..2019-12-31"),
    ("与上年相比,自筹资金由5万元升到9万元。", "5万元", "2023-01-01..2023-12-31"),
    ("会员由年初的600人增加到900人。", "900人", UNDATED),
    ("今年,受助学生90人。和去年相比,多了21人。", "21人", SO_FAR),
    # A year in figures is one before any verb.
    ("2023年资助学生600人。", "600人", "2023-01-01..2023-12-31"),
    ("到2028年会员突破900人。", "900人", "2024-07-12..2028-12-31"),
    ("年底前新建驿站20个。", "20个", "2024-07-12..2024-12-31"),
    # Of a sentence about times to come.
    ("9月底前,入会600人;10月办一场运动会,规模900人。", "900人", "2024-10-01..2024-10-31"),
    ("目前8个赛区已开赛,其余5个赛区8月底前启动。", "5个", "2024-07-12..2024-08-31"),
    # Beginnings.
    ("市总工会成立于1951年,下辖19个工会。", "19个", UNDATED),
    ("2016年,市总工会开办夜校,八年来培训职工3900人。", "3900人", "2016-01-01..2024-07-12"),
    ("三天下来,体检职工412人。", "412人", UNDATED),
    # A reporter who is told, and one who sees.
    ("7月9日,记者从市总工会获悉,会员有2300人。", "2300人", UNDATED),
    ("7月9日,记者在驿站看到,7名环卫工正在休息。", "7名", DAY),
]


@pytest.mark.parametrize(("text", "surface", "expected"), SENTENCE)
def test_by_the_words_of_the_sentence(text: str, surface: str, expected: str) -> None:
    assert period(text, surface) == expected


CARRIED = [
    ("“去年我住院,互助金很快到账。”市总工会为职工投保,覆盖职工4200人。", "4200人", UNDATED),
    ("每人缴费80元,三年来代缴640万元。市总工会还慰问职工460人。", "460人", UNDATED),
    ("7月的平湖,西瓜熟了。\n市总工会结对帮扶19个村。", "19个", UNDATED),
    # A plan is of the year, whatever day the page tells of.
    ("7月9日,市总工会慰问职工460人。\n市总工会还将建成驿站20个。", "20个", "2024-01-01..2024-12-31"),
    # In July nobody reports on last year: it is the story of a member.
    ("去年患病的李师傅领到了互助金。\n住院费用按比例补助,一线职工补35%。", "35%", UNDATED),
    # What is done is of no time to come.
    ("培训班8月开课。市总工会的值班室有19间。", "19间", UNDATED),
    # A month is the time of its own paragraph, unless the page is of that month.
    ("驿站今年3月启用，座位24个。\n加油站腾出屋子19间。", "19间", UNDATED),
    ("本月，市总工会走访企业40家。\n代写法律文书19份。", "19份", "2024-07-01..2024-07-12"),
    # What began in a month is told of since then.
    ("阅览室今年3月建成,面积80平方米。平日每天来70人。", "70人", "2024-03-01..2024-07-12"),
    ("阅览室今年5月启用。两个月来,到访职工900人。", "900人", "2024-05-01..2024-07-12"),
    # A rate is of the time of what it is the rate of.
    ("7月9日,市总工会举行座谈。\n下一步将再建驿站20个,每个补助3000元。", "3000元", "2024-01-01..2024-12-31"),
    # A term bounds what is to be done by then, not what is planned next.
    (
        "年底前，市总工会将新建驿站20个。计划培训职工900人。",
        "900人",
        "2024-01-01..2024-12-31",
    ),
    # A rate holds all year.
    ("今年,市总工会组织职工疗休养。标准为每人2500元。", "2500元", "2024-01-01..2024-12-31"),
    # A rate of a year, or what is asked of a stretch of time, is no time of what is told next.
    ("节日慰问品全年人均不超过2000元。\n学费补助50%。", "50%", UNDATED),
    ("近五年没有参加过的优先。结果,疗休养职工331人。", "331人", UNDATED),
    # The event that the article opens with, whatever has been told since.
    (
        "7月9日,市总工会举行技能竞赛。\n今年市总工会新建驿站14个。\n竞赛期间,有9家企业到场招聘。",
        "9家",
        DAY,
    ),
    (
        "7月9日,市总工会召开全委会议。\n去年市总工会新建驿站14个。\n会议选举常委9名。",
        "9名",
        DAY,
    ),
    # What somebody has done in all those years is of no day.
    ("7月9日,市总工会组织宣讲。劳模李建国从业35年,带出徒弟46名。", "46名", UNDATED),
    # What was told on a day is of the period that is told of, to the last day of a range.
    (
        "7月10日,市总工会发布消息,4月8日至6月底开展招聘行动。\n招聘会办了18场。",
        "18场",
        "2024-04-08..2024-06-30",
    ),
    # The day of one section is not that of the next.
    (
        "连日来,市总工会开展慰问。\n送到车间\n7月9日,慰问组送来饮料40箱。\n装进保障\n市总工会为820人投保。",
        "820人",
        UNDATED,
    ),
]


@pytest.mark.parametrize(("text", "surface", "expected"), CARRIED)
def test_by_what_stands_before(text: str, surface: str, expected: str) -> None:
    assert period(text, surface) == expected


QUARTERS = [
    ("今年一季度,市总工会慰问职工460人。", "2024-03-22", "2024-01-01..2024-03-31"),
    ("今年上半年,市总工会慰问职工460人。", "2024-06-29", "2024-01-01..2024-06-30"),
    ("三年来,市总工会慰问职工460人。", "2024-04-28", "2021-01-01..2024-04-28"),
    ("三年来,市总工会慰问职工460人。", "2024-12-28", "2022-01-01..2024-12-28"),
]


@pytest.mark.parametrize(("text", "published", "expected"), QUARTERS)
def test_quarters_are_told_whole_and_years_from_their_first_day(
    text: str, published: str, expected: str
) -> None:
    assert period(text, "460人", published=date.fromisoformat(published)) == expected


def test_a_heading_of_the_year_to_come_dates_what_stands_under_it() -> None:
    text = "一、2023年工作完成情况\n新建工会26家。\n三、2024年工作谋划\n1.抓建会。年内新建工会30家。"
    assert period(text, "30家", published=date(2023, 12, 20)) == "2024-01-01..2024-12-31"


@pytest.mark.parametrize(
    ("opening", "year"), [("2023年,市总工会建会26家。", 2023), ("市总工会部署工作。", 2024)]
)
def test_in_december_the_two_festivals_are_past_where_the_year_is_told(opening: str, year: int) -> None:
    when = period(f"{opening}\n“两节”期间,走访职工215户。", "215户", published=date(2023, 12, 20))
    assert when.startswith(f"{year}-01-01..")


def test_an_electronic_edition_is_no_dateline() -> None:
    page = (
        "平湖工人报 电子版   2024年7月12日   第02版 综合\n平湖市总工会慰问户外职工\n"
        "市总工会投入专项资金52万元，走访工地6个，慰问职工460人。"
    )
    assert [article.meta.published for article in layout.split(Draft(page))] == [PUBLISHED]


HEADLINES = [
    ("数说2023:平湖工会这一年", "2024-01-08", "2023-01-01..2023-12-31"),
    ("2023回眸:平湖工会", "2024-01-08", "2023-01-01..2023-12-31"),
    ("平湖2023名职工参赛", "2024-01-08", "..2024-01-08"),
    ("6月份工会工作动态", "2024-07-03", "2024-06-01..2024-06-30"),
]


@pytest.mark.parametrize(("title", "published", "expected"), HEADLINES)
def test_by_the_headline(title: str, published: str, expected: str) -> None:
    day = date.fromisoformat(published)
    assert period("市总工会为职工办理互助460件。", "460件", title, day) == expected


@pytest.mark.parametrize(("published", "year"), [("2024-07-12", "2024"), ("2023-12-18", "2024")])
def test_a_plan_without_a_time_is_of_the_year_in_which_it_can_be_done(published: str, year: str) -> None:
    expected = f"{year}-01-01..{year}-12-31"
    assert period("市总工会还将建成驿站20个。", "20个", published=date.fromisoformat(published)) == expected


def test_this_month_in_the_report_of_a_month() -> None:
    text = "本月新建工会11家。"
    june = period(text, "11家", "6月份工会工作动态", date(2024, 7, 3))
    assert june == "2024-06-01..2024-06-30"
    assert period(text, "11家", published=date(2024, 7, 3)) == "2024-07-01..2024-07-03"


@pytest.mark.parametrize(
    "line",
    ["2024-07-12 16:22 | 字号：大 中 小", "【2024-07-12】【打印】【关闭】", "2024-07-12 16:22 点赞 分享"],
)
def test_a_day_before_buttons_is_that_of_publication(line: str) -> None:
    text = "市总工会投入专项资金52万元，走访工地6个，慰问职工460人。"
    page = f"平湖市总工会\n平湖市总工会慰问户外职工\n{line}\n{text}"
    assert [article.meta.published for article in layout.split(Draft(page))] == [PUBLISHED]
