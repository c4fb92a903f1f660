"""Addresses that strangers name and our server opens."""

import ipaddress
import socket
from urllib.parse import urlsplit

from carehub.core.settings import settings

LONGEST = 2000


def may_open(address: str) -> bool:
    """Only https on the public internet: it must lead to nothing inside. A CareHub of this machine alone may also speak plain
    http with this machine."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if settings.url.startswith("http://127.0.0.1") and parts.scheme == "http" and host in ("127.0.0.1", "localhost"):
        return True
    if parts.scheme != "https" or not host or parts.username or parts.password or len(address) > LONGEST:
        return False
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, parts.port or 443, proto=socket.IPPROTO_TCP)}
    except (OSError, UnicodeError, ValueError):
        return False
    return bool(found) and all(ipaddress.ip_address(str(one).split("%")[0]).is_global for one in found)
