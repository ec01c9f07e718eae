"""Who wrote it: the byline that opens a story, lines that hold only names, credits and signatures."""

import re
from typing import Final

from extract import words

_NAME: Final = r"[一-龥·]{1,12}"
_ROLES: Final = r"(?:记者|通讯员|实习生|作者|评论员|见习记者)"
_OUTLET: Final = (
    r"(?:本报|本网|本刊|本台|[一-龥A-Za-z·/“”]{1,16}"
    r"(?:报|网|社|台|客户端|频道|新闻|在线|发布|头条|融媒|中心|站|工会))"
)
_PLACE_DAY: Final = r"[一-龥]{0,8}?\s{0,2}(?:\d{1,4}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?\s{0,2}"
_DATELINE: Final = (
    rf"(?:{_OUTLET}{_PLACE_DAY}(?:综合)?(?<![通喜资简快音短问])(?:讯|(?<=[日\d ])电(?![子话视力信影]))"
    r"|[又另]讯|[晚早晨商工]报讯|本报综合消息)"
)
_PEOPLE: Final = (
    rf"[(](?:[^()]{{0,24}}{_ROLES}[^()]{{0,60}}|[一-龥]{{2,4}}(?:[ 、,]{{1,2}}[一-龥]{{2,4}}){{0,5}})[)]"
)
_REPORTED: Final = rf"见?[一-龥]{{0,8}}?{_ROLES}[^,。:;()“”]{{2,40}}?(?:报道|报$)"
LEAD: Final = re.compile(
    rf"(?:【[^】]{{1,12}}】\s{{0,2}})?(?:{_DATELINE}(?=[\s(:,“\"'‘]|$|[一-龥\d])(?:\s{{0,4}}{_PEOPLE}|\s{{0,4}}{_REPORTED})?"
    rf"|[(](?:[一-龥]{{0,8}}{_ROLES})[^()]{{1,60}}[)](?=\s{{0,4}}[^\s])"
    rf"|{_REPORTED}(?=[\s:“]))"
)
"""Matches the byline at the start of a story's first paragraph (folded text)."""
_AGAIN: Final = re.compile(r"[又另]讯")
_NAMES_FIRST: Final = re.compile(r"[(][一-龥]{2,4}(?:[ 、,]{1,2}[一-龥]{2,4}){1,5}[)](?=[一-龥“])")

_MARK: Final = r"[□■●○◆◇▲△◎★☆▪•·]"
_AUTHOR: Final = re.compile(
    rf"(?:{_MARK}\s{{0,3}}[一-龥]{{0,8}})?[(]?(?:文/?图?\s?[:/]?\s?)?[一-龥]{{0,6}}{_ROLES}[:\s]{{0,4}}[一-龥·\s、,/()]{{2,80}}?"
    r"(?:文/?图|图/?文|报道)?[)]?$"
)
_ROLE: Final = re.compile(_ROLES)
_BULLET_NAMES: Final = re.compile(
    r"[□■●◆◎▪]\s{0,3}([一-龥]{2,4}(?:[\s、,]{1,3}[一-龥]{2,4}){0,5})\s{0,3}(?:文/?图|报道)?$"
)
_BARE_NAMES: Final = re.compile(r"[一-龥]{2,4}$|[一-龥] [一-龥]$|[一-龥]{2,3}(?:[ 、][一-龥]{2,3}){1,3}$")
_BETWEEN: Final = re.compile(rf"[\s、,/:()]+|{_ROLES}")
_LONGEST_PART: Final = 9
_LONGEST_NAMES: Final = 15
_PLACE: Final = re.compile(r"[一-龥]+[县市区旗州盟镇乡村]$|[一-龥]+街道$")
_CREDIT: Final = re.compile(
    r"[(]?(?:图为.{0,60}|[^。]{0,40}[。 ])?"
    r"[^。,]{0,30}(?:摄影报道|摄影|摄|供图|图片由.{1,20}提供|图/.{1,12})[。)]{0,2}$"
)
_CREDIT_WORD: Final = re.compile("摄|供图|图片由|图/")
_SIGNATURE: Final = re.compile(
    r"[(—]{1,2}(?:作者|文|文/图|图/文|供稿|来源|完|\s){0,3}[:/]?\s{0,2}"
    r"(?:[^()。]{0,24}(?:记者|通讯员|工会|供稿|摄|实习生)[^()。]{0,40}"
    r"|(?P<names>[一-龥]{1,4}(?:[\s、,]{1,3}[一-龥]{1,4}){0,5})|完)\s{0,2}[)]?$"
)
_MARKED: Final = re.compile(r"[(□■●◆◎▪]\s{0,3}([^()。]{2,40}?)\s{0,3}(?:文/?图|报道)?(?:[)]|$)")
_SURNAMES: Final = frozenset(words.terms("surnames"))
_NOT_NAME: Final = r"(?![一-龥]{0,4}(?:记者|通讯员|实习生|摄|报道|文/))"
_ROLE_NAMES: Final = re.compile(
    r"(?P<role>记者|通讯员|实习生|作者)[:/\s]{0,4}"
    rf"(?P<names>[一-龥·]{{1,8}}(?:[ 、,/]{{1,4}}{_NOT_NAME}[一-龥·]{{1,8}}){{0,7}})"
)
_TAIL: Final = re.compile(r"(?:摄影报道|报道|报$|摄影|摄|文图|供图|供稿)+$")


