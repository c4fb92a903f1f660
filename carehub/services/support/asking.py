"""A person asks, reads the answers and asks on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce, publish, tenant_topic
from carehub.core.errors import Invalid, NotFound, TooMany
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.core.permissions import SIGNED_IN
from carehub.core.verbs import verb
from carehub.models.support import SupportMessage, SupportTicket, TicketCategory, TicketState
from carehub.models.tenancy import Membership, Tenant

MOST = 4000  # characters of one message
A_DAY = 20  # new tickets of one person
SHOWN = 50
TOPIC = "support"
CATEGORY_LABELS: Mapping[str, str] = {
    TicketCategory.TECHNICAL: N_("Something does not work"),
    TicketCategory.ACCOUNT: N_("Account and sign-in"),
    TicketCategory.BILLING: N_("Plan and invoices"),
    TicketCategory.PRIVACY: N_("My data"),
    TicketCategory.OTHER: N_("Something else"),
}
STATE_LABELS: Mapping[str, str] = {
    TicketState.OPEN: N_("Waits for an answer"),
    TicketState.ANSWERED: N_("Answered"),
    TicketState.SOLVED: N_("Solved"),
}
TONES: Mapping[str, Any] = {TicketState.OPEN: "warn", TicketState.ANSWERED: "info", TicketState.SOLVED: "ok"}
Subject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=120)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=MOST)]


class NothingSaid(Invalid):
    key = "Write a few words"


class AskForm(BaseModel):
    """A new question. Health matters belong to one's practitioner, not here."""

    category: TicketCategory = Field(
        TicketCategory.TECHNICAL, title=N_("What is it about?"), json_schema_extra={"labels": dict(CATEGORY_LABELS)}
    )
    of_tenant: str = Field("", title=N_("For which organisation?"), json_schema_extra={"widget": "select"})
    subject: Subject = Field(title=N_("In a few words"))
    body: Words = Field(
        title=N_("What happened?"),
        description=N_("What you did, what you saw. No health matters: those are for your practitioner."),
        json_schema_extra={"widget": "textarea"},
    )


@dataclass(frozen=True)
class Asked:
    """One ticket on a line; `updated_at` is an ISO moment."""

    id: str
    subject: str
    category: str
    state: str
    updated_at: str


@dataclass(frozen=True)
class Message:
    id: str
    from_desk: bool
    body: str
    at: str


@dataclass(frozen=True)
class TicketView:
    """A ticket with all that was said, the oldest first."""

    id: str
    subject: str
    category: str
    state: str
    messages: list[Message]


@verb(SIGNED_IN)
def ask(session: Session, actor: Actor, *, form: AskForm) -> str:
    """Open a ticket. Answers its id. Raises TooMany, or NotFound for an organisation where the person does not work."""
    assert actor.person_id is not None
    now = clock.now()
    recent = select(func.count()).where(
        col(SupportTicket.person_id) == actor.person_id, col(SupportTicket.created_at) > now - timedelta(days=1)
    )
    if (session.scalar(recent) or 0) >= A_DAY:
        raise TooMany(seconds=3600)
    tenant_id = parse_id(form.of_tenant) if form.of_tenant else None
    if form.of_tenant and tenant_id not in {one for one, _ in _workplaces(session, actor)}:
        raise NotFound
    made = SupportTicket(
        person_id=actor.person_id,
        of_tenant=tenant_id,
        category=form.category.value,
        subject=form.subject,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    _say(session, made, actor, form.body)
    return str(made.id)


def _workplaces(session: Session, actor: Actor) -> list[tuple[UUID, str]]:
    query = (
        select(col(Tenant.id), col(Tenant.name))
        .join(Membership, col(Membership.tenant_id) == col(Tenant.id))
        .where(col(Membership.person_id) == actor.person_id, col(Membership.active))
        .order_by(col(Tenant.name))
    )
    return [(tenant_id, name) for tenant_id, name in session.execute(query)]


@verb(SIGNED_IN)
def where_i_work(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Organisations for which the person may ask: (id, name)."""
    return [(str(tenant_id), name) for tenant_id, name in _workplaces(session, actor)]


@verb(SIGNED_IN)
def my_tickets(session: Session, actor: Actor) -> list[Asked]:
    """The person's own, the latest first."""
    query = select(SupportTicket).where(col(SupportTicket.person_id) == actor.person_id)
    rows = session.scalars(query.order_by(col(SupportTicket.updated_at).desc()).limit(SHOWN))
    return [Asked(str(one.id), one.subject, one.category, one.state, one.updated_at.isoformat()) for one in rows]


def _access_mine(session: Session, actor: Actor, ticket_id: UUID) -> SupportTicket:
    found = session.get(SupportTicket, ticket_id)
    if found is None or found.person_id != actor.person_id:
        raise NotFound
    return found


def messages_of(session: Session, ticket_id: UUID) -> list[Message]:
    query = select(SupportMessage).where(col(SupportMessage.ticket_id) == ticket_id)
    rows = session.scalars(query.order_by(col(SupportMessage.created_at), col(SupportMessage.id)).limit(200))
    return [Message(str(one.id), one.from_desk, one.body, one.created_at.isoformat()) for one in rows]


@verb(SIGNED_IN)
def read_ticket(session: Session, actor: Actor, *, ticket_id: UUID) -> TicketView:
    """One of the person's own. Raises NotFound."""
    found = _access_mine(session, actor, ticket_id)
    return TicketView(str(found.id), found.subject, found.category, found.state, messages_of(session, found.id))


@verb(SIGNED_IN)
def reply(session: Session, actor: Actor, *, ticket_id: UUID, body: str) -> None:
    """Say more; a solved ticket is open again. Raises NotFound or, at the field, NothingSaid."""
    _say(session, _access_mine(session, actor, ticket_id), actor, body)


@verb(SIGNED_IN)
def solve(session: Session, actor: Actor, *, ticket_id: UUID) -> None:
    """It is settled. Raises NotFound."""
    found = _access_mine(session, actor, ticket_id)
    found.state, found.updated_at = TicketState.SOLVED, clock.now()
    session.flush()
    tell_desk()


def _say(session: Session, ticket: SupportTicket, actor: Actor, body: str) -> None:
    said = clean_body(body)
    session.add(SupportMessage(ticket_id=ticket.id, author_id=actor.person_id, body=said, created_at=clock.now()))
    ticket.state, ticket.updated_at = TicketState.OPEN, clock.now()
    session.flush()
    announce(session, TOPIC, person_id=actor.person_id)
    tell_desk()


def clean_body(body: str) -> str:
    """Raises NothingSaid at the field."""
    said = body.strip()[:MOST]
    if len(said) < 2:
        raise NothingSaid(field="body")
    return said


def tell_desk() -> None:
    """Nudge the open consoles."""
    publish((tenant_topic(None), "platform_tickets"))
