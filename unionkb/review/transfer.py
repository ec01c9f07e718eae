"""Reviews and tasks out of the knowledge base into files, and back."""

import importlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from unionkb.errors import UserError
from unionkb.export import all_or_nothing, snapshot
from unionkb.query import Filter
from unionkb.review import carry, gold, tasks
from unionkb.review.errors import ReviewError
from unionkb.store import Store

_TOOLS = {"labelstudio": "labelstudio", "doccano": "doccano", "spacy": "docbin", "jsonl": "jsonl"}

Written = tuple[Path, int, str]
"""A file, how many things are in it, and what these are."""


def export(
    kb: Store, path: Path, format_: str, wanted: Filter, least_certain: int | None = None
) -> tuple[list[Written], list[str]]:
    """Write a file, or the files of a folder (a name without an ending), all or none; and a line on each
    thing that could not be written. Raises UserError."""
    folder = path if not path.suffix or path.is_dir() else None
    complaints: list[str] = []
    try:
        (folder or path.parent).mkdir(parents=True, exist_ok=True)
        with snapshot(kb), all_or_nothing(folder or path.parent) as pending:
            written: list[Written] = []
            for number, (name, data, count, noun) in enumerate(
                _files(kb, format_, wanted, least_certain, complaints)
            ):
                final = folder / name if folder else path if number == 0 else path.with_name(name)
                pending[final] = final.with_name(f".{final.name}.{os.getpid()}.part")
                pending[final].write_bytes(data)
                written.append((final, count, noun))
    except OSError as error:
        raise UserError(f"{error.filename or path}: {error.strerror or error}") from error
    return written, complaints


def _files(
    kb: Store, format_: str, wanted: Filter, least_certain: int | None, complaints: list[str]
) -> Iterator[tuple[str, bytes, int, str]]:
    if format_ == "reviews":
        data = carry.write(kb)
        yield carry.NAME, data, data.count(b"\n"), "review"
    elif format_ == "gold":
        lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in gold.records(kb)]
        yield "gold.jsonl", "".join(lines).encode(), len(lines), "article"
    elif format_ == "case":
        found = list(gold.cases(kb))
        complaints += [str(each) for each in found if isinstance(each, ValueError)]
        texts = [each for each in found if isinstance(each, str)]
        yield "reviewed.txt", "\n".join(texts).encode(), len(texts), "case"
    else:
        sent = list(tasks.export(kb, wanted, least_certain))
        for number, (name, data) in enumerate(_tool(format_).write(sent)):
            yield name, data, *((len(sent), "task") if number == 0 else (1, "interface"))


def take_in(kb: Store, path: Path, format_: str, reviewer: str, accept: bool = False) -> tasks.Imported:
    """Make reviews of a file. Raises ReviewError for one that cannot be read at all."""
    if format_ == "reviews":
        return carry.take_in(kb, path)
    read: Callable[[Path], Iterator[tasks.Answer | tasks.Broken]] = _tool(format_).read
    return tasks.take_in(kb, read(path), reviewer=reviewer, accept=accept)


def _tool(format_: str) -> Any:
    if format_ not in _TOOLS:
        raise ReviewError(f"{format_}: no format for tasks")
    # spaCy takes a while to import.
    return importlib.import_module(f"unionkb.review.formats.{_TOOLS[format_]}")
