"""Keeps the region tables equal to the gazetteer of the extractor."""

from typing import Any

from sqlite_utils import Database

from extract import regions, words


def rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of `region` (divisions of today, higher ones first) and of `region_name` (former names too)."""
    today, names = [], []
    for row in words.table("regions"):
        names.append(
            {
                "region_code": row["code"],
                "name": row["term"],
                "valid_from": row["valid_from"] or None,
                "valid_to": row["valid_to"] or None,
            }
        )
        region = regions.by_code(row["code"])
        if region is None or row["valid_to"]:
            continue
        line = {above.level: above.name for above in [region, *regions.ancestors(region)]}
        today.append(
            {
                "region_code": region.code,
                "name": region.name,
                "level": region.level,
                "parent_code": region.parent or None,
                **{level: line.get(level) for level in ("province", "city", "county")},
            }
        )
    order = ("province", "city", "county")
    today.sort(key=lambda row: (order.index(row["level"]), row["region_code"]))
    names.sort(key=lambda row: (row["region_code"], row["name"]))
    return today, names


def load(db: Database) -> bool:
    """Bring both tables up to date. True when something had to be written. Call within a transaction.

    Divisions are never deleted: organisations point at them."""
    today, names = rows()
    changed = False
    for table, wanted, key in (
        ("region", today, ["region_code"]),
        ("region_name", names, ["region_code", "name"]),
    ):
        have = {tuple(row[k] for k in key): row for row in db[table].rows}
        missing = [row for row in wanted if have.get(tuple(row[k] for k in key)) != row]
        if missing:
            db[table].upsert_all(missing, pk=key)  # type: ignore[union-attr]
            changed = True
    return changed
