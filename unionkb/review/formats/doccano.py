"""doccano, projects of sequence labelling: JSON lines with `text` and `label`. The labels are kinds; what
else a fact says cannot be shown there, and stays as it is. Offsets count UTF-16 units, as its editor does."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from unionkb.review.errors import ReviewError
from unionkb.review.formats import lines
from unionkb.review.formats.offsets import Units
from unionkb.review.tasks import KEY, Answer, Broken, Mark, Task

NAME = "tasks.jsonl"


def write(tasks: Iterable[Task]) -> Iterator[tuple[str, bytes]]:
    """The one file."""
    out = []
    for task in tasks:
        units = Units(task.text)
        label = [[units.units(fact["start"]), units.units(fact["end"]), fact["kind"]] for fact in task.facts]
        named = {"document": task.document, "article_id": task.article_id, KEY: task.origin()}
        out.append(lines.dump({"text": task.text, "label": label, **named}) + "\n")
    yield NAME, "".join(out).encode()


def read(path: Path) -> Iterator[Answer | Broken]:
    """The tasks of a file exported as JSONL, or of the archive it is downloaded in, with `label`, `labels` or
    (of a project with relations) `entities`. Comments on an article are reasons. Raises ReviewError for one
    that cannot be read at all."""
    for found in lines.objects(path):
        if isinstance(found, Broken):
            yield found
            continue
        name, record = found
        try:
            # The data of older versions travels under `meta`.
            origin = record[KEY] if KEY in record else record.get("meta", {})[KEY]
            comments = " ".join(map(str, record.get("Comments") or ())) or None
            yield Answer(name, record["text"], origin, list(_marks(record)), reason=comments)
        except KeyError as error:
            yield Broken(name, f"{error.args[0]!r} is missing")
        except (TypeError, ValueError, AttributeError):
            yield Broken(name, "no task")
        except ReviewError as error:
            yield Broken(name, str(error))


def _marks(record: dict[str, Any]) -> Iterator[Mark]:
    units = Units(record["text"])
    key = next((key for key in ("entities", "label", "labels") if key in record), "label")
    if key == "entities" and "label" in record:
        # A project with relations takes no `label` for spans, and gives it back as it came.
        raise ReviewError("doccano did not take `label` for the label column; import it as SequenceLabeling")
    for each in record[key]:
        if isinstance(each, dict):
            start, end, kind = each["start_offset"], each["end_offset"], each["label"]
        else:
            start, end, kind = each
        first, last = (units.characters(lines.whole("offset", at)) for at in (start, end))
        if first is None or last is None:
            raise ReviewError(f"{start}-{end}: no place in the text")
        yield Mark(first, last, {"kind": kind})
