"""Planned or actual: by the words around a number."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import sentences, status, tense, words
from extract.clauses import Clauses
from extract.model import Kind, Quantity, Span


def quantity(text: str, surface: str, kind: Kind, value: float, value_max: float | None = None) -> Quantity:
    start = text.index(surface)
    bound = "range" if value_max is not None else "exact"
    return Quantity(start, start + len(surface), kind, value, value_max, "", bound)


def decide(
    text: str, surface: str, kind: Kind = "people", value: float = 10.0, year: int | None = None
) -> tuple[str, str | None]:
    number = quantity(text, surface, kind, value)
    found = sentences.sentences(text)
    firmness = status.Firmness(text, found, sentences.paragraphs(text), year)
    sentence = found[sentences.at(found, number.start)]
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
    assert roles == {*tense.ROLES, "notice", "carry", "after", "after_noun", "compare", "rise"}
    assert all(row["meaning"] and row["source"] for row in words.table("status_words"))


def test_every_weight_has_a_known_role() -> None:
    roles = {*tense.ROLES, "will", "from", "compared", "mixed", "ahead", "back"}
    assert {name.split(":")[1] for name in status._WEIGHTS if ":" in name} <= roles


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
    whole = [Span(0, len(text))]
    firmness, per = status.Firmness(text, whole, whole).decide(
        number, whole[0], Clauses(text).around(number, whole[0])
    )
    assert firmness in ("actual", "planned")
    assert per in (None, "each", "year")


@pytest.mark.parametrize("piece", ["将", "计划3人，", "每人3元", "由3人", "各"])
def test_a_text_without_stops_stays_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        began = time.perf_counter()
        whole = [Span(0, len(text))]
        firmness = status.Firmness(text, whole, whole)
        for start in range(0, len(text) - 2, max(1, len(text) // 200)):
            firmness.decide(Quantity(start, start + 2, "money", 3.0, None, "", "exact"), whole[0], whole[0])
        return time.perf_counter() - began

    seconds(1000)
    assert seconds(80_000) < 40 * max(seconds(8_000), 0.005)
