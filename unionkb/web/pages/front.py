"""The front page: what is in here, as it was counted when a load last ended (see unionkb/totals.py)."""

import sqlite3

from unionkb.web.pages.rows import Row, first, rows


def load(db: sqlite3.Connection) -> Row:
    """Counts, programmes, organisations, sources and the newest articles. What later versions of a page
    supersede is in none of them."""
    return {
        "counts": first(db, "SELECT * FROM total"),
        "sources": rows(
            db,
            "SELECT source_id, source.name, sum(articles) AS articles"
            " FROM total_month JOIN source USING (source_id) GROUP BY source_id"
            " ORDER BY sum(articles) DESC, name LIMIT 20",
        ),
        "programmes": rows(
            db,
            "SELECT category AS programme, sum(facts) AS facts"
            " FROM total_programme JOIN programme USING (programme_id) GROUP BY category"
            " ORDER BY sum(facts) DESC, category",
        ),
        "organisations": rows(
            db,
            "SELECT organisation_id, name AS organisation, counted.facts FROM"
            " (SELECT organisation_id, sum(facts) AS facts FROM total_organisation GROUP BY organisation_id"
            " ORDER BY sum(facts) DESC LIMIT 20) AS counted"
            " JOIN organisation USING (organisation_id) ORDER BY counted.facts DESC, name",
        ),
        "articles": rows(
            db,
            "SELECT article_id, title, published, newspaper FROM article CROSS JOIN page USING (page_id)"
            " WHERE NOT is_reprint AND published IS NOT NULL AND superseded_by IS NULL"
            " ORDER BY published DESC, article_id LIMIT 10",
        ),
    }
