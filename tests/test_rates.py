"""Each or per year: by the words around a number."""

import pytest

from extract import sentences, words
from extract.clauses import Clauses
from extract.model import Kind, Quantity
from extract.offsets import Row
from extract.rates import Rates


def rate(text: str, number: Quantity) -> str | None:
    sentence = Row(sentences.sentences(text)).holding(number.start)
    return Rates(text).of(number, sentence, Clauses(text).around(number, sentence))


def decide(text: str, surface: str, kind: Kind, value: float = 10.0) -> str | None:
    start = text.index(surface)
    return rate(text, Quantity(start, start + len(surface), kind, value, None, "", "exact"))


@pytest.mark.parametrize(
    ("text", "surface", "value", "per"),
    [
        ("每户发放慰问金800元。", "800元", 800, "each"),
        ("每人500元，合计4.5万元。", "500元", 500, "each"),
        ("每人500元，合计4.5万元。", "4.5万元", 45000, None),
        ("人均补助260元。", "260元", 260, "each"),
        ("一等奖6000元，二等奖3000元。", "3000元", 3000, "each"),
        ("两位师傅各得1500元。", "1500元", 1500, "each"),
        ("补助标准为每班2000元。", "2000元", 2000, "each"),
        ("按2万元的标准补助新建书屋。", "2万元", 20000, "each"),
        ("补助900元/人。", "900元", 900, "each"),
        ("奖金900元每人。", "900元", 900, "each"),
        ("经费30万元/年。", "30万元", 300000, "year"),
        ("县总工会每年列支40万元。", "40万元", 400000, "year"),
        ("送去价值120元的防暑包。", "120元", 120, "each"),
        ("送去价值12万元的防暑物品。", "12万元", 120000, None),
        ("住院补助封顶8000元。", "8000元", 8000, "each"),
        ("考核优秀的奖励1万元。", "1万元", 10000, "each"),
        ("保费每份60元，区总出40元，其余自付。", "40元", 40, "each"),
        ("市总工会拨付专款70万元。", "70万元", 700000, None),
        ("标准化车间建设投入15万元。", "15万元", 150000, None),
        ("每年拨款40万元，去年支出37万元。", "37万元", 370000, None),
        ("为每名困难职工发放慰问金1000元。", "1000元", 1000, "each"),
        ("各奖励5000元。", "5000元", 5000, "each"),
        ("分别给予3000元、2000元、1000元奖励。", "1000元", 1000, "each"),
        ("一等奖奖金5000元。", "5000元", 5000, "each"),
        ("特等奖1名，奖金1万元。", "1万元", 10000, "each"),
        ("体检套餐价值600元。", "600元", 600, "each"),
        ("发放价值100元的大礼包。", "100元", 100, "each"),
        ("价值80余元的清凉包。", "80余元", 80, "each"),
        ("发放价值10万元的慰问品。", "10万元", 100000, None),
        ("共计发放慰问金30万元。", "30万元", 300000, None),
        ("每户500元，共15万元。", "15万元", 150000, None),
        ("慰问困难职工300户，每户1000元，总金额30万元。", "30万元", 300000, None),
        ("为120名困难职工发放慰问金12万元。", "12万元", 120000, None),
        ("每年投入资金100万元。", "100万元", 1e06, "year"),
        ("单笔最高赔付5万元。", "最高赔付5万元", 50000, "each"),
        ("最高赔付5万元。", "最高赔付5万元", 50000, "each"),
        ("封顶线2万元。", "封顶线2万元", 20000, "each"),
        ("每满100元减20元。", "20元", 20, "each"),
        ("满100元减20元。", "20元", 20, "each"),
        ("消费券面值50元。", "50元", 50, "each"),
        ("票价9.9元。", "9.9元", 9.9, "each"),
        ("单价3000元。", "3000元", 3000, "each"),
        ("月补贴600元。", "600元", 600, "each"),
        ("个人自付30元。", "30元", 30, "each"),
        ("第一名奖励3000元。", "3000元", 3000, "each"),
        ("夫妻双方各得800元。", "800元", 800, "each"),
        ("两人各获奖金500元。", "500元", 500, "each"),
        ("三个班组各2万元。", "2万元", 20000, "each"),
        ("补助标准提高到3000元。", "3000元", 3000, "each"),
        ("助学标准由每人3000元提高到5000元。", "5000元", 5000, "each"),
        ("本科生5000元。", "5000元", 5000, "each"),
        ("一次性给予2000元困难补助。", "2000元", 2000, "each"),
        ("王师傅领到了2000元救助金。", "2000元", 2000, None),
        ("每年投入50万元，累计投入300万元。", "300万元", 3e06, None),
        ("各级工会筹集资金500万元。", "500万元", 5e06, None),
        ("每发展1名会员奖励20元。", "20元", 20, "each"),
        ("每年列支经费不少于20万元。", "不少于20万元", 200000, "year"),
        ("年产值5亿元。", "5亿元", 5e08, "year"),
        ("人均补助1200元，比上年提高200元。", "200元", 200, "each"),
        ("一等奖2名、二等奖4名，奖金各为3000元、2000元。", "2000元", 2000, "each"),
        ("市总工会计划明年投入800万元。", "800万元", 8000000, None),
        ("青年服务队领到经费20万元。", "20万元", 200000, None),
    ],
)
def test_per_of_money(text: str, surface: str, value: float, per: str | None) -> None:
    assert decide(text, surface, "money", value) == per


