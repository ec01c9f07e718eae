"""`unionkb health` and `unionkb runs --sources`: decisions over numbers, and the figures from a database."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from unionkb import cli, health, store
from unionkb.health import Source, Visit
from unionkb.lock import Lock, is_held

NOW = datetime(2024, 6, 30, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def visit(age: float, **figures: object) -> Visit:
    """A visit so many days ago that went well."""
    begun = NOW - timedelta(days=age)
    usual = {"fetched": 12, "new": 6, "articles": 6}
    return Visit(begun, begun + HOUR, **usual | figures)  # type: ignore[arg-type]


def days(*ages: int) -> list[date]:
    return [NOW.date() - timedelta(days=age) for age in ages]


DAILY = days(*range(60))
WEEKDAYS = [day for day in DAILY if day.weekday() < 5]
PAST = [visit(age) for age in range(1, 11)]


def source(
    *last: Visit, published: Sequence[date] = DAILY, past: Sequence[Visit] = PAST, **more: object
) -> Source:
    return Source("s", [*last, *past], published, **more)  # type: ignore[arg-type]


CASES: list[tuple[str, Source, str | None]] = [
    ("all is well", source(visit(0)), None),
    ("never crawled", Source("s", []), None),
    ("nothing new for a day", source(visit(0, new=0, articles=0)), None),
    # Silence, by the source's own rhythm.
    ("a daily over the holidays", source(visit(0), published=days(*range(9, 60))), None),
    ("a daily that stopped", source(visit(0), published=days(*range(12, 60))),
     "silent for 12 days: last article of 2024-06-18, usually one within 1 day"),
    ("a weekly, three weeks", source(visit(0), published=days(*range(21, 200, 7))), None),
    ("a weekly, four weeks", source(visit(0), published=days(*range(28, 200, 7))), "silent for 28 days"),
    ("one that states its rhythm", source(visit(0), published=days(40), rhythm_days=10),
     "silent for 40 days"),
    ("one that is slow by its own word", source(visit(0), published=days(80), rhythm_days=30), None),
    ("too little is known", source(visit(0), published=days(50, 55)), None),
    ("too little is known, for long", source(visit(0), published=days(70, 75)), "silent for 70 days"),
    ("an article from the future", source(visit(0), published=[date(2025, 1, 1), *days(*range(12, 60))]),
     "silent for 12 days"),
    ("a few odd gaps", source(visit(0), published=days(11, 12, 13, 30, 31, 32, 33, 50, 51, 52, 53)), None),
    # Pages without an article, articles without a date.
    ("empty pages", source(visit(0, articles=2, empty=8)),
     "no article found in 80% (of the last 10, 0% before)"),
    ("empty pages of a new source", source(visit(0, articles=4, empty=6), past=[]),
     "no article found in 60%"),
    ("some empty pages of a new source", source(visit(0, articles=6, empty=4), past=[]), None),
    ("too few to tell", source(visit(0, articles=0, empty=4), past=[]), None),
    ("a few empty pages", source(visit(0, articles=8, empty=2)), None),
    ("empty as ever", source(visit(0, articles=5, empty=5), past=[visit(1, articles=5, empty=5)] * 5), None),
    ("empty over several visits",
     source(*(visit(0, articles=0, empty=1) for _ in range(4)), visit(0, articles=2, empty=4)),
     "no article found in 80%"),
    ("nothing since a fault that is mended",
     source(visit(0), visit(0, articles=6), visit(1, articles=0, empty=9)), None),
    ("undated", source(visit(0, articles=10, undated=9)), "no date found in 90% (of the last 10, 0% before)"),
    ("undated as ever",
     source(visit(0, articles=10, undated=10), past=[visit(1, articles=9, undated=9)]), None),
    # Failures.
    ("failures", source(visit(0, fetched=20, failed=8)),
     "40% (of the last 20, 0% before) of the requests failed"),
    ("all fail", source(visit(0, fetched=0, failed=10, new=0, articles=0)), "100%"),
    ("two of five fail", source(visit(0, fetched=5, failed=2), past=[]), None),
    ("failing as ever",
     source(visit(0, fetched=10, failed=3), past=[visit(1, fetched=10, failed=3)] * 4), None),
    # Ends.
    ("killed", source(replace(visit(0), finished=None)), "the crawl begun 2024-06-30 06:00 was killed"),
    ("at work", source(replace(visit(0), finished=None, at_work=True)), None),
    ("killed, and well since", source(visit(0), replace(visit(1), finished=None)), None),
    ("stopped by hand", source(visit(0, outcome="stopped")), None),
    ("gave up", source(visit(0, outcome="gave up after 10 failures in a row: no such host")),
     "the last crawl ended: gave up after 10 failures in a row: no such host"),
    ("asked for patience", source(visit(0, outcome="the server asks to be left alone for 3600 s")), None),
    ("at its limit", source(visit(0, outcome="stopped after 2000 pages")), None),
    ("always at its limit", source(*[visit(0, outcome="stopped after 2000 pages")] * 3), "does not keep up"),
    # Starting points.
    ("robots", source(visit(0), forbidden=["http://a.cn/l", "http://a.cn/m"]),
     "robots.txt forbids http://a.cn/l and 1 more starting point"),
    ("a list is gone", source(visit(0), broken=[("http://a.cn/l", "404")]), "http://a.cn/l: 404"),
    ("barren", source(*(visit(age, new=0, articles=0) for age in range(3)), published=[], past=[]),
     "not one article in 3 crawls"),
    ("barren so far",
     source(*(visit(age, new=0, articles=0) for age in range(2)), published=[], past=[]), None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "state", "expected"), CASES, ids=[what for what, _, _ in CASES])
def test_faults_of_a_source(what: str, state: Source, expected: str | None) -> None:
    faults = health.source_faults(state, NOW)
    if expected is None:
        assert faults == []
    else:
        assert len(faults) == 1
        assert expected in faults[0]
        assert "\n" not in faults[0]


@pytest.mark.parametrize(
    ("ages", "unread", "at_work", "expected"),
    [
        ([], 0, False, []),
        ([0.1, 0.2, 0.3], 0, False, []),
        ([1.9], 0, False, []),
        ([4, 4.1, 4.2, 4.3, 4.4, 4.5, 4.6], 0, False, ["no crawl for 4 days, usually one every 2 hours"]),
        ([10, 17, 24, 31, 38, 45], 0, False, []),
        ([30, 37, 44, 51, 58, 65], 0, False, ["no crawl for 30 days, usually one every 7 days"]),
        ([7], 0, False, ["no crawl for 7 days"]),
        ([0], 3, True, []),
        ([0], 3, False, ["3 pages fetched and not read; run: unionkb extract --unread"]),
        ([0], 1, False, ["1 page fetched and not read; run: unionkb extract --unread"]),
    ],
)
def test_faults_of_the_crawls(ages: list[float], unread: int, at_work: bool, expected: list[str]) -> None:
    begun = [NOW - timedelta(days=age) for age in ages]
    assert health.crawl_faults(begun, unread, at_work, NOW) == expected


def test_the_usual_gap() -> None:
    assert health.usual_gap(source(published=WEEKDAYS)) == 3  # Over the weekend.
    assert health.usual_gap(source(published=DAILY)) == 1
    assert health.usual_gap(source(published=DAILY[:4])) is None
    assert health.allowed_silence(source(published=DAILY)) == health.LEAST_SILENCE


# Figures from a database.


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _fill(
    db: Path, runs: Sequence[dict[str, object]], published: Sequence[date] = (), unread: int = 0
) -> None:
    """Crawls of one source `gh`, one every day, the last at NOW, and its articles."""
    with store.open(db, write=True) as kb, kb.transaction() as open_db:
        connection = open_db.conn
        connection.execute("INSERT INTO source (source_id, name, kind) VALUES ('gh', '某市工会网', 'site')")
        for number, figures in enumerate(runs, 1):
            begun = NOW - timedelta(days=len(runs) - number)
            row = {"outcome": "finished", "finished_at": _stamp(begun + HOUR), "status": "done"} | figures
            status = row.pop("status")
            connection.execute(
                "INSERT INTO run (run_id, command, extractor_version, started_at, finished_at, status) "
                "VALUES (?, 'crawl', 'x', ?, ?, ?)",
                [number, _stamp(begun), row["finished_at"], status],
            )
            row |= {"run_id": number, "source_id": "gh", "started_at": _stamp(begun)}
            connection.execute(
                f"INSERT INTO run_source ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                list(row.values()),
            )
        for index, day in enumerate([*published, *[None] * unread]):
            connection.execute(
                "INSERT INTO page (page_id, source_id, document, place, media_type, encoding, byte_length, "
                "digest, warc_file, warc_offset, warc_length, stored_at, run_id, extractor_version) VALUES "
                "(?, 'gh', ?, ?, 'text/html', 'utf-8', 1, ?, 'x', 0, 1, ?, 1, ?)",
                [str(index), f"http://gh/{index}", str(index), str(index), _stamp(NOW), "x" if day else ""],
            )
            if day:
                connection.execute(
                    "INSERT INTO article (article_id, page_id, sequence, published, body, lead, source_map, "
                    "cluster_id) VALUES (?, ?, 1, ?, 'x', 0, '[]', ?)",
                    [str(index), str(index), day.isoformat(), str(index)],
                )


def _frontier(db: Path, url: str, state: str, reason: str, *, kind: str = "list", tries: int = 2) -> None:
    with store.open(db, write=True) as kb, kb.transaction() as open_db:
        open_db.execute(
            "INSERT INTO frontier (url, source_id, kind, state, reason, tries, found_at) "
            "VALUES (?, 'gh', ?, ?, ?, ?, ?)",
            [url, kind, state, reason, tries, _stamp(NOW)],
        )


def _unionkb(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        cli.main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), printed.out, printed.err


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("unionkb.health_figures.now", lambda: NOW)
    return tmp_path / "kb.sqlite"


WELL = {"found": 7, "fetched": 12, "new": 6, "articles": 6, "facts": 40}


def test_nothing_is_said_when_all_is_well(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _fill(db, [WELL] * 4, DAILY)
    assert _unionkb(capsys, "health", "--db", db) == (0, "", "")
    code, out, _ = _unionkb(capsys, "health", "-v", "--db", db)
    assert code == 0
    assert re.search(r"^gh +2024-06-30 +2024-06-30 +1 +12 +0% +0% +0%\s*$", out, re.M)
    assert out.endswith("all is well\n")


def test_a_line_for_each_fault(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = {"fetched": 20, "new": 12, "articles": 2, "empty": 10, "failed": 8, "finished_at": None}
    _fill(db, [*[WELL] * 4, bad], DAILY[20:], unread=2)
    _frontier(db, "http://gh/list", "gone", "404 Not Found")
    _frontier(db, "http://gh/other", "failed", "forbidden by robots.txt", tries=1)
    _frontier(db, "http://gh/flaky", "failed", "no answer in time", tries=1)
    _frontier(db, "http://gh/2024/0629", "gone", "404 Not Found", kind="issue")
    code, out, err = _unionkb(capsys, "health", "--db", db)
    assert (code, err) == (1, "")
    assert [line.partition(": ")[2][:16] for line in out.splitlines()[1:]] == [
        "the crawl begun ", "robots.txt forbi", "http://gh/list: ", "silent for 20 da", "no article found",
        "40% (of the last",
    ]  # fmt: skip
    assert out.splitlines()[0].startswith("2 pages fetched and not read")
    assert all(line.startswith("gh: ") for line in out.splitlines()[1:])


def test_a_crawl_at_work_is_not_killed(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _fill(db, [*[WELL] * 4, {**WELL, "finished_at": None, "status": "running"}], DAILY, unread=1)
    with Lock(db):
        assert is_held(db)
        assert _unionkb(capsys, "health", "--db", db) == (0, "", "")
    assert not is_held(db)
    code, out, _ = _unionkb(capsys, "health", "--db", db)
    assert code == 1
    assert "was killed" in out


def test_sources_that_are_crawled_no_more_are_left_out(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _fill(db, [*[WELL] * 4], days(*range(80, 120)))
    assert _unionkb(capsys, "health", "--db", db)[0] == 1
    with store.open(db, write=True) as kb, kb.transaction() as open_db:
        open_db.execute("UPDATE run_source SET started_at = '2024-05-01T00:00:00Z'")
        open_db.execute("INSERT INTO source (source_id, name, kind) VALUES ('other', 'x', 'site')")
        open_db.execute(
            "INSERT INTO run_source (run_id, source_id, started_at, finished_at, new) "
            "VALUES (4, 'other', ?, ?, 1)",
            [_stamp(NOW), _stamp(NOW)],
        )
    assert _unionkb(capsys, "health", "--db", db) == (0, "", "")


SOURCE_FILE = """
id = "gh"
name = "某市工会网"
publisher = "某市总工会"
kind = "federation"
level = "city"
home = "http://gh.example.cn/"
rhythm_days = 40

