"""All of an organisation's data, to its owner."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from carehub.api.guard import route
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.ids import parse_id
from carehub.services import exports


@route("/api/w/{tenant}/exports/{export_id}", exports.EXPORT, methods=("GET",))
async def download(request: Request, actor: Actor) -> Response:
    """The file, while it lasts, for who has just shown who they are."""
    export_id = parse_id(request.path_params["export_id"])
    if export_id is None:
        raise NotFound
    found = await asyncio.to_thread(perform, exports.open_export, actor, export_id=export_id)
    headers = {"content-disposition": f'attachment; filename="{found.name}"', "x-content-type-options": "nosniff"}
    return Response(found.content, media_type="application/json", headers=headers)


ROUTES = [download]
