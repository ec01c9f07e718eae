"""Clusters of reprints: articles whose running texts are the same but for small edits.

Texts that are the same but for space and punctuation share a `text_id`. Other reprints (another byline, a
typing error, the last paragraph left out) are near-duplicates: a text of some length is found again under
keys, taken from what is rarest in it: figures that follow each other with their units (426名 3处), those
with the most digits first, and its longest stretches without a common word. The keys only find. Whether two
texts are reprints the texts decide (`is_near`), because news made from one template with other places and
figures is as near by any hash as a shortened reprint is. Such news share few keys, since keys hold figures;
those that meet all the same are told apart by their lengths and a sketch of their figures and places, which
costs nothing beside reading them.

A cluster is what such pairs connect among the articles that are shown. All of it follows from the letters of
the texts alone. Its id is the text of the article that was published first, so it is the same in every
build from the same articles, whichever way they come in; it changes only when an earlier article with
another wording turns up, or when the first one goes.

Libraries for MinHash and simhash keep their index in memory or on a server. What is needed here is an index
that a crawl can leave and come back to.
"""

import hashlib
import json
import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from unionkb import ids

SHINGLE = 5
"""Characters of a shingle."""
SHORTEST = 100
"""Letters from which texts are compared; shorter ones are reprints only where they are the same."""
FIGURES, STRETCHES = 4, 6
"""Keys of a text at most, of each sort."""
SHORTENED = 0.5
"""Length of a reprint that leaves out something, at least, as a share of the whole."""
CONTAINED = 0.75
"""Share of the shorter text's shingles that stand in the longer one, at least."""
EDITS = 3
"""Places at which the shorter text may depart from the longer one, behind the byline, and one more for each
LETTERS_AN_EDIT letters."""
LETTERS_AN_EDIT = 300
_BYLINE = 40
"""Letters at the beginning in which a byline may stand."""
_STRANGE = 0.2
"""Share of the shorter text's numbers and places that need not be in the longer one."""

_SHORTEST_STRETCH = 8
_STRETCH = re.compile(r"[^的了在和是]+")
_FIGURE = re.compile(r"(\d+)([^\d年月日])")
_PARTICULARS = re.compile(r"\d+|[\u4e00-\u9fff]{2}[省市县区镇乡村]")


@dataclass(frozen=True, slots=True)
class Text:
    """A running text as it is compared."""

    letters: str
    """`ids.letters` of it."""
    shingles: frozenset[str]
    particulars: frozenset[str]
    """Numbers and names of places."""


def text(letters: str) -> Text:
    """A running text, from its letters, made ready for comparison."""
    shingles = (letters[i : i + SHINGLE] for i in range(len(letters) - SHINGLE + 1))
    return Text(letters, frozenset(shingles), _particulars(letters))


def _particulars(letters: str) -> frozenset[str]:
    return frozenset(_PARTICULARS.findall(letters))


def is_near(one: Text, other: Text) -> bool:
    """Whether one of two texts reprints the other, with small edits or shortened."""
    short, long = sorted((one, other), key=lambda each: (len(each.letters), each.letters))
    if len(short.letters) < max(SHORTEST, SHORTENED * len(long.letters)):
        return False
    if len(short.shingles & long.shingles) < CONTAINED * len(short.shingles):
        return False
    if len(short.particulars - long.particulars) > _STRANGE * len(short.particulars):
        return False
    return _departures(short.letters, long.shingles) <= EDITS + len(short.letters) / LETTERS_AN_EDIT


def likeness(one: Text, other: Text) -> float:
    """Share of the shorter text's shingles that stand in the longer one, 0 to 1, to two decimals."""
    if one.letters == other.letters:
        return 1.0
    short, long = sorted((one.shingles, other.shingles), key=len)
    return round(len(short & long) / len(short), 2) if short else 0.0


def _departures(letters: str, shingles: Collection[str]) -> int:
    count, before = 0, False
    for i in range(_BYLINE, len(letters) - SHINGLE + 1):
        strange = letters[i : i + SHINGLE] not in shingles
        count += strange and not before
        before = strange
    return count


