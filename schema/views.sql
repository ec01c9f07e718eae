-- Views hold no data: they are dropped and made again whenever this file differs from what a database has.
-- One statement a view; a comment above each says what it decides.

-- The contract of facts.csv, column by column; other views of facts are made of this one. Pages superseded by a later version of the same document are left out.
-- An organisation that could not be resolved stays text with a null id; one that had another name then keeps that.
CREATE VIEW facts AS
SELECT
    fact.fact_id,
    page.document,
    article.article_id,
    article.title AS article_title,
    article.published,
    article.newspaper,
    coalesce(fact.organisation_text, organisation.name) AS organisation,
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
-- for the whole, not per head or per year; one number, not a range. Of these `measure` says what they add to, and
-- `amount` how much. `year` is that of the fact's own time, else of publication. Attendances (人次) are not heads. Facts
-- rejected in review are left out.
CREATE VIEW figures AS
SELECT
    fact_id, article_id, organisation_id, organisation_text, programme, programme_name, date_start, date_end,
    year, is_cumulative, is_reprint, is_total,
    CASE WHEN measure = 'headcount' THEN value END AS headcount,
    CASE WHEN measure = 'attendances' THEN value END AS attendances,
    CASE WHEN measure = 'households' THEN value END AS households,
    CASE WHEN measure = 'money' THEN value END AS money,
    measure,
    CASE WHEN measure IS NOT NULL THEN value END AS amount
FROM (
    SELECT
        totals.*,
        CASE
            WHEN NOT is_total THEN NULL
            WHEN kind = 'people' AND unit LIKE '%次' THEN 'attendances'
            WHEN kind = 'people' THEN 'headcount'
            WHEN kind = 'households' THEN 'households'
            WHEN kind = 'money' THEN 'money'
        END AS measure
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
    ) AS totals
);

-- One row a claim: a fact that is shown, with the group of all that claim the same quantity (see unionkb/agreement.py).
CREATE VIEW claims AS
SELECT
    claim.fact_id,
    claim.group_id,
    claim_group.picked_fact_id IS claim.fact_id AS is_picked,
    claim_group.picked_because,
    claim.is_repeat,
    claim_group.claims,
    facts.document,
    facts.article_id,
    facts.article_title,
    facts.published,
    facts.newspaper,
    facts.organisation,
    facts.organisation_id,
    facts.programme,
    facts.kind,
    facts.value,
    facts.value_max,
    facts.unit,
    facts.counted,
    facts.bound,
    facts.status,
    facts.per,
    facts.date_start,
    facts.date_end,
    claim.low,
    claim.high,
    facts.quote,
    facts.sentence,
    facts.cluster_id,
    facts.is_reprint
FROM claim
JOIN claim_group ON claim_group.group_id = claim.group_id
JOIN facts ON facts.fact_id = claim.fact_id;

-- One row a quantity: of each group the claim that stands for it, why that one, and how many claim it.
CREATE VIEW quantities AS
SELECT
    claim_group.group_id,
    facts.fact_id,
    claim_group.picked_because,
    claim_group.claims,
    claim_group.facts,
    facts.document,
    facts.article_id,
    facts.article_title,
    facts.published,
    facts.newspaper,
    facts.organisation,
    facts.organisation_id,
    facts.organisation_level,
    facts.region_code,
    facts.province,
    facts.city,
    facts.county,
    facts.programme,
    facts.programme_name,
    facts.kind,
    facts.value,
    facts.value_max,
    facts.unit,
    facts.counted,
    facts.bound,
    facts.status,
    facts.per,
    facts.date_start,
    facts.date_end,
    facts.date_precision,
    claim_group.year,
    claim_group.is_cumulative,
    claim_group.measure,
    claim_group.is_counted,
    facts.quote,
    facts.sentence,
    facts.confidence,
    facts.review_status
FROM claim_group
JOIN facts ON facts.fact_id = claim_group.picked_fact_id;

