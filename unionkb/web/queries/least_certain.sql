-- zh: 最不确定的事实（待审核）
-- en: The least certain facts, to be reviewed first
SELECT fact_id, confidence, organisation, programme, quote, sentence, document
FROM facts
WHERE review_status = 'unreviewed' AND NOT is_reprint
ORDER BY confidence
LIMIT 200
