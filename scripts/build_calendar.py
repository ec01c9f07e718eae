#!/usr/bin/env python3
"""Writes extract/lexicon/lunar_years.tsv and solar_terms.tsv.

    pip install lunar_python        # 6tail, MIT; needed only here
    scripts/build_calendar.py [FOLDER]

`lunar_years`: one row a lunar year: the days it runs from and to, the leap month (0 = none) and the lengths
of its months in order, the leap month standing behind the one it repeats.
`solar_terms`: one row a solar term: its month, the first year covered and its day of the month in each year.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

FIRST, LAST = 1990, 2050
SOURCE = "computed with lunar_python (6tail)"
TERMS = (
    *("小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至"),
    *("小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至"),
)


def lunar_years() -> list[list[str]]:
    from lunar_python import Lunar, LunarYear

    rows = []
    for year in range(FIRST, LAST + 1):
        start = date.fromisoformat(Lunar.fromYmd(year, 1, 1).getSolar().toYmd())
        months = [month for month in LunarYear.fromYear(year).getMonths() if month.getYear() == year]
        lengths = [month.getDayCount() for month in months]
        leap = next((-month.getMonth() for month in months if month.getMonth() < 0), 0)
        end = start + timedelta(sum(lengths) - 1)
        rows.append(
            [str(year), "lunar year", f"{start}", f"{end}", SOURCE, str(leap), " ".join(map(str, lengths))]
        )
    return rows


def solar_terms() -> list[list[str]]:
    from lunar_python import Solar

    names = dict(zip(TERMS, TERMS, strict=True)) | {"DA_XUE": "大雪", "DONG_ZHI": "冬至"}
    days: dict[str, dict[int, date]] = {term: {} for term in TERMS}
    for year in range(FIRST, LAST + 1):
        # A table runs from one winter solstice to the next: two days are needed to cover a calendar year.
        for asked in (Solar.fromYmd(year, 6, 1), Solar.fromYmd(year, 12, 10)):
            for name, moment in asked.getLunar().getJieQiTable().items():
                day = date.fromisoformat(moment.toYmd())
                if name in names and day.year == year:
                    days[names[name]][year] = day
    rows = []
    for term in TERMS:
        dates = [days[term][year] for year in range(FIRST, LAST + 1)]
        months = {day.month for day in dates}
        assert len(months) == 1, (term, months)
        numbers = " ".join(str(day.day) for day in dates)
        rows.append(
            [
                term,
                "solar term",
                f"{dates[0]}",
                f"{dates[-1]}",
                SOURCE,
                str(months.pop()),
                str(FIRST),
                numbers,
            ]
        )
    return rows


def write(path: Path, columns: str, rows: list[list[str]]) -> None:
    head = ["term", "meaning", "valid_from", "valid_to", "source", *columns.split()]
    path.write_text("".join("\t".join(row) + "\n" for row in [head, *rows]), encoding="utf-8")


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent / "extract" / "lexicon")
    write(folder / "lunar_years.tsv", "leap months", lunar_years())
    write(folder / "solar_terms.tsv", "month first_year days", solar_terms())
