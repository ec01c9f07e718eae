"""What explains a release and lets it be checked and cited: data package, README, citation, checksums."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from unionkb import paths, tables
from unionkb.table_files import Written

TITLE = "Facts of Chinese trade-union news"
DESCRIPTION = "Facts read in Chinese trade-union (工会) news, each with the sentence that states it."
_SPREADSHEETS = (
    " Written for spreadsheets: text that begins with =, +, -, @, their full-width forms, a tab or a line end"
    " has an apostrophe before it; offsets count without it."
)
_KEYWORDS = ["trade unions", "工会", "China", "labour research", "news", "information extraction"]
_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
SUMS = "SHA256SUMS"
PACKAGE = "datapackage.json"


@dataclass(frozen=True, slots=True)
class Release:
    """What is said of a release as a whole."""

    moment: str | None
    """When the knowledge base was last written, ISO 8601; None when nobody knows."""
    content: str
    """SHA-256 over the rows of all tables, the same in every format."""
    filter: Mapping[str, Any]
    """What it was cut down to; empty for all."""
    format: str
    excel: bool
    extractors: Sequence[str]
    """Versions of the extractor that read it."""
    previous: str | None = None
    """Version of the release that changes and tombstones look back on."""

    @property
    def day(self) -> str | None:
        return self.moment and self.moment[:10]

    @property
    def version(self) -> str:
        """The day and the content: rebuilt from the same pages, a release has the same content."""
        return ".".join(filter(None, (self.day, self.content[:8])))


def package(release: Release, written: Iterable[Written]) -> dict[str, Any]:
    """datapackage.json"""
    tabular = release.format == "csv"
    resources = [_resource(file, release) for file in written]
    about: dict[str, Any] = {
        "name": "unionkb",
        "title": TITLE,
        "description": DESCRIPTION + (_SPREADSHEETS if release.excel else ""),
        "profile": "tabular-data-package" if tabular else "data-package",
        "version": release.version,
        "created": release.moment,
        "keywords": _KEYWORDS,
        "unionkb": version("unionkb"),
        "extractors": list(release.extractors),
        "content": f"sha256:{release.content}",
        "filter": dict(release.filter),
        "previous": release.previous,
        "resources": resources,
    }
    return {key: value for key, value in about.items() if value is not None}


def _resource(file: Written, release: Release) -> dict[str, Any]:
    table = tables.load(file.name)
    schema = {key: value for key, value in table.items() if key not in ("name", "title", "description")}
    about: dict[str, Any] = {
        "name": file.name,
        "title": table["title"],
        "description": table["description"],
        "path": file.path,
        "format": release.format,
        "mediatype": _MEDIA[release.format],
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": schema,
    }
    if release.format == "csv":
        about["profile"] = "tabular-data-resource"
        about["encoding"] = "utf-8-sig" if release.excel else "utf-8"
    return about


def _yaml(value: str) -> str:
    # A JSON string is a YAML string.
    return json.dumps(value, ensure_ascii=False)


def citation(release: Release) -> str:
    """CITATION.cff (Citation File Format 1.2.0)"""
    software = version("unionkb")
    lines = [
        "cff-version: 1.2.0",
        "message: If you use these data, please cite them with their version.",
        "type: dataset",
        f"title: {_yaml(TITLE)}",
        f"abstract: {_yaml(DESCRIPTION + _filter_words(release))}",
        "authors:",
        "  - name: The unionkb developers",
        f"version: {_yaml(release.version)}",
    ]
    if release.day:
        lines.append(f"date-released: {_yaml(release.day)}")
    lines += ["keywords:", *(f"  - {_yaml(word)}" for word in _KEYWORDS)]
    lines += [
        "references:",
        "  - type: software",
        f"    title: {_yaml('unionkb: facts from Chinese trade-union news')}",
        "    authors:",
        "      - name: The unionkb developers",
        f"    version: {_yaml(software)}",
        "    license: MIT",
        f"    notes: {_yaml('Read and wrote the data; extractor ' + ', '.join(release.extractors))}",
    ]
    return "\n".join(lines) + "\n"


def _filter_words(release: Release) -> str:
    if not release.filter:
        return ""
    return " Cut down to " + ", ".join(f"{key} {value}" for key, value in release.filter.items()) + "."


def _filter_words_zh(release: Release) -> str:
    names = {
        "organisation": "组织", "region": "地区", "programme": "项目", "kind": "数量种类", "year": "年份",
        "status": "状态", "since": "起", "until": "止",
    }  # fmt: skip
    return "、".join(f"{names.get(key, key)} {value}" for key, value in release.filter.items())


def readme(release: Release, written: Sequence[Written]) -> str:
    """README.md, in English and Chinese."""

    def files(language: str) -> str:
        described = [(file, tables.load(file.name, language)) for file in written]
        return "".join(
            f"| `{file.path}` | {file.rows:,} | {_first_sentence(table['description'])} |\n"
            for file, table in described
        )

    words = {"csv": "CSV", "parquet": "Parquet"}[release.format] + (
        ", for spreadsheets" if release.excel else ""
    )
    template = (paths.schema() / "release" / "README.md").read_text(encoding="utf-8")
    return template.format(
        title=TITLE,
        description=DESCRIPTION,
        filter=_filter_words(release),
        filter_zh=f"本版筛选条件：{_filter_words_zh(release)}。" if release.filter else "",
        version=release.version,
        day=f" of {release.day}" if release.day else "",
        day_zh=f"，{release.day}" if release.day else "",
        previous=f"; the release before it is {release.previous}" if release.previous else "",
        previous_zh=f"，上一版为 {release.previous}" if release.previous else "",
        software=version("unionkb"),
        format=words,
        files=files("en"),
        files_zh=files("zh"),
        sums=SUMS,
    )


def _first_sentence(text: str) -> str:
    return re.split(r"[:：。]|\.(?: |$)", text)[0]


def sums(folder: Path) -> str:
    """SHA256SUMS of the files in a folder, as `sha256sum -c` reads it."""
    lines = []
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    return "".join(lines)
