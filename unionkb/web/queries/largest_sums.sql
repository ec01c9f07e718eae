-- zh: 金额最大的事实，附原句
-- en: The largest sums, with their sentences
SELECT fact_id, value, organisation, programme, date_start, date_end, status, sentence, document
FROM facts
WHERE kind = 'money' AND per IS NULL AND NOT is_reprint AND review_status <> 'rejected'
ORDER BY value DESC
LIMIT 100
