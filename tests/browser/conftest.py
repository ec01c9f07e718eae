"""Tests in a real browser: Chromium as the system has it, driven by Playwright, with no network.

A page that asks for anything from another machine fails its test, and so does one whose scripts raise. Set
UNIONKB_SCREENSHOTS to a folder to get the pictures that tests take.
"""

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HERE = Path(__file__).parent
SAFE_SCHEMES = ("about", "blob", "data")
LOCAL = ("127.0.0.1", "localhost")


def executable() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def missing() -> str | None:
    """Why there can be no tests in a browser; None where there can."""
    try:
        import playwright  # noqa: F401
    except ModuleNotFoundError:
        return "Playwright is not installed: pip install -e '.[dev]'"
    if executable() is None:
        return f"no browser found ({', '.join(BROWSERS)}); Debian: apt-get install chromium fonts-noto-cjk"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = missing()
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", ()) if "browser" in report.keywords]
    if skipped and missing():
        terminalreporter.write_line(
            f"NOT TESTED in a browser ({len(skipped)} tests): {missing()}", yellow=True
        )


# Of a module: Playwright keeps an event loop running for as long as it lives, and other tests have their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(),
            # Chromium's sandbox does not work for root.
            chromium_sandbox=os.getuid() != 0 if hasattr(os, "getuid") else True,
            args=[
                "--disable-background-networking",
                "--disable-component-update",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            ],
        )
        yield browser
        browser.close()


class Watch:
    """Opens pages, and notes what they ask for elsewhere and what their scripts raise."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.contexts: list[Any] = []
        self.foreign: list[str] = []
        self.errors: list[str] = []

    def new_page(self, **options: Any) -> Any:
        """A page with cookies of its own; the options are those of Playwright's `new_context`, such as
        `locale` and `viewport`."""
        context = self.browser.new_context(service_workers="block", **options)
        self.contexts.append(context)
        context.route("**/*", self._guard)
        context.route_web_socket(re.compile(""), lambda socket: self.foreign.append(socket.url))
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.set_default_timeout(10_000)
        return page

    def _guard(self, route: Any) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in SAFE_SCHEMES or address.hostname in LOCAL:
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def _console(self, said: Any) -> None:
        if "Content Security Policy" in said.text:
            self.errors.append(said.text)


@pytest.fixture
def watch(browser: Any) -> Iterator[Watch]:
    """What was noted of any page fails the test at its end."""
    watch = Watch(browser)
    yield watch
    for context in watch.contexts:
        context.close()
    assert not watch.foreign, "asked for from elsewhere"
    assert not watch.errors, "raised in a page"


@pytest.fixture
def new_page(watch: Watch) -> Callable[..., Any]:
    """Opens a page, see Watch."""
    return watch.new_page


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """A page of a window for desks."""
    return new_page(viewport={"width": 1280, "height": 900})


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[..., bytes]:
    """Takes a picture of a whole page, and keeps it where UNIONKB_SCREENSHOTS says."""

    def screenshot(page: Any, name: str | None = None) -> bytes:
        picture: bytes = page.screenshot(full_page=True)
        if folder := os.environ.get("UNIONKB_SCREENSHOTS"):
            file = (
                Path(folder) / f"{re.sub(r'[^A-Za-z0-9-]+', '_', name or request.node.name).strip('_')}.png"
            )
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(picture)
        return picture

    return screenshot


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Serves texts by path on this machine until the test ends: `serve({"/": "<p>"}, headers)` gives the
    address without a slash at its end."""
    with _serving() as serve:
        yield serve


@contextmanager
def _serving() -> Iterator[Callable[..., str]]:
    servers: list[ThreadingHTTPServer] = []
    types = {".js": "text/javascript", ".json": "application/json"}

    def serve(texts: Mapping[str, str], headers: Mapping[str, str] = {}) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                body = texts.get(path, "").encode()
                self.send_response(200 if path in texts else 404)
                kind = types.get(Path(path).suffix, "text/html")
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    try:
        yield serve
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
