-- zh: 计划与完成：同一组织同一类别的计划数与完成数
-- en: Planned and done, side by side, by organisation and programme
SELECT organisation, programme, kind, unit,
    max(CASE WHEN status = 'planned' THEN value END) AS planned,
    max(CASE WHEN status = 'actual' THEN value END) AS done
FROM facts
WHERE per IS NULL AND NOT is_reprint AND organisation_id IS NOT NULL AND review_status <> 'rejected'
GROUP BY organisation_id, programme, kind, unit
HAVING planned IS NOT NULL AND done IS NOT NULL
ORDER BY organisation, programme
LIMIT 500
