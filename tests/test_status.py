"""Planned or actual: by the words around a number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linear import in_proportion

from extract import dates, sentences, status, tense, words
from extract.clauses import Clauses
from extract.model import Kind, Quantity, Span
from extract.offsets import Row


def quantity(text: str, surface: str, kind: Kind, value: float, value_max: float | None = None) -> Quantity:
    start = text.index(surface)
    bound = "range" if value_max is not None else "exact"
    return Quantity(start, start + len(surface), kind, value, value_max, "", bound)


def decide(
    text: str,
    surface: str,
    kind: Kind = "people",
    value: float = 10.0,
    year: int | None = None,
    published: date | None = None,
) -> tuple[str, str | None]:
    number = quantity(text, surface, kind, value)
    found = Row(sentences.sentences(text))
    periods = tense.periods(dates.find(text, published), published)
    firmness = status.Firmness(text, found, Row(sentences.paragraphs(text)), year, periods)
    sentence = found.holding(number.start)
    return firmness.decide(number, sentence, Clauses(text).around(number, sentence))


# ---------------------------------------------------------------- status


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("区总工会计划走访困难职工340户。", "340户"),
        ("预计有2600人参加疗休养。", "2600人"),
        ("全年力争新建工会85家，发展会员6000人。", "6000人"),
        ("市总工会拟投入30万元，惠及职工900人。", "900人"),
        ("目标是培训网约车司机700人。", "700人"),
        ("市总工会将组织45名劳模赴外地休养。", "45名"),
        ("下个月，24名学员将赴船厂实训。", "24名"),
        ("剩下的800份慰问品将在三天内送完。", "800份"),
        ("接下来，县总工会还会增设驿站12处。", "12处"),
        ("三年要建150个驿站。", "150个"),
        ("每人最高可领取补助,不超过3000元.", "不超过3000元"),
        ("明年再办16期培训班。", "16期"),
        ("区里准备再添３８台饮水机。", "３８台"),
    ],
)
def test_planned(text: str, surface: str) -> None:
    assert decide(text, surface, "count")[0] == "planned"


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        # A time that is to come when the page is printed, without a word of planning.
        ("驿站已建好。8月，市总工会办托管班14个。", "14个", "planned"),
        ("双方敲定，明年上半年改造驿站8个。", "8个", "planned"),
        ("剩下的物资8月送完，市总工会已给每站配了冰柜3台。", "3台", "actual"),
        # What is told of a time gone by is not read by its heading.
        ("二、2024年工作计划\n今年一季度，惠及职工3200人次。", "3200人次", "actual"),
        ("二、2024年工作计划\n惠及职工3200人次。", "3200人次", "planned"),
        # A headline that ends with the name of a plan.
        ("市总工会2024年十件实事\n1.新建驿站50个。\n2.培训职工900人。", "900人", "planned"),
        ("市总工会2023年十件实事全部完成\n1.新建驿站50个。\n2.培训职工900人。", "900人", "actual"),
    ],
)
def test_by_the_times_named(text: str, surface: str, expected: str) -> None:
    assert decide(text, surface, "count", published=date(2024, 7, 12))[0] == expected


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("区总工会走访困难职工340户。", "340户"),
        ("截至目前，全市已建驿站268处。", "268处"),
        ("活动累计惠及职工1.8万人次。", "1.8万人次"),
        ("工会干部将18万元送到矿工手中。", "18万元"),
        ("县总工会将价值300元的米面交到职工手里。", "300元"),
        ("会员从1200人增加到3100人。", "3100人"),
        ("计划投入50万元，目前已发放22万元。", "22万元"),
        ("今年计划慰问500人，比去年的420人多。", "420人"),
        ("通过劳动竞赛节约成本86万元。", "86万元"),
        ("为了解情况，调研组走访企业31家。", "31家"),
        ("达标率由62%提高到88%，明年要到95%。", "62%"),
        ("市总工会筹集资金210万元用于送温暖。", "210万元"),
        ("一线职工每人补助500元。", "500元"),
    ],
)
def test_actual(text: str, surface: str) -> None:
    kind: Kind = "money" if "元" in surface else "count"
    assert decide(text, surface, kind)[0] == "actual"


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("县总工会明年将新建驿站20处。", "20处"),
        ("计划全年培训职工3000人。", "3000人"),
        ("预计惠及职工1.2万人。", "1.2万人"),
        ("力争年底前建会率达到95%。", "95%"),
        ("到2027年，全市将培育工匠500名。", "500名"),
        ("确保新增会员不少于8000人。", "不少于8000人"),
        ("今年拟投入资金300万元。", "300万元"),
        ("全年目标为发展会员2万人。", "2万人"),
        ("下一步，将再建30个站点。", "30个"),
        ("“十五五”期间，全市将选树劳模1200名。", "1200名"),
        ("每年培训农民工不少于1万人次。", "不少于1万人次"),
        ("每人最高可申领3000元。", "最高可申领3000元"),
        ("单次补贴不超过800元。", "不超过800元"),
        ("各级工会要组织不少于100场宣讲。", "不少于100场"),
        ("争取三年内覆盖2000家企业。", "2000家"),
        ("即将开班的第二期培训班有60人报名参加学习。", "60人"),
        ("活动将持续到8月底，届时将发放饮品5万份。", "5万份"),
        ("本次活动面向全市招募志愿者200名。", "200名"),
        ("今年计划表彰80名。", "80名"),
        ("有望带动就业3000人。", "3000人"),
        ("名额为500个，先到先得。", "500个"),
        ("将安排资金260万元用于帮扶。", "260万元"),
        ("预算经费80万元。", "80万元"),
        ("任务指标分解到各县区，其中东区建会40家。", "40家"),
        ("提出到年底建成100个户外劳动者驿站。", "100个"),
        ("明年起，补助标准将由每人300元提高到500元。", "500元"),
        ("按照方案，市总工会每年安排专项资金100万元。", "100万元"),
        ("招聘会将于3月8日举行，届时120家企业提供岗位3000个。", "3000个"),
        ("届时，200名选手将同台竞技。", "200名"),
        ("大赛将评出一等奖3名。", "3名"),
        ("争创省级示范点10个。", "10个"),
        ("未来三年内建成200家职工之家。", "200家"),
        ("准备为320名职工办理互助保障。", "320名"),
        ("要求各单位走访职工不少于50户。", "不少于50户"),
        ("鼓励有条件的企业每年安排体检，人均标准不低于300元。", "不低于300元"),
        ("将于5月底前完成500名工会干部的轮训。", "500名"),
        ("力争全年举办招聘会60场，提供岗位2万个。", "2万个"),
        ("打算再招120人。", "120人"),
        ("县总工会还将投入20万元。", "20万元"),
        ("计划新建站点30个，培训管理员60名。", "60名"),
        ("市总工会计划用三年时间，在全市建成站点300个，覆盖职工20万人。", "20万人"),
        (
            "今年，市总工会将实施“五个一批”工程，新建驿站100个，改造提升80个，服务户外劳动者5万人次。",
            "5万人次",
        ),
        ("今年的目标是新增会员3万名。", "3万名"),
        ("按计划，8月底前完成体检2000人。", "2000人"),
        ("预计到年底可服务1万人次。", "1万人次"),
        ("会议提出，要新增示范站点50个。", "50个"),
        ("会议强调，要确保全年培训职工5万人次。", "5万人次"),
        ("比赛设特等奖1名，奖金1万元。", "1万元"),
        ("预计全年慰问支出达到300万元。", "300万元"),
        ("中标单位将在30天内完成，总投资380万元。", "380万元"),
        ("方案提出，到2030年培育工匠1000名。", "1000名"),
        ("申请者最高可获得创业贷款20万元。", "最高可获得创业贷款20万元"),
        ("名额30个，报名截止到6月1日。", "30个"),
        ("力争用两年时间实现20人以上企业工会组织全覆盖，新增会员1万名。", "1万名"),
        ("到“十四五”末，全省建成站点1万个。", "1万个"),
        ("2026年建成站点50个。", "50个"),
        ("2026年计划建成站点50个。", "50个"),
        ("本届大赛拟设工种12个。", "12个"),
        ("拟推荐为全国五一劳动奖章的有3人。", "3人"),
        ("现将拟表彰的50名先进个人名单予以公示。", "50名"),
        ("决定今年为2000名新就业形态劳动者免费体检。", "2000名"),
        ("招募志愿者50名，年龄不限。", "50名"),
        ("下月初举办招聘会3场。", "3场"),
        ("还有2批80人将陆续出发。", "80人"),
        ("到时候将有60名职工参赛。", "60名"),
        ("工会将对优秀企业给予5万元奖励。", "5万元"),
        ("将使3万名职工受益。", "3万名"),
        ("建成后可服务职工5000人。", "5000人"),
        ("项目建成后，预计每年服务职工2万人次。", "2万人次"),
    ],
)
def test_planned_in_a_report(text: str, surface: str) -> None:
    kind: Kind = "money" if "元" in surface else "count"
    opening = "市总工会抓实重点工作\n本报讯 近日，市总工会走访基层。会上通报了情况。"
    assert decide(opening + text, surface, kind, year=2025)[0] == "planned"


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("目前已有60人报名。", "60人"),
        ("县总工会新建驿站20处。", "20处"),
        ("截至6月底，全市累计建会1200家。", "1200家"),
        ("活动吸引500余名职工参加。", "500余名"),
        ("工会干部将260份慰问品送到职工手中。", "260份"),
        ("将近300名职工参加了比赛。", "将近300名"),
        ("将320名职工分成8个小组。", "8个"),
        ("将继续做好服务，去年服务职工3万人。", "3万人"),
        ("完成年度计划的103%。", "103%"),
        ("超额完成目标任务，新增会员1.3万人。", "1.3万人"),
        ("比原计划多出200人。", "200人"),
        ("按照每人500元的标准发放慰问金。", "500元"),
        ("给予一次性救助金5000元。", "5000元"),
        ("职工王某获得救助金8000元。", "8000元"),
        ("先后投入资金120万元。", "120万元"),
        ("现有会员2.6万人。", "2.6万人"),
        ("共为380名职工追回欠薪560万元。", "560万元"),
        ("目前，全市有基层工会3200家。", "3200家"),
        ("去年年底，市总工会启动了计划三年投入1亿元的项目，首年已投入3500万元。", "3500万元"),
        ("全市劳模工匠创新工作室达到320个。", "320个"),
        ("为企业返还经费360万元。", "360万元"),
        ("下拨专项资金200万元，用于驿站建设。", "200万元"),
        ("发放消费券100万元。", "100万元"),
        ("覆盖率达到98%。", "98%"),
        ("近年来，培训职工8万人次。", "8万人次"),
        ("自去年以来，建成站点60个。", "60个"),
        ("第一批拨付资金80万元。", "80万元"),
        ("预计效益2000万元的项目已经立项12个。", "12个"),
        ("大家表示将以此为契机，此次活动共有120人参加。", "120人"),
        ("旨在让职工学技能，培训班共有80名学员。", "80名"),
        ("为期三天的培训将提升能力，来自基层的120名工会干部参加培训。", "120名"),
        ("会议要求，全市工会要深入贯彻落实，会议表彰了30个先进集体。", "30个"),
        ("启动仪式上，为20名困难职工发放救助金4万元。", "4万元"),
        ("计划生育协会会员300人。", "300人"),
        ("企业负责人说，将来还要办，这次有200人报名。", "200人"),
        ("该市有产业工人46万人，将打造高素质队伍。", "46万人"),
        ("每年服务职工3万人次。", "3万人次"),
        ("比赛设5个工种，有150名选手参赛。", "150名"),
        ("目标任务完成率达110%。", "110%"),
        ("职工医疗互助已为1200人补助320万元。", "320万元"),
        ("市总工会筹集资金500万元，确保困难职工温暖过冬。", "500万元"),
        ("参加活动的职工将达到历史新高，已有3000人参加。", "3000人"),
        ("奖励资金30万元已经到位。", "30万元"),
        ("应邀出席会议的有150人。", "150人"),
        ("需要帮助的困难职工有210户。", "210户"),
        ("过去五年，全市新建工会2.1万家。", "2.1万家"),
        ("我市将困难职工分为三类，建档856户。", "856户"),
        ("要把好事办好，今年以来办实事20件。", "20件"),
        ("职工要求加入工会的有320人。", "320人"),
        ("去年提出的“建站100个”的目标已提前实现，建成126个。", "126个"),
        ("拟任工会主席培训班45人结业。", "45人"),
        ("工会将收集到的36条意见梳理归类。", "36条"),
        ("去年计划投入100万元，实际支出96万元。", "96万元"),
        ("按照年初计划，市总工会已举办培训班6期。", "6期"),
        ("市总工会按计划完成体检2000人。", "2000人"),
        ("目前正在建设的站点有30个。", "30个"),
        ("会议指出，去年新建职工书屋20家。", "20家"),
        ("据介绍，该站点投资60万元，可同时容纳50人。", "50人"),
        ("为确保赛事顺利，组委会配备裁判30名。", "30名"),
        ("为确保困难职工过好年，市总工会走访慰问1200户。", "1200户"),
        ("预计今年支出300万元，上半年支出160万元。", "160万元"),
        ("根据《实施方案》，县总工会为56名职工办理了保险。", "56名"),
        ("报名人数超过预期，达到800人。", "800人"),
        ("最高一笔理赔金20万元。", "20万元"),
        ("创下最高纪录，参赛人数达1200人。", "1200人"),
        ("通过三年努力，建会率达到90%以上。", "90%以上"),
        ("2024年建成站点50个。", "50个"),
        ("截至2024年底，建成站点50个。", "50个"),
        ("现将表彰的50名先进个人名单公布如下。", "50名"),
        ("决定授予张某等50名同志“五一劳动奖章”。", "50名"),
        ("市总工会为2000名新就业形态劳动者购买保险。", "2000名"),
        ("首批40人已出发。", "40人"),
    ],
)
def test_actual_in_a_report(text: str, surface: str) -> None:
    kind: Kind = "money" if "元" in surface else "count"
    opening = "市总工会抓实重点工作\n本报讯 近日，市总工会走访基层。会上通报了情况。"
    assert decide(opening + text, surface, kind, year=2025)[0] == "actual"


def test_a_first_sentence_is_no_title() -> None:
    text = "市总工会办结案件1043件，预计全年办结2000件。"
    assert decide(text, "1043件")[0] == "actual"
    assert decide("助学托起寒门希望\n市总工会帮助学子68名。", "68名")[0] == "actual"


def test_a_plan_does_not_reach_past_a_full_stop() -> None:
    text = "市总工会计划新建驿站20处。现场慰问了环卫工人130名。"
    assert decide(text, "20处")[0] == "planned"
    assert decide(text, "130名")[0] == "actual"


def test_the_last_word_of_a_sentence_holds() -> None:
    text = "去年办班14期，今年计划办班19期，上半年已办7期。"
    assert [decide(text, surface)[0] for surface in ("14期", "19期", "7期")] == [
        "actual",
        "planned",
        "actual",
    ]


def test_the_head_of_a_column_holds_for_its_cells() -> None:
    text = "驿站建设进度：\n县区 | 计划 | 已建\n东乡 | 36 | 29\n西乡 | 41 | 17"
    assert [decide(text, cell)[0] for cell in ("36", "29", "41", "17")] == ["planned", "actual"] * 2


@pytest.mark.parametrize("heading", ["三、下一步工作安排", "接下来的打算"])
def test_a_heading_that_looks_ahead(heading: str) -> None:
    text = f"一、主要做法\n走访企业56家。\n{heading}\n培训工会主席110名。"
    assert decide(text, "56家")[0] == "actual"
    assert decide(text, "110名")[0] == "planned"


@pytest.mark.parametrize(
    ("back", "ahead"),
    [
        ("一、2023年工作完成情况", "二、2024年工作安排"),
        ("一、2023年主要工作", "三、2024年主要工作"),
        ("第一部分 过去一年工作回顾", "第二部分 今后工作思路"),
    ],
)
def test_a_section_holds_for_the_headings_in_it(back: str, ahead: str) -> None:
    text = (
        f"某县总工会工作报告\n{back}\n（一）建强组织。新建工会240家。\n（二）办好实事。\n1.开展帮扶。走访职工900户。"
        f"\n{ahead}\n（一）扩大覆盖。新建工会180家。\n资助学子\n助学70人，其中本科生30人。"
    )
    surfaces = ("240家", "900户", "180家", "70人", "30人")
    assert [decide(text, surface)[0] for surface in surfaces] == ["actual"] * 2 + ["planned"] * 3


@pytest.mark.parametrize(
    "title", ["驿站设备采购项目中标结果公告", "关于年度工作数据的更正通知", "暑期托管班报名侧记"]
)
def test_a_page_that_tells_an_outcome_lays_nothing_down(title: str) -> None:
    text = f"某市总工会{title}\n各单位应当照此办理。结果须存档。异议可在一周内提出。\n驿站冰柜120台。"
    assert decide(text, "120台")[0] == "actual"


@pytest.mark.parametrize(
    ("text", "surface", "firm"),
    [
        ("报名表应于6月26日前报送，办公室设在工会，共有5人。", "5人", "actual"),
        ("市总工会在河东区走访职工30户。", "30户", "actual"),
        ("受灾职工将领到补助500元。", "500元", "planned"),
        ("今年参保费由每人每年60元提高至80元，拟于下月执行。", "60元", "actual"),
        ("明年计划把驿站从现在的210个增加到260个。", "210个", "actual"),
    ],
)
def test_words_that_hold_another(text: str, surface: str, firm: str) -> None:
    assert decide(text, surface)[0] == firm


def test_a_notice_lays_down_what_a_report_tells() -> None:
    body = "资助本科新生260名，每人4000元。须在8月底前公示。名额用不完的应当交回。逾期不得补报。"
    notice = (
        "某市总工会印发助学方案\n"
        + "本方案自即日起执行，各级工会应当照此办理。" * 15
        + "\n"
        + body.format(n="260名")
    )
    report = (
        "某市总工会助学金发放到位\n"
        + "昨天，学子们领到了助学金，笑开了颜。" * 15
        + "\n"
        + body.format(n="260名")
    )
    assert decide(notice, "260名")[0] == "planned"
    assert decide(report, "260名")[0] == "actual"


def test_years_are_told_from_the_day_of_publication() -> None:
    text = "2027年建成驿站60处。"
    assert decide(text, "60处", year=2025)[0] == "planned"
    assert decide(text, "60处", year=2027)[0] == "actual"
    assert decide(text, "60处")[0] == "actual"


@pytest.mark.parametrize(
    ("text", "future"),
    [
        ("将组织", True),
        ("将陆续开放", True),
        ("将培训职工", True),
        ("将培训送到车间", False),
        ("将清凉送到一线", False),
        ("将两项工作结合起来", False),
    ],
)
def test_the_two_readings_of_jiang(text: str, future: bool) -> None:
    assert tense.is_will(text, 1) is future


# ---------------------------------------------------------------- word lists, any text


def test_every_role_of_the_lists_is_read() -> None:
    roles = {row["role"] for row in words.table("status_words")}
    other = {
        "notice",
        "outcome",
        "heading_ahead",
        "heading_back",
        "plan_title",
        "carry",
        "after",
        "after_noun",
        "compare",
        "rise",
    }
    assert roles == {*tense.ROLES, *other}
    assert all(row["meaning"] and row["source"] for row in words.table("status_words"))


def test_every_weight_has_a_known_role() -> None:
    roles = {*tense.ROLES, "will", "from", "compared", "mixed", "ahead", "back"}
    assert {name.split(":")[1] for name in status._WEIGHTS if ":" in name} <= roles
    assert set(status._HEADINGS.values()) <= set(status._WEIGHTS)


_PIECES = st.sampled_from(
    ["将", "计划", "已", "每年", "每人", "各", "，", "。", "；", "\n", "3人", "2023年", "送到", "标准", "由"]
)


@given(
    st.one_of(st.text(max_size=120), st.lists(_PIECES, max_size=40).map("".join)),
    st.integers(0, 120),
    st.integers(0, 8),
    st.sampled_from(["people", "money", "percent", "count"]),
)
def test_any_text_is_read_without_error(text: str, start: int, length: int, kind: Kind) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    number = Quantity(start, end, kind, 5.0, None, "", "exact")
    whole = Span(0, len(text))
    firmness, per = status.Firmness(text, Row([whole]), Row([whole])).decide(
        number, whole, Clauses(text).around(number, whole)
    )
    assert firmness in ("actual", "planned")
    assert per in (None, "each", "year")


@pytest.mark.parametrize("piece", ["将", "计划3人，", "每人3元", "由3人", "各"])
def test_a_text_without_stops_stays_linear(piece: str) -> None:
    def read(size: int) -> None:
        text = piece * (size // len(piece))
        whole = Span(0, len(text))
        firmness = status.Firmness(text, Row([whole]), Row([whole]))
        for start in range(0, len(text) - 2, max(1, len(text) // 200)):
            firmness.decide(Quantity(start, start + 2, "money", 3.0, None, "", "exact"), whole, whole)

    assert in_proportion(read, 8_000, 80_000)
