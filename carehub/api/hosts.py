"""Before anything else: whose address was asked? CareHub's own, one tenant's proven host, or nobody's."""

import asyncio
import logging
from typing import Any
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from carehub.api.guard import route
from carehub.core.actor import Actor
from carehub.core.i18n import N_, pick_locale, translate
from carehub.core.permissions import PUBLIC
from carehub.core.settings import settings
from carehub.core.site import Site, here, set_site
from carehub.services.tenancy.belonging import Shown, shown_at
from carehub.services.tenancy.places import find_site, recall_site

log = logging.getLogger(__name__)

ASK = "/api/hosts/ask"
INSIDE = frozenset({ASK, "/ping", "/_health", "/healthz", "/readyz", "/metrics"})  # asked by the proxy, under any name
UNKNOWN = N_("No pages are served at this address")


async def site_of(header: str) -> Site | None:
    known = recall_site(header)
    return await asyncio.to_thread(find_site, header) if isinstance(known, bool) else known


class Hosts:
    """Puts the site into the context of what follows; refuses hosts that nobody has proven and pages that stand elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        try:
            site = await site_of(Headers(scope=scope).get("host", ""))
        except SQLAlchemyError:
            log.exception("the site of a host could not be read")
            site, lost = None, True
        else:
            lost = False
        if site is not None:
            set_site(site)
        answer = _refusal(scope, site, lost=lost)
        if answer is None:
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        return await answer(scope, receive, send)


def _refusal(scope: Scope, site: Site | None, *, lost: bool) -> Response | None:
    """What is answered instead of the page; None: the page itself."""
    path = scope["path"]
    if site is None:
        return None if path in INSIDE else _told(scope, 503 if lost else 421)
    shown = shown_at(site, path)
    if shown is Shown.HERE:
        return None
    if shown is Shown.NOWHERE or scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD"):
        return _told(scope, 404)
    query = scope["query_string"].decode("latin-1")
    target = f"{site.url}/t/{site.tenant}" if shown is Shown.HOME else settings.url + quote(path)
    return RedirectResponse(target + (f"?{query}" if query else ""), 302, {"cache-control": "no-store"})


def _told(scope: Scope, status: int) -> Response:
    locale = pick_locale(Headers(scope=scope).get("accept-language", ""), "")
    return PlainTextResponse(translate(UNKNOWN, locale), status, {"cache-control": "no-store"})


def own_origin(origin: str | None, _environ: dict[str, Any]) -> bool:
    """Whether a socket may open: from a page of the very address that it asks."""
    return origin == here().url


@route(ASK, PUBLIC, methods=("GET",))
async def ask(request: Request, _actor: Actor) -> Response:
    """200 when the proxy may fetch a certificate for `?domain=`: a tenant has proven it. Else 404."""
    site = await site_of(request.query_params.get("domain", ""))
    known = site is not None and bool(site.tenant)
    return PlainTextResponse("yes" if known else "no", 200 if known else 404)


def hosts(app: Any) -> Any:
    return Hosts(app)


ROUTES: list[Route] = [ask]
