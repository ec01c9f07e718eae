"""Text -> facts. Pure functions: no database, no network, no Scrapy."""
