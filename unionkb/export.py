"""A release: the views of the knowledge base as CSV files, with a data package and a codebook.

The same database gives the same bytes. All files are written under temporary names and renamed when the last
one is complete; rows stream from one snapshot of the database.
"""

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from unionkb import codebook, tables
from unionkb.errors import UserError
from unionkb.store import Store

ORDER = {
    "facts": "document, (SELECT sequence FROM article WHERE article.article_id = facts.article_id), "
    "char_start, char_end, fact_id",
    "articles": "document, sequence, article_id",
    "organisations": "organisation, organisation_id",
    "programmes": "programme, programme_name, programme_id",
    "sources": "source_id",
}
"""Of each file the order of its rows: facts and articles as they stand in their documents."""

_BOM = b"\xef\xbb\xbf"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LINE = "\r\n"


@dataclass(frozen=True, slots=True)
class Written:
    """One CSV file of a release."""

    name: str
    rows: int
    size: int
    """In bytes."""
    sha256: str


def cell(value: Any) -> str:
    """A value as it stands in a CSV file: whole numbers without a decimal point, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def spreadsheet_cell(value: Any) -> str:
    """As `cell`, but text that a spreadsheet would run as a formula begins with an apostrophe: pages are
    written by strangers."""
    text = cell(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def csv_lines(rows: Iterable[Mapping[str, Any]], columns: list[str], *, excel: bool = False) -> Iterator[str]:
    """Header and rows as CSV (RFC 4180), one record at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=_LINE)
    as_text = spreadsheet_cell if excel else cell
    writer.writerow(columns)
    for row in rows:
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([as_text(row[column]) for column in columns])
    yield buffer.getvalue()


def _write_csv(handle: BinaryIO, store: Store, name: str, excel: bool) -> Written:
    digest, size, rows = hashlib.sha256(), 0, -1
    found = store.rows(f"SELECT * FROM {name} ORDER BY {ORDER[name]}")
    for line in csv_lines(found, tables.columns(name), excel=excel):
        data = (_BOM if excel and rows < 0 else b"") + line.encode()
        handle.write(data)
        digest.update(data)
        size += len(data)
        rows += 1
    return Written(name, rows, size, digest.hexdigest())


def _package(files: Iterable[Written], excel: bool) -> dict[str, Any]:
    resources = []
    for file in files:
        table = tables.load(file.name)
        schema = {k: v for k, v in table.items() if k not in ("name", "title", "description")}
        resources.append(
            {
                "name": file.name,
                "title": table["title"],
                "description": table["description"],
                "profile": "tabular-data-resource",
                "path": f"{file.name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8-sig" if excel else "utf-8",
                "bytes": file.size,
                "hash": f"sha256:{file.sha256}",
                "schema": schema,
            }
        )
    description = "Facts read in trade-union news, each with the sentence that states it."
    if excel:
        description += (
            " Written for spreadsheets: text that begins with =, +, -, @, a tab or a carriage return has an"
            " apostrophe before it; offsets count without it."
        )
    return {
        "name": "unionkb",
        "title": "Facts of trade-union news",
        "description": description,
        "profile": "tabular-data-package",
        "unionkb": version("unionkb"),
        "resources": resources,
    }


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


def export(store: Store, folder: Path, *, excel: bool = False) -> list[Written]:
    """Write a release into a folder, which is made when missing; files of an older release are replaced.

    `excel` adds the byte order mark by which Excel knows UTF-8, and disarms formulas. Raises UserError when
    the folder cannot be written, StoreError when the database cannot be read.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with all_or_nothing(folder) as pending, snapshot(store):

            def temporary(name: str) -> Path:
                path = pending[folder / name] = folder / f".{name}.{os.getpid()}.part"
                return path

            written = []
            for name in tables.RELEASE:
                with temporary(f"{name}.csv").open("wb") as handle:
                    written.append(_write_csv(handle, store, name, excel))
            book = codebook.render(tables.RELEASE, "this release")
            temporary("codebook.md").write_bytes(book.encode())
            package = json.dumps(_package(written, excel), ensure_ascii=False, indent=2) + "\n"
            temporary("datapackage.json").write_bytes(package.encode())
    except OSError as error:
        raise UserError(f"{error.filename or folder}: {error.strerror or error}") from error
    return written


@contextmanager
def snapshot(store: Store) -> Iterator[None]:
    """Everything read inside the block is of one moment, whoever writes meanwhile."""
    connection = store.db.conn
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()
