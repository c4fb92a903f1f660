"""The desk of the platform: every ticket, who answers it, and the answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import PERSONS
from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.identity import Person
from carehub.models.support import SupportMessage, SupportTicket, TicketState
from carehub.models.tenancy import Tenant
from carehub.services.listing import Bulk, Column, Filter, ListSpec, list_verb
from carehub.services.platform.telling import tell
from carehub.services.support.asking import (
    CATEGORY_LABELS,
    STATE_LABELS,
    TONES,
    TOPIC,
    Message,
    clean_body,
    messages_of,
)

SUPPORT = "platform.support"
ANSWERED = "account.support_answered"
MOST = 50

_Who = aliased(Person)
_Desk = aliased(Person)
_WHO = func.concat_ws(" ", _Who.given_name, _Who.family_name)
_ASSIGNEE = func.concat_ws(" ", _Desk.given_name, _Desk.family_name)

DESK = ListSpec(
    name="platform_tickets",
    title=N_("Support"),
    permission=SUPPORT,
    role=Role.PLATFORM,
    key=col(SupportTicket.id),
    columns={
        "subject": Column(
            N_("Subject"), col(SupportTicket.subject), kind="person", second=_WHO, second_label=N_("Who")
        ),
        "state": Column(N_("State"), col(SupportTicket.state), kind="badge", labels=STATE_LABELS, tones=TONES),
        "category": Column(
            N_("Topic"), col(SupportTicket.category), kind="badge", labels=CATEGORY_LABELS, on_phone=False
        ),
        "tenant": Column(N_("Organisation"), col(Tenant.name), sortable=False, on_phone=False),
        "assignee": Column(N_("Answered by"), _ASSIGNEE, sortable=False, on_phone=False),
        "updated": Column(N_("Last word"), col(SupportTicket.updated_at), kind="datetime"),
    },
    search=(col(SupportTicket.subject), _WHO, col(Tenant.name)),
    sort="-updated",
    filters={
        "state": Filter(N_("State"), STATE_LABELS, col(SupportTicket.state)),
        "category": Filter(N_("Topic"), CATEGORY_LABELS, col(SupportTicket.category)),
    },
    bulk=(Bulk("mine", N_("I answer"), "user-check"), Bulk("solve", N_("Solved"), "circle-check")),
    base=lambda statement: (
        statement.join(_Who, col(_Who.id) == col(SupportTicket.person_id))
        .outerjoin(_Desk, col(_Desk.id) == col(SupportTicket.assignee_id))
        .outerjoin(Tenant, col(Tenant.id) == col(SupportTicket.of_tenant))
    ),
    link="/platform/support?ticket={id}",
    search_label=N_("Subject, person, organisation"),
    empty=N_("Questions of people and organisations stand here."),
)
list_desk = list_verb(DESK)


@dataclass(frozen=True)
class DeskTicket:
    """A ticket as the desk reads it."""

    id: str
    subject: str
    category: str
    state: str
    who: str
    tenant: str
    tenant_id: str
    assignee: str
    messages: list[Message]


@verb(SUPPORT, role=Role.PLATFORM)
def desk_ticket(session: Session, _actor: Actor, *, ticket_id: UUID) -> DeskTicket:
    """One ticket with all that was said. Raises NotFound."""
    query = (
        select(SupportTicket, _WHO.label("who"), _ASSIGNEE.label("assignee"), col(Tenant.name))
        .join(_Who, col(_Who.id) == col(SupportTicket.person_id))
        .outerjoin(_Desk, col(_Desk.id) == col(SupportTicket.assignee_id))
        .outerjoin(Tenant, col(Tenant.id) == col(SupportTicket.of_tenant))
        .where(col(SupportTicket.id) == ticket_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    one: SupportTicket = row[0]
    return DeskTicket(
        str(one.id),
        one.subject,
        CATEGORY_LABELS[one.category],
        one.state,
        row.who,
        row.name or "",
        str(one.of_tenant or ""),
        row.assignee,
        messages_of(session, one.id),
    )


@verb(SUPPORT, role=Role.PLATFORM)
def answer(session: Session, actor: Actor, *, ticket_id: UUID, body: str) -> None:
    """Answer a ticket, which becomes one's own when it was nobody's. The person is told by mail and in their centre.

    Raises NotFound or, at the field, NothingSaid.
    """
    said, now = clean_body(body), clock.now()
    found = session.get(SupportTicket, ticket_id, with_for_update=True)
    if found is None:
        raise NotFound
    session.add(
        SupportMessage(ticket_id=found.id, author_id=actor.person_id, from_desk=True, body=said, created_at=now)
    )
    found.state, found.updated_at = TicketState.ANSWERED, now
    found.assignee_id = found.assignee_id or actor.person_id
    session.flush()
    tell(session, PERSONS, ANSWERED, person_id=str(found.person_id), ticket_id=str(found.id))
    announce(session, DESK.name)
    announce(session, TOPIC, person_id=found.person_id)


@verb(SUPPORT, role=Role.PLATFORM)
def assign_tickets(session: Session, actor: Actor, *, ticket_ids: Sequence[UUID]) -> int:
    """Make tickets one's own to answer. Answers how many."""
    return _change(session, ticket_ids, assignee_id=actor.person_id)


@verb(SUPPORT, role=Role.PLATFORM)
def close_tickets(session: Session, _actor: Actor, *, ticket_ids: Sequence[UUID]) -> int:
    """They are solved; a word of the person opens one again. Answers how many."""
    return _change(session, ticket_ids, state=TicketState.SOLVED.value)


def _change(session: Session, ticket_ids: Sequence[UUID], **values: object) -> int:
    done = session.execute(
        update(SupportTicket)
        .where(col(SupportTicket.id).in_(list(ticket_ids)[:MOST]))
        .values(**values, updated_at=clock.now())
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    announce(session, DESK.name)
    return int(done)
