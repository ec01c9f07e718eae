"""Reads JSON and lines of it, naming what is wrong."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from unionkb.review.errors import ReviewError
from unionkb.review.tasks import Broken


def text(path: Path) -> str:
    """A UTF-8 file, with or without byte order mark. Raises ReviewError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ReviewError(f"{path}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from error


def zipped(path: Path) -> str:
    """The one JSON Lines file in an archive. Raises ReviewError."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(name for name in archive.namelist() if name.endswith(".jsonl"))
            if len(names) > 1:
                raise ReviewError(
                    f"{path}: the annotations of each member apart ({', '.join(names)}); "
                    "unpack it and import what you want, each with its --reviewer"
                )
            if not names:
                raise ReviewError(f"{path}: no .jsonl in it")
            return archive.read(names[0]).decode("utf-8-sig")
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise ReviewError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def objects(path: Path) -> Iterator[tuple[str, dict[str, Any]] | Broken]:
    """The objects of a file of JSON lines, also of one in a .zip, each with the name of its line."""
    content = zipped(path) if path.suffix == ".zip" else text(path)
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        name = f"{path}:{number}"
        try:
            found = json.loads(line)
        except ValueError as error:
            yield Broken(name, f"no JSON: {error}")
            continue
        yield (name, found) if isinstance(found, dict) else Broken(name, "no JSON object")


def whole(name: str, value: Any) -> int:
    """An offset. Raises ReviewError."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ReviewError(f"{name}: {value!r} is no offset")
    return value


def dump(value: Any) -> str:
    """JSON in one line."""
    return json.dumps(value, ensure_ascii=False)
