"""Clusters of reprints: articles whose running texts are the same but for small edits.

Texts that are the same but for space and punctuation share a `text_id`. Other reprints (another byline, a
typing error, the last paragraph left out) are near-duplicates: each text of some length has a 64-bit
simhash of its 5-character shingles, and is found again under the four bands of that and under its longest
clauses. The hash only finds. Whether two texts are reprints the texts decide (`is_near`), because news made
from one template with other places and figures is as near by any hash as a shortened reprint is. By the
hash alone, within the usual 3 bits, 12 of 122 stories were found that had all three of these edits; this
way 118 are.

A cluster is what such pairs connect among the articles that are shown. Its id is the text of the article
that was published first, so it is the same in every build from the same articles, whichever way they come
in; it changes only when an earlier article with another wording turns up, or when the first one goes.

Of the libraries, those for simhash have had no release for years and keep their index in memory; datasketch
and rensa, which are kept up, do MinHash, in memory or on a server. What is needed here is forty lines, and
an index that a crawl can leave and come back to.
"""

import hashlib
import json
import re
import sqlite3
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

SHINGLE = 5
"""Characters of a shingle."""
SHORTEST = 100
"""Letters from which texts are compared; shorter ones are reprints only where they are the same."""
BANDS, ANCHORS = 4, 6
"""Keys of a text: bands of its simhash, and its longest clauses."""
FARTHEST = 28
"""Bits in which the simhashes of two reprints may differ. Unrelated texts differ in 32, give or take 4."""
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

_CLAUSE = re.compile(r"\w{8,}")
_PARTICULARS = re.compile(r"\d+(?:\.\d+)?|[\u4e00-\u9fff]{2}[省市县区镇乡村]")
# For each byte its bits as numbers of 32 bits, so that adding them up counts all eight bits at once.
_SPREAD = [sum((byte >> bit & 1) << 32 * bit for bit in range(8)) for byte in range(256)]


@dataclass(frozen=True, slots=True)
class Text:
    """A running text as it is compared."""

    letters: str
    """Letters and digits, in one width and case."""
    shingles: frozenset[str]
    particulars: frozenset[str]
    """Numbers and names of places."""


def text(running_text: str) -> Text:
    """A running text, made ready for comparison."""
    plain = unicodedata.normalize("NFKC", running_text).casefold()
    letters = "".join(filter(str.isalnum, plain))
    shingles = (letters[i : i + SHINGLE] for i in range(len(letters) - SHINGLE + 1))
    return Text(letters, frozenset(shingles), frozenset(_PARTICULARS.findall(plain)))


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


def simhash(shingles: Iterable[str]) -> int:
    """64 bits, each set where more than half of the shingles' hashes have it."""
    hashes = b"".join(hashlib.blake2b(shingle.encode(), digest_size=8).digest() for shingle in shingles)
    count, found = len(hashes) // 8, 0
    for column in range(8):
        sums = sum(map(_SPREAD.__getitem__, hashes[column::8]))
        for bit in range(8):
            found |= (2 * (sums >> 32 * bit & 0xFFFFFFFF) > count) << 8 * column + bit
    return found


def keys(running_text: str, fingerprint: int) -> set[int]:
    """Under which a text is looked up, as signed 64-bit integers."""
    width = 64 // BANDS
    bands = {band << width | fingerprint >> band * width & (1 << width) - 1 for band in range(BANDS)}
    plain = unicodedata.normalize("NFKC", running_text).casefold()
    clauses = sorted(set(_CLAUSE.findall(plain)), key=lambda clause: (-len(clause), clause))
    hashed = (hashlib.blake2b(clause.encode(), digest_size=8).digest() for clause in clauses[:ANCHORS])
    return bands | {int.from_bytes(each, signed=True) for each in hashed}


