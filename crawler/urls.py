"""One spelling for each address: what leads to the same page is the same string.

Whether a host answers to http or https, with or without `www.`, depends on the outlet: see
`Source.canonical`.
"""

import re
from urllib.parse import SplitResult, unquote_plus, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

LONGEST = 2000
"""Characters; longer addresses are left as they are, and match no source."""

TRACKING = frozenset(
    (
        *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id"),
        *("spm", "spm_id_from", "scm", "from", "from_source", "tt_from", "share_from", "share_token"),
        *("isappinstalled", "nsukey", "wxshare_count", "gclid", "fbclid", "msclkid", "hmsr", "_t_t_t"),
        *("jsessionid", "phpsessid"),
        # Founder e-papers: which of two columns shows the article.
        "div",
    )
)
"""Names of parameters that say how a reader came to a page, not which page it is; letter case is ignored."""

_DEFAULT_PORTS = {"http": "80", "https": "443"}
_STRAY = re.compile(r"[\x00-\x20\x7f\u200b\ufeff]+")
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/?;]*", re.I)
_BIG5 = re.compile(r"/big5/(?=(\d)|n\d?/)", re.I)
"""Traditional-character twins of people.com.cn: articles are under /n1/, lists under /GB/ in the original."""
_GATE = re.compile(r"/gate/big5/([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?=/|$)", re.I)
"""Gateways that turn another host's pages into traditional characters."""
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|shtml|php|jsp|aspx?)$", re.I)
_DAY_FOLDER = re.compile(r"/\d{4}-?\d\d/?-?\d\d/(?:[a-z]{1,10}/)?[^/]*$", re.I)
"""E-paper systems answer to the name of an issue's first page; whether also to its folder is not known."""


def canonical(url: str) -> str:
    """The address without tracking and session parameters, fragment, default port and credentials; host in
    lower case, parameters sorted, escapes in one form; the original of a /BIG5/ twin; `/` for an index page.

    Applied twice it changes nothing. What is no http or https address comes back as it is, without spaces at
    its ends.
    """
    given = url.strip()
    url = given
    # A gateway may lead to a gateway; each round takes one away. Few addresses need a second round.
    for _ in range(4):
        try:
            once = _once(url)
        except ValueError:
            return given
        if once is None:
            return given
        if once == url:
            break
        url = once
    return url


def _once(url: str) -> str | None:
    url = _STRAY.sub("", url) if len(url) <= LONGEST else ""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    host, path = _host(parts, scheme), _SESSION.sub("", parts.path)
    if gate := _GATE.match(path):
        host, path = gate.group(1).lower(), path[gate.end() :]
    path = _BIG5.sub(lambda twin: "/GB/" if twin.group(1) else "/", path, count=1)
    if not parts.query and not _DAY_FOLDER.search(path):
        path = _INDEX.sub("/", path)
    query = "&".join(pair for pair in parts.query.split("&") if not _tracks(pair))
    return canonicalize_url(urlunsplit((scheme, host, path or "/", query, "")))


def _tracks(pair: str) -> bool:
    return unquote_plus(pair.partition("=")[0]).strip().lower() in TRACKING


def _host(parts: SplitResult, scheme: str) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    return host if port is None or str(port) == _DEFAULT_PORTS[scheme] else f"{host}:{port}"
