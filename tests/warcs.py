"""Web archives for tests: union news made from a seed, among pages of other things."""

import gzip
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from replica_news import article_html, story
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

OTHER = (
    "<html><head><title>天气</title></head><body><h1>今日天气</h1><p>晴，二十度，适合出行。</p></body></html>"
)
_START = datetime(2024, 5, 1, tzinfo=UTC)


def record(
    url: str,
    content: bytes,
    *,
    kind: str = "response",
    media_type: str = "text/html; charset=utf-8",
    status: str = "200 OK",
    headers: Sequence[tuple[str, str]] = (),
    when: str = "2024-05-01T00:00:00Z",
) -> bytes:
    """A record, not packed."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=False)
    http = None
    if kind == "response":
        fields = [("Content-Type", media_type), *headers, ("Content-Length", str(len(content)))]
        http = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(content),
            length=len(content),
            warc_content_type="application/http; msgtype=response" if http else media_type,
            warc_headers_dict={"WARC-Date": when},
            http_headers=http,
        )
    )
    return out.getvalue()


def news(seed: str, number: int, *, version: int = 1) -> bytes:
    """The record of a page of union news; all its numbers are of its own."""
    when = (_START + timedelta(minutes=number, days=version)).strftime("%Y-%m-%dT%H:%M:%SZ")
    html = article_html(story(seed, number, version)).encode()
    return record(f"http://news.example.com/{seed}/{number}.html", html, when=when)


def other(number: int) -> bytes:
    """The record of a page of something else."""
    return record(f"http://www.example.org/{number}.html", OTHER.encode())


def packed(records: Iterable[bytes]) -> bytes:
    """Each record as a gzip member, as archives are."""
    return b"".join(gzip.compress(each, 6, mtime=0) for each in records)


def archives(folder: Path, files: int, pages: int, *, others: int = 0) -> list[Path]:
    """So many .warc.gz files of so many pages of news, and of others, each."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(files):
        path = folder / f"part-{number:04}.warc.gz"
        records = [news(f"s{number}", i) for i in range(pages)] + [other(i) for i in range(others)]
        path.write_bytes(packed(records))
        made.append(path)
    return made
