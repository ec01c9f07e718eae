"""The hooks by which Datasette shows our pages beside its own."""

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, get_args
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from datasette import NotFound, Response, hookimpl
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError
from markupsafe import Markup

from extract.model import KINDS, Bound, Per, Status
from extract.programmes import categories
from unionkb import charts, i18n, search
from unionkb.web import describe, drawn, functions, language, queries, reviewing
from unionkb.web.cache import Cache
from unionkb.web.pages import article, fact, found, front, organisation, programme

Load = Callable[[sqlite3.Connection, "Asked"], dict[str, Any] | None]
"""What a page shows; None where there is no such page."""


class Asked(NamedTuple):
    """What a page needs to know of a request."""

    id: str
    """The part of the address that says which one."""
    arguments: Any
    language: i18n.Language
    cache: Cache


def _front(db: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    def make() -> dict[str, Any]:
        return {**front.load(db), "charts": drawn.of_all(db, drawn.FRONT, asked.language)}

    shown: dict[str, Any] = asked.cache.get(("front", asked.language), make)
    return shown


def _search(db: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    kept = [(name, asked.arguments.get(name, "")) for name in ("q", *found.FILTERS)]
    return {**found.load(db, asked.arguments), "query": urlencode(kept) + "&"}


def _organisation(db: sqlite3.Connection, asked: Asked) -> dict[str, Any] | None:
    shown = organisation.load(db, asked.id, asked.arguments)
    if shown:
        name = shown["organisation"]["name"]
        shown["charts"] = drawn.of_organisation(db, asked.id, asked.language, name)
    return shown


def _programme(db: sqlite3.Connection, asked: Asked) -> dict[str, Any] | None:
    shown = programme.load(db, asked.id, asked.arguments)
    if shown:
        subject = i18n.category(asked.id, asked.language)
        shown["charts"] = asked.cache.get(
            ("programme", asked.id, asked.language),
            lambda: drawn.of_programme(db, asked.id, asked.language, subject),
        )
    return shown


_ID = "(?P<id>[0-9a-f]{16})"
PAGES: dict[str, tuple[str, Load]] = {
    "^/$": ("front", _front),
    "^/search$": ("search", _search),
    f"^/organisation/{_ID}$": ("organisation", _organisation),
    "^/programme/(?P<id>[a-z_]+)$": ("programme", _programme),
    f"^/article/{_ID}$": ("article", lambda db, asked: article.load(db, asked.id)),
    f"^/fact/{_ID}$": ("fact", lambda db, asked: fact.load(db, asked.id)),
}
_CHOICES = {
    "programme": categories(),
    "kind": KINDS,
    "bound": get_args(Bound),
    "status": get_args(Status),
    "per": get_args(Per),
}
_CACHES: WeakKeyDictionary[Any, Cache] = WeakKeyDictionary()


def _asked(datasette: Any, request: Any) -> Asked:
    if datasette not in _CACHES:
        _CACHES[datasette] = Cache(Path(datasette.get_database().path))
    return Asked(request.url_vars.get("id", ""), request.args, language.of(request), _CACHES[datasette])


def _view(template: str, load: Load) -> Callable[..., Any]:
    async def view(datasette: Any, request: Any) -> Response:
        asked = _asked(datasette, request)

        def load_any(db: sqlite3.Connection) -> dict[str, Any] | None:
            limited = functions.unlimited(db)  # Texts of any length can be read.
            try:
                return load(db, asked)
            finally:
                limited()

        shown = await datasette.get_database().execute_fn(load_any)
        if shown is None:
            raise NotFound(request.path)
        html = await datasette.render_template(
            f"unionkb_{template}.html", {**shown, "own_page": True}, request=request
        )
        response = Response.html(html, headers=_HEADERS)
        if request.args.get("lang") in language.LANGUAGES:
            response.set_cookie(language.COOKIE, asked.language, max_age=31_536_000)
        return response

    return view


def _scripts() -> Response:
    """The scripts that draw charts. They change only with the installed package."""
    return Response(
        charts.bundle(),
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "max-age=86400"},
    )


# Nothing on a page comes from elsewhere, and no script but ours runs.
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
    " script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'",
    "Vary": "Cookie, Accept-Language",
}


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    search.register(conn)
    functions.limit(conn)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    pages = [(pattern, _view(template, load)) for pattern, (template, load) in PAGES.items()]
    return [
        *pages,
        ("^/static-unionkb/vega.js$", _scripts),
        ("^/-/sign-in$", reviewing.sign_in),
        (f"^/fact/{_ID}/review$", reviewing.of_fact),
        (f"^/article/{_ID}/review$", reviewing.of_article),
    ]


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
        "about_table": lambda name: describe.table(name, chosen),
        "column_title": lambda name: describe.column(name, chosen),
        "language": chosen,
        "stored_queries": queries.stored(chosen),
        "chart_options": json.dumps(dict(charts.EMBED_OPTIONS)),
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
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """The words of the reader's language, on Datasette's own pages too, and what a reviewer may choose."""
    if request is None:
        return {}
    others = [(code, name, _in_language(request, code)) for code, name in language.LANGUAGES.items()]
    return {
        **_words(language.of(request)),
        "languages": others,
        "takes_reviews": reviewing.token(datasette) is not None,
        "reviewer": reviewing.reviewer(request),
        "choices": _CHOICES,
    }


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Datasette's own pages run no script either but those that come with us."""
    policy = ("content-security-policy", _HEADERS["Content-Security-Policy"])

    def wrap(app: Any) -> Any:
        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            async def send_guarded(event: Any) -> None:
                if event["type"] == "http.response.start":
                    headers = event.get("headers", [])
                    names = [name.lower() for name, _ in headers]
                    if policy[0].encode() not in names:
                        event = {**event, "headers": [*headers, tuple(each.encode() for each in policy)]}
                await send(event)

            await app(scope, receive, send_guarded)

        return wrapped

    return wrap


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Callable[[], Any]:
    """Errors in the reader's language."""

    async def page() -> Response | None:
        if request.path.endswith((".json", ".csv")) or not isinstance(exception, Base400 | DatasetteError):
            return None
        status = exception.status
        html = await datasette.render_template(
            "error.html",
            {
                "status": status,
                "title": getattr(exception, "title", None),
                "error": getattr(exception, "message", None) or str(exception),
                "own_page": True,
            },
            request=request,
        )
        return Response.html(html, status=status, headers=_HEADERS)

    return page


@hookimpl
def render_cell(value: Any, column: str) -> Any:
    """In Datasette's tables an id leads to its page."""
    kind = column.removesuffix("_id")
    if kind in ("fact", "article", "organisation") and re.fullmatch("[0-9a-f]{16}", str(value)):
        return Markup(f'<a href="/{kind}/{value}">{value}</a>')
    return None


@hookimpl
def canned_queries() -> dict[str, dict[str, str]]:
    return queries.stored("both")
