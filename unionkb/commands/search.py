"""unionkb search"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from unionkb.commands.options import db_option, organisation_option, programme_option, region_option

if TYPE_CHECKING:
    from rich.text import Text

    from unionkb.search import Hit

COLUMNS = ("article_id", "document", "title", "published", "outlet", "facts", "is_reprint", "snippet")


@click.command()
@click.argument("words", metavar="[WORDS]...", nargs=-1)
@db_option
@organisation_option
@region_option
@programme_option
@click.option("--year", type=click.IntRange(1900, 2999), metavar="YEAR", help="The year of publication.")
@click.option(
    "--source", metavar="ID|NAME", help="A source's id, or part of the name of a source or newspaper."
)
@click.option("--reprints", is_flag=True, help="Also reprints.")
@click.option(
    "--limit", type=click.IntRange(0), default=20, show_default=True, help="At most so many; 0 for all."
)
@click.option("--json", "form", flag_value="json", help="One JSON object a line.")
@click.option("--csv", "form", flag_value="csv", help="CSV.")
@click.option("--rebuild", is_flag=True, help="First make the index anew; needs no words.")
def command(
    words: tuple[str, ...],
    db: Path,
    organisation: str | None,
    region: str | None,
    programme: str | None,
    year: int | None,
    source: str | None,
    reprints: bool,
    limit: int,
    form: str | None,
    rebuild: bool,
) -> None:
    """Find articles that have all of WORDS in their title or text, the best first.

    A word may be a single character or a sentence. In quotation marks (the shell's, too) it may hold spaces.
    Width of characters, capitals and white space make no difference.
    """
    from unionkb import search, search_index, store

    if not words and not rebuild:
        raise click.UsageError("Missing argument 'WORDS...'.")
    if rebuild:
        with store.open(db, write=True) as kb:
            with kb.transaction(settle=False) as writing:
                search_index.rebuild(writing.conn)
            kb.index()
        if not words:
            return
    # What the shell was given as one word is one.
    sought = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)
    wanted = search.Filter(organisation, region, programme, year, source, reprints)
    with store.open(db) as kb, store.explained(db):
        connection = kb.db.conn
        hits = search.find(connection, sought, wanted, limit or -1)
        behind = search_index.pending(connection)
        if form is None:
            total = search.count(connection, sought, wanted) if limit and len(hits) == limit else len(hits)
    if behind:
        click.echo(f"unionkb: {db}: {behind} changes are not in the search index yet", err=True)
    if form == "json":
        for hit in hits:
            click.echo(json.dumps(asdict(hit), ensure_ascii=False))
    elif form == "csv":
        from unionkb.export import csv_lines

        for line in csv_lines(
            ({name: getattr(hit, name) for name in COLUMNS} for hit in hits), list(COLUMNS)
        ):
            click.echo(line.encode(), nl=False)
    elif hits:
        _show(hits)
        more = f"{len(hits)} of {total} articles; --limit 0 shows all"
        click.echo(more if total > len(hits) else f"{total} article{'' if total == 1 else 's'}")
    else:
        click.echo(f"no article has {' '.join(words)}{_under(wanted)}")


def _under(wanted: object) -> str:
    from unionkb.search import Filter

    return " under these conditions" if wanted not in (Filter(), Filter(reprints=True)) else ""


def _show(hits: "Sequence[Hit]") -> None:
    from rich.console import Console
    from rich.text import Text

    from unionkb.display import printable

    console = Console(highlight=False, soft_wrap=True)

    def text(plain: str, spans: "Sequence[tuple[int, int]]", style: str = "") -> "Text":
        from unionkb.search_text import marked

        if not console.is_terminal:
            return Text(printable(marked(plain, spans)))
        shown = Text(printable(plain), style=style)
        for start, end in spans:
            shown.stylize("bold reverse", start, end)
        return shown

    for hit in hits:
        facts = f"{hit.facts} fact{'' if hit.facts == 1 else 's'}"
        about = [hit.published or "undated", hit.outlet, facts, *(["reprint"] if hit.is_reprint else [])]
        console.print(text(hit.title or "(no title)", hit.title_marks, "bold" if console.is_terminal else ""))
        console.print(Text("  " + printable(" · ".join(about)), style="dim" if console.is_terminal else ""))
        console.print(Text("  " + printable(hit.document), style="dim" if console.is_terminal else ""))
        console.print(Text("  ") + text(hit.snippet, hit.snippet_marks), end="\n\n")
