-- Views hold no data: they are dropped and made again whenever this file differs from what a database has.
-- One statement a view; a comment above each says what it decides.

-- The contract of facts.csv, column by column. Pages superseded by a later version of the same document are left out.
-- An organisation that could not be resolved stays text with a null id.
CREATE VIEW facts AS
SELECT
    fact.fact_id,
    page.document,
    article.article_id,
    article.title AS article_title,
    article.published,
    article.newspaper,
    coalesce(organisation.name, fact.organisation_text) AS organisation,
    fact.organisation_id,
    organisation.level AS organisation_level,
    organisation.region_code,
    region.province,
    region.city,
    region.county,
    programme.category AS programme,
    programme.name AS programme_name,
    fact.kind,
    fact.value,
    fact.value_max,
    fact.unit,
    fact.counted,
    fact.bound,
    fact.status,
    fact.per,
    fact.date_start,
    fact.date_end,
    fact.date_precision,
    fact.date_basis,
    fact.quote,
    substr(article.body, fact.sentence_start + 1, fact.sentence_end - fact.sentence_start) AS sentence,
    fact.char_start,
    fact.char_end,
    fact.confidence,
    fact.rule,
    article.cluster_id,
    article.is_reprint,
    fact.review_status,
    page.extractor_version
FROM fact
JOIN article ON article.article_id = fact.article_id
JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
JOIN programme ON programme.programme_id = fact.programme_id
LEFT JOIN organisation ON organisation.organisation_id = fact.organisation_id
LEFT JOIN region ON region.region_code = organisation.region_code;

-- What a fact adds to a sum or a comparison. `is_total` says which may be set beside each other: done, not planned;
-- for the whole, not per head or per year; one number, not a range. The others have no figures here. `year` is that of
-- the fact's own time, else of publication. Attendances (人次) are not heads. Facts rejected in review are left out.
CREATE VIEW figures AS
SELECT
    fact_id, article_id, organisation_id, organisation_text, programme, programme_name, date_start, date_end,
    year, is_cumulative, is_reprint, is_total,
    CASE WHEN is_total AND kind = 'people' AND unit NOT LIKE '%次' THEN value END AS headcount,
    CASE WHEN is_total AND kind = 'people' AND unit LIKE '%次' THEN value END AS attendances,
    CASE WHEN is_total AND kind = 'households' THEN value END AS households,
    CASE WHEN is_total AND kind = 'money' THEN value END AS money
FROM (
    SELECT
        fact.*,
        programme.category AS programme,
        programme.name AS programme_name,
        article.is_reprint,
        CAST(substr(coalesce(fact.date_end, fact.date_start, article.published), 1, 4) AS INTEGER) AS year,
        fact.date_kind IS 'cumulative' AS is_cumulative,
        fact.status = 'actual' AND fact.per IS NULL AND fact.bound <> 'range' AS is_total
    FROM fact
    JOIN article ON article.article_id = fact.article_id
    JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
    JOIN programme ON programme.programme_id = fact.programme_id
    WHERE fact.review_status <> 'rejected'
);

-- One row an article x organisation x programme category. Each figure is the largest total that the article states for
-- the three, not a sum: news prints a total beside its parts (慰问1200人, 其中困难职工300人), and a sum would count
-- the parts twice. What may count as a total is decided in `figures`.
CREATE VIEW activities AS
SELECT
    activity.article_id,
    page.document,
    article.title AS article_title,
    article.published,
    coalesce(organisation.name, activity.organisation_text) AS organisation,
    activity.organisation_id,
    organisation.level AS organisation_level,
    organisation.region_code,
    region.province,
    region.city,
    region.county,
    activity.programme,
    activity.programme_names,
    activity.headcount,
    activity.attendances,
    activity.households,
    activity.money,
    activity.date_start,
    activity.date_end,
    activity.facts,
    article.cluster_id,
    article.is_reprint
