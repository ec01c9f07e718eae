"""Which inputs there are: files, folders, globs and lists of them, here or wherever fsspec reaches."""

import glob
import gzip
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import urlsplit

from unionkb.bulk.records import Form
from unionkb.errors import UserError
from unionkb.reading import SUFFIXES

FORMS: dict[str, Form] = {".warc": "warc", ".wet": "warc", ".jsonl": "jsonl", ".ndjson": "jsonl"}
"""By the end of a name, which may be followed by `.gz`."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file to be read in bulk. `path` is an absolute path or a URL of fsspec."""

    path: str
    form: Form
    size: int

    @property
    def is_gzip(self) -> bool:
        return self.path.endswith(".gz")

    @property
    def can_be_cut(self) -> bool:
        """Whether reading can begin in the middle: where each record is packed by itself, or lines are plain.
        In a plain WARC file what a page says cannot be told from the beginning of a record."""
        return self.is_gzip == (self.form == "warc")


def form_of(name: str) -> Form | None:
    """The form of a file by its name; None for what is not read in bulk."""
    name = urlsplit(name).path if is_remote(name) else name
    suffix = PurePosixPath(name.lower().removesuffix(".gz")).suffix
    return FORMS.get(suffix)


def is_remote(path: str) -> bool:
    """Whether fsspec has to open it."""
    return "://" in path


def is_bulk(path: str) -> bool:
    """Whether a path is one for `find`: an input by its name, a glob, a URL."""
    return form_of(path) is not None or is_remote(path) or (glob.has_magic(path) and not Path(path).exists())


def holds_bulk(path: str) -> bool:
    """Whether a folder holds inputs, however deep."""
    return any(map(form_of, _below(path)))


def holds_pages(path: str) -> bool:
    """Whether a folder holds files that are read one by one."""
    return any(os.path.splitext(name)[1].lower() in SUFFIXES for name in _below(path))


def _below(folder: str) -> Iterator[str]:
    """Paths of all files below a folder."""
    return (os.path.join(where, name) for where, _, files in os.walk(folder) for name in files)


def listed(file: Path) -> list[str]:
    """The paths in a list, one a line; `#` begins a remark. Relative ones count from where the program runs.
    Raises UserError."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file}: {getattr(error, 'strerror', None) or 'not UTF-8'}") from error
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def find(paths: Iterable[str]) -> Iterator[Input | tuple[str, str]]:
    """Inputs among the paths, sorted within each, each once; or a path and why it gives none."""
    seen: set[str] = set()
    for path in paths:
        for found in _remote(path) if is_remote(path) else _local(path):
            if isinstance(found, Input):
                if found.path in seen:
                    continue
                seen.add(found.path)
            yield found


def _local(path: str) -> Iterator[Input | tuple[str, str]]:
    if os.path.isdir(path):
        names = sorted(filter(form_of, _below(path)))
    elif os.path.lexists(path):
        names = [path]
    else:
        names = sorted(glob.glob(path, recursive=True))
    if not names:
        yield path, "no such file" if not glob.has_magic(path) else "no file of such a name"
    for name in names:
        form = form_of(name)
        if form is None:
            yield name, f"not read in bulk; the name should end in {_endings()}"
        elif not os.path.isfile(name):
            yield name, "not a regular file"
        else:
            yield Input(os.path.realpath(name), form, os.path.getsize(name))


def _remote(path: str) -> Iterator[Input | tuple[str, str]]:
    try:
        import fsspec

        system, inner = fsspec.core.url_to_fs(path)
        names = sorted(system.glob(inner)) if glob.has_magic(inner) else [inner]
        if not names:
            yield path, "no file of such a name"
        for name in names:
            url = system.unstrip_protocol(name)
            form = form_of(url)
            if form is None:
                yield url, f"not read in bulk; the name should end in {_endings()}"
            else:
                yield Input(url, form, int(system.size(name)))
    except ImportError as error:
        need = "unionkb[scale]" if error.name == "fsspec" else error.name
        yield (
            path,
            f"needs a package that is not installed: pip install '{need}'" if error.name else str(error),
        )
    except Exception as error:  # Each file system raises its own.
        yield path, _reason(error)


def _endings() -> str:
    return ", ".join(f"{suffix}[.gz]" for suffix in FORMS)


def _reason(error: Exception) -> str:
    said = " ".join(str(getattr(error, "strerror", None) or error).split())
    return said[:200] or type(error).__name__


@contextmanager
def opened(path: str, form: Form) -> Iterator[IO[bytes]]:
    """An input as a seekable stream; lines unpacked, web archives as they are."""
    with _raw(path) as raw:
        if form == "jsonl" and path.endswith(".gz"):
            with gzip.GzipFile(fileobj=raw) as stream:
                yield stream  # type: ignore[misc]
        else:
            yield raw


@contextmanager
def _raw(path: str) -> Iterator[Any]:
    if not is_remote(path):
        with open(path, "rb") as stream:
            yield stream
        return
    import fsspec

    with fsspec.open(path, "rb") as stream:
        yield stream


def stamp(path: str) -> str:
    """What changes with the content of a remote file: its checksum, or size and time, as its host tells."""
    import fsspec

    system, inner = fsspec.core.url_to_fs(path)
    return str(system.ukey(inner))
