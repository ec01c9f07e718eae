"""Made-up union news, as read: articles of 500-900 characters with their facts. The same seed gives the same
articles.

Between sentences of templates, which state the facts, stand some of words at random: articles are about as
different from each other as news are.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from extract import regions
from extract.model import (
    Article,
    DateMention,
    Fact,
    Metadata,
    OrganisationMention,
    Quantity,
    Reading,
    Segment,
    Span,
)
from extract.programmes import categories

SEED = 5
SOURCES = [
    ("national", "华东工人报", "portal"),
    ("north", "北方工人报", "daily"),
    ("coast", "海岸劳动报", "daily"),
    ("river", "江城日报", "e-paper"),
    ("valley", "谷地新闻网", "portal"),
    ("plain", "平原职工网", "portal"),
    ("lake", "湖区总工会网", "federation"),
    ("hill", "山城总工会网", "federation"),
    ("port", "港口工会在线", "federation"),
    ("mine", "矿区工人周报", "e-paper"),
]
"""Id, name and kind of each outlet."""
FIRST, DAYS = date(2015, 1, 1), 3652
REPRINTS = 0.06
"""Share of articles that reprint an earlier one."""


def _words(text: str) -> list[str]:
    return text.split()


_GROUPS = _words(
    """
    困难职工 困难家庭 特困职工 低收入职工 患病职工 单亲困难女职工 技能人才 青年工匠
    班组长 一线技工 参赛选手 转岗职工 农民工 新就业形态劳动者 外卖骑手 网约车司机
    货车司机 家政服务员 女职工 户外劳动者 环卫工人 建筑工人 矿工 纺织女工 职工书友
    合唱队员 劳模代表 退休职工 医护人员 教职工
    """
)
_CALLED = _words(
    """
    春风 金秋 暖冬 清泉 同心 筑梦 匠心 晨光 青松 蓝领 星火 远航 绿荫 连心 安康
    启航 幸福 和谐 阳光 初心
    """
)
_KINDS = _words(
    """
    助学 送温暖 送清凉 技能竞赛 普法宣传 免费体检 互助保障 夜校 就业服务 心理关爱
    劳动竞赛 读书 疗休养
    """
)
_ENDINGS = _words("行动 活动 项目 计划 工程")
_PLACES = _words(
    """
    职工服务中心 建筑工地 产业园区 纺织车间 物流园 环卫驿站 港口码头 矿区宿舍 社区广场
    职工书屋 乡镇卫生院 货运枢纽 商贸城 电子厂 水泥厂 机械厂 快递网点 隧道工地
    高速收费站 蔬菜基地 罐头厂 造船厂 化工园 供电所 热力公司 公交场站 污水处理厂
    铁路货场 冷链仓库 制药厂
    """
)
_THINGS = _words(
    """
    慰问品 防暑药品 米面油 工具包 图书 保温杯 安全帽 雨衣 手套 学习用品 体检卡 家电
    被褥 口罩 急救包 电影票
    """
)
_EVENTS = _words(
    """
    宣讲会 招聘会 培训班 座谈会 义诊 技能比武 法律咨询 联谊会 观影会 健步走 朗诵会
    现场会
    """
)
_MONIES = _words("慰问金 助学金 救助金 补贴 帮扶资金 奖金 互助金 专项经费 医疗补助 维权款")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志红梅春生文海云飞"
_OPENING = (
    "为把工会组织的关怀送到{group}身边，{org}近日走进{place}，组织开展“{named}”。",
    "“没想到工会想得这么周到。”在{place}，{group}{name}接过{thing}时说。这是{org}推进“{named}”的一个缩影。",
    "{day}，{org}在{place}举行“{named}”启动仪式，{group}代表{name}等到场参加。",
    "连日来，{place}里人来人往，{org}的工作人员正为{group}忙碌，“{named}”由此拉开序幕。",
    "记者从{org}了解到，面向{group}的“{named}”已在{place}落地，{name}是首批受益者之一。",
)
_CLOSING = (
    "{name}表示，{org}将把{thing}送到{place}，{words}，让更多{group}感受到“娘家人”的温暖。",
    "下一步，{org}将总结“{named}”的做法，在{place}设立联系点，由{name}等专人跟进{group}反映的问题。",
    "据{org}有关负责人{name}介绍，{place}的经验将在全系统推开，{group}可就近到{place2}办理。",
)
_REMARK = (
    "{name}说，自己在{place}干了多年，{words}，家里的难处工会都记在心上。",
    "在{place2}，{name}一边翻看{thing}，一边讲起{words}的往事，{words2}。",
    "随后，大家来到{place}，听{name}介绍{words}，并就{words2}交流。",
    "“{words}，{words2}。”{name}的话引来{place}里一阵掌声。",
)
_QUANTITIES = (
    # kind, unit, counted from, low, high, words around the number
    ("people", "名", _GROUPS, 5, 3000, ("慰问{counted}", "{verb}{counted}")),
    ("people", "人次", _GROUPS, 20, 20000, ("服务{counted}", "惠及{counted}")),
    ("households", "户", ["困难职工家庭", "特困家庭", "建档家庭"], 2, 900, ("走访{counted}",)),
    ("money", "元", _MONIES, 500, 900000, ("发放{counted}", "投入{counted}")),
    ("money", "万元", _MONIES, 2, 800, ("筹集{counted}", "拨付{counted}")),
    ("count", "场", _EVENTS, 1, 120, ("举办{counted}", "开展{counted}")),
    ("count", "份", _THINGS, 20, 5000, ("送出{counted}", "配发{counted}")),
    ("percent", "%", ["满意率", "参保率", "建会率", "签约率"], 51, 99, ("{counted}达到",)),
)
_COMMON = (
    "的一是在有人这上大来和国地到以说时要就出会可也你对生能而子那得着下自之年过发后作里用道行所然家种事成方多经么去法学如都同"
    "现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正"
    "业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海"
)
"""Common characters: any two of them pass for a word."""
_VERBS = _words("帮助 培训 组织 资助 签约 看望 招录 表彰")


@dataclass(frozen=True, slots=True)
class Printed:
    """An article with where it was printed."""

    source_id: str
    address: str
    reading: Reading


def articles(number: int, facts: int) -> Iterator[Printed]:
    """So many articles with so many facts each, in the order of their publication."""
    chance = random.Random(SEED)
    maker = _Maker(chance)
    recent: list[Reading] = []
    for index in range(number):
        day = FIRST + timedelta(days=index * DAYS // number)
        if recent and chance.random() < REPRINTS:
            reading = _reprint(chance, chance.choice(recent), day)
        else:
            reading = maker.reading(day, facts)
            recent = [*recent[-199:], reading]
        source_id = chance.choice(SOURCES)[0]
        yield Printed(source_id, f"https://{source_id}.example/{day:%Y/%m/%d}/content_{index}.html", reading)


def _reprint(chance: random.Random, reading: Reading, day: date) -> Reading:
    """Word for word, or with another ending."""
    article = reading.article
    body = (
        article.body
        if chance.random() < 0.5
        else f"{article.body.rstrip()}（编辑 {chance.choice(_SURNAMES)}宁）"
    )
    printed = replace(article.meta, published=day, newspaper=chance.choice(SOURCES)[1])
    return replace(reading, article=replace(article, body=body, meta=printed))


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._regions = [region for code in _codes() if (region := regions.by_code(code))]
        self._programmes = [
            (chance.choice(categories()), f"{called}{kind}{ending}")
            for called in _CALLED
            for kind in _KINDS
            for ending in chance.sample(_ENDINGS, 2)
        ]

    def reading(self, day: date, number: int) -> Reading:
        chance = self._chance
        region = chance.choice(self._regions)
        organisation = OrganisationMention(
            *(0, 0, regions.official(region) + "总工会", region.level, region.code, True)
        )
        programme = chance.choice(self._programmes)
        title = f"{region.name}{chance.choice(_GROUPS)}有了“{programme[1]}”"
        text, facts, mentions = title + "\n", list[Fact](), list[OrganisationMention]()
        lead = len(text)
        text += self._filled(chance.choice(_OPENING), organisation.name, programme[1], day)
        while len(facts) < number or len(text) < 600:
            if chance.random() < 0.45 or len(facts) >= number:
                text += self._filled(chance.choice(_REMARK), organisation.name, programme[1], day)
                continue
            text += chance.choice(("\n", ""))
            start = len(text)
            when = day - timedelta(days=chance.randrange(1, 200))
            text += f"{when.month}月{when.day}日，"
            mention = replace(organisation, start=len(text), end=len(text) + len(organisation.name))
            mentions.append(mention)
            text += f"{organisation.name}在{chance.choice(_PLACES)}"
            said: list[tuple[int, int, Quantity]] = []
            for _ in range(min(2, number - len(facts))):
                text += "，" * bool(said)
                quantity, text = self._quantity(text)
                said.append((quantity.start, quantity.end, quantity))
            text += f"，{self._name()}等参加。"
            span = Span(start, len(text))
            date_mention = DateMention(
                *(start, start + 5, when, when, "day", "inferred from publication date")
            )
            facts += [
                Fact(
                    *(a, b, quantity, mention, *programme),
                    status="actual" if chance.random() < 0.9 else "planned",
                    per=None,
                    when=date_mention,
                    quote=text[a:b],
                    sentence=span,
                    rule="generated",
                    confidence=round(chance.uniform(0.5, 1), 3),
                )
                for a, b, quantity in said
            ]
        text += "\n" + self._filled(chance.choice(_CLOSING), organisation.name, programme[1], day)
        meta = Metadata(
            title=title,
            published=day,
            published_basis="printed",
            newspaper=chance.choice(SOURCES)[1],
            author=self._name(),
        )
        article = Article(text, lead, meta, (Segment(0, 0, len(text)),))
        return Reading(article, facts, (), mentions)

    def _quantity(self, text: str) -> tuple[Quantity, str]:
        chance = self._chance
        kind, unit, counted_from, low, high, forms = chance.choice(_QUANTITIES)
        counted, number = chance.choice(counted_from), chance.randint(low, high)
        text += chance.choice(forms).format(counted=counted, verb=chance.choice(_VERBS))
        about = chance.random() < 0.15 and kind != "percent"
        printed = f"{number}{'余' * about}{unit}"
        value = float(number * 10_000 if unit == "万元" else number)
        base = "元" if unit == "万元" else unit
        start = len(text)
        text += printed
        quantity = Quantity(start, len(text), kind, value, None, base, "over" if about else "exact", counted)
        return quantity, text

    def _filled(self, form: str, organisation: str, named: str, day: date) -> str:
        chance = self._chance
        return form.format(
            org=organisation,
            named=named,
            day=f"{day.month}月{day.day}日",
            name=self._name(),
            group=chance.choice(_GROUPS),
            place=chance.choice(_PLACES),
            place2=chance.choice(_PLACES),
            words=self._words(),
            words2=self._words(),
            thing=chance.choice(_THINGS),
            event=chance.choice(_EVENTS),
        )

    def _words(self) -> str:
        return "".join(self._chance.choices(_COMMON, k=self._chance.randint(9, 24)))

    def _name(self) -> str:
        return self._chance.choice(_SURNAMES) + "".join(self._chance.sample(_GIVEN, 2))


def _codes() -> list[str]:
    """Every region of today, provinces first."""
    return sorted({region.code for region in regions.everywhere() if not region.valid_to})
