"""Files of a tenant's own fields: in from staff, out to who may read the record, never drawn within our origin."""

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
from carehub.services.custom.files import keep_appointment_file, keep_patient_file, open_file


@route("/api/w/{tenant}/fields/{field_id}/files", ITS_VERB)
async def upload(request: Request, actor: Actor) -> Response:
    """One PDF or picture as multipart `file` for the record that `?patient=` or `?appointment=` names. Answers {"id"}."""
    actor.check_may("patients.manage|booking.manage")
    patient, appointment = (parse_id(request.query_params.get(name, "")) for name in ("patient", "appointment"))
    field_id = parse_id(request.path_params["field_id"])
    name, content = await read_upload(request, settings.upload_max_bytes)
    if field_id is not None and patient is not None:
        kept = await asyncio.to_thread(
            perform, keep_patient_file, actor, field_id=field_id, patient_id=patient, name=name, content=content
        )
    elif field_id is not None and appointment is not None:
        kept = await asyncio.to_thread(
            perform,
            keep_appointment_file,
            actor,
            field_id=field_id,
            appointment_id=appointment,
            name=name,
            content=content,
        )
    else:
        raise NotFound
    return JSONResponse({"id": kept}, 201)


@route("/api/w/{tenant}/fields/files/{file_id}", ITS_VERB, methods=("GET",))
async def download(request: Request, actor: Actor) -> Response:
    file_id = parse_id(request.path_params["file_id"])
    if file_id is None:
        raise NotFound
    found, name = await asyncio.to_thread(perform, open_file, actor, file_id=file_id)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(found.content, media_type=found.content_type, headers=headers)


ROUTES = [upload, download]