def keys(letters: str) -> set[int]:
    """Under which a text is looked up, as signed 64-bit integers."""
    figures = _FIGURE.findall(letters)
    pairs = {(*one, *other) for one, other in pairwise(figures)}
    rarest = sorted(pairs, key=lambda pair: (-len(pair[0]) - len(pair[2]), pair))[:FIGURES]
    stretches = {each for each in _STRETCH.findall(letters) if len(each) >= _SHORTEST_STRETCH}
    longest = sorted(stretches, key=lambda stretch: (-len(stretch), stretch))[:STRETCHES]
    hashed = (
        hashlib.blake2b(each.encode(), digest_size=8).digest() for each in (*map(" ".join, rarest), *longest)
    )
    return {int.from_bytes(each, signed=True) for each in hashed}


@dataclass(frozen=True, slots=True)
class Sketch:
    """What tells at once that two texts are no reprints."""

    letters: int
    """How many there are."""
    particulars: int
    """How many there are."""
    bits: int
    """64 bits, of which each particular sets one; signed."""

    def may_shorten(self, long: "Sketch") -> bool:
        """False only where a text with this sketch is no shortened print of one with the other. A bit that
        the longer one has not set is at least one particular that it does not have."""
        if self.letters > long.letters or self.letters < max(SHORTEST, SHORTENED * long.letters):
            return False
        return (self.bits & ~long.bits & _ALL).bit_count() <= _STRANGE * self.particulars


_ALL = (1 << 64) - 1


def sketch(letters: str) -> Sketch:
    """The sketch of a text, from its letters."""
    particulars, bits = _particulars(letters), 0
    for each in particulars:
        bits |= 1 << (zlib.crc32(each.encode()) & 63)
    return Sketch(len(letters), len(particulars), bits - (1 << 64) if bits >> 63 else bits)


def update(
    db: sqlite3.Connection,
    texts: Iterable[str],
    before: Iterable[tuple[str, str]] = (),
    letters: Mapping[str, str] | None = None,
) -> set[str]:
    """Bring clusters up to date after articles with these texts came, changed or went. `before` are texts
    with the clusters they were in; `letters` those of texts where they are at hand. Returns the clusters in
    which anything may have changed, as they are now."""
    work = _Clusters(db, letters or {})
    before = set(before)
    work.enter({*texts, *(text_id for text_id, _ in before)}, before)
    return work.settle()


def measure(db: sqlite3.Connection) -> None:
    """Say of all reprints how like they are to the first, where that is not known."""
    work = _Clusters(db, {})
    for (cluster,) in db.execute(_UNMEASURED).fetchall():
        work.measure(cluster)


BATCH = 2000
"""Texts that are worked on at a time when all clusters are made anew."""


def rebuild(db: sqlite3.Connection, advance: Callable[[int], object] = lambda texts: None) -> None:
    """Make all clusters anew. Call within a transaction, and make the groups of claims anew behind it.
    `advance` is told how many texts were done."""
    db.execute("DELETE FROM running_text")
    db.execute("UPDATE article SET cluster_id = text_id, is_reprint = 0, likeness = NULL")
    texts = [row[0] for row in db.execute("SELECT DISTINCT text_id FROM article ORDER BY 1")]
    for at in range(0, len(texts), BATCH):
        update(db, texts[at : at + BATCH])
        advance(len(texts[at : at + BATCH]))


def is_due(db: sqlite3.Connection) -> bool:
    """Whether articles are stored and none is found as a reprint, as after a migration that changed how."""
    (due,) = db.execute(
        "SELECT EXISTS (SELECT 1 FROM article) AND NOT EXISTS (SELECT 1 FROM running_text)"
    ).fetchone()
    return bool(due)


LARGEST_SPLIT = 500
"""Texts up to which a cluster is looked through for parts that nothing connects any more."""

