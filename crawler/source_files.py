"""TOML -> outlets. Every mistake is refused with its file, line and key.

A file holds one outlet, whose id is the file's name, or several as `[[source]]` tables, each with its `id`.
Keys are the fields of `crawler.sources`; starts and layouts are `[[start]]` and `[[layout]]` tables.
"""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, NoReturn, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from cssselect import HTMLTranslator, SelectorError

from crawler import url_patterns
from crawler.outlets import BUILT_IN, Layout, Politeness, Source, SourceError, Start
from crawler.toml_lines import Path as KeyPath
from crawler.toml_lines import line_of, lines

LARGEST = 1_000_000
"""Bytes of a file; what is larger is no file of sources."""

_TABLES = {"start": "starts", "layout": "layouts"}
"""Name of the repeated table -> field."""
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HOST = re.compile(r"(?:\*\.[a-z0-9-]+\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?")
_DAY_CODE = re.compile(r"%(.?)")


def read(path: Path) -> list[Source]:
    """The outlets of a file. Raises SourceError."""
    text = _text(path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"\(at line (\d+), column \d+\)", str(error))
        ends = text.rstrip().count("\n") + 1
        raise SourceError(path, f"not TOML: {error}", int(line[1]) if line else ends) from error
    reader = _Reader(path, lines(text))
    if "source" not in table:
        return [reader.source(table, (), path.stem)]
    tables = table.pop("source")
    if table:
        reader.refuse((next(iter(table)),), "stands outside of the [[source]] tables")
    if not isinstance(tables, list) or not all(isinstance(item, dict) for item in tables):
        reader.refuse(("source",), "must be written as [[source]] tables")
    sources: dict[str, Source] = {}
    for number, item in enumerate(tables):
        source = reader.source(item, ("source", number), None)
        if source.id in sources:
            reader.refuse(("source", number, "id"), f"`{source.id}` is in this file already")
        sources[source.id] = source
    return list(sources.values())


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise SourceError(path, f"larger than {LARGEST:,} bytes")
        raw = path.read_bytes()
    except OSError as error:
        raise SourceError(path, (error.strerror or str(error)).lower()) from error
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise SourceError(path, "not UTF-8", raw.count(b"\n", 0, error.start) + 1) from error


@cache
def _keys(kind: type) -> dict[str, tuple[Any, bool]]:
    """Keys of a table: the type of the value and whether it must be there."""
    hints = get_type_hints(kind)
    renamed = {name: key for key, name in _TABLES.items()}
    return {
        renamed.get(f.name, f.name): (hints[f.name], _required(f)) for f in fields(kind) if f.name != "file"
    }


def _required(f: Field[Any]) -> bool:
    return f.default is MISSING and f.default_factory is MISSING


@dataclass
class _Reader:
    """Reads tables of one file."""

    path: Path
    places: dict[KeyPath, int]

    def refuse(self, at: KeyPath, message: str) -> NoReturn:
        names = [part for part in at if isinstance(part, str) and part != "source"]
        raise SourceError(self.path, message, line_of(at, self.places), ".".join(names) or None)

    def source(self, table: dict[str, Any], at: KeyPath, name: str | None) -> Source:
        if name is not None:
            table.setdefault("id", name)
        # Either is empty in an outlet of which too little is known; `_ways` says when that is allowed.
        for key in _TABLES:
            table.setdefault(key, [])
        source = Source(**self.table(table, Source, at), file=self.path)
        _Check(self, source, at).all()
        return source

    def table(self, table: dict[str, Any], kind: type, at: KeyPath) -> dict[str, Any]:
        """Arguments of a dataclass, from a table whose keys are its fields."""
        keys = _keys(kind)
        for key in table:
            if key not in keys:
                near = get_close_matches(key, keys, 1)
                hint = f"; did you mean `{near[0]}`?" if near else f"; known are {', '.join(keys)}"
                self.refuse((*at, key), f"unknown key{hint}")
        for key, (_, required) in keys.items():
            if required and key not in table:
                self.refuse((*at, key), "is missing")
        return {
            _TABLES.get(key, key): self.value(value, keys[key][0], (*at, key)) for key, value in table.items()
        }

    def value(self, value: Any, hint: Any, at: KeyPath) -> Any:
        """A value of the type a field has."""
        origin, arguments = get_origin(hint), get_args(hint)
        if origin in (UnionType, Union):
            return self.value(value, next(a for a in arguments if a is not NoneType), at)
        if origin is Literal:
            if value not in arguments:
                self.refuse(at, f"must be one of {', '.join(arguments)}")
            return value
        if origin is tuple:
            if not isinstance(value, list):
                self.refuse(at, "must be a list")
            return tuple(self.value(item, arguments[0], (*at, n)) for n, item in enumerate(value))
        if origin is Mapping:
            if not isinstance(value, dict):
                self.refuse(at, "must be a table")
            return {key: self.value(item, str, (*at, key)) for key, item in value.items()}
        if hint in (Start, Layout, Politeness):
            if not isinstance(value, dict):
                self.refuse(at, "must be a table")
            return hint(**self.table(value, hint, at))
        return self.plain(value, hint, at)

    def plain(self, value: Any, hint: Any, at: KeyPath) -> Any:
        if hint is float and type(value) is int:
            value = float(value)
        if type(value) is not hint:
            if isinstance(value, datetime):
                self.refuse(at, "must be a date without a time of day")
            self.refuse(at, f"must be {_WORDS[hint]}")
        if hint is float and not math.isfinite(value):
            self.refuse(at, "must be a number")
        if hint is str and (not value.strip() or value != value.strip()):
            self.refuse(at, "is empty" if not value.strip() else "begins or ends with a space")
        return value


