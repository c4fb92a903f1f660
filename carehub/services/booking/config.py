"""Staff configures what is booked: services, who offers them, intake questions. Each change tells the directory whom it concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import outbox
from carehub.core.actor import Actor
from carehub.core.errors import Invalid, NotFound
from carehub.core.ids import new_id, parse_id
from carehub.core.money import digits
from carehub.core.verbs import verb
from carehub.models.practice import IntakeQuestion, Mode, Practitioner, Prepay, Service, ServicePractitioner
from carehub.models.tenancy import Tenant
from carehub.services.booking.config_forms import Names, OwnTermsForm, QuestionForm, ServiceForm
from carehub.services.booking.write import lock_practitioner

MANAGE = "directory.manage"
PLAIN = (
    *("name", "description", "duration_minutes", "buffer_before", "buffer_after", "minimum_notice", "horizon_days"),
    *("daily_cap", "slot_step", "is_public", "active", "position"),
)


class TooPrecise(Invalid):
    key = "At most {decimal_places} decimals"


class ChoicesMissing(Invalid):
    key = "Write at least two answers, one a line"


@dataclass(frozen=True)
class Choice:
    """A practitioner as an option of a form."""

    id: str
    name: str


@dataclass(frozen=True)
class TermsView:
    """One practitioner's terms for a service: own values, or empty where the service's count."""

    practitioner_id: str
    practitioner: str
    price: str
    duration: str


@dataclass(frozen=True)
class IntakeView:
    id: str
    label: str
    kind: str
    required: bool
    position: int


def changed(session: Session, practitioner_ids: Iterable[UUID]) -> None:
    """Their public cards and their free times may be others now."""
    for practitioner_id in sorted(set(practitioner_ids)):
        outbox.emit(session, "directory.changed", practitioner_id=str(practitioner_id))
        outbox.emit(session, "availability.changed", practitioner_id=str(practitioner_id))


def _currency(session: Session, actor: Actor) -> str:
    found = session.scalar(select(col(Tenant.currency)).where(col(Tenant.id) == actor.tenant_id))
    assert found is not None
    return found


def to_minor(price: Decimal, currency: str, *, field: str = "price") -> int:
    """62.5 EUR is 6250. Raises TooPrecise at `field` for 62.505 EUR."""
    minor = price.scaleb(digits(currency))
    if minor != minor.to_integral_value():
        raise TooPrecise(field=field, decimal_places=digits(currency))
    return int(minor)


def to_major(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-digits(currency))


def _access_service(session: Session, service_id: UUID) -> Service:
    found = session.scalars(select(Service).where(col(Service.id) == service_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _offering(session: Session, service_id: UUID) -> list[UUID]:
    return list(
        session.scalars(
            select(col(ServicePractitioner.practitioner_id)).where(col(ServicePractitioner.service_id) == service_id)
        )
    )


@verb(MANAGE)
def practitioner_choices(session: Session, _actor: Actor) -> list[Choice]:
    """Everyone who works here, in the order of lists."""
    p = Practitioner
    rows = session.execute(
        select(col(p.id), col(p.given_name), col(p.family_name))
        .where(col(p.active))
        .order_by(col(p.position), col(p.family_name), col(p.id))
    )
    return [Choice(str(row.id), f"{row.given_name} {row.family_name}") for row in rows]


@verb(MANAGE)
def read_service(session: Session, actor: Actor, *, service_id: UUID | None) -> ServiceForm:
    """As the form shows it; with no id an empty one in the tenant's currency. Raises NotFound."""
    currency = _currency(session, actor)
    if service_id is None:
        return ServiceForm.model_construct(currency=currency, modes=[], names=Names(fr="", en="", ar=""), name="")
    found = _access_service(session, service_id)
    return ServiceForm.model_construct(
        **{name: getattr(found, name) for name in PLAIN},
        names=Names.model_validate(found.names),
        prepay=Prepay(found.prepay),
        deposit_percent=found.deposit_percent,
        price=to_major(found.price_minor, currency),
        currency=currency,
        modes=[Mode(one) for one in found.modes],
        practitioners=[str(one) for one in _offering(session, service_id)],
    )


