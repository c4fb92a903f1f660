"""The owner's side of prices: hours, codes and packages, seen and changed. MC-145..MC-147, SQ-064."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.ids import new_id, parse_id
from carehub.core.verbs import verb
from carehub.models.pricing import Package, PriceRule, PromoCode
from carehub.services.booking.config import to_major, to_minor
from carehub.services.pricing.errors import CodeMalformed, CodeTaken, HoursInvalid, TakesNothing
from carehub.services.pricing.forms import CodeForm, HoursForm, PackageForm
from carehub.services.pricing.reading import clean_code

MANAGE = "directory.manage"
R = TypeVar("R", PriceRule, PromoCode, Package)


@dataclass(frozen=True)
class HoursLine:
    id: str
    name: str
    percent: int
    weekdays: list[int]
    starts: str
    ends: str
    service: str
    active: bool


@dataclass(frozen=True)
class CodeLine:
    id: str
    code: str
    percent: int
    amount_minor: int
    service: str
    first_visit: bool
    valid_until: str
    used: int
    in_all: int
    active: bool


@dataclass(frozen=True)
class PackageLine:
    id: str
    name: str
    service: str
    sessions: int
    price_minor: int
    sold: int
    active: bool


@dataclass(frozen=True)
class PricesView:
    currency: str
    services: list[dict[str, str]] = field(default_factory=list)
    hours: list[HoursLine] = field(default_factory=list)
    codes: list[CodeLine] = field(default_factory=list)
    packages: list[PackageLine] = field(default_factory=list)


_CURRENCY = text("SELECT currency FROM tenant WHERE id = :tenant")
_SERVICES = text("SELECT id, name FROM service WHERE tenant_id = :tenant AND active ORDER BY position, name")
_HOURS = text("""
    SELECT r.*, coalesce(s.name, '') AS service FROM price_rule r LEFT JOIN service s ON s.tenant_id = r.tenant_id AND s.id = r.service_id
    WHERE r.tenant_id = :tenant ORDER BY r.active DESC, r.id LIMIT 100""")
_CODES = text("""
    SELECT c.*, coalesce(s.name, '') AS service FROM promo_code c LEFT JOIN service s ON s.tenant_id = c.tenant_id AND s.id = c.service_id
    WHERE c.tenant_id = :tenant ORDER BY c.active DESC, c.id DESC LIMIT 100""")
_PACKAGES = text("""
    SELECT p.*, s.name AS service, (SELECT count(DISTINCT k.purchase_id) FROM package_session k
        WHERE k.tenant_id = p.tenant_id AND k.package_id = p.id) AS sold
    FROM package p JOIN service s ON s.tenant_id = p.tenant_id AND s.id = p.service_id
    WHERE p.tenant_id = :tenant ORDER BY p.active DESC, p.id LIMIT 100""")


def _currency(session: Session, actor: Actor) -> str:
    return str(session.scalar(_CURRENCY, {"tenant": actor.tenant_id}))


@verb(MANAGE)
def prices(session: Session, actor: Actor) -> PricesView:
    """Everything that shapes a price, those in use first, at most a hundred of each."""
    asked = {"tenant": actor.tenant_id}
    return PricesView(
        currency=_currency(session, actor),
        services=[{"value": str(row.id), "label": row.name} for row in session.execute(_SERVICES, asked)],
        hours=[
            HoursLine(
                str(row.id), row.name, row.percent, list(row.weekdays), row.starts.strftime("%H:%M"),
                row.ends.strftime("%H:%M"), row.service, row.active,
            )
            for row in session.execute(_HOURS, asked)
        ],
        codes=[
            CodeLine(
                str(row.id), row.code, row.percent or 0, row.amount_minor or 0, row.service, row.first_visit,
                row.valid_until.isoformat() if row.valid_until else "", row.used, row.in_all or 0, row.active,
            )
            for row in session.execute(_CODES, asked)
        ],
        packages=[
            PackageLine(str(row.id), row.name, row.service, row.sessions, row.price_minor, row.sold, row.active)
            for row in session.execute(_PACKAGES, asked)
        ],
    )  # fmt: skip


def _access(session: Session, model: type[R], row_id: UUID | None) -> R | None:
    if row_id is None:
        return None
    found = session.scalar(select(model).where(col(model.id) == row_id).with_for_update())
    if found is None:
        raise NotFound
    return found


_KNOWN = text("SELECT EXISTS (SELECT FROM service WHERE tenant_id = :tenant AND id = :id)")


def _service(session: Session, actor: Actor, typed: str) -> UUID | None:
    """The service that a form names; none for empty. Raises NotFound."""
    if not typed:
        return None
    found = parse_id(typed)
    if found is None or not session.scalar(_KNOWN, {"tenant": actor.tenant_id, "id": found}):
        raise NotFound
    return found


def _keep(session: Session, actor: Actor, model: type[R], row: R | None, values: dict[str, Any]) -> UUID:
    assert actor.tenant_id is not None
    if row is None:
        row = model(tenant_id=actor.tenant_id, id=new_id(), created_at=clock.now(), **values)
        session.add(row)
    else:
        for name, value in values.items():
            setattr(row, name, value)
    kept = row.id
    session.flush()
    return kept


@verb(MANAGE)
def read_hours(session: Session, _actor: Actor, *, hours_id: UUID | None) -> HoursForm:
    """As the form shows it; empty without an id. Raises NotFound."""
    row = _access(session, PriceRule, hours_id)
    if row is None:
        return HoursForm.model_construct(name="")
    values = {name: getattr(row, name) for name in HoursForm.model_fields if name not in ("service", "weekdays")}
    days = [str(day) for day in row.weekdays]
    return HoursForm.model_construct(**values, service=str(row.service_id or ""), weekdays=days)


@verb(MANAGE)
def save_hours(session: Session, actor: Actor, *, hours_id: UUID | None, form: HoursForm) -> UUID:
    """Hours that cost more or less, for what is booked from now on. Raises HoursInvalid at the field, NotFound."""
    days = sorted({int(day) for day in form.weekdays if day in "0123456" and len(day) == 1})
    if form.ends <= form.starts or not days:
        raise HoursInvalid(field="ends" if days else "weekdays")
    if form.percent == 0:
        raise TakesNothing(field="percent")
    values = form.model_dump(exclude={"service", "weekdays"})
    values |= {"service_id": _service(session, actor, form.service), "weekdays": days}
    return _keep(session, actor, PriceRule, _access(session, PriceRule, hours_id), values)


@verb(MANAGE)
def read_code(session: Session, actor: Actor, *, promo_id: UUID | None) -> CodeForm:
    row = _access(session, PromoCode, promo_id)
    if row is None:
        return CodeForm.model_construct(code="")
    names = [name for name in CodeForm.model_fields if name not in ("service", "amount")]
    amount = None if row.amount_minor is None else to_major(row.amount_minor, _currency(session, actor))
    values = {name: getattr(row, name) for name in names}
    return CodeForm.model_construct(**values, service=str(row.service_id or ""), amount=amount)


@verb(MANAGE)
def save_code(session: Session, actor: Actor, *, promo_id: UUID | None, form: CodeForm) -> UUID:
    """A code of the organisation's. Raises CodeMalformed, CodeTaken, TakesNothing at the field, TooPrecise, NotFound."""
    code = clean_code(form.code)
    if not re.fullmatch(r"[\w-]{3,30}", code):
        raise CodeMalformed(field="code")
    amount = to_minor(form.amount, _currency(session, actor), field="amount") if form.amount else None
    if (form.percent is None) == (amount is None):
        raise TakesNothing(field="percent")
    values = form.model_dump(exclude={"service", "amount", "code"})
    values |= {"code": code, "amount_minor": amount, "service_id": _service(session, actor, form.service)}
    try:
        return _keep(session, actor, PromoCode, _access(session, PromoCode, promo_id), values)
    except IntegrityError as error:
        raise CodeTaken(field="code") from error


@verb(MANAGE)
def read_package(session: Session, actor: Actor, *, package_id: UUID | None) -> PackageForm:
    row = _access(session, Package, package_id)
    if row is None:
        return PackageForm.model_construct(name="", service="", price=Decimal(0))
    price = to_major(row.price_minor, _currency(session, actor))
    values = {name: getattr(row, name) for name in PackageForm.model_fields if name not in ("service", "price")}
    return PackageForm.model_construct(**values, service=str(row.service_id), price=price)


@verb(MANAGE)
def save_package(session: Session, actor: Actor, *, package_id: UUID | None, form: PackageForm) -> UUID:
    """A package on sale; what was bought before keeps its terms. Raises NotFound, TooPrecise at the price."""
    service_id = _service(session, actor, form.service)
    if service_id is None:
        raise NotFound
    values = form.model_dump(exclude={"service", "price"})
    values |= {"service_id": service_id, "price_minor": to_minor(form.price, _currency(session, actor))}
    return _keep(session, actor, Package, _access(session, Package, package_id), values)
