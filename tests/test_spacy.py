"""spaCy: the component, aligned offsets, entities of a trained pipeline, and training data."""

import doctest
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from small_kb import fill
from spacy.tokens import Doc, DocBin
from spacy.training import Corpus

from unionkb import export, export_spacy, spacy_docs, store
from unionkb.commands.export import command
from unionkb.errors import UserError

PAGE = """海宁市总工会慰问一线职工
2023-12-20 来源：海宁工会
12月19日，海宁市总工会主席王立新带队走访慰问困难职工120余名，
发放慰问金6.5
万元，计划明年再慰问300户。远帆物流公司捐赠棉衣2千件。
"""
FACTS = [("120余名", "PEOPLE"), ("6.5\n万元", "MONEY"), ("300户", "HOUSEHOLDS"), ("2千件", "COUNT")]


def reader(**config) -> spacy.Language:
    nlp = spacy.blank("zh")
    nlp.add_pipe("unionkb", config=config)
    return nlp


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    return reader()


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    """A pipeline on disk that knows a person, a firm and a place, as a trained one does."""
    made = spacy.blank("zh")
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "王立新"},
            {"label": "ORG", "pattern": "远帆物流公司捐赠"},
            {"label": "ORG", "pattern": "市总工会主席"},
            {"label": "GPE", "pattern": "海宁"},
        ]
    )
    folder = tmp_path_factory.mktemp("trained") / "zh_names"
    made.to_disk(folder)
    return folder


def entities(doc: Doc) -> list[tuple[str, str]]:
    return [(entity.text, entity.label_) for entity in doc.ents]


def test_the_component_needs_no_import():
    code = (
        "import spacy\nnlp = spacy.blank('zh')\nnlp.add_pipe('unionkb')\n"
        "doc = nlp('海宁市总工会慰问职工120名。')\n"
        "print(len(doc._.facts), doc.spans['facts'][0].text, [e.label_ for e in doc.ents])"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "1 120名 ['ORG', 'PEOPLE']\n"


def test_the_documentation_is_right():
    done = doctest.testfile(str(Path(__file__).parents[1] / "docs" / "spacy.md"), module_relative=False)
    assert done.attempted > 10
    assert not done.failed


def test_facts_and_entities(nlp):
    doc = nlp(PAGE)
    assert doc.text == PAGE
    assert [(span.text, span.label_) for span in doc.spans["facts"]] == FACTS
    assert [fact["value"] for fact in doc._.facts] == [120, 65000, 300, 2000]
    assert [fact["status"] for fact in doc._.facts] == ["actual", "actual", "planned", "actual"]
    assert doc._.facts[0]["organisation"] == "海宁市总工会"
    assert doc._.facts[0]["date_start"] == "2023-12-19"
    found = entities(doc)
    assert set(FACTS) <= set(found)
    assert {("海宁市总工会", "ORG"), ("12月19日", "DATE")} <= set(found)
    assert {label for _, label in found} <= {"ORG", "DATE", "PROGRAMME", *(label for _, label in FACTS)}


def test_offsets_count_in_the_text_of_the_doc(nlp):
    doc = nlp(PAGE)
    for fact, span in zip(doc._.facts, doc.spans["facts"], strict=True):
        assert (fact["char_start"], fact["char_end"]) == (span.start_char, span.end_char)
        assert "".join(span.text.split()) == "".join(fact["quote"].split())


def test_words_are_covered_where_a_mention_ends_within(nlp):
    """With tokens of words a span is as wide as the words it touches; the fact keeps its own offsets."""
    words = ["海宁市", "总工会", "慰问", "职工120", "名以内", "。"]
    doc = Doc(nlp.vocab, words=words, spaces=[False] * len(words))
    nlp.get_pipe("unionkb")(doc)
    (fact,) = doc._.facts
    assert doc.text[fact["char_start"] : fact["char_end"]] == fact["quote"] == "120名以内"
    assert doc.spans["facts"][0].text == "职工120名以内"


def test_the_date_of_publication_may_be_given(nlp):
    for given_date in (date(2021, 3, 5), "2021-03-05"):
        doc = nlp.make_doc("3月2日，海宁市总工会慰问职工120名。")
        doc._.published = given_date
        assert nlp(doc)._.facts[0]["date_start"] == "2021-03-02"


def test_a_text_without_facts(nlp):
    for text in ("", " ", "\n", "今天天气好。"):
        doc = nlp(text)
        assert (doc.text, doc._.facts, list(doc.spans["facts"])) == (text, (), [])
    assert spacy.blank("zh")("没有读过")._.facts == ()


def test_entities_of_components_before_stay():
    nlp = reader()
    ruler = nlp.add_pipe("entity_ruler", first=True)
    ruler.add_patterns([{"label": "PERSON", "pattern": "王立新"}, {"label": "CARDINAL", "pattern": "120"}])
    found = entities(nlp(PAGE))
    assert ("王立新", "PERSON") in found
    assert ("120", "CARDINAL") not in found


def test_a_trained_pipeline_adds_organisations_and_persons(nlp, trained):
    doc = reader(pipeline=str(trained))(PAGE)
    more = set(entities(doc)) - set(entities(nlp(PAGE)))
    assert ("王立新", "PERSON") in more
    assert {label for _, label in more} <= {"PERSON", "ORG"}
    # What overlaps a mention of ours is left out, and facts are none the worse.
    assert "市总工会主席" not in {text for text, _ in entities(doc)}
    assert doc._.facts == nlp(PAGE)._.facts


def test_a_trained_pipeline_gets_long_texts_piece_by_piece(trained):
    text = "职工之家。\n" * 3000 + "王立新" + "字" * 9000 + "王立新"
    marks = spacy_docs.added(spacy.load(trained), text)
    assert [text[mark.start : mark.end] for mark in marks] == ["王立新", "王立新"]
    assert max(map(len, spacy_docs._pieces(text))) <= 5000
    assert "".join(spacy_docs._pieces(text)) == text


@pytest.mark.parametrize(
    "config", [{"pipeline": "zh_none"}, {"segmenter": "nltk"}, {"segmenter": "pkuseg:/"}]
)
def test_what_is_not_there_is_said_when_the_component_is_made(config):
    with pytest.raises(UserError):
        reader(**config)


def test_a_pipeline_with_it_is_saved_and_loaded(tmp_path):
    reader(single=True, segmenter="jieba").to_disk(tmp_path)
    doc = spacy.load(tmp_path)(PAGE)
    assert spacy.load(tmp_path).get_pipe("unionkb").single
    assert [span.label_ for span in doc.spans["facts"]] == [label for _, label in FACTS]


def test_docs_go_through_bytes(nlp):
    doc = nlp(PAGE)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.facts == doc._.facts or list(again._.facts) == list(doc._.facts)
    assert [(s.text, s.label_) for s in again.spans["facts"]] == FACTS
    assert doc.to_json(underscore=["facts"])["_"]["facts"]


def test_spacy_takes_no_lone_surrogates(nlp):
    """The text never comes as far as the component; replaced one for one, offsets stay."""
    text = "海宁市总工会\ud800慰问职工120名。"
    with pytest.raises(UnicodeEncodeError):
        nlp(text)
    doc = nlp(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    assert len(doc.text) == len(text)
    assert doc._.facts[0]["char_start"] == text.index("120")


VALID = st.characters(exclude_categories=["Cs"])
PIECES = [
    "海宁市总工会",
    "慰问",
    "职工",
    "120余名",
    "6.5万元",
    "12月19日",
    "\n",
    "\r\n",
    " ",
    "\u3000",
    "，",
    "。",
    "百分之",
]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(PIECES) | st.text(VALID, max_size=4), max_size=30).map("".join))
def test_any_text_is_kept_and_offsets_hold(nlp, text):
    doc = nlp(text)
    assert doc.text == text
    spans = list(doc.spans["facts"])
    assert len(spans) == len(doc._.facts)
    for fact, span in zip(doc._.facts, spans, strict=True):
        stands = text[fact["char_start"] : fact["char_end"]]
        assert "".join(stands.split()) == "".join(fact["quote"].split())
        # spaCy keeps runs of space in one token.
        assert span.text.split() == stands.split()
    assert all(a.end <= b.start for a, b in pairwise(doc.ents))