# SQLite keeps to the order of tables around a CROSS JOIN; left alone it reads all articles for a short list.
_LISTED = "json_each(?) AS listed CROSS JOIN article ON article.{} = listed.value"
_CLUSTERS = f"SELECT DISTINCT text_id, cluster_id FROM {_LISTED.format('text_id')}"
_TEXTS = f"SELECT DISTINCT cluster_id, text_id FROM {_LISTED.format('cluster_id')}"
_SHOWN = f"""
    SELECT DISTINCT text_id FROM {_LISTED.format("text_id")}
    CROSS JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
"""
_RUNNING_TEXT = """
    SELECT substr(body, lead + 1)
    FROM article CROSS JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
    WHERE text_id = ? LIMIT 1
"""
_KNOWN = """
    SELECT text_id FROM json_each(?) AS listed CROSS JOIN running_text ON running_text.text_id = listed.value
"""
_ALIKE = """
    SELECT
        mine.text_id, mine.letters, mine.particulars, mine.sketch,
        other.text_id, other.letters, other.particulars, other.sketch
    FROM json_each(?) AS listed
    CROSS JOIN running_text AS mine ON mine.text_id = listed.value
    CROSS JOIN running_text_key AS my_key ON my_key.number = mine.number
    CROSS JOIN running_text_key AS key ON key.key = my_key.key AND key.number <> mine.number
    CROSS JOIN running_text AS other ON other.number = key.number
    ORDER BY mine.number
"""
_MEMBERS = f"""
    SELECT text_id, article_id, published, page.superseded_by IS NULL, cluster_id, is_reprint, likeness
    FROM {_LISTED.format("text_id")} CROSS JOIN page ON page.page_id = article.page_id
"""
_MARK = "UPDATE article SET cluster_id = ?, is_reprint = ?, likeness = ? WHERE article_id = ?"
_STRANGERS = "SELECT DISTINCT text_id FROM article WHERE cluster_id = ? AND is_reprint AND likeness IS NULL"
_UNMEASURED = "SELECT DISTINCT cluster_id FROM article WHERE is_reprint AND likeness IS NULL"


