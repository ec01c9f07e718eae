"""What the documentation says is so: examples give what they print, commands and links exist."""

import importlib
import re
import sys
from pathlib import Path

import click
import pytest

from unionkb import tables
from unionkb.cli import COMMANDS, cli

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
update_docs = importlib.import_module("update_docs")
sys.path.pop(0)
READMES = ["README.md", "README.zh.md"]
PAGES = [*READMES, "CHANGELOG.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found
    return found


def parameters(name: str) -> list[click.Parameter]:
    """Those of a command, or of all commands of a group."""
    found = command(name)
    if isinstance(found, click.Group):
        return [parameter for each in found.commands.values() for parameter in each.params]
    return found.params


def consoles(page: str) -> list[str]:
    return re.findall(r"^```console\n(.*?)^```$", text(page), re.M | re.S)


@pytest.mark.parametrize("page", READMES)
def test_examples_print_what_they_say(page):
    assert consoles(page)
    assert update_docs.with_output(text(page)) == text(page), "run `make docs`"


def test_both_readmes_show_the_same():
    english, chinese = map(text, READMES)
    assert consoles("README.md") == consoles("README.zh.md")
    for pattern in (r"\]\((?!README)([^)]+)\)", r"^    (?:make|unionkb) (\w+)"):
        assert re.findall(pattern, english, re.M) == re.findall(pattern, chinese, re.M)


@pytest.mark.parametrize("page", READMES)
def test_make_targets_exist(page):
    targets = re.findall(r"^([a-z]+):", text("Makefile"), re.M)
    named = re.findall(r"^    make (\w+)", text(page), re.M)
    assert named
    assert set(named) <= set(targets)


@pytest.mark.parametrize("page", READMES)
def test_number_of_columns(page):
    assert re.search(rf"\b{len(tables.columns('facts'))} (?:columns|列)", text(page))


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text(page)):
        if not target.startswith("https://"):
            assert ((ROOT / page).parent / target).is_file(), target


def section(name: str) -> str:
    match = re.search(rf"^## unionkb {name}\n(.*?)(?=^## |\Z)", text("docs/commands.md"), re.M | re.S)
    assert match, f"docs/commands.md has no section about {name}"
    return match[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name):
    said = section(name)
    usage = said.strip("\n").split("\n\n")[0]
    for parameter in parameters(name):
        if isinstance(parameter, click.Option):
            for option in parameter.opts:
                assert option in usage, f"{option} is missing in the usage of {name}"
                assert re.search(rf"^\| `{option}\b", said, re.M), f"{option} of {name} is not explained"
        else:
            assert parameter.make_metavar(click.Context(command(name))).strip("[].") in usage


@pytest.mark.parametrize("name", COMMANDS)
def test_no_option_is_made_up(name):
    have = {option for parameter in parameters(name) for option in parameter.opts}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", section(name))) <= have


def test_no_command_is_made_up():
    named = re.findall(r"^## unionkb (\w+)$", text("docs/commands.md"), re.M)
    assert named == list(COMMANDS)
    for page in PAGES:
        for name in re.findall(r"(?:`|^ {4}|^\$ )unionkb (\w+)", text(page), re.M):
            assert name in COMMANDS, f"{page}: unionkb {name}"


def test_help_of_commands_and_list_agree():
    """The short help is written twice: once in the list, which must not import the commands."""
    for name, line in COMMANDS.items():
        assert line.endswith(".")
        assert command(name).help


def test_citation_has_the_version():
    assert re.search(r"^version: (.*)$", text("CITATION.cff"), re.M)[1] in text("pyproject.toml")