@verb(MANAGE)
def save_service(session: Session, actor: Actor, *, service_id: UUID | None, form: ServiceForm) -> UUID:
    """Change a service, or make one (SQ-022). Booked appointments keep their length and price.

    Raises NotFound, TooPrecise at the price.
    """
    values = {name: getattr(form, name) for name in PLAIN}
    values |= {
        "names": form.names.kept(),
        "modes": [mode.value for mode in form.modes],
        "prepay": form.prepay.value,
        "deposit_percent": form.deposit_percent,
        "price_minor": to_minor(form.price, _currency(session, actor)),
    }
    before: list[UUID] = []
    if service_id is None:
        service_id = new_id()
        session.execute(insert(Service).values(tenant_id=actor.tenant_id, id=service_id, **values))
    else:
        _access_service(session, service_id)
        before = _offering(session, service_id)
        session.execute(
            update(Service)
            .where(col(Service.id) == service_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    after = _set_offering(session, actor, service_id, before, form.practitioners)
    changed(session, {*before, *after})
    return service_id


def _set_offering(session: Session, actor: Actor, service_id: UUID, before: list[UUID], wanted: list[str]) -> set[UUID]:
    """Keep the rows (and the own prices) of those who go on, and answer who offers it now. Foreign ids are left out."""
    ids = [one for one in map(parse_id, wanted) if one is not None]
    known = set(session.scalars(select(col(Practitioner.id)).where(col(Practitioner.id).in_(ids))))
    for gone in set(before) - known:
        session.execute(
            delete(ServicePractitioner)
            .where(col(ServicePractitioner.service_id) == service_id, col(ServicePractitioner.practitioner_id) == gone)
            .execution_options(synchronize_session=False)
        )
    for fresh in sorted(known - set(before)):
        session.execute(
            insert(ServicePractitioner).values(
                tenant_id=actor.tenant_id, id=new_id(), service_id=service_id, practitioner_id=fresh
            )
        )
    return known


@verb(MANAGE)
def own_terms(session: Session, actor: Actor, *, service_id: UUID) -> list[TermsView]:
    """Who offers a service, and at which terms of their own. Raises NotFound."""
    _access_service(session, service_id)
    currency, sp, p = _currency(session, actor), ServicePractitioner, Practitioner
    rows = session.execute(
        select(col(p.id), col(p.given_name), col(p.family_name), col(sp.price_minor), col(sp.duration_minutes))
        .join(p, (col(p.tenant_id) == col(sp.tenant_id)) & (col(p.id) == col(sp.practitioner_id)))
        .where(col(sp.service_id) == service_id)
        .order_by(col(p.position), col(p.family_name), col(p.id))
    )
    return [
        TermsView(
            str(row.id),
            f"{row.given_name} {row.family_name}",
            "" if row.price_minor is None else format(to_major(row.price_minor, currency), "f"),
            "" if row.duration_minutes is None else str(row.duration_minutes),
        )
        for row in rows
    ]


@verb(MANAGE)
def set_own_terms(
    session: Session, actor: Actor, *, service_id: UUID, practitioner_id: UUID, form: OwnTermsForm
) -> None:
    """A practitioner's own price or length for a service; None means the service's. Raises NotFound, TooPrecise."""
    price = None if form.price is None else to_minor(form.price, _currency(session, actor))
    lock_practitioner(session, practitioner_id)
    kept = session.scalar(
        update(ServicePractitioner)
        .where(
            col(ServicePractitioner.service_id) == service_id,
            col(ServicePractitioner.practitioner_id) == practitioner_id,
        )
        .values(price_minor=price, duration_minutes=form.duration_minutes)
        .returning(col(ServicePractitioner.id))
        .execution_options(synchronize_session=False)
    )
    if kept is None:
        raise NotFound
    changed(session, [practitioner_id])


@verb(MANAGE)
def questions(session: Session, _actor: Actor, *, service_id: UUID) -> list[IntakeView]:
    """A service's intake questions in use, in their order."""
    q = IntakeQuestion
    rows = session.scalars(
        select(q).where(col(q.service_id) == service_id, col(q.active)).order_by(col(q.position), col(q.id))
    )
    return [IntakeView(str(row.id), row.label, row.kind, row.required, row.position) for row in rows]


@verb(MANAGE)
def read_question(session: Session, _actor: Actor, *, question_id: UUID) -> QuestionForm:
    """Raises NotFound."""
    found = session.scalars(select(IntakeQuestion).where(col(IntakeQuestion.id) == question_id)).one_or_none()
    if found is None:
        raise NotFound
    return QuestionForm.model_validate(
        {
            **{name: getattr(found, name) for name in ("label", "kind", "required", "position")},
            "labels": found.labels,
            "choices": "\n".join(found.choices),
        }
    )


@verb(MANAGE)
def save_question(
    session: Session, actor: Actor, *, service_id: UUID, question_id: UUID | None, form: QuestionForm
) -> None:
    """Change or add an intake question. Answers that were given keep what was asked. Raises NotFound, ChoicesMissing."""
    lines = [line.strip() for line in form.choices.splitlines() if line.strip()] if form.kind == "choice" else []
    if form.kind == "choice" and len(set(lines)) < 2:
        raise ChoicesMissing(field="choices")
    _access_service(session, service_id)
    values = {
        "label": form.label,
        "labels": form.labels.kept(),
        "kind": form.kind.value,
        "choices": list(dict.fromkeys(lines)),
        "required": form.required,
        "position": form.position,
    }
    if question_id is not None:
        _retire(session, service_id, question_id)
    session.execute(
        insert(IntakeQuestion).values(tenant_id=actor.tenant_id, id=new_id(), service_id=service_id, **values)
    )


@verb(MANAGE)
def remove_question(session: Session, _actor: Actor, *, service_id: UUID, question_id: UUID) -> None:
    """It is asked no more; the answers to it stay. Raises NotFound."""
    _retire(session, service_id, question_id)


def _retire(session: Session, service_id: UUID, question_id: UUID) -> None:
    gone = session.scalar(
        update(IntakeQuestion)
        .where(
            col(IntakeQuestion.id) == question_id,
            col(IntakeQuestion.service_id) == service_id,
            col(IntakeQuestion.active),
        )
        .values(active=False)
        .returning(col(IntakeQuestion.id))
        .execution_options(synchronize_session=False)
    )
    if gone is None:
        raise NotFound