-- Two claims that cannot both be right: of one organisation, programme category, kind, unit, `per`, status, counted
-- noun and period, in different texts, with values of which neither admits the other. A text that prints both values
-- contradicts nobody.
CREATE VIEW conflicts AS
SELECT
    organisation.name AS organisation,
    facts.organisation_id,
    facts.programme,
    facts.kind,
    facts.unit,
    facts.counted,
    facts.status,
    facts.per,
    facts.date_start,
    facts.date_end,
    facts.fact_id,
    facts.value,
    facts.bound,
    facts.published,
    facts.document,
    facts.sentence,
    theirs.fact_id AS other_fact_id,
    theirs.value AS other_value,
    theirs.bound AS other_bound,
    theirs.published AS other_published,
    theirs.document AS other_document,
    theirs.sentence AS other_sentence
FROM claim AS one
CROSS JOIN claim AS other ON other.period_key = one.period_key AND other.fact_id > one.fact_id
    AND (other.low > one.high OR other.high < one.low)
JOIN facts ON facts.fact_id = one.fact_id
JOIN organisation ON organisation.organisation_id = facts.organisation_id
JOIN facts AS theirs ON theirs.fact_id = other.fact_id AND theirs.cluster_id <> facts.cluster_id
WHERE one.period_key IS NOT NULL
AND NOT EXISTS (
    SELECT 1 FROM claim AS same JOIN fact AS its ON its.fact_id = same.fact_id
    WHERE same.group_id = other.group_id AND its.article_id = facts.article_id
)
AND NOT EXISTS (
    SELECT 1 FROM claim AS same JOIN fact AS its ON its.fact_id = same.fact_id
    WHERE same.group_id = one.group_id AND its.article_id = theirs.article_id
);

-- One row an article of a text that was printed several times, the first one included.
CREATE VIEW reprints AS
SELECT
    article.cluster_id,
    article.article_id,
    article.is_reprint,
    (
        SELECT original.article_id
        FROM article AS original
        JOIN page AS its_page ON its_page.page_id = original.page_id AND its_page.superseded_by IS NULL
        WHERE original.cluster_id = article.cluster_id AND NOT original.is_reprint
    ) AS first_article_id,
    coalesce(article.likeness, 1.0) AS likeness,
    page.document,
    page.source_id,
    article.title,
    article.published,
    article.newspaper
FROM article
JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
WHERE EXISTS (
    SELECT 1
    FROM article AS other
    JOIN page AS other_page ON other_page.page_id = other.page_id AND other_page.superseded_by IS NULL
    WHERE other.cluster_id = article.cluster_id AND other.article_id <> article.article_id
);

-- One row an article x organisation x programme category. Each figure is the largest total that the article states for
-- the three, not a sum: news prints a total beside its parts (慰问1200人, 其中困难职工300人), and a sum would count
-- the parts twice. What may count as a total is decided in `figures`. A total that several articles state is shown in
-- the row of the article that is picked for it (see `quantities`), and in the others the figure is empty.
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
        fact.article_id, fact.organisation_id,
        CASE WHEN fact.organisation_id IS NULL THEN fact.organisation_text END AS organisation_text,
        programme.category AS programme,
        group_concat(DISTINCT programme.name) AS programme_names,
        max(counted.amount) FILTER (WHERE counted.measure = 'headcount') AS headcount,
        max(counted.amount) FILTER (WHERE counted.measure = 'attendances') AS attendances,
        max(counted.amount) FILTER (WHERE counted.measure = 'households') AS households,
        max(counted.amount) FILTER (WHERE counted.measure = 'money') AS money,
        min(fact.date_start) AS date_start, max(fact.date_end) AS date_end,
        count(*) AS facts
    FROM fact
    JOIN programme ON programme.programme_id = fact.programme_id
    LEFT JOIN claim_group AS counted ON counted.picked_fact_id = fact.fact_id AND counted.is_counted
    WHERE fact.review_status <> 'rejected'
    GROUP BY 1, 2, 3, 4
) AS activity
JOIN article ON article.article_id = activity.article_id
JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
LEFT JOIN organisation ON organisation.organisation_id = activity.organisation_id
LEFT JOIN region ON region.region_code = organisation.region_code;

