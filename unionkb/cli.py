"""The console script. Commands are found by name and imported only when they are called."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

import click

from unionkb.errors import UserError

COMMANDS = {
    "demo": "The whole way on a sample site, crawled on this machine.",
    "crawl": "Fetch what is new at the sources, and read it.",
    "ingest": "Read files and folders into the knowledge base.",
    "extract": "Read the stored pages again, and say what changed.",
    "merge": "Join knowledge bases into one.",
    "inspect": "Articles and facts of a page, highlighted.",
    "search": "Find articles by words of any length.",
    "facts": "Facts as a table, filtered.",
    "unresolved": "Names of organisations that could not be resolved.",
    "serve": "Browse it in a web page.",
    "export": "Write a release: tables, data package, codebook, what changed.",
    "plot": "Draw the standard charts as PNG or SVG.",
    "review": "Say what is right and wrong in facts, here or with annotation tools.",
    "evaluate": "Score facts against gold, per field.",
    "sources": "The outlets that can be crawled, and what is known of them.",
    "runs": "What was fetched and read, when, and how it ended.",
    "health": "What is amiss with the crawls; nothing when all is well.",
}
"""Name and short help. The name is that of the module in unionkb.commands; `-` stands for `_`."""


class _Group(click.Group):
    """Lists the commands without importing them, so that help comes at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"unionkb.commands.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("unionkb"), message="%(prog)s %(version)s")
def cli() -> None:
    """Turns Chinese trade-union (工会) news into a knowledge base of facts, each with the sentence that
    states it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 when all was done, 1 when something failed, 2 for wrong usage, 130 when
    stopped."""
    try:
        sys.exit(cli.main(arguments, prog_name="unionkb", standalone_mode=False) or 0)
    except UserError as error:
        click.echo(f"unionkb: {error}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("unionkb: stopped", err=True)
        sys.exit(130)
