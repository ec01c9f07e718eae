"""A crawl cut by source over machines."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import sources
from crawler.sources import Shard
from unionkb import cli

SOURCE = """
[[source]]
id = "{id}"
name = "湖滨工会网"
publisher = "湖滨市总工会"
kind = "federation"
level = "city"
home = "http://{id}.example/"
[[source.start]]
discovery = "listing"
url = "http://{id}.example/news/"
[[source.layout]]
article_url = 'http://{id}\\.example/news/\\d+\\.html'
cms = "generic"
"""


@given(source_id=st.text(min_size=1), total=st.integers(1, 50))
def test_a_source_is_in_exactly_one_shard(source_id: str, total: int) -> None:
    assert sum(Shard(number, total).has(source_id) for number in range(1, total + 1)) == 1


def test_shards_are_what_they_were() -> None:
    """Machines of different versions must agree, and crawls that were begun stay where they are."""
    shards = {each: next(k for k in range(1, 6) if Shard(k, 5).has(each)) for each in ("acftu", "grrb", "a")}
    assert shards == {"acftu": 5, "grrb": 5, "a": 1}


def test_the_built_in_sources_are_spread() -> None:
    sizes = [sum(map(Shard(number, 4).has, sources.load())) for number in range(1, 5)]
    assert sum(sizes) == len(sources.load())
    assert min(sizes) >= 5


def call(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        cli.main([*map(str, arguments)])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), printed.out, printed.err


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "1/0", "a/b", "-1/2", "1/2/3", "", "１/２"])
@pytest.mark.parametrize("name", ["crawl", "sources"])
def test_what_is_no_shard(capsys: pytest.CaptureFixture[str], name: str, text: str) -> None:
    code, out, err = call(capsys, name, "--shard", text)
    assert (code, out) == (2, "")
    assert "write K/N" in err


def test_what_a_shard_crawls(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """All sources, or those named, and of one's own too; what `unionkb sources` lists."""
    import unionkb.crawl

    crawled: list[list[str]] = []

    def crawl(path: Path, chosen: list[sources.Source], *_: object) -> unionkb.crawl.Result:
        crawled.append([source.id for source in chosen])
        counted = dict.fromkeys(("fetched", "new", "changed", "unchanged", "passed", "gone"), 0)
        return unionkb.crawl.Result(len(chosen), counted, 0, {})

    monkeypatch.setattr("unionkb.crawl.crawl", crawl)
    own = tmp_path / "own.toml"
    names = [f"own-{number}" for number in range(8)]
    own.write_text("".join(SOURCE.format(id=name) for name in names), encoding="utf-8")
    for number in (1, 2):
        for arguments in ([], names[:5]):
            shard = ["--shard", f"{number}/2", "--sources", own]
            assert call(capsys, "crawl", *arguments, *shard)[0] == 0
    first, first_named, second, second_named = crawled
    everything = [source.id for source in sources.load([own]).values() if not source.disabled]
    assert sorted(first + second) == everything
    assert sorted(first_named + second_named) == names[:5]
    assert set(first_named) < set(first)
    _, listed, _ = call(capsys, "sources", "--shard", "1/2", "--sources", own, "--json")
    assert [each["id"] for each in json.loads(listed) if each["state"] != "off"] == first


def test_a_shard_without_a_source(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:

    code, out, err = call(capsys, "crawl", "grrb", "--shard", "1/5", "--db", tmp_path / "kb.sqlite")
    assert (code, out, err) == (1, "", "unionkb: no source to crawl in shard 1/5\n")
    assert not list(tmp_path.iterdir())
