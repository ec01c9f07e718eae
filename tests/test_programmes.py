"""Programmes: terms, names, and which programme a number belongs to."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linear import in_proportion

from extract import programmes, sentences, words
from extract.clauses import Clauses
from extract.model import Span
from extract.offsets import Row
from extract.programme_choice import Context


def where(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def decide(
    text: str, number: str, *, headline: str | None = None, counted: str = ""
) -> tuple[str, str | None, float]:
    """Decide for a number of a body whose first line may be its headline."""
    at = where(text, number)
    sents, paras = Row(sentences.sentences(text)), Row(sentences.paragraphs(text))
    context = Context(programmes.find(text), paras, where(text, headline) if headline else None)
    sentence, paragraph = sents.holding(at.start), paras.holding(at.start)
    clause = Clauses(text).around(at, sentence)
    return context.decide(at, clause, sentence, paragraph, counted)


# ---------------------------------------------------------------- word lists


def test_every_term_names_a_known_category_and_a_weight() -> None:
    known = set(programmes.categories())
    assert len(known) == 22
    for row in words.table("programme_terms"):
        assert row["source"], row
        assert row["meaning"], row
        assert len(row["term"]) >= 2, row
        if row["role"] == "mask":
            assert not row["category"]
        else:
            assert row["category"] in known, row
            assert 0 < float(row["weight"]) <= 4, row


def test_no_term_is_listed_twice_for_one_category() -> None:
    pairs = [(row["term"], row["category"]) for row in words.table("programme_terms")]
    assert len(pairs) == len(set(pairs))


def test_every_category_has_programme_terms() -> None:
    rows = [row["category"] for row in words.table("programme_terms") if row["role"] == "programme"]
    assert set(rows) == set(programmes.categories()) - {"general"}


# ---------------------------------------------------------------- find


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("一线职工疗休养开班", "recuperation"),
        ("焊工技能比武在船厂举行", "skills_competition"),
        ("签订师带徒协议", "skills_training"),
        ("命名劳模创新工作室", "model_workers"),
        ("走访困难职工家庭", "hardship_relief"),
        ("把清凉送到工地", "summer_care"),
        ("女职工两癌筛查", "health"),
        ("货车司机集中入会", "organising"),
        ("爱心驿站启用", "service_sites"),
        ("职工趣味运动会", "culture_sports"),
        ("发放金秋助学款", "education"),
        ("青年职工联谊交友会", "matchmaking"),
        ("暑期爱心托管班", "childcare"),
        ("为农民工讨薪", "legal_rights"),
        ("安康杯竞赛", "safety"),
        ("春风行动专场招聘会", "employment"),
        ("小微企业工会经费返还", "enterprise_support"),
        ("推优入党", "political_education"),
        ("智慧工会上线", "digital_union"),
        ("采购脱贫地区农产品", "village_support"),
        ("基层工会换届选举", "grassroots_building"),
    ],
)
def test_terms_place_a_text(text: str, category: str) -> None:
    found = programmes.find(text)
    assert category in {mention.category for mention in found}
    assert all(text[m.start : m.end] for m in found)


@pytest.mark.parametrize(
    "text",
    [
        "市人力资源和社会保障局",
        "省总工会权益保障部",
        "县体育局",
        "工人日报",
        "市总工会组织",
        "各级工会组织",
        "男女职工",
    ],
)
def test_offices_and_papers_are_no_programmes(text: str) -> None:
    assert programmes.find(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("启动“暖冬同行”关爱行动", "暖冬同行"),
        ('实施"匠心筑梦"培育工程', "匠心筑梦"),
        ("推出「小站大爱」服务项目", "小站大爱"),
        ("“蒲公英夜谈计划”第三年", "蒲公英夜谈计划"),
        ("开展“工会助力‘3100’立新功”专项行动", "工会助力‘3100’立新功"),
        ("举办“钱江杯”职工技能大赛", "钱江杯"),
        ("按《职工重疾团体互助计划》给付", "职工重疾团体互助计划"),
        ("开展“两节”送温暖", "两节送温暖"),
        ("组织职工乡村疗休养示范性活动", "职工乡村疗休养示范性活动"),
        ("签订区域性工资集体协商协议", "区域性工资集体协商"),
        ("慰问了300名一线职工疗休养团员", "一线职工疗休养"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert name in {mention.name for mention in programmes.find(text)}


@pytest.mark.parametrize("text", ["他说“我很高兴”。", "读了《红楼梦》", "“这样真好”的声音"])
def test_quotations_are_no_names(text: str) -> None:
    assert not [m for m in programmes.find(text) if m.rule == "quoted"]


def test_a_heading_is_told_from_running_text() -> None:
    text = "法律援助到车间\n市总工会今年走访企业。\n二、就业服务。办招聘会20场。"
    rules = {text[m.start : m.end]: m.rule for m in programmes.find(text)}
    assert rules["法律援助"] == "heading"
    assert rules["就业服务"] == "item"
    assert rules["招聘会"] == "term"


@pytest.mark.parametrize("question", ["问：工会还办体检吗？", "Q2：今年体检怎么报名？", "问:体检要钱吗?\n"])
def test_a_question_announces_its_answer(question: str) -> None:
    text = question + "\n答：今年安排800人。\n问：怎么入会？\n答：已有350人扫码。"
    assert programmes.find(text)[0].rule == "item"
    assert decide(text, "800人")[0] == "health"
    assert decide(text, "350人")[0] == "organising"


def test_an_item_that_counts_announces_nothing() -> None:
    text = "▲县总工会为58名保安员办劳动法培训。\n▲2023年法律援助工作。受理97件。"
    rules = {text[m.start : m.end]: m.rule for m in programmes.find(text)}
    assert rules["劳动法"] == "term"
    assert rules["法律援助"] == "item"


# ---------------------------------------------------------------- decide


@pytest.mark.parametrize(
    ("text", "number", "category"),
    [
        # The clause decides among several programmes of one sentence.
        ("县总工会全年慰问困难职工812户，举办招聘会9场，免费体检女职工640人。", "812户", "hardship_relief"),
        ("县总工会全年慰问困难职工812户，举办招聘会9场，免费体检女职工640人。", "9场", "employment"),
        ("县总工会全年慰问困难职工812户，举办招聘会9场，免费体检女职工640人。", "640人", "health"),
        # A sentence without programme words continues the one before.
        ("镇总工会把送清凉排成一张表。头三天走了14个点，用款6200元。", "6200元", "summer_care"),
        # Full-width digits and half-width marks change nothing.
        ("区总工会开办暑期爱心托管班,收了８６名孩子.", "８６名", "childcare"),
    ],
)
def test_the_nearest_programme_holds(text: str, number: str, category: str) -> None:
    assert decide(text, number)[0] == category


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("全年组织4批120名优秀职工赴青岛休养", "recuperation"),
        ("首批50名一线职工踏上疗养之旅", "recuperation"),
        ("安排援藏干部人才疗养35人", "recuperation"),
        ("120名选手同台竞技，角逐焊接、钳工等6个工种", "skills_competition"),
        ("全省数控技能决赛吸引280名选手参赛", "skills_competition"),
        ("征集“五小”创新成果1200项", "skills_competition"),
        ("职工提出合理化建议3.2万条", "skills_competition"),
        ("举办电工、月嫂培训班23期，培训学员1200人", "skills_training"),
        ("签订师徒结对协议320对", "skills_training"),
        ("工匠学院开班，培训产业工人400人", "skills_training"),
        ("技能提升补贴发放180万元", "skills_training"),
        ("评选表彰劳动模范80名", "model_workers"),
        ("授予“工人先锋号”30个", "model_workers"),
        ("命名劳模创新工作室25家", "model_workers"),
        ("选树“最美职工”10名", "model_workers"),
        ("送上米面油等慰问品300份", "hardship_relief"),
        ("为困难职工发放救助金86万元", "hardship_relief"),
        ("认领微心愿240个", "hardship_relief"),
        ("梯度帮扶低收入职工家庭1300户", "hardship_relief"),
        ("高温慰问户外劳动者5600人", "summer_care"),
        ("送去绿豆汤、西瓜、藿香正气水1200份", "summer_care"),
        ("夏送清凉活动投入82万元", "summer_care"),
        ("走访慰问高温一线班组45个", "summer_care"),
        ("为女职工“两癌”筛查1800人", "health"),
        ("职工医疗互助参保12万人", "health"),
        ("心理健康讲座进企业36场", "health"),
        ("互助保障理赔金发放320万元", "health"),
        ("新建工会组织36家，发展会员2800人", "organising"),
        ("吸纳货车司机入会1.2万人", "organising"),
        ("平台企业建会率达到92%", "organising"),
        ("扫码入会人数突破6000人", "organising"),
        ("建成户外劳动者服务站点230个", "service_sites"),
        ("建设“司机之家”12个", "service_sites"),
        ("妈咪小屋新增30间", "service_sites"),
        ("“工会驿站”为快递小哥提供饮水、充电服务，累计服务3万人次", "service_sites"),
        ("职工篮球赛吸引32支队伍参赛", "culture_sports"),
        ("职工运动会开幕，1800名运动员参加", "culture_sports"),
        ("征集摄影作品680幅", "culture_sports"),
        ("公益课堂开设瑜伽、书法、古筝等课程26门", "culture_sports"),
        ("金秋助学发放助学金64万元", "education"),
        ("“求学圆梦”帮助1200名农民工提升学历", "education"),
        ("为考上大学的职工子女每人发放5000元", "education"),
        ("爱心助学金发放给42名学子", "education"),
        ("单身青年联谊活动吸引120人，牵手成功18对", "matchmaking"),
        ("“会聚良缘”相亲活动举办6场", "matchmaking"),
        ("七夕青年职工交友活动有80名单身男女参加", "matchmaking"),
        ("“缘来是你”鹊桥会吸引200人", "matchmaking"),
        ("开办暑期托管班32个，惠及儿童1100名", "childcare"),
        ("工会爱心托管班服务职工子女860人", "childcare"),
        ("职工亲子工作室建成22个", "childcare"),
        ("寒假托管解决“看娃难”，收托孩子240名", "childcare"),
        ("追回拖欠工资320万元，涉及农民工410人", "legal_rights"),
        ("受理法律援助案件216件", "legal_rights"),
        ("签订集体合同860份，覆盖职工5.2万人", "legal_rights"),
        ("调解劳动争议案件520件", "legal_rights"),
        ("“安康杯”竞赛参赛企业560家", "safety"),
        ("排查整改安全隐患1200条", "safety"),
        ("应急救护培训职工600名", "safety"),
        ("聘任工会劳动保护监督检查员80名", "safety"),
        ("举办专场招聘会18场，提供岗位5600个", "employment"),
        ("达成就业意向1300人", "employment"),
        ("“春风行动”现场签约260人", "employment"),
        ("创业担保贷款发放1200万元", "employment"),
        ("小微企业工会经费全额返还1200家，金额860万元", "enterprise_support"),
        ("工会经费回拨缓缴惠及企业3200家", "enterprise_support"),
        ("帮助企业复工复产，走访企业120家", "enterprise_support"),
        ("为中小微企业发放稳岗补贴260万元", "enterprise_support"),
        ("开展党的二十大精神宣讲126场", "political_education"),
        ("主题教育读书班举办12期", "political_education"),
        ("“工会大讲堂”理论学习参与职工8000人", "political_education"),
        ("思想政治引领课送进车间90场", "political_education"),
        ("“工会App”注册用户12万人", "digital_union"),
        ("工会普惠卡发卡8万张", "digital_union"),
        ("发放电子消费券200万元", "digital_union"),
        ("微信公众号粉丝达到15万人", "digital_union"),
        ("采购帮扶产品580万元", "village_support"),
        ("消费帮扶金额突破1000万元", "village_support"),
        ("驻村工作队帮助修路3条", "village_support"),
        ("结对帮扶村投入产业资金60万元", "village_support"),
        ("培训工会干部320人", "grassroots_building"),
        ("选聘社会化工会工作者45名", "grassroots_building"),
        ("县级工会加强年投入经费1200万元", "grassroots_building"),
        ("规范化建设示范工会20家", "grassroots_building"),
        ("送35名茶农职工赴大理疗养", "recuperation"),
        ("女职工岗位创新大赛收到成果211件", "skills_competition"),
        ("名师与青年工人结成对子126对", "skills_training"),
        ("评选“最美女职工”20名", "model_workers"),
        ("走访慰问劳模46人", "hardship_relief"),
        ("疫情期间向社区卡口送去方便面300箱", "hardship_relief"),
        ("给高炉班组添置雾化风机12台", "summer_care"),
        ("出钱为骑手买意外险，每份65元", "health"),
        ("远程问诊平台接诊船员870人次", "health"),
        ("建成“解压屋”，配备按摩椅6台", "health"),
        ("吸引新就业群体入会1.4万人", "organising"),
        ("村企联合工会达到34家", "organising"),
        ("户外职工爱心接力站新增9个", "service_sites"),
        ("“货车司机之家”配备床位60张", "service_sites"),
        ("职工那达慕设搏克、射箭等项目9个", "culture_sports"),
        ("流动书箱配书1800册", "culture_sports"),
        ("举行锅庄舞、门球比赛，参加职工360人", "culture_sports"),
        ("资助困难职工子女134名", "education"),
        ("普惠托育点提供托位120个", "childcare"),
        ("举办劳动法培训，参加保安员58名", "legal_rights"),
        ("聘请律师5名", "legal_rights"),
        ("化解劳资纠纷214起", "legal_rights"),
        ("给矿工代表配急救包150个", "safety"),
        ("招才引智，收到简历1400份", "employment"),
        ("发放稳岗补贴，惠及企业62家", "enterprise_support"),
        ("重温入党誓词的党员42名", "political_education"),
        ("短视频播放量突破300万", "digital_union"),
        ("为脱贫村修水渠、装路灯60盏", "village_support"),
        ("选派工会干事40名", "grassroots_building"),
        ("内设机构6个，人员编制58名", "general"),
        ("公务接待费3.5万元", "general"),
        ("外来务工者6万余人", "general"),
        ("心理热线接听来电830个", "health"),
        ("班组小家添置微波炉40台", "service_sites"),
        ("轮番推介岗位520个", "employment"),
        ("推行增收节支，省下112万元", "skills_competition"),
        ("走访慰问劳模87名", "hardship_relief"),
        ("新建会员驿站15个", "service_sites"),
        ("帮销羊肉820斤", "village_support"),
        ("回收有效问卷12643份", "general"),
        ("洗衣房、烘干机配到27个班站", "service_sites"),
        ("“五小”设施惠及310人", "service_sites"),
        ("126人拿到专项能力证书", "skills_training"),
        ("慰问演出36场", "culture_sports"),
        ("惠工券核销41万张", "digital_union"),
        ("返还比例提到70%", "enterprise_support"),
        ("行业筹备组吸收成员46人，成立工会筹备组8个", "organising"),
        ("达成意向213个", "employment"),
        ("海姆立克法教会了95人", "safety"),
        ("赶送降温贴2300片", "summer_care"),
        ("返乡大巴开出42趟", "hardship_relief"),
        ("专升本报读188人", "education"),
        ("为监测户买仔猪120头", "village_support"),
    ],
)
def test_a_sentence_alone_places_its_number(text: str, category: str) -> None:
    number = re.findall(r"[\d.]+", text)[-1]
    assert decide(text + "。", number)[0] == category


def test_the_headline_decides_where_the_text_is_silent() -> None:
    text = "女职工两癌筛查今起报名\n名额共420个，报满为止。"
    assert decide(text, "420个", headline="女职工两癌筛查今起报名")[0] == "health"


def test_the_heading_above_decides_where_the_paragraph_is_silent() -> None:
    text = "全年工作回眸\n职工书屋与读书活动\n新增12家，藏书3万册。\n法律援助与维权\n受理97件。"
    assert decide(text, "97件")[0] == "legal_rights"
    assert decide(text, "12家")[0] == "culture_sports"


def test_what_is_counted_comes_first() -> None:
    text = "县总工会公布全年情况，走访企业20家，另有35人。"
    assert decide(text, "35人")[0] == "hardship_relief"
    assert decide(text, "35人", counted="五一劳动奖章获得者")[0] == "model_workers"


def test_a_clause_without_words_goes_on_from_the_one_before() -> None:
    text = "困难职工帮扶实录。\n市总工会慰问96户、救助30户。劳模专项津贴94万元，发放210人。"
    assert decide(text, "210人")[0] == "model_workers"


def test_a_sentence_without_words_goes_on_from_the_one_before() -> None:
    """Whatever the article is about as a whole."""
    law = "工会帮职工维权。法律援助站有律师值班。\n"
    text = law + "想补一点药费，可以参加职工医疗互助。今年全县参加的有1200人。"
    assert decide(text, "1200人")[0] == "health"


def test_the_projects_of_a_budget_do_not_place_its_totals() -> None:
    text = (
        "市总工会部门预算\n内设机构6个，在职人员51人。\n一、支出预算2310万元。其中：基本支出860万元。\n"
        "二、重点项目。送温暖项目预算420万元，慰问困难职工2.6万人次。疗休养项目预算150万元，安排12期。"
    )
    for number in ("6个", "51人", "2310万元", "860万元"):
        assert decide(text, number)[0] == "general"
    assert decide(text, "2.6万人次")[0] == "hardship_relief"
    assert decide(text, "12期")[0] == "recuperation"


def test_a_headline_that_says_a_thing_twice_does_not_outweigh_the_clause() -> None:
    headline = "发展会员：入会路上会员笑"
    text = f"{headline}\n会员2600人。\n已有790名骑手做了体检。"
    assert decide(text, "790名", headline=headline)[0] == "health"


def test_nothing_places_the_number() -> None:
    assert decide("全市共有12个区县。", "12个") == ("general", None, 0.0)


def test_the_name_goes_with_the_category() -> None:
    text = "市总工会启动“秋实圆梦”助学行动，资助新生88名。"
    category, name, confidence = decide(text, "88名")
    assert (category, name) == ("education", "秋实圆梦")
    assert 0.5 < confidence <= 1


# ---------------------------------------------------------------- any text

_PIECES = st.sampled_from(
    [
        "“",
        "”",
        "‘",
        "’",
        '"',
        "「",
        "」",
        "《",
        "》",
        "活动",
        "送清凉",
        "劳模",
        "职工",
        "\n",
        "一、",
        "。",
        "x",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=60).map("".join)))
def test_any_text_is_read_without_error(text: str) -> None:
    found = programmes.find(text)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert [m.start for m in found] == sorted(m.start for m in found)
    whole = Span(0, len(text))
    category, _, confidence = Context(found, Row([whole])).decide(Span(0, 0), whole, whole, whole, text)
    assert category in programmes.categories()
    assert 0 <= confidence <= 1


@pytest.mark.parametrize("piece", ["“", '"', "《", "活动", "职工", "职工疗休养", "一、", "—", "劳模工匠\n"])
def test_worst_cases_stay_linear(piece: str) -> None:
    def read(size: int) -> None:
        text = piece * (size // len(piece))
        context = Context(programmes.find(text), Row(sentences.paragraphs(text)))
        for start in range(0, len(text), 100):
            context.decide(Span(start, start + 1), whole := Span(0, len(text)), whole, whole, "")

    assert in_proportion(read, 8_000, 80_000)
