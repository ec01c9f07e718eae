"""Reviews themselves as lines of JSON: to carry them to a knowledge base that is built anew."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from extract.model import KINDS
from unionkb.review import names, record, slots
from unionkb.review.errors import ReviewError
from unionkb.review.formats import lines
from unionkb.review.tasks import Broken, Imported
from unionkb.store import Store

NAME = "reviews.jsonl"
_JSON = ("fields", "reading")


def write(kb: Store) -> bytes:
    """All reviews, oldest first."""
    rows = kb.rows(f"SELECT {', '.join(record.COLUMNS)} FROM review ORDER BY made_at, review_id")
    return "".join(
        lines.dump(row | {name: json.loads(row[name]) for name in _JSON}) + "\n" for row in rows
    ).encode()


def take_in(kb: Store, path: Path) -> Imported:
    """Store the reviews of a file that are not there yet, and apply them; a line that is no review is an
    error, and the others go on. Raises ReviewError for a file that cannot be read."""
    done = Imported()
    for found in lines.objects(path):
        done.tasks += 1
        if isinstance(found, Broken):
            done.errors.append(f"{found.name}: {found.reason}")
            continue
        name, row = found
        try:
            with kb.transaction() as database:
                checked = _checked(database.conn, row)
                before = database.conn.total_changes
                record.put(database.conn, checked)
                if database.conn.total_changes == before:
                    done.known += 1
                else:
                    action = checked["action"]
                    done.reviews[action] = done.reviews.get(action, 0) + 1
        except ReviewError as error:
            done.errors.append(f"{name}: {error}")
    return done


def _checked(db: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    if missing := [name for name in record.COLUMNS if name not in row and name != "review_id"]:
        raise ReviewError(f"{missing[0]!r} is missing")
    for name in ("document", "article_id", "text_id", "quote", "text_before", "text_after", "reviewer"):
        if not isinstance(row[name], str):
            raise ReviewError(f"{name}: must be text")
    if row["action"] not in record.ACTIONS:
        raise ReviewError(f"action: {row['action']!r} is none of {', '.join(record.ACTIONS)}")
    if row["kind"] not in KINDS:
        raise ReviewError(f"kind: {row['kind']!r} is none of {', '.join(KINDS)}")
    if not row["quote"] or not row["reviewer"]:
        raise ReviewError("quote and reviewer must not be empty")
    if row["reason"] is not None and not isinstance(row["reason"], str):
        raise ReviewError("reason: must be text")
    if lines.whole("char_start", row["char_start"]) < 0:
        raise ReviewError("char_start: less than 0")
    try:
        datetime.strptime(row["made_at"], record.MOMENT)
    except (TypeError, ValueError):
        raise ReviewError(
            f"made_at: {row['made_at']!r} is no moment like 2024-05-01T08:00:00.000000Z"
        ) from None
    new = {name: row[name] for name in record.COLUMNS if name != "review_id"}
    new["value"] = slots.number("value", row["value"])
    new["reading"] = slots.dumps(_reading(row["reading"]))
    if not isinstance(row["fields"], dict):
        raise ReviewError("fields: no JSON object")
    new["fields"] = slots.dumps(row["fields"])
    return new


def _reading(reading: Any) -> slots.Reading:
    if not isinstance(reading, dict) or set(reading) != {*slots.FIELDS, *names.KEYS, *slots.OF_DATES}:
        raise ReviewError("reading: not all columns of a fact, or others")
    checked = slots.checked(reading)
    for name in slots.FIELDS:
        if checked[name] != reading[name]:
            raise ReviewError(f"{name}: {reading[name]!r} is not written as it is stored")
    return dict(reading)
