"""Behind trusted proxies the client is who the proxies say: throttling, limits and the login history need the true address."""

from ipaddress import ip_address
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from carehub.core.settings import settings


def client_address(forwarded: str, hops: int) -> str:
    """The address that the outermost of `hops` trusted proxies saw: the hops-th from the end of X-Forwarded-For.

    Empty when the header is too short or holds no address: what a client writes further left is never read.
    """
    seen = [one.strip() for one in forwarded.split(",") if one.strip()]
    if not 0 < hops <= len(seen):
        return ""
    try:
        return str(ip_address(seen[-hops]))
    except ValueError:
        return ""


class TrustedProxies:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if settings.trusted_hops and scope["type"] in ("http", "websocket"):
            address = client_address(Headers(scope=scope).get("x-forwarded-for", ""), settings.trusted_hops)
            if address:
                scope = {**scope, "client": (address, 0)}
        await self.app(scope, receive, send)


def trusted_proxies(app: Any) -> Any:
    return TrustedProxies(app)
