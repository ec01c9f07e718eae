"""Keeps a Python process off every network but loopback, whatever library asks. Goes on PYTHONPATH of
processes under test; what they tried is written to the file that UNIONKB_GUARD_LOG names."""

import os
import sys
from typing import Any

_LOCAL = {"localhost", "::1", "0.0.0.0", ""}


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = args[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0] or ""
    else:
        return
    host = host.decode() if isinstance(host, bytes) else str(host)
    if host in _LOCAL or host.startswith("127."):
        return
    if log := os.environ.get("UNIONKB_GUARD_LOG"):
        with open(log, "a", encoding="utf-8") as stream:
            stream.write(f"{event} {host}\n")
    raise PermissionError(f"tests stay on loopback: {event} {host}")


sys.addaudithook(_watch)
