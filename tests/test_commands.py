"""The commands ingest and runs as a user meets them."""

import re
import sys
from pathlib import Path

import pytest

from unionkb import cli


def _unionkb(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        cli.main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), printed.out, printed.err


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    text = "本报讯 7月5日，海宁市总工会走访慰问一线职工230人，送出价值4.6万元的防暑用品。"
    path.write_text(f"海宁市总工会送清凉到工地\n{text}\n", encoding="utf-8")
    return path


def test_a_file_is_read_and_the_run_recorded(
    capsys: pytest.CaptureFixture[str], page: Path, tmp_path: Path
) -> None:
    db = tmp_path / "kb.sqlite"
    assert _unionkb(capsys, "ingest", page, "--db", db) == (
        0,
        f"{db}: documents read: 1, articles: 1, facts: 2; unchanged: 0, failed: 0\n",
        "",
    )
    code, out, err = _unionkb(capsys, "ingest", page, tmp_path / "none.txt", "--db", db)
    assert (code, err) == (1, f"unionkb: {tmp_path / 'none.txt'}: no such file or folder\n")
    assert "documents read: 0" in out
    assert "unchanged: 1, failed: 1" in out
    code, out, err = _unionkb(capsys, "runs", "--errors", "--db", db)
    assert (code, err) == (0, "")
    heading, first, second, error = out.splitlines()
    assert heading.split() == [
        "run_id", "command", "started_at", "finished_at", "status",
        "documents", "unchanged", "failed", "articles", "facts",
    ]  # fmt: skip
    assert re.fullmatch(r"1 +ingest +\S+Z +\S+Z +done +1 +0 +0 +1 +2", first)
    assert re.fullmatch(r"2 +ingest +\S+Z +\S+Z +failed +0 +1 +1 +0 +0", second)
    assert error == f"run 2: {tmp_path / 'none.txt'}: no such file or folder"
    assert len(_unionkb(capsys, "runs", "--limit", "1", "--db", db)[1].splitlines()) == 2


def test_a_database_that_cannot_be_opened_is_one_line(
    capsys: pytest.CaptureFixture[str], page: Path, tmp_path: Path
) -> None:
    for arguments in (["ingest", page], ["runs"]):
        code, out, err = _unionkb(capsys, *arguments, "--db", page)
        assert (code, out, err) == (1, "", f"unionkb: {page}: not a database\n")
    code, out, err = _unionkb(capsys, "runs", "--db", tmp_path / "none.sqlite")
    assert (code, out, len(err.splitlines())) == (1, "", 1)


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert _unionkb(capsys, "ingest")[0] == 2
    assert _unionkb(capsys, "nonsense")[0] == 2
    assert _unionkb(capsys, "ingest", "x", "--max-size", "0")[0] == 2


def test_too_big(capsys: pytest.CaptureFixture[str], page: Path, tmp_path: Path) -> None:
    code, _, err = _unionkb(capsys, "ingest", page, "--max-size", "0.0001", "--db", tmp_path / "kb.sqlite")
    assert (code, err) == (1, f"unionkb: {page}: too big: 0.0 MB, and the limit is 0.0001 MB\n")


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_help_of_every_command(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, _ = _unionkb(capsys, name, "--help")
    assert code == 0
    assert out.startswith(f"Usage: unionkb {name}")


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert re.fullmatch(r"unionkb \d+\.\d+\.\d+\n", _unionkb(capsys, "--version")[1])
    _, out, _ = _unionkb(capsys, "--help")
    assert all(f"  {name} " in out for name in cli.COMMANDS)


def test_a_log_is_told_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, page: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr("unionkb.commands.progress.LOG_SECONDS", 0.0)
    _, _, err = _unionkb(capsys, "ingest", page, "--db", tmp_path / "kb.sqlite")
    assert err == "unionkb: 1 of 1 documents\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_gets_a_bar(page: Path, tmp_path: Path) -> None:
    import os
    import pty
    import subprocess

    mine, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "unionkb",
        "ingest",
        str(page),
        str(tmp_path / "none"),
        "--db",
        str(tmp_path / "kb"),
    ]
    done = subprocess.run(command, stderr=theirs, stdout=subprocess.PIPE, check=False, text=True)
    os.close(theirs)
    shown = os.read(mine, 100_000).decode()
    os.close(mine)
    assert done.returncode == 1
    assert "documents read: 1" in done.stdout
    assert "reading" in shown
    assert "no such file or folder" in shown