FROM (
    SELECT
        article_id, organisation_id, organisation_text, programme,
        group_concat(DISTINCT programme_name) AS programme_names,
        max(headcount) AS headcount, max(attendances) AS attendances,
        max(households) AS households, max(money) AS money,
        min(date_start) AS date_start, max(date_end) AS date_end,
        count(*) AS facts
    FROM figures
    GROUP BY article_id, organisation_id, organisation_text, programme
) AS activity
JOIN article ON article.article_id = activity.article_id
JOIN page ON page.page_id = article.page_id
LEFT JOIN organisation ON organisation.organisation_id = activity.organisation_id
LEFT JOIN region ON region.region_code = organisation.region_code;

-- One row an organisation and year. Each article and programme gives its largest total of the year (see `activities`),
-- and these are added up. Reprints are left out, and so are cumulative figures (截至目前, 累计), which later articles
-- state again. Two articles that each tell of the same event in their own words are still counted twice.
CREATE VIEW organisation_year AS
SELECT
    organisation.organisation_id,
    organisation.name AS organisation,
    organisation.level AS organisation_level,
    organisation.region_code,
    region.province,
    region.city,
    region.county,
    largest.year,
    count(DISTINCT largest.article_id) AS articles,
    count(*) AS activities,
    sum(largest.headcount) AS headcount,
    sum(largest.attendances) AS attendances,
    sum(largest.households) AS households,
    sum(largest.money) AS money
FROM (
    SELECT
        article_id, organisation_id, programme, year,
        max(headcount) AS headcount, max(attendances) AS attendances,
        max(households) AS households, max(money) AS money
    FROM figures
    WHERE organisation_id IS NOT NULL AND year IS NOT NULL AND is_total AND NOT is_reprint AND NOT is_cumulative
    GROUP BY organisation_id, year, article_id, programme
) AS largest
JOIN organisation ON organisation.organisation_id = largest.organisation_id
LEFT JOIN region ON region.region_code = organisation.region_code
GROUP BY organisation.organisation_id, largest.year;

-- articles.csv
CREATE VIEW articles AS
SELECT
    article.article_id,
    page.document,
    page.source_id,
    article.sequence,
    article.title,
    article.kicker,
    article.deck,
    article.published,
    article.published_basis,
    article.newspaper,
    article.page_number,
    article.section,
    article.source,
    article.author,
    article.correspondent,
    article.editor,
    article.body,
    article.lead,
    article.cluster_id,
    article.is_reprint,
    (SELECT count(*) FROM fact WHERE fact.article_id = article.article_id) AS facts,
    page.page_id,
    page.extractor_version
FROM article
JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL;

-- organisations.csv
CREATE VIEW organisations AS
SELECT
    organisation.organisation_id,
    organisation.name AS organisation,
    organisation.level AS organisation_level,
    organisation.is_union,
    organisation.region_code,
    region.province,
    region.city,
    region.county,
    organisation.parent_id,
    parent.name AS parent,
    (SELECT group_concat(alias, '|') FROM (
        SELECT alias FROM organisation_alias AS a
        WHERE a.organisation_id = organisation.organisation_id ORDER BY alias
    )) AS aliases,
    coalesce(counted.articles, 0) AS articles,
    coalesce(counted.facts, 0) AS facts
FROM organisation
LEFT JOIN organisation AS parent ON parent.organisation_id = organisation.parent_id
LEFT JOIN region ON region.region_code = organisation.region_code
LEFT JOIN (
    SELECT organisation_id, count(DISTINCT article_id) AS articles, count(*) AS facts
    FROM facts WHERE organisation_id IS NOT NULL GROUP BY organisation_id
) AS counted ON counted.organisation_id = organisation.organisation_id;

-- programmes.csv
CREATE VIEW programmes AS
SELECT
    programme.programme_id,
    programme.category AS programme,
    programme.name AS programme_name,
    coalesce(counted.articles, 0) AS articles,
    coalesce(counted.organisations, 0) AS organisations,
    coalesce(counted.facts, 0) AS facts,
    counted.first_published,
    counted.last_published