_WORDS = {
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a date such as 2024-12-01, without quotes",
}


@dataclass
class _Check:
    """What the values of an outlet must be beyond their types."""

    reader: _Reader
    source: Source
    at: KeyPath

    def refuse(self, *rest: str | int, why: str) -> NoReturn:
        self.reader.refuse((*self.at, *rest), why)

    def all(self) -> None:
        source = self.source
        if not _ID.fullmatch(source.id):
            self.refuse(
                "id", why=f"`{source.id}` must be ASCII letters in lower case, digits and single hyphens"
            )
        if source.region_code is not None and not re.fullmatch("[0-9]{6}", source.region_code):
            self.refuse("region_code", why="must be six digits (GB/T 2260)")
        if source.rhythm_days is not None and source.rhythm_days <= 0:
            self.refuse("rhythm_days", why="must be greater than 0")
        self.address(source.home, "home", own=False)
        self.hosts()
        self.politeness()
        for number, start in enumerate(source.starts):
            self.start(start, "start", number)
        for number, layout in enumerate(source.layouts):
            self.layout(layout, "layout", number)
        for number, url in enumerate(source.known_urls):
            self.address(url, "known_urls", number)
        if source.disabled is None:
            for key, given in (("start", source.starts), ("layout", source.layouts)):
                if not given:
                    self.refuse(key, why="is missing: give at least one, or say why not with `disabled`")

    def hosts(self) -> None:
        for number, host in enumerate(self.source.hosts):
            self.host(host, "hosts", number)
        for host, target in self.source.aliases.items():
            self.host(host, "aliases", host)
            if not self.source.owns(f"http://{target}/") or target in self.source.aliases:
                self.refuse("aliases", host, why=f"{target} is no host of this outlet")

    def host(self, host: str, *at: str | int) -> None:
        port = host.partition(":")[2] or "80"
        if not _HOST.fullmatch(host) or not 0 < int(port) < 65_536:
            self.refuse(*at, why=f"`{host}` is no host: write it as `www.example.cn` or `*.example.cn`")

    def politeness(self) -> None:
        given = self.source.politeness
        if not 0 <= given.delay <= 3600:
            self.refuse("politeness", "delay", why="must be 0 to 3600 seconds")
        for name in ("max_pages_per_run", "max_minutes_per_run", "max_body_bytes"):
            if getattr(given, name) < 1:
                self.refuse("politeness", name, why="must be at least 1")

    def address(self, url: str, *at: str | int, own: bool = True) -> None:
        try:
            parts = urlsplit(url)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            good = False
        if not good or re.search(r"\s", url):
            self.refuse(*at, why=f"`{url}` is no http or https address")
        if own and not self.source.owns(url):
            self.refuse(*at, why=f"{parts.netloc} is no host of this outlet: add it to `hosts`")

    def start(self, start: Start, *at: str | int) -> None:
        bare = start.url.replace("{page}", "")
        self.address(bare, *at, "url")
        self.template(start, bare, *at)
        if start.first_url is not None:
            self.address(start.first_url, *at, "first_url")
        if start.max_pages < 1:
            self.refuse(*at, "max_pages", why="must be at least 1")
        if start.second_page < 0:
            self.refuse(*at, "second_page", why="must not be negative")
        for name in ("links", "leaf_links"):
            self.selector(getattr(start, name), *at, name)
        self.dates(start, *at)

    def template(self, start: Start, bare: str, *at: str | int) -> None:
        if "{" in bare or "}" in bare:
            self.refuse(*at, "url", why="the only name in braces is {page}")
        paged = bare != start.url
        if paged and start.discovery != "listing":
            self.refuse(*at, "url", why="{page} counts the pages of a listing")
        if not paged and start.first_url is not None:
            self.refuse(*at, "first_url", why="is of use only where `url` has {page}")
        if start.discovery == "epaper":
            codes = _DAY_CODE.findall(start.url)
            if wrong := [code for code in codes if code not in "Yymd%" or not code]:
                self.refuse(
                    *at, "url", why=f"%{wrong[0]}: only %Y, %y, %m, %d and %% (a percent sign) are known"
                )
            whole = "d" in codes and "m" in codes and bool({"Y", "y"} & set(codes))
            if set(codes) - {"%"} and not whole:
                self.refuse(
                    *at, "url", why="the address of an issue needs %Y (or %y), %m and %d, or none of them"
                )

    def selector(self, selector: str | None, *at: str | int) -> None:
        if selector is None:
            return
        try:
            HTMLTranslator().css_to_xpath(selector)
        except SelectorError as error:
            self.refuse(*at, why=f"not a CSS selector: {error}")

    def layout(self, layout: Layout, *at: str | int) -> None:
        self.family(layout.cms, *at)
        for name in ("article_url", "leaf_url"):
            pattern = getattr(layout, name)
            if pattern is not None and (why := url_patterns.fault(pattern)):
                self.refuse(*at, name, why=why)
        self.dates(layout, *at)

    def family(self, cms: str, *at: str | int) -> None:
        if not _ID.fullmatch(cms):
            self.refuse(*at, "cms", why="must be ASCII letters in lower case, digits and single hyphens")
        # Readers take long to import; names in the files that come with the program are tested.
        if cms != "generic" and self.reader.path.parent != BUILT_IN:
            from crawler.pages.readers import FAMILIES

            if cms not in FAMILIES:
                self.refuse(*at, "cms", why=f"must be one of generic, {', '.join(FAMILIES)}")

    def dates(self, item: Start | Layout, *at: str | int) -> None:
        if item.valid_from and item.valid_to and item.valid_from > item.valid_to:
            self.refuse(*at, "valid_to", why=f"is before valid_from ({item.valid_from})")
