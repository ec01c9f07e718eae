"""Serves the sample site on this machine, and says which outlets it has."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from crawler import sources
from crawler.sources import Source
from unionkb import paths
from unionkb.errors import UserError

PORT = 8517
"""The port where it is served if it is free: documents are named by their URLs, so they keep their names."""
ISSUES = (date(2024, 5, 20), date(2024, 5, 22))
"""Days of the e-paper that are asked for; it has an issue of one of them."""

_FILE = "sources.toml"


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(database: Path) -> Iterator[list[Source]]:
    """The outlets of the sample site, which is served for as long as the block lasts. Raises UserError where
    the database knows it at a port that is taken: at another one everything in it would come once more."""
    known = known_port(database)
    server = _server(known)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield outlets(server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def outlets(port: int) -> list[Source]:
    """The outlets of the sample site as it is served at a port."""
    text = (paths.sample_site() / _FILE).read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        file = Path(folder) / _FILE
        file.write_text(text.replace(f":{PORT}/", f":{port}/"), encoding="utf-8")
        found = sources.load([file])
    return [source for source in found.values() if source.file == file]


def known_port(database: Path) -> int | None:
    """The port at which a database knows the sample site; None where it does not."""
    if not database.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute(
                "SELECT url FROM source WHERE url LIKE 'http://127.0.0.1:%' ORDER BY url LIMIT 1"
            ).fetchone()
    except sqlite3.Error:  # No database of ours: whoever opens it for writing says so.
        return None
    return urlsplit(row[0]).port if row else None


def _server(known: int | None) -> ThreadingHTTPServer:
    handler = partial(_Handler, directory=str(paths.sample_site()))
    for port in [known] if known else [PORT, 0]:
        try:
            return ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError as error:
            reason = error.strerror
    raise UserError(f"the sample site cannot be served at port {known or 0}, where it was before: {reason}")
