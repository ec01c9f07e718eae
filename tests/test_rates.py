"""Each or per year: by the words around a number."""

import pytest

from extract import sentences, words
from extract.clauses import Clauses
from extract.model import Kind, Quantity
from extract.rates import Rates


def rate(text: str, number: Quantity) -> str | None:
    found = sentences.sentences(text)
    sentence = found[sentences.at(found, number.start)]
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
