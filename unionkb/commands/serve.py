"""unionkb serve"""

from pathlib import Path

import click

from unionkb.commands.options import db_option


@click.command()
@db_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port; 0 for a free one."
)
@click.option(
    "--write-token",
    envvar="UNIONKB_WRITE_TOKEN",
    metavar="TOKEN",
    help="Who signs in with it may correct facts; without one nobody may. Better set UNIONKB_WRITE_TOKEN.",
)
def command(db: Path, host: str, port: int, write_token: str | None) -> None:
    """Browse the knowledge base in a web page: search, organisations, programmes, articles, facts, SQL.

    Everything is read-only unless a write token is given. Stop with Ctrl-C."""
    from unionkb.errors import UserError

    try:
        from unionkb.web import server
    except ModuleNotFoundError as error:
        raise UserError(f"{error.name} is not installed; try: pip install 'unionkb[web]'") from error

    listening = server.listen(host, port)
    click.echo(f"http://{host}:{listening.getsockname()[1]}/  (Ctrl-C stops)")
    server.serve(db, listening, write_token=write_token)
