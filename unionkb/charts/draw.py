"""Specifications of the charts (Vega-Lite, by way of Altair)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unionkb import i18n
from unionkb.charts import prepare, style
from unionkb.charts.prepare import Row
from unionkb.errors import UserError
from unionkb.i18n import Language, text

if TYPE_CHECKING:
    import altair as alt
    from altair.utils.schemapi import debug_mode
else:
    try:
        import altair as alt
        from altair.utils.schemapi import debug_mode
    except ModuleNotFoundError as error:
        raise UserError("charts need Altair: pip install 'unionkb[web]'") from error

MOST_CATEGORIES = 7
MOST_COLUMNS = 12
MOST_SOURCES = 30
MOST_ORGANISATIONS = 20
BAR_WIDTH = 560
_TITLE_CELLS = 60
_NAME_CELLS = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a chart beside its rows."""

    language: Language
    subject: str
    subtitle: str
    width: int | None

    def title(self, key: str, *notes: str) -> "alt.TitleParams":
        """The title of a chart, with notes and the subtitle below it, in lines that fit."""
        title = text(key, self.language, name=self.subject) if self.subject else text(key, self.language)
        below = [note for note in (*notes, self.subtitle) if note]
        lines = prepare.wrapped(title.removeprefix("{name}").lstrip(" ：:"), _TITLE_CELLS)
        if not below:
            return alt.TitleParams(lines)
        return alt.TitleParams(
            lines, subtitle=[line for note in below for line in prepare.wrapped(note, _TITLE_CELLS + 20)]
        )

    def words(self, key: str, **values: object) -> str:
        return text(key, self.language, **values)

    def column(self, name: str) -> str:
        return text(f"column.{name}", self.language)

    def amount(self, measure: str, value: float | None) -> str:
        """A figure with its unit, for tooltips: `1,234 人`."""
        if value is None:
            return "–"
        unit = f" {self.words(f'chart.unit.{measure}')}" if measure in ("headcount", "money") else ""
        return f"{value:,.0f}{unit}"


def draw(
    name: str,
    rows: Iterable[Mapping[str, Any]],
    language: Language,
    *,
    subject: str = "",
    subtitle: str = "",
    width: int | None = None,
) -> dict[str, Any]:
    """See unionkb.charts.spec."""
    # Altair checks each part against the schema of Vega-Lite, which takes three quarters of the time; that it
    # fits is left to the tests.
    with debug_mode(False):
        chart = _CHARTS[name]([dict(row) for row in rows], Wish(language, subject, subtitle, width))
        spec: dict[str, Any] = chart.to_dict(validate=False)
    # The schema is an address, and the rest of what Altair adds is its own theme.
    spec.pop("$schema", None)
    # What a screen reader says of the picture.
    description = " ".join([*spec["title"]["text"], *spec["title"].get("subtitle", ())])
    return spec | {"description": description, "config": style.config()}


def _data(rows: Sequence[Row]) -> "alt.InlineData":
    return alt.InlineData(values=list(rows))


def _nothing(wish: Wish, title: "alt.TitleParams") -> Any:
    words = wish.words("chart.no_data")
    return (
        alt.Chart(
            _data([{"text": words}]),
            width=wish.width or 400,
            height=120,
            title=title,
            usermeta={"empty": True},
        )
        .mark_text(fontSize=style.LARGE, color=style.PALE_INK)
        .encode(text="text:N")
    )


# Tables of coloured cells


def _legend_labels(ends: Sequence[float]) -> list[str]:
    labels = []
    for index, end in enumerate(ends):
        last = ends[index + 1] - 1 if index + 1 < len(ends) else None
        labels.append(f"{end:,.0f}" + ("+" if last is None else "" if last <= end else f"–{last:,.0f}"))
    return labels


def _shaded(rows: Iterable[Row], value: str, ends: Sequence[float]) -> list[Row]:
    """The rows with the shade of a value and the ink on it."""
    shades = style.shades(len(ends))
    done = []
    for row in rows:
        number = row[value] or 0
        shade = shades[prepare.class_of(number, ends)] if number > 0 else style.EMPTY
        done.append(row | {"shade": shade, "ink": "white" if style.is_dark(shade) else style.INK})
    return done


