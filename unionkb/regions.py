"""Keeps the region tables equal to the gazetteer of the extractor."""

import sqlite3
from typing import Any

from extract import regions, words
from unionkb.sql import upsert_all

Row = dict[str, Any]


def rows() -> tuple[list[Row], list[Row]]:
    """Rows of `region` (divisions of today, higher ones first) and of `region_name` (former names too)."""
    today: dict[str, Row] = {}
    names: dict[tuple[str, str], Row] = {}
    for line in words.table("regions"):
        code, name = line["code"], line["term"]
        row = {
            "region_code": code,
            "name": name,
            "valid_from": line["valid_from"] or None,
            "valid_to": line["valid_to"] or None,
        }
        known = names.setdefault((code, name), row)
        for end in ("valid_from", "valid_to"):
            # A city that became a county of the same name (巢湖市) never lost it: the ends between fall away.
            known[end] = known[end] and row[end]
        region = regions.by_code(code)
        if region and code not in today:
            places = {above.level: above.name for above in [region, *regions.ancestors(region)]}
            today[code] = {
                "region_code": code,
                "name": region.name,
                "level": region.level,
                "parent_code": region.parent or None,
                **{level: places.get(level) for level in ("province", "city", "county")},
            }
    order = ("province", "city", "county")
    higher_first = sorted(today.values(), key=lambda row: (order.index(row["level"]), row["region_code"]))
    return higher_first, [names[key] for key in sorted(names)]


def load(db: sqlite3.Connection) -> bool:
    """Bring both tables up to date. True when something had to be written. Call within a transaction.

    Divisions are never deleted: organisations point at them."""
    tables = zip(("region", "region_name"), rows(), (["region_code"], ["region_code", "name"]), strict=True)
    changed = False
    for table, wanted, key in tables:
        have = set(db.execute(f"SELECT {', '.join(wanted[0])} FROM {table}"))
        missing = [row for row in wanted if tuple(row.values()) not in have]
        if missing:
            upsert_all(db, table, key, missing)
            changed = True
    return changed
