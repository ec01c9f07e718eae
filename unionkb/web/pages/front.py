"""The front page: what is in here."""

import sqlite3

from unionkb.web.pages.rows import Row, first, rows


def load(db: sqlite3.Connection) -> Row:
    """Counts, coverage, programmes, organisations and the newest articles."""
    counts = first(
        db,
        "SELECT (SELECT count(*) FROM page WHERE superseded_by IS NULL AND part_of IS NULL) AS documents,"
        " count(*) AS articles, (SELECT count(*) FROM fact JOIN article USING (article_id)"
        " JOIN page USING (page_id) WHERE superseded_by IS NULL) AS facts,"
        " (SELECT count(*) FROM organisation) AS organisations,"
        " min(published) AS since, max(published) AS until"
        " FROM article JOIN page USING (page_id) WHERE superseded_by IS NULL",
    )
    return {
        "counts": counts,
        "sources": rows(
            db,
            "SELECT source.source_id, source.name, count(*) AS articles, min(published) AS since,"
            " max(published) AS until FROM article JOIN page USING (page_id) JOIN source USING (source_id)"
            " WHERE page.superseded_by IS NULL GROUP BY source.source_id ORDER BY articles DESC LIMIT 20",
        ),
        "programmes": rows(
            db,
            "SELECT programme.category AS programme, sum(n) AS facts FROM"
            " (SELECT programme_id, count(*) AS n FROM fact GROUP BY programme_id)"
            " JOIN programme USING (programme_id) GROUP BY category ORDER BY facts DESC",
        ),
        "organisations": rows(
            db,
            "SELECT organisation_id, organisation.name AS organisation, n AS facts FROM"
            " (SELECT organisation_id, count(*) AS n FROM fact WHERE organisation_id IS NOT NULL"
            " GROUP BY organisation_id ORDER BY n DESC LIMIT 20)"
            " JOIN organisation USING (organisation_id) ORDER BY n DESC, organisation",
        ),
        "articles": rows(
            db,
            "SELECT article_id, title, published, newspaper FROM article JOIN page USING (page_id)"
            " WHERE NOT is_reprint AND published IS NOT NULL AND superseded_by IS NULL"
            " ORDER BY published DESC, article_id LIMIT 10",
        ),
    }
