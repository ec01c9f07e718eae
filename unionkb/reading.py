"""What was stored or found as bytes -> text -> drafts -> articles and facts; the same for files and pages of
the archive."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from crawler import pages
from crawler.decode import NotText, decode
from crawler.pages.bounds import TooBig
from extract.model import Draft, Reading
from unionkb.errors import StoreError, UserError

SUFFIXES = frozenset({".txt", ".html", ".htm", ".shtml", ".xhtml"})
"""What is read in folders. A file named outright is read whatever it is called."""

Reader = Callable[[Sequence[Draft]], list[Reading]]
"""Drafts of a document -> its articles with their facts."""


class Unreadable(UserError):
    """A document that cannot be read; the message says why, in one line, without its name."""


@dataclass(frozen=True, slots=True)
class Text:
    """A page, decoded, with what is known of it already."""

    text: str
    media_type: str
    encoding: str
    uri: str
    cms: str | None = None
    """CMS family whose layout it has; None where unknown."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """What the page that linked to it says of it."""


def document_uri(document: str) -> str:
    """The URI of a document: a URL as it is, the name of a file as `file:///name`."""
    return document if "://" in document else f"file:///{quote(document)}"


def text(
    data: bytes,
    document: str,
    *,
    media_type: str | None = None,
    charset: str | None = None,
    cms: str | None = None,
    hints: Mapping[str, str] | None = None,
) -> Text:
    """The bytes of a document as text; `charset` is what they are said to be in. Raises Unreadable for empty,
    binary and undecodable data."""
    try:
        decoded = decode(data, f"text/html; charset={charset}" if charset else None)
    except NotText as error:
        raise Unreadable(str(error)) from error
    if media_type is None:
        media_type = "text/html" if _is_html(decoded.text, document) else "text/plain"
    return Text(decoded.text, media_type, decoded.encoding, document_uri(document), cms, hints or {})


def drafts(parts: Sequence[Text]) -> list[Draft]:
    """The drafts of a document: of an HTML page those on it, of a text file the text. Parts become one."""
    if parts[0].media_type != "text/html":
        return [Draft(part.text) for part in parts]
    found = [pages.read(part.text, part.uri, part.cms, part.hints) for part in parts]
    found = [found[0], *(more for more in found[1:] if more)]
    if len(found) > 1 and all(len(on_page) == 1 for on_page in found):
        return [pages.join([on_page[0] for on_page in found])]
    return [draft for on_page in found for draft in on_page]


def read_drafts(drafts: Sequence[Draft]) -> list[Reading]:
    """Articles and facts of a document; an empty list where there is no article."""
    # Here, because the rules and word lists take a moment to load, and errors in the paths should not wait.
    from extract.pipeline import read_page

    return read_page(drafts)


def failure(error: Exception) -> str:
    """Why a document could not be read, in one line. What is no failure of one document is raised again."""
    if isinstance(error, StoreError):
        raise error
    if isinstance(error, UserError | TooBig):
        return str(error)
    # A mistake of ours in one document must not cost a night's run.
    return mistake(error)


def mistake(error: BaseException) -> str:
    """What to say of an error that is ours, in one line."""
    what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return f"unionkb failed on it, please report this: {what}"


def _is_html(content: str, document: str) -> bool:
    suffix = PurePosixPath(urlsplit(document_uri(document)).path).suffix.lower()
    if suffix in SUFFIXES:
        return suffix != ".txt"
    return content[:1000].lstrip().lower().startswith(("<!doctype html", "<html"))
