"""Writes the rows of a query as CSV or Parquet, in constant memory.

SQLite puts the cells of a row together (`printf` with a separator), so that a row is one object in Python.
Only rows that need quotation marks are taken apart again. This is about as fast as `sqlite3 -csv`.
"""

import csv
import hashlib
import io
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from unionkb import tables
from unionkb.errors import UserError

BATCH = 1000
"""Rows read at a time."""

BOM = b"\xef\xbb\xbf"
_LINE = b"\r\n"
GROUP = 1 << 25
"""Bytes of a row group of Parquet."""
_CELL, _ROW = b"\x1f", b"\x1e"
_SPECIAL = re.compile(rb'[",\r\n]').search
# Excel in a Chinese or Japanese setting takes the full-width signs for the others.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")

Advance = Callable[[int], object]
"""Is told how many rows more were written."""


@dataclass(frozen=True, slots=True)
class Written:
    """One table of a release."""

    name: str
    path: str
    """Name of its file."""
    rows: int
    size: int
    """In bytes."""
    sha256: str
    content: str
    """SHA-256 of the rows as plain CSV, the same in every format."""


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
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def without_apostrophe(text: str) -> str:
    """Undoes `spreadsheet_cell`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def csv_lines(rows: Iterable[Mapping[str, Any]], columns: list[str], *, excel: bool = False) -> Iterator[str]:
    """Header and rows as CSV (RFC 4180), one record at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=_LINE.decode())
    as_text = spreadsheet_cell if excel else cell
    writer.writerow(columns)
    for row in rows:
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([as_text(row[column]) for column in columns])
    yield buffer.getvalue()


def _column(table: str, field: Mapping[str, Any]) -> str:
    name = f'{table}."{field["name"]}"'
    if field["type"] != "number":
        return name
    return (
        f"CASE WHEN {name} IS NULL THEN NULL"
        f" WHEN {name} = CAST({name} AS INTEGER) THEN CAST({name} AS INTEGER)"
        f" WHEN CAST(CAST({name} AS TEXT) AS REAL) = {name} THEN {name} ELSE printf('%!.17g', {name}) END"
    )


def _quoted(cells: Iterable[bytes]) -> bytes:
    return b",".join(b'"' + text.replace(b'"', b'""') + b'"' if _SPECIAL(text) else text for text in cells)


def _header(name: str) -> bytes:
    return (",".join(tables.columns(name))).encode() + _LINE


def plain(connection: sqlite3.Connection, name: str, rows: str) -> Iterator[tuple[bytes, int]]:
    """The records of a table as CSV without header, many at a time, with their number.

    `rows` is the rest of the statement, from FROM on; it orders the rows without a tie."""
    fields = tables.load(name)["fields"]
    columns = ", ".join(_column(name, field) for field in fields)
    form = _CELL.decode().join(["%s"] * len(fields))
    cursor = connection.execute(f"SELECT CAST(printf('{form}', {columns}) AS BLOB) {rows}")
    done = 0
    while batch := [text for (text,) in cursor.fetchmany(BATCH)]:
        data = _ROW.join(batch)
        separators = data.count(_CELL), data.count(_ROW)
        if separators != (len(batch) * (len(fields) - 1), len(batch) - 1):
            # A page has these control characters in its text.
            data = _one_by_one(connection, f"SELECT {columns} {rows}", done, len(batch))
        else:
            if _SPECIAL(data):
                data = _ROW.join([_quoted(row.split(_CELL)) if _SPECIAL(row) else row for row in batch])
            data = data.replace(_CELL, b",").replace(_ROW, _LINE) + _LINE
        yield data, len(batch)
        done += len(batch)


def _one_by_one(connection: sqlite3.Connection, statement: str, start: int, count: int) -> bytes:
    found = connection.execute(f"{statement} LIMIT {count} OFFSET {start}")
    return b"".join(_quoted(cell(value).encode() for value in row) + _LINE for row in found)


