"""A practitioner leaves: each of their coming appointments and requests goes to a colleague or is cancelled with notice, in one
step, and only then their access closes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.errors import CareHubError, NotFound
from carehub.core.i18n import N_
from carehub.core.verbs import verb
from carehub.models.access import Delegation
from carehub.models.booking import Appointment, SlotHold
from carehub.models.practice import Practitioner, ServicePractitioner
from carehub.models.tenancy import Membership
from carehub.services.booking.errors import SlotTaken
from carehub.services.booking.queries import appointments, view_of
from carehub.services.booking.rules import MOVABLE
from carehub.services.booking.staff import cancel, reschedule
from carehub.services.booking.views import AppointmentView
from carehub.services.identity.forms import Form
from carehub.services.identity.owners import lock_owners
from carehub.services.identity.team import access_member, changed, check_other_owner

MANAGE = "members.manage"
MOST = 500  # what one step takes; more is asked for again


class SomeUnfit(CareHubError):
    key = "{count} of these appointments do not fit: cancel those, or choose someone else"
    status = 409


class HandOverForm(Form):
    """`to`: the colleague who takes over; nobody: everything is cancelled."""

    to: UUID | None = Field(None, title=N_("Goes to"), json_schema_extra={"widget": "select"})
    cancel_unfit: bool = Field(False, title=N_("Cancel what does not fit there"))
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = Field(
        "",
        title=N_("What people read when it is cancelled"),
        json_schema_extra={"widget": "textarea", "rows": 2},
    )


@dataclass(frozen=True)
class Fate:
    """One appointment and what becomes of it: `moves`, or `why` it does not fit (a msgid); both empty without a colleague."""

    appointment: AppointmentView
    moves: bool
    why: str


@dataclass(frozen=True)
class Leaving:
    """Who leaves, who may take over ((id, name)), and what waits."""

    name: str
    colleagues: list[tuple[str, str]]
    fates: list[Fate]
    total: int


@dataclass(frozen=True)
class HandedOver:
    moved: int
    cancelled: int


_TOTAL = text("""
    SELECT count(*) FROM appointment WHERE practitioner_id = :id AND starts_at > :now
      AND status IN ('pending', 'proposed', 'booked')""")


def _member(session: Session, actor: Actor, member_id: UUID) -> tuple[Membership, Practitioner]:
    member = access_member(session, actor, member_id)
    practitioner = (
        session.get(Practitioner, (actor.tenant_id, member.practitioner_id)) if member.practitioner_id else None
    )
    if practitioner is None:
        raise NotFound
    return member, practitioner


def _waiting(session: Session, practitioner_id: UUID) -> list[AppointmentView]:
    a = Appointment
    query = appointments().where(
        col(a.practitioner_id) == practitioner_id,
        col(a.starts_at) > clock.now(),
        col(a.status).in_([one.value for one in MOVABLE]),
    )
    rows = session.execute(query.order_by(col(a.starts_at), col(a.id)).limit(MOST))
    return [view_of(row) for row in rows]


@verb(MANAGE)
def leaving(session: Session, actor: Actor, *, member_id: UUID, to: UUID | None = None) -> Leaving:
    """What waits for a member, and, with a colleague named, what fits in their agenda: tried in full and taken back.

    Raises NotFound (also for a member who receives nobody), NotAllowed, NotYourAgenda.
    """
    _, practitioner = _member(session, actor, member_id)
    others = select(Practitioner).where(
        col(Practitioner.tenant_id) == actor.tenant_id,
        col(Practitioner.active),
        col(Practitioner.id) != practitioner.id,
    )
    names = [(str(one.id), _name(one)) for one in session.scalars(others.order_by(col(Practitioner.family_name)))]
    views = _waiting(session, practitioner.id)
    trial = session.begin_nested()
    try:
        fates = [_try(session, actor, view, to) for view in views] if to else [Fate(view, False, "") for view in views]
    finally:
        trial.rollback()
    total = session.scalar(_TOTAL, {"id": practitioner.id, "now": clock.now()}) or 0
    return Leaving(_name(practitioner), names, fates, total)


def _name(one: Practitioner) -> str:
    return " ".join(part for part in (one.honorific, one.given_name, one.family_name) if part)


def _try(session: Session, actor: Actor, view: AppointmentView, to: UUID) -> Fate:
    """Move one appointment to a colleague at the same moment, or say why not."""
    offers = select(col(ServicePractitioner.id)).where(
        col(ServicePractitioner.practitioner_id) == to, col(ServicePractitioner.service_id) == UUID(view.service_id)
    )
    if session.scalar(offers) is None:
        return Fate(view, False, N_("Does not offer this"))
    try:
        with session.begin_nested():
            zone = session.scalar(
                select(col(Practitioner.time_zone)).where(col(Practitioner.id) == to, col(Practitioner.active))
            )
            if zone is None:
                raise NotFound
            wall = clock.to_local(datetime.fromisoformat(view.starts_at), zone).replace(tzinfo=None)
            reschedule(session, actor, appointment_id=UUID(view.id), local_start=wall, practitioner_id=to)
    except SlotTaken:
        return Fate(view, False, N_("Not free then"))
    except CareHubError as refusal:
        return Fate(view, False, refusal.key)
    return Fate(view, True, "")


@verb(MANAGE)
def hand_over(session: Session, actor: Actor, *, member_id: UUID, form: HandOverForm) -> HandedOver:
    """Move or cancel everything that waits for a member, tell each person, end their delegations and close their access:
    all of it or nothing. Their past stays, and their page is no longer public.

    Raises NotFound, NotAllowed, LastOwner, NotYourAgenda, or SomeUnfit when a colleague cannot take all and nothing was said
    about the rest.
    """
    member, practitioner = _member(session, actor, member_id)
    if member.role == "owner":
        check_other_owner(session, member)
    session.execute(delete(SlotHold).where(col(SlotHold.practitioner_id) == practitioner.id))
    moved = cancelled = 0
    while views := _waiting(session, practitioner.id):
        taken = _take(session, actor, views, form)
        moved, cancelled = moved + taken.moved, cancelled + taken.cancelled
    _close(session, member, practitioner)
    return HandedOver(moved, cancelled)


def _take(session: Session, actor: Actor, views: Sequence[AppointmentView], form: HandOverForm) -> HandedOver:
    fates = [_try(session, actor, view, form.to) if form.to else Fate(view, False, "") for view in views]
    unfit = [fate for fate in fates if not fate.moves]
    if unfit and form.to and not form.cancel_unfit:
        raise SomeUnfit(field="cancel_unfit", count=len(unfit))
    for fate in unfit:
        cancel(session, actor, appointment_id=UUID(fate.appointment.id), reason=form.reason)
    return HandedOver(len(fates) - len(unfit), len(unfit))


def _close(session: Session, member: Membership, practitioner: Practitioner) -> None:
    lock_owners(session, member.tenant_id)
    gone = delete(Delegation).where(
        (col(Delegation.member_id) == member.id) | (col(Delegation.practitioner_id) == practitioner.id)
    )
    session.execute(gone.where(col(Delegation.tenant_id) == member.tenant_id))
    member.active = False
    session.execute(
        update(Practitioner)
        .where(col(Practitioner.tenant_id) == member.tenant_id, col(Practitioner.id) == practitioner.id)
        .values(active=False)
        .execution_options(synchronize_session=False)
    )
    outbox.emit(session, "directory.changed", practitioner_id=str(practitioner.id))
    changed(session)
