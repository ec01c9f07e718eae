"""Lines of JSON for scripts and editors: an article a line, its facts in `facts`, to be edited in place.

A fact that is deleted is rejected; one without `fact_id` is added: it needs `start` and `end`, or a `quote`
that stands in the text once, and any fields besides. `reason` says why."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from unionkb.review.errors import ReviewError
from unionkb.review.formats import lines
from unionkb.review.slots import FIELDS
from unionkb.review.tasks import KEY, Answer, Broken, Mark, Task

NAME = "tasks.jsonl"


def write(tasks: Iterable[Task]) -> Iterator[tuple[str, bytes]]:
    """The one file."""
    records = (
        {
            "document": task.document,
            "article_id": task.article_id,
            "title": task.title,
            "published": task.published,
            "text": task.text,
            "facts": task.facts,
            KEY: task.origin(),
        }
        for task in tasks
    )
    yield NAME, "".join(lines.dump(record) + "\n" for record in records).encode()


def read(path: Path) -> Iterator[Answer | Broken]:
    """The tasks of a file. Raises ReviewError for one that cannot be read at all."""
    for found in lines.objects(path):
        if isinstance(found, Broken):
            yield found
            continue
        name, record = found
        try:
            text = record["text"]
            marks = [_mark(fact, text) for fact in record["facts"]]
            yield Answer(name, text, record[KEY], marks)
        except KeyError as error:
            yield Broken(name, f"{error.args[0]!r} is missing")
        except (TypeError, AttributeError):
            yield Broken(name, "no task")
        except ReviewError as error:
            yield Broken(name, str(error))


def _mark(fact: Mapping[str, Any], text: str) -> Mark:
    fields = {name: fact[name] for name in FIELDS if name in fact}
    if "start" in fact:
        start, end = lines.whole("start", fact["start"]), lines.whole("end", fact["end"])
        if "quote" in fact and text[start:end] != fact["quote"]:
            raise ReviewError(f"{fact['quote']!r} does not stand at {start}-{end}")
    else:
        quote = fact["quote"]
        if text.count(quote) != 1:
            raise ReviewError(f"{quote!r} stands {text.count(quote)} times in the text; say start and end")
        start = text.index(quote)
        end = start + len(quote)
    return Mark(start, end, fields, fact.get("fact_id"), fact.get("reason"))
