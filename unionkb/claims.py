"""Keeps the groups of facts that claim the same quantity (see agreement.py): tables claim and claim_group.

Groups are worked out anew as far as a change reaches: the claims of the clusters that changed, all that
agreement connects them with now, and all that it connected them with before.
"""

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, islice
from typing import Any

from unionkb import ids
from unionkb.agreement import Claim, Keys, agree, first, keys, partition, pick, repeats

BATCH = 500
"""Clusters that are worked on at a time when all groups are made anew."""

_COLUMNS = """
    fact.fact_id, fact.article_id, article.cluster_id, coalesce(article.newspaper, page.source_id),
    article.published, fact.organisation_id, programme.category, fact.kind, fact.unit, fact.status, fact.per,
    fact.value, fact.value_max, fact.bound, fact.counted, fact.date_start, fact.date_end, fact.date_kind,
    fact.quote, fact.char_start
"""
_SENTENCE = "substr(article.body, fact.sentence_start + 1, fact.sentence_end - fact.sentence_start)"
# The facts of clusters as they are now. Sentences are read only where a cluster has several articles. SQLite
# keeps to the order of tables around a CROSS JOIN.
_FACTS = f"""
    SELECT {_COLUMNS}, CASE WHEN several THEN {_SENTENCE} ELSE '' END, several
    FROM (
        SELECT value AS cluster, (SELECT count(*) > 1 FROM article WHERE cluster_id = value) AS several
        FROM json_each(?)
    )
    CROSS JOIN article ON article.cluster_id = cluster
    CROSS JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
    CROSS JOIN fact ON fact.article_id = article.article_id AND fact.review_status <> 'rejected'
    CROSS JOIN programme ON programme.programme_id = fact.programme_id
    ORDER BY cluster, article.is_reprint, article.published IS NULL, article.published, article.article_id,
        fact.char_start, fact.char_end, fact.fact_id
"""
_STORED = f"""
    SELECT claim.group_id, {_COLUMNS}, ''
    FROM {{}}
    CROSS JOIN fact ON fact.fact_id = claim.fact_id
    CROSS JOIN article ON article.article_id = fact.article_id
    CROSS JOIN page ON page.page_id = article.page_id
    CROSS JOIN programme ON programme.programme_id = fact.programme_id
    WHERE NOT claim.is_repeat
"""
_NEAR = "SELECT fact_id FROM claim WHERE match_key = ? AND low BETWEEN ? AND ?"
_FAR = "SELECT fact_id FROM claim WHERE wide_key = ?"
_LISTED = "json_each(?) AS listed CROSS JOIN claim ON claim.fact_id = listed.value"
_OF_ARTICLES = """
    json_each(?) AS listed
    CROSS JOIN fact AS mine ON mine.article_id = listed.value
    CROSS JOIN claim ON claim.fact_id = mine.fact_id
"""
_OUTLETS = """
    SELECT count(DISTINCT coalesce(article.newspaper, page.source_id))
    FROM claim JOIN fact USING (fact_id) JOIN article USING (article_id) JOIN page USING (page_id)
    WHERE claim.group_id = ? AND article.cluster_id = ?
"""
_TOGETHER = """
    SELECT fact_id FROM claim JOIN fact USING (fact_id) JOIN article USING (article_id)
    WHERE claim.group_id = ? AND article.cluster_id = ?
"""
# What a group counts is what its picked claim counts, see the view `figures`.
_FIGURES = """
    SELECT
        fact_id, organisation_id, CASE WHEN organisation_id IS NULL THEN organisation_text END,
        programme, CASE WHEN is_total THEN year END, is_cumulative, measure, amount
    FROM json_each(?) AS listed CROSS JOIN figures ON figures.fact_id = listed.value
"""
_PUT_GROUP = """
    INSERT INTO claim_group (
        group_id, picked_fact_id, picked_because, claims, facts,
        organisation_id, organisation_text, programme, year, is_cumulative, measure, amount, is_counted
    )
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_REPLACE_GROUP = f"""
    {_PUT_GROUP}
    ON CONFLICT (group_id) DO UPDATE SET
        picked_fact_id = excluded.picked_fact_id, picked_because = excluded.picked_because,
        claims = excluded.claims, facts = excluded.facts, organisation_id = excluded.organisation_id,
        organisation_text = excluded.organisation_text, programme = excluded.programme, year = excluded.year,
        is_cumulative = excluded.is_cumulative, measure = excluded.measure, amount = excluded.amount,
        is_counted = excluded.is_counted
