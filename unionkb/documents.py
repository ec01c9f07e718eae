"""Files on disk -> documents: what to read, under which name, and the text in it."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler import pages
from crawler.decode import NotText, decode
from extract.model import Draft
from unionkb.errors import UserError

SUFFIXES = frozenset({".txt", ".html", ".htm", ".shtml", ".xhtml"})
"""What is read in folders. A file named outright is read whatever it is called."""

MAX_BYTES = 20_000_000
"""Larger files are refused: no news page is that long, and reading one takes memory many times its size."""


class Unreadable(UserError):
    """A document that cannot be read; the message says why, in one line, without its name."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to be read. `name` is the document's name: the path from the folder given, that folder included,
    with `/` between; or the file's name."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds. `drafts` are stretches of `text`."""

    media_type: str
    encoding: str
    drafts: Sequence[Draft]


def find(paths: Iterable[Path]) -> Iterator[File | tuple[Path, str]]:
    """Files among the paths and in folders below them, sorted, each once; or a path and why it gives none."""
    seen: set[Path] = set()
    for path in paths:
        for found in _find(path):
            if isinstance(found, File):
                real = found.path.resolve()
                if real in seen:
                    continue
                seen.add(real)
            yield found


def _find(path: Path) -> Iterator[File | tuple[Path, str]]:
    if not os.path.lexists(path):
        yield path, "no such file or folder"
        return
    if not path.is_dir():
        yield File(path, path.name)
        return
    # The folder's own name, also where it was given as `.` or `..`.
    top, found_any = path.resolve().name, False
    failures: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = Path(folder, name)
            if file.suffix.lower() in SUFFIXES and not name.startswith("."):
                found_any = True
                yield File(file, "/".join([top, *file.relative_to(path).parts]))
    for failure in failures:
        yield Path(failure.filename), _reason(failure)
    if not found_any and not failures:
        yield path, f"no file to read in the folder ({', '.join(sorted(SUFFIXES))})"


def content(file: File, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a file. Raises Unreadable."""
    try:
        if not file.path.is_file():
            raise Unreadable("not a regular file" if file.path.exists() else "no such file")
        size = file.path.stat().st_size
        if size > max_bytes:
            raise Unreadable(f"too big: {size / 1e6:.1f} MB, and the limit is {max_bytes / 1e6:g} MB")
        return file.path.read_bytes()
    except OSError as error:
        raise Unreadable(_reason(error)) from error


def read(data: bytes, name: str) -> Document:
    """Text and drafts of a file. Raises Unreadable for what is empty, binary or in no known encoding."""
    try:
        decoded = decode(data)
    except NotText as error:
        raise Unreadable(str(error)) from error
    if _is_html(decoded.text, name):
        return Document("text/html", decoded.encoding, pages.read(decoded.text))
    return Document("text/plain", decoded.encoding, [Draft(decoded.text)])


def _is_html(text: str, name: str) -> bool:
    suffix = Path(name).suffix.lower()
    if suffix in SUFFIXES:
        return suffix != ".txt"
    return text[:1000].lstrip().lower().startswith(("<!doctype html", "<html"))


def _reason(error: OSError) -> str:
    return (
        "no permission to read it" if isinstance(error, PermissionError) else (error.strerror or str(error))
    )
