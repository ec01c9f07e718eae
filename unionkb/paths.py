"""Finds the data folders, in a checkout and in an installed wheel alike."""

from pathlib import Path

_HERE = Path(__file__).parent


def _folder(installed: str, checkout: str) -> Path:
    inside = _HERE / installed
    return inside if inside.is_dir() else _HERE.parent / checkout


def schema() -> Path:
    """The folder of migrations, views and table descriptions."""
    return _folder("schema", "schema")


def sample_site() -> Path:
    """The folder of the sample news site."""
    return _folder("sample_site", "data/sample_site")
