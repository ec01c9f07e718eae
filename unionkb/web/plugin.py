"""The hooks by which Datasette shows our pages beside its own."""

import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from datasette import NotFound, Response, hookimpl

from unionkb import i18n
from unionkb.web import language, queries
from unionkb.web.pages import article, fact, front, organisation, programme

Load = Callable[[sqlite3.Connection, Any], dict[str, Any] | None]
"""What a page shows, from a read-only connection and the request; None where there is no such page."""

PAGES: dict[str, tuple[str, Load]] = {
    r"^/$": ("front", lambda db, request: front.load(db)),
    r"^/organisation/(?P<id>[0-9a-f]{16})$": (
        "organisation",
        lambda db, request: organisation.load(db, request.url_vars["id"], request.args),
    ),
    r"^/programme/(?P<id>[a-z_]+)$": (
        "programme",
        lambda db, request: programme.load(db, request.url_vars["id"], request.args),
    ),
    r"^/article/(?P<id>[0-9a-f]{16})$": (
        "article",
        lambda db, request: article.load(db, request.url_vars["id"]),
    ),
    r"^/fact/(?P<id>[0-9a-f]{16})$": ("fact", lambda db, request: fact.load(db, request.url_vars["id"])),
}


def _view(template: str, load: Load) -> Callable[..., Any]:
    async def view(datasette: Any, request: Any) -> Response:
        shown = await datasette.get_database().execute_fn(lambda db: load(db, request))
        if shown is None:
            raise NotFound(request.path)
        html = await datasette.render_template(
            f"unionkb_{template}.html", {**shown, "own_page": True}, request=request
        )
        response = Response.html(html, headers=_HEADERS)
        if request.args.get("lang") in language.LANGUAGES:
            response.set_cookie(language.COOKIE, request.args["lang"], max_age=31_536_000)
        return response

    return view


# Nothing on a page comes from elsewhere, and no script but ours runs (Vega needs to make functions).
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
    " script-src 'self' 'unsafe-eval'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'",
    "Vary": "Cookie, Accept-Language",
}


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return [(pattern, _view(template, load)) for pattern, (template, load) in PAGES.items()]


@hookimpl
def extra_css_urls() -> list[str]:
    return ["/static-unionkb/unionkb.css"]


def _words(chosen: i18n.Language) -> dict[str, Any]:
    """What templates call to say something in a language."""
    return {
        "t": lambda key, **values: i18n.text(key, chosen, **values),
        "label": lambda column, value: i18n.label(column, value, chosen),
        "category": lambda key: i18n.category(key, chosen),
        "number": lambda value: i18n.number(value, chosen),
        "money": lambda value: i18n.money(value, chosen),
        "language": chosen,
        "stored_queries": queries.stored(chosen),
    }


def _in_language(request: Any, code: str) -> str:
    """The address of the same page in another language."""
    kept = [(key, value) for key in request.args for value in request.args.getlist(key) if key != "lang"]
    return f"{request.path}?{urlencode([*kept, ('lang', code)])}"


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    # Error pages get no variables of plugins.
    env.globals.update(_words("zh"), languages=[], database_path=f"/{datasette.get_database().route}")


@hookimpl
def extra_template_vars(request: Any) -> dict[str, Any]:
    """The words of the reader's language, on Datasette's own pages too."""
    if request is None:
        return {}
    others = [(code, name, _in_language(request, code)) for code, name in language.LANGUAGES.items()]
    return {**_words(language.of(request)), "languages": others}


@hookimpl
def canned_queries() -> dict[str, dict[str, str]]:
    return queries.stored("both")