def update(db: sqlite3.Connection, texts: Iterable[str], clusters: Iterable[str]) -> set[str]:
    """Bring clusters up to date after articles with these texts came, changed or went. `clusters` are those
    that the articles were in before. Returns those in which anything may have changed, as they are now."""
    work = _Clusters(db)
    touched = set(texts)
    work.enter(touched, set(clusters))
    return work.settle() | {row[0] for row in db.execute(_CLUSTERS, [_list(touched)])}


def measure(db: sqlite3.Connection) -> None:
    """Say of all reprints how like they are to the first, where that is not known."""
    work = _Clusters(db)
    for (cluster,) in db.execute(_UNMEASURED).fetchall():
        work.measure(cluster)


LARGEST_SPLIT = 500
"""Texts up to which a cluster is looked through for parts that nothing connects any more."""

# SQLite keeps to the order of tables around a CROSS JOIN; left alone it reads all articles for a short list.
_LISTED = "json_each(?) AS listed CROSS JOIN article ON article.{} = listed.value"
_CLUSTERS = f"SELECT DISTINCT cluster_id FROM {_LISTED.format('text_id')}"
_TEXTS = f"SELECT DISTINCT text_id FROM {_LISTED.format('cluster_id')}"
_SHOWN = """
    SELECT substr(body, lead + 1)
    FROM article CROSS JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
    WHERE text_id = ? LIMIT 1
"""
_ALIKE = """
    SELECT DISTINCT other.text_id, other.simhash, other.letters, mine.simhash, mine.letters
    FROM running_text AS mine
    CROSS JOIN running_text_key AS my_key ON my_key.number = mine.number
    CROSS JOIN running_text_key AS key ON key.key = my_key.key
    CROSS JOIN running_text AS other ON other.number = key.number
    WHERE mine.text_id = ? AND other.number <> mine.number
"""
# One without a date comes last; of equals the smallest id decides, which a rebuild gives again.
_FIRST = f"""
    SELECT article_id, text_id
    FROM {_LISTED.format("text_id")}
    CROSS JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
    ORDER BY published IS NULL, published, article_id LIMIT 1
"""
_MARK = """
    UPDATE article SET
        cluster_id = :cluster,
        is_reprint = article_id <> :first,
        likeness = CASE
            WHEN article_id = :first THEN NULL
            WHEN text_id = :cluster THEN 1
            WHEN cluster_id = :cluster THEN likeness
        END
    WHERE text_id IN (SELECT value FROM json_each(:texts))
    AND (cluster_id <> :cluster OR is_reprint <> (article_id <> :first))
"""
_STRANGERS = "SELECT DISTINCT text_id FROM article WHERE cluster_id = ? AND is_reprint AND likeness IS NULL"
_UNMEASURED = "SELECT DISTINCT cluster_id FROM article WHERE is_reprint AND likeness IS NULL"


