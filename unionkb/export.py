"""A release: the views of the knowledge base as CSV or Parquet files, with all that explains them.

The same database gives the same bytes. Rows stream from one snapshot of the database into a temporary folder,
whose files get their names when the last one is complete.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from unionkb import codebook, query, release_changes, release_papers, selection, table_files, tables
from unionkb.errors import UserError
from unionkb.release_changes import Previous
from unionkb.release_papers import Release
from unionkb.selection import ORDER, Selection
from unionkb.store import Store
from unionkb.table_files import Written, cell, csv_lines, spreadsheet_cell

__all__ = [
    "ORDER",
    "Written",
    "all_or_nothing",
    "cell",
    "csv_lines",
    "export",
    "snapshot",
    "spreadsheet_cell",
]

Format = Literal["csv", "parquet"]

# A run that found nothing new leaves the release as it is, to the byte.
_MOMENT = """
SELECT max(moment) FROM (
    SELECT max(coalesce(finished_at, started_at)) AS moment FROM run WHERE documents > unchanged
    UNION ALL SELECT max(started_at) FROM run WHERE NOT EXISTS (SELECT 1 FROM run WHERE documents > unchanged)
    UNION ALL SELECT max(made_at) FROM review
)
"""
_EXTRACTORS = """
SELECT DISTINCT extractor_version FROM page
WHERE superseded_by IS NULL AND extractor_version <> '' ORDER BY extractor_version
"""
_TEMPORARY = {
    name: f"CREATE TEMP TABLE {name} ({{}})".format(", ".join(f'"{column}" TEXT' for column in columns))
    for name, columns in {
        "changes": ("table", "id", "change", "column", "before", "after", "reason"),
        "tombstones": ("table", "id", "document", "reason", "gone_at", "replaced_by"),
    }.items()
}


class Listener(Protocol):
    """Is told how far the writing is."""

    def begin(self, total: int) -> None: ...

    def advance(self, count: int = 1) -> None: ...


class _Deaf:
    def begin(self, total: int) -> None:
        pass

    def advance(self, count: int = 1) -> None:
        pass


def export(
    store: Store,
    folder: Path,
    *,
    excel: bool = False,
    form: Format = "csv",
    wanted: query.Filter | None = None,
    previous: Path | None = None,
    listener: Listener | None = None,
) -> list[Written]:
    """Write a release into a folder, which is made when missing; files of an older release are replaced.

    `excel` adds the byte order mark by which Excel knows UTF-8, and disarms formulas. `wanted` cuts the
    release down to the facts that match and what they refer to. Changes and tombstones look back on the
    release in the folder `previous`, or else on the one that is replaced, or on the newest one beside it.
    Raises UserError when the folder cannot be written, StoreError when the database cannot be read.
    """
    against = release_changes.load(previous) if previous else None
    try:
        with _written_aside(folder) as part, selection.of(store, wanted) as chosen:
            writer = _Writer(store.db.conn, part, chosen, form, excel, listener or _Deaf())
            return writer.release(folder, _asked(wanted), against)
    except OSError as error:
        # Not the file: it has a temporary name.
        raise UserError(f"{folder}: {error.strerror or error}") from error


def _asked(wanted: query.Filter | None) -> dict[str, Any]:
    """What a filter asks for, in words that go into a data package."""
    asked = asdict(wanted) if wanted else {}
    return {key: value for key, value in asked.items() if value is not None and key != "reprints"}


class _Writer:
    """Writes one release into a folder of its own."""

    def __init__(
        self,
        db: sqlite3.Connection,
        folder: Path,
        chosen: Selection,
        form: Format,
        excel: bool,
        listener: Listener,
    ) -> None:
        self._db, self._folder, self._chosen, self._form, self._excel = db, folder, chosen, form, excel
        self._listener = listener

    def release(self, final: Path, asked: Mapping[str, Any], against: Previous | None) -> list[Written]:
        rows = {name: self._chosen.rows(name) for name in tables.RELEASE}
        self._listener.begin(self._chosen.count(self._db))
        written = [self._table(name, rows[name]) for name in tables.RELEASE]
        (moment,) = self._db.execute(_MOMENT).fetchone()
        release = Release(
            moment=moment,
            content=hashlib.sha256(
                "".join([json.dumps(asked), *(file.content for file in written)]).encode()
            ).hexdigest(),
            filter=asked,
            format=self._form,
            excel=self._excel,
            extractors=[row[0] for row in self._db.execute(_EXTRACTORS)],
        )
        against = against or release_changes.beside(self._db, final, release.content, asked, moment)
        release, history = self._history(release, written, against)
        written += history
        self._text(
            release_papers.PACKAGE,
            json.dumps(release_papers.package(release, written), ensure_ascii=False, indent=2) + "\n",
        )
        self._text("CITATION.cff", release_papers.citation(release))
        self._text("README.md", release_papers.readme(release, written))
        described = [*tables.RELEASE, *tables.HISTORY]
        self._text("codebook.md", codebook.render(described, "this release"))
        self._text("codebook.zh.md", codebook.render(described, "本数据集", "zh"))
        self._text(release_papers.SUMS, release_papers.sums(self._folder))
        return written

    def _text(self, name: str, text: str) -> None:
        (self._folder / name).write_bytes(text.encode())

    def _table(self, name: str, rows: str) -> Written:
        advance: Callable[[int], object] = (
            self._listener.advance if name in selection.LONG else lambda _: None
        )
        path = self._folder / f"{name}.{self._form}"
        if self._form == "parquet":
            return table_files.write_parquet(self._db, name, rows, path, advance)
        return table_files.write_csv(self._db, name, rows, path, advance, excel=self._excel)

    def _history(
        self, release: Release, written: list[Written], against: Previous | None
    ) -> tuple[Release, list[Written]]:
        """Changes and tombstones."""
        for statement in _TEMPORARY.values():
            self._db.execute(statement)
        if against and against.content == release.content:
            # Written again: what it looks back on stays the same.
            for name in tables.HISTORY:
                self._put(name, (tuple(row.values()) for row in against.read(name)))
            previous = against.package.get("previous")
        else:
            if against:
                self._compare(release, written, against)
            if not release.filter:
                self._bury(release_changes.buried(self._db))
            previous = against and against.version
        release = replace(release, previous=previous)
        order = {"changes": "rowid", "tombstones": '"table", id'}
        return release, [self._table(name, f"FROM {name} ORDER BY {order[name]}") for name in tables.HISTORY]

    def _compare(self, release: Release, written: list[Written], against: Previous) -> None:
        now = Previous(self._folder, release_papers.package(release, written))
        work = self._folder / ".changes.sqlite"
        with release_changes.Comparison(self._db, against, now, work, release.day or "") as sides:
            self._put("changes", sides.changes())
            self._bury(sides.gone())
        earlier = (tuple(row.values()) for row in against.read("tombstones"))
        self._bury(stone for stone in earlier if not release_changes.is_back(self._db, stone))

    def _bury(self, stones: Iterable[tuple[str, ...]]) -> None:
        """Add tombstones, but for those that are there already."""
        known = set(self._db.execute('SELECT "table", id FROM tombstones'))
        self._put("tombstones", (stone for stone in stones if stone[:2] not in known))

    def _put(self, name: str, rows: Iterable[tuple[str, ...]]) -> None:
        marks = ", ".join(["nullif(?, '')"] * len(tables.columns(name)))
        self._db.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)


@contextmanager
def _written_aside(folder: Path) -> Iterator[Path]:
    """A temporary folder. When the block ends well, it takes the name of `folder`, or, where that exists, its
    files take their names in there, and those of an older release go. When it raises, nothing is left."""
    folder = folder.absolute()
    exists = folder.exists()
    part = folder / f".{os.getpid()}.part" if exists else folder.parent / f".{folder.name}.{os.getpid()}.part"
    try:
        part.mkdir(parents=True)
        yield part
        if exists:
            _replace(folder, part)
        else:
            part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _replace(folder: Path, part: Path) -> None:
    stale = set(_names_of_release(folder)) - {path.name for path in part.iterdir()}
    for path in sorted(part.iterdir()):
        os.replace(path, folder / path.name)
    for path in (folder / name for name in stale):
        if path.is_file():
            path.unlink()
    part.rmdir()


def _names_of_release(folder: Path) -> Iterator[str]:
    try:
        lines = (folder / release_papers.SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        name = line.partition("  ")[2]
        if name and name == Path(name).name:
            yield name


@contextmanager
def all_or_nothing(folder: Path) -> Iterator[dict[Path, Path]]:
    """A map from final to temporary names, to be filled. The files get their names when the block ends well,
    and are removed when it raises."""
    pending: dict[Path, Path] = {}
    try:
        yield pending
        for final, temporary in pending.items():
            os.replace(temporary, final)
    except BaseException:
        for temporary in pending.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        raise


@contextmanager
def snapshot(store: Store) -> Iterator[None]:
    """Everything read inside the block is of one moment, whoever writes meanwhile."""
    connection = store.db.conn
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()