"""
_BESIDE = """
    SELECT DISTINCT its.group_id
    FROM json_each(?) AS listed
    CROSS JOIN claim AS mine ON mine.group_id = listed.value
    CROSS JOIN fact ON fact.fact_id = mine.fact_id
    CROSS JOIN fact AS other ON other.article_id = fact.article_id
    CROSS JOIN claim AS its ON its.fact_id = other.fact_id
"""
# A total is printed beside its parts (慰问1200人, 其中困难职工300人): what an article states beside a larger
# figure of the same organisation, programme and year is taken for a part of that. Of equal ones the
# identifier decides, so that no two can each be part of the
# other. The `+` keeps SQLite from going through all facts of a kind.
_COUNT = """
    UPDATE claim_group SET is_counted = measure IS NOT NULL AND NOT EXISTS (
        SELECT 1
        FROM claim AS mine
        CROSS JOIN fact ON fact.fact_id = mine.fact_id
        CROSS JOIN fact AS other ON other.article_id = fact.article_id AND +other.kind = fact.kind
        CROSS JOIN claim AS its ON its.fact_id = other.fact_id
        CROSS JOIN claim_group AS larger ON larger.group_id = its.group_id
        WHERE mine.group_id = claim_group.group_id AND NOT mine.is_repeat
        AND (larger.amount, larger.group_id) > (claim_group.amount, claim_group.group_id)
        AND larger.measure = claim_group.measure AND larger.programme = claim_group.programme
        AND larger.organisation_id IS claim_group.organisation_id
        AND larger.organisation_text IS claim_group.organisation_text
        AND larger.year IS claim_group.year AND larger.is_cumulative = claim_group.is_cumulative
    )
    WHERE group_id IN (SELECT value FROM json_each(?))
"""
_EMPTY = """
    DELETE FROM claim_group WHERE group_id IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.group_id = claim_group.group_id)
