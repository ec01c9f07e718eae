"""Runs one tool over documents, for peers.py: JSON lines in, JSON lines out.

    PYTHON benchmarks/peer_worker.py TOOL [PIPELINE]

PYTHON is that of the environment in which the tool is installed; peers need nothing of unionkb there. The
first line out says `{"ready": {PACKAGE: [VERSION, LICENCE]}, "start": SECONDS}` or `{"missing": REASON}`.
Then each line in is a document:

    {"path": FILE, "name": NAME, "articles": [{"text": TEXT, "today": DAY}, ...]}

and each line out `{"articles": [...], "seconds": {PART: SECONDS}, "bytes": READ, "failed": CALLS}`,
seconds of processor time, with one entry an article, in order:

    quantities      [[start, end, kind, [value, ...]], ...]; the kind is `number` where the tool does not
                    say what is counted; no value where it marks the place only
    dates           [[start, end, [[first day, last day], ...]], ...]; all that the tool thinks it may mean,
                    both days inclusive, null where open
    organisations   [name, ...]

Peers read the texts of articles; unionkb is given the file and finds the articles itself.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

# A script next door is called extract.py, and Python looks in a script's own folder first.
sys.path[:] = [place for place in sys.path if Path(place).resolve() != Path(__file__).resolve().parent]

Found = dict[str, list[Any]]
Read = Callable[[dict[str, Any]], dict[str, Any]]

WARM_UP = "2021年3月2日，海宁市总工会慰问职工120名，发放慰问金6.5万元，占95%。"


class Missing(Exception):
    """The tool is not installed here; the message says what is not there."""


def day(value: object) -> str | None:
    """The day of a date or of a time, as tools print them; None for anything else (`inf`)."""
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return None


def by_article(parts: dict[str, Callable[[str, datetime, Found], None]]) -> Read:
    """A reader of documents from functions that put what they find in a text into a Found. Each is timed once
    it has read a first text: patterns and models are loaded then."""
    for find in parts.values():
        find(WARM_UP, datetime(2021, 3, 3), {"quantities": [], "dates": [], "organisations": []})

    def read(document: dict[str, Any]) -> dict[str, Any]:
        seconds: Counter[str] = Counter()
        failed = size = 0
        articles = []
        for article in document["articles"]:
            found: Found = {"quantities": [], "dates": [], "organisations": []}
            today = datetime.fromisoformat(article["today"])
            size += len(article["text"].encode())
            for part, find in parts.items():
                start = time.process_time()
                try:
                    find(article["text"], today, found)
                except Exception:  # what a tool fails on, it has not found
                    failed += 1
                seconds[part] += time.process_time() - start
            articles.append(found)
        return {"articles": articles, "seconds": seconds, "bytes": size, "failed": failed}

    return read


def unionkb(_name: str | None) -> tuple[Read, list[str]]:
    """Text to facts, the splitting of pages into articles included."""
    from extract.model import Draft
    from extract.pipeline import read_page
    from unionkb import documents

    read_page([Draft(WARM_UP)])

    def read(document: dict[str, Any]) -> dict[str, Any]:
        drafts = documents.drafts(documents.read(documents.File(Path(document["path"]), document["name"])))
        start = time.process_time()
        readings = read_page(drafts)
        took = time.process_time() - start
        articles = []
        for reading in readings:
            amounts = []
            for fact in reading.facts:
                if fact.quantity.kind == "duration":  # the gold has none
                    continue
                ends = (fact.quantity.value, fact.quantity.value_max)
                values = [float(end) for end in ends if end is not None]
                amounts.append([fact.start, fact.end, fact.quantity.kind, values])
            times = [
                [d.start, d.end, [[x.isoformat() if x else None for x in (d.date_start, d.date_end)]]]
                for d in reading.dates
            ]
            names = [mention.name for mention in reading.organisations]
            articles.append({"quantities": amounts, "dates": times, "organisations": names})
        size = sum(len(draft.text.encode()) for draft in drafts)
        return {"articles": articles, "seconds": {"all": took}, "bytes": size, "failed": 0}

    return read, ["unionkb"]


def jionlp(_name: str | None) -> tuple[Read, list[str]]:
    """JioNLP: sums and times."""
    from jionlp import ner

    def money(text: str, _today: datetime, found: Found) -> None:
        for item in ner.extract_money(text):
            values = item["detail"]["num"]
            values = values if isinstance(values, list) else [values]
            found["quantities"].append([*item["offset"], "money", [float(value) for value in values]])

    def times(text: str, today: datetime, found: Found) -> None:
        for item in ner.extract_time(text, time_base=today.timestamp()):
            span = item["detail"]["time"]
            if isinstance(span, list):  # a duration or a repetition is a mapping
                first, last = day(span[0]), day(span[1])
                readings = [[first, last]] if last else [[first, None], [first, day(today)]]
                found["dates"].append([*item["offset"], readings])

    return by_article({"quantities": money, "dates": times}), ["jionlp"]


def recognizers(_name: str | None) -> tuple[Read, list[str]]:
    """Recognizers-Text: numbers, percentages, sums and times."""
    from recognizers_date_time import DateTimeRecognizer
    from recognizers_number import NumberRecognizer
    from recognizers_number_with_unit import NumberWithUnitRecognizer

    culture = "zh-cn"
    numbers = NumberRecognizer(culture)
    models = {
        "number": numbers.get_number_model(),
        "percent": numbers.get_percentage_model(),
        "money": NumberWithUnitRecognizer(culture).get_currency_model(),
    }
    datetimes = DateTimeRecognizer(culture).get_datetime_model()

    def amounts(text: str, _today: datetime, found: Found) -> None:
        for kind, model in models.items():
            for item in model.parse(text):
                value = (item.resolution or {}).get("value")
                if value is not None:  # `人民币` alone is a sum without a number
                    found["quantities"].append([item.start, item.end + 1, kind, [float(value.rstrip("%"))]])

    def readings(resolution: dict[str, Any] | None) -> list[list[str | None]]:
        pairs: list[list[str | None]] = []
        for reading in (resolution or {}).get("values", []):
            if reading["type"] in ("date", "datetime"):
                pairs.append([day(reading.get("value"))] * 2)
            elif reading["type"] in ("daterange", "datetimerange"):
                first, last = day(reading.get("start")), day(reading.get("end"))
                pairs.append([first, last])
                if last:  # the end of a month or of a year is given as the day after it
                    pairs.append([first, (date.fromisoformat(last) - timedelta(days=1)).isoformat()])
        return pairs

    def times(text: str, today: datetime, found: Found) -> None:
        for item in datetimes.parse(text, today):
            if pairs := readings(item.resolution):
                found["dates"].append([item.start, item.end + 1, pairs])

    return by_article({"quantities": amounts, "dates": times}), ["recognizers-text-suite"]


SPACY_KINDS = {"MONEY": "money", "PERCENT": "percent", "CARDINAL": "number", "QUANTITY": "number"}
"""Labels of the trained pipelines for Chinese (OntoNotes) that stand for quantities."""


def spacy(name: str | None) -> tuple[Read, list[str]]:
    """A trained pipeline of spaCy, installed or in a folder. It marks places, without values."""
    import spacy

    try:
        nlp = spacy.load(name or "")
    except (OSError, ValueError) as error:
        raise Missing(
            f"spaCy {spacy.__version__} is installed, its trained pipeline {name} is not"
        ) from error

    def entities(text: str, _today: datetime, found: Found) -> None:
        for entity in nlp(text).ents:
            place = [entity.start_char, entity.end_char]
            if entity.label_ in SPACY_KINDS:
                found["quantities"].append([*place, SPACY_KINDS[entity.label_], []])
            elif entity.label_ in ("DATE", "TIME"):
                found["dates"].append([*place, []])
            elif entity.label_ == "ORG":
                found["organisations"].append(entity.text)

    return by_article({"all": entities}), ["spacy"]


TOOLS: dict[str, Callable[[str | None], tuple[Read, list[str]]]] = {
    "unionkb": unionkb,
    "jionlp": jionlp,
    "recognizers": recognizers,
    "spacy": spacy,
}


def licence(name: str) -> str:
    """What the distribution says of its licence."""
    about = metadata.metadata(name)
    return about.get("License-Expression") or about.get("License") or "not said"


def main() -> None:
    answers = sys.stdout
    sys.stdout = sys.stderr  # JioNLP prints a greeting

    def answer(line: dict[str, Any]) -> None:
        print(json.dumps(line, ensure_ascii=True), file=answers, flush=True)

    tool, name = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    try:
        before = time.perf_counter()
        read, distributions = TOOLS[tool](name)
    except ImportError as error:
        answer({"missing": f"not installed ({error.name or error})"})
        return
    except Missing as error:
        answer({"missing": str(error)})
        return
    versions = {each: [metadata.version(each), licence(each)] for each in distributions}
    answer({"ready": versions, "start": time.perf_counter() - before})
    for line in sys.stdin:
        answer(read(json.loads(line)))


if __name__ == "__main__":
    main()
