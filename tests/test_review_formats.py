"""Tasks and reviews out and back in every format, gold, cases, and the commands as a user meets them."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import tagged
from fakes import read, rows, run
from hypothesis import given
from hypothesis import strategies as st
from small_kb import fill

from unionkb import cli, evaluate, review, store
from unionkb.query import Filter
from unionkb.review import tasks, transfer
from unionkb.review.formats.offsets import Units

BODY = (
    "市总送温暖\n🎉𠮷祥年到来，各级工会深入班组。\n"
    "市总走访慰问困难职工300人，发放慰问金50000元，20户家庭受益，45人到场。\n"
)
TOOLS = ("labelstudio", "doccano", "spacy", "jsonl")

Edit = Callable[[list[dict[str, Any]]], None]


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    page = tmp_path / "news.txt"
    page.write_text(BODY, encoding="utf-8")
    run(tmp_path / "kb.sqlite", page, reader=read)
    return tmp_path / "kb.sqlite"


def send(db: Path, target: Path, format_: str, **wanted: Any) -> list[Path]:
    least = wanted.pop("least_certain", None)
    with store.open(db) as opened:
        written, complaints = transfer.export(opened, target, format_, Filter(**wanted), least)
    assert not complaints
    return [file for file, _, _ in written]


def take(db: Path, path: Path, format_: str, accept: bool = False) -> tasks.Imported:
    with store.open(db, write=True) as opened:
        return transfer.take_in(opened, path, format_, "Lin", accept)


def statuses(db: Path) -> dict[str, str]:
    return dict(rows(db, "SELECT quote, review_status FROM facts"))  # type: ignore[arg-type]


# ---------------------------------------------------------------- a stand-in for each tool


def annotate(path: Path, format_: str) -> None:
    """What a person does in the tool: 300人 becomes a household, 20户 goes, 家庭 comes; where the tool shows
    more than kinds, the money is planned."""
    if format_ == "spacy":
        import spacy
        from spacy.tokens import DocBin, Span

        docs = list(DocBin().from_bytes(path.read_bytes()).get_docs(spacy.blank("zh").vocab))
        for doc in docs:
            spans = [span for span in doc.spans["facts"] if span.text != "20户"]
            (people,) = [number for number, span in enumerate(spans) if span.text == "300人"]
            old = spans[people]
            spans[people] = Span(doc, old.start, old.end, label="HOUSEHOLDS", span_id=old.id_)
            start = doc.text.index("20户")
            spans.append(doc.char_span(start, start + 3, label="COUNT"))
            doc.spans["facts"] = spans
            for fact in doc._.facts:
                if fact["quote"] == "50000元":
                    fact["status"] = "planned"
        DocBin(docs=docs, store_user_data=True).to_disk(path)
    elif format_ == "labelstudio":
        found = json.loads(path.read_text(encoding="utf-8"))
        for task in found:
            result = []
            for item in task["predictions"][0]["result"]:
                words = task["data"]["text"][item["value"]["start"] : item["value"]["end"]]
                if words == "20户":
                    continue
                if words == "300人" and item["from_name"] == "kind":
                    item["value"]["labels"] = ["households"]
                if words == "50000元" and item["from_name"] == "status":
                    item["value"]["choices"] = ["planned"]
                result.append(item)
            place = units(task["data"]["text"], "20户")
            value = {"start": place[0], "end": place[1], "text": "20户", "labels": ["count"]}
            result.append(
                {"id": "x1", "from_name": "kind", "to_name": "text", "type": "labels", "value": value}
            )
            task["annotations"] = [
                {"result": [], "was_cancelled": True, "updated_at": "2024-06-02"},
                {"result": [], "updated_at": "2024-05-01"},
                {"result": result, "updated_at": "2024-06-01", "completed_by": {"email": "wang@example.org"}},
            ]
        path.write_text(json.dumps(found), encoding="utf-8")
    else:
        found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for task in found:
            if format_ == "doccano":
                label = [each for each in task["label"] if each[:2] != units(task["text"], "20户")]
                for each in label:
                    if each[:2] == units(task["text"], "300人"):
                        each[2] = "households"
                label.append([*units(task["text"], "20户"), "count"])
                task["label"] = label
            else:
                facts = [fact for fact in task["facts"] if fact["quote"] != "20户"]
                for fact in facts:
                    if fact["quote"] == "300人":
                        fact["kind"] = "households"
                    if fact["quote"] == "50000元":
                        fact["status"] = "planned"
                task["facts"] = [*facts, {"quote": "20户", "kind": "count"}]
        path.write_text("".join(json.dumps(task) + "\n" for task in found), encoding="utf-8")


def units(text: str, words: str) -> list[int]:
    before = text[: text.index(words)]
    start = len(before.encode("utf-16-le")) // 2
    return [start, start + len(words.encode("utf-16-le")) // 2]


# ---------------------------------------------------------------- out and back


@pytest.mark.parametrize("format_", TOOLS)
def test_what_comes_back_unchanged_says_nothing_or_accepts(kb: Path, tmp_path: Path, format_: str) -> None:
    (path, *more) = send(kb, tmp_path / "tasks", format_)
    assert [file.name for file in more] == (["labelstudio.xml"] if format_ == "labelstudio" else [])
    if format_ == "labelstudio":
        found = json.loads(path.read_text(encoding="utf-8"))
        for task in found:
            task["annotations"] = [{"result": task["predictions"][0]["result"]}]
        path.write_text(json.dumps(found), encoding="utf-8")
    done = take(kb, path, format_)
    assert (done.tasks, done.reviews, done.errors) == (1, {}, [])
    done = take(kb, path, format_, accept=True)
    assert (done.reviews, done.errors) == ({"accept": 4}, [])
    assert set(statuses(kb).values()) == {"accepted"}
    done = take(kb, path, format_, accept=True)
    assert (done.reviews, done.known) == ({}, 4)


@pytest.mark.parametrize("format_", TOOLS)
def test_what_was_changed_becomes_reviews(kb: Path, tmp_path: Path, format_: str) -> None:
    (path, *_) = send(kb, tmp_path / "tasks", format_)
    annotate(path, format_)
    done = take(kb, path, format_)
    assert done.errors == []
    # At one place, what was removed and what was marked anew are one correction.
    assert done.reviews == {"correct": 2 if format_ == "doccano" else 3}
    found = dict(rows(kb, "SELECT quote, kind || ' ' || status || ' ' || review_status FROM facts"))
    planned = "actual unreviewed" if format_ == "doccano" else "planned corrected"
    assert found == {
        "300人": "households actual corrected",
        "50000元": f"money {planned}",
        "20户": "count actual corrected",
        "45人": "people actual unreviewed",
    }
    who = "wang@example.org" if format_ == "labelstudio" else "Lin"
    assert rows(kb, "SELECT DISTINCT reviewer FROM reviews") == [(who,)]
    assert take(kb, path, format_).reviews == {}


@pytest.mark.parametrize("format_", ["doccano", "jsonl"])
def test_gone_and_new(kb: Path, tmp_path: Path, format_: str) -> None:
    (path,) = send(kb, tmp_path / "tasks.jsonl", format_)
    (task,) = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    key = "label" if format_ == "doccano" else "facts"
    task[key] = [
        each for each in task[key] if "people" not in (each[2:] if key == "label" else [each["kind"]])
    ]
    path.write_text(json.dumps(task), encoding="utf-8")
    assert take(kb, path, format_).reviews == {"reject": 2}
    assert statuses(kb)["300人"] == "rejected"
    # Rejected facts are not sent again; marked anew they are facts again.
    (path,) = send(kb, tmp_path / "tasks.jsonl", format_)
    (task,) = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(task[key]) == 2


@pytest.mark.parametrize("format_", ["doccano", "jsonl"])
def test_a_broken_task_is_named_and_the_rest_goes_on(kb: Path, tmp_path: Path, format_: str) -> None:
    (path,) = send(kb, tmp_path / "tasks.jsonl", format_)
    (line,) = path.read_text(encoding="utf-8").splitlines()
    task = json.loads(line)
    key = "label" if format_ == "doccano" else "facts"
    broken = [
        "{",
        "[]",
        json.dumps(task | {"text": task["text"] + "。"}),
        json.dumps({name: task[name] for name in task if name != "unionkb"}),
        json.dumps({name: task[name] for name in task if name != key}),
        json.dumps(task | {"unionkb": "{}"}),
        json.dumps(task | {"unionkb": task["unionkb"].replace(task["article_id"], "0" * 16)}),
        json.dumps(task | {key: [[0, 2, "people"]] if key == "label" else [{"quote": "市总"}]}),
        json.dumps(task | {key: [["a", 2, "people"]] if key == "label" else [{"start": "a", "end": 2}]}),
        json.dumps(task | {key: 5}),
    ]
    path.write_text("\n".join([*broken, line, ""]), encoding="utf-8")
    done = take(kb, path, format_, accept=True)
    assert done.tasks == len(broken) + 1
    assert [error.split(": ")[0] for error in done.errors] == [
        f"{path}:{number}" for number in range(1, len(broken) + 1)
    ]
    assert all("\n" not in error for error in done.errors)
    assert done.reviews == {"accept": 4}


def test_broken_tasks_of_label_studio(kb: Path, tmp_path: Path) -> None:
    (path, _) = send(kb, tmp_path / "tasks", "labelstudio")
    (task,) = json.loads(path.read_text(encoding="utf-8"))
    result = task["predictions"][0]["result"]

    def region(**value: Any) -> dict[str, Any]:
        place = {"start": 0, "end": 2, "text": "市总", "labels": ["people"]} | value
        return {"id": "x", "from_name": "kind", "to_name": "text", "type": "labels", "value": place}

    wrong: list[Any] = [
        [region(text="不在")],
        [region(labels=[])],
        [
            region()
            | {"type": "choices", "from_name": "per", "value": {"start": 0, "end": 2, "choices": ["year"]}}
        ],
        [{"id": "x", "value": {"start": 0, "end": 2}}],
        5,
    ]
    records: list[Any] = [task | {"annotations": [{"result": each}]} for each in wrong]
    records += [5, task, task | {"annotations": [{"result": result}]}]
    path.write_text(json.dumps(records), encoding="utf-8")
    done = take(kb, path, "labelstudio", accept=True)
    assert [error.split(": ")[1] for error in done.errors] == [f"task {number}" for number in range(1, 7)]
    assert done.reviews == {"accept": 4}
    for content in ("{", "{}"):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(review.ReviewError):
            take(kb, path, "labelstudio")


def _exported_by_label_studio(task: dict[str, Any], number: int) -> dict[str, Any]:
    """As Label Studio exports a task that was imported with a prediction, opened, changed and submitted: each
    result of a region repeats its place and words, except that a text area has its own `text`."""
    text = task["data"]["text"]

    def item(region: str, name: str, kind: str, origin: str, **value: Any) -> dict[str, Any]:
        return {
            "value": value, "id": region, "from_name": name, "to_name": "text", "type": kind, "origin": origin
        }  # fmt: skip

    result = []
    for each in task["predictions"][0]["result"]:
        words = text[each["value"]["start"] : each["value"]["end"]]
        if words == "45人":
            continue
        origin = "prediction-changed" if words == "300人" else "prediction"
        value = {"text": words} | each["value"]
        if words == "300人" and each["from_name"] == "value":
            value["text"] = ["320"]
        if words == "300人" and each["from_name"] == "bound":
            value["choices"] = ["about"]
        result.append(item(each["id"], each["from_name"], each["type"], origin, **value))
        if words == "300人":
            result[-1]["meta"] = {"text": ["超320人，见二版"]}
    start = text.index("家庭")
    place = {"start": start, "end": start + 2, "text": "家庭"}
    result += [
        item("aBcDeFgHiJ", "kind", "labels", "manual", **place, labels=["people"]),
        item("aBcDeFgHiJ", "value", "textarea", "manual", **(place | {"text": ["60"]})),
        {"from_id": "aBcDeFgHiJ", "to_id": result[0]["id"], "type": "relation", "direction": "right"},
    ]
    moment = "2024-06-01T08:00:00.927570Z"
    return {
        "id": number,
        "annotations": [
            {
                "id": 5678, "completed_by": 1, "result": result, "was_cancelled": False,
                "ground_truth": False, "created_at": moment, "updated_at": moment,
                "draft_created_at": None, "lead_time": 34.271,
                "prediction": {}, "result_count": len(result), "unique_id": "0b0c…", "import_id": None,
                "last_action": None, "bulk_created": False, "task": number, "project": 49, "updated_by": 1,
                "parent_prediction": 12, "parent_annotation": None, "last_created_by": None,
            }
        ],
        "file_upload": "5f4dcc3b-tasks.json", "drafts": [], "predictions": [12], "data": task["data"],
        "meta": {}, "created_at": moment, "updated_at": moment, "inner_id": number, "total_annotations": 1,
        "cancelled_annotations": 0, "total_predictions": 1, "comment_count": 0,
        "unresolved_comment_count": 0, "last_comment_updated_at": None, "project": 49, "updated_by": 1,
        "comment_authors": [],
    }  # fmt: skip


def test_an_export_of_label_studio(kb: Path, tmp_path: Path) -> None:
    (path, interface) = send(kb, tmp_path / "tasks", "labelstudio")
    ElementTree.fromstring(interface.read_text(encoding="utf-8"))
    exported = [
        _exported_by_label_studio(task, number)
        for number, task in enumerate(json.loads(path.read_text(encoding="utf-8")), 1)
    ]
    path.write_text(json.dumps(exported), encoding="utf-8")
    done = take(kb, path, "labelstudio")
    assert (done.errors, done.reviews) == ([], {"correct": 1, "reject": 1, "add": 1})
    assert rows(
        kb, "SELECT quote, value, bound, kind, unit, review_status FROM facts ORDER BY char_start"
    ) == [
        ("300人", 320.0, "about", "people", "人", "corrected"),
        ("50000元", 50000.0, "exact", "money", "元", "unreviewed"),
        ("20户", 20.0, "exact", "households", "户", "unreviewed"),
        ("家庭", 60.0, "exact", "people", "人", "accepted"),
        ("45人", 45.0, "exact", "people", "人", "rejected"),
    ]
    assert rows(kb, "SELECT reason, reviewer FROM reviews WHERE action = 'correct'") == [
        ("超320人，见二版", "Lin")
    ]
    assert take(kb, path, "labelstudio").reviews == {}


EXPORTS = Path(__file__).parent / "exports"


def test_a_file_of_label_studio(kb: Path) -> None:
    """Of the knowledge base above: sent to Label Studio 1.23.2, where in a browser 300人 was made `about` and
    45人 deleted."""
    done = take(kb, EXPORTS / "labelstudio-1.23.2.json", "labelstudio", accept=True)
    assert (done.errors, done.reviews) == ([], {"correct": 1, "reject": 1, "accept": 2})
    assert rows(kb, "SELECT bound, review_status FROM facts WHERE quote = '300人'") == [
        ("about", "corrected")
    ]
    assert statuses(kb)["45人"] == "rejected"


def test_an_archive_of_doccano(kb: Path) -> None:
    """Of the knowledge base above: sent to doccano 1.8.4, where the kind of 300人 was changed, 45人 deleted,
    and a comment made; all behind an emoji."""
    done = take(kb, EXPORTS / "doccano-1.8.4.zip", "doccano", accept=True)
    assert (done.errors, done.reviews) == ([], {"correct": 1, "reject": 1, "accept": 2})
    assert rows(kb, "SELECT kind, unit FROM facts WHERE quote = '300人'") == [("households", "户")]
    assert rows(kb, "SELECT DISTINCT reason FROM reviews WHERE action <> 'accept'") == [("户不是人",)]


def test_an_archive_of_doccano_that_never_took_the_labels(kb: Path) -> None:
    """Imported as a task of relation extraction, which has no column `label`."""
    done = take(kb, EXPORTS / "doccano-1.8.4-relations.zip", "doccano", accept=True)
    assert done.reviews == {}
    assert "import it as SequenceLabeling" in done.errors[0]


def test_white_space_is_as_label_studio_shows_it(kb: Path, tmp_path: Path) -> None:
    (path, _) = send(kb, tmp_path / "tasks", "labelstudio")
    (task,) = json.loads(path.read_text(encoding="utf-8"))
    result = task["predictions"][0]["result"]
    result[0]["value"]["text"] = "300 人"
    path.write_text(json.dumps([task | {"annotations": [{"result": result}]}]), encoding="utf-8")
    assert take(kb, path, "labelstudio", accept=True).errors == []


def test_label_studios_short_json_says_what_to_export(kb: Path, tmp_path: Path) -> None:
    (path, _) = send(kb, tmp_path / "tasks", "labelstudio")
    (task,) = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([task["data"] | {"kind": [{"start": 0, "end": 2}]}]), encoding="utf-8")
    with pytest.raises(review.ReviewError, match="not as JSON-MIN"):
        take(kb, path, "labelstudio")


@pytest.mark.parametrize("relations", [False, True])
@pytest.mark.parametrize("archive", [False, True])
def test_an_export_of_doccano(kb: Path, tmp_path: Path, relations: bool, archive: bool) -> None:
    """As doccano exports: its own id first, then the text, all that was imported beside it, and last the
    spans, in order, and the comments; written by pandas, downloaded as an archive."""
    (path,) = send(kb, tmp_path / "tasks.jsonl", "doccano")
    (task,) = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    spans = sorted(
        [start, end, "households" if [start, end] == units(task["text"], "300人") else kind]
        for start, end, kind in task.pop("label")
        if [start, end] != units(task["text"], "45人")
    )
    labels: dict[str, Any] = {"label": spans}
    if relations:
        entities = [
            {"id": number, "label": kind, "start_offset": start, "end_offset": end}
            for number, (start, end, kind) in enumerate(spans)
        ]
        labels = {"entities": entities, "relations": []}
    exported = {"id": 17, "text": task.pop("text"), **task, **labels, "Comments": ["户不是人"]}
    # pandas escapes slashes.
    line = json.dumps(exported, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/") + "\n"
    path.write_text(line, encoding="utf-8")
    if archive:
        path = tmp_path / "download.zip"
        with zipfile.ZipFile(path, "w") as zipped:
            zipped.writestr("all.jsonl", line)
    done = take(kb, path, "doccano")
    assert (done.errors, done.reviews) == ([], {"correct": 1, "reject": 1})
    assert rows(kb, "SELECT DISTINCT reason FROM reviews") == [("户不是人",)]
    assert statuses(kb) == {
        "300人": "corrected", "50000元": "unreviewed", "20户": "unreviewed", "45人": "rejected"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("names", "message"), [(["lin.jsonl", "wang.jsonl"], "lin.jsonl, wang.jsonl"), (["a.csv"], "no .jsonl")]
)
def test_an_archive_of_several_members_is_not_guessed_at(
    kb: Path, tmp_path: Path, names: list[str], message: str
) -> None:
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        for name in names:
            zipped.writestr(name, "{}")
    with pytest.raises(review.ReviewError, match=message):
        take(kb, path, "doccano")
    path.write_text("no archive")
    with pytest.raises(review.ReviewError, match="zip"):
        take(kb, path, "doccano")


@pytest.mark.parametrize("format_", TOOLS)
def test_a_file_that_cannot_be_read_is_one_error(kb: Path, tmp_path: Path, format_: str) -> None:
    path = tmp_path / "x"
    with pytest.raises(review.ReviewError, match="No such file"):
        take(kb, path, format_)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(review.ReviewError, match=r"not UTF-8|no DocBin"):
        take(kb, path, format_)


def test_an_article_that_is_gone_is_an_error(kb: Path, tmp_path: Path) -> None:
    (path,) = send(kb, tmp_path / "tasks.jsonl", "jsonl")
    other = fill(tmp_path / "other.sqlite")
    (error,) = take(other, path, "jsonl", accept=True).errors
    assert "no such article any more" in error


def test_a_sample_is_the_least_certain_that_nobody_has_reviewed(tmp_path: Path) -> None:
    db = fill(tmp_path / "kb.sqlite")
    with store.open(db, write=True) as opened:
        opened.db.conn.execute("UPDATE fact SET confidence = 0.1 WHERE quote = '2千人次'")
        opened.db.conn.commit()

    def sent(**wanted: Any) -> list[list[str]]:
        with store.open(db) as kb:
            least = wanted.pop("least_certain", None)
            return [
                [fact["quote"] for fact in task.facts] for task in tasks.export(kb, Filter(**wanted), least)
            ]

    assert sent() == [["120余名", "6.5万元"], ["5-10场", "2千人次"]]
    assert sent(least_certain=1) == [["5-10场", "2千人次"]]
    assert sent(kind="money") == [["120余名", "6.5万元"]]
    assert sent(kind="percent") == []


@given(st.text(max_size=30))
def test_units(text: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return
    counted = Units(text)
    for at in range(len(text) + 1):
        assert counted.units(at) == len(text[:at].encode("utf-16-le")) // 2
        assert counted.characters(counted.units(at)) == at


# ---------------------------------------------------------------- reviews themselves


def reviewed(db: Path) -> None:
    with store.open(db, write=True) as kb:
        known = {row["quote"]: row for row in kb.rows("SELECT * FROM facts")}
        place = {"article_id": known["45人"]["article_id"], "start": 8, "end": 10}
        for said in (
            {"fact_id": known["300人"]["fact_id"], "action": "correct"}
            | {
                "fields": {
                    "value": 320,
                    "bound": "over",
                    "date_start": "2024-01-01",
                    "date_end": "2024-01-31",
                }
            },
            {"fact_id": known["50000元"]["fact_id"], "action": "accept", "reason": "as printed"},
            {"fact_id": known["45人"]["fact_id"], "action": "reject"},
            {
                "fact_id": known["20户"]["fact_id"],
                "action": "correct",
                "fields": {"value_max": 25, "per": "each"},
            },
            place
            | {"action": "add", "fields": {"kind": "count", "value": 3, "organisation": "海宁市总工会"}},
        ):
            review.add(kb, reviewer="Lin", **said)  # type: ignore[arg-type]


def test_reviews_are_carried_to_a_new_database(kb: Path, tmp_path: Path) -> None:
    reviewed(kb)
    (path,) = send(kb, tmp_path / "reviews.jsonl", "reviews")
    other = tmp_path / "other.sqlite"
    run(other, tmp_path / "news.txt", reader=read)
    done = take(other, path, "reviews")
    assert (done.tasks, done.reviews) == (5, {"correct": 2, "accept": 1, "reject": 1, "add": 1})
    for sql in ("SELECT * FROM facts ORDER BY fact_id", "SELECT * FROM reviews ORDER BY review_id"):
        assert rows(other, sql) == rows(kb, sql)
    assert take(other, path, "reviews").known == 5
    assert send(other, tmp_path / "again.jsonl", "reviews")[0].read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"action": "praise"}, "action"),
        ({"made_at": "yesterday"}, "made_at"),
        ({"kind": "men"}, "kind"),
        ({"value": "many"}, "value"),
        ({"quote": ""}, "must not be empty"),
        ({"reviewer": None}, "reviewer"),
        ({"char_start": -1}, "char_start"),
        ({"fields": []}, "fields"),
        ({"reading": {}}, "reading"),
        ({"reason": 5}, "reason"),
    ],
)
def test_a_broken_review_is_named(kb: Path, tmp_path: Path, change: dict[str, Any], message: str) -> None:
    reviewed(kb)
    (path,) = send(kb, tmp_path / "reviews.jsonl", "reviews")
    lines = path.read_text(encoding="utf-8").splitlines()
    reading = json.loads(lines[0])["reading"]
    lines[0] = json.dumps(json.loads(lines[0]) | change)
    lines[1] = json.dumps(json.loads(lines[1]) | {"reading": reading | {"kind": "men"}})
    path.write_text("\n".join(lines), encoding="utf-8")
    done = take(kb, path, "reviews")
    first, second = done.errors
    assert first.startswith(f"{path}:1: ")
    assert message in first
    assert second.startswith(f"{path}:2: kind")
    assert done.known == 3


# ---------------------------------------------------------------- gold and cases


def test_reviewed_documents_are_gold(kb: Path, tmp_path: Path) -> None:
    assert send(kb, tmp_path / "gold", "gold")[0].read_text() == ""
    reviewed(kb)
    (path,) = send(kb, tmp_path / "gold", "gold")
    gold = evaluate.load_gold(path)
    assert [fact.surface for fact in gold.facts] == [BODY[8:10], "300人", "50000元", "20户"]
    with store.open(kb) as opened:
        corrected = [row for row in opened.rows("SELECT * FROM facts") if row["review_status"] != "rejected"]
        result = evaluate.evaluate(gold, evaluate.claims_from_rows(corrected, "kb"))
        assert result.scores["all"].strict.f1 == 1
        own = evaluate.evaluate(gold, evaluate.claims_from_rows(opened.rows(evaluate.AS_READ), "kb"))
    assert [claim.value for claim in own.claims] == [300, 50000, 20, 45]
    assert own.scores["all"].matched == 1


def test_reviewed_documents_are_cases(kb: Path, tmp_path: Path) -> None:
    reviewed(kb)
    (path,) = send(kb, tmp_path / "cases" / "reviewed.txt", "case")
    (case,) = tagged.read(path)
    with store.open(kb) as opened:
        facts = list(opened.rows("SELECT * FROM facts ORDER BY char_start"))
    claims = evaluate.claims_from_rows(
        [{**row, "document": case.facts[0].document} for row in facts if row["review_status"] != "rejected"],
        "",
    )
    gold = evaluate.Gold((case.facts[0].document,), case.facts)
    assert evaluate.evaluate(gold, claims).scores["all"].strict.f1 == 1
    assert case.draft.text.strip() == BODY.strip()
    assert case.draft.known.title == "市总送温暖"


# ---------------------------------------------------------------- commands


def unionkb(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        cli.main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), printed.out, printed.err


def test_commands(kb: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def say(*arguments: str | Path) -> tuple[int, str, str]:
        return unionkb(capsys, "review", *arguments, "--db", kb)

    def identifier(quote: str) -> str:
        return str(rows(kb, f"SELECT fact_id FROM facts WHERE quote = '{quote}'")[0][0])

    assert say("list") == (0, "no reviews\n", "")
    lin = ("--reviewer", "Lin")
    code, out, err = say("accept", identifier("300人"), *lin)
    assert (code, err) == (0, "")
    assert out.startswith(f"{identifier('300人')}: accept, in force (review ")
    assert say("reject", identifier("45人"), *lin, "--reason", "guests")[0] == 0
    assert say("correct", identifier("20户"), "--set", "value=25", "--set", "per=", *lin)[0] == 0
    ((article_id,),) = rows(kb, "SELECT article_id FROM articles")
    missed = ("--set", "kind=count", "--set", "value=3", *lin)
    assert say("add", str(article_id), "班组", *missed)[0] == 0
    assert say("withdraw", identifier("45人"), *lin)[0] == 0
    heading, *lines = say("list")[1].splitlines()
    assert heading.split()[:5] == ["made_at", "reviewer", "action", "state", "fact_id"]
    assert [line.split()[2] for line in lines] == ["accept", "reject", "correct", "add", "withdraw"]
    assert len(say("list", "--status", "withdrawn")[1].splitlines()) == 3
    (line,) = say("list", "--json", "--fact", identifier("20户"))[1].splitlines()
    assert json.loads(line)["fields"] == {"value": 25.0}

    for arguments, message in (
        (("accept", "0" * 16, *lin), "0000000000000000: no such fact"),
        (("add", "0" * 16, "班组", *lin), "0000000000000000: no such article"),
        (("add", str(article_id), "没有", *lin), "没有: does not stand in the article"),
        (("add", str(article_id), "市总", *lin), "市总: stands 2 times in the article; say which with --at"),
        (("add", str(article_id), "市总", "--at", "3", *lin), "市总: does not stand at 3"),
    ):
        assert say(*arguments) == (1, "", f"unionkb: {message}\n")
    assert say("accept", identifier("300人"))[0] == 2
    assert say("correct", identifier("300人"), "--set", "value", *lin)[0] == 2
    assert say("export", tmp_path / "g", "--format", "gold", "--kind", "money")[0] == 2
    none = tmp_path / "none.sqlite"
    code, _, err = unionkb(capsys, "review", "accept", "0" * 16, *lin, "--db", none)
    assert (code, none.exists(), len(err.splitlines())) == (1, False, 1)

    code, out, err = say("export", tmp_path / "g.jsonl", "--format", "gold")
    assert (code, out) == (1, f"{tmp_path / 'g.jsonl'}: 0 articles\n")
    assert err == (
        "unionkb: no document in which every fact has a review, and "
        "1 document is no gold yet: news.txt (3 of 5 facts reviewed)\n"
    )
    for nothing in (tmp_path / "g.jsonl", kb):
        code, out, err = unionkb(capsys, "evaluate", nothing, "--db", kb)
        assert (code, out, "no gold" in err) == (1, "", True)

    tasks_ = tmp_path / "tasks.jsonl"
    assert say("export", tasks_, "--format", "jsonl") == (0, f"{tasks_}: 1 task\n", "")
    assert say("import", tasks_, "--format", "jsonl")[0] == 2
    said = f"{tasks_}: tasks read: 1, reviews made: accept 2; said before: 3, failed: 0\n"
    assert say("import", tasks_, "--format", "jsonl", *lin, "--accept") == (0, said, "")
    tasks_.write_text("x", encoding="utf-8")
    code, out, err = say("import", tasks_, "--format", "jsonl", *lin)
    assert (code, len(err.splitlines())) == (1, 1)
    assert say("export", tmp_path / "ls", "--format", "labelstudio")[1].splitlines() == [
        f"{tmp_path / 'ls' / 'tasks.json'}: 1 task",
        f"{tmp_path / 'ls' / 'labelstudio.xml'}: 1 interface",
    ]
    code, out, _ = unionkb(capsys, "evaluate", kb, "--db", kb, "--json")
    assert json.loads(out)["all"]["strict"]["f1"] == 1
    code, out, _ = unionkb(capsys, "evaluate", kb, "--db", kb, "--json", "--as-read")
    assert json.loads(out)["all"]["matched"] == 3
