"""Pictures in and out."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from carehub.api.body import read_upload
from carehub.api.guard import route
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.ids import parse_id
from carehub.core.permissions import PUBLIC
from carehub.core.settings import settings
from carehub.services.tenancy.files import keep_image, public_file, set_logo

IMMUTABLE = "public, max-age=31536000, immutable"


@route("/api/w/{tenant}/files", "directory.manage")
async def upload(request: Request, actor: Actor) -> Response:
    """One picture as multipart `file`; `?use=logo` makes it the tenant's logo. Answers {"id", "url", "size"}."""
    name, content = await read_upload(request, settings.upload_max_bytes)
    kept = await asyncio.to_thread(perform, keep_image, actor, content=content, name=name)
    file_id = parse_id(kept.id)
    if request.query_params.get("use") == "logo" and file_id:
        await asyncio.to_thread(perform, set_logo, actor, file_id=file_id)
    return JSONResponse({"id": kept.id, "url": kept.url, "size": kept.size}, 201)


@route("/files/{tenant_id}/{file_id}", PUBLIC, methods=("GET",))
async def serve(request: Request, _actor: Actor) -> Response:
    """A public picture. Its content never changes, so browsers ask once."""
    tenant_id, file_id = parse_id(request.path_params["tenant_id"]), parse_id(request.path_params["file_id"])
    if tenant_id is None or file_id is None:
        raise NotFound
    found = await asyncio.to_thread(perform, public_file, VISITOR, tenant_id=tenant_id, file_id=file_id)
    headers = {
        "cache-control": IMMUTABLE,
        "etag": f'"{found.sha256[:32]}"',
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(found.content, media_type=found.content_type, headers=headers)


ROUTES = [upload, serve]
