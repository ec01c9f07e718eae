"""`unionkb demo`: crawls the sample site, exports, and names commands that work."""

import re
import shlex
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from fakes import rows, run

from crawler import sources
from unionkb import demo_site, paths
from unionkb.reading import read_drafts

PROGRAM = Path(sys.executable).parent / "unionkb"


def call(*command: str | Path, cwd: Path, code: int = 0) -> str:
    # A proxy is in the way of nothing: the site is on this machine.
    env = {"COLUMNS": "120", "PATH": "", "LANG": "C.UTF-8", "http_proxy": "http://127.0.0.1:9/"}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == code, done.stderr
    if code:
        return done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def printed(folder: Path) -> str:
    return call(PROGRAM, "demo", "my demo", cwd=folder)


def test_crawls_builds_and_exports(folder: Path, printed: str) -> None:
    assert re.match(
        r"Crawled 3 outlets at http://127\.0\.0\.1:\d+/: 32 answers, 24 pages new, 0 lists unchanged, "
        r"2 days without an issue\.\n23 pages: 28 articles \(1 reprinted\)", printed,
    )  # fmt: skip
    assert (folder / "my demo" / "kb.sqlite").is_file()
    assert (folder / "my demo" / "csv" / "facts.csv").stat().st_size > 1000
    assert "总工会" in printed


def test_a_crawl_reads_what_ingest_reads(folder: Path, printed: str, tmp_path: Path) -> None:
    other = tmp_path / "kb.sqlite"
    run(other, paths.sample_site(), skip_lists=True, reader=read_drafts)
    columns = "title, published, newspaper, page_number, body, is_reprint, facts"
    order = "substr(document, instr(document, '/epaper/') + instr(document, '/portal/')"
    order += " + instr(document, '/federation/')), sequence"
    sql = f"SELECT {columns} FROM articles ORDER BY {order}"
    assert rows(folder / "my demo" / "kb.sqlite", sql) == rows(other, sql)


def test_named_commands_work(folder: Path, printed: str) -> None:
    commands = printed.partition("Try next:\n")[2].splitlines()
    assert len(commands) == 3
    said = [call(*shlex.split(command), cwd=folder) for command in commands]
    assert ["总工会" in each for each in said] == [True, True, False]
    assert [len(each.splitlines()) > 3 for each in said] == [True] * 3


def test_again_gives_the_same_and_fetches_lists_only(folder: Path, printed: str) -> None:
    csv = folder / "my demo" / "csv"
    before = {path.name: path.read_bytes() for path in csv.iterdir()}
    again = call(PROGRAM, "demo", "my demo", cwd=folder)
    crawled, _, rest = again.partition("\n")
    assert crawled.endswith(": 4 answers, 0 pages new, 4 lists unchanged, 0 days without an issue.")
    assert rest == printed.partition("\n")[2]
    assert {path.name: path.read_bytes() for path in csv.iterdir()} == before


def test_all_is_well_after_it(folder: Path, printed: str) -> None:
    assert call(PROGRAM, "health", "--db", "my demo/kb.sqlite", cwd=folder) == ""
    assert "0 added, 0 gone, 0 altered" in call(PROGRAM, "extract", "--db", "my demo/kb.sqlite", cwd=folder)


def test_a_port_that_is_taken(folder: Path, printed: str, tmp_path: Path) -> None:
    database = folder / "my demo" / "kb.sqlite"
    port = demo_site.known_port(database)
    assert port
    before = rows(database, "SELECT count(*) FROM page")
    with closing(socket.socket()) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        # The one that knows it there would have everything twice; a new one can take another port.
        message = call(PROGRAM, "demo", "my demo", cwd=folder, code=1)
        assert str(port) in message
        assert len(message.splitlines()) == 1
        with demo_site.served(tmp_path / "kb.sqlite") as outlets:
            assert f":{port}/" not in outlets[0].home
    assert rows(database, "SELECT count(*) FROM page") == before


def test_the_outlets_say_what_they_are_called_elsewhere() -> None:
    file = paths.sample_site() / "sources.toml"
    known = {source.id: source for source in sources.load([file]).values() if source.file == file}
    assert sorted(known) == ["sample-epaper", "sample-federation", "sample-portal"]
    moved = {source.id: source for source in demo_site.outlets(1234)}
    assert sorted(moved) == sorted(known)
    assert {source.home.split(":")[2][:5] for source in moved.values()} == {"1234/"}
    assert all("8517" not in layout.article_url for source in moved.values() for layout in source.layouts)