-- One row an organisation and year. Each event gives its largest total (see `is_counted` in `claim_group`), and these
-- are added up: a quantity that several articles state is counted once, in the article picked for it, and what an
-- article states beside a larger total of the same programme and year not at all. Cumulative figures (截至目前, 累计),
-- which later articles state again, are left out.
CREATE VIEW organisation_year AS
SELECT
    organisation.organisation_id,
    organisation.name AS organisation,
    organisation.level AS organisation_level,
    organisation.region_code,
    region.province,
    region.city,
    region.county,
    counted.year,
    count(DISTINCT fact.article_id) AS articles,
    count(DISTINCT fact.article_id || counted.programme) AS activities,
    sum(counted.amount) FILTER (WHERE counted.is_counted AND counted.measure = 'headcount') AS headcount,
    sum(counted.amount) FILTER (WHERE counted.is_counted AND counted.measure = 'attendances') AS attendances,
    sum(counted.amount) FILTER (WHERE counted.is_counted AND counted.measure = 'households') AS households,
    sum(counted.amount) FILTER (WHERE counted.is_counted AND counted.measure = 'money') AS money
FROM claim_group AS counted
JOIN fact ON fact.fact_id = counted.picked_fact_id
JOIN organisation ON organisation.organisation_id = counted.organisation_id
LEFT JOIN region ON region.region_code = organisation.region_code
WHERE counted.year IS NOT NULL AND NOT counted.is_cumulative
GROUP BY organisation.organisation_id, counted.year;

-- One row a programme category and year, over all organisations, counted as in `organisation_year`.
CREATE VIEW programme_year AS
SELECT
    programme,
    year,
    count(*) AS quantities,
    count(DISTINCT organisation_id) AS organisations,
    sum(amount) FILTER (WHERE measure = 'headcount') AS headcount,
    sum(amount) FILTER (WHERE measure = 'attendances') AS attendances,
    sum(amount) FILTER (WHERE measure = 'households') AS households,
    sum(amount) FILTER (WHERE measure = 'money') AS money
FROM claim_group
WHERE is_counted AND NOT is_cumulative AND programme IS NOT NULL AND year IS NOT NULL
GROUP BY programme, year;

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

-- Divisions with their codes at each level. What lies directly under a province or municipality has no city.
CREATE VIEW places AS
SELECT
    region.region_code,
    region.name,
    region.level,
    coalesce(above.parent_code, region.parent_code, region.region_code) AS province_code,
    region.province,
    CASE WHEN region.level = 'city' THEN region.region_code WHEN above.level = 'city' THEN above.region_code END
        AS city_code,
    region.city,
    CASE WHEN region.level = 'county' THEN region.region_code END AS county_code,
    region.county
FROM region
LEFT JOIN region AS above ON above.region_code = region.parent_code;

-- organisations.csv. Reprints are not counted, and a quantity once. Counted one by one, so that a page that shows one
-- organisation need not wait for all.
CREATE VIEW organisations AS
SELECT
    organisation.organisation_id,
    organisation.name AS organisation,
    organisation.level AS organisation_level,
    organisation.is_union,
    organisation.region_code,
    places.province_code,
    places.province,
    places.city_code,
    places.city,
    places.county_code,
    places.county,
    organisation.parent_id,
    parent.name AS parent,
    (SELECT group_concat(alias, '|') FROM (
        SELECT alias FROM organisation_alias AS a
        WHERE a.organisation_id = organisation.organisation_id ORDER BY alias
    )) AS aliases,
    (SELECT group_concat(name, '|') FROM (
        SELECT name FROM organisation_name AS n
        WHERE n.organisation_id = organisation.organisation_id AND n.valid_to IS NOT NULL
        ORDER BY n.valid_to DESC, n.name
    )) AS former_names,
    (
        SELECT count(DISTINCT fact.article_id)
        FROM fact
        JOIN article ON article.article_id = fact.article_id AND NOT article.is_reprint
        JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
        WHERE fact.organisation_id = organisation.organisation_id
    ) AS articles,
    (
        SELECT count(*)
        FROM fact
        JOIN article ON article.article_id = fact.article_id AND NOT article.is_reprint
        JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
        WHERE fact.organisation_id = organisation.organisation_id
    ) AS facts,
    (
        SELECT count(*) FROM claim_group WHERE claim_group.organisation_id = organisation.organisation_id
    ) AS quantities
