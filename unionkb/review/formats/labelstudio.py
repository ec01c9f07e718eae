"""Label Studio: tasks with predictions, and the labelling interface for them. Each fact is a region
whose label is its kind; what else it says are fields of the region."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, get_args

from extract import programmes
from extract.model import KINDS, Bound, Per, Status
from unionkb.review.errors import ReviewError
from unionkb.review.formats import lines
from unionkb.review.formats.offsets import Units
from unionkb.review.tasks import KEY, Answer, Broken, Mark, Task

NAME = "tasks.json"
INTERFACE = "labelstudio.xml"

_KIND = "kind"
_TEXT = "text"
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "bound": get_args(Bound),
    "status": get_args(Status),
    "per": get_args(Per),
    "programme": programmes.categories(),
}
_AREAS = (
    *("organisation", "programme_name", "value", "value_max", "unit", "counted", "date_start", "date_end"),
)
_ALWAYS = frozenset({"value", "unit", "bound", "status", "programme"})
"""Fields that no fact is without: where one is missing, it was not shown."""


def interface() -> str:
    """The labelling interface of a project: the text with its kinds, and below it, of the region that is
    selected, all the rest."""
    labels = "".join(f'\n    <Label value="{kind}"/>' for kind in KINDS)
    fields = []
    for name, values in _CHOICES.items():
        choices = "".join(f'\n      <Choice value="{escape(value)}"/>' for value in values)
        fields.append(
            f'    <Header value="{name}" size="5"/>\n'
            f'    <Choices name="{name}" toName="{_TEXT}" perRegion="true" showInline="true">{choices}\n'
            "    </Choices>"
        )
    for name in _AREAS:
        fields.append(
            f'    <Header value="{name}" size="5"/>\n'
            f'    <TextArea name="{name}" toName="{_TEXT}" perRegion="true" editable="true" '
            'maxSubmissions="1"/>'
        )
    rows = [
        # Without this style the editor trims space, and what it saves is not what stands in the text.
        "  <Style>.htx-text { white-space: pre-wrap; }</Style>",
        f'  <Labels name="{_KIND}" toName="{_TEXT}">{labels}\n  </Labels>',
        f'  <Text name="{_TEXT}" value="${_TEXT}" granularity="symbol"/>',
        '  <View visibleWhen="region-selected">',
        *fields,
        "  </View>",
    ]
    return "<View>\n" + "\n".join(rows) + "\n</View>\n"


def write(tasks: Iterable[Task]) -> Iterator[tuple[str, bytes]]:
    """The tasks, and the interface."""
    records = [
        {
            "data": {
                _TEXT: task.text,
                "document": task.document,
                "article_id": task.article_id,
                "title": task.title or "",
                "published": task.published or "",
                KEY: task.origin(),
            },
            "predictions": [{"model_version": KEY, "result": list(_regions(task))}],
        }
        for task in tasks
    ]
    yield NAME, (json.dumps(records, ensure_ascii=False, indent=1) + "\n").encode()
    yield INTERFACE, interface().encode()


def _regions(task: Task) -> Iterator[dict[str, Any]]:
    for fact in task.facts:
        place = {"start": fact["start"], "end": fact["end"]}
        common = {"id": fact["fact_id"], "to_name": _TEXT}
        value = {**place, "text": fact["quote"], "labels": [fact["kind"]]}
        yield {**common, "from_name": _KIND, "type": "labels", "value": value}
        for name in _CHOICES:
            if fact[name] is not None:
                value = {**place, "choices": [fact[name]]}
                yield {**common, "from_name": name, "type": "choices", "value": value}
        for name in _AREAS:
            if fact[name] is not None:
                value = {**place, "text": [str(fact[name])]}
                yield {**common, "from_name": name, "type": "textarea", "value": value}


def read(path: Path) -> Iterator[Answer | Broken]:
    """The tasks of an export in the format JSON that have an annotation; of several the latest counts. Raises
    ReviewError for a file that is none."""
    try:
        records = json.loads(lines.text(path))
    except ValueError as error:
        raise ReviewError(f"{path}: no JSON: {error}") from error
    if not isinstance(records, list):
        raise ReviewError(f"{path}: no list of tasks")
    if records and not any(isinstance(record, dict) and "annotations" in record for record in records):
        raise ReviewError(f"{path}: no `annotations` in it; export the project as JSON, not as JSON-MIN")
    shown = _shown(records)
    for number, record in enumerate(records, 1):
        name = f"{path}: task {number}"
        try:
            annotation = _annotation(record)
            if annotation is not None:
                data = record["data"]
                marks = list(_marks(annotation["result"], data[_TEXT], shown))
                yield Answer(name, data[_TEXT], data[KEY], marks, _reviewer(annotation))
        except KeyError as error:
            yield Broken(name, f"{error.args[0]!r} is missing")
        except (TypeError, ValueError, AttributeError, IndexError):
            yield Broken(name, "no task")
        except ReviewError as error:
            yield Broken(name, str(error))


def _annotation(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    made = [each for each in record.get("annotations", ()) if not each.get("was_cancelled")]
    return max(made, key=lambda each: each.get("updated_at") or "") if made else None


def _reviewer(annotation: Mapping[str, Any]) -> str | None:
    who = annotation.get("completed_by")
    return who.get("email") if isinstance(who, dict) else None


def _shown(records: Iterable[Any]) -> frozenset[str]:
    """The fields that the project's interface has: a field that no annotation of the file knows was not there
    to be emptied."""
    found = set()
    for record in records:
        try:
            for item in (_annotation(record) or {}).get("result", ()):
                found.add(item["from_name"])
        except (KeyError, TypeError, AttributeError):
            continue
    return frozenset(found)


def _marks(result: Iterable[Mapping[str, Any]], text: str, shown: frozenset[str]) -> Iterator[Mark]:
    regions: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for item in result:
        if "start" in item.get("value", {}):
            regions[item["id"]].append(item)
    for region_id, items in regions.items():
        fields: dict[str, Any] = {
            name: None for name in (*_CHOICES, *_AREAS) if name in shown and name not in _ALWAYS
        }
        place, notes = None, ""
        for item in items:
            name, value = item["from_name"], item["value"]
            notes = notes or _line((item.get("meta") or {}).get("text"))
            if item["type"] == "labels":
                if len(value["labels"]) != 1:
                    raise ReviewError(f"region {region_id}: one label is wanted, not {len(value['labels'])}")
                fields[_KIND] = value["labels"][0]
                place = _place(value, text)
            elif item["type"] == "choices":
                fields[name] = value["choices"][0]
            elif item["type"] == "textarea":
                fields[name] = _line(value["text"])
            elif item["type"] == "number":
                fields[name] = str(value["number"])
        if place is None:
            raise ReviewError(f"region {region_id}: has no kind")
        yield Mark(*place, fields, region_id, notes or None)


def _line(text: str | Sequence[str] | None) -> str:
    """What was written: lines of a text area or note, or one text."""
    return " ".join(([text] if isinstance(text, str) else text) or ()).strip()


def _place(value: Mapping[str, Any], text: str) -> tuple[int, int]:
    """Characters of a region: its offsets count characters or, in some versions, UTF-16 units; its words
    tell which."""
    start, end = lines.whole("start", value["start"]), lines.whole("end", value["end"])
    words = value.get(_TEXT)
    if words is None or _dense(text[start:end]) == _dense(words):
        return start, end
    units = Units(text)
    first, last = units.characters(start), units.characters(end)
    if first is not None and last is not None and _dense(text[first:last]) == _dense(words):
        return first, last
    raise ReviewError(f"{words!r} does not stand at {start}-{end}")


def _dense(words: str) -> str:
    """Without white space, which the editor shows and saves in its own way."""
    return "".join(words.split())