"""


class Update:
    """Brings groups up to date after articles came, changed or went, as far as the change reaches.

    Call `touch` with the articles before their facts change, then `settle`; all in one transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._members: dict[str, Claim] = {}
        """Claims that may have to be grouped anew."""
        self._edges: dict[str, list[str]] = {}
        """Of claims that agree with others, which."""
        self._group: dict[str, str] = {}
        """The group of each stored claim met."""
        self._stale: set[str] = set()
        """Groups that may have lost claims."""
        self._new: dict[str, list[Claim]] = {}
        """Facts of the clusters at hand: each claim with those that repeat it, itself first."""
        self._keys: dict[str, Keys] = {}
        self._by_key: dict[int, list[tuple[float, str]]] = {}
        """Claims at hand under their keys, the lowest value first."""

    def touch(self, article_ids: Iterable[str]) -> None:
        """Remember what the claims of these articles are grouped with now."""
        listed = _list(article_ids)
        if listed == "[]":
            return
        self._stale.update(
            row[0] for row in self._db.execute(f"SELECT DISTINCT group_id FROM {_OF_ARTICLES}", [listed])
        )
        self._reach(self._read(_STORED.format(_OF_ARTICLES), [listed]))

    def settle(self, clusters: Iterable[str], fresh: Collection[str] = ()) -> None:
        """Make anew the groups of what is in these clusters of reprints now, and of what they reach. `fresh`
        are articles known to have no claims yet."""
        listed = _list(clusters)
        of_clusters = "SELECT article_id FROM article WHERE cluster_id IN (SELECT value FROM json_each(?))"
        known = {row[0] for row in self._db.execute(of_clusters, [listed])}.difference(fresh)
        self.touch(known)
        if known:
            self._db.execute(
                "DELETE FROM claim WHERE fact_id IN (SELECT fact_id FROM json_each(?) AS listed"
                " CROSS JOIN fact ON fact.article_id = listed.value)",
                [_list(known)],
            )
        self._take(self._db.execute(_FACTS, [listed]))
        have = self._stored(self._members.keys() - self._new.keys())
        self._members, self._edges = {}, {}
        self._reach([*have, *(own[0] for own in self._new.values())])
        self._write([sorted(group, key=first) for group in self._groups()])

    def _take(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take in the facts of clusters as they are now."""
        for (_, several), of_cluster in groupby(rows, key=lambda row: (row[2], row[-1])):
            found = (Claim(*row[:-1]) for row in of_cluster)
            for claim, original in repeats(found) if several else ((claim, claim) for claim in found):
                self._new.setdefault(original.fact_id, []).append(claim)
        for fact_id, own in self._new.items():
            self._keys[fact_id] = match, wide, _ = keys(own[0])
            low = own[0].interval().low
            if match is not None:
                self._by_key.setdefault(match, []).append((low, fact_id))
            if wide is not None:
                self._by_key.setdefault(wide, []).append((low, fact_id))
        for found_here in self._by_key.values():
            found_here.sort()

    def _stored(self, fact_ids: Iterable[str]) -> list[Claim]:
        """Claims that are still there."""
        if not fact_ids:
            return []
        return self._read(_STORED.format(_LISTED), [_list(fact_ids)])

    def _read(self, sql: str, arguments: Sequence[Any]) -> list[Claim]:
        found = []
        for group_id, *row in self._db.execute(sql, arguments):
            claim = Claim(*row)
            self._group[claim.fact_id] = group_id
            found.append(claim)
        return found

    def _reach(self, claims: Iterable[Claim]) -> None:
        """Take in claims with all that agreement connects them with."""
        waiting = {claim.fact_id: claim for claim in claims}
        self._members |= waiting
        (others,) = self._db.execute("SELECT EXISTS (SELECT 1 FROM claim)").fetchone()
        while waiting:
            near = [(claim, found) for claim in waiting.values() if (found := self._near(claim, others))]
            met = {fact_id for _, found in near for fact_id in found}.difference(self._members, self._new)
            known = {claim.fact_id: claim for claim in self._stored(met)}
            waiting = {}
            for claim, found in near:
                for fact_id in found:
                    other = known.get(fact_id) or self._members.get(fact_id) or self._new[fact_id][0]
                    if not agree(claim, other):
                        continue
                    self._edges.setdefault(claim.fact_id, []).append(fact_id)
                    if fact_id not in self._members:
                        self._members[fact_id] = waiting[fact_id] = other

    def _near(self, claim: Claim, others: bool) -> set[str]:
        """Which others may agree with a claim: of those at hand, and of the `others` stored."""
        low, high, _ = claim.interval()
        # What holds this value begins no lower than that: a floor is at most a fifth wide.
        lowest = min(low, high * 0.8)
        match, wide, _ = self._keys.get(claim.fact_id) or keys(claim)
        found: list[str] = []
        for key in (match, wide):
            here = self._by_key.get(key, ()) if key is not None else ()
            if len(here) > 1 or (here and claim.fact_id not in self._new):
                start = bisect_left(here, (lowest, ""))
                for its_low, fact_id in islice(here, start, None):
                    if its_low > high:
                        break
                    found.append(fact_id)
        if others and match is not None:
            found += [row[0] for row in self._db.execute(_NEAR, (match, lowest, high))]
        if others and wide is not None:
            found += [row[0] for row in self._db.execute(_FAR, (wide,))]
        return {fact_id for fact_id in found if fact_id != claim.fact_id}

    def _groups(self) -> Iterator[list[Claim]]:
        left = dict(self._members)
        while left:
            _, start = left.popitem()
            connected, waiting = [start], [start]
            while waiting:
                for fact_id in self._edges.get(waiting.pop().fact_id, ()):
                    if other := left.pop(fact_id, None):
                        connected.append(other)
                        waiting.append(other)
            yield from [connected] if len(connected) == 1 else partition(connected)

    def _write(self, groups: Sequence[Sequence[Claim]]) -> None:
        rows, claim_rows, moved, mixed = [], [], [], []
        for claims in groups:
            group_id = ids.claim_group(claims[0].fact_id)
            facts, is_mixed = 0, False
            for claim in claims:
                own = self._new.get(claim.fact_id)
                if own is None:
                    is_mixed = True
                    together = self._together(claim)
                    if self._group[claim.fact_id] != group_id:
                        moved += [[group_id, fact_id] for fact_id in together]
                    facts += len(together)
                    continue
                facts += len(own)
                low, high, _ = claim.interval()
                claim_rows.append((claim.fact_id, group_id, 0, low, high, *self._keys[claim.fact_id]))
                for each in own[1:]:
                    low, high, _ = each.interval()
                    claim_rows.append((each.fact_id, group_id, 1, low, high, None, None, None))
            picked, reason = (claims[0], "only claim") if len(claims) == 1 else pick(claims, self._outlets)
            rows.append((group_id, picked.fact_id, reason, len(claims), facts))
            if is_mixed:
                mixed.append(group_id)
        db = self._db
        self._write_groups(rows, claim_rows)
        db.executemany("UPDATE claim SET group_id = ? WHERE fact_id = ?", moved)
        db.executemany("INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?)", sorted(claim_rows))
        self._stale.update(self._group.values())
        self._stale.difference_update(row[0] for row in rows)
        if self._stale:
            db.execute(_EMPTY, [_list(self._stale)])
        if mixed:
            beside = {row[0] for row in db.execute(_BESIDE, [_list(mixed)])}
            db.execute(_COUNT, [_list(beside.union(mixed))])

    def _write_groups(self, rows: Sequence[Sequence[Any]], claim_rows: Iterable[Sequence[Any]]) -> None:
        """Write groups down. Of those with stored claims it is left open whether they are counted."""
        figures = {row[0]: row[1:] for row in self._db.execute(_FIGURES, [_list(row[1] for row in rows)])}
        counts = {row[0]: figures[row[1]] for row in rows}
        article = {claim.fact_id: claim.article_id for own in self._new.values() for claim in own}
        parts = _parts(
            ((article[row[0]], row[1], bool(row[2])) for row in claim_rows),
            counts,
        )
        written = sorted(
            (*row, *counts[row[0]], counts[row[0]][-1] is not None and row[0] not in parts) for row in rows
        )
        known = self._stale.union(self._group.values())
        self._db.executemany(_REPLACE_GROUP, [row for row in written if row[0] in known])
        self._db.executemany(_PUT_GROUP, [row for row in written if row[0] not in known])

    def _together(self, claim: Claim) -> list[str]:
        """A stored claim and those that repeat it."""
        arguments = [self._group[claim.fact_id], claim.cluster_id]
        return [row[0] for row in self._db.execute(_TOGETHER, arguments)]

    def _outlets(self, claim: Claim) -> int:
        own = self._new.get(claim.fact_id)
        if own is not None:
            return len({each.outlet for each in own})
        arguments = [self._group[claim.fact_id], claim.cluster_id]
        count: int = self._db.execute(_OUTLETS, arguments).fetchone()[0]
        return count


def _parts(claims: Iterable[tuple[str, str, bool]], counts: Mapping[str, Sequence[Any]]) -> set[str]:
    """Groups that are part of a larger one: what the statement _COUNT says, for articles all of whose claims
    are at hand, each as its article, its group and whether it is a repeat. `counts` has of each group what it
    counts, the measure and the amount last."""
    largest: dict[tuple[Any, ...], tuple[float, str]] = {}
    own = []
    for article_id, group_id, is_repeat in claims:
        *what, amount = counts[group_id]
        if amount is None:
            continue
        key = (article_id, *what)
        if not is_repeat:
            own.append((key, (amount, group_id)))
        if largest.get(key, (-1.0, "")) < (amount, group_id):
            largest[key] = amount, group_id
    return {figure[1] for key, figure in own if figure < largest[key]}


@contextmanager
def changing(db: sqlite3.Connection, article_ids: Iterable[str]) -> Iterator[None]:
    """Facts of these articles may be changed, added, taken out or reviewed inside the block; at its end their
    groups are brought up to date. Call within a transaction."""
    listed = sorted(set(article_ids))
    update = Update(db)
    update.touch(listed)
    yield
    clusters = db.execute(
        "SELECT DISTINCT cluster_id FROM article WHERE article_id IN (SELECT value FROM json_each(?))",
        [_list(listed)],
    )
    update.settle(row[0] for row in clusters.fetchall())


def rebuild(db: sqlite3.Connection, advance: Callable[[int], object] = lambda clusters: None) -> None:
    """Make all groups anew. Call within a transaction. `advance` is told how many clusters were done."""
    db.execute("DELETE FROM claim")
    db.execute("DELETE FROM claim_group")
    clusters = [row[0] for row in db.execute("SELECT DISTINCT cluster_id FROM article ORDER BY 1")]
    for at in range(0, len(clusters), BATCH):
        Update(db).settle(clusters[at : at + BATCH])
        advance(len(clusters[at : at + BATCH]))


def is_due(db: sqlite3.Connection) -> bool:
    """Whether facts are stored and no groups, as after the migration that brought them."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'claim'").fetchone():
        return False
    (due,) = db.execute("SELECT EXISTS (SELECT 1 FROM fact) AND NOT EXISTS (SELECT 1 FROM claim)").fetchone()
    return bool(due)


def _list(values: Iterable[str]) -> str:
    return json.dumps(sorted(set(values)))
