"""Stored queries: one .sql file each, with its titles in Chinese and English in the first two lines."""

from functools import cache
from importlib.resources import files


@cache
def _all() -> dict[str, tuple[dict[str, str], str]]:
    found = {}
    for path in sorted(files(__name__).iterdir(), key=lambda path: path.name):
        if path.name.endswith(".sql"):
            chinese, english, sql = path.read_text(encoding="utf-8").split("\n", 2)
            titles = {"zh": chinese.removeprefix("-- zh: "), "en": english.removeprefix("-- en: ")}
            titles["both"] = f"{titles['zh']} · {titles['en']}"
            found[path.name.removesuffix(".sql")] = (titles, sql.strip())
    return found


def stored(language: str) -> dict[str, dict[str, str]]:
    """Name of each query, with its title in a language (or `both`) and its SQL."""
    return {name: {"title": titles[language], "sql": sql} for name, (titles, sql) in _all().items()}
