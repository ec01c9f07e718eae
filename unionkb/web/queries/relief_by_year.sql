-- zh: 历年送温暖：各组织各年帮扶人数与金额
-- en: Hardship relief: people and money by organisation and year
SELECT organisation, substr(coalesce(date_end, date_start, published), 1, 4) AS year,
    max(CASE WHEN kind = 'people' THEN value END) AS largest_headcount,
    max(CASE WHEN kind = 'money' THEN value END) AS largest_sum, count(*) AS facts
FROM facts
WHERE programme = 'hardship_relief' AND status = 'actual' AND per IS NULL AND NOT is_reprint
    AND review_status <> 'rejected'
GROUP BY organisation_id, organisation, year
ORDER BY year DESC, largest_sum DESC
LIMIT 500
