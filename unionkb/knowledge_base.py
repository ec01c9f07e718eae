"""The knowledge base in a notebook or script: rows as dictionaries, or as pandas data frames.

from unionkb import KnowledgeBase

with KnowledgeBase("kb.sqlite") as kb:
    for fact in kb.facts(region="浙江", year=2023):
        print(fact["organisation"], fact["value"], fact["unit"], fact["quote"])
"""

import html
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from unionkb import query, store, tables
from unionkb.errors import UserError
from unionkb.row_types import (
    Article,
    Claim,
    Conflict,
    Evidence,
    Fact,
    Organisation,
    Programme,
    Quantity,
    Reprint,
    Review,
)
from unionkb.sql import records

if TYPE_CHECKING:
    import pandas

    from unionkb.search import Hit

Day = date | str
"""A day, also as text: `2023-05-01`."""

_SHOWN = 10
"""Rows of a table in a notebook."""


_EVIDENCE = """
SELECT
    fact.fact_id, fact.quote,
    substr(article.body, fact.sentence_start + 1, fact.sentence_end - fact.sentence_start) AS sentence,
    fact.char_start, fact.char_end, fact.sentence_start, fact.sentence_end,
    article.article_id, article.title, article.published, article.newspaper, article.body,
    page.document, page.source_id, source.name AS source, article.page_number,
    page.digest, page.warc_file, page.warc_offset, page.stored_at, fact.rule, page.extractor_version
FROM fact
JOIN article ON article.article_id = fact.article_id
JOIN page ON page.page_id = article.page_id
JOIN source ON source.source_id = page.source_id
WHERE fact.fact_id = ?
"""

Row = TypeVar("Row", bound=Mapping[str, Any])
_Convert = Callable[[Any], Any]
_FROM_TEXT: dict[str, _Convert] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "boolean": bool,
}


class Rows(Generic[Row]):
    """Rows of the knowledge base, read when they are asked for: each `for` asks anew.

    `rows.count()` counts them, `list(rows)` takes all into memory, `rows.to_pandas()` makes a data frame. A
    notebook shows the first ten. There is no `len()`: `list` would call it, and ask everything twice."""

    def __init__(
        self,
        kb: store.Store,
        statement: str,
        values: Mapping[str, Any] | Iterable[Any],
        kinds: Mapping[str, str] | None = None,
    ) -> None:
        self._kb, self._statement, self._kinds = kb, statement, dict(kinds or {})
        self._values = values if isinstance(values, Mapping) else list(values)

    def __iter__(self) -> Iterator[Row]:
        convert = {name: _FROM_TEXT[kind] for name, kind in self._kinds.items() if kind in _FROM_TEXT}
        for row in self._read(self._statement):
            for name, of_text in convert.items():
                if row[name] is not None:
                    row[name] = of_text(row[name])
            yield cast(Row, row)

    def count(self) -> int:
        """How many there are."""
        (row,) = self._read(f"SELECT count(*) AS n FROM ({self._statement})")
        return int(row["n"])

    def _read(self, statement: str) -> Iterator[dict[str, Any]]:
        with store.explained(self._kb.path):
            yield from records(self._kb.db.conn.execute(statement, self._values))

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None

    def first(self) -> Row | None:
        """The first row, or None."""
        return next(iter(self), None)

    def to_pandas(self) -> "pandas.DataFrame":
        """A data frame with a type for each column: datetime64 for dates, boolean, Int64, Float64 and string,
        with missing values as <NA> or NaT. Raises UserError when pandas is missing."""
        try:
            import pandas
        except ImportError as error:
            raise UserError("data frames need pandas: pip install 'unionkb[data]'") from error
        with store.explained(self._kb.path):
            cursor = self._kb.db.conn.execute(self._statement, self._values)
            names = [column[0] for column in cursor.description]
            frame = pandas.DataFrame(cursor.fetchall(), columns=names)
        for name, kind in self._kinds.items():
            if kind == "date":
                frame[name] = pandas.to_datetime(frame[name], format="%Y-%m-%d")
            elif kind == "datetime":
                frame[name] = pandas.to_datetime(frame[name])
            else:
                frame[name] = frame[name].astype(_PANDAS.get(kind, "string"))
        return frame

    def __repr__(self) -> str:
        count = self.count()
        return f"<{count} row{'' if count == 1 else 's'}>"

    def _repr_html_(self) -> str:
        shown = [row for row, _ in zip(self, range(_SHOWN), strict=False)]
        if not shown:
            return "<p>no rows</p>"
        head = "".join(f"<th>{html.escape(name)}</th>" for name in shown[0])
        lines = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_shown(value))}</td>" for value in row.values()) + "</tr>"
            for row in shown
        )
        count = self.count()
        rest = f"<p>{len(shown)} of {count} rows</p>" if count > len(shown) else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>{rest}"


_PANDAS = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


