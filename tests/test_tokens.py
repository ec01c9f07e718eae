"""Segmenters: spans cover the text, pkuseg with a small model trained here, and nothing is loaded too
early."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from linear import in_proportion

from extract import tokens
from extract.model import Article
from extract.pipeline import read
from unionkb import cli
from unionkb.errors import UserError
from unionkb.extractor import extractor_version

WORDS = """
昨天 ， 临江市 总工会 走访 慰问 了 困难 职工 。
春节 前 ， 海川 集团 工会 为 职工 送去 慰问品 。
左向区 总工会 组织 职工 参加 技能 竞赛 。
县 总工会 为 环卫 工人 送去 防暑 降温 用品 。
今年 以来 ， 全市 各级 工会 走访 企业 ， 慰问 职工 。
临江市 总工会 举办 职工 技能 竞赛 ， 职工 踊跃 参加 。
海川 集团 工会 开展 送 清凉 活动 。
市 总工会 为 困难 职工 发放 助学金 。
工会 组织 走访 慰问 困难 职工 家庭 。
左向区 总工会 走访 环卫 工人 。
左向区 各级 工会 为 职工 送 清凉 。
职工 之 家 建设 稳步 推进 。
"""
TEXT = "左向区总工会走访慰问困难职工，海川集团工会参加。"


def train(folder: Path) -> Path:
    """A model of pkuseg made of WORDS. In a process of its own: training prints, and leaves files open."""
    words = folder / "words.txt"
    words.write_text(WORDS.strip() * 3, encoding="utf-8")
    code = (
        "import sys, spacy_pkuseg; spacy_pkuseg.train(sys.argv[1], sys.argv[1], sys.argv[2], train_iter=10)"
    )
    command = [sys.executable, "-X", "utf8", "-c", code, words, folder / "model"]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return folder / "model"


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return train(tmp_path_factory.mktemp("pkuseg"))


def words(text: str) -> list[str]:
    return [text[span.start : span.end] for span in tokens.segment(text)]


def test_jieba_is_the_default():
    assert tokens.segmenter() == ""
    assert "总工会" in words("临江市总工会走访")


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("走访余姚职工", 2, False),
        ("走访余姚职工", 1, True),
        ("平台安全", 1, True),
        ("", 0, False),
        ("职工", 2, False),
    ],
)
def test_words_across_an_offset(text, offset, expected):
    assert tokens.may_hold(text, offset) is expected


def test_without_a_dictionary_the_segmenter_is_asked(model):
    with tokens.using(f"pkuseg:{model}"):
        assert tokens.may_hold("走访余姚职工", 2)


def test_pkuseg_cuts_as_its_model_was_taught(model):
    with tokens.using(f"pkuseg:{model}"):
        taught = words(TEXT)
        assert tokens.segmenter().startswith("pkuseg-")
    assert tokens.segmenter() == ""
    assert taught == [
        "左向区",
        "总工会",
        "走访",
        "慰问",
        "困难",
        "职工",
        "，",
        "海川",
        "集团",
        "工会",
        "参加",
        "。",
    ]
    assert words(TEXT) != taught


def test_the_choice_ends_with_its_block(model):
    with pytest.raises(KeyError), tokens.using(f"pkuseg:{model}"):
        raise KeyError
    assert tokens.segmenter() == ""


ANY = st.text(st.characters() | st.sampled_from("工会职工。 \n\u3000\u202e\ud800\x00１万"), max_size=80)


@settings(deadline=None, max_examples=200)
@given(ANY)
def test_words_cover_any_text(model, text):
    for choice in ("jieba", f"pkuseg:{model}"):
        with tokens.using(choice):
            spans = tokens.segment(text)
        assert "".join(text[span.start : span.end] for span in spans) == text
        at = 0
        for span in spans:
            assert span.start == at < span.end
            at = span.end


@pytest.mark.parametrize("unit", ["职工", "。", "字", " ", "a1", "\ud800"])
def test_pkuseg_is_linear(model, unit):
    with tokens.using(f"pkuseg:{model}"):
        assert in_proportion(lambda length: tokens.segment(unit * (length // len(unit))), 4_000, 32_000)


def test_text_that_a_segmenter_alters_keeps_its_offsets(monkeypatch):
    altered = tokens._Segmenter("x", lambda: lambda text: ["B", "xyz", "C"])
    monkeypatch.setattr(tokens, "_at_work", altered)
    assert words("aB cCd") == ["a", "B", " c", "C", "d"]


@pytest.mark.parametrize("choice", ["", "nltk", "jieba:x", "pkuseg:", "jieba ", "pkuseg.x"])
def test_unknown_segmenters(choice):
    with (
        pytest.raises(tokens.SegmenterError, match="write jieba, pkuseg or pkuseg:MODEL"),
        tokens.using(choice),
    ):
        pass


def test_models_that_are_not_there(tmp_path, monkeypatch, model):
    from spacy_pkuseg.config import config

    monkeypatch.setattr(config, "pkuseg_home", str(tmp_path))
    for choice, said in (
        (f"pkuseg:{tmp_path}", "weights.npz or features.msgpack is missing"),
        (f"pkuseg:{tmp_path / 'none'}", "is missing"),
        ("pkuseg", "no model spacy_ontonotes yet; fetch it once with: python"),
        ("pkuseg:news", "no model news yet"),
    ):
        with pytest.raises(tokens.SegmenterError, match=said), tokens.using(choice):
            pass
    (tmp_path / "news").symlink_to(model)
    with tokens.using("pkuseg:news"):
        assert words("困难职工") == ["困难", "职工"]


@pytest.mark.parametrize("name", ["weights.npz", "features.msgpack"])
def test_a_damaged_model_is_one_line(tmp_path, model, name):
    for file in model.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / name).write_bytes(b"\x81" * 50)
    with pytest.raises(tokens.SegmenterError, match="damaged") as raised, tokens.using(f"pkuseg:{tmp_path}"):
        pass
    assert "\n" not in str(raised.value)


def test_facts_are_read_with_it(model):
    article = Article("临江市总工会走访慰问困难职工120名，发放慰问金6.5万元。")
    with tokens.using(f"pkuseg:{model}"):
        facts = read(article).facts
    assert [fact.quote for fact in facts] == ["120名", "6.5万元"]


def test_pages_say_which_segmenter_read_them(model):
    usual = extractor_version()
    with tokens.using(f"pkuseg:{model}"):
        assert extractor_version() == f"{usual}.{tokens.segmenter()}"
    assert extractor_version() == usual


def test_the_option_holds_while_the_command_runs(tmp_path, model):
    page = tmp_path / "page.txt"
    page.write_text("临江市总工会慰问职工\n临江市总工会慰问困难职工120名。\n", encoding="utf-8")
    run = CliRunner().invoke
    choice = ["--segmenter", f"pkuseg:{model}"]
    db = ["--db", str(tmp_path / "kb.sqlite")]
    assert run(cli.cli, ["inspect", str(page), *choice]).exit_code == 0
    assert "documents read: 1" in run(cli.cli, ["ingest", str(page), *db]).stdout
    assert "unchanged: 1" in run(cli.cli, ["ingest", str(page), *db]).stdout
    assert "documents read: 1" in run(cli.cli, ["ingest", str(page), *db, *choice]).stdout
    assert "unchanged: 1" in run(cli.cli, ["ingest", str(page), *db, *choice]).stdout
    assert "documents read: 1" in run(cli.cli, ["extract", *db]).stdout
    assert tokens.segmenter() == ""
    refused = run(cli.cli, ["ingest", str(page), *db, "--segmenter", "nltk"])
    assert isinstance(refused.exception, UserError)


HEAVY = ("jieba", "spacy", "spacy_pkuseg", "thinc", "numpy")


@pytest.mark.parametrize(
    "code",
    [
        "from unionkb.cli import main; main(['--help'])",
        "from unionkb.cli import main; main(['inspect', '--help'])",
        "from unionkb.cli import main; main(['export', '--help'])",
        "import extract.pipeline, unionkb.extractor; unionkb.extractor.extractor_version()",
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(code):
    loaded = f"[name for name in {HEAVY} if name in sys.modules]"
    check = f"import sys, atexit\natexit.register(lambda: print({loaded}))\n{code}"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", check], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_jieba_is_loaded_for_words_only():
    check = (
        "import sys\nfrom extract.model import Article\nfrom extract.pipeline import read\n"
        "read(Article('走访120名。'))\nprint('jieba' in sys.modules, 'spacy_pkuseg' in sys.modules)\n"
        "from extract import tokens\ntokens.segment('工会')\n"
        "print('jieba' in sys.modules, 'spacy_pkuseg' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", check], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["False False", "True False"]
