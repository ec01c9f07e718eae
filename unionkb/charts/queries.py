"""What each chart asks of the database: SQL and its values. Runs nothing."""

from typing import Any

from unionkb import query as facts_query
from unionkb.query import Filter

# As organisation_year counts: each quantity once, and of what an article states the largest total.
_LARGEST = """
    SELECT
        organisation_id, programme, year,
        CASE WHEN measure = 'headcount' THEN amount END AS headcount,
        CASE WHEN measure = 'money' THEN amount END AS money
    FROM (SELECT *, picked_fact_id AS fact_id FROM claim_group)
    WHERE year IS NOT NULL AND is_counted AND NOT is_cumulative{facts}
"""

_COVERAGE = """
    SELECT
        articles.source_id, source.name AS source, substr(articles.published, 1, 7) AS month,
        count(*) AS articles, sum(articles.is_reprint) AS reprints
    FROM articles LEFT JOIN source ON source.source_id = articles.source_id
    WHERE 1{articles}
    GROUP BY articles.source_id, month ORDER BY source, articles.source_id, month
"""

_YEARS = f"""
    SELECT programme, year, sum(headcount) AS headcount, sum(money) AS money
    FROM ({_LARGEST}) GROUP BY programme, year ORDER BY programme, year
"""

_PROVINCE = "substr(region_code, 1, 2) || '0000'"
_MAP = f"""
    SELECT region_code, sum(facts) AS facts, sum(headcount) AS headcount, sum(money) AS money
    FROM (
        SELECT {_PROVINCE} AS region_code, count(*) AS facts, NULL AS headcount, NULL AS money
        FROM facts WHERE region_code IS NOT NULL AND {{where}} GROUP BY 1
        UNION ALL
        SELECT {_PROVINCE}, 0, sum(headcount), sum(money)
        FROM ({_LARGEST}) AS largest JOIN organisation USING (organisation_id)
        WHERE region_code IS NOT NULL GROUP BY 1
    ) GROUP BY region_code ORDER BY region_code
"""

_ORGANISATION = """
    SELECT substr(coalesce(date_end, date_start, published), 1, 7) AS month, programme, count(*) AS facts
    FROM facts WHERE {where} GROUP BY month, programme ORDER BY month, programme
"""

_PROGRAMME = f"""
    SELECT organisation, sum(facts) AS facts, sum(headcount) AS headcount, sum(money) AS money
    FROM (
        SELECT organisation_id, organisation, count(*) AS facts, NULL AS headcount, NULL AS money
        FROM facts WHERE organisation_id IS NOT NULL AND {{where}} GROUP BY organisation_id
        UNION ALL
        SELECT organisation_id, organisation.name, 0, sum(headcount), sum(money)
        FROM ({_LARGEST}) AS largest JOIN organisation USING (organisation_id) GROUP BY organisation_id
    ) GROUP BY organisation_id ORDER BY sum(facts) DESC, organisation
"""

# The same rows from what was counted when a load ended (see unionkb/totals.py).
_COUNTED_COVERAGE = """
    SELECT source_id, source.name AS source, nullif(month, '') AS month, articles, reprints
    FROM total_month JOIN source USING (source_id) ORDER BY source, source_id, month
"""
_COUNTED_YEARS = "SELECT programme, year, headcount, money FROM total_year ORDER BY programme, year"
# Not those that stand in reprints alone.
_COUNTED_ANY = "(first_prints > 0 OR headcount IS NOT NULL OR money IS NOT NULL)"
_COUNTED_MAP = f"""
    SELECT {_PROVINCE} AS region_code, sum(first_prints) AS facts, sum(headcount) AS headcount,
        sum(money) AS money
    FROM total_organisation JOIN organisation USING (organisation_id)
    WHERE organisation.region_code IS NOT NULL AND {_COUNTED_ANY} GROUP BY 1 ORDER BY 1
"""
_COUNTED_PROGRAMME = f"""
    SELECT organisation.name AS organisation, first_prints AS facts, headcount, money
    FROM total_organisation JOIN organisation USING (organisation_id)
    WHERE programme = :programme AND {_COUNTED_ANY} ORDER BY first_prints DESC, organisation
"""

_COUNTED = {
    "coverage": _COUNTED_COVERAGE,
    "headcount": _COUNTED_YEARS,
    "money": _COUNTED_YEARS,
    "map-facts": _COUNTED_MAP,
    "map-headcount": _COUNTED_MAP,
    "map-money": _COUNTED_MAP,
    "programme": _COUNTED_PROGRAMME,
}
_SQL = {
    "coverage": _COVERAGE,
    "headcount": _YEARS,
    "money": _YEARS,
    "map-facts": _MAP,
    "map-headcount": _MAP,
    "map-money": _MAP,
    "organisation": _ORGANISATION,
    "programme": _PROGRAMME,
}
NAMES = tuple(_SQL)
"""The standard charts. `organisation` and `programme` are of one: they want a filter that says which."""


def query(
    name: str, wanted: Filter | None = None, *, organisation_id: str | None = None
) -> tuple[str, dict[str, Any]]:
    """SQL with its values that gives the rows of a chart; `organisation_id` asks for one organisation
    exactly, beside the filter. Raises KeyError for an unknown name."""
    asked = wanted or Filter()
    where, values = facts_query.where(asked)
    if organisation_id is not None:
        where += " AND organisation_id = :organisation_id"
        values["organisation_id"] = organisation_id
    facts = articles = ""
    # All facts there are need not be looked up one by one.
    if asked != Filter() or organisation_id is not None:
        facts = f" AND fact_id IN (SELECT fact_id FROM facts WHERE {where})"
        articles = f" AND article_id IN (SELECT article_id FROM facts WHERE {where})"
    return _SQL[name].format(where=where, facts=facts, articles=articles), values


def counted(name: str, programme: str = "") -> tuple[str, dict[str, Any]]:
    """The rows of a chart of the whole knowledge base, or of a programme category, as they were when a load
    last ended: no wait, however many facts there are. Raises KeyError for a chart of one organisation."""
    return _COUNTED[name], {"programme": programme} if name == "programme" else {}
