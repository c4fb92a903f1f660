"""An appointment's states, ways and history in words: msgids that several pages show."""

from typing import Any

import reflex as rx

from carehub.components.i18n import _
from carehub.core.i18n import N_
from carehub.services.booking.appointments_list import MODE_LABELS, STATUS_LABELS, STATUS_TONES

__all__ = ["HISTORY_LABELS", "MODE_LABELS", "STATUS_LABELS", "STATUS_TONES", "said", "status_badge"]

HISTORY_LABELS = {
    "requested": N_("Requested"),
    "booked": N_("Booked"),
    "accepted": N_("Request accepted"),
    "declined": N_("Refused"),
    "proposed": N_("Other times proposed"),
    "moved": N_("Moved"),
    "cancelled": N_("Cancelled"),
    "arrived": N_("Marked as arrived"),
    "fulfilled": N_("Marked as done"),
    "noshow": N_("Marked as no-show"),
    "reopened": N_("Reopened"),
}


def said(labels: dict[str, str], code: Any) -> Any:
    """The words for a code that comes from state."""
    return rx.match(code, *((name, _(label)) for name, label in labels.items()), "")


def status_badge(status: Any) -> rx.Component:
    tone = rx.match(status, *((name, tone) for name, tone in STATUS_TONES.items()), "")
    return rx.el.span(said(STATUS_LABELS, status), class_name=rx.cond(tone != "", "badge is-" + tone.to(str), "badge"))