[[start]]
discovery = "listing"
url = "http://gh.example.cn/news/index_{page}.html"
first_url = "http://gh.example.cn/news/"

[[layout]]
article_url = 'http://gh\\.example\\.cn/news/\\d+\\.html'
cms = "generic"
"""


def test_what_the_file_of_the_source_says(
    db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "gh.toml"
    file.write_text(SOURCE_FILE.replace('id = "gh"\n', ""), encoding="utf-8")
    _fill(db, [WELL] * 4, days(*range(30, 60)))
    _frontier(db, "http://gh.example.cn/old-list/", "gone", "404 Not Found")
    code, out, _ = _unionkb(capsys, "health", "--db", db)
    assert (code, len(out.splitlines())) == (1, 2)
    assert _unionkb(capsys, "health", "--db", db, "--sources", file) == (0, "", "")
    _frontier(db, "http://gh.example.cn/news/", "gone", "404 Not Found")
    code, out, _ = _unionkb(capsys, "health", "--db", db, "--sources", file)
    assert (code, out) == (1, "gh: http://gh.example.cn/news/: 404 Not Found\n")
    file.write_text(SOURCE_FILE.replace("rhythm_days", "rythm_days"), encoding="utf-8")
    code, _, err = _unionkb(capsys, "health", "--db", db, "--sources", file)
    assert (code, len(err.splitlines())) == (1, 1)
    assert "rythm_days" in err


def test_a_database_that_was_never_crawled_is_well(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store.open(db, write=True).close()
    assert _unionkb(capsys, "health", "--db", db) == (0, "", "")


def test_runs_by_source(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _fill(db, [WELL, {**WELL, "unchanged": 5, "outcome": "stopped after 12 pages"}])
    with store.open(db, write=True) as kb, kb.transaction() as open_db:
        open_db.execute(
            "INSERT INTO run (command, extractor_version, started_at) VALUES ('ingest', 'x', 'x')"
        )
    code, out, err = _unionkb(capsys, "runs", "--sources", "--db", db)
    assert (code, err) == (0, "")
    heading, _first, second = out.splitlines()
    assert heading.split() == [
        *("run_id", "source_id", "started_at", "found", "fetched", "new", "changed", "unchanged", "gone"),
        *("failed", "passed", "articles", "undated", "empty", "facts", "outcome"),
    ]
    assert second.split(maxsplit=15) == [
        *("2", "gh", "2024-06-30T06:00:00Z", "7", "12", "6", "0", "5", "0", "0", "0", "6", "0", "0", "40"),
        "stopped after 12 pages",
    ]
    assert len(_unionkb(capsys, "runs", "--sources", "--limit", "1", "--db", db)[1].splitlines()) == 2


def test_a_read_only_database_can_be_looked_at(db: Path) -> None:
    _fill(db, [WELL] * 4)
    db.chmod(0o444)
    done = subprocess.run(
        [sys.executable, "-m", "unionkb", "health", "--db", str(db)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert sorted(os.listdir(db.parent)) == ["kb.sqlite"]


# What runs it.

ROOT = Path(__file__).parents[1]
UNITS = ("unionkb-crawl.service", "unionkb-crawl.timer")


def test_units_are_valid(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here")
    for name in UNITS:
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        # It looks whether the program is there, and here it is elsewhere.
        text, count = re.subn(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text)
        assert count == name.endswith(".service")
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", *(str(tmp_path / name) for name in UNITS)],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": os.environ["PATH"]},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    mine = [line for line in done.stderr.splitlines() if "unionkb" in line]
    assert mine == []


def test_the_service_runs_a_command_that_there_is() -> None:
    text = (ROOT / "docs" / UNITS[0]).read_text(encoding="utf-8")
    match = re.search(r"^ExecStart=\S+/unionkb (\w+) (.*)$", text, re.M)
    assert match
    import click

    command = cli.cli.get_command(click.Context(cli.cli), match[1])
    assert command
    command.make_context(match[1], match[2].split())


def test_every_line_is_explained() -> None:
    """Each fault that can be told has a row in docs/cron.md that begins as it does."""
    explained = (ROOT / "docs" / "cron.md").read_text(encoding="utf-8")
    for line in (
        *(
            "no crawl for",
            "fetched and not read",
            "was killed in the middle",
            "the last crawl ended: gave up",
        ),
        *(
            "robots.txt forbids",
            "not one article in",
            "silent for",
            "no article found in",
            "no date found in",
        ),
        *("of the requests failed", "does not keep up"),
    ):
        assert re.search(rf"^\| `[^`]*{re.escape(line)}[^`]*`", explained, re.M), line
        source = Path(health.__file__).read_text(encoding="utf-8")
        assert line.removesuffix(" gave up") in source
