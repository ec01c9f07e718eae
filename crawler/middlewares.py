"""Downloader middlewares: where requests may go, and when."""

from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response
from tldextract import TLDExtract

from crawler.addresses import is_private
from crawler.failures import Refused
from crawler.spiders.base import SourceSpider, patience_asked

# Cookies are off. Should somebody turn them on, tldextract must not fetch its list from the network for them:
# the one that comes with it will do.
cookies._split_domain = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)


class Guard:
    """Sends requests, also those of redirects and for robots.txt, to the hosts of the source only. A host
    counts with its port, so another service on the same machine is another host."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._allowed: dict[str, bool] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        spider = self.crawler.spider
        assert isinstance(spider, SourceSpider)
        scheme, _, rest = request.url.partition("://")
        place = rest.partition("/")[0]
        allowed = self._allowed.get(place)
        if allowed is None:
            allowed = self._allowed[place] = spider.source.owns(request.url)
        if not allowed or scheme not in ("http", "https"):
            raise Refused(why_not(request))

    def process_response(self, request: Request, response: Response) -> Response:
        """Heed a server that asks to be left alone before the next request is sent."""
        if (asked := patience_asked(response)) is not None:
            spider = self.crawler.spider
            assert isinstance(spider, SourceSpider)
            spider.be_quiet(asked)
        return response


def why_not(request: Request) -> str:
    """Why a request to a host that is not the source's is refused."""
    parts = urlsplit(request.url)
    host = parts.hostname or request.url[:100]
    what = "leads to" if request.meta.get("redirect_times") else "is on"
    if parts.scheme not in ("http", "https"):
        return f"{what} {parts.scheme}:, not http or https"
    if is_private(host):
        return f"{what} a private address: {parts.netloc}"
    return f"{what} another site: {parts.netloc}"


class Redirects(RedirectMiddleware):
    """Scrapy's, without a Referer to carry along."""

    def handle_referer(self, request: Request, response: Response) -> None:
        request.headers.pop("Referer", None)