def _shown(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


class KnowledgeBase:
    """A knowledge base, open for reading. Use it as a context manager, or call `close`.

    Raises StoreError, one line that says what is wrong, when the file cannot be opened."""

    def __init__(self, path: Path | str) -> None:
        self._kb = store.open(path)
        self._kb.db.conn.set_authorizer(_only_reading)

    @property
    def path(self) -> Path:
        return self._kb.path

    def facts(
        self,
        *,
        organisation: str | None = None,
        region: str | None = None,
        programme: str | None = None,
        kind: str | None = None,
        year: int | None = None,
        status: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
        reprints: bool = False,
        limit: int | None = None,
    ) -> Rows[Fact]:
        """Facts that match all that is asked, those of the newest article first; the words are those of
        `unionkb facts`.

        `organisation`: part of its name, or an alias in full. `region`: the beginning of a name, or a code;
        what lies below counts too. `programme`: a category, or part of a programme's name. `year`, `since`,
        `until`: the fact's time touches them; where it has none, the publication date. `reprints`: also the
        facts of reprints, which would be counted twice."""
        wanted = query.Filter(
            organisation, region, programme, kind, year, status, reprints, _day(since), _day(until)
        )
        statement, values = query.statement(wanted, limit)
        return Rows(self._kb, statement, values, _kinds("facts"))

    def fact(self, fact_id: str) -> Fact | None:
        """One fact by its identifier, or None."""
        rows: Rows[Fact] = self._select("facts", {"fact_id": fact_id}, "fact_id")
        return rows.first()

    def evidence(self, fact_id: str) -> Evidence:
        """Where a fact is stated: the sentence, the article, the address of its page, the offsets, and where
        the raw page is kept. Raises KeyError for an identifier that is not known."""
        kinds = {"published": "date", "stored_at": "datetime"}
        found: Rows[Evidence] = Rows(self._kb, _EVIDENCE, [fact_id], kinds)
        evidence = found.first()
        if evidence is None:
            raise KeyError(fact_id)
        return evidence

    def articles(
        self,
        *,
        source: str | None = None,
        newspaper: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
        reprints: bool = False,
        limit: int | None = None,
    ) -> Rows[Article]:
        """Articles, the newest first. `source` is a key of `sources`; `since` and `until` are days of
        publication."""
        asked = {"source_id": source, "newspaper": newspaper}
        more = {"published >= :since": _day(since), "published <= :until": _day(until)}
        if not reprints:
            more["is_reprint = :original"] = "0"
        order = "published IS NULL, published DESC, document, sequence, article_id"
        return self._select("articles", asked, order, more, limit)

    def article(self, article_id: str) -> Article | None:
        """One article by its identifier, or None."""
        rows: Rows[Article] = self._select("articles", {"article_id": article_id}, "article_id")
        return rows.first()

    def quantities(
        self,
        *,
        organisation: str | None = None,
        region: str | None = None,
        programme: str | None = None,
        kind: str | None = None,
        year: int | None = None,
        status: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
        limit: int | None = None,
    ) -> Rows[Quantity]:
        """Quantities, each once however many articles claim it, the newest first. The filters are those of
        `facts`, and speak of the claim that stands for the quantity (`picked_because` says why it does). What
        `is_counted` and not `is_cumulative` may be added up by `measure`."""
        wanted = query.Filter(
            organisation, region, programme, kind, year, status, True, _day(since), _day(until)
        )
        where, values = query.where(wanted)
        statement = (
            f"SELECT * FROM quantities WHERE {where}"
            " ORDER BY published IS NULL, published DESC, document, group_id LIMIT :limit"
        )
        values["limit"] = -1 if limit is None else limit
        return Rows(self._kb, statement, values, _kinds("quantities"))

    def claims(self, *, fact_id: str | None = None, group_id: str | None = None) -> Rows[Claim]:
        """Claims, by quantity, those of one the first published first: all, those of the quantity `group_id`,
        or those of the quantity that the fact claims, itself among them."""
        if fact_id is not None:
            more = {"group_id = (SELECT group_id FROM claim WHERE fact_id = :fact)": fact_id}
        else:
            more = {"group_id = :group_id": group_id} if group_id is not None else {}
        order = "group_id, is_repeat, published IS NULL, published, fact_id"
        return self._select("claims", {}, order, more)

    def conflicts(
        self,
        *,
        organisation: str | None = None,
        programme: str | None = None,
        kind: str | None = None,
        fact_id: str | None = None,
    ) -> Rows[Conflict]:
        """Pairs of claims that cannot both be right. `organisation`: part of its name; `programme`: a
        category; `fact_id`: a fact on either side."""
        equal = {"programme": programme, "kind": kind}
        more = {
            "instr(organisation, :organisation)": organisation,
            "fact_id IN (SELECT fact_id FROM claim WHERE period_key = "
            "(SELECT period_key FROM claim WHERE fact_id = :fact)) AND :fact IN (fact_id, other_fact_id)": (
                fact_id
            ),
        }
        return self._select("conflicts", equal, "organisation, programme, fact_id, other_fact_id", more)

    def reprints(self, *, article_id: str | None = None) -> Rows[Reprint]:
        """The prints of texts that were printed several times, the first one first; or those of the text of
        one article, itself among them."""
        more = {"cluster_id = (SELECT cluster_id FROM article WHERE article_id = :article)": article_id}
        order = "cluster_id, is_reprint, published IS NULL, published, article_id"
        return self._select("reprints", {}, order, more)

    def reviews(self, *, state: str | None = None, fact_id: str | None = None) -> Rows[Review]:
        """What people said of facts, the oldest first: all, what is in a state (`in force`, `overruled`,
        `withdrawn`, `unmatched`), or the history of a fact."""
        return self._select("reviews", {"state": state, "fact_id": fact_id}, "made_at, review_id")

    def search(
        self,
        words: str,
        *,
        organisation: str | None = None,
        region: str | None = None,
        programme: str | None = None,
        year: int | None = None,
        source: str | None = None,
        reprints: bool = False,
        limit: int = 20,
    ) -> "list[Hit]":
        """Articles with all the words in title or body, best first, as `unionkb search` finds them; each has
        `article_id`, `title`, `published`, `document`, `facts` and a `snippet`. `year` is that of
        publication. Raises SearchError when there is no word."""
        from unionkb import search

        wanted = search.Filter(organisation, region, programme, year, source, reprints)
        with store.explained(self._kb.path):
            return search.find(self._kb.db.conn, words, wanted, limit)

    def organisations(
        self, *, name: str | None = None, region: str | None = None, level: str | None = None
    ) -> Rows[Organisation]:
        """Organisations by name. `name` is a part of it, or an alias in full; `region` as with `facts`."""
        where, values = query.where(query.Filter(organisation=name, region=region, reprints=True))
        if level is not None:
            where, values = f"{where} AND organisation_level = :level", {**values, "level": level}
        statement = f"SELECT * FROM organisations WHERE {where} ORDER BY organisation, organisation_id"
        return Rows(self._kb, statement, values, _kinds("organisations"))

    def programmes(self, *, programme: str | None = None) -> Rows[Programme]:
        """Programmes. `programme` is a category, or part of a programme's name."""
        where, values = query.where(query.Filter(programme=programme, reprints=True))
        statement = f"SELECT * FROM programmes WHERE {where} ORDER BY programme, programme_name, programme_id"
        return Rows(self._kb, statement, values, _kinds("programmes"))

    def table(self, name: str) -> Rows[dict[str, Any]]:
        """All rows of a table or view, such as `coverage`, `sources` or `organisation_year`."""
        if name not in tables.names() or name in tables.HISTORY:
            raise KeyError(name)
        return Rows(self._kb, f"SELECT * FROM {name}", [], _kinds(name))

    def sql(self, statement: str, params: Mapping[str, Any] | Iterable[Any] = ()) -> Rows[dict[str, Any]]:
        """Rows of a query of your own. Whatever would write raises sqlite3.DatabaseError."""
        return Rows(self._kb, statement.strip().removesuffix(";"), params)

    def close(self) -> None:
        self._kb.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"KnowledgeBase({str(self.path)!r})"

    def _select(
        self,
        name: str,
        equal: Mapping[str, str | None],
        order: str,
        more: Mapping[str, str | None] | None = None,
        limit: int | None = None,
    ) -> Rows[Any]:
        conditions = {f"{column} = :{column}": value for column, value in equal.items()} | dict(more or {})
        asked = {condition: value for condition, value in conditions.items() if value is not None}
        values: dict[str, Any] = {
            _PARAMETER.findall(condition)[0]: value for condition, value in asked.items()
        }
        where = " AND ".join(asked) or "1"
        statement = f"SELECT * FROM {name} WHERE {where} ORDER BY {order} LIMIT :limit"
        values["limit"] = -1 if limit is None else limit
        return Rows(self._kb, statement, values, _kinds(name))


_PARAMETER = re.compile(r":(\w+)")

_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}


def _only_reading(action: int, first: str | None, *_: str | None) -> int:
    """Statements that read, and nothing that could turn off the protection or open another file."""
    allowed = action in _ALLOWED and not (action == sqlite3.SQLITE_FUNCTION and first == "load_extension")
    # The full-text index asks for these; neither changes anything, and the schema cannot be updated by hand.
    allowed |= (action, first) in {
        (sqlite3.SQLITE_PRAGMA, "data_version"),
        (sqlite3.SQLITE_UPDATE, "sqlite_master"),
    }
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _kinds(name: str) -> dict[str, str]:
    return {field["name"]: field["type"] for field in tables.load(name)["fields"]}


def _day(day: Day | None) -> str | None:
    if isinstance(day, datetime):
        day = day.date()
    if isinstance(day, date):
        return day.isoformat()
    return None if day is None else date.fromisoformat(day).isoformat()
