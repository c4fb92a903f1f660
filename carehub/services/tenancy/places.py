"""Which tenant an address serves: the host of a request, and where a tenant's own pages are. Asked before every page and event, so
kept for a few seconds."""

import ipaddress
import re
import time
from collections import OrderedDict
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy import text

from carehub.core.actor import VISITOR
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.core.site import PLATFORM, Site, url_of
from carehub.services.identity.shell import LOOK_SECONDS, tenant_look

MOST = 2000
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_FIND = text("SELECT id, slug, name FROM tenant WHERE host = :host AND status = 'active'")
_known: OrderedDict[str, tuple[float, Site | None]] = OrderedDict()


def recall_site(header: str) -> Site | Literal[False] | None:
    """What this process knows of a Host header; False: nothing yet. CareHub's own names and plain addresses need no asking."""
    name = _name(header)
    if name in (urlsplit(settings.url).hostname, "localhost") or _is_address(name):
        return PLATFORM
    if not _HOST.fullmatch(name) or len(name) > 253:
        return None
    until, site = _known.get(name, (0.0, None))
    return site if until > time.monotonic() else False


def find_site(header: str) -> Site | None:
    """Whose address a Host header names, None: nobody's. Opens a transaction unless `recall_site` knows."""
    known = recall_site(header)
    if not isinstance(known, bool):
        return known
    name = _name(header)
    with unit_of_work(VISITOR, Role.PUBLIC) as session:
        row = session.execute(_FIND, {"host": name}).one_or_none()
    site = Site(url_of(name), row.slug, str(row.id), row.name) if row else None
    _known[name] = (time.monotonic() + LOOK_SECONDS, site)
    if len(_known) > MOST:
        _known.popitem(last=False)
    return site


def forget_sites() -> None:
    _known.clear()


def _name(header: str) -> str:
    """The host without its port, as names are compared."""
    try:
        return (urlsplit(f"//{header.strip().lower()}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    """A health check or a machine of the same network asks by number: no domain of anybody's."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def tenant_url(slug: str) -> str:
    """Where a tenant's public pages are: its own address when one is proven, else CareHub's."""
    look = tenant_look(slug)
    return url_of(look.host if look else None)
