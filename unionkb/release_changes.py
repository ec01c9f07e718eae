"""What became of the release before: rows added, removed, altered (changes); all that is gone (tombstones).

Both releases are read from their files into a temporary database beside them, so that memory stays flat.
"""

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from unionkb import table_files, tables
from unionkb.errors import UserError
from unionkb.release_papers import PACKAGE
from unionkb.review import replay

COMPARED = ("facts", "articles", "organisations", "programmes")
_IGNORED = {
    # Identifiers of articles stand for their bodies.
    "articles": {"body", "lead", "facts", "extractor_version"},
    "facts": {"extractor_version"},
    "organisations": {"articles", "facts", "quantities"},
    "programmes": {"articles", "organisations", "facts", "quantities", "first_published", "last_published"},
}
"""Columns that are counts, or differ in every row after each change of a rule."""
_KEYS = {
    "facts": "fact_id",
    "articles": "article_id",
    "organisations": "organisation_id",
    "programmes": "programme_id",
}
_ALIKE = {"facts": ("document", "kind", "value", "quote"), "articles": ("document", "title")}
"""What a row that takes another's place has in common with it."""
_TRIED = 200
"""Articles by which a release is known to be of a knowledge base."""
_CLUSTER = {"cluster_id", "is_reprint"}

Change = tuple[str, str, str, str, str, str, str]
"""A row of changes.csv."""
Tombstone = tuple[str, str, str, str, str, str]
"""A row of tombstones.csv."""


@dataclass(frozen=True, slots=True)
class Previous:
    """A release that was written before."""

    folder: Path
    package: Mapping[str, Any]

    @property
    def version(self) -> str | None:
        found: str | None = self.package.get("version")
        return found

    @property
    def content(self) -> str | None:
        return str(self.package.get("content", "")).removeprefix("sha256:") or None

    def resource(self, name: str) -> Mapping[str, Any] | None:
        return next((r for r in self.package["resources"] if r["name"] == name), None)

    def read(self, name: str) -> Iterator[dict[str, str]]:
        """The rows of a table; none when the release has no such table. Raises UserError."""
        resource = self.resource(name)
        if resource is None:
            return
        path = self.folder / Path(resource["path"]).name
        try:
            yield from table_files.read(path, excel=resource.get("encoding") == "utf-8-sig")
        except (OSError, ValueError, csv.Error) as error:
            raise UserError(f"{path}: cannot be read ({error})") from error


def load(folder: Path) -> Previous:
    """A release by its folder. Raises UserError when there is none."""
    try:
        package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        if package["name"] == "unionkb" and package["resources"]:
            return Previous(folder, package)
    except OSError as error:
        raise UserError(f"{folder}: no release ({error.strerror})") from error
    except (ValueError, KeyError, TypeError):
        pass
    raise UserError(f"{folder}: no release of unionkb")


def beside(
    db: sqlite3.Connection, folder: Path, content: str, wanted: Mapping[str, Any], moment: str | None
) -> Previous | None:
    """The release in the folder itself, or else the newest beside it, that is of this knowledge base, cut
    down in the same way and not younger; one of the same content only when it is the folder's own."""
    own = _maybe(folder)
    if own and own.package.get("filter", {}) == wanted and _is_of(db, own):
        return own
    try:
        siblings = sorted(path for path in folder.absolute().parent.iterdir() if path.is_dir())
    except OSError:
        return None
    found = [release for path in siblings if (release := _maybe(path))]
    found = [
        release
        for release in found
        if release.content not in (None, content)
        and release.package.get("filter", {}) == wanted
        and release.package.get("created", "") <= (moment or "")
    ]
    found.sort(key=lambda release: (release.package.get("created", ""), release.folder.name), reverse=True)
    return next((release for release in found if _is_of(db, release)), None)


def _is_of(db: sqlite3.Connection, release: Previous) -> bool:
    """Whether the knowledge base knows, or knew, one of the first articles of a release."""
    try:
        articles = islice(release.read("articles"), _TRIED)
        return any(
            db.execute(
                "SELECT 1 FROM article WHERE article_id = :id"
                " UNION ALL SELECT 1 FROM tombstone WHERE id = :id",
                {"id": row["article_id"]},
            ).fetchone()
            for row in articles
        )
    except (UserError, KeyError):
        return False


