"""A person's own picture: in from them, out to them and to the organisations that receive them (DI-005, DI-012)."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from carehub.api.body import read_upload
from carehub.api.guard import route
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.ids import parse_id
from carehub.core.permissions import SIGNED_IN
from carehub.core.settings import settings
from carehub.services.identity import cards

HEADERS = {
    "cache-control": "private, max-age=3600",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
}


@route("/api/me/portrait", SIGNED_IN)
async def upload(request: Request, actor: Actor) -> Response:
    """One picture as multipart `file`. Answers {"url"}."""
    _name, content = await read_upload(request, settings.upload_max_bytes)
    url = await asyncio.to_thread(perform, cards.keep_portrait, actor, content=content)
    return JSONResponse({"url": url}, 201)


@route("/api/me/portrait", SIGNED_IN, methods=("GET",))
async def own(_request: Request, actor: Actor) -> Response:
    content = await asyncio.to_thread(perform, cards.my_portrait, actor)
    return Response(content, media_type="image/webp", headers=HEADERS)


@route("/api/w/{tenant}/patients/{patient_id}/portrait", "patients.read", methods=("GET",))
async def of_client(request: Request, actor: Actor) -> Response:
    """A client's picture, for members who may read their file."""
    patient_id = parse_id(request.path_params["patient_id"])
    if patient_id is None:
        raise NotFound
    content = await asyncio.to_thread(perform, cards.client_portrait, actor, patient_id=patient_id)
    return Response(content, media_type="image/webp", headers=HEADERS)


ROUTES = [upload, own, of_client]
