"""unionkb inspect"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from unionkb.commands.options import db_option, segmenter_option


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@db_option
@click.option("--json", "as_json", is_flag=True, help="All articles as one JSON list.")
@segmenter_option
@click.pass_context
def command(ctx: click.Context, paths: tuple[str, ...], db: Path, as_json: bool) -> None:
    """Show the articles and facts of pages, the facts coloured by kind.

    PATH is a file or folder, read now and not stored; or, where there is none of that name, the name of a
    document in the knowledge base, shown as it was read then.
    """
    from rich.console import Console

    from unionkb import inspection

    failed = False
    console = Console(highlight=False)
    count = 0
    for name, articles in _pages(paths, db):
        if isinstance(articles, str):
            click.echo(f"unionkb: {name}: {articles}", err=True)
            failed = True
        elif as_json:
            for article in articles:
                click.echo(
                    ("[\n" if count == 0 else ",\n") + json.dumps(article, ensure_ascii=False), nl=False
                )
                count += 1
        else:
            inspection.show(articles, console)
    if as_json:
        click.echo("\n]" if count else "[]")
    if failed:
        ctx.exit(1)


def _pages(paths: tuple[str, ...], db: Path) -> Iterator[tuple[str, list[dict[str, Any]] | str]]:
    """Each page's name with its articles, or with why there are none."""
    from unionkb import documents, inspection, store

    for path in paths:
        if Path(path).exists() or not db.is_file():
            for file in documents.find([Path(path)]):
                if isinstance(file, documents.File):
                    try:
                        articles = inspection.from_file(file)
                    except documents.Unreadable as error:
                        yield str(file.path), str(error)
                    else:
                        yield str(file.path), articles or "no article found"
                else:
                    yield str(file[0]), file[1]
        else:
            with store.open(db) as kb:
                yield path, list(inspection.from_store(kb, path)) or f"no such file, nor a document in {db}"
