"""Short ways to what most tests of booking begin with."""

from datetime import datetime, timedelta
from typing import Any

from carehub.core import clock
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform
from carehub.services import booking
from carehub.services.booking.views import AppointmentView, BookedView, HoldView, SlotView
from tests.booking.factories import House


def free(made: House, *, days_ahead: int = 1, days: int = 14) -> list[SlotView]:
    """Every free time from so many days ahead."""
    first = clock.today("Europe/Paris") + timedelta(days=days_ahead)
    found = perform(
        booking.free_days,
        VISITOR,
        tenant=made.slug,
        practitioner_id=made.practitioner_id,
        service_id=made.service_id,
        first=first,
        days=days,
    )
    return [slot for day in found for slot in day.slots]


def hold(made: House, start: str | datetime, *, who: Actor = VISITOR, **more: Any) -> HoldView:
    at = datetime.fromisoformat(start) if isinstance(start, str) else start
    return perform(
        booking.hold_slot,
        who,
        tenant=made.slug,
        practitioner_id=made.practitioner_id,
        service_id=made.service_id,
        starts_at=at,
        **more,
    )


def guest_form(**values: Any) -> booking.ClientForm:
    known = {"given_name": "Sofia", "family_name": "Haddad", "email": "sofia@example.com", "phone": ""}
    return booking.ClientForm.model_validate({**known, **values})


def confirm(made: House, kept: HoldView, *, who: Actor = VISITOR, **values: Any) -> BookedView:
    return perform(booking.book, who, tenant=made.slug, token=kept.token, form=guest_form(**values))


def booked(made: House, *, who: Actor = VISITOR, days_ahead: int = 3, place: int = 0) -> BookedView:
    """A booking some days ahead, at the free time number `place` of then."""
    kept = hold(made, free(made, days_ahead=days_ahead)[place].starts_at, who=who)
    return confirm(made, kept, who=who)


def starts(view: AppointmentView) -> datetime:
    return datetime.fromisoformat(view.starts_at)