def _time_axis(characters: int, step: float, wish: Wish) -> "alt.Axis":
    """The axis of periods that are `step` pixels apart. January has the year below it, and so has the first
    month; where months are close, one of each quarter is named."""
    month = "toNumber(slice(datum.value, 5, 7))"
    every = 1 if step >= 20 else 3
    named = (
        f"{month} == 1 || datum.index == 0 ? [toString({month}), slice(datum.value, 0, 4)] : "
        f"{month} % {every} == {1 % every} ? toString({month}) : ''"
    )
    return alt.Axis(
        labelExpr=named if characters == 7 else "datum.label",
        labelAngle=0 if characters == 7 or step >= 34 else -90,
        title=wish.column("month" if characters == 7 else "year"),
        labelOverlap=False,
    )


def _coverage(rows: list[Row], wish: Wish) -> Any:
    undated = sum(row["articles"] for row in rows if not row["month"])
    notes = [wish.words("chart.undated", count=f"{undated:,}")] if undated else []
    title = wish.title("chart.coverage", *notes)
    rows = [row | {"source": row["source"] or row["source_id"] or "?"} for row in rows if row["month"]]
    if not rows:
        return _nothing(wish, title)
    columns, characters = prepare.periods(row["month"] for row in rows)
    shown = prepare.largest(rows, "source", "articles", MOST_SOURCES)
    sources = {row["source"] for row in rows}
    rest = wish.words("chart.rest", count=len(sources) - len(shown))
    order = sorted(shown) + [rest] * (len(sources) > len(shown))
    folded = [
        row
        | {"source": row["source"] if row["source"] in shown else rest, "period": row["month"][:characters]}
        for row in rows
    ]
    cells = prepare.summed(folded, ["source", "period"], ["articles", "reprints"])
    ends = prepare.classes(cell["articles"] for cell in cells)
    labels = _legend_labels(ends)
    for cell in cells:
        cell["class"] = labels[prepare.class_of(cell["articles"], ends)]
    step = 34 if characters == 4 else max(14, min(24, 840 // len(columns)))
    axis = _time_axis(characters, step, wish)
    return (
        alt.Chart(_data(cells), width=alt.Step(step), height=alt.Step(24), title=title)
        .mark_rect(stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("period:O", axis=axis, scale=alt.Scale(domain=columns)),
            y=alt.Y("source:N", title=None, scale=alt.Scale(domain=order)),
            color=alt.Color(
                "class:O",
                title=wish.column("articles"),
                scale=alt.Scale(domain=labels, range=style.shades(len(ends))),
                legend=alt.Legend(orient="bottom", direction="horizontal", symbolType="square"),
            ),
            tooltip=[
                alt.Tooltip("source:N", title=wish.column("source")),
                alt.Tooltip("period:N", title=wish.column("month" if characters == 7 else "year")),
                alt.Tooltip("articles:Q", title=wish.column("articles"), format=","),
                alt.Tooltip("reprints:Q", title=wish.words("chart.reprints"), format=","),
            ],
        )
    )


def _by_year(measure: str) -> Callable[[list[Row], Wish], Any]:
    def draw_table(rows: list[Row], wish: Wish) -> Any:
        title = wish.title(f"chart.{measure}", wish.words(f"chart.once.{measure}"))
        rows = [row for row in rows if row[measure]]
        if not rows:
            return _nothing(wish, title)
        years = sorted({row["year"] for row in rows})
        named = {year: str(year) for year in years}
        if len(years) > MOST_COLUMNS:
            first = years[-MOST_COLUMNS + 1]
            named |= {year: wish.words("chart.earlier", year=first - 1) for year in years if year < first}
        columns = list(dict.fromkeys(named[year] for year in years))
        categories = prepare.largest(rows, "programme", measure, len(rows))
        categories.sort(key="general".__eq__)  # What has no category comes last.
        everything = wish.words("chart.total")
        cells = prepare.summed(
            [{"row": row["programme"], "column": named[row["year"]], measure: row[measure]} for row in rows],
            ["row", "column"],
            [measure],
        )
        ends = prepare.even_classes(cell[measure] for cell in cells)
        table = _shaded(cells, measure, ends)
        totals: list[Row] = []
        if len(columns) > 1:
            totals += prepare.summed(
                [cell | {"column": everything} for cell in cells], ["row", "column"], [measure]
            )
        if len(categories) > 1:
            below = [cell | {"row": everything} for cell in [*cells, *totals]]
            totals += prepare.summed(below, ["row", "column"], [measure])
        table += [row | {"shade": "white", "ink": style.INK} for row in totals]
        for cell in table:
            cell["row"] = i18n.category(cell["row"], wish.language)
            cell["text"] = i18n.number(cell[measure], wish.language)
            cell["exact"] = wish.amount(measure, cell[measure])
        order = [i18n.category(category, wish.language) for category in categories]
        base = alt.Chart(_data(table)).encode(
            x=alt.X(
                "column:O",
                title=None,
                scale=alt.Scale(domain=columns + [everything] * (len(columns) > 1)),
                axis=alt.Axis(orient="top", labelAngle=0),
            ),
            y=alt.Y(
                "row:N", title=None, scale=alt.Scale(domain=order + [everything] * (len(categories) > 1))
            ),
            tooltip=[
                alt.Tooltip("row:N", title=wish.column("programme")),
                alt.Tooltip("column:N", title=wish.column("year")),
                alt.Tooltip("exact:N", title=wish.column(measure)),
            ],
        )
        boxes = base.mark_rect(stroke="white", strokeWidth=2).encode(
            color=alt.Color("shade:N", scale=None, legend=None)
        )
        numbers = base.mark_text().encode(
            text="text:N",
            color=alt.Color("ink:N", scale=None, legend=None),
        )
        return (boxes + numbers).properties(
            width=alt.Step(80 if any(len(column) > 4 for column in columns) else 66),
            height=alt.Step(28),
            title=title,
        )

    return draw_table


def _map(measure: str) -> Callable[[list[Row], Wish], Any]:
    def draw_map(rows: list[Row], wish: Wish) -> Any:
        notes = [wish.words("chart.by_region") + wish.words("chart.grey")]
        if measure != "facts":
            notes.append(wish.words(f"chart.once.{measure}"))
        title = wish.title(f"chart.map.{measure}", *notes)
        known = {row["region_code"]: row for row in rows}
        if not any(row[measure] for row in rows):
            return _nothing(wish, title)
        ends = prepare.even_classes(row[measure] or 0 for row in rows)
        tiles = []
        for tile in prepare.tiles():
            row = known.get(tile["code"], {})
            value = row.get(measure) or 0
            name = tile[wish.language]
            tiles.append(
                {
                    "name": name,
                    "code": tile["code"],
                    "lines": [*prepare.wrapped(name.split(" (")[0], 12)],
                    "column": int(tile["column"]),
                    "row": int(tile["row"]),
                    "value": value,
                    "text": i18n.number(value, wish.language) if value else "",
                    **{key: wish.amount(key, row.get(key)) for key in ("facts", "headcount", "money")},
                }
            )
        size = 76
        place: dict[str, Any] = {
            "x": alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0)),
            "y": alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0)),
            "tooltip": [
                alt.Tooltip("name:N", title=wish.column("region")),
                *(alt.Tooltip(f"{key}:N", title=wish.column(key)) for key in ("facts", "headcount", "money")),
            ],
        }
        base = alt.Chart(_data(_shaded(tiles, "value", ends))).encode(**place)
        ink = alt.Color("ink:N", scale=None, legend=None)
        boxes = base.mark_rect(stroke="white", strokeWidth=3, cornerRadius=6).encode(
            color=alt.Color("shade:N", scale=None, legend=None)
        )
        names = base.mark_text(dy=-16, fontSize=style.SMALL if wish.language == "en" else 13, lineHeight=13)
        numbers = base.mark_text(dy=18, fontSize=13, fontWeight="bold")
        return (
            boxes + names.encode(text="lines:N", color=ink) + numbers.encode(text="text:N", color=ink)
        ).properties(width=alt.Step(size), height=alt.Step(size), title=title)

    return draw_map


