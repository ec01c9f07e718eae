"""The web pages in a real browser: drawn, within the window, usable by keyboard, in two languages."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import small_kb

pytest.importorskip("datasette", reason="needs the extra `web`")

ARTICLE = small_kb._id("a1")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
TOKEN = "opensesame"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `unionkb serve`."""
    path = small_kb.fill(tmp_path_factory.mktemp("site") / "kb.sqlite")
    with subprocess.Popen(
        [sys.executable, "-m", "unionkb", "serve", "--db", str(path), "--port", "0"],
        env={**os.environ, "UNIONKB_WRITE_TOKEN": TOKEN},
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout
        yield server.stdout.readline().split()[0].rstrip("/")
        server.terminate()


def addresses(page: Any, site: str) -> list[str]:
    """One page of each kind, found as a reader finds them: by links."""
    page.goto(site + "/")
    found = ["/", "/search?q=慰问", f"/article/{ARTICLE}"]
    for kind in ("organisation", "programme"):
        found.append(page.locator(f"main a[href^='/{kind}/']").first.get_attribute("href"))
    page.goto(site + f"/article/{ARTICLE}")
    found.append(page.locator("a.mark").first.get_attribute("href"))
    return [*found, "/kb/facts", "/kb/largest_sums"]


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_whole(
    site: str, new_page: Callable[..., Any], screenshot: Any, locale: str, window: dict[str, int]
) -> None:
    page = new_page(locale=locale, viewport=window)
    for number, address in enumerate(addresses(page, site)):
        answer = page.goto(site + address)
        assert answer.status == 200, address
        assert page.locator("h1").count() >= 1, address
        figures = page.locator("figure.chart")
        if figures.count():
            page.wait_for_function(
                "document.querySelectorAll('figure.chart svg').length =="
                " document.querySelectorAll('figure.chart').length"
            )
        if "/kb/" not in address:  # Datasette's own tables are as wide as they are.
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        screenshot(page, f"site-{locale}-{window['width']}-{number}")


def test_the_keyboard_is_enough(site: str, page: Any) -> None:
    page.goto(site + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    page.goto(site + "/")
    for _ in range(3):  # past the skip link and the name of the site
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("慰问职工")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.locator("main mark").first.inner_text() == "慰问职工"


def test_the_language_is_kept(site: str, new_page: Callable[..., Any]) -> None:
    page = new_page(locale="zh-CN")
    page.goto(site + f"/article/{ARTICLE}")
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("link", name="中文").count() == 1
    page.goto(site + "/")
    assert page.get_by_role("link", name="Tables").count() == 1


def test_from_a_fact_in_the_text_to_its_page_and_back(site: str, page: Any) -> None:
    page.goto(site + f"/article/{ARTICLE}")
    words = page.locator("a.mark").first.inner_text()
    page.locator("a.mark").first.click()
    assert page.locator("blockquote mark").inner_text() == words
    page.locator("a[href*='#fact-']").first.click()
    assert page.locator("a.mark:target").inner_text() == words


def test_a_reviewer_corrects_a_fact(site: str, new_page: Callable[..., Any]) -> None:
    page = new_page(locale="en-GB")
    page.goto(site + f"/article/{ARTICLE}")
    page.get_by_role("link", name="Sign in to review").click()
    page.get_by_label("Your name").fill("李敏")
    page.get_by_label("Write token").fill(TOKEN)
    page.get_by_role("button", name="Sign in").click()
    page.goto(site + f"/article/{ARTICLE}")
    page.locator("a.mark").first.click()
    page.get_by_text("Correct fields").click()
    page.locator("select[name=status]").select_option("planned")
    page.locator("details input[name=reason]").fill("据后文为计划数")
    page.get_by_role("button", name="Save corrections").click()
    page.locator("#review").wait_for(state="attached")
    assert "据后文为计划数" in page.locator("main").inner_text()
    assert "corrected" in page.locator("main").inner_text()
