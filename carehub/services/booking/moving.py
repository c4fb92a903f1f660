"""Where a client's appointment can move to: the same free times as for a new one, its own time counted as free."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.services.booking.client import Access, access_link, access_mine
from carehub.services.booking.holds import MAX_DAYS, day_views
from carehub.services.booking.queries import access_appointment, check_open
from carehub.services.booking.slots import read_offer, slots_of
from carehub.services.booking.views import DayView


@verb(SIGNED_IN)
def times_mine(session: Session, actor: Actor, *, appointment_id: UUID, first: date, days: int = 7) -> list[DayView]:
    """One entry a local day from `first`, at most 31. Raises NotFound, ModuleOff."""
    return _times(session, access_mine(session, actor, appointment_id), first, days)


@verb(PUBLIC)
def times_by_link(session: Session, _actor: Actor, *, token: str, first: date, days: int = 7) -> list[DayView]:
    """The same for a guest's link. Raises NotFound, ModuleOff."""
    return _times(session, access_link(token), first, days)


def _times(session: Session, access: Access, first: date, days: int) -> list[DayView]:
    days = min(max(days, 1), MAX_DAYS)
    with tenant_scope(session, Role.BOOKING, access.tenant_id):
        check_open(session, access.tenant_id)
        found = access_appointment(session, access.appointment_id)
        offered = read_offer(
            session, practitioner_id=found.practitioner_id, service_id=found.service_id, first=first, days=days
        )
        free = slots_of(session, offered, first=first, days=days, but=found.id)
    others = {day: [slot for slot in slots if slot.start != found.starts_at] for day, slots in free.items()}
    return day_views(others, offered.zone)