# Bars


def _ticks(lengths: Iterable[int]) -> int:
    """How many numbers an axis of whole things may have without parts of one."""
    return max(1, min(5, max(lengths)))


def _organisation(rows: list[Row], wish: Wish) -> Any:
    title = wish.title("chart.organisation")
    rows = [row for row in rows if row["month"]]
    if not rows:
        return _nothing(wish, title)
    columns, characters = prepare.periods((row["month"] for row in rows), most=24)
    placed = (row for row in rows if row["programme"] != "general")
    shown = prepare.largest(placed, "programme", "facts", MOST_CATEGORIES)
    rest = wish.words("chart.rest_categories")
    bars = prepare.summed(
        [
            {
                "period": row["month"][:characters],
                "programme": i18n.category(row["programme"], wish.language)
                if row["programme"] in shown
                else rest,
                "facts": row["facts"],
            }
            for row in rows
        ],
        ["period", "programme"],
        ["facts"],
    )
    order = [i18n.category(category, wish.language) for category in shown]
    if any(bar["programme"] == rest for bar in bars):
        order.append(rest)
    totals: Counter[str] = Counter()
    for bar in bars:
        bar["order"] = order.index(bar["programme"])
        totals[bar["period"]] += bar["facts"]
    unit = wish.column("month" if characters == 7 else "year")
    width = wish.width or BAR_WIDTH
    step = width / len(columns)
    return (
        alt.Chart(_data(bars), width=width, height=240, title=title)
        .mark_bar(size=min(40, max(2, int(0.8 * step))))
        .encode(
            x=alt.X(
                "period:O",
                scale=alt.Scale(domain=columns),
                axis=_time_axis(characters, step, wish),
            ),
            y=alt.Y(
                "facts:Q",
                title=wish.column("facts"),
                axis=alt.Axis(labelExpr=style.short_number(wish.language), tickCount=_ticks(totals.values())),
            ),
            color=alt.Color(
                "programme:N",
                title=None,
                scale=alt.Scale(
                    domain=order, range=[*style.CATEGORIES[: len(shown)], style.REST][: len(order)]
                ),
                legend=alt.Legend(orient="bottom", columns=4, symbolType="square"),
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("period:N", title=unit),
                alt.Tooltip("programme:N", title=wish.column("programme")),
                alt.Tooltip("facts:Q", title=wish.column("facts"), format=","),
            ],
        )
    )


