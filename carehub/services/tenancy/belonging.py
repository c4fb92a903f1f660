"""What a tenant's own address shows: that tenant's public pages, booking and signing in for it. The account and the work stand at
CareHub's own address: who owns a domain could read all that passes there. Pure."""

import enum
from uuid import UUID

from carehub.core.errors import NotFound
from carehub.core.site import Site
from carehub.services.booking.tokens import read_manage_token

PAGES = frozenset({"sign-in", "check-mail", "recover", "m", "video"})
API = frozenset({"sign-in", "sign-up", "sign-out", "verify", "recover", "unsubscribe"})
MACHINERY = frozenset({"_event", "assets", "locales", "ping"})
CLOSED = frozenset({"platform", "metrics", "healthz", "readyz", "demo", "gallery", "sitemap", "_upload", "_health"})


class Shown(enum.Enum):
    HERE = "here"
    HOME = "home"  # the tenant's front page stands in its place
    AWAY = "away"  # a page of CareHub itself
    NOWHERE = "nowhere"


def shown_at(site: Site, path: str) -> Shown:
    """Where a path of a page or request belongs when it is asked for at `site`."""
    if not site.tenant:
        return Shown.HERE
    first, *rest = path.split("?", 1)[0].strip("/").split("/")
    if not first:
        return Shown.HOME
    if first == "t":
        return _only(rest[:1] == [site.tenant])
    if first == "files":
        return _only(rest[:1] == [site.tenant_id])
    if first == "booking":
        return _only(bool(rest) and _of_tenant(rest[0], site))
    if first == "api":
        return _only(bool(rest) and rest[0] in API)
    if first == "sign-up":
        return Shown.HERE if not rest else Shown.AWAY
    if first in PAGES or first in MACHINERY:
        return Shown.HERE
    if first in CLOSED:
        return Shown.NOWHERE
    return Shown.HERE if not rest and "." in first else Shown.AWAY


def _only(own: bool) -> Shown:
    return Shown.HERE if own else Shown.NOWHERE


def _of_tenant(token: str, site: Site) -> bool:
    try:
        return read_manage_token(token).tenant_id == UUID(site.tenant_id)
    except NotFound:
        return False
