"""Organisations: which are found, and the full names they are given. All sentences are made up."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import organisations
from extract.model import Article, Metadata, OrganisationMention


def read(lead: str, title: str = "", **meta: object) -> list[OrganisationMention]:
    body = f"{title}\n{lead}" if title else lead
    article = Article(body, len(title) + 1 if title else 0, Metadata(title=title or None, **meta))  # type: ignore[arg-type]
    return organisations.find(body, organisations.context(article))


def names(lead: str, title: str = "", **meta: object) -> list[str]:
    return [mention.name for mention in read(lead, title, **meta)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("近日，杭州市总工会启动夏令营。", ["杭州市总工会"]),
        ("由德清县总工会主办的比赛开赛。", ["德清县总工会"]),
        ("记者从韶关市曲江区总工会获悉", ["韶关市曲江区总工会"]),
        ("宁波奉化区总工会走访职工", ["宁波市奉化区总工会"]),
        ("曲江区委总工会开展走访", ["韶关市曲江区总工会"]),
        ("紫金县总工会建了三个站点", ["紫金县总工会"]),
        ("黔西南州总工会另出资金", ["黔西南布依族苗族自治州总工会"]),
        ("城步县总工会发放补助", ["城步苗族自治县总工会"]),
        ("广西总工会拨款", ["广西壮族自治区总工会"]),
        ("武义工会搭建平台", ["武义县总工会"]),
        ("中华全国总工会印发通知", ["中华全国总工会"]),
        ("全总、全国总工会都要求", ["中华全国总工会", "中华全国总工会"]),
        ("嘉兴市总组建了服务队", ["嘉兴市总工会"]),
        ("苏州工业园区总工会出资", ["苏州工业园区总工会"]),
        ("淮安市淮安区总工会出资", ["淮安市淮安区总工会"]),
        ("咸阳、渭南、汉中市总工会先行", ["咸阳市总工会", "渭南市总工会", "汉中市总工会"]),
        ("新疆生产建设兵团总工会拨款", ["新疆生产建设兵团总工会"]),
        ("内江市总工会发文，市中区总工会照办", ["内江市总工会", "内江市市中区总工会"]),
        ("兵团第八师石河子市总工会办赛", ["第八师石河子市总工会"]),
        ("八师石河子市总工会办赛", ["第八师石河子市总工会"]),
        ("瑞昌市总工会从江西省总工会争取资金", ["瑞昌市总工会", "江西省总工会"]),
        ("喀什地区总工会慰问，地区总工会拨款", ["喀什地区总工会"] * 2),
        ("合肥高新区总工会办赛，高新区总工会出资", ["合肥高新区总工会"] * 2),
    ],
)
def test_unions_of_regions(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "嘉兴市总工会召开会议。市总投入8万元，省总补助5万元。",
            ["嘉兴市总工会", "嘉兴市总工会", "浙江省总工会"],
        ),
        ("湟中区总工会启动帮扶。区总工会共慰问60户。", ["西宁市湟中区总工会"] * 2),
        ("乌审旗总工会摸底。旗总工会建档40份。", ["乌审旗总工会"] * 2),
        ("江苏各级工会办班200期。", ["江苏省总工会"]),
        ("赣州市总工会部署。市、县两级工会共投入90万元。", ["赣州市总工会"] * 2),
        ("兰州市、县（区）两级工会走访3000户。", ["兰州市总工会"]),
        ("咸阳市总工会发文，各县（市、区）总工会照办。", ["咸阳市总工会"] * 2),
        ("贵州省总工会牵头，市县两级工会配套。", ["贵州省总工会"] * 2),
        ("湛江市总工会召开大会。全市各级工会响应。", ["湛江市总工会"] * 2),
        ("晋江、石狮、南安三地总工会备好年货。", ["晋江市总工会", "石狮市总工会", "南安市总工会"]),
    ],
)
def test_levels_are_read_in_context(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_paragraph_speaks_of_the_region_it_opens_with() -> None:
    lead = "山东省总工会调研。\n淄博起步早，市总工会办班。\n烟台随后跟上，市总工会也办班。"
    assert names(lead, "山东多地工会办班") == [
        "山东省总工会", "山东省总工会", "淄博市总工会", "烟台市总工会",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "湛江市总工会送药上船。\n山东的做法不同：省海员工会请医生上船。",
            ["湛江市总工会", "山东省海员工会"],
        ),
        ("湛江市总工会送药上船。\n山东的老王常来，省海员工会也来。", ["湛江市总工会", "广东省海员工会"]),
        (
            "永州市总工会助学。\n●在祁阳，市总工会联合企业认捐，该市工会破例。",
            ["永州市总工会", "祁阳市总工会", "祁阳市总工会"],
        ),
        ("永州市总工会助学。\n祁阳的学生不少，市总工会都去了。", ["永州市总工会"] * 2),
    ],
)
def test_a_sentence_that_opens_with_another_place_is_about_it(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("lead", "source", "expected"),
    [
        ("校工会办运动会，32个部门参加。", "青禾大学工会", ["青禾大学工会"]),
        ("集团公司工会送来冰柜。", "海川集团公司工会", ["海川集团公司工会"]),
        ("中兴公司开工。公司工会送来冰柜。", "海川集团公司工会", ["中兴公司", "中兴公司工会"]),
        ("校工会办运动会。", "新华社", []),
    ],
)
def test_short_forms_mean_the_union_that_is_the_source(lead: str, source: str, expected: list[str]) -> None:
    assert names(lead, source=source) == expected


@pytest.mark.parametrize(
    ("lead", "source", "expected"),
    [
        (
            "临泽供电公司工会建了两个书屋。\n公司工会又办读书会。",
            "国网甘肃电力工会",
            ["临泽供电公司工会", "国网甘肃电力工会"],
        ),
        ("鞍钢的高炉旁，集团公司工会摆开擂台。", "", ["鞍钢工会"]),
    ],
)
def test_the_company_of_a_company_page(lead: str, source: str, expected: list[str]) -> None:
    assert names(lead, source=source) == expected


@pytest.mark.parametrize(
    ("lead", "national"),
    [
        ("记者从全国总工会获悉，各级工会走访职工。在河北、云南、吉林等地，礼包发到手中。", True),
        ("河北省总工会召开会议，学习全国总工会精神，各级工会走访职工。", False),
        ("全国总工会授予先进称号，消息传到张掖，各级工会走访职工。", False),
    ],
)
def test_who_tells_of_the_whole_country(lead: str, national: bool) -> None:
    article = Article(lead, 0, Metadata())
    about = organisations.context(article)
    assert about.national == national
    found = {mention.name for mention in organisations.find(lead, about) if mention.rule == "level"}
    assert (found == {"中华全国总工会"}) == national


def test_newspaper_says_which_city() -> None:
    assert names("本报讯 市总工会出资20万元。", newspaper="闽东日报") == ["宁德市总工会"]
    assert names("市总工会出资20万元。", newspaper="湖州晚报") == ["湖州市总工会"]


def test_without_context_the_name_stays_as_printed() -> None:
    [mention] = read("市总工会出资20万元。")
    assert (mention.name, mention.region_code, mention.rule) == ("市总工会", None, "region unclear")


def test_date_decides_the_form() -> None:
    assert names("富阳总工会办班", published=date(2012, 5, 1)) == ["富阳市总工会"]
    assert names("富阳总工会办班", published=date(2020, 5, 1)) == ["杭州市富阳区总工会"]


@pytest.mark.parametrize(
    "text",
    [
        "基层工会要落实责任。",
        "各企业建立工会组织，企业工会出10元。",
        "充分发挥工会作用，感谢工会。",
        "全市总投资90亿元，全省总人口不变，该市总产值上升。",
        "园区社区城市总体规划",
        "两家航空公司与一家房地产公司",
        "全区建有17个街道总工会。",
        "已有16市总工会报名，三级工会联动。",
        "江山总共培训900人",
    ],
)
def test_words_that_name_nobody(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("平湖市当湖街道总工会出资，街道总工会又添5万元。", ["平湖市当湖街道总工会"] * 2),
        ("德清县总工会主办、钟管镇总工会承办。", ["德清县总工会", "德清县钟管镇总工会"]),
        ("暨钟管镇总工会成立", ["钟管镇总工会"]),
        ("东莞市长安镇总工会出资，厚街镇总工会也出资", ["东莞市长安镇总工会", "东莞市厚街镇总工会"]),
        ("安吉县天荒坪镇总工会、孝丰镇总工会办班", ["安吉县天荒坪镇总工会", "安吉县孝丰镇总工会"]),
        ("长沙县㮾梨街道总工会慰问", ["长沙县㮾梨街道总工会"]),
        ("贵安新区工会慰问", ["贵安新区工会"]),
        ("四川省省级机关工会组织健步走", ["四川省省级机关工会"]),
        ("绵阳市总工会部署，市直机关工会工委照办", ["绵阳市总工会", "绵阳市直机关工会工委"]),
        ("南京工业大学工会开会。校工会慰问教工", ["南京工业大学工会"] * 2),
        ("江苏省人民医院工会组织义诊，医院工会出资", ["江苏省人民医院工会"] * 2),
        ("陕煤集团韩城矿业公司桑树坪煤矿工会慰问", ["陕煤集团韩城矿业公司桑树坪煤矿工会"]),
        ("中铁十一局集团第五工程有限公司工会慰问", ["中铁十一局集团第五工程有限公司工会"]),
        ("中国一重工会、比亚迪工会办班", ["中国一重工会", "比亚迪工会"]),
        ("横河工业社区工会联合会成立。", ["横河工业社区工会联合会"]),
        ("海原县三河镇红柳村去年建会，村工会补助2万元。", ["海原县三河镇红柳村工会"]),
        ("福建省城市环卫行业工会联合会揭牌", ["福建省城市环卫行业工会联合会"]),
        ("辽宁省总工会和省金融工会办赛。", ["辽宁省总工会", "辽宁省金融工会"]),
        ("绍兴市总工会联合市教育工会办班。", ["绍兴市总工会", "绍兴市教育工会"]),
        ("中国海员建设工会送书上船。", ["中国海员建设工会"]),
        ("中国邮政工会慰问。", ["中国邮政工会"]),
        ("南宁铁路局工会拨款。局工会另拨30万元。", ["南宁铁路局工会"] * 2),
        ("记者从金隅集团工会了解到，集团工会办班。", ["金隅集团工会"] * 2),
        ("来自湖州南浔安达电梯股份有限公司的小陈", ["湖州南浔安达电梯股份有限公司"]),
        ("安泰水泥有限公司开工。公司工会送去毛巾。", ["安泰水泥有限公司", "安泰水泥有限公司工会"]),
        ("国网江苏省电力有限公司工会办赛", ["国网江苏省电力有限公司工会"]),
        ("雄安新区总工会揭牌", ["雄安新区总工会"]),
        ("锦州银行参赛，该行工会颁奖。", ["锦州银行", "锦州银行工会"]),
        ("常州市总工会、市人社局、市工人文化宫联办。",
         ["常州市总工会", "常州市人力资源和社会保障局", "常州市工人文化宫"]),
        ("中国职工保险互助会贵阳办事处赔付", ["中国职工保险互助会贵阳办事处"]),
        ("中国职工保险互助会云南办事处赔付。办事处主任说，翠湖街道办事处也来了。",
         ["中国职工保险互助会云南办事处"] * 2),
        ("办事处主任说", []),
        ("中国金融工会湖北省委员会、中国海员建设工会山东工作委员会办赛",
         ["中国金融工会湖北省委员会", "中国海员建设工会山东工作委员会"]),
        ("郑州航空港区总工会、一五〇团工会办赛", ["郑州航空港区总工会", "一五〇团工会"]),
        ("贵州省能源工会办赛", ["贵州省能源工会"]),
        ("广西壮族自治区直属机关工会办赛", ["广西壮族自治区直属机关工会"]),
        ("宁德市总工会为宁德时代工会返还经费", ["宁德市总工会", "宁德时代工会"]),
        ("去年，宝钢股份工会、蒙牛乳业工会办班", ["宝钢股份工会", "蒙牛乳业工会"]),
    ],
)  # fmt: skip
def test_other_bodies(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_union_flag_level_and_code() -> None:
    union, office, firm = read("嘉兴市总工会、市财政局与嘉兴安达电梯有限公司签约")
    assert (union.union, union.level, union.region_code) == (True, "city", "330400")
    assert (office.union, office.level) == (False, "city")
    assert (firm.union, firm.level) == (False, "enterprise")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("白银推进职工之家结对", "白银市总工会"),
        ("福鼎：采茶之后去休假", "福鼎市总工会"),
        ("河源市紫金县首个驿站启用", "紫金县总工会"),
        ("【合肥】劳模工作室复评", "合肥市总工会"),
    ],
)
def test_regions_in_headlines_act(title: str, expected: str) -> None:
    [mention] = read("活动办了三场。", title)
    assert (mention.name, mention.rule) == (expected, "headline")


@pytest.mark.parametrize("title", ["云南邮政：小屋不大暖意多", "云南金融系统办赛"])
def test_trades_in_headlines_are_no_region(title: str) -> None:
    assert [mention.rule for mention in read("活动办了三场。", title)] == []


def test_home() -> None:
    def home(title: str, lead: str, **meta: object) -> str | None:
        article = Article(f"{title}\n{lead}", len(title) + 1, Metadata(**meta))  # type: ignore[arg-type]
        mention = organisations.home(article)
        return mention.name if mention else None

    lead = "本报讯 绍兴市总工会近日启动帮扶，市总投入20万元。全国总工会曾来调研。"
    assert home("送温暖启动", lead) == "绍兴市总工会"
    assert home("钢厂奖励小发明", "宏达钢铁集团工会发奖。集团工会称将续办。") == "宏达钢铁集团工会"
    assert home("无题", "天气晴好。") is None
    assert home("预算说明", "本级收入80万元。", source="温岭市总工会") == "温岭市总工会"
    assert home("送温暖", "平湖市总工会慰问。", source="嘉兴市总工会") == "平湖市总工会"


alphabet = st.sampled_from(
    ["总工会", "工会", "市", "县", "省总", "杭州", "嘉兴市", "各级", "、", "（", "）", "公司",
     "集团", "街道", "该", "村", "由", "工会联合会", "两级", "一家", "局", "，", "\n", "中国", "全", "a", "9"]
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(alphabet, max_size=30).map("".join), st.integers(0, 10))
def test_any_text_is_read(text: str, lead: int) -> None:
    article = Article(text, min(lead, len(text)))
    mentions = organisations.find(text, organisations.context(article))
    assert all(0 <= m.start < m.end <= len(text) and m.name for m in mentions)
    assert [m.start for m in mentions] == sorted(m.start for m in mentions)
    organisations.home(article)


@pytest.mark.parametrize(
    "unit",
    [
        "总工会",
        "工会",
        "市、",
        "（县",
        "各级",
        "公司",
        "杭州市",
        "村工会",
        "街道",
        "局工会",
        "沙钢集团",
        "校工会",
        "全市",
        "。山东省工会",
        "由公司工会",
    ],
)
def test_time_is_linear(unit: str) -> None:
    def spent(times: int) -> float:
        article = Article(unit * times, 0)
        begin = time.process_time()
        organisations.find(article.body, organisations.context(article))
        return time.process_time() - begin

    spent(100)
    small, large = spent(2000), spent(8000)
    assert large < 8 * small + 0.3
