"""A checkout and its parts in the database: found for its owner, locked, quoted anew."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.models.checkout import Checkout, CheckoutKind, CheckoutPart, CheckoutState
from carehub.models.practice import Prepay
from carehub.services.booking.booking import read_hold, wall_start
from carehub.services.booking.rules import booking_rules
from carehub.services.booking.tenants import Place
from carehub.services.checkout.errors import CheckoutOver, TimeLost
from carehub.services.pricing.errors import NotOffered
from carehub.services.pricing.reading import check_code, coin_minor_of, hours_of, prepay_of
from carehub.services.pricing.rules import Line, Promo, Quote, quote

OPEN_MINUTES = timedelta(minutes=20)  # to choose how to pay
PAYING_MINUTES = timedelta(minutes=35)  # for the card's answer: Stripe keeps its page for thirty
KEEP_HOLDS = timedelta(days=400)  # after the appointment, should nobody ever say what became of it


@dataclass(frozen=True)
class Priced:
    """What a checkout costs now. `hold`: the kept time of a booking."""

    quote: Quote
    promo_id: UUID | None
    has_session: bool
    hold: Row[Any] | None = None


_PLACE = text("SELECT id, slug, name, country, currency, locale, phone, billing FROM tenant WHERE id = :id")


def place_of(session: Session, tenant_id: UUID) -> Place:
    row = session.execute(_PLACE, {"id": tenant_id}).one()
    return Place(row.id, row.slug, row.name, row.country, row.currency, row.locale, row.phone)


def coin_minor(session: Session, tenant_id: UUID) -> int:
    """What a coin is worth here, in minor units of the organisation's currency."""
    row = session.execute(_PLACE, {"id": tenant_id}).one()
    return coin_minor_of(row.billing or {}, row.currency)


def tenant_of_mine(session: Session, checkout_id: UUID) -> UUID:
    """Row-level security lets a person find only their own. Raises NotFound."""
    found = session.scalar(select(col(Checkout.tenant_id)).where(col(Checkout.id) == checkout_id))
    if found is None:
        raise NotFound
    return found


def access_checkout(session: Session, checkout_id: UUID) -> Checkout:
    """Locked: whoever pays, settles or ends one takes turns. Raises NotFound."""
    statement = select(Checkout).where(col(Checkout.id) == checkout_id).with_for_update()
    found = session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFound
    return found