FROM programme
LEFT JOIN (
    SELECT
        fact.programme_id,
        count(DISTINCT fact.article_id) AS articles,
        count(DISTINCT fact.organisation_id) AS organisations,
        count(*) AS facts,
        min(article.published) AS first_published,
        max(article.published) AS last_published
    FROM fact
    JOIN article ON article.article_id = fact.article_id
    JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
    GROUP BY fact.programme_id
) AS counted ON counted.programme_id = programme.programme_id;

-- sources.csv: what was read, so that a count of facts has something to be divided by.
CREATE VIEW sources AS
SELECT
    source.source_id,
    source.name,
    source.kind,
    source.url,
    source.region_code,
    (SELECT count(*) FROM page WHERE page.source_id = source.source_id AND superseded_by IS NULL
        AND part_of IS NULL) AS documents,
    count(articles.article_id) AS articles,
    coalesce(sum(articles.is_reprint), 0) AS reprints,
    coalesce(sum(articles.facts), 0) AS facts,
    min(articles.published) AS first_published,
    max(articles.published) AS last_published
FROM source
LEFT JOIN articles ON articles.source_id = source.source_id
GROUP BY source.source_id;

-- coverage.csv: what was read, month by month, so that no count of facts stands without a denominator. A month without
-- articles between a source's first and last is a row of zeros; articles without a date have a row without month.
CREATE VIEW coverage AS
WITH RECURSIVE
counted AS (
    SELECT
        page.source_id,
        substr(article.published, 1, 7) AS month,
        count(*) AS articles,
        sum(article.is_reprint) AS reprints,
        count(stated.facts) AS articles_with_facts,
        coalesce(sum(stated.facts), 0) AS facts
    FROM article
    JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
    LEFT JOIN (SELECT article_id, count(*) AS facts FROM fact GROUP BY article_id) AS stated
        ON stated.article_id = article.article_id
    GROUP BY page.source_id, month
),
months (source_id, month, last_month) AS (
    SELECT source_id, min(month), max(month) FROM counted WHERE month IS NOT NULL GROUP BY source_id
    UNION ALL
    SELECT source_id, substr(date(month || '-01', '+1 month'), 1, 7), last_month FROM months WHERE month < last_month
)
SELECT
    months.source_id,
    months.month,
    coalesce(counted.articles, 0) AS articles,
    coalesce(counted.reprints, 0) AS reprints,
    coalesce(counted.articles_with_facts, 0) AS articles_with_facts,
    coalesce(counted.facts, 0) AS facts
FROM months
LEFT JOIN counted ON counted.source_id = months.source_id AND counted.month = months.month
UNION ALL
SELECT source_id, month, articles, reprints, articles_with_facts, facts FROM counted WHERE month IS NULL;

-- Every review with the fact it speaks of today: that of its own document where it has one, else of another print of
-- the same text. One whose words are found nowhere is `unmatched`, and kept: the text may come back.
CREATE VIEW reviews AS
SELECT
    review.review_id,
    review.made_at,
    review.reviewer,
    review.action,
    review.fields,
    review.reason,
    coalesce(review_match.state, 'unmatched') AS state,
    review_match.how,
    review_match.fact_id,
    review_match.article_id,
    review.document,
    review.quote,
    review.kind,
    review.value
FROM review
LEFT JOIN (
    SELECT
        review_match.*,
        row_number() OVER (
            PARTITION BY review_match.review_id ORDER BY page.document <> own.document, article.article_id
        ) AS nearest
    FROM review_match
    JOIN review AS own ON own.review_id = review_match.review_id
    JOIN article ON article.article_id = review_match.article_id
    JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
) AS review_match ON review_match.review_id = review.review_id AND review_match.nearest = 1;
