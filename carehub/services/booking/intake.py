"""Intake forms of all services at a glance, and one service's form taken over by another."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import Actor
from carehub.core.errors import Invalid, NotFound
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.practice import IntakeQuestion, Service
from carehub.services.booking.config import MANAGE, IntakeView

MOST_QUESTIONS = 40
_CARRIED = ("label", "labels", "kind", "choices", "required")


class TooManyQuestions(Invalid):
    key = "{most} questions are the most that a form holds"


@dataclass(frozen=True)
class IntakeFormView:
    """A service in use and what it asks; `id` and `name` are the service's."""

    id: str
    name: str
    asked: list[IntakeView] = field(default_factory=list)


@verb(MANAGE)
def intake_forms(session: Session, actor: Actor) -> list[IntakeFormView]:
    """Every service in use with its questions in their order; services as the lists show them."""
    q = IntakeQuestion
    asked: dict[UUID, list[IntakeView]] = {}
    for row in session.scalars(select(q).where(col(q.active)).order_by(col(q.position), col(q.id))):
        view = IntakeView(str(row.id), row.label, row.kind, row.required, row.position)
        asked.setdefault(row.service_id, []).append(view)
    services = select(col(Service.id), col(Service.name)).where(
        col(Service.tenant_id) == actor.tenant_id, col(Service.active)
    )
    rows = session.execute(services.order_by(col(Service.position), col(Service.name)))
    return [IntakeFormView(str(row.id), row.name, asked.get(row.id, [])) for row in rows]


@verb(MANAGE)
def take_over_questions(session: Session, actor: Actor, *, service_id: UUID, from_id: UUID) -> int:
    """Ask at one service what another one asks too, after its own questions; what it asks already is left out.

    Answers how many were added. Raises NotFound, TooManyQuestions.
    """
    q = IntakeQuestion
    known = {
        one.id: list(session.scalars(select(q).where(col(q.service_id) == one.id, col(q.active)).order_by(col(q.position))))
        for one in session.scalars(select(Service).where(col(Service.id).in_([service_id, from_id])))
    }  # fmt: skip
    if service_id not in known or from_id not in known:
        raise NotFound
    have = {one.label for one in known[service_id]}
    added = [one for one in known[from_id] if one.label not in have]
    if len(have) + len(added) > MOST_QUESTIONS:
        raise TooManyQuestions(most=MOST_QUESTIONS)
    last = session.scalar(select(func.max(col(q.position))).where(col(q.service_id) == service_id, col(q.active)))
    rows = [
        {name: getattr(one, name) for name in _CARRIED}
        | {"tenant_id": actor.tenant_id, "id": new_id(), "service_id": service_id, "position": (last or 0) + place}
        for place, one in enumerate(added, 1)
    ]
    if rows:
        session.execute(insert(q), rows)
    return len(rows)