def opens_story(plain: str) -> re.Match[str] | None:
    """The byline with which a paragraph opens, if it opens with one."""
    return LEAD.match(plain) or _NAMES_FIRST.match(plain)


def continues_headline(plain: str) -> bool:
    """True for `又讯`: a second story under the headline of the first."""
    return _AGAIN.match(plain) is not None


def is_author_line(plain: str) -> bool:
    """True for a line that holds only who wrote it: `本报记者 某某 通讯员 某某`, `■ 某某`."""
    if len(plain) > 90 or plain.endswith(("。", ";")):
        return False
    if _ROLE.search(plain) and _AUTHOR.match(plain):
        # 记者昨天从区总工会获悉 opens a sentence.
        return max(map(len, _BETWEEN.split(plain))) <= _LONGEST_PART
    bulleted = _BULLET_NAMES.match(plain)
    # ●景东县 heads the section of a county.
    return bool(
        bulleted and is_bare_name(_TAIL.sub("", bulleted[1]).strip()) and not _PLACE.match(bulleted[1])
    )


def is_bare_name(plain: str) -> bool:
    """True for a line that holds nothing but a personal name or two."""
    if len(plain) > _LONGEST_NAMES or not _BARE_NAMES.match(plain):
        return False
    return all(part[0] in _SURNAMES for part in _parts(plain))


def is_credit(plain: str) -> bool:
    """True for the line that signs a photograph."""
    return len(plain) <= 120 and bool(_CREDIT_WORD.search(plain)) and _CREDIT.match(plain) is not None


def ends_signed(plain: str) -> bool:
    """True when the paragraph ends in a signature in brackets."""
    tail = plain[-90:]
    cut = max(tail.rfind("("), tail.rfind("—("))
    if cut < 0 or not (signed := _SIGNATURE.match(tail[cut:])):
        return False
    # (元) and (部分) in the heading of a table are no names.
    return signed["names"] is None or is_bare_name(signed["names"])


def _parts(plain: str) -> list[str]:
    parts = [part for part in re.split(r"[\s、,/]+", plain) if part]
    if len(parts) == 2 and all(len(part) == 1 for part in parts):
        return ["".join(parts)]
    return parts


def names(text: str) -> str | None:
    """Personal names in a list, joined by one space: `某某、 某某` -> `某某 某某`."""
    found: list[str] = []
    for part in _parts(text):
        part = _TAIL.sub("", part)
        if 1 < len(part) <= 8:
            found.append(part)
        elif len(part) == 1 and found and len(found[-1]) == 1:
            found[-1] += part
        elif part:
            found.append(part)
    kept = [name for name in found if len(name) > 1]
    return " ".join(kept) or None


def people(plain: str) -> tuple[str | None, str | None]:
    """Reporters and correspondents named in a byline, author line or signature."""
    authors: list[str] = []
    correspondents: list[str] = []
    for match in _ROLE_NAMES.finditer(plain):
        found = names(match["names"])
        if found:
            (correspondents if match["role"] == "通讯员" else authors).append(found)
    return " ".join(authors) or None, " ".join(correspondents) or None


def bracketed_names(plain: str) -> str | None:
    """Names in `(某某 某某)` or after `■` where no role is given, else None."""
    marked = _MARKED.search(plain)
    if not marked:
        return names(plain) if is_bare_name(plain) else None
    inner = re.sub(r"^(?:文/图|图/文|作者|文|供稿)[:/\s]*", "", marked[1].strip())
    return names(inner) if is_bare_name(inner) else None


def lead_people(plain: str) -> str:
    """The part of a story's first paragraph that names people; empty where it names none."""
    match = opens_story(plain)
    return match[0] if match else ""
