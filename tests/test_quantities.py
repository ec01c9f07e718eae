"""What is a quantity in union news, what kind it is, and what is none. The sentences are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linear import in_proportion

from extract import quantities
from extract.model import KINDS

Read = tuple[str, str, float, str]


def read(text: str) -> list[Read]:
    return [(text[q.start : q.end], q.kind, q.value, q.bound) for q in quantities.find(text)]


FACTS: list[tuple[str, list[Read]]] = [
    # numbers in all scripts
    ("惠及5.4万余人", [("5.4万余人", "people", 54_000, "over")]),
    ("募集26.7余万元", [("26.7余万元", "money", 267_000, "over")]),
    ("参赛2万2千余人次", [("2万2千余人次", "people", 22_000, "over")]),
    ("第二年到账九万四", [("九万四", "money", 94_000, "exact")]),
    ("补贴二百二十五元", [("二百二十五元", "money", 225, "exact")]),
    ("车间里一百三十来号人", [("一百三十来号人", "people", 130, "about")]),
    ("参赛职工３２５６名", [("３２５６名", "people", 3256, "exact")]),
    (
        "会员1，234人、经费1,234.5万元",
        [("1，234人", "people", 1234, "exact"), ("1,234.5万元", "money", 12_345_000, "exact")],
    ),
    # bare scales
    ("组织千名职工", [("千名", "people", 1000, "exact")]),
    ("近百个站点", [("近百个", "count", 100, "under")]),
    ("慰问近千余人", [("近千余人", "people", 1000, "under")]),
    ("奖金上千万元", [("上千万元", "money", 10_000_000, "over")]),
    ("惠及万余人次", [("万余人次", "people", 10_000, "over")]),
    ("年成交额不足千元", [("不足千元", "money", 1000, "under")]),
    ("开展数十场活动", [("数十场", "count", 10, "over")]),
    # percentages
    ("建会率百分之九十五", [("百分之九十五", "percent", 95, "exact")]),
    ("占全省的五分之一以上", [("五分之一以上", "percent", 20, "over")]),
    ("女职工占三成多", [("三成多", "percent", 30, "over")]),
    ("欠薪占了五成半", [("五成半", "percent", 55, "exact")]),
    ("半数企业已建会", [("半数", "percent", 50, "exact")]),
    ("门票打2.9折", [("2.9折", "percent", 29, "exact")]),
    ("提高2.3个百分点", [("2.3个百分点", "percent", 2.3, "exact")]),
    ("覆盖率９６.５％", [("９６.５％", "percent", 96.5, "exact")]),
    # polarity of bound words
    ("不超过10万元", [("不超过10万元", "money", 100_000, "under")]),
    ("每年不超过600元", [("不超过600元", "money", 600, "under")]),
    ("标准不得突破5000元", [("不得突破5000元", "money", 5000, "under")]),
    ("不少于20场", [("不少于20场", "count", 20, "over")]),
    ("占比不得低于15%", [("不得低于15%", "percent", 15, "over")]),
    ("突破5万人次", [("突破5万人次", "people", 50_000, "over")]),
    ("不到40人", [("不到40人", "people", 40, "under")]),
    ("至少上门4次", [("至少上门4次", "count", 4, "over")]),
    ("最高可报销5万元", [("最高可报销5万元", "money", 50_000, "under")]),
    ("封顶4000元", [("封顶4000元", "money", 4000, "under")]),
    ("15人以下企业", [("15人以下", "people", 15, "under")]),
    ("80名以上", [("80名以上", "people", 80, "over")]),
    ("50人左右", [("50人左右", "people", 50, "about")]),
    ("约2000人", [("约2000人", "people", 2000, "about")]),
    ("签约50家、节约3万元", [("50家", "count", 50, "exact"), ("3万元", "money", 30_000, "exact")]),
    ("附近3个工地", [("3个", "count", 3, "exact")]),
    ("十一万出头的经费", [("十一万出头", "money", 110_000, "over")]),
    ("有限责任公司三家企业", [("三家", "count", 3, "exact")]),
    # kinds
    ("慰问35户困难职工", [("35户", "households", 35, "exact")]),
    ("返还3306户企业", [("3306户", "count", 3306, "exact")]),
    ("20个困难家庭", [("20个", "households", 20, "exact")]),
    ("资助328个孩子", [("328个", "people", 328, "exact")]),
    ("新建328个职工书屋", [("328个", "count", 328, "exact")]),
    ("8块展板、领到50块", [("8块", "count", 8, "exact"), ("50块", "money", 50, "exact")]),
    ("4.5万斤白菜", [("4.5万斤", "count", 45_000, "exact")]),
    ("甲、乙、丙三市总工会", [("三市", "count", 3, "exact")]),
    ("为期3天", [("3天", "duration", 3, "exact")]),
    # two quantities side by side
    ("组织47批次2690人疗养", [("47批次", "count", 47, "exact"), ("2690人", "people", 2690, "exact")]),
    ("94户227名职工家属", [("94户", "households", 94, "exact"), ("227名", "people", 227, "exact")]),
    (
        "由46002人增长到54243人",
        [("46002人", "people", 46_002, "exact"), ("54243人", "people", 54_243, "exact")],
    ),
    ("由3家增加到8家", [("3家", "count", 3, "exact"), ("8家", "count", 8, "exact")]),
    # the unit is understood
    (
        "会员数量从84万发展到2156万",
        [("84万", "people", 840_000, "exact"), ("2156万", "people", 21_560_000, "exact")],
    ),
    ("活动参与人数超过2万。", [("超过2万", "people", 20_000, "over")]),
    ("点击量突破30万", [("突破30万", "count", 300_000, "over")]),
    ("阅读量达10万+", [("10万+", "count", 100_000, "over")]),
    (
        "投入1500多万，建成200多个站点",
        [("1500多万", "money", 15_000_000, "over"), ("200多个", "count", 200, "over")],
    ),
    ("160多万外来工", [("160多万", "people", 1_600_000, "over")]),
    ("400职工走进赛场", [("400", "people", 400, "exact")]),
    ("参加人数达3120，其中", [("3120", "people", 3120, "exact")]),
    # list numerals and things counted
    ("出台19条措施", [("19条", "count", 19, "exact")]),
    ("20万会员", [("20万", "people", 200_000, "exact")]),
    ("单笔万元以上", [("万元以上", "money", 10_000, "over")]),
    ("投入5个亿", [("5个亿", "money", 5e8, "exact")]),
    ("布置3个主题展区", [("3个", "count", 3, "exact")]),
    ("近半职工，近半年来", [("近半", "percent", 50, "under")]),
    ("每斤3元5角", [("3元5角", "money", 3.5, "exact")]),
    ("占1/4以上", [("1/4以上", "percent", 25, "over")]),
    ("派出1名医生", [("1名", "people", 1, "exact")]),
    ("9个代表团640名队员", [("9个", "count", 9, "exact"), ("640名", "people", 640, "exact")]),
    ("15个工人先锋号", [("15个", "count", 15, "exact")]),
    ("补助235.38元万元", [("235.38元万元", "money", 2_353_800, "exact")]),
    ("卖山货进账60多万", [("60多万", "money", 600_000, "over")]),
    (
        "全区工会花了两千多万，年底领回2.4万",
        [("两千多万", "money", 2e7, "over"), ("2.4万", "money", 24_000, "exact")],
    ),
    ("配齐3个“电动车充电站”", [("3个", "count", 3, "exact")]),
    ("建成两个“骑手加油站”", [("两个", "count", 2, "exact")]),
    # 户 of people are households, also where firms stand nearby
    (
        "走访企业61家，登记受灾职工870户",
        [("61家", "count", 61, "exact"), ("870户", "households", 870, "exact")],
    ),
    (
        "联系企业61家，为120户茶农卖茶",
        [("61家", "count", 61, "exact"), ("120户", "households", 120, "exact")],
    ),
    (
        "慰问职工家庭80户，返还小微企业55户",
        [("80户", "households", 80, "exact"), ("55户", "count", 55, "exact")],
    ),
    # a series leaves unsaid what is counted
    (
        "会员仅2180人。2021年底，这个数字是1.2万；2022年底升至2.5万；到本月，达到3.1万，居全省前列",
        [
            ("2180人", "people", 2180, "exact"),
            ("1.2万", "people", 12_000, "exact"),
            ("2.5万", "people", 25_000, "exact"),
            ("3.1万", "people", 31_000, "exact"),
        ],
    ),
    ("前年建站45个，去年这一数字为130。", [("45个", "count", 45, "exact"), ("130", "count", 130, "exact")]),
    (
        "2021年建站60家，去年增至90，今年再建20家",
        [("60家", "count", 60, "exact"), ("90", "count", 90, "exact"), ("20家", "count", 20, "exact")],
    ),
    ("走访企业41家，海拔超过3000，增至2030。", [("41家", "count", 41, "exact")]),
    ("连续跑了6家企业", [("6家", "count", 6, "exact")]),
    # a contract, and no story, says what is paid
    (
        "加班不超过36小时，新进缝纫工最低月薪4200元",
        [("不超过36小时", "duration", 1.5, "under"), ("4200元", "money", 4200, "exact")],
    ),
    # a correction
    (
        "更正：文中“慰问困难职工970户”，应为“790户”；“发放慰问金56万元”有误，实为65万元",
        [("790户", "households", 790, "exact"), ("65万元", "money", 650_000, "exact")],
    ),
    ("勘误：经费由“31万元”改为“13万元”", [("13万元", "money", 130_000, "exact")]),
    ("更正说明：参保率98%应为89%，人数误为2600人", [("89%", "percent", 89, "exact")]),
    (
        "补贴由31万元改为43万元",
        [("31万元", "money", 310_000, "exact"), ("43万元", "money", 430_000, "exact")],
    ),
]

RANGES = [
    ("举办5-10场", "5-10场", 5, 10),
    ("每组三至五名", "三至五名", 3, 5),
    ("节目有十三四个", "十三四个", 13, 14),
    ("奖励50元至2000元", "50元至2000元", 50, 2000),
    ("补助3—5万元", "3—5万元", 30_000, 50_000),
    ("券面从5元到88元不等", "5元到88元不等", 5, 88),
    ("增幅8%~10%", "8%~10%", 8, 10),
    ("25人（含）至100人的企业", "25人（含）至100人", 25, 100),
]

NONE = [
    "2023年5月3日9时30分，下午4点",
    "第三届大会，第02版，第一、二、三批名单",
    "十一届三次全委会，四届一次职代会",
    "45岁的老李住在五一路18号301室",
    "拨打12351，电话0571-87011234，12351服务热线",
    "荣获五一劳动奖章，推进“百千万工程”，开展“7510”行动",
    "三八妇女节，九三学社，党的二十大，十四五规划，G20峰会，5G技术",
    "推出10项举措、五大行动，打造六位一体的“三送”",
    "分为五个环节、四个方面，走两条线路",
    "一批先进、一次活动、一名职工、一系列讲座",
    "多名职工，众多企业，数名工人，几个人",
    "前十名选手，前3名，第二、三名",
    "路程50公里，面积300平方米，气温39℃，涨了3倍，比分25∶19",
    "千家万户，百花齐放，三三两两，亿万职工",
    "《关于做好2024年送温暖工作的100条意见》（工办发〔2023〕18号）",
    "单位：万元",
    "百万职工建功行动",
    "上述两项合并办理",
    "试点的两个省份之一",
    "事故为0起",
    "如果每人交100元",
    "队伍壮大，三角洲，三成立，2023—2025年",
    "两人三足",
    "5·12护士节，4×100米接力",
    "千人千面",
    "2024/5/12，3/8专栏",
    "为期两天的“5元早餐”",
    "3个主题、五项要求",
    "他在中铁12局上班，中电科38所的同事，航天科技五院506所",
    "上午跑了6单，挣了41块钱",
    "“以前要跑4趟，现在拍5张照片。”",
]


@pytest.mark.parametrize(("text", "expected"), FACTS)
def test_facts(text: str, expected: list[Read]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(("text", "surface", "low", "high"), RANGES)
def test_ranges(text: str, surface: str, low: float, high: float) -> None:
    (quantity,) = quantities.find(text)
    assert text[quantity.start : quantity.end] == surface
    assert (quantity.value, quantity.value_max, quantity.bound) == (low, high, "range")


@pytest.mark.parametrize("text", NONE)
def test_no_facts(text: str) -> None:
    assert [fact for fact in read(text) if fact[1] != "duration"] == []


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("100名技术工人参加", "技术工人"),
        ("慰问困难职工35户", "困难职工"),
        ("建成工会爱心驿站14个", "工会爱心驿站"),
        ("安排专项经费500万元", "专项经费"),
        ("三十多家单位三百余名职工", "单位"),
        ("先后发出要约书6000份", "要约书"),
        ("整改率降至3%", "整改率"),
        ("慰问网约车司机35名", "网约车司机"),
        ("市（州）总工会12个", "市（州）总工会"),
    ],
)
def test_counted(text: str, counted: str) -> None:
    assert quantities.find(text)[0].counted == counted


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("标准800元/人", "each"),
        ("每户500元", "each"),
        ("每人每天450元", "each"),
        ("人均300元", "each"),
        ("补助2000元每户", "each"),
        ("每年500万元", "year"),
        ("投入500万元", None),
    ],
)
def test_per(text: str, per: str | None) -> None:
    assert quantities.find(text)[0].per == per


@pytest.mark.parametrize(
    ("text", "surface", "value"),
    [
        ("全年投入481.\n64万元", "481.\n64万元", 4_816_400),
        ("慰问职工约2\n300名", "约2\n300名", 2300),
        ("慰问职工300\n名", "300\n名", 300),
        ("惠及职工2.3万\n余人次", "2.3万\n余人次", 23_000),
        ("发放3 000元", "3 000元", 3000),
        ("投入 5. 4万元", "5. 4万元", 54_000),
    ],
)
def test_split_numbers(text: str, surface: str, value: float) -> None:
    quantity = quantities.find("前文有 1 000元。" + text)[-1]
    offset = len("前文有 1 000元。")
    assert text[quantity.start - offset : quantity.end - offset] == surface
    assert quantity.value == value


def test_list_numbers_are_not_joined() -> None:
    assert read("1. 5万元\n2. 300人") == [
        ("5万元", "money", 50_000, "exact"),
        ("300人", "people", 300, "exact"),
    ]


def test_any_character_is_read_over() -> None:
    text = "\ud800慰问\x00\u202e职工\udfff35名\ufeff，\u200b3万元\udc00"
    assert [q.value for q in quantities.find(text)] == [35, 30_000]


@given(
    st.text(
        "0123456789０１,，.．、。一二两三十百千万亿余多来几数半分之成折%％-至到元人名户个家次届第每近约超不最高"
        "以上下内\n “”《》|工会职年月日\U00020000",
        max_size=60,
    )
)
def test_never_raises_and_spans_are_sound(text: str) -> None:
    done = 0
    for quantity in quantities.find(text):
        assert 0 <= quantity.start < quantity.end <= len(text)
        assert quantity.start >= done - 8  # bound words may reach back, never over a whole quantity
        assert quantity.kind in KINDS
        assert quantity.value > 0
        assert quantity.value_max is None or quantity.value_max > quantity.value
        assert 0 < quantity.confidence <= 1
        done = quantity.end


@pytest.mark.parametrize(
    "unit",
    [
        "9",
        "万",
        "十",
        "1,",
        "一",
        "第",
        "百分之",
        "1 ",
        "1\n",
        "5个",
        "1元至",
        "“3",
        "每",
        "最高",
        "不超过",
        "亿1",
        "误“1”应为",
        "这个数字",
        "升至9万",
        "甲 1\n",
        "甲 家 1 ",
        "甲 - - ",
    ],
)
def test_linear(unit: str) -> None:
    assert in_proportion(lambda size: quantities.find(unit * (size // len(unit))), 20_000, 160_000)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "9",
        "万",
        "十",
        "一",
        "1,",
        ",",
        "，",
        "个",
        "元",
        "5个",
        "两项",
        "他两趟",
        "分为两个",
        "“",
        "\ud800",
        "两",
    ],
)
def test_a_megabyte_of_the_worst(unit: str) -> None:
    """What is not linear does not end."""
    quantities.find(unit * (1_000_000 // len(unit.encode(errors="surrogatepass"))))


TABLE = """全区计划建成90家。到月底的进度为:
片区 | 计划 | 已建
东湖 | 35 | 31
西岭 | 25 | 1，204
合计 | 90 | 83
"""


def test_table_takes_the_unit_of_the_sentence_above() -> None:
    cells = [q for q in quantities.find(TABLE) if q.rule == "table"]
    assert [(q.value, q.kind, q.unit, q.counted) for q in cells] == [
        (35, "count", "家", "计划"),
        (31, "count", "家", "已建"),
        (25, "count", "家", "计划"),
        (1204, "count", "家", "已建"),
        (90, "count", "家", "计划"),
        (83, "count", "家", "已建"),
    ]


def test_table_with_units_in_its_head() -> None:
    text = "序号\t单位\n各单位帮扶情况\n单位 人数 资金（万元） 年份\n甲厂 120 3.5 2021\n乙厂 86 2 2022\n"
    cells = [(q.kind, q.value, q.unit) for q in quantities.find(text)]
    assert cells == [
        ("people", 120, "人"),
        ("money", 35_000, "元"),
        ("people", 86, "人"),
        ("money", 20_000, "元"),
    ]


def test_rows_without_a_unit_are_no_facts() -> None:
    assert read("电话 | 83751111\n邮编 | 350000\n第1版 2 3\n第2版 4 5\n") == []


@pytest.mark.parametrize(
    ("table", "cells"),
    [
        (
            "单位 新建工会（家） 新发展会员（人）\n东乡 16 1,204\n西乡 8 902\n合计 24 2,106\n",
            "count 16, people 1204, count 8, people 902, count 24, people 2106",
        ),
        (
            "序号 单位 站点数 会员人数 投入（万元） 会员入会率\n1 东乡 35 124 3.5 98.2\n2 西乡 25 80 - 76\n",
            "count 35, people 124, money 35000, percent 98.2, count 25, people 80, percent 76",
        ),
        ("指标 单位 数量\n建会 家 37\n入会 人 2486\n投入 万元 35.6\n", "count 37, people 2486, money 356000"),
        (
            "镇街\t建会率\t慰问户数\t补助(万元)\n东乡\t96.5%\t30\t6\n西乡\t91%\t20\t4\n",
            "percent 96.5, households 30, money 60000, percent 91, households 20, money 40000",
        ),
        ("姓名 年龄 得分\n甲某 32 98\n乙某 28 95\n", ""),
    ],
)
def test_tables(table: str, cells: str) -> None:
    assert ", ".join(f"{q.kind} {q.value:g}" for q in quantities.find("附表：\n" + table)) == cells