def _programme(rows: list[Row], wish: Wish) -> Any:
    measures = ("facts", "headcount", "money")
    note = wish.words("chart.beside_bars")
    more = len(rows) - MOST_ORGANISATIONS
    notes = [note, wish.words("chart.of_organisations", count=f"{len(rows):,}", most=MOST_ORGANISATIONS)]
    title = wish.title("chart.programme", *notes[: 2 if more > 0 else 1])
    if not rows:
        return _nothing(wish, title)
    bars = []
    for rank, row in enumerate(rows[:MOST_ORGANISATIONS]):
        figures = [f"{row['facts']:,}"]
        if row["headcount"]:
            figures.append(wish.words("chart.people", count=i18n.number(row["headcount"], wish.language)))
        if row["money"]:
            figures.append(i18n.money(row["money"], wish.language))
        bars.append(
            {
                "organisation": row["organisation"],
                "key": f"{rank:02}\n" + "\n".join(prepare.wrapped(row["organisation"], _NAME_CELLS)),
                "length": row["facts"],
                "text": " · ".join(figures),
                **{measure: wish.amount(measure, row[measure]) for measure in measures},
            }
        )
    lines = max(bar["key"].count("\n") for bar in bars)
    base = alt.Chart(_data(bars)).encode(
        x=alt.X(
            "length:Q",
            title=wish.column("facts"),
            axis=alt.Axis(
                labelExpr=style.short_number(wish.language),
                tickCount=_ticks([bar["length"] for bar in bars]),
                grid=False,
            ),
        ),
        y=alt.Y(
            "key:N",
            title=None,
            sort=None,
            axis=alt.Axis(labelExpr="slice(split(datum.value, '\\n'), 1)", labelLineHeight=14),
        ),
        tooltip=[
            alt.Tooltip("organisation:N", title=wish.column("organisation")),
            *(alt.Tooltip(f"{measure}:N", title=wish.column(measure)) for measure in measures),
        ],
    )
    numbers = base.mark_text(align="left", dx=5).encode(text="text:N")
    return (base.mark_bar(color=style.CATEGORIES[0]) + numbers).properties(
        width=wish.width or 320, height=alt.Step(24 if lines == 1 else 16 * lines + 4), title=title
    )


_CHARTS: Mapping[str, Callable[[list[Row], Wish], Any]] = {
    "coverage": _coverage,
    "headcount": _by_year("headcount"),
    "money": _by_year("money"),
    "map-facts": _map("facts"),
    "map-headcount": _map("headcount"),
    "map-money": _map("money"),
    "organisation": _organisation,
    "programme": _programme,
}
