"""Who acts for whom: a secretary keeps the agendas of named practitioners, for as long as the delegation holds."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import Invalid, NotFound, Taken
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.access import Delegation
from carehub.models.identity import Person
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Membership, Tenant
from carehub.services.identity.errors import BeyondOneself, OwnAgenda
from carehub.services.identity.forms import Form
from carehub.services.identity.sessions import revoke_after_commit

TOPIC = "delegations"
MOST = 200


class EndsBeforeItBegins(Invalid):
    key = "This day is before the first one"


class DelegationForm(Form):
    """Days are those of the tenant's calendar, both included; no last day: until it is ended."""

    member_id: UUID = Field(title=N_("Who"), json_schema_extra={"widget": "select"})
    practitioner_id: UUID = Field(title=N_("Acts for"), json_schema_extra={"widget": "select"})
    valid_from: date | None = Field(None, title=N_("First day"), description=N_("Today when it is left empty"))
    valid_until: date | None = Field(None, title=N_("Last day, included"))


@dataclass(frozen=True)
class DelegationView:
    """`state`: holds, coming or over, today. Days are ISO, empty for none."""

    id: str
    member: str
    practitioner: str
    colour: int
    valid_from: str
    valid_until: str
    state: str


@dataclass(frozen=True)
class DelegationChoices:
    """(id, name) of those who may act and of those for whom."""

    members: list[tuple[str, str]]
    practitioners: list[tuple[str, str]]


def _today(session: Session, actor: Actor) -> date:
    zone = session.scalar(select(col(Tenant.time_zone)).where(col(Tenant.id) == actor.tenant_id))
    return clock.today(zone or "UTC")


def _names() -> Any:
    """Delegations joined with both names."""
    return (
        select(
            Delegation,
            col(Person.given_name),
            col(Person.family_name),
            col(Practitioner.honorific),
            col(Practitioner.given_name).label("first"),
            col(Practitioner.family_name).label("last"),
            col(Practitioner.colour),
        )
        .join(
            Membership,
            (col(Membership.tenant_id) == col(Delegation.tenant_id))
            & (col(Membership.id) == col(Delegation.member_id)),
        )
        .join(Person, col(Person.id) == col(Membership.person_id))
        .join(
            Practitioner,
            (col(Practitioner.tenant_id) == col(Delegation.tenant_id))
            & (col(Practitioner.id) == col(Delegation.practitioner_id)),
        )
    )


@verb("members.read")
def list_delegations(session: Session, actor: Actor) -> list[DelegationView]:
    """Who acts for whom, those that hold or will hold first; at most 200."""
    today = _today(session, actor)
    rows = session.execute(_names().order_by(col(Person.family_name), col(Practitioner.family_name)).limit(MOST))
    views = [_view(row, today) for row in rows]
    return sorted(views, key=lambda one: one.state == "over")


def _view(row: Any, today: date) -> DelegationView:
    one: Delegation = row[0]
    over = one.valid_until is not None and one.valid_until < today
    return DelegationView(
        str(one.id),
        f"{row.given_name} {row.family_name}",
        " ".join(part for part in (row.honorific, row.first, row.last) if part),
        row.colour,
        one.valid_from.isoformat(),
        one.valid_until.isoformat() if one.valid_until else "",
        "over" if over else "coming" if one.valid_from > today else "holds",
    )


@verb("members.manage")
def delegation_choices(session: Session, actor: Actor) -> DelegationChoices:
    """Members whose access is open, and practitioners whose agenda the actor may hand out."""
    people = (
        select(col(Membership.id), col(Person.given_name), col(Person.family_name))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(col(Membership.tenant_id) == actor.tenant_id, col(Membership.active))
        .order_by(col(Person.family_name), col(Person.given_name))
    )
    agendas = (
        select(col(Practitioner.id), col(Practitioner.given_name), col(Practitioner.family_name))
        .where(col(Practitioner.tenant_id) == actor.tenant_id, col(Practitioner.active))
        .order_by(col(Practitioner.family_name), col(Practitioner.given_name))
    )
    return DelegationChoices(
        [(str(row.id), f"{row.given_name} {row.family_name}") for row in session.execute(people)],
        [
            (str(row.id), f"{row.given_name} {row.family_name}")
            for row in session.execute(agendas)
            if _may_hand_out(actor, row.id)
        ],
    )


def _may_hand_out(actor: Actor, practitioner_id: UUID) -> bool:
    return actor.is_system or actor.may("booking.manage") or practitioner_id in actor.agendas


@verb("members.manage")
def delegate(session: Session, actor: Actor, *, form: DelegationForm) -> UUID:
    """Let a member act for a practitioner: where their role says "own", this agenda counts too, at once.

    Raises NotFound, BeyondOneself for an agenda that the actor may not keep, OwnAgenda, EndsBeforeItBegins, or Taken at
    `practitioner_id` when the two are together already.
    """
    assert actor.tenant_id is not None
    member = session.get(Membership, (actor.tenant_id, form.member_id))
    practitioner = session.get(Practitioner, (actor.tenant_id, form.practitioner_id))
    if member is None or not member.active or practitioner is None or not practitioner.active:
        raise NotFound
    if not _may_hand_out(actor, practitioner.id):
        raise BeyondOneself(field="practitioner_id")
    if member.practitioner_id == practitioner.id:
        raise OwnAgenda(field="practitioner_id")
    begins = form.valid_from or _today(session, actor)
    if form.valid_until is not None and form.valid_until < begins:
        raise EndsBeforeItBegins(field="valid_until")
    known = session.scalar(
        select(Delegation).where(
            col(Delegation.tenant_id) == actor.tenant_id,
            col(Delegation.member_id) == member.id,
            col(Delegation.practitioner_id) == practitioner.id,
        )
    )
    if known is not None and (known.valid_until is None or known.valid_until >= _today(session, actor)):
        raise Taken(field="practitioner_id", value=f"{practitioner.given_name} {practitioner.family_name}")
    kept = known or Delegation(
        tenant_id=actor.tenant_id, id=new_id(), member_id=member.id, practitioner_id=practitioner.id, valid_from=begins
    )
    kept.valid_from, kept.valid_until, kept.created_by = begins, form.valid_until, actor.person_id
    session.add(kept)
    _changed(session)
    return kept.id


@verb("members.manage")
def end_delegation(session: Session, actor: Actor, *, delegation_id: UUID) -> None:
    """The member acts for the practitioner no more, at once. The audit keeps that they did. Raises NotFound."""
    found = session.get(Delegation, (actor.tenant_id, delegation_id))
    if found is None:
        raise NotFound
    session.delete(found)
    _changed(session)


def _changed(session: Session) -> None:
    session.flush()
    announce(session, TOPIC)
    announce(session, "agenda")
    revoke_after_commit(session)
