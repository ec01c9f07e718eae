"""Files on disk -> documents: what to read, under which name, and the drafts in it."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crawler import pages
from extract.model import Draft
from unionkb import reading
from unionkb.reading import SUFFIXES, Text
from unionkb.reading import Unreadable as Unreadable

MAX_BYTES = 20_000_000
"""Larger files are refused: no news page is that long, and reading one takes memory many times its size."""

MAX_PARTS = 50
"""Pages that one article may run over."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to be read. `name` is the document's name: the path from the folder given, that folder included,
    with `/` between; or the file's name."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """A file with its content. A document is one, or several where its article runs over several pages."""

    file: File
    data: bytes
    text: Text


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


def _content(file: File, max_bytes: int) -> bytes:
    try:
        if not file.path.is_file():
            raise Unreadable("not a regular file" if file.path.exists() else "no such file")
        size = file.path.stat().st_size
        if size > max_bytes:
            raise Unreadable(f"too big: {size / 1e6:.1f} MB, and the limit is {max_bytes / 1e6:g} MB")
        return file.path.read_bytes()
    except OSError as error:
        raise Unreadable(_reason(error)) from error


def read(file: File, max_bytes: int = MAX_BYTES) -> list[Part]:
    """A file, and after it the files beside it on which its article goes on (下一页).

    Raises Unreadable for what is missing, too big, empty, binary or in no known encoding."""
    parts = [_part(file, max_bytes)]
    seen = {file.path}
    while len(parts) < MAX_PARTS:
        following = _next(parts[-1])
        if following is None or following.path in seen or not following.path.is_file():
            break
        seen.add(following.path)
        try:
            parts.append(_part(following, max_bytes))
        except Unreadable:  # Reported when its own turn comes.
            break
    return parts


def drafts(parts: Sequence[Part]) -> list[Draft]:
    """The drafts of a document."""
    return reading.drafts([part.text for part in parts])


def _part(file: File, max_bytes: int) -> Part:
    data = _content(file, max_bytes)
    return Part(file, data, reading.text(data, file.name))


def _next(part: Part) -> File | None:
    """The file of the next part, found from the link as a server would: against the folder that was given."""
    if part.text.media_type != "text/html":
        return None
    target = pages.next_part(part.text.text, part.text.uri)
    if target is None or not target.startswith("file:///"):
        return None
    name = unquote(urlsplit(target).path).lstrip("/")
    top = part.file.path.parents[part.file.name.count("/")]
    return File(top.joinpath(*name.split("/")), name)


def _reason(error: OSError) -> str:
    return (
        "no permission to read it" if isinstance(error, PermissionError) else (error.strerror or str(error))
    )
