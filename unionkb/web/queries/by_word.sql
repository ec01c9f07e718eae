-- zh: 文中含某词的句子里的事实
-- en: Facts whose sentence holds a word
SELECT fact_id, quote, organisation, programme, date_start, date_end, status, sentence, document
FROM facts
WHERE article_id IN (
    SELECT article_id FROM search_key WHERE key IN (
        SELECT rowid FROM article_search WHERE article_search MATCH search_query(:word)
    )
) AND instr(sentence, :word) AND NOT is_reprint
ORDER BY published DESC
LIMIT 200
