"""Into the console and out of it. The password is asked again here, by a plain POST, and never passes the event socket."""

import asyncio

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from carehub.api.body import read_fields
from carehub.api.guard import client_of, route
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.services.identity.errors import WrongPassword
from carehub.services.identity.forms import Form, Secret
from carehub.services.identity.signing import check_own_password
from carehub.services.platform.impersonation import stop_impersonating
from carehub.services.platform.visits import clean_reason, end_visit, open_visit


class VisitForm(Form):
    reason: str = Field(max_length=500)
    password: Secret


@route("/api/platform/visit", "platform.open")
async def visit(request: Request, actor: Actor) -> Response:
    """Open the console for half an hour, for a reason and with one's password."""
    form = VisitForm.model_validate(await read_fields(request))
    assert actor.person_id is not None
    clean_reason(form.reason)
    if not await asyncio.to_thread(check_own_password, actor.person_id, form.password, client_of(request)):
        raise WrongPassword(field="password")
    await asyncio.to_thread(perform, open_visit, actor, reason=form.reason)
    return JSONResponse({"next": "/platform"})


@route("/api/platform/leave", "platform.open")
async def leave(_request: Request, actor: Actor) -> Response:
    await asyncio.to_thread(perform, end_visit, actor)
    return RedirectResponse("/me", 303)


@route("/api/platform/stand-down", "platform.open")
async def stand_down(_request: Request, actor: Actor) -> Response:
    """Leave the organisation in which one stands in."""
    await asyncio.to_thread(perform, stop_impersonating, actor)
    return RedirectResponse("/platform/tenants", 303)


ROUTES = [visit, leave, stand_down]
