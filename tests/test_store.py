"""Opening the knowledge base, and what it says when it cannot be opened."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from unionkb import migrations, paths, store
from unionkb.errors import StoreError


def _made(path: Path) -> Path:
    store.open(path, write=True).close()
    return path


def _sql(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def test_a_new_one_is_made_with_foreign_keys_on(tmp_path: Path) -> None:
    with store.open(tmp_path / "kb.sqlite", write=True) as kb:
        assert kb.db.conn.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert kb.db.conn.execute("PRAGMA application_id").fetchone() == (migrations.APPLICATION_ID,)
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), kb.transaction() as db:
            db.execute("INSERT INTO organisation_alias VALUES ('0000000000000000', '市总')")


def test_at_rest_it_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "kb.sqlite"
    with store.open(path, write=True) as kb:
        assert kb.db.conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert [file.name for file in tmp_path.iterdir()] == ["kb.sqlite"]
    with store.open(path) as kb:
        assert kb.db.conn.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_reading_goes_on_while_another_writes(tmp_path: Path) -> None:
    path = _made(tmp_path / "kb.sqlite")
    with store.open(path, write=True) as writer, writer.transaction() as db:
        db.execute("INSERT INTO programme VALUES ('0000000000000000', 'general', NULL)")
        with store.open(path) as reader:
            assert list(reader.rows("SELECT * FROM programme")) == []


def test_a_reader_does_not_write(tmp_path: Path) -> None:
    with (
        store.open(_made(tmp_path / "kb.sqlite")) as kb,
        pytest.raises(StoreError, match="read-only"),
        kb.transaction() as db,
    ):
        db.execute("DELETE FROM programme")


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with store.open(tmp_path / "kb.sqlite", write=True) as kb:
        with suppress(KeyboardInterrupt), kb.transaction() as db:
            db.execute("INSERT INTO programme VALUES ('0000000000000000', 'general', NULL)")
            raise KeyboardInterrupt
        assert list(kb.rows("SELECT * FROM programme")) == []
        with kb.transaction() as db:
            db.execute("INSERT INTO programme VALUES ('0000000000000000', 'general', NULL)")
        assert len(list(kb.rows("SELECT * FROM programme"))) == 1


def _no_database(path: Path) -> Path:
    path.write_text("慰问职工" * 500, encoding="utf-8")
    return path


def _foreign(path: Path) -> Path:
    _sql(path, "CREATE TABLE t (x)")
    return path


def _newer(path: Path) -> Path:
    _sql(_made(path), f"PRAGMA user_version = {migrations.latest() + 1}")
    return path


def _damaged(path: Path) -> Path:
    data = bytearray(_made(path).read_bytes())
    data[100:4096] = b"\xff" * 3996
    path.write_bytes(data)
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


CASES = {
    "no database": (_no_database, "not a database"),
    "foreign": (_foreign, "not one of unionkb's"),
    "newer": (_newer, "made by a newer version of unionkb"),
    "damaged": (_damaged, "damaged"),
    "folder": (_folder, "a folder"),
    "no folder": (lambda path: path / "in" / "kb.sqlite", "no folder"),
}


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_errors_are_one_line_that_names_the_file(tmp_path: Path, case: str, write: bool) -> None:
    make, words = CASES[case]
    path = make(tmp_path / "kb.sqlite")
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError) as raised:
        store.open(path, write=write)
    message = str(raised.value)
    assert words in message
    assert message.startswith(str(path))
    assert "\n" not in message
    if before is not None:
        assert path.read_bytes() == before


def test_reading_what_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unionkb ingest"):
        store.open(tmp_path / "kb.sqlite")
    assert not list(tmp_path.iterdir())


def test_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _made(tmp_path / "kb.sqlite")
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.05)
    with (
        store.open(path, write=True) as one,
        store.open(path, write=True) as other,
        one.transaction(),
        pytest.raises(StoreError, match="locked"),
        other.transaction(),
    ):
        pass


def test_locked_against_readers_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _made(tmp_path / "kb.sqlite")
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for write in (False, True):
            with pytest.raises(StoreError, match="locked"):
                store.open(path, write=write)


def test_views_are_made_anew_when_they_differ(tmp_path: Path) -> None:
    path = _made(tmp_path / "kb.sqlite")
    _sql(path, "DROP VIEW facts; CREATE VIEW facts AS SELECT 1 AS one; CREATE VIEW mine AS SELECT 2")
    with store.open(path) as kb:
        assert migrations.is_current(kb.db)
        assert list(kb.rows("SELECT name FROM sqlite_master WHERE name = 'mine'")) == []


def test_an_older_one_is_migrated_and_keeps_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _made(tmp_path / "kb.sqlite")
    _sql(path, "INSERT INTO programme VALUES ('0000000000000000', 'general', NULL)")
    schema = tmp_path / "schema"
    (schema / "migrations").mkdir(parents=True)
    for file in [*(paths.schema() / "migrations").glob("*.sql"), paths.schema() / "views.sql"]:
        to = schema / file.relative_to(paths.schema())
        to.write_bytes(file.read_bytes())
    number = migrations.latest() + 1
    added = schema / "migrations" / f"{number:04}_more.sql"
    added.write_text("ALTER TABLE programme ADD COLUMN more TEXT DEFAULT 'yes';\n", encoding="utf-8")
    monkeypatch.setattr(paths, "schema", lambda: schema)
    for cached in (migrations.migrations, migrations.views):
        cached.cache_clear()
    try:
        with store.open(path) as kb:
            assert list(kb.rows("SELECT more FROM programme")) == [{"more": "yes"}]
            assert kb.db.conn.execute("PRAGMA user_version").fetchone() == (number,)
        added.write_text("ALTER TABLE programme ADD COLUMN third TEXT;\nSELECT nonsense;\n", encoding="utf-8")
        added.rename(schema / "migrations" / f"{number + 1:04}_broken.sql")
        (schema / "migrations" / f"{number:04}_more.sql").write_text("SELECT 1;\n", encoding="utf-8")
        migrations.migrations.cache_clear()
        with pytest.raises(sqlite3.OperationalError):
            store.open(path)
    finally:
        for cached in (migrations.migrations, migrations.views):
            cached.cache_clear()
    with closing(sqlite3.connect(path)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(programme)")]
        assert "third" not in columns
        assert connection.execute("SELECT count(*) FROM facts").fetchone() == (0,)
