"""Signing in with the write token, and taking down what a reviewer says. The only place that writes."""

import asyncio
import hmac
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from datasette import Forbidden, Response

from unionkb import review, store
from unionkb.errors import UserError

NAME = "reviewer"

_TOKENS: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def take_reviews(datasette: Any, write_token: str | None) -> None:
    """Let those who know the token correct facts; without one nobody may."""
    if write_token:
        _TOKENS[datasette] = write_token


def token(datasette: Any) -> str | None:
    """The write token this server was given."""
    return _TOKENS.get(datasette)


def reviewer(request: Any) -> str | None:
    """The name of whoever signed in."""
    name: str | None = (request.actor or {}).get(NAME) if request is not None else None
    return name


async def sign_in(datasette: Any, request: Any) -> Response:
    """A form for name and token; with the right token the name is kept in a signed cookie."""
    known = token(datasette)
    if known is None:
        raise Forbidden("This server takes no corrections: it was started without a write token.")
    wrong = False
    if request.method == "POST":
        said = await request.post_vars()
        name = said.get("name", "").strip()
        if name and hmac.compare_digest(said.get("token", "").encode(), known.encode()):
            response = Response.redirect("/")
            actor = {"id": name, NAME: name}
            response.set_cookie(
                "ds_actor", datasette.sign({"a": actor}, "actor"), httponly=True, samesite="lax"
            )
            return response
        wrong = True
    html = await datasette.render_template(
        "unionkb_sign_in.html", {"wrong": wrong, "own_page": True}, request=request
    )
    return Response.html(html, status=403 if wrong else 200)


async def of_fact(datasette: Any, request: Any) -> Response:
    """Take down a review of a fact, and show the fact again."""
    fact_id = request.url_vars["id"]
    said = await _said(request)
    action = said.get("action", "")
    fields = {}
    if action == "correct":
        # What the form shows is what the fact says; only what differs is a correction.
        fields = {
            name: said[name].strip() or None
            for name in review.FIELDS
            if name in said and said[name].strip() != said.get(f"was_{name}", "").strip()
        }
    await _take(datasette, request, fact_id=fact_id, action=action, fields=fields, reason=said.get("reason"))
    return Response.redirect(f"/fact/{fact_id}")


async def of_article(datasette: Any, request: Any) -> Response:
    """Take down a fact that was missed, and show its article again."""
    article_id = request.url_vars["id"]
    said = await _said(request)
    found = await datasette.get_database().execute(
        "SELECT body FROM article WHERE article_id = ?", [article_id]
    )
    body = found.first()["body"] if found.rows else ""
    try:
        start, end = place(body, said.get("quote", ""), said.get("around", ""))
    except UserError as error:
        datasette.add_message(request, str(error), datasette.ERROR)
        return Response.redirect(f"/article/{article_id}#add")
    fields = {name: said[name].strip() for name in review.FIELDS if said.get(name, "").strip()}
    await _take(
        datasette, request, article_id=article_id, start=start, end=end, action="add", fields=fields,
        reason=said.get("reason"),
    )  # fmt: skip
    return Response.redirect(f"/article/{article_id}")


def place(body: str, quote: str, around: str) -> tuple[int, int]:
    """Where the words of a fact stand: once in the body, or once in the words `around` them, which stand once
    in the body. Raises UserError."""
    quote, around = quote.strip(), around.strip() or quote.strip()
    if not quote:
        raise UserError("which words say it?")
    if quote not in around:
        raise UserError(f"“{quote}” does not stand in “{around}”")
    for text, where in ((body, around), (around, quote)):
        times = text.count(where)
        if times != 1:
            raise UserError(
                f"“{where}” stands {times} times in the text; give some words around it that stand once"
            )
    start = body.index(around) + around.index(quote)
    return start, start + len(quote)


async def _said(request: Any) -> dict[str, str]:
    if reviewer(request) is None:
        raise Forbidden("Sign in to correct facts.")
    if request.method != "POST":
        raise Forbidden("Corrections are posted.")
    said: dict[str, str] = await request.post_vars()
    return said


async def _take(datasette: Any, request: Any, **said: Any) -> None:
    path = Path(datasette.get_database().path)
    name = reviewer(request)

    def take(_: Any) -> None:
        # Datasette's own connections can only read.
        with store.open(path, write=True) as kb:
            kb.counts = False
            review.add(kb, reviewer=str(name), **said)

    try:
        await datasette.get_database().execute_fn(take)
    except UserError as error:
        datasette.add_message(request, str(error), datasette.ERROR)
    else:
        # Seconds for a million facts: the reviewer need not wait for it.
        asyncio.get_running_loop().run_in_executor(None, _count, path)


def _count(path: Path) -> None:
    with suppress(UserError):
        store.open(path, write=True).close()
