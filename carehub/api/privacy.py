"""Copies of data as files: a person's own, and a client's for the desk that answers a request. Both ask for a fresh proof."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from carehub.api.auth import work
from carehub.api.guard import route
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.ids import parse_id
from carehub.core.permissions import SIGNED_IN
from carehub.services.identity.errors import ProofNeeded
from carehub.services.privacy.exports import FORMS, copy_of_file, open_export


@route("/api/me/data/{export_id}.{form}", SIGNED_IN, methods=("GET",))
async def own_copy(request: Request, actor: Actor) -> Response:
    """One's own copy, for a week. Whoever must show first that it is them is led there and comes back to the page."""
    found, form = parse_id(request.path_params["export_id"]), request.path_params["form"]
    if found is None or form not in FORMS:
        raise NotFound
    try:
        content = await work(perform, open_export, actor, export_id=found, form=form)
    except ProofNeeded:
        return _prove("/me/privacy?tab=copy")
    return _file(content, form)


@route("/api/w/{tenant}/patients/{patient_id}/copy.{form}", "privacy.manage", methods=("GET",))
async def copy_for_the_desk(request: Request, actor: Actor) -> Response:
    """What this organisation holds of one client. The client sees in their log that it was taken."""
    found, form = parse_id(request.path_params["patient_id"]), request.path_params["form"]
    if found is None or form not in FORMS:
        raise NotFound
    try:
        content = await work(perform, copy_of_file, actor, patient_id=found, form=form)
    except ProofNeeded:
        return _prove(f"/w/{request.path_params['tenant']}/settings/privacy")
    return _file(content, form)


def _prove(back: str) -> Response:
    return RedirectResponse("/me/confirm?next=" + quote(back), 303)


def _file(content: bytes, form: str) -> Response:
    headers = {
        "content-disposition": f'attachment; filename="carehub-data.{form}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=FORMS[form], headers=headers)


ROUTES = [own_copy, copy_for_the_desk]
