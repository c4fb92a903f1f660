"""Calendar files of appointments, for their client: by the session's cookie, or by a guest's link."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from carehub.core.db import perform
from carehub.core.errors import CareHubError, NotFound
from carehub.core.i18n import pick_locale, translate
from carehub.core.ids import parse_id
from carehub.services import booking
from carehub.services.booking.calendar import calendar_file
from carehub.services.booking.views import AppointmentView
from carehub.services.identity import sessions


def _answer(request: Request, read: Callable[[], AppointmentView], address: str) -> Response:
    locale = pick_locale(request.headers.get("accept-language", ""), request.cookies.get("locale", ""))
    try:
        content = calendar_file(read(), locale=locale, address=address)
    except CareHubError as refusal:
        return PlainTextResponse(translate(refusal.key, locale, **refusal.params), refusal.status)
    headers = {"cache-control": "no-store", "content-disposition": 'attachment; filename="appointment.ics"'}
    return Response(content, media_type="text/calendar; charset=utf-8; method=PUBLISH", headers=headers)


def mine(request: Request) -> Response:
    """The signed-in person's own appointment. 401 without a session, 404 for anyone else's."""
    actor = sessions.find_actor(request.cookies.get(sessions.COOKIE, ""), "")

    def read() -> AppointmentView:
        appointment_id = parse_id(request.path_params["id"])
        if appointment_id is None:
            raise NotFound
        return perform(booking.read_mine, actor, appointment_id=appointment_id)

    return _answer(request, read, "/me/appointments")


def by_link(request: Request) -> Response:
    """A guest's appointment; 404 for a link that we did not make."""
    token = request.path_params["token"]
    actor = sessions.find_actor(request.cookies.get(sessions.COOKIE, ""), "")
    return _answer(request, lambda: perform(booking.read_by_link, actor, token=token), f"/booking/{token}")


ROUTES = [
    Route("/api/me/appointments/{id}/calendar.ics", mine),
    Route("/booking/{token}/calendar.ics", by_link),
]
