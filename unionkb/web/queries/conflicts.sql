-- zh: 相互矛盾的数字，两句并列
-- en: Figures that contradict each other, side by side
SELECT organisation, programme, kind, value, other_value, sentence, other_sentence, fact_id, other_fact_id
FROM conflicts
LIMIT 200
