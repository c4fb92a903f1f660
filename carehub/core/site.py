"""Under which address the reader stands: CareHub's own, or the own address of one tenant (a proven host)."""

from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import urlsplit

from carehub.core.settings import settings


@dataclass(frozen=True)
class Site:
    """`url` without a trailing slash. `tenant` is empty on CareHub's own address; else the slug, and the only tenant shown."""

    url: str
    tenant: str = ""
    tenant_id: str = ""
    name: str = ""


PLATFORM = Site(settings.url)
_here: ContextVar[Site] = ContextVar("site", default=PLATFORM)


def here() -> Site:
    """Where the request or event in progress came in."""
    return _here.get()


def set_site(site: Site) -> None:
    _here.set(site)


def url_of(host: str | None) -> str:
    """The address of a proven host, as the proxy serves it: CareHub's own scheme and port. Empty: CareHub's own address."""
    if not host:
        return settings.url
    own = urlsplit(settings.url)
    return f"{own.scheme}://{host}" + (f":{own.port}" if own.port else "")
