"""unionkb plot"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from unionkb.charts import NAMES
from unionkb.commands.options import db_option, filter_options
from unionkb.errors import UserError
from unionkb.i18n import LANGUAGES, Language

if TYPE_CHECKING:
    from unionkb.query import Filter

Row = dict[str, Any]
FORMATS = ("png", "svg")
_SUBJECTS = {"organisation": "--org", "programme": "--programme"}


@click.command()
@click.argument("target", metavar="DIR|FILE", type=click.Path(path_type=Path))
@db_option
@click.option("--chart", "name", type=click.Choice(NAMES), help="Only this one; needed for a FILE.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS),
    help="File format; png unless the name of FILE says otherwise.",
)  # fmt: skip
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="zh", show_default=True, help="Chinese or English."
)
@filter_options
def command(
    target: Path,
    db: Path,
    name: str | None,
    format_: str | None,
    language: Language,
    organisation: str | None,
    region: str | None,
    programme: str | None,
    kind: str | None,
    year: int | None,
    status: str | None,
) -> None:
    """Draw the standard charts into DIR, or one into FILE (.png or .svg).

    Charts of one organisation or of one programme are drawn when --org or --programme says which.
    """
    from unionkb import charts, query, store

    wanted = query.Filter(organisation, region, programme, kind, year, status)
    paths = _paths(target, name, format_, wanted)
    rows: dict[str, list[Row]] = {}
    with store.open(db) as kb:
        for path, chart in paths.items():
            sql, values = charts.query(chart, wanted)
            if sql not in rows:  # Several charts show what one query gives.
                rows[sql] = list(kb.rows(sql, values))
            has_data = _draw(rows[sql], path, chart, language, wanted)
            click.echo(f"{path}{'' if has_data else ': no data'}")


def _paths(target: Path, name: str | None, format_: str | None, wanted: "Filter") -> dict[Path, str]:
    """What is drawn where."""
    given = {"organisation": wanted.organisation, "programme": wanted.programme}
    if name in given and not given[name]:
        raise click.UsageError(f"--chart {name} needs {_SUBJECTS[name]}")
    suffix = target.suffix.lower().removeprefix(".")
    if suffix in FORMATS and not target.is_dir():
        if name is None:
            raise click.UsageError(f"{target}: say which chart, with --chart")
        if format_ not in (None, suffix):
            raise click.UsageError(f"{target}: the name says {suffix}, --format says {format_}")
        return {target: name}
    names = [name] if name else [each for each in NAMES if given.get(each, "all")]
    return {target / f"{each}.{format_ or 'png'}": each for each in names}


def _draw(rows: list[Row], path: Path, name: str, language: Language, wanted: "Filter") -> bool:
    """Draw a chart; says whether it has data."""
    from unionkb import charts

    subject = _subject(name, language, wanted)
    spec = charts.spec(name, rows, language, subject=subject, subtitle=_subtitle(name, language, wanted))
    drawn = charts.png(spec) if path.suffix.lower() == ".png" else charts.svg(spec).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(drawn)
    except OSError as error:
        raise UserError(f"{error.filename or path}: {error.strerror or error}") from error
    return not charts.is_empty(spec)


def _subject(name: str, language: Language, wanted: "Filter") -> str:
    from unionkb import i18n

    if name == "organisation":
        return wanted.organisation or ""
    return i18n.category(wanted.programme, language) if name == "programme" else ""


def _subtitle(name: str, language: Language, wanted: "Filter") -> str:
    """The filter in words, as far as the title does not say it."""
    from unionkb import i18n

    values = {
        "organisation": wanted.organisation,
        "region": wanted.region,
        "programme": i18n.category(wanted.programme, language),
        "kind": i18n.label("kind", wanted.kind, language),
        "year": wanted.year,
        "status": i18n.label("status", wanted.status, language),
    }
    sign = "：" if language == "zh" else ": "
    return " · ".join(
        f"{i18n.text(f'column.{column}', language)}{sign}{value}"
        for column, value in values.items()
        if value and column != name
    )