class _Clusters:
    """Texts joined into clusters, as far as a change reaches."""

    def __init__(self, db: sqlite3.Connection, letters: Mapping[str, str]) -> None:
        self._db = db
        self._letters = letters
        self._above: dict[str, str] = {}
        """Of a text another one of its cluster, or itself."""
        self._texts: dict[str, Text] = {}
        self._gone: set[str] = set()

    def enter(self, touched: set[str], before: set[tuple[str, str]]) -> None:
        """Take in the texts that were touched, with the clusters they are, were and will be in."""
        were = before.union(self._db.execute(_CLUSTERS, [_list(touched)]))
        members: dict[str, set[str]] = {cluster: set() for _, cluster in were}
        for cluster, text_id in self._db.execute(_TEXTS, [_list(members)]):
            members[cluster].add(text_id)
        gone = touched.difference(row[0] for row in self._db.execute(_SHOWN, [_list(touched)]))
        self._gone = gone
        if gone:
            self._db.executemany("DELETE FROM running_text WHERE text_id = ?", [[each] for each in gone])
            self._db.executemany(
                "UPDATE article SET cluster_id = text_id, is_reprint = 0, likeness = NULL WHERE text_id = ?",
                [[each] for each in gone],
            )
        left = {cluster for text_id, cluster in were if text_id in gone}
        new = self._learn(touched - gone)
        for cluster, texts in sorted(members.items()):
            texts -= gone
            if cluster in left and len(texts) < LARGEST_SPLIT:
                # What connected the others may be gone.
                for each in texts:
                    self._above.setdefault(each, each)
                new |= texts
            else:
                self._join(texts)
        for each in touched - gone:
            self._above.setdefault(each, each)
        self._search(new)

    def settle(self) -> set[str]:
        """Write the clusters down, and return their identifiers."""
        members: dict[str, list[Sequence[Any]]] = {}
        for row in self._db.execute(_MEMBERS, [_list(self._above)]):
            members.setdefault(self._top(row[0]), []).append(row)
        found, marks, unmeasured = set(self._gone), [], set()
        for rows in members.values():
            # One without a date comes last; of equals the smallest id decides, which a rebuild gives again.
            shown = [(row[2] is None, row[2] or "", row[1], row[0]) for row in rows if row[3]]
            if not shown:
                continue
            *_, first, cluster = min(shown)
            found.add(cluster)
            for text_id, article_id, _, _, its_cluster, is_reprint, its_likeness in rows:
                is_now = int(article_id != first)
                if its_cluster == cluster and is_reprint == is_now:
                    now = its_likeness
                elif not is_now:
                    now = None
                elif text_id == cluster:
                    now = 1.0
                else:
                    now = its_likeness if its_cluster == cluster else None
                if (its_cluster, is_reprint, its_likeness) != (cluster, is_now, now):
                    marks.append((cluster, is_now, now, article_id))
                if is_now and now is None:
                    unmeasured.add(cluster)
        self._db.executemany(_MARK, marks)
        for cluster in sorted(unmeasured):
            self.measure(cluster)
        return found

    def measure(self, cluster: str) -> None:
        """Say of its reprints how like they are to the first."""
        for (text_id,) in self._db.execute(_STRANGERS, [cluster]).fetchall():
            self._db.execute(
                "UPDATE article SET likeness = ? WHERE text_id = ? AND is_reprint",
                [likeness(self._text(text_id), self._text(cluster)), text_id],
            )

    def _running_text(self, text_id: str) -> str:
        """The letters of a text; none if no article that is shown has it."""
        known = self._letters.get(text_id)
        if known is None:
            row = self._db.execute(_RUNNING_TEXT, [text_id]).fetchone()
            known = ids.letters(row[0]) if row else ""
        return known

    def _text(self, text_id: str) -> Text:
        if text_id not in self._texts:
            self._texts[text_id] = text(self._running_text(text_id))
        return self._texts[text_id]

    def _learn(self, texts: Collection[str]) -> set[str]:
        """Index texts, but those that are known or too short. Returns which were."""
        known = {row[0] for row in self._db.execute(_KNOWN, [_list(texts)])}
        (number,) = self._db.execute("SELECT coalesce(max(number), 0) FROM running_text").fetchone()
        rows, key_rows, new = [], [], set()
        for text_id in sorted(set(texts) - known):
            letters = self._running_text(text_id)
            if len(letters) < SHORTEST:
                continue
            number += 1
            own = sketch(letters)
            rows.append((number, text_id, own.letters, own.particulars, own.bits))
            key_rows += [(key, number) for key in keys(letters)]
            new.add(text_id)
        self._db.executemany("INSERT INTO running_text VALUES (?, ?, ?, ?, ?)", rows)
        self._db.executemany("INSERT INTO running_text_key VALUES (?, ?)", sorted(key_rows))
        return new

    def _search(self, texts: Collection[str]) -> None:
        """Join texts with those near to them; of each cluster one is enough."""
        shared = Counter(self._alike(texts))
        for (text_id, other), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
            if other not in self._above:
                self._take_in(other)
            if self._top(other) != self._top(text_id) and is_near(self._text(text_id), self._text(other)):
                self._above[self._top(other)] = self._top(text_id)

    def _alike(self, texts: Collection[str]) -> Iterator[tuple[str, str]]:
        """Pairs of texts that share a key and may be near, once for each key."""
        for row in self._db.execute(_ALIKE, [_list(texts)]):
            mine, its = Sketch(*row[1:4]), Sketch(*row[5:])
            if mine.may_shorten(its) or its.may_shorten(mine):
                yield row[0], row[4]

    def _take_in(self, text_id: str) -> None:
        """Take in the cluster of a text as it stands."""
        (row,) = self._db.execute(_CLUSTERS + " LIMIT 1", [_list([text_id])]).fetchall()
        self._join({text_id, *(row[1] for row in self._db.execute(_TEXTS, [_list([row[1]])]))})

    def _join(self, texts: Collection[str]) -> None:
        ordered = sorted(texts)
        for each in ordered:
            self._above.setdefault(each, each)
            self._above[self._top(each)] = self._top(ordered[0])

    def _top(self, text_id: str) -> str:
        while self._above[text_id] != text_id:
            self._above[text_id] = self._above[self._above[text_id]]
            text_id = self._above[text_id]
        return text_id


def _list(values: Iterable[str]) -> str:
    return json.dumps(sorted(values))