class _Clusters:
    """Texts joined into clusters, as far as a change reaches."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._above: dict[str, str] = {}
        """Of a text another one of its cluster, or itself."""
        self._texts: dict[str, Text] = {}

    def enter(self, touched: set[str], clusters: set[str]) -> None:
        """Take in the texts that were touched, with the clusters they are, were and will be in."""
        clusters |= {row[0] for row in self._db.execute(_CLUSTERS, [_list(touched)])}
        around = {row[0] for row in self._db.execute(_TEXTS, [_list(clusters)])}
        gone = {each for each in touched if self._running_text(each) is None}
        for each in sorted(gone):
            self._db.execute("DELETE FROM running_text WHERE text_id = ?", [each])
            self._db.execute(
                "UPDATE article SET cluster_id = text_id, is_reprint = 0, likeness = NULL WHERE text_id = ?",
                [each],
            )
        new = {each for each in touched - gone if self._learn(each)}
        if gone and len(around) <= LARGEST_SPLIT:
            # What connected the others may be gone.
            self._above |= {each: each for each in around - gone}
            new |= around - gone
        else:
            for cluster in sorted(clusters):
                self._take_in(cluster, gone)
        for each in touched - gone:
            self._above.setdefault(each, each)
        for each in sorted(new):
            self._search(each)

    def settle(self) -> set[str]:
        """Write the clusters down, and return their identifiers."""
        members: dict[str, list[str]] = {}
        found = set()
        for each in self._above:
            members.setdefault(self._top(each), []).append(each)
        for texts in members.values():
            first = self._db.execute(_FIRST, [_list(texts)]).fetchone()
            if first:
                self._db.execute(_MARK, {"first": first[0], "cluster": first[1], "texts": _list(texts)})
                self.measure(first[1])
                found.add(first[1])
        return found

    def measure(self, cluster: str) -> None:
        """Say of its reprints how like they are to the first."""
        for (text_id,) in self._db.execute(_STRANGERS, [cluster]).fetchall():
            self._db.execute(
                "UPDATE article SET likeness = ? WHERE text_id = ? AND is_reprint",
                [likeness(self._text(text_id), self._text(cluster)), text_id],
            )

    def _running_text(self, text_id: str) -> str | None:
        """The text, if an article that is shown has it."""
        row = self._db.execute(_SHOWN, [text_id]).fetchone()
        return row[0] if row else None

    def _text(self, text_id: str) -> Text:
        if text_id not in self._texts:
            self._texts[text_id] = text(self._running_text(text_id) or "")
        return self._texts[text_id]

    def _learn(self, text_id: str) -> bool:
        """Index a text, unless it is known or too short. Returns whether it was."""
        if self._db.execute("SELECT 1 FROM running_text WHERE text_id = ?", [text_id]).fetchone():
            return False
        known = self._text(text_id)
        if len(known.letters) < SHORTEST:
            return False
        fingerprint = simhash(known.shingles)
        number = self._db.execute(
            "INSERT INTO running_text (text_id, simhash, letters) VALUES (?, ?, ?)",
            [text_id, _signed(fingerprint), len(known.letters)],
        ).lastrowid
        self._db.executemany(
            "INSERT INTO running_text_key VALUES (?, ?)",
            [[key, number] for key in keys(self._running_text(text_id) or "", fingerprint)],
        )
        return True

    def _search(self, text_id: str) -> None:
        """Join a text with those near to it; of each cluster one is enough."""
        for other, *_ in sorted(self._alike(text_id), key=lambda row: row[1]):
            if other not in self._above:
                (cluster,) = self._db.execute(
                    "SELECT cluster_id FROM article WHERE text_id = ? LIMIT 1", [other]
                ).fetchone()
                self._take_in(cluster, set())
                self._above.setdefault(other, other)
            if self._top(other) != self._top(text_id) and is_near(self._text(text_id), self._text(other)):
                self._above[self._top(other)] = self._top(text_id)

    def _alike(self, text_id: str) -> Iterator[tuple[str, int]]:
        """Texts that share a key and are near by hash and length, with how many bits lie between."""
        for other, its_hash, its_length, my_hash, my_length in self._db.execute(_ALIKE, [text_id]).fetchall():
            bits = ((its_hash ^ my_hash) & (1 << 64) - 1).bit_count()
            lengths = sorted((its_length, my_length))
            if bits <= FARTHEST and lengths[0] >= SHORTENED * lengths[1]:
                yield other, bits

    def _take_in(self, cluster: str, without: set[str]) -> None:
        """Take in a cluster as it stands."""
        texts = [row[0] for row in self._db.execute(_TEXTS, [_list([cluster])]) if row[0] not in without]
        for each in texts:
            self._above.setdefault(each, each)
            self._above[self._top(each)] = self._top(texts[0])

    def _top(self, text_id: str) -> str:
        while self._above[text_id] != text_id:
            self._above[text_id] = self._above[self._above[text_id]]
            text_id = self._above[text_id]
        return text_id


def _list(values: Iterable[str]) -> str:
    return json.dumps(sorted(values))


def _signed(value: int) -> int:
    """A 64-bit number as SQLite stores it."""
    return value - (1 << 64) if value >> 63 else value