FROM organisation
LEFT JOIN organisation AS parent ON parent.organisation_id = organisation.parent_id
LEFT JOIN places ON places.region_code = organisation.region_code;

-- One row an organisation and each that it stands under, itself included at depth 0.
CREATE VIEW organisation_chain AS
WITH RECURSIVE line (organisation_id, ancestor_id, depth) AS (
    SELECT organisation_id, organisation_id, 0 FROM organisation
    UNION ALL
    SELECT line.organisation_id, above.parent_id, line.depth + 1
    FROM line
    JOIN organisation AS above ON above.organisation_id = line.ancestor_id
    WHERE above.parent_id IS NOT NULL AND line.depth < 20
)
SELECT
    line.organisation_id,
    own.name AS organisation,
    line.depth,
    line.ancestor_id,
    ancestor.name AS ancestor,
    ancestor.level AS ancestor_level,
    ancestor.region_code AS ancestor_region_code
FROM line
JOIN organisation AS own ON own.organisation_id = line.organisation_id
JOIN organisation AS ancestor ON ancestor.organisation_id = line.ancestor_id;

-- The work list: names that could not be resolved, by the region they probably belong to, which is the one that most
-- facts of the same article with a resolved organisation have, else that of the source.
CREATE VIEW unresolved AS
SELECT
    named.name,
    places.region_code AS likely_region_code,
    places.province AS likely_province,
    places.city AS likely_city,
    places.county AS likely_county,
    named.articles,
    named.facts,
    named.example_fact_id,
    substr(article.body, fact.sentence_start + 1, fact.sentence_end - fact.sentence_start) AS example,
    page.document AS example_document
FROM (
    SELECT
        name, likely, count(DISTINCT article_id) AS articles, sum(facts) AS facts, min(example) AS example_fact_id
    FROM (
        SELECT
            fact.organisation_text AS name,
            fact.article_id,
            count(*) AS facts,
            min(fact.fact_id) AS example,
            coalesce((
                SELECT organisation.region_code
                FROM fact AS beside
                JOIN organisation ON organisation.organisation_id = beside.organisation_id
                WHERE beside.article_id = fact.article_id AND organisation.region_code IS NOT NULL
                GROUP BY organisation.region_code
                ORDER BY count(*) DESC, organisation.region_code LIMIT 1
            ), source.region_code) AS likely
        FROM fact
        JOIN article ON article.article_id = fact.article_id AND NOT article.is_reprint
        JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
        JOIN source ON source.source_id = page.source_id
        WHERE fact.organisation_id IS NULL AND fact.organisation_text IS NOT NULL
        GROUP BY fact.organisation_text, fact.article_id
    )
    GROUP BY name, likely
) AS named
JOIN fact ON fact.fact_id = named.example_fact_id
JOIN article ON article.article_id = fact.article_id
JOIN page ON page.page_id = article.page_id
LEFT JOIN places ON places.region_code = named.likely;

-- programmes.csv. Reprints are not counted, and a quantity once.
CREATE VIEW programmes AS
SELECT
    programme.programme_id,
    programme.category AS programme,
    programme.name AS programme_name,
    coalesce(counted.articles, 0) AS articles,
    coalesce(counted.organisations, 0) AS organisations,
    coalesce(counted.facts, 0) AS facts,
    coalesce(counted.quantities, 0) AS quantities,
    counted.first_published,
    counted.last_published
FROM programme
LEFT JOIN (
    SELECT
        fact.programme_id,
        count(DISTINCT fact.article_id) FILTER (WHERE NOT article.is_reprint) AS articles,
        count(DISTINCT fact.organisation_id) AS organisations,
        count(*) FILTER (WHERE NOT article.is_reprint) AS facts,
        count(claim_group.group_id) AS quantities,
        min(article.published) AS first_published,
        max(article.published) AS last_published
    FROM fact
    JOIN article ON article.article_id = fact.article_id
    JOIN page ON page.page_id = article.page_id AND page.superseded_by IS NULL
    LEFT JOIN claim_group ON claim_group.picked_fact_id = fact.fact_id
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
