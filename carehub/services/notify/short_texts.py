"""The words of text messages, as msgids: short, in every language, and silent about health. Params: {tenant}, {when}, {name}, {url}.

What a push shows is said by `push_title`: the mail's subject, which names nobody.
"""

from carehub.core.i18n import N_
from carehub.models.notify import Audience
from carehub.services.notify.texts import WORDS

_CLIENT, _PRO = Audience.CLIENT, Audience.PRACTITIONER

TEXT_WORDS: dict[tuple[str, str], str] = {
    ("appointment.requested", _CLIENT): N_("{tenant}: request received for {when}. {url}"),
    ("appointment.requested", _PRO): N_("New request for {when}. Answer it: {url}"),
    ("appointment.booked", _CLIENT): N_("{tenant}: appointment confirmed, {when}. {url}"),
    ("appointment.booked", _PRO): N_("New appointment: {when}. {url}"),
    ("appointment.accepted", _CLIENT): N_("{tenant}: appointment confirmed, {when}. {url}"),
    ("appointment.accepted", _PRO): N_("Appointment confirmed: {when}. {url}"),
    ("appointment.declined", _CLIENT): N_("{tenant}: your request for {when} was declined. {url}"),
    ("appointment.proposed", _CLIENT): N_("{tenant}: other times are proposed instead of {when}. Choose: {url}"),
    ("appointment.moved", _CLIENT): N_("{tenant}: your appointment is moved to {when}. {url}"),
    ("appointment.moved", _PRO): N_("An appointment is moved to {when}. {url}"),
    ("appointment.cancelled", _CLIENT): N_("{tenant}: your appointment of {when} is cancelled. {url}"),
    ("appointment.cancelled", _PRO): N_("The appointment of {when} is cancelled. {url}"),
    ("appointment.arrived", _PRO): N_("{name} has arrived. {url}"),
    ("appointment.reminder", _CLIENT): N_("{tenant}: appointment {when}. To move or cancel it: {url}"),
    ("appointment.reminder", _PRO): N_("Reminder: appointment {when}. {url}"),
}
ARRIVED = N_("Someone has arrived")
OPEN = N_("Open CareHub to read it")
SEVERAL = N_("{count} new messages")


def push_title(event: str, audience: str) -> str:
    """The msgid that a locked screen may show: when, but never who, what or where."""
    return ARRIVED if event == "appointment.arrived" else WORDS[event, audience].subject
