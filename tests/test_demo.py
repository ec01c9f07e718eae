"""`unionkb demo`: builds, exports, and names commands that work."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).parent / "unionkb"


def run(*command: str | Path, cwd: Path) -> str:
    env = {"COLUMNS": "120", "PATH": "", "LANG": "C.UTF-8"}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=env, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def printed(folder) -> str:
    return run(PROGRAM, "demo", "my demo", cwd=folder)


def test_builds_and_exports(folder, printed):
    assert (folder / "my demo" / "kb.sqlite").is_file()
    assert (folder / "my demo" / "csv" / "facts.csv").stat().st_size > 1000
    assert "总工会" in printed


def test_named_commands_work(folder, printed):
    commands = printed.partition("Try next:\n")[2].splitlines()
    assert len(commands) == 3
    for command in commands:
        assert "总工会" in run(*shlex.split(command), cwd=folder)


def test_again_gives_the_same(folder, printed):
    csv = folder / "my demo" / "csv"
    before = {path.name: path.read_bytes() for path in csv.iterdir()}
    assert run(PROGRAM, "demo", "my demo", cwd=folder) == printed
    assert {path.name: path.read_bytes() for path in csv.iterdir()} == before