class _Sink:
    """A file that is hashed as it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.digest.update(data)
        self.size += len(data)


def write_csv(
    connection: sqlite3.Connection, name: str, rows: str, path: Path, advance: Advance, *, excel: bool = False
) -> Written:
    """Write one table. `excel`: with byte order mark, formulas disarmed."""
    header = _header(name)
    content, number = hashlib.sha256(header), 0
    is_text = [field["type"] == "string" for field in tables.load(name)["fields"]]
    with path.open("wb") as file:
        sink = _Sink(file)
        sink.write(BOM + header if excel else header)
        for chunk, count in plain(connection, name, rows):
            content.update(chunk)
            sink.write(_for_spreadsheets(chunk, is_text) if excel else chunk)
            number += count
            advance(count)
    return Written(name, path.name, number, sink.size, sink.digest.hexdigest(), content.hexdigest())


def records(lines: Iterable[str]) -> Iterator[list[str]]:
    """The rows of a CSV file with cells of any length."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    return csv.reader(lines, strict=True)


def _for_spreadsheets(chunk: bytes, is_text: list[bool]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in records(io.StringIO(chunk.decode(), newline="")):
        writer.writerow(
            [spreadsheet_cell(text) if of_text else text for text, of_text in zip(row, is_text, strict=True)]
        )
    return buffer.getvalue().encode()


def write_parquet(
    connection: sqlite3.Connection, name: str, rows: str, path: Path, advance: Advance
) -> Written:
    """Write one table with typed columns. Raises UserError when pyarrow is missing."""
    arrow, parquet = _arrow()
    fields = tables.load(name)["fields"]
    schema = _schema(arrow, fields)
    content, number = hashlib.sha256(_header(name)), 0
    columns = ", ".join(f'{name}."{field["name"]}"' for field in fields)
    typed = connection.execute(f"SELECT {columns} {rows}")
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        waiting: list[Any] = []
        for chunk, count in plain(connection, name, rows):
            content.update(chunk)
            # As many rows again, now typed.
            values = zip(*typed.fetchmany(count), strict=True)
            arrays = [_array(arrow, value, kind) for value, kind in zip(values, schema.types, strict=True)]
            waiting.append(arrow.record_batch(arrays, schema=schema))
            if sum(batch.nbytes for batch in waiting) > GROUP:
                writer.write_table(arrow.Table.from_batches(waiting))
                waiting.clear()
            number += count
            advance(count)
        if waiting:
            writer.write_table(arrow.Table.from_batches(waiting))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Written(name, path.name, number, path.stat().st_size, digest, content.hexdigest())


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UserError("Parquet needs pyarrow: pip install 'unionkb[data]'") from error
    return pyarrow, pyarrow.parquet


def _schema(arrow: Any, fields: Iterable[Mapping[str, Any]]) -> Any:
    kinds = {
        "string": arrow.string(),
        "yearmonth": arrow.string(),
        "date": arrow.date32(),
        "datetime": arrow.timestamp("us", tz="UTC"),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "boolean": arrow.bool_(),
    }
    return arrow.schema(
        [
            arrow.field(
                field["name"],
                kinds[field["type"]],
                nullable=not field.get("constraints", {}).get("required", False),
                metadata={"description": field["description"]},
            )
            for field in fields
        ]
    )


def _array(arrow: Any, values: Iterable[Any], kind: Any) -> Any:
    if arrow.types.is_date32(kind) or arrow.types.is_timestamp(kind):
        return arrow.array(values, arrow.string()).cast(kind)
    if arrow.types.is_boolean(kind):
        return arrow.array(values, arrow.int8()).cast(kind)
    return arrow.array(values, kind)


def read(path: Path, *, excel: bool = False) -> Iterator[dict[str, str]]:
    """The rows of a table that was written here, all cells as they stand in plain CSV."""
    if path.suffix == ".parquet":
        _, parquet = _arrow()
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(BATCH):
                for row in batch.to_pylist():
                    yield {name: _plain_text(value) for name, value in row.items()}
        return
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = records(lines)
        header = next(rows, [])
        for cells in rows:
            yield dict(zip(header, map(without_apostrophe, cells) if excel else cells, strict=True))


def _plain_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return cell(value)
