"""Crawlers of Scrapy that do not crawl, for tests of what they are made of."""

from typing import Any

from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

from crawler.sources import Source
from crawler.spiders.base import SourceSpider


def crawler_of(source: Source, cls: type[SourceSpider] = SourceSpider, **settings: Any) -> Crawler:
    """A crawler with the project's settings and a spider for a source."""
    options = Settings()
    options.setmodule("crawler.settings", priority="project")
    options.update({"UNIONKB_CONTACT": "crawl@example.org", **settings}, priority="cmdline")
    made = get_crawler(cls, {})
    made.settings = options
    made.spider = cls.from_crawler(made, source=source)
    made.spider.settings = options
    return made
