"""The extractor on the tagged cases (docs/tagged-cases.md), and the reader of their tags."""

import re
from datetime import date

import pytest
import tagged

from extract import words

CASES = tagged.cases()
KNOWN = tagged.known_failures()
_BOUND_WORDS = re.compile(
    r"[余多超逾近约]|左右|上下|不[少低足超到满]|以[上内下]|至少|至多|最[多高低]|突破|[几来]"
)


@pytest.fixture(scope="module")
def wrong():
    return tagged.failures(CASES)


def _parameter(case, slot):
    known = KNOWN.get((case, slot))
    return pytest.param(case, slot, marks=[pytest.mark.xfail(reason=known, strict=True)] if known else [])


@pytest.mark.parametrize(
    ("case", "slot"), [_parameter(case.id, slot) for case in CASES for slot in tagged.SLOTS]
)
def test_case(wrong, case, slot):
    assert not wrong.get((case, slot))


def test_known_failures_are_cases():
    assert {case for case, _ in KNOWN} <= {case.id for case in CASES}
    assert {slot for _, slot in KNOWN} <= set(tagged.SLOTS)


def test_gold_is_well_formed():
    programmes = set(words.terms("programme_categories"))
    for case in CASES:
        for fact in case.facts:
            assert set(fact.programmes) <= programmes, case.id
            assert fact.bound != ("exact",) or not _BOUND_WORDS.search(fact.surface), (case.id, fact.surface)
            assert all(start is None or end is None or start <= end for start, end in fact.dates), case.id


def test_reading_of_tags(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "// a remark\n# id: a | published: 2024-03-05 | org: 甲县总工会 | prog: health | date: ..pub\n"
        "## 标题\n去年[5.4万余人]{over date=2023|2023-12..2023-12-31}体检，花费[481.64万元]{}；"
        "今年再安排[3至5场]{3..5 planned|actual}，[每人200元]{each org=-}。[一成]{10 percent optional}\n"
        "# id: b\n没有数字。\n",
        encoding="utf-8",
    )
    first, second = tagged.read(path)
    people, money, sessions, fee, tenth = first.facts
    assert first.draft.text.startswith("标题\n去年5.4万余人体检")
    assert (first.draft.known.title, first.draft.known.published) == ("标题", date(2024, 3, 5))
    assert (people.kind, people.value, people.bound, people.programmes) == (
        "people",
        54000,
        ("over",),
        ("health",),
    )
    assert people.dates == (("2023-01-01", "2023-12-31"), ("2023-12-01", "2023-12-31"))
    assert (money.kind, money.value, money.dates) == ("money", 4816400, ((None, "2024-03-05"),))
    assert (sessions.value, sessions.value_max, sessions.bound) == (3, 5, ("range",))
    assert sessions.status == ("planned", "actual")
    assert (fee.organisations, fee.per) == ((), ("each",))
    assert (tenth.kind, tenth.optional) == ("percent", True)
    assert second.facts == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# id: a\n[3人]{}", "no org"),
        ("# id: a | org: 甲 | prog: health | date: -\n[三人]{}", "say the value"),
        ("# id: a | org: 甲 | prog: health | date: -\n[3人]{ovre}", "'ovre' is no part"),
        ("# id: a | program: health\n", "program in the header"),
    ],
)
def test_faults_are_named(tmp_path, text, message):
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(tagged.CaseError, match=rf"a\.txt:1: .*{message}"):
        list(tagged.read(path))
