"""Scrapy's settings for all spiders. `adapt` adds those of one source.

Settings of our own begin with UNIONKB_; each can be given to `scrapy crawl` and to `unionkb crawl` with -s.
"""

import os
from importlib.metadata import version

from scrapy.settings import BaseSettings

from crawler.addresses import is_loopback
from crawler.interest import THRESHOLD
from crawler.sources import Source

BOT_NAME = "unionkb"
SPIDER_MODULES = ["crawler.spiders.base"]

# --- the work
UNIONKB_DB = "kb.sqlite"
UNIONKB_OPEN = "unionkb.keeper.open"
"""Who keeps the pages: called with the settings, gives a `crawler.keeping.Keeper`."""
UNIONKB_SOURCES: list[str] = []
"""Files of further sources."""
UNIONKB_CONTACT = os.environ.get("UNIONKB_CONTACT", "")
"""Mail address or web page of whoever runs the crawl, told to every site."""
UNIONKB_BATCH = 50
"""Rows read from the frontier at a time."""
UNIONKB_MAX_PAGES = 0
UNIONKB_MAX_MINUTES = 0
"""Limits of a run at one source, if narrower than those of the source; 0 for none."""
UNIONKB_PATIENCE = 120
"""Seconds that a run waits for retries to fall due, when there is nothing else to do."""
UNIONKB_RETRY_SECONDS = 60
"""Until the first retry of a failure that may pass."""
UNIONKB_FAILURES_IN_A_ROW = 10
"""After so many failures that may pass, a source is left for this run."""
UNIONKB_RECHECK_DAYS = [1, 7]
"""Ages at which articles are asked for again."""
UNIONKB_EPAPER_DAYS = 7
"""Days of an e-paper that are looked at, where none are given."""
UNIONKB_EPAPER_MOST_DAYS = 60
"""If the last crawl is longer ago, all days since are looked at, at most so many."""
UNIONKB_INTEREST_WORDS = ""
"""A file of words in place of crawler/interest.tsv, by which articles of general papers are chosen."""
UNIONKB_INTEREST_THRESHOLD = THRESHOLD

# --- manners
ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
CONCURRENT_REQUESTS = 1
"""In all, at a source. The limit for a host alone lets two through where no delay is wanted."""
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY_JITTER = 0.2
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0

# --- limits
DOWNLOAD_TIMEOUT = 60
"""For a whole answer: a server that drips a byte now and then does not get more."""
DNS_TIMEOUT = 20
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5

# --- parts
SCHEDULER = "crawler.scheduler.FrontierScheduler"
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "crawler.download.BoundedDownloads")
TWISTED_DNS_RESOLVER = "crawler.addresses.PublicResolver"
CONCURRENT_ITEMS = 1
"""An answer is one item. Scrapy would start a hundred tasks for it, which took a quarter of the time."""
ITEM_PIPELINES = {"crawler.pipelines.StorePipeline": 500}
EXTENSIONS = {"crawler.extensions.CrawlDelay": 500}
# The frontier tries again, over days; refreshes are followed where a way of discovery has use for them.
RETRY_ENABLED = False
METAREFRESH_ENABLED = False
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.Guard": 50,
    "crawler.middlewares.Redirects": 600,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
}
# Spiders make no requests out of answers, and answers of all statuses are theirs to judge.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}
WARN_ON_GENERATOR_RETURN_VALUE = False
LOG_LEVEL = "INFO"


class NoContact(ValueError):
    """A crawl of public sites by nobody in particular."""


def user_agent(contact: str) -> str:
    """What we call ourselves, and how we can be reached. Raises NoContact for what fits no header."""
    contact = contact.strip()
    if not contact.isascii() or not contact.isprintable():
        raise NoContact("the contact must be a mail address or a URL in ASCII")
    return f"unionkb/{version('unionkb')} (+{contact})" if contact else f"unionkb/{version('unionkb')}"


def check_contact(contact: str, source: Source) -> None:
    """Raise NoContact where a source on the network would be crawled without one."""
    if not contact.strip() and not is_loopback(source.home):
        raise NoContact(
            f"{source.id}: say how its operators can reach you: --contact with a mail address or web page, "
            "or UNIONKB_CONTACT in the environment"
        )


def adapt(settings: BaseSettings, source: Source) -> None:
    """Put the limits of a source into settings, below what the command line says."""
    contact = settings.get("UNIONKB_CONTACT") or ""
    check_contact(contact, source)
    politeness = source.politeness
    for name, value in {
        "USER_AGENT": user_agent(contact),
        "DOWNLOAD_DELAY": politeness.delay,
        "AUTOTHROTTLE_START_DELAY": politeness.delay,
        # Without a delay wanted, as on this machine, there is nothing to adapt.
        "AUTOTHROTTLE_ENABLED": settings.getbool("AUTOTHROTTLE_ENABLED") and politeness.delay > 0,
        "DOWNLOAD_MAXSIZE": politeness.max_body_bytes,
    }.items():
        settings.set(name, value, priority="spider")
