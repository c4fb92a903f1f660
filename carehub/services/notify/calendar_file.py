"""The calendar file of a mail (RFC 5545, iTIP): an invitation, its change, or its withdrawal. Times in UTC."""

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event, vCalAddress, vText

from carehub.core import clock

REQUEST, CANCEL = "REQUEST", "CANCEL"
METHODS = {
    "appointment.requested": REQUEST,
    "appointment.declined": CANCEL,
    "appointment.proposed": CANCEL,  # the time that was asked for is given up
    "appointment.booked": REQUEST,
    "appointment.accepted": REQUEST,
    "appointment.moved": REQUEST,
    "appointment.cancelled": CANCEL,
}
OF_REQUEST = ("appointment.requested", "appointment.declined", "appointment.proposed")


@dataclass(frozen=True)
class Invitation:
    """`sequence` grows at each change, so that a late mail never undoes a newer one. `tentative`: nobody has accepted it yet."""

    uid: str
    method: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    url: str
    organizer: str
    organizer_email: str
    attendee: str
    attendee_email: str
    tentative: bool = False


def calendar_file(one: Invitation) -> bytes:
    """UTF-8 text/calendar; `method` belongs into its content type too."""
    calendar = Calendar()
    calendar.add("prodid", "-//CareHub//CareHub//EN")
    calendar.add("version", "2.0")
    calendar.add("method", one.method)
    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", one.starts_at)
    event.add("dtend", one.ends_at)
    event.add("summary", one.summary)
    event.add("status", "CANCELLED" if one.method == CANCEL else "TENTATIVE" if one.tentative else "CONFIRMED")
    if one.location:
        event.add("location", one.location)
    event.add("url", one.url)
    event["organizer"] = _address(one.organizer_email, one.organizer)
    attendee = _address(one.attendee_email, one.attendee)
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(name)
    return address
