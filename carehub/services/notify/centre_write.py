"""Entries of a person's centre, written as ch_app of the tenant they come from."""

from typing import Any
from uuid import UUID

from sqlalchemy import Table, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.bus import announce
from carehub.core.ids import new_id
from carehub.models.notify import Audience, Delivery, DeliveryStatus, Notification
from carehub.services.notify import links
from carehub.services.notify.facts import Facts, TenantFacts
from carehub.services.notify.own_texts import own_words
from carehub.services.notify.texts import WORDS

NOTIFICATION: Table = Notification.__table__  # type: ignore[attr-defined]
TOPIC = "notifications"


def post(session: Session, delivery: Delivery, facts: Facts, tenant: TenantFacts) -> None:
    """Put an in-app delivery into the person's centre, once, in the tenant's own words if it wrote some, and nudge their tabs."""
    assert delivery.person_id is not None
    own = own_words(session, delivery.event, delivery.audience, delivery.channel, delivery.locale)
    title = own.subject if own else WORDS[delivery.event, delivery.audience].title
    name = facts.practitioner_name if delivery.audience == Audience.CLIENT else facts.client_name
    params: dict[str, Any] = {
        "name": name,
        "tenant": tenant.name,
        "starts_at": delivery.context["starts_at"],
        "zone": facts.time_zone,
        "reason": delivery.context.get("reason", ""),
    }
    href = links.app_path(delivery.audience, facts, tenant)
    enter(session, delivery, title=title, params=params, href=href)


def enter(session: Session, delivery: Delivery, *, title: str, params: dict[str, Any], href: str) -> None:
    """An entry of the person's centre, once, whatever it is about; `title` is a msgid that `params` fill."""
    entry = insert(NOTIFICATION).values(
        tenant_id=delivery.tenant_id,
        id=new_id(),
        person_id=delivery.person_id,
        event=delivery.event,
        dedupe_key=delivery.dedupe_key,
        title=title,
        body="",
        params=params,
        href=href,
        appointment_id=delivery.appointment_id,
        created_at=clock.now(),
    )
    session.execute(entry.on_conflict_do_nothing(index_elements=["tenant_id", "dedupe_key"]))
    delivery.status, delivery.sent_at, delivery.subject = DeliveryStatus.SENT, clock.now(), title
    announce(session, TOPIC, person_id=delivery.person_id)


def settle(session: Session, appointment_id: UUID, person_ids: list[UUID]) -> None:
    """The appointment was answered: entries that asked somebody to answer go to the archive."""
    row = NOTIFICATION.c
    asked = [event for (event, _audience), words in WORDS.items() if words.todo]
    session.execute(
        update(NOTIFICATION)
        .where(row.appointment_id == appointment_id, row.event.in_(asked), row.archived_at.is_(None))
        .values(archived_at=clock.now())
    )
    for person_id in person_ids:
        announce(session, TOPIC, person_id=person_id)
