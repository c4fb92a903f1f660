"""Calendar files of appointments, for their client: by the session's cookie, or by a guest's link."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from carehub.api.guard import locale_of, route
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.ids import parse_id
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.services import booking
from carehub.services.booking.calendar import calendar_file
from carehub.services.booking.views import AppointmentView


def _answer(request: Request, view: AppointmentView, address: str) -> Response:
    content = calendar_file(view, locale=locale_of(request), address=address)
    headers = {"content-disposition": 'attachment; filename="appointment.ics"'}
    return Response(content, media_type="text/calendar; charset=utf-8; method=PUBLISH", headers=headers)


@route("/api/me/appointments/{id}/calendar.ics", SIGNED_IN, methods=("GET",))
async def mine(request: Request, actor: Actor) -> Response:
    """The signed-in person's own appointment. 401 without a session, 404 for anyone else's."""
    appointment_id = parse_id(request.path_params["id"])
    if appointment_id is None:
        raise NotFound
    view = await asyncio.to_thread(perform, booking.read_mine, actor, appointment_id=appointment_id)
    return _answer(request, view, "/me/appointments")


@route("/booking/{token}/calendar.ics", PUBLIC, methods=("GET",))
async def by_link(request: Request, actor: Actor) -> Response:
    """A guest's appointment; 404 for a link that we did not make."""
    token = request.path_params["token"]
    view = await asyncio.to_thread(perform, booking.read_by_link, actor, token=token)
    return _answer(request, view, f"/booking/{token}")


ROUTES = [mine, by_link]