@pytest.mark.parametrize(
    ("text", "surface", "per"),
    [
        ("每个站点配志愿者2名。", "2名", "each"),
        ("每名会员凭卡可领2张。", "2张", "each"),
        ("甲乙两队各6场。", "6场", "each"),
        ("全市每年举办招聘会30场以上，服务求职者2万人。", "30场以上", "year"),
        ("全市每年举办招聘会30场以上，服务求职者2万人。", "2万人", "year"),
        ("每年培训电工80人；轮训班组长45人。", "45人", "year"),
        ("困难职工120人每人领到600元。", "120人", None),
        ("各级工会走访企业90家。", "90家", None),
        ("每人一份礼包，共360份。", "360份", None),
        ("每年服务职工3万人次。", "3万人次", "year"),
        ("每年组织活动20场。", "20场", "year"),
        ("年服务职工10万人次。", "10万人次", "year"),
        ("年培训能力达3000人。", "3000人", "year"),
        ("每年为2000名职工免费体检。", "2000名", "year"),
        ("每年评选工匠10名。", "10名", "year"),
        ("2023年服务职工10万人次。", "10万人次", None),
        ("全年服务职工10万人次。", "10万人次", None),
        ("每年的五一期间，都会表彰，今年表彰30名。", "30名", None),
        ("每名会员都能享受，全市已有3万名会员参加。", "3万名", None),
        ("每周五开展活动，已有500人参加。", "500人", None),
        ("每逢节日慰问，共慰问200人。", "200人", None),
        ("每天清晨，30名环卫工人在这里喝水。", "30名", None),
        ("每到夏天，县总工会都走访工地60个。", "60个", None),
        ("每位参赛选手都全力以赴，最终10人获奖。", "10人", None),
        ("从每一件小事做起，走访职工100户。", "100户", None),
        ("每年都开展送清凉，今年慰问职工800人。", "800人", None),
        ("每年投入50万元，五年来服务职工3万人。", "3万人", None),
        ("各县区工会走访企业90家。", "90家", None),
        ("各类活动参与职工5000人。", "5000人", None),
        ("各地新建驿站200个。", "200个", None),
        ("平均年龄35岁的队伍有40人。", "40人", None),
        ("每千名职工配备1名社会工作者，现有社会工作者60名。", "60名", None),
        ("每200名职工配备指导员1人。", "1人", "each"),
        ("每年举办一次，每次20天，每年培训100人。", "100人", "year"),
        ("年接待量5万人次。", "5万人次", "year"),
        ("一年来，举办活动30场。", "30场", None),
        ("共有会员3000人，每人一张卡。", "3000人", None),
        ("按照每人200元的标准，慰问一线职工300人。", "300人", None),
        ("每人200元，慰问一线职工300人。", "300人", None),
        ("每户800元，惠及职工260户。", "260户", None),
        ("每个500元，共配备30个。", "30个", None),
    ],
)
def test_per_of_other_things(text: str, surface: str, per: str | None) -> None:
    assert decide(text, surface, "count") == per


def test_a_range_of_money_is_for_each() -> None:
    text = "困难家庭可得2000元至5000元不等。"
    assert rate(text, Quantity(6, 17, "money", 2000, 5000, "元", "range")) == "each"


def test_the_own_words_of_a_quantity_come_first() -> None:
    text = "每户一份，共800元。"
    start = text.index("800元")
    number = Quantity(start, start + 4, "money", 800, None, "元", "exact", per="year")
    assert rate(text, number) == "year"


def test_every_word_says_what_it_means() -> None:
    assert all(row["meaning"] and row["source"] for row in words.table("per_words"))


def test_yearly_words_begin_with_year() -> None:
    """The search for them rests on it."""
    assert all(term.startswith("年") for term in words.terms("per_words", role="yearly"))
