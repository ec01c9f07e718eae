"""The codebook: every column in words, in English or Chinese, made from the table descriptions.

`python -m unionkb.codebook` prints it; `make docs` writes docs/codebook.md and docs/codebook.zh.md.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from unionkb import tables

_PREAMBLE = {
    "en": """\
# Codebook

Every table and column of {what}.
Made from `schema/tables/*.json`; do not edit it by hand.

Dates are ISO 8601 (`2023-05-01`). Empty means unknown or not applicable. Offsets count Unicode code points
and are half-open: `body[char_start:char_end]` is the quote.
""",
    "zh": """\
# 编码手册

{what}的每一张表和每一列。
由 `schema/tables/*.json` 和 `schema/chinese.tsv` 生成，请勿手工修改。

日期按 ISO 8601（`2023-05-01`）。空表示不详或不适用。
位置按 Unicode 字符计，左闭右开：`body[char_start:char_end]` 就是引文。
""",
}

_WORDS = {
    "en": {
        "enum": "One of {}.",
        "pattern": "Pattern `{}`.",
        "between": "From {} to {}.",
        "minimum": "At least {}.",
        "unique": "Unique.",
        "unit": "Unit: {}.",
        "example": "Example: `{}`.",
        "key": "Primary key: {}.",
        "link": "{} refers to {} of {}.",
        "this": "this table",
        "comma": ", ",
        "head": "| column | type | empty | meaning |",
        "no": "no",
        "yes": "yes",
    },
    "zh": {
        "enum": "取值：{}。",
        "pattern": "格式：`{}`。",
        "between": "从 {} 到 {}。",
        "minimum": "不小于 {}。",
        "unique": "不重复。",
        "unit": "",
        "example": "例：`{}`。",
        "key": "主键：{}。",
        "link": "{0} 指向 {2} 的 {1}。",
        "this": "本表",
        "comma": "、",
        "head": "| 列 | 类型 | 可空 | 含义 |",
        "no": "否",
        "yes": "是",
    },
}


def _constraints(field: dict[str, Any], words: dict[str, str]) -> Iterator[str]:
    constraints = field.get("constraints", {})
    if "enum" in constraints:
        yield words["enum"].format(words["comma"].join(f"`{value}`" for value in constraints["enum"]))
    if "pattern" in constraints:
        yield words["pattern"].format(constraints["pattern"])
    low, high = constraints.get("minimum"), constraints.get("maximum")
    if low is not None and high is not None:
        yield words["between"].format(low, high)
    elif low is not None:
        yield words["minimum"].format(low)
    if constraints.get("unique"):
        yield words["unique"]
    if "unit" in field and words["unit"]:
        yield words["unit"].format(field["unit"])
    if "example" in field:
        yield words["example"].format(field["example"])


def _cell(text: str) -> str:
    return " ".join(text.replace("|", r"\|").split())


def _listed(names: str | Sequence[str], comma: str) -> str:
    return comma.join(f"`{name}`" for name in ([names] if isinstance(names, str) else names))


def section(table: tables.Table, language: str = "en") -> str:
    """The Markdown section of one table."""
    words = _WORDS[language]
    comma, gap = words["comma"], " " if language == "en" else ""
    lines = [f"## {table['name']}", "", table["description"], ""]
    if key := table.get("primaryKey"):
        lines.append(words["key"].format(_listed(key, comma)))
    for link in table.get("foreignKeys", ()):
        other = link["reference"]
        place = f"`{other['resource']}`" if other["resource"] else words["this"]
        lines.append(
            words["link"].format(_listed(link["fields"], comma), _listed(other["fields"], comma), place)
        )
    if lines[-1]:
        lines.append("")
    lines += [words["head"], "| --- | --- | --- | --- |"]
    for field in table["fields"]:
        required = field.get("constraints", {}).get("required", False)
        meaning = _cell(gap.join([field["description"], *_constraints(field, words)]))
        empty = words["no"] if required else words["yes"]
        lines.append(f"| `{field['name']}` | {field['type']} | {empty} | {meaning} |")
    return "\n".join(lines) + "\n"


def render(
    names: Sequence[str] | None = None,
    what: str = "the knowledge base and its releases",
    language: str = "en",
) -> str:
    """The codebook in Markdown, of the tables named or of all."""
    listed = tables.names() if names is None else names
    sections = [section(tables.load(name, language), language) for name in listed]
    return "\n".join([_PREAMBLE[language].format(what=what), *sections])


def chinese() -> str:
    """The codebook of a release in Chinese."""
    return render([*tables.RELEASE, *tables.HISTORY], "发布的数据集", "zh")


if __name__ == "__main__":
    print(render(), end="")
