"""Raw pages are kept once, found again, and survive a crash."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from crawler import archive
from crawler.archive import Archive, ArchiveError, Http, Place
from unionkb import ids
from unionkb.reading import document_uri


def _add(kept: Archive, content: bytes, document: str = "a.txt") -> Place:
    return kept.add(content, digest=ids.digest(content), uri=document_uri(document), media_type="text/plain")


def _ends(*places: Place) -> dict[str, int]:
    return {place.file: place.offset + place.length for place in places}


def _assert_sound(folder: Path) -> None:
    """What `warcio check` looks at: whole gzip members, digests of block and payload."""
    for file in sorted(folder.glob("*.warc.gz")):
        checker = Checker(type("Arguments", (), {"inputs": [str(file)], "verbose": False})())
        checker.process_all()
        assert not checker.exit_value, file


def _uris(folder: Path) -> list[str]:
    found = []
    for file in sorted(folder.glob("*.warc.gz")):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "resource":
                    found.append(record.rec_headers.get_header("WARC-Target-URI"))
    return found


def test_what_is_added_can_be_read_at_its_place(tmp_path: Path) -> None:
    kept = Archive(tmp_path / "w", {})
    contents = [b"one", "慰问职工".encode("gb18030"), b"", os.urandom(100_000)]
    places = [_add(kept, content, f"页/{i}.txt") for i, content in enumerate(contents)]
    assert [archive.read(tmp_path / "w", place) for place in places] == contents
    assert _uris(tmp_path / "w") == [f"file:///%E9%A1%B5/{i}.txt" for i in range(4)]
    _assert_sound(tmp_path / "w")


def test_the_command_of_warcio_finds_nothing_amiss(tmp_path: Path) -> None:
    _add(Archive(tmp_path, {}), b"page")
    files = [str(file) for file in tmp_path.glob("*.warc.gz")]
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "warcio.cli", "check", *files], check=False)
    assert done.returncode == 0


def test_a_second_run_appends(tmp_path: Path) -> None:
    first = _add(Archive(tmp_path, {}), b"one")
    second = _add(Archive(tmp_path, _ends(first)), b"two")
    assert second.file == first.file
    assert second.offset == first.offset + first.length
    _assert_sound(tmp_path)


def test_files_are_rotated_by_size(tmp_path: Path) -> None:
    kept = Archive(tmp_path, {}, rotate_bytes=600)
    places = [_add(kept, os.urandom(300)) for _ in range(5)]
    assert [place.file for place in places] == sorted(place.file for place in places)
    assert len({place.file for place in places}) > 2
    assert {file.name for file in tmp_path.iterdir()} == {place.file for place in places}
    _assert_sound(tmp_path)


@pytest.mark.parametrize("keep", [1, 17, 0.5, -1])
def test_half_a_record_is_cut_off_and_reported(tmp_path: Path, keep: float) -> None:
    first = _add(Archive(tmp_path, {}), b"one")
    whole = (tmp_path / first.file).stat().st_size
    torn = _add(Archive(tmp_path, _ends(first)), b"two" * 99)
    left = int(torn.length * keep) if isinstance(keep, float) else keep % torn.length
    os.truncate(tmp_path / first.file, whole + left)
    said: list[str] = []
    kept = Archive(tmp_path, _ends(first), notify=said.append)
    assert kept.find(ids.digest(b"two" * 99)) is None
    assert (tmp_path / first.file).stat().st_size == whole
    assert len(said) == 1
    assert "cut off half a record" in said[0]
    _add(kept, b"three")
    _assert_sound(tmp_path)


def test_zeros_a_file_system_left_are_cut_off(tmp_path: Path) -> None:
    first = _add(Archive(tmp_path, {}), b"one")
    with (tmp_path / first.file).open("ab") as stream:
        stream.write(bytes(70_000))
    assert _add(Archive(tmp_path, _ends(first)), b"two").offset == first.offset + first.length
    _assert_sound(tmp_path)


def test_damage_with_records_behind_it_is_never_cut(tmp_path: Path) -> None:
    kept = Archive(tmp_path, {})
    first, second, third = (_add(kept, os.urandom(500)) for _ in range(3))
    path = tmp_path / first.file
    data = bytearray(path.read_bytes())
    data[second.offset + 100] ^= 0xFF
    path.write_bytes(data)
    said: list[str] = []
    fresh = Archive(tmp_path, {}, notify=said.append)
    place = _add(fresh, b"new")
    assert path.read_bytes() == data
    assert place.file > first.file
    assert "damaged" in said[0]
    assert archive.read(tmp_path, third)


def test_a_record_without_a_row_is_found_by_its_digest(tmp_path: Path) -> None:
    first = _add(Archive(tmp_path, {}), b"one")
    orphan = _add(Archive(tmp_path, _ends(first)), b"two")
    kept = Archive(tmp_path, _ends(first))
    assert kept.find(ids.digest(b"two")) == orphan
    assert kept.find(ids.digest(b"other")) is None
    assert Archive(tmp_path, {}).find(ids.digest(b"one")) == first


def test_records_another_process_has_added_meanwhile_are_kept(tmp_path: Path) -> None:
    first = _add(Archive(tmp_path, {}), b"one")
    mine, theirs = Archive(tmp_path, _ends(first)), Archive(tmp_path, _ends(first))
    places = [_add(mine, b"a"), _add(theirs, b"b"), _add(mine, b"c")]
    assert [archive.read(tmp_path, place) for place in places] == [b"a", b"b", b"c"]
    _assert_sound(tmp_path)


def test_a_file_the_database_knows_and_the_folder_lacks_is_not_begun_anew(tmp_path: Path) -> None:
    first = _add(Archive(tmp_path, {}), b"one")
    (tmp_path / first.file).unlink()
    said: list[str] = []
    assert _add(Archive(tmp_path, _ends(first), notify=said.append), b"two").file > first.file
    assert said == [f"{tmp_path / first.file}: missing, and with it pages that the database names"]


def test_a_file_shorter_than_the_database_says_is_left_alone(tmp_path: Path) -> None:
    first = _add(Archive(tmp_path, {}), b"one")
    os.truncate(tmp_path / first.file, 10)
    said: list[str] = []
    assert _add(Archive(tmp_path, _ends(first), notify=said.append), b"two").file > first.file
    assert "shorter" in said[0]


def test_a_write_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _add(Archive(tmp_path, {}), b"one")
    before = (tmp_path / first.file).read_bytes()
    real = os.write

    def short(descriptor: int, data: bytes) -> int:
        if len(data) < 100:
            raise OSError(28, "No space left on device")
        return real(descriptor, data[:100])

    kept = Archive(tmp_path, _ends(first))
    monkeypatch.setattr(os, "write", short)
    with pytest.raises(ArchiveError, match="No space left"):
        _add(kept, b"two")
    monkeypatch.undo()
    assert (tmp_path / first.file).read_bytes() == before
    _add(kept, b"two")
    _assert_sound(tmp_path)


@pytest.mark.parametrize(
    ("place", "damage"),
    [
        (Place("unionkb-00009.warc.gz", 0, 10), False),
        (Place("unionkb-00001.warc.gz", 3, 10), False),
        (None, True),
    ],
)
def test_a_record_that_is_not_there_is_a_clear_error(
    tmp_path: Path, place: Place | None, damage: bool
) -> None:
    first = _add(Archive(tmp_path, {}), os.urandom(400))
    if damage:
        path = tmp_path / first.file
        data = bytearray(path.read_bytes())
        data[first.offset + first.length // 2] ^= 0xFF
        path.write_bytes(data)
    with pytest.raises(ArchiveError, match="no readable record"):
        archive.read(tmp_path, place or first)


def test_the_archive_of_two_databases_is_never_one(tmp_path: Path) -> None:
    assert archive.folder(tmp_path / "kb.sqlite") != archive.folder(tmp_path / "kb.db")
    assert archive.folder(Path("kb.sqlite")) == Path("kb.sqlite.warc")


def test_a_fetched_page_is_kept_as_a_response(tmp_path: Path) -> None:
    body = "慰问职工".encode("gb18030") * 50
    http = Http("200 OK", [("Content-Type", "text/html; charset=gbk"), ("Content-Encoding", "gzip")])
    uri, digest = "https://news.example.com/a.html", ids.digest(body)
    kept = Archive(tmp_path, {})
    place = kept.add(body, digest=digest, uri=uri, media_type="text/html", http=http)
    assert archive.read(tmp_path, place) == body
    with (tmp_path / place.file).open("rb") as stream:
        record = next(r for r in ArchiveIterator(stream) if r.rec_type == "response")
    assert record.rec_headers.get_header("WARC-Target-URI") == uri
    assert record.http_headers.get_statuscode() == "200"
    assert record.http_headers.get_header("Content-Type") == "text/html; charset=gbk"
    assert record.http_headers.get_header("Content-Encoding") is None
    assert record.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert record.http_headers.get_header("Content-Length") == str(len(body))
    _assert_sound(tmp_path)


def test_the_same_bytes_of_two_addresses_are_told_apart(tmp_path: Path) -> None:
    body, digest = b"not found, says a page", ids.digest(b"not found, says a page")
    http = Http("200 OK", [])
    first = Archive(tmp_path, {}).add(body, digest=digest, uri="http://a.example/1", media_type="", http=http)
    kept = Archive(tmp_path, {})
    assert kept.find(digest, "http://a.example/1") == first
    assert kept.find(digest, "http://a.example/2") is None
    assert kept.find(digest) == first
