"""The standard charts: what they ask of the database, how they look, how they are drawn without a network.

    sql, values = charts.query("money", Filter(year=2023))  # the rows wanted, from whatever runs the query
    spec = charts.spec("money", rows, "zh")  # a Vega-Lite specification, no address in it
    charts.bundle()  # the scripts that draw it in a browser
    charts.png(spec), charts.svg(spec)  # or drawn here

`spec`, `bundle`, `png` and `svg` need the extra `web`; without it they raise UserError. Nothing of it is
imported before.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from unionkb.charts.queries import NAMES, counted, query
from unionkb.i18n import Language

__all__ = ["EMBED_OPTIONS", "NAMES", "bundle", "counted", "is_empty", "png", "query", "spec", "svg"]

Spec = dict[str, Any]

EMBED_OPTIONS: Mapping[str, Any] = {"mode": "vega-lite", "renderer": "svg", "actions": False, "ast": True}
"""What vegaEmbed is to be given: specifications name no schema, so the mode must be said; with `ast` no text
is evaluated as a script, so a page may forbid that (Content-Security-Policy without `unsafe-eval`)."""


def spec(
    name: str,
    rows: Iterable[Mapping[str, Any]],
    language: Language,
    *,
    subject: str = "",
    subtitle: str = "",
    width: int | None = None,
) -> Spec:
    """The specification of a chart of NAMES from rows of its query.

    `subject` is the name of the organisation or programme told of; `subtitle` is added to what the chart says
    below its title; `width` in pixels is of the plotting area of charts with bars. Without rows it is a chart
    that says so. Raises KeyError for an unknown name, UserError without Altair."""
    from unionkb.charts.draw import draw

    return draw(name, rows, language, subject=subject, subtitle=subtitle, width=width)


def is_empty(spec: Spec) -> bool:
    """Whether a specification shows nothing but that there is no data."""
    return bool(spec.get("usermeta", {}).get("empty"))


def bundle() -> str:
    """A script (0.9 MB) that defines `vegaEmbed`, `vega` and `vegaLite`; it loads nothing. UserError without
    vl-convert."""
    from unionkb.charts.render import bundle

    return bundle()


def png(spec: Spec, *, scale: float = 2.0) -> bytes:
    """The chart as PNG. Raises UserError without vl-convert, or without a font for the Chinese in it."""
    from unionkb.charts.render import png

    return png(spec, scale=scale)


def svg(spec: Spec) -> str:
    """The chart as SVG. Raises as `png` does."""
    from unionkb.charts.render import svg

    return svg(spec)
