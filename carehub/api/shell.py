"""What every answer carries: a strict policy, caching, real 404s, and the tenant's colour and words in the page itself so that
nothing flashes."""

import asyncio
import base64
import hashlib
import html
import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carehub.api import seo
from carehub.api.failure import failure_page
from carehub.core.i18n import pick_locale
from carehub.core.settings import ROOT, settings
from carehub.core.site import here
from carehub.services.identity.shell import TenantLook, tenant_look

BUILD = ROOT / ".web" / "build" / "client"
TENANT = re.compile(r"^/[wt]/([a-z0-9-]+)(?:/|$)")
SERVED = re.compile(
    r"^/(api|_event|_upload|ping|_health|assets|locales|healthz|readyz|metrics|demo|files|m|pay|video|webhooks)(/|$)|^/verify$|\.[a-z0-9]{2,5}$"
)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
IMMUTABLE = "public, max-age=31536000, immutable"

_dynamic: list[re.Pattern[str]] = []


def know_route(route: str) -> None:
    """Tell the shell of a page: `/w/[tenant]/leads`. What it does not know answers 404."""
    pattern = re.sub(r"\\\[\\\[[^/]*\\\]\\\]", r"[^/]*", re.escape(route))
    _dynamic.append(re.compile("^" + re.sub(r"\\\[[^/\]]+\\\]", r"[^/]+", pattern).rstrip("/") + "/?$"))


@cache
def _file(name: str) -> str:
    path = BUILD / name
    return path.read_text() if path.is_file() else ""


@cache
def _built() -> dict[str, Path]:
    return {
        "/" + page.parent.relative_to(BUILD).as_posix().removeprefix("."): page for page in BUILD.rglob("index.html")
    }


@lru_cache(500)
def _policy(page: str, url: str) -> str:
    """The policy of one built page at `url`: its own few inline scripts by hash, whatever the number of pages."""
    scripts = INLINE.findall(_file(page))
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    tiles = re.match(r"https?://[^/]+", settings.tiles_url)
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob: {tiles[0] if tiles else ''}; font-src 'self' data:; media-src 'self' blob:; worker-src 'self'; "
        f"connect-src 'self' {url.replace('http', 'ws', 1)}; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


def _own_page(path: str) -> str:
    """The built file that answers `path`."""
    page = _built().get(path.rstrip("/") or "/")
    return str(page.relative_to(BUILD)) if page else "__spa-fallback.html"


def dress(page: str, look: TenantLook | None) -> str:
    """The tenant's accent and words on <html>, before the first paint; at its own address also its name in the place of ours."""
    if look is None:
        return page
    words, name = html.escape(json.dumps(look.words), quote=True), ""
    style = f"--accent:{look.accent}"
    if here().tenant:
        name = f' data-site="{html.escape(look.name, quote=True)}"'
        style += f";--site:{html.escape(json.dumps(look.name), quote=True)}"  # a JSON string is a CSS one
    return page.replace("<html ", f'<html style="{style}" data-accent data-words="{words}"{name} ', 1)


async def answer(request: Request) -> Response | None:
    """The document for a page's address; None: what is mounted below answers."""
    path = request.url.path
    if SERVED.search(path):
        return None
    if (path.rstrip("/") or "/") in _built():
        return await _described(request, path)
    status, page = 200, _file("__spa-fallback.html")
    if not any(pattern.match(path) for pattern in _dynamic):
        status = 404
    renderer = seo.renderer_of(path)
    if status == 200 and renderer is not None:
        seo.query.set(dict(request.query_params))
        document = await asyncio.to_thread(renderer, _locale(request))
        status = document.status if document else 404
        page = seo.fill(page, document, request.query_params.get("hl", "")) if document else page
    tenant = TENANT.match(path)
    look = await asyncio.to_thread(tenant_look, tenant[1]) if tenant else await _site_look()
    if tenant and look is None:
        status = 404
    return HTMLResponse(dress(page, look), status)


async def _site_look() -> TenantLook | None:
    """At a tenant's own address every page wears its colours."""
    return await asyncio.to_thread(tenant_look, here().tenant) if here().tenant else None


def _locale(request: Request) -> str:
    chosen = request.query_params.get("hl", "") or request.cookies.get("locale", "")
    return pick_locale(request.headers.get("accept-language", ""), chosen)


async def _described(request: Request, path: str) -> Response:
    """A built page with what its domain says of it in this language: title, description, links, structured data."""
    page, renderer = _file(_own_page(path)), seo.renderer_of(path.rstrip("/") or "/")
    if renderer is not None:
        seo.query.set(dict(request.query_params))
        document = await asyncio.to_thread(renderer, _locale(request))
        page = seo.add(page, document, request.query_params.get("hl", "")) if document else page
    return HTMLResponse(dress(page, await _site_look()))


async def _page(request: Request) -> Response | None:
    try:
        return await answer(request)
    except Exception as error:
        return failure_page(error, _locale(request))


def _decorate(headers: MutableHeaders, path: str) -> None:
    headers["x-content-type-options"] = "nosniff"
    if settings.url.startswith("https:"):
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    if headers.get("content-type", "").startswith("text/html"):  # the policy is 1 kB: not on every chunk
        headers.setdefault("content-security-policy", _policy(_own_page(path), here().url))
        headers["referrer-policy"] = "strict-origin-when-cross-origin"
        headers["permissions-policy"] = (
            "camera=(self), microphone=(self), geolocation=(self), payment=(self), interest-cohort=()"
        )
        headers["cross-origin-opener-policy"] = "same-origin"
        headers["cache-control"] = "no-cache"
    elif path == "/push-worker.js":  # runs without a page: it opens nothing but our own pages
        headers["content-security-policy"] = "default-src 'none'; connect-src 'self'"
        headers["cache-control"] = "no-cache"
    elif path.startswith(("/assets/", "/locales/")):
        headers["cache-control"] = IMMUTABLE
    elif path.endswith((".svg", ".png", ".webmanifest", ".ico")):
        headers["cache-control"] = "public, max-age=3600, stale-while-revalidate=86400"


class Shell:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def decorate(message: Message) -> None:
            if message["type"] == "http.response.start":
                _decorate(MutableHeaders(scope=message), scope["path"])
            await send(message)

        page = await _page(Request(scope)) if scope["method"] in ("GET", "HEAD") else None
        await (page or self.app)(scope, receive, decorate)
        return None


def shell(app: Any) -> Any:
    return Shell(app)
