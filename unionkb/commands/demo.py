"""unionkb demo"""

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from unionkb.store import Store

PAGE = "federation/xwdt/ghyw/202405/t20240520_104218.html"
"""A page of the sample site that is worth a look."""

_COUNTS = """
SELECT
    (SELECT sum(documents) FROM sources) AS pages,
    (SELECT count(*) FROM articles) AS articles,
    (SELECT coalesce(sum(is_reprint), 0) FROM articles) AS reprints,
    (SELECT count(*) FROM facts) AS facts,
    (SELECT count(DISTINCT organisation) FROM facts) AS organisations
"""

_ACTIVITIES = """
SELECT organisation, programme, headcount, households, money, published
FROM activities
WHERE organisation_id IS NOT NULL AND NOT is_reprint AND (money OR headcount OR households)
ORDER BY
    (money IS NOT NULL) + (headcount IS NOT NULL) + (households IS NOT NULL) DESC,
    facts DESC, article_id, organisation_id, programme
LIMIT 8
"""


@click.command()
@click.argument("folder", metavar="[DIR]", default="demo", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Serve the sample site on this machine, crawl it into DIR/kb.sqlite (DIR is `demo` unless given), read
    what came, and write a release into DIR/csv.

    Running it again is harmless: what it has it does not fetch again.
    """
    from unionkb import demo_site, store
    from unionkb.crawl import Options, crawl
    from unionkb.errors import UserError
    from unionkb.export import export

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: {error.strerror}") from error
    database = folder / "kb.sqlite"
    since, until = demo_site.ISSUES
    with demo_site.served(database) as outlets:
        base = outlets[0].home.removesuffix("epaper/")
        # A proxy for the web knows nothing of this machine.
        options = Options(
            since=since, until=until, settings={"UNIONKB_PATIENCE": "0", "HTTPPROXY_ENABLED": "False"}
        )
        done = crawl(database, outlets, _Quiet(), options)
    counted = done.counted
    click.echo(
        f"Crawled {done.sources} outlets at {base}: {counted['fetched']} answers, "
        f"{counted['new']} pages new, {counted['unchanged']} lists unchanged, "
        f"{counted['gone']} days without an issue."
    )
    with store.open(database) as kb:
        export(kb, folder / "csv")
        _summary(kb)
    click.echo(f"\nKnowledge base  {database}\nCSV release     {folder / 'csv'}\n\nTry next:")
    for arguments in (
        ["inspect", f"{base}{PAGE}", "--db", str(database)],
        ["facts", "--db", str(database), "--programme", "summer_care"],
        ["runs", "--db", str(database), "--sources"],
    ):
        click.echo("  " + shlex.join([_program(), *arguments]))
    click.get_current_context().exit(1 if done.failed or done.faults else 0)


class _Quiet:
    """A listener that speaks only of what went wrong."""

    def begin(self, total: int) -> None:
        pass

    def advance(self) -> None:
        pass

    def fetching(self, sources: int) -> None:
        pass

    def progress(self, counted: object, ended: int) -> None:
        pass

    def fetched(self) -> None:
        pass

    def failed(self, document: str, reason: str) -> None:
        click.echo(f"unionkb: {document}: {reason}", err=True)

    def notice(self, message: str) -> None:
        click.echo(f"unionkb: {message}", err=True)


def _summary(kb: "Store") -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from unionkb.display import number

    (counts,) = kb.rows(_COUNTS)
    click.echo(
        "{pages} pages: {articles} articles ({reprints} reprinted), {facts} facts"
        " about {organisations} organisations.\n"
        "The largest figures of some articles:\n".format_map(counts)
    )
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("organisation", overflow="fold")
    table.add_column("programme", no_wrap=True)
    for name in ("people", "households", "yuan"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("published", no_wrap=True)
    for row in kb.rows(_ACTIVITIES):
        values = [row[name] for name in ("headcount", "households", "money")]
        figures = ["" if value is None else number(value) for value in values]
        table.add_row(row["organisation"], row["programme"], *figures, row["published"])
    Console(highlight=False).print(table)


def _program() -> str:
    """How the user can call this program: by its name where the shell finds it, else as it was called now."""
    called = Path(sys.argv[0])
    found = shutil.which("unionkb")
    if called.name != "unionkb" or (found and Path(found).resolve() == called.resolve()):
        return "unionkb"
    return str(called)
