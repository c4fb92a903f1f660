"""An appointment as a calendar file (RFC 5545): what a client's "add to calendar" downloads."""

from datetime import UTC, datetime

from icalendar import Calendar, Event

from carehub.core import clock
from carehub.core.i18n import translate
from carehub.core.site import here
from carehub.services.booking.views import AppointmentView

STATUSES = {"cancelled": "CANCELLED", "declined": "CANCELLED", "pending": "TENTATIVE", "proposed": "TENTATIVE"}


def calendar_file(view: AppointmentView, *, locale: str, address: str) -> bytes:
    """UTF-8 text/calendar, METHOD:PUBLISH. `address` is the page where the client finds the appointment.

    Times are UTC: a calendar whose time zone data is older than ours (Casablanca moved in 2026) still shows the right hour.
    The uid is the one of the mails, so that their changes reach this entry; SEQUENCE grows with each.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//CareHub//CareHub//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-timezone", view.time_zone)
    event = Event()
    event.add("uid", view.id)
    event.add("sequence", view.sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", datetime.fromisoformat(view.starts_at).astimezone(UTC))
    event.add("dtend", datetime.fromisoformat(view.ends_at).astimezone(UTC))
    event.add("summary", translate("Appointment with {name}", locale, name=view.practitioner))
    event.add("description", f"{view.service_names.get(locale) or view.service}, {view.tenant_name}")
    event.add("status", STATUSES.get(view.status, "CONFIRMED"))
    if view.address:
        event.add("location", view.address)
    event.add("url", here().url + address)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
