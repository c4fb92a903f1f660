"""Every account, and closing or opening one (DI-129). Names and states; the console never reads a client's record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import PERSONS, decrypt
from carehub.core.errors import CareHubError, NotFound
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.identity import LoginEvent, Person
from carehub.models.identity import Session as SignIn
from carehub.models.tenancy import Membership, Tenant
from carehub.services.identity.sessions import revoke_after_commit
from carehub.services.listing import Bulk, Column, Filter, ListSpec, list_verb

READ, MANAGE = "platform.read", "platform.manage"
MOST = 50
STATES: Mapping[str, str] = {"active": N_("Active"), "unverified": N_("Address not confirmed"), "closed": N_("Closed")}
TONES: Mapping[str, Any] = {"active": "ok", "unverified": "warn", "closed": "out"}
KINDS: Mapping[str, str] = {"True": N_("A professional"), "False": N_("Client")}

_NAME = func.concat_ws(" ", col(Person.given_name), col(Person.family_name))
_STATE = case(
    (col(Person.deactivated_at).is_not(None), "closed"),
    (col(Person.email_verified_at).is_(None), "unverified"),
    else_="active",
)
_WORKPLACES = (
    select(func.count()).where(col(Membership.person_id) == col(Person.id), col(Membership.active)).scalar_subquery()
)
_SEEN = select(func.max(col(SignIn.seen_at))).where(col(SignIn.person_id) == col(Person.id)).scalar_subquery()

PEOPLE = ListSpec(
    name="platform_people",
    title=N_("People"),
    permission=READ,
    role=Role.PLATFORM,
    key=col(Person.id),
    columns={
        "name": Column(N_("Name"), _NAME, kind="person", second=col(Person.city), second_label=N_("City")),
        "state": Column(N_("State"), _STATE, kind="badge", labels=STATES, tones=TONES),
        "kind": Column(N_("Type"), col(Person.is_professional), kind="badge", labels=KINDS, on_phone=False),
        "places": Column(N_("Organisations"), _WORKPLACES, kind="number", on_phone=False),
        "seen": Column(N_("Last activity"), _SEEN, kind="datetime"),
        "since": Column(N_("Since"), col(Person.created_at), kind="date", on_phone=False),
    },
    search=(_NAME, col(Person.city)),
    sort="name",
    filters={
        "state": Filter(N_("State"), STATES, _STATE),
        "kind": Filter(N_("Type"), KINDS, where=lambda value: col(Person.is_professional) == (value == "True")),
    },
    bulk=(
        Bulk("open", N_("Open the account"), "lock-open"),
        Bulk("close", N_("Close the account"), "lock", danger=True),
        Bulk("erase", N_("Erase after 14 days"), "trash-2", danger=True),
    ),
    link="/platform/people?person={id}",
    search_label=N_("Name or city"),
    empty=N_("Accounts appear here as people sign up."),
)
list_people = list_verb(PEOPLE)


class OwnAccount(CareHubError):
    key = "Close your own account under Security, not here"


@dataclass(frozen=True)
class PersonView:
    """One account; moments are ISO. `workplaces` are names of organisations, `sign_ins` (moment, outcome)."""

    id: str
    name: str
    email: str
    since: str
    workplaces: list[str]
    sign_ins: list[tuple[str, str]]


@verb(READ, role=Role.PLATFORM)
def person_view(session: Session, _actor: Actor, *, person_id: UUID) -> PersonView:
    """One account with its address, its organisations and its latest sign-ins. Raises NotFound."""
    row = session.execute(
        select(_NAME.label("name"), col(Person.email), col(Person.created_at)).where(col(Person.id) == person_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    places = (
        select(col(Tenant.name))
        .join(Membership, col(Membership.tenant_id) == col(Tenant.id))
        .where(col(Membership.person_id) == person_id, col(Membership.active))
        .order_by(col(Tenant.name))
    )
    sign_ins = (
        select(col(LoginEvent.at), col(LoginEvent.outcome))
        .where(col(LoginEvent.person_id) == person_id)
        .order_by(col(LoginEvent.at).desc())
        .limit(10)
    )
    return PersonView(
        str(person_id),
        row.name,
        decrypt(PERSONS, "person.email", row.email),
        row.created_at.isoformat(),
        list(session.scalars(places)),
        [(at.isoformat(), outcome) for at, outcome in session.execute(sign_ins)],
    )


@verb(MANAGE, role=Role.PLATFORM)
def set_people_active(session: Session, actor: Actor, *, person_ids: Sequence[UUID], active: bool) -> int:
    """Close accounts, which signs them out everywhere at once, or open them again. Answers how many changed.

    Nothing of theirs is touched. Raises OwnAccount.
    """
    chosen = list(person_ids)[:MOST]
    if not active and actor.person_id in chosen:
        raise OwnAccount
    now, closed = clock.now(), col(Person.deactivated_at)
    done = session.execute(
        update(Person)
        .where(col(Person.id).in_(chosen), closed.is_not(None) if active else closed.is_(None))
        .values(deactivated_at=None if active else now, updated_at=now)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    if not active:
        session.execute(
            update(SignIn)
            .where(col(SignIn.person_id).in_(chosen), col(SignIn.revoked_at).is_(None))
            .values(revoked_at=now)
            .execution_options(synchronize_session=False)
        )
    announce(session, PEOPLE.name)
    revoke_after_commit(session)
    return int(done)
