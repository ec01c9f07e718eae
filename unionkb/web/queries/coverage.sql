-- zh: 各来源各月文章数
-- en: Articles by source and month
SELECT source_id, substr(published, 1, 7) AS month, count(*) AS articles, sum(is_reprint) AS reprints
FROM articles
GROUP BY source_id, month
ORDER BY source_id, month
