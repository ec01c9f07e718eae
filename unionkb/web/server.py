"""Datasette over one knowledge base, with our pages, our look and a few limits."""

import socket
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

import unionkb.charts.draw  # noqa: F401  # Altair takes a while: not at the expense of the first reader.
from unionkb import store
from unionkb.errors import UserError
from unionkb.web import plugin, reviewing

_HERE = Path(__file__).parent
SETTINGS: dict[str, Any] = {
    "default_page_size": 50,
    # Whole tables leave as CSV, row by row; pages and queries stay small.
    "max_returned_rows": 1000,
    "allow_csv_stream": True,
    "max_csv_mb": 0,
    "sql_time_limit_ms": 3000,
    "facet_time_limit_ms": 2000,
    "truncate_cells_html": 300,
    "suggest_facets": False,
    "allow_download": False,
    "num_sql_threads": 4,
}


def application(path: Path, *, write_token: str | None = None) -> Datasette:
    """Datasette for the knowledge base at `path`, which is opened read-only.

    Corrections are taken from whoever knows `write_token`; without one, from nobody. Raises StoreError for a
    file that is no knowledge base or not of today's schema."""
    with store.open(path):  # Says in plain words what is wrong with the file.
        pass
    # Of each wrong statement Datasette would print all that is known, several hundred lines, where this is
    # installed.
    pm.get_plugin("datasette.handle_exception").rich = None
    if not pm.is_registered(plugin):
        pm.register(plugin, name="unionkb")
    site = Datasette(
        files=[str(path)],
        settings=SETTINGS,
        template_dir=str(_HERE / "templates"),
        static_mounts=[("static-unionkb", str(_HERE / "static"))],
    )
    # Not among the metadata of plugins, which Datasette shows to everybody.
    reviewing.take_reviews(site, write_token)
    return site


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises UserError where the port is taken."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UserError(f"cannot listen at {host}:{port}: {error.strerror or error}") from error


def serve(path: Path, listening: socket.socket, *, write_token: str | None = None) -> None:
    """Serve at the socket until stopped."""
    app = application(path, write_token=write_token).app()
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])
