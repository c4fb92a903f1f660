"""Every list as a file: /api/w/<tenant>/lists/<name>.csv or .xlsx, with the filters of the page's own address."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from carehub.api.guard import ITS_VERB, route
from carehub.api.problems import locale_of
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.services.listing import LISTS, ListQuery

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@route("/api/w/{tenant}/lists/{name}.{form}", ITS_VERB, methods=("GET",))
async def export(request: Request, actor: Actor) -> Response:
    """The list as the person may see it; 404 for a list that does not exist, the refusal's own status otherwise."""
    return await _file_of(request, actor)


async def _file_of(request: Request, actor: Actor) -> Response:
    form, listed = request.path_params["form"], LISTS.get(request.path_params["name"])
    if listed is None or form not in TYPES:
        raise NotFound
    query = ListQuery.parse(listed.spec, request.query_params)
    content = await asyncio.to_thread(perform, listed.export, actor, query=query, form=form, locale=locale_of(request))
    headers = {"content-disposition": f'attachment; filename="{listed.spec.name}.{form}"'}
    return Response(content, media_type=TYPES[form], headers=headers)


@route("/api/platform/lists/{name}.{form}", "platform.read", methods=("GET",))
async def export_of_platform(request: Request, actor: Actor) -> Response:
    """A list of the console, for a super-admin whose visit is open."""
    return await _file_of(request, actor)


ROUTES = [export, export_of_platform]