@settings(deadline=None, max_examples=100)
@given(st.text(VALID | st.sampled_from(" \n总工会1"), max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_words_are_cut_at_marks(text, edges):
    marks = [spacy_docs.Mark(min(pair), max(pair), "X") for pair in pairwise(edges) if max(pair) <= len(text)]
    words, spaces = spacy_docs.words(text, marks)
    doc = Doc(spacy.blank("zh").vocab, words=words, spaces=spaces)
    assert doc.text == text
    for start, end, _ in marks:
        if start < end and not text[start:end].isspace() and text[start:end] == text[start:end].strip():
            assert doc.char_span(start, end) is not None


# Training data


@pytest.fixture(scope="module")
def kb_path(tmp_path_factory) -> Path:
    return fill(tmp_path_factory.mktemp("kb") / "kb.sqlite")


def write(kb_path: Path, folder: Path, **options):
    with store.open(kb_path) as kb:
        return export_spacy.write(kb, folder, **options)


def docs(folder: Path) -> list[Doc]:
    vocab = spacy.blank("zh").vocab
    return [
        doc for path in sorted(folder.rglob("*.spacy")) for doc in DocBin().from_disk(path).get_docs(vocab)
    ]


def test_a_doc_for_each_article(kb_path, tmp_path):
    written = write(kb_path, tmp_path)
    assert sum(file.docs for file in written) == 2  # One of four is a reprint, one superseded.
    found = {doc.user_data["article_id"]: doc for doc in docs(tmp_path)}
    with store.open(kb_path) as kb:
        for article in list(kb.rows("SELECT * FROM articles WHERE NOT is_reprint")):
            doc = found.pop(article["article_id"])
            assert doc.text == article["body"]
            assert doc.user_data["document"] == article["document"]
            facts = list(
                kb.rows(
                    "SELECT * FROM facts WHERE article_id = ? ORDER BY char_start", [article["article_id"]]
                )
            )
            assert [fact["fact_id"] for fact in doc._.facts] == [fact["fact_id"] for fact in facts]
            assert [(s.text, s.label_.lower()) for s in doc.spans["facts"]] == [
                (fact["quote"], fact["kind"]) for fact in facts
            ]
            assert {s.text for s in doc.spans["facts"]} <= {entity.text for entity in doc.ents}
            assert "ORG" in {entity.label_ for entity in doc.ents}
    assert not found


@pytest.mark.parametrize("tokens", ["char", "jieba"])
def test_spans_align_with_tokens(kb_path, tmp_path, tokens):
    write(kb_path, tmp_path, tokens=tokens)
    for doc in docs(tmp_path):
        for fact, span in zip(doc._.facts, doc.spans["facts"], strict=True):
            assert (span.start_char, span.end_char) == (fact["char_start"], fact["char_end"])
    lengths = {len(token) for doc in docs(tmp_path) for token in doc}
    assert (lengths == {1}) == (tokens == "char")


def test_spacy_trains_on_it(kb_path, tmp_path):
    write(kb_path, tmp_path)
    nlp = spacy.blank("zh")
    nlp.add_pipe("ner")
    examples = list(Corpus(tmp_path)(nlp))
    for example in examples:
        assert None not in example.get_aligned_ner()
        assert [e.text for e in example.get_aligned_spans_y2x(example.reference.ents)] == [
            e.text for e in example.reference.ents
        ]
    nlp.initialize(lambda: examples)
    assert {"ORG", "PEOPLE", "MONEY"} <= set(nlp.get_pipe("ner").labels)
    assert nlp.update(examples)["ner"] > 0


def test_files_are_small_enough_and_older_ones_go(kb_path, tmp_path, monkeypatch):
    monkeypatch.setattr(export_spacy, "DOCS", 1)
    monkeypatch.setattr(export_spacy, "set_of", lambda article_id: "train")
    assert [file.name for file in write(kb_path, tmp_path)] == ["train/0001.spacy", "train/0002.spacy"]
    monkeypatch.setattr(export_spacy, "DOCS", 9)
    assert [(file.name, file.docs) for file in write(kb_path, tmp_path)] == [("train/0001.spacy", 2)]
    assert [path.name for path in (tmp_path / "train").iterdir()] == ["0001.spacy"]


def test_one_article_in_ten_is_put_aside():
    sets = [export_spacy.set_of(f"{number * 2654435761 % 2**64:016x}") for number in range(1000)]
    assert 50 < sets.count("dev") < 200


def test_same_database_same_bytes(kb_path, tmp_path):
    for name in ("one", "two"):
        write(kb_path, tmp_path / name)
    one, two = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.spacy")}
        for name in ("one", "two")
    )
    assert one == two


def test_rejected_facts_are_left_out(kb_path, tmp_path):
    path = tmp_path / "kb.sqlite"
    path.write_bytes(kb_path.read_bytes())
    with store.open(path, write=True) as kb, kb.transaction() as db:
        db.conn.execute("UPDATE fact SET review_status = 'rejected' WHERE quote = '6.5万元'")
    write(path, tmp_path / "out")
    texts = {span.text for doc in docs(tmp_path / "out") for span in doc.spans["facts"]}
    assert texts == {"120余名", "5-10场", "2千人次"}


def test_older_files_stay_when_writing_fails(kb_path, tmp_path, monkeypatch):
    write(kb_path, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def fail(*_):
        raise OSError(28, "No space left on device", str(tmp_path))

    monkeypatch.setattr(export.os, "replace", fail)
    with pytest.raises(UserError, match="No space left on device"):
        write(kb_path, tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def run(*arguments: str | Path):
    return CliRunner().invoke(command, [*map(str, arguments)])


def test_command(kb_path, tmp_path, trained):
    done = run(
        tmp_path / "out", "--db", kb_path, "--format", "spacy", "--tokens", "jieba", "--pipeline", trained
    )
    assert done.exit_code == 0, done.output
    files = sorted((tmp_path / "out").rglob("*.spacy"), reverse=True)
    numbers = [len(DocBin().from_disk(path)) for path in files]
    assert sum(numbers) == 2
    assert done.stdout.splitlines() == [
        f"{path}: {number} document{'' if number == 1 else 's'}"
        for path, number in zip(files, numbers, strict=True)
    ]


@pytest.mark.parametrize(
    "options",
    [["--format", "spacy", "--excel"], ["--tokens", "jieba"], ["--pipeline", "zh_core_web_sm"]],
)
def test_options_that_do_not_go_together(kb_path, tmp_path, options):
    assert run(tmp_path / "out", "--db", kb_path, *options).exit_code == 2


@pytest.mark.parametrize("options", [["--tokens", "nltk"], ["--pipeline", "zh_none"]])
def test_what_is_not_there_leaves_no_folder(kb_path, tmp_path, options):
    done = run(tmp_path / "out", "--db", kb_path, "--format", "spacy", *options)
    assert isinstance(done.exception, UserError)
    assert not (tmp_path / "out").exists()
