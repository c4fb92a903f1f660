"""/robots.txt and /sitemap.xml: an index of files of at most 50,000 addresses each. DI-153."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from carehub.core import clock
from carehub.core.actor import VISITOR
from carehub.core.db import perform
from carehub.core.site import here
from carehub.services import directory

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
KEPT = {"cache-control": "public, max-age=3600"}
ROBOTS = """User-agent: *
Disallow: /api/
Disallow: /me/
Disallow: /w/
Disallow: /demo/
Disallow: /_event
Sitemap: {url}/sitemap.xml
"""


def _xml(kind: str, item: str, entries: Iterable[tuple[str, datetime]]) -> Response:
    lines = (
        f"<{item}><loc>{escape(here().url + path)}</loc><lastmod>{at:%Y-%m-%dT%H:%M:%SZ}</lastmod></{item}>"
        for path, at in entries
    )
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} {SPACE}>{"".join(lines)}</{kind}>'
    return Response(body, media_type="application/xml", headers=KEPT)


async def index(_request: Request) -> Response:
    """One file of organisations and fixed pages, then the profiles; at a tenant's own address its own pages."""
    if here().tenant:
        own = await asyncio.to_thread(lambda: perform(directory.sitemap_of, VISITOR, tenant=here().tenant))
        return _xml("urlset", "url", own)
    files = await asyncio.to_thread(perform, directory.sitemap_files, VISITOR)
    now = clock.now()
    names = ["/sitemap/pages.xml", *(f"/sitemap/profiles-{number}.xml" for number in range(1, files + 1))]
    return _xml("sitemapindex", "sitemap", [(name, now) for name in names])


async def pages(_request: Request) -> Response:
    tenants = await asyncio.to_thread(perform, directory.sitemap_tenants, VISITOR)
    now = clock.now()
    return _xml("urlset", "url", [*((path, now) for path in ("/", "/search", "/privacy", "/terms")), *tenants])


async def profiles(request: Request) -> Response:
    number = int(request.path_params["number"])
    found = (
        await asyncio.to_thread(lambda: perform(directory.sitemap_profiles, VISITOR, number=number)) if number else []
    )
    return _xml("urlset", "url", found) if found or number == 1 else PlainTextResponse("Not found", 404)


async def robots(_request: Request) -> Response:
    return PlainTextResponse(ROBOTS.format(url=here().url), headers=KEPT)


ROUTES = [
    Route("/sitemap.xml", index),
    Route("/sitemap/pages.xml", pages),
    Route("/sitemap/profiles-{number:int}.xml", profiles),
    Route("/robots.txt", robots),
]
