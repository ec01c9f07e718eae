"""Which hosts are private: of this machine, or of the network it is in."""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

_LOCAL_NAMES = (".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home.arpa")
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}\.?", re.I)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


REFUSED: dict[str, str] = {}
"""Public names that led to a private address, and to which. Twisted reports them as names without address."""


class PrivateAddress(DNSLookupError):
    """A public name that leads to a private address."""


def is_private(host: str) -> bool:
    """Whether a host, as it stands in a URL, is a private address in any of its spellings (`127.1`,
    `2130706433`, `0x7f.1`, `[::ffff:10.0.0.1]`), or a name that is only valid locally."""
    host = host.strip("[]").rstrip(".").lower()
    if not host or host == "localhost" or host.endswith(_LOCAL_NAMES):
        return True
    address = _address(host)
    return address is not None and not _is_public(address)


def is_loopback(url: str) -> bool:
    """Whether a URL is on this machine."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    address = _address(host)
    return host == "localhost" or host.endswith(".localhost") or bool(address and address.is_loopback)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    if _NUMERIC.fullmatch(host):
        # As the C library reads it, which is what would connect: octal, hexadecimal, fewer than four parts.
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host.rstrip(".")))
        except OSError:
            return None
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class PublicResolver(CachingThreadedResolver):
    """Resolves names as Scrapy does, and refuses those of public look that lead to a private address."""

    def getHostByName(self, name: str, timeout: object = ()) -> "Deferred[str]":
        resolved: Deferred[str] = super().getHostByName(name, timeout)  # type: ignore[arg-type]
        if is_private(name):  # Asked for as such: the source is on this machine.
            return resolved
        return resolved.addCallback(_checked, name)


def _checked(address: str, name: str) -> str:
    if is_private(address):
        REFUSED[name] = address
        raise PrivateAddress(f"{name} leads to the private address {address}")
    REFUSED.pop(name, None)
    return address
