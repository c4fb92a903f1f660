"""Documents of verification: in from a practitioner, out to an owner or the reviewer, never into a page."""

import asyncio
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from carehub.api.body import read_upload
from carehub.api.guard import ITS_VERB, route
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.ids import parse_id
from carehub.core.settings import settings
from carehub.services.profiles.profile import EDIT, MANAGE
from carehub.services.tenancy.files import FileContent
from carehub.services.verification.documents import attach_document, open_document, review_document


@route("/api/w/{tenant}/verification/{kind}/documents", ITS_VERB)
async def upload(request: Request, actor: Actor) -> Response:
    """One PDF or picture as multipart `file`, a proof of the claim `kind`; `?of=` whose, one's own when left out."""
    actor.check_may(EDIT)
    name, content = await read_upload(request, settings.upload_max_bytes)
    kept = await asyncio.to_thread(
        perform,
        attach_document,
        actor,
        kind=request.path_params["kind"],
        content=content,
        name=name,
        practitioner_id=parse_id(request.query_params.get("of", "")),
    )
    return JSONResponse({"id": kept}, 201)


def _handed(found: FileContent, name: str) -> Response:
    """As a download that no browser draws within our origin and no cache keeps."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(found.content, media_type=found.content_type, headers=headers)


@route("/api/w/{tenant}/verification/documents/{document_id}", MANAGE, methods=("GET",))
async def own(request: Request, actor: Actor) -> Response:
    """A proof, for an owner. Being read is recorded."""
    document_id = parse_id(request.path_params["document_id"])
    if document_id is None:
        raise NotFound
    return _handed(*await asyncio.to_thread(perform, open_document, actor, document_id=document_id))


@route("/api/platform/verification/{tenant_id}/{document_id}", "platform.manage", methods=("GET",))
async def review(request: Request, actor: Actor) -> Response:
    """A proof, for the reviewer. Being read is recorded."""
    tenant_id, document_id = parse_id(request.path_params["tenant_id"]), parse_id(request.path_params["document_id"])
    if tenant_id is None or document_id is None:
        raise NotFound
    return _handed(
        *await asyncio.to_thread(perform, review_document, actor, tenant_id=tenant_id, document_id=document_id)
    )


ROUTES = [upload, own, review]