def _maybe(folder: Path) -> Previous | None:
    try:
        return load(folder)
    except UserError:
        return None


class Comparison:
    """Two releases side by side. Use it as a context manager; `work` is a file that is removed at the end."""

    def __init__(
        self, db: sqlite3.Connection, before: Previous, after: Previous, work: Path, day: str
    ) -> None:
        self._db = db
        self._day = day
        self._work = work
        self._before = before
        self._sides = sqlite3.connect(work)
        self._columns: dict[str, list[str]] = {}
        self._sides.execute("PRAGMA journal_mode = OFF")
        self._sides.execute("PRAGMA synchronous = OFF")
        for name in COMPARED:
            old, new = before.resource(name), after.resource(name)
            if old and new and old.get("hash") == new.get("hash"):
                continue
            had = [field["name"] for field in (old or {"schema": {"fields": []}})["schema"]["fields"]]
            self._columns[name] = [c for c in tables.columns(name) if c in had and c not in _IGNORED[name]]
            for side, release in (("old", before), ("new", after)):
                self._load(side, name, release.read(name))

    def __enter__(self) -> "Comparison":
        return self

    def __exit__(self, *_: object) -> None:
        self._sides.close()
        self._work.unlink(missing_ok=True)

    def _load(self, side: str, name: str, rows: Iterable[Mapping[str, str]]) -> None:
        extra = ["extractor_version"] if name in ("facts", "articles") else []
        columns = [*(self._columns[name] or [_KEYS[name]]), *extra]
        self._columns.setdefault(name, columns)
        listed = ", ".join(f'"{column}" TEXT' for column in columns)
        self._sides.execute(f"CREATE TABLE {side}_{name} ({listed}, PRIMARY KEY ({_KEYS[name]}))")
        marks = ", ".join("?" * len(columns))
        self._sides.executemany(
            f"INSERT OR REPLACE INTO {side}_{name} VALUES ({marks})",
            ([row.get(column, "") for column in columns] for row in rows),
        )
        if name in _ALIKE and self._columns[name]:
            self._sides.execute(f"CREATE INDEX {side}_{name}_alike ON {side}_{name} (document)")

    def changes(self) -> Iterator[Change]:
        """Table by table: what was added and removed, then what was altered, by identifier."""
        for name in self._columns:
            for key, document in self._only("new", "old", name):
                yield name, key, "added", "", "", "", self._why_added(name, key, document)
            for key, _ in self._only("old", "new", name):
                yield name, key, "removed", "", "", "", self._why_removed(name, key)[0]
            yield from self._altered(name)

    def _only(self, here: str, there: str, name: str) -> Iterator[tuple[str, str]]:
        """Identifier and document of rows that are on one side only."""
        key = _KEYS[name]
        document = "document" if "document" in self._columns[name] else "''"
        with closing(self._sides.cursor()) as cursor:
            yield from cursor.execute(
                f"SELECT {key}, {document} FROM {here}_{name} AS a"
                f" WHERE NOT EXISTS (SELECT 1 FROM {there}_{name} AS b WHERE b.{key} = a.{key})"
                f" ORDER BY {key}"
            )

    def _altered(self, name: str) -> Iterator[Change]:
        key, columns = _KEYS[name], self._columns[name]
        if not columns:
            return
        versions = name in ("facts", "articles")
        wanted = [*columns, *(["extractor_version"] if versions else [])]
        sides = ", ".join(f"{side}.{column}" for side in ("a", "b") for column in wanted)
        differ = " OR ".join(f"a.{column} <> b.{column}" for column in columns)
        rows = self._sides.execute(
            f"SELECT {sides} FROM old_{name} AS a JOIN new_{name} AS b ON b.{key} = a.{key}"
            f" WHERE {differ} ORDER BY a.{key}"
        )
        for row in rows:
            before, after = row[: len(wanted)], row[len(wanted) :]
            reread = None
            if versions and before[-1] != after[-1]:
                reread = f"read again by {after[-1]}, before by {before[-1]}"
            cells = dict(zip(columns, zip(before, after, strict=True), strict=False))
            said = cells.get("review_status", ("", ""))
            reviewed = said[0] != said[1] or (name == "facts" and self._is_reviewed_since(cells[key][1]))
            for column, (old, new) in cells.items():
                if old != new:
                    reason = _why_altered(name, column, reread, reviewed)
                    yield name, cells[key][1], "altered", column, old, new, reason

    def _is_reviewed_since(self, key: str) -> bool:
        """Whether somebody has spoken of a fact since the release before."""
        found = self._db.execute(
            "SELECT 1 FROM review_match JOIN review USING (review_id)"
            " WHERE fact_id = ? AND rtrim(made_at, 'Z') > rtrim(?, 'Z')",
            [key, self._before.package.get("created", "")],
        )
        return found.fetchone() is not None

    def _why_added(self, name: str, key: str, document: str) -> str:
        if name == "facts" and "rule" in self._columns[name]:
            rule = self._sides.execute("SELECT rule FROM new_facts WHERE fact_id = ?", [key]).fetchone()
            if rule == (replay.RULE,):
                return "review"
        if name not in _ALIKE or "articles" not in self._columns:
            return "first named" if name not in _ALIKE else "read again"
        known = self._sides.execute("SELECT 1 FROM old_articles WHERE document = ?", [document]).fetchone()
        return "read again in a document known before" if known else "new document"

    def _why_removed(self, name: str, key: str) -> tuple[str, str]:
        """Reason and day."""
        if found := self._db.execute("SELECT reason, gone_at FROM tombstone WHERE id = ?", [key]).fetchone():
            return str(found[0]), str(found[1])[:10]
        if _is_known(self._db, name, key):
            return "not in what this release was cut down to", self._day
        if name in ("facts", "articles"):
            table = name.removesuffix("s")
            if self._db.execute(f"SELECT 1 FROM {table} WHERE {table}_id = ?", [key]).fetchone():
                return "the document has a newer version", self._day
        return "no longer in the knowledge base", self._day

    def gone(self) -> Iterator[Tombstone]:
        """Tombstones of what the release before had; none for what is only left out by a filter."""
        for name in self._columns:
            for key, document in self._only("old", "new", name):
                reason, day = self._why_removed(name, key)
                if not _is_known(self._db, name, key):
                    yield name, key, document, reason, day, self._replacement(name, key)

    def _replacement(self, name: str, key: str) -> str:
        if name not in _ALIKE or not set(_ALIKE[name]) <= set(self._columns[name]):
            return ""
        same = " AND ".join(f"n.{column} = o.{column}" for column in _ALIKE[name])
        own = _KEYS[name]
        found = self._sides.execute(
            f"SELECT min(n.{own}) FROM old_{name} AS o JOIN new_{name} AS n ON {same}"
            f" WHERE o.{own} = ? AND NOT EXISTS (SELECT 1 FROM old_{name} AS x WHERE x.{own} = n.{own})",
            [key],
        ).fetchone()
        return found[0] or ""


def _why_altered(name: str, column: str, reread: str | None, reviewed: bool) -> str:
    if column in _CLUSTER:
        return "reprints compared again"
    if reviewed:
        return "review"
    if reread:
        return reread
    if name == "facts":
        return "organisation or page known better"
    return "known better"


def buried(db: sqlite3.Connection) -> Iterator[Tombstone]:
    """Tombstones of the knowledge base."""
    for kind, key, document, reason, gone_at in db.execute(
        "SELECT kind, id, document, reason, gone_at FROM tombstone"
    ):
        yield f"{kind}s", key, document, reason, gone_at[:10], ""


def is_back(db: sqlite3.Connection, tombstone: tuple[str, ...]) -> bool:
    """Whether what was gone is in the knowledge base."""
    return _is_known(db, tombstone[0], tombstone[1])


def _is_known(db: sqlite3.Connection, name: str, key: str) -> bool:
    # The views of organisations and programmes count everything to give one row.
    place = name.removesuffix("s") if name in ("organisations", "programmes") else name
    return db.execute(f"SELECT 1 FROM {place} WHERE {_KEYS[name]} = ?", [key]).fetchone() is not None