def change(session: Session, checkout: Checkout, **values: Any) -> None:
    """Write to the row and to the object in hand."""
    session.execute(
        update(Checkout)
        .where(col(Checkout.tenant_id) == checkout.tenant_id, col(Checkout.id) == checkout.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if checkout in session:
        session.expunge(checkout)  # what follows reads the object, and must not write it again
    for name, value in values.items():
        setattr(checkout, name, value)


def parts_of(session: Session, checkout_id: UUID) -> list[CheckoutPart]:
    statement = select(CheckoutPart).where(col(CheckoutPart.checkout_id) == checkout_id).order_by(col(CheckoutPart.id))
    return list(session.scalars(statement, execution_options={"populate_existing": True}))


def new_part_id() -> UUID:
    """Known before the part is written: the key of its hold."""
    return new_id()


def add_part(session: Session, checkout: Checkout, *, part_id: UUID | None = None, **values: Any) -> None:
    made: dict[str, Any] = {"tenant_id": checkout.tenant_id, "id": part_id or new_id(), "checkout_id": checkout.id}
    session.add(CheckoutPart(**made, created_at=clock.now(), **values))
    session.flush()


def keep_part(session: Session, part: CheckoutPart, units: int) -> None:
    session.execute(
        update(CheckoutPart)
        .where(col(CheckoutPart.tenant_id) == part.tenant_id, col(CheckoutPart.id) == part.id)
        .values(kept=units)
        .execution_options(synchronize_session=False)
    )


def hold_part(session: Session, part: CheckoutPart, hold_id: UUID) -> None:
    session.execute(
        update(CheckoutPart)
        .where(col(CheckoutPart.tenant_id) == part.tenant_id, col(CheckoutPart.id) == part.id)
        .values(hold_id=hold_id)
        .execution_options(synchronize_session=False)
    )


_DROP = text("""
    DELETE FROM checkout_part WHERE tenant_id = :tenant AND checkout_id = :checkout AND (cast(:part AS uuid) IS NULL OR id = :part)""")


def drop_parts(session: Session, checkout: Checkout, part: CheckoutPart | None = None) -> None:
    """Parts that gave nothing. Their holds and payments stay in the books."""
    session.execute(_DROP, {"tenant": checkout.tenant_id, "checkout": checkout.id, "part": part.id if part else None})


_CODE = text("SELECT code FROM promo_code WHERE tenant_id = :tenant AND id = :id")


def code_of(session: Session, checkout: Checkout) -> str:
    if checkout.promo_id is None:
        return ""
    return session.scalar(_CODE, {"tenant": checkout.tenant_id, "id": checkout.promo_id}) or ""


def priced(session: Session, actor: Actor, checkout: Checkout, *, lock: bool = False) -> Priced:
    """What an open checkout costs at this moment. Raises TimeLost, CheckoutOver, NotOffered, the refusals of a code."""
    if checkout.state not in (CheckoutState.OPEN, CheckoutState.PAYING):
        raise CheckoutOver
    if checkout.kind == CheckoutKind.PACKAGE:
        return _priced_package(session, checkout, lock=lock)
    hold = kept_time(session, actor, checkout)
    if hold is None:
        raise TimeLost
    start = wall_start(hold)
    package = _package_name(session, checkout) if hold.has_session and checkout.use_session else ""
    promo_id, promo = _promo(session, checkout, start.date(), lock=lock)
    rules = booking_rules(hold.booking_rules)
    found = quote(
        hold.price_minor,
        service=hold.service,
        service_id=hold.service_id,
        local_start=start,
        hours=hours_of(hold.hours),
        promo=promo,
        package=package,
        prepay=prepay_of(hold.prepay, rules.prepay, hold.modules),
        deposit_percent=hold.deposit_percent or rules.deposit_percent,
    )
    return Priced(found, None if package else promo_id, bool(hold.has_session), hold)


def kept_time(session: Session, actor: Actor, checkout: Checkout) -> Row[Any] | None:
    """The time that a booking waits for, while it is kept."""
    return read_hold(session, actor, checkout.slot_hold_id) if checkout.slot_hold_id else None


def _promo(session: Session, checkout: Checkout, on: date, *, lock: bool) -> tuple[UUID | None, Promo | None]:
    code = code_of(session, checkout)
    if not code:
        return None, None
    return check_code(
        session, code, person_id=checkout.person_id, service_id=checkout.service_id, on=on, but=checkout.id, lock=lock
    )


FREE_SESSIONS = """
    FROM package_session k JOIN package p ON p.tenant_id = k.tenant_id AND p.id = k.package_id
    WHERE k.tenant_id = :tenant AND k.person_id = :person AND k.service_id = :service AND k.state = 'free'
      AND (k.expires_at IS NULL OR k.expires_at > :now) ORDER BY k.expires_at NULLS LAST, k.id LIMIT 1"""
_PACKAGE_NAME = text(f"SELECT p.name {FREE_SESSIONS}")


def _package_name(session: Session, checkout: Checkout) -> str:
    values = {"tenant": checkout.tenant_id, "person": checkout.person_id, "service": checkout.service_id}
    return session.scalar(_PACKAGE_NAME, values | {"now": clock.now()}) or ""


_PACKAGE = text("""
    SELECT p.name, p.price_minor, p.sessions, s.name AS service FROM package p
    JOIN service s ON s.tenant_id = p.tenant_id AND s.id = p.service_id
    WHERE p.tenant_id = :tenant AND p.id = :id AND p.active AND s.active""")


def _priced_package(session: Session, checkout: Checkout, *, lock: bool) -> Priced:
    row = session.execute(_PACKAGE, {"tenant": checkout.tenant_id, "id": checkout.package_id}).one_or_none()
    if row is None:
        raise NotOffered
    promo_id, promo = _promo(session, checkout, clock.now().date(), lock=lock)
    found = quote(
        row.price_minor,
        service=row.name,
        service_id=checkout.service_id,
        local_start=clock.now().replace(tzinfo=None),
        promo=promo,
        prepay=Prepay.FULL,
    )
    return Priced(found, promo_id, has_session=False)


def stored(lines: tuple[Line, ...]) -> list[dict[str, Any]]:
    return [line.kept() for line in lines]
