"""Figures as files: the console's and a tenant's own. DI-100."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from carehub.api.guard import route
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.services import statistics
from carehub.services.statistics.reading import as_csv
from carehub.services.statistics.rules import PERIODS
from carehub.services.statistics.views import Statistics


def _period(request: Request) -> str:
    period: str = request.path_params["period"]
    if period not in PERIODS:
        raise NotFound
    return period


def _sent(found: Statistics, name: str) -> Response:
    headers = {
        "content-disposition": f'attachment; filename="{name}-{found.first}-{found.last}.csv"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(as_csv(found), media_type="text/csv; charset=utf-8", headers=headers)


@route("/api/platform/statistics/{period}.csv", "platform.read", methods=("GET",))
async def of_platform(request: Request, actor: Actor) -> Response:
    period = _period(request)
    found = await asyncio.to_thread(perform, statistics.platform_statistics, actor, period=period)
    return _sent(found, "carehub")


@route("/api/w/{tenant}/report/{period}.csv", "workspace.enter", methods=("GET",))
async def of_tenant(request: Request, actor: Actor) -> Response:
    """The verb asks for more: who reads the books or writes invoices."""
    period = _period(request)
    found = await asyncio.to_thread(perform, statistics.tenant_statistics, actor, period=period)
    return _sent(found, request.path_params["tenant"])


ROUTES = [of_platform, of_tenant]
