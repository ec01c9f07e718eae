"""Extensions of Scrapy."""

import logging
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.robotstxt import RobotParser

LONGEST_DELAY = 300.0
"""Seconds; who asks for more means to keep everybody out, for which there is `Disallow`."""

logger = logging.getLogger(__name__)


class CrawlDelay:
    """Keeps to the `Crawl-delay` of robots.txt where it is longer than the delay of the source."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        asked = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        if asked is None or asked <= self.crawler.settings.getfloat("DOWNLOAD_DELAY"):
            return
        delay = min(float(asked), LONGEST_DELAY)
        host = urlsplit(request.url).hostname or ""
        logger.info("robots.txt of %s asks for %s s between requests", host, asked)
        downloader = self.crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": delay, "jitter": 0.0}
        if (slot := downloader.slots.get(host)) is not None:
            slot.delay, slot.jitter = delay, 0.0
        throttle = self.crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = max(throttle.mindelay, delay)
            throttle.maxdelay = max(throttle.maxdelay, delay)
