"""Which extractor is at work: stored with all it reads, so that one knows what to read again."""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from extract import tokens


def extractor_version() -> str:
    """Version of the program, and a hash of the rules and word lists: `0.1.0+1f2e3d4c`. Another segmenter
    than the default reads otherwise, and is named: `0.1.0+1f2e3d4c.pkuseg-9a8b7c6d`."""
    return ".".join(filter(None, (_rules(), tokens.segmenter())))


@cache
def _rules() -> str:
    content = hashlib.sha256()
    for package in ("crawler.pages", "extract"):
        for path, data in sorted(_contents(files(package), package)):
            content.update(f"{path}\0{len(data)}\0".encode() + data)
    return f"{version('unionkb')}+{content.hexdigest()[:8]}"


def _contents(folder: Traversable, name: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            found += _contents(entry, path)
        elif entry.name.endswith((".py", ".tsv")):
            # Line ends differ between systems, what is read does not.
            found.append((path, entry.read_bytes().replace(b"\r\n", b"\n")))
    return found
