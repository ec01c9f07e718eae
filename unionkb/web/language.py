"""Which of the interface's languages a reader wants."""

from collections.abc import Mapping
from typing import Any

from unionkb.i18n import Language

LANGUAGES: Mapping[Language, str] = {"zh": "中文", "en": "English"}
COOKIE = "unionkb_language"


def wanted(asked: str | None, cookies: Mapping[str, str], accepted: str) -> Language:
    """The language asked for in the address, else the one chosen before, else what the browser prefers
    (the value of Accept-Language), else Chinese."""
    preferred = (part.split(";")[0].strip()[:2].lower() for part in accepted.split(","))
    for code in (asked, cookies.get(COOKIE), *preferred):
        for language in LANGUAGES:
            if code == language:
                return language
    return "zh"


def of(request: Any) -> Language:
    """The language of a request to Datasette."""
    return wanted(request.args.get("lang"), request.cookies, request.headers.get("accept-language", ""))
