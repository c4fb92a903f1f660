"""What the outbox tells notifications."""

from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.outbox import Event, handles
from carehub.models.booking import AppointmentStatus
from carehub.models.notify import Audience, Channel
from carehub.services.notify import (
    billing,  # noqa: F401 -- registers its handlers
    card_payments,  # noqa: F401 -- registers its handlers
    centre_write,
    email_change,  # noqa: F401 -- registers its handler
    impersonation,  # noqa: F401 -- registers its handler
    invitation,  # noqa: F401 -- registers its handler
    moderation,  # noqa: F401 -- registers its handlers and letters
    money,  # noqa: F401 -- registers its handlers
    number_codes,  # noqa: F401 -- registers its handlers
    owners,  # noqa: F401 -- registers its handler
    plan,
    questions,  # noqa: F401 -- registers its handlers
    reminders,
    support,  # noqa: F401 -- registers its handler
    verification,  # noqa: F401 -- registers its handlers and letters
)
from carehub.services.notify.facts import read_facts
from carehub.services.notify.recipients import person_recipient
from carehub.services.notify.rules import ACCOUNT_EVENTS

APPOINTMENT_EVENTS = tuple(
    f"appointment.{kind}"
    for kind in (
        "requested",
        "booked",
        "accepted",
        "declined",
        "proposed",
        "moved",
        "cancelled",
        "arrived",
        "fulfilled",
        "noshow",
    )
)
WAITING = (AppointmentStatus.PENDING, AppointmentStatus.PROPOSED)
RULES_CHANGED = "notification.rules_changed"


def tell_of_appointment(session: Session, event: Event) -> None:
    """Requests and proposals that this answers leave "to do"; then everyone concerned is told."""
    facts = read_facts(session, UUID(event.payload["appointment_id"]))
    if facts is None:
        return
    people = [one for one in (facts.client_person, facts.practitioner_person) if one is not None]
    centre_write.settle(session, facts.id, people)
    plan.plan_event(session, event)
    if facts.status not in WAITING:  # answered before this event was handled
        centre_write.settle(session, facts.id, people)


def tell_of_account(session: Session, event: Event) -> None:
    """A mail of the platform itself. Its link is made when it is sent: the row holds no secret."""
    assert event.tenant_id is not None
    to = person_recipient(session, event.tenant_id, UUID(event.payload["person_id"]))
    if to is None:
        return
    plan.write_delivery(
        session,
        tenant_id=event.tenant_id,
        event=event.kind,
        audience=Audience.CLIENT,
        channel=Channel.EMAIL,
        to=to,
        key=f"{event.id}:{Channel.EMAIL}",
        due_at=clock.now(),
        context={"next_path": event.payload.get("next_path") or ""},
    )


@handles(RULES_CHANGED)
def plan_again(session: Session, _event: Event) -> None:
    plan.withdraw_reminders(session)
    reminders.plan_tenant(session, again=True)


for _kind in APPOINTMENT_EVENTS:
    handles(_kind)(tell_of_appointment)
for _kind in ACCOUNT_EVENTS:
    handles(_kind)(tell_of_account)
