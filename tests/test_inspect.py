"""`unionkb inspect`: articles and facts of a page, from a file or from the knowledge base."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console
from small_kb import fill

from extract.model import (
    Article,
    DateMention,
    Fact,
    Metadata,
    OrganisationMention,
    Quantity,
    Reading,
    Span,
)
from unionkb import inspection
from unionkb.commands.inspect import command

PAGE = """海宁市总工会慰问一线职工
2023-12-20 来源：海宁工会 作者：沈一鸣
12月19日，海宁市总工会走访慰问困难职工120余名，发放慰问金6.5万元。
责任编辑：周帆
"""
BODY = "海宁市总工会慰问一线职工\n12月19日，海宁市总工会慰问职工120余名。"


def reading() -> Reading:
    start = BODY.index("120余名")
    quantity = Quantity(start, start + 5, "people", 120.0, None, "人", "over", counted="职工")
    day = DateMention(13, 19, date(2023, 12, 19), date(2023, 12, 19), "day", "inferred from publication date")
    fact = Fact(
        start=quantity.start,
        end=quantity.end,
        quantity=quantity,
        organisation=OrganisationMention(20, 26, "海宁市总工会", "county", "330481", union=True),
        programme="hardship_relief",
        programme_name=None,
        status="actual",
        per=None,
        when=day,
        quote="120余名",
        sentence=Span(13, len(BODY)),
        rule="number+classifier",
        confidence=0.9,
    )
    meta = Metadata(title=BODY[:12], published=date(2023, 12, 20), published_basis="printed", author="沈一鸣")
    return Reading(Article(BODY, lead=13, meta=meta), [fact])


def run(*arguments: str | Path, columns: int = 100):
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(command, [*map(str, arguments)])


@pytest.fixture
def page(tmp_path) -> Path:
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    return tmp_path / "page.txt"


def test_record_of_a_reading():
    record = inspection.from_reading("page.txt", reading())
    (fact,) = record.pop("facts")
    assert list(record) == list(inspection.ARTICLE_KEYS)
    assert record["document"] == "page.txt"
    assert record["published"] == "2023-12-20"
    assert record["section"] is None
    assert list(fact) == list(inspection.FACT_KEYS)
    assert fact["organisation"] == "海宁市总工会"
    assert (fact["province"], fact["city"], fact["county"]) == ("浙江省", "嘉兴市", "海宁市")
    assert (fact["value"], fact["bound"], fact["date_start"]) == (120, "over", "2023-12-19")
    assert record["body"][fact["char_start"] : fact["char_end"]] == fact["quote"]
    assert fact["sentence"] == BODY[13:]
    json.dumps(record)


def test_unresolved_organisation_stays_text():
    nobody = OrganisationMention(20, 24, "县总工会", "county", None, union=True)
    found = reading()
    found = replace(found, facts=[replace(found.facts[0], organisation=nobody)])
    (fact,) = inspection.from_reading("page.txt", found)["facts"]
    assert (fact["organisation"], fact["organisation_id"], fact["county"]) == ("县总工会", None, None)


def test_facts_are_coloured_by_kind():
    console = Console(width=80, force_terminal=True, color_system="standard", highlight=False)
    with console.capture() as captured:
        inspection.show([inspection.from_reading("page.txt", reading())], console)
    text = captured.get()
    assert "\x1b[1;4;36m120余名\x1b[0m" in text, "people are cyan"
    assert "\x1b[1m海宁市总工会慰问一线职工" in text, "the headline is bold"
    assert "2023-12-20 (printed) · author 沈一鸣" in text
    assert "≥120人" in text


def test_markup_in_a_page_is_text():
    article = inspection.from_reading("page.txt", reading())
    article |= {"body": "[bold]职工[/bold][link=x]\x1b[2J", "lead": 0, "facts": [], "title": None}
    console = Console(width=80, force_terminal=True, highlight=False)
    with console.capture() as captured:
        inspection.show([article], console)
    assert "[bold]职工[/bold][link=x]\ufffd[2J" in captured.get()


def test_file_as_json(page):
    done = run("--json", page)
    assert done.exit_code == 0, done.output
    (article,) = json.loads(done.stdout)
    assert article["title"] == "海宁市总工会慰问一线职工"
    assert article["published"] == "2023-12-20"
    assert article["source"] == "海宁工会"
    assert article["editor"] == "周帆"
    assert {"120余名", "6.5万元"} <= {fact["quote"] for fact in article["facts"]}
    for fact in article["facts"]:
        assert article["body"][fact["char_start"] : fact["char_end"]] == fact["quote"]


def test_several_files_are_one_list(page):
    (page.parent / "b.txt").write_text(PAGE.replace("120", "130"), encoding="utf-8")
    articles = json.loads(run("--json", page, page.parent / "b.txt").stdout)
    assert [article["document"] for article in articles] == ["page.txt", "b.txt"]
    articles = json.loads(run("--json", page.parent).stdout)
    assert [Path(article["document"]).name for article in articles] == ["b.txt", "page.txt"]


def test_for_the_eye(page):
    done = run(page, columns=120)
    assert done.exit_code == 0, done.output
    assert "page.txt · article 1" in done.stdout
    assert PAGE.splitlines()[2] in done.stdout.splitlines()
    assert "120余名" in done.stdout
    assert "hardship_relief" in done.stdout


def test_document_in_the_knowledge_base(tmp_path):
    kb = fill(tmp_path / "kb.sqlite")
    done = run("--db", kb, "--json", "news/a.txt")
    assert done.exit_code == 0, done.output
    first, second = json.loads(done.stdout)
    assert list(first) == [*inspection.ARTICLE_KEYS, "facts"]
    assert [fact["quote"] for fact in first["facts"]] == ["120余名", "6.5万元"]
    assert list(first["facts"][0]) == list(inspection.FACT_KEYS)
    assert second["title"] == "=1+1"
    assert run("--db", kb, "news/a.txt").exit_code == 0


@pytest.mark.parametrize("arguments", [["--json"], []])
def test_what_cannot_be_read_is_named_and_the_others_go_on(page, arguments):
    missing, empty = page.parent / "missing.txt", page.parent / "empty.txt"
    empty.touch()
    done = run(*arguments, missing, empty, page)
    assert done.exit_code == 1
    first, second = done.stderr.splitlines()
    assert "missing.txt: no such file" in first
    assert "empty.txt: " in second
    if arguments:
        assert len(json.loads(done.stdout)) == 1
    else:
        assert "120余名" in done.stdout


def test_nothing_read_is_an_empty_list(tmp_path):
    done = run("--json", tmp_path / "none.txt")
    assert (done.exit_code, json.loads(done.stdout)) == (1, [])


def test_name_that_is_neither_file_nor_document(tmp_path):
    kb = fill(tmp_path / "kb.sqlite")
    done = run("--db", kb, "nowhere.html")
    assert done.exit_code == 1
    assert "nowhere.html: no such file, nor a document in" in done.stderr
