"""Before anything is taken: a checkout is opened, read, and what it costs is changed by a code or a paid session."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import encrypt
from carehub.core.db import tenant_scope
from carehub.core.errors import ModuleOff, NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import PUBLIC, SIGNED_IN, Module
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.checkout import Checkout, CheckoutKind, CheckoutState
from carehub.services.booking.booking import access_hold, check_form, wall_start
from carehub.services.booking.patients import ClientForm
from carehub.services.booking.tenants import Place, access_tenant, enter_tenant
from carehub.services.checkout import rows
from carehub.services.checkout.errors import CheckoutOver
from carehub.services.checkout.settling import ALMOST, tell
from carehub.services.checkout.showing import view_of
from carehub.services.checkout.views import CheckoutView, OfferedPackage
from carehub.services.pricing.reading import check_code, clean_code

FORM = "checkout.form"

_KEEP = text("UPDATE slot_hold SET expires_at = greatest(expires_at, :until) WHERE tenant_id = :tenant AND id = :hold")


def keep_time(session: Session, checkout: Checkout, until: datetime) -> None:
    session.execute(_KEEP, {"tenant": checkout.tenant_id, "hold": checkout.slot_hold_id, "until": until})


_BEGUN = text("SELECT id FROM checkout WHERE tenant_id = :tenant AND slot_hold_id = :hold AND person_id = :person")


@verb(SIGNED_IN)
def begin(session: Session, actor: Actor, *, tenant: str, token: str, form: ClientForm) -> UUID:
    """A kept time waits for its payment: the form is kept encrypted, the time for twenty minutes. Asked twice, the same one.

    Nothing is booked or taken yet. Raises HoldExpired, NotFound, ModuleOff, and PhoneInvalid, AnswerMissing, the refusals of a
    code at the field, or SeveralInvalid.
    """
    place = enter_tenant(session, tenant)
    hold = access_hold(session, actor, token=token)
    check_form(place, hold, form)
    begun = session.scalar(_BEGUN, {"tenant": place.id, "hold": hold.id, "person": actor.person_id})
    if begun is not None:
        return UUID(str(begun))
    made = _new(session, actor, place, CheckoutKind.BOOKING, hold.service_id)
    made.slot_hold_id, made.practitioner_id = hold.id, hold.practitioner_id
    made.starts_at, made.ends_at, made.mode = hold.starts_at, hold.ends_at, hold.mode
    made.form = encrypt(place.id, FORM, form.model_dump_json())
    if form.code.strip():
        made.promo_id = _code(session, made, form.code, wall_start(hold))
    return _keep(session, actor, made)


@verb(SIGNED_IN)
def begin_package(session: Session, actor: Actor, *, tenant: str, package_id: UUID) -> UUID:
    """Buy sessions together (MC-147). Raises NotFound, ModuleOff where the wallet is switched off, NotOffered."""
    place = enter_tenant(session, tenant)
    service_id, modules = _access_package(session, place.id, package_id)
    if Module.WALLET.value not in modules:
        raise ModuleOff
    made = _new(session, actor, place, CheckoutKind.PACKAGE, service_id)
    made.package_id = package_id
    return _keep(session, actor, made)


_PACKAGE = text("""
    SELECT p.service_id, t.modules FROM package p JOIN tenant t ON t.id = p.tenant_id
    WHERE p.tenant_id = :tenant AND p.id = :id AND p.active""")


def _access_package(session: Session, tenant_id: UUID, package_id: UUID) -> tuple[UUID, list[str]]:
    row = session.execute(_PACKAGE, {"tenant": tenant_id, "id": package_id}).one_or_none()
    if row is None:
        raise NotFound
    return row.service_id, row.modules


def _new(session: Session, actor: Actor, place: Place, kind: CheckoutKind, service_id: UUID) -> Checkout:
    now = clock.now()
    assert actor.person_id is not None
    return Checkout(
        tenant_id=place.id,
        id=new_id(),
        kind=kind.value,
        person_id=actor.person_id,
        service_id=service_id,
        price_minor=0,
        due_minor=0,
        currency=place.currency,
        coin_minor=rows.coin_minor(session, place.id),
        expires_at=now + rows.OPEN_MINUTES,
        created_at=now,
    )


def _keep(session: Session, actor: Actor, made: Checkout) -> UUID:
    found = rows.priced(session, actor, made).quote
    made.price_minor, made.due_minor, made.lines = found.price_minor, found.due_minor, rows.stored(found.lines)
    checkout_id, until = made.id, made.expires_at
    session.add(made)
    session.flush()
    if made.slot_hold_id is not None:
        keep_time(session, made, until)
        tell(session, made, "waiting", at=until - ALMOST)
    return checkout_id


def _code(session: Session, checkout: Checkout, typed: str, at: datetime) -> UUID:
    promo_id, _ = check_code(
        session,
        typed,
        person_id=checkout.person_id,
        service_id=checkout.service_id,
        on=at.date(),
        but=checkout.id,
    )
    return promo_id


@verb(SIGNED_IN)
def read(session: Session, actor: Actor, *, checkout_id: UUID) -> CheckoutView:
    """What it costs now, in lines, and with what it can be paid; once it is paid, what became of it. Raises NotFound."""
    tenant_id = rows.tenant_of_mine(session, checkout_id)
    with tenant_scope(session, Role.BOOKING, tenant_id):
        return view_of(session, actor, rows.access_checkout(session, checkout_id))


@verb(SIGNED_IN)
def change_code(session: Session, actor: Actor, *, checkout_id: UUID, code: str) -> CheckoutView:
    """Use a code, or none when it is empty. Raises NotFound, CheckoutOver, TimeLost, the refusals of a code at `code`."""
    tenant_id = rows.tenant_of_mine(session, checkout_id)
    with tenant_scope(session, Role.BOOKING, tenant_id):
        found = _access_open(session, checkout_id)
        at = found.starts_at if found.starts_at is not None else clock.now()
        promo_id = _code(session, found, code, at) if clean_code(code) else None
        rows.change(session, found, promo_id=promo_id)
        return view_of(session, actor, rows.access_checkout(session, checkout_id))


@verb(SIGNED_IN)
def change_session(session: Session, actor: Actor, *, checkout_id: UUID, use: bool) -> CheckoutView:
    """Take a paid session of a package for it, or keep that for another time. Raises NotFound, CheckoutOver, TimeLost."""
    tenant_id = rows.tenant_of_mine(session, checkout_id)
    with tenant_scope(session, Role.BOOKING, tenant_id):
        rows.change(session, _access_open(session, checkout_id), use_session=use)
        return view_of(session, actor, rows.access_checkout(session, checkout_id))


def _access_open(session: Session, checkout_id: UUID) -> Checkout:
    found = rows.access_checkout(session, checkout_id)
    if found.state != CheckoutState.OPEN:
        raise CheckoutOver
    return found


_OFFERED = text("""
    SELECT p.id, p.name, p.description, p.sessions, p.price_minor, p.months, coalesce(s.names ->> :locale, s.name) AS service,
           s.price_minor AS each_minor, t.currency
    FROM package p JOIN service s ON s.tenant_id = p.tenant_id AND s.id = p.service_id JOIN tenant t ON t.id = p.tenant_id
    WHERE p.tenant_id = :tenant AND p.active AND s.active AND 'wallet' = ANY(t.modules) ORDER BY s.position, p.sessions LIMIT 12""")


@verb(PUBLIC)
def offered_packages(session: Session, _actor: Actor, *, tenant: str, locale: str) -> list[OfferedPackage]:
    """What is sold together at an organisation (MC-147), at most twelve. Raises NotFound, ModuleOff."""
    place = access_tenant(session, tenant)
    found = session.execute(_OFFERED, {"tenant": place.id, "locale": locale})
    return [
        OfferedPackage(
            str(row.id), row.name, row.description, row.service, row.sessions, row.price_minor, row.currency, row.each_minor,
            row.months or 0,
        )
        for row in found
    ]  # fmt: skip
