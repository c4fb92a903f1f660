"""A checkout as its person reads it."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import CareHubError
from carehub.models.checkout import Checkout, CheckoutState
from carehub.services.booking.policy import fee_minor
from carehub.services.booking.rules import booking_rules
from carehub.services.checkout import rows
from carehub.services.checkout.errors import TimeLost
from carehub.services.checkout.views import CheckoutView, PaidWith, PriceLine
from carehub.services.ledger.wallets import free_coins
from carehub.services.payments import accepts_cards, cards_of, last_decline
from carehub.services.payments.scope import payments_of
from carehub.services.payments.views import CardView
from carehub.services.pricing.rules import coins_for

_NAMES = text("""
    SELECT t.slug, t.name AS tenant_name, t.booking_rules, s.name AS service, k.name AS package, p.slug AS practitioner_slug,
           p.time_zone, concat_ws(' ', nullif(p.honorific, ''), p.given_name, p.family_name) AS practitioner
    FROM checkout c JOIN tenant t ON t.id = c.tenant_id JOIN service s ON s.tenant_id = c.tenant_id AND s.id = c.service_id
    LEFT JOIN practitioner p ON p.tenant_id = c.tenant_id AND p.id = c.practitioner_id
    LEFT JOIN package k ON k.tenant_id = c.tenant_id AND k.id = c.package_id
    WHERE c.tenant_id = :tenant AND c.id = :id""")


def view_of(session: Session, actor: Actor, checkout: Checkout) -> CheckoutView:
    """In the tenant's scope. An open one is quoted anew; one that can no longer be paid says so by its state."""
    names = session.execute(_NAMES, {"tenant": checkout.tenant_id, "id": checkout.id}).one()
    shown = _plain(session, checkout, names)
    if checkout.state != CheckoutState.OPEN:
        return shown
    try:
        found = rows.priced(session, actor, checkout)
    except TimeLost:
        return replace(shown, state=CheckoutState.EXPIRED.value)
    except CareHubError:  # the code does not count any more
        rows.change(session, checkout, promo_id=None)
        checkout = rows.access_checkout(session, checkout.id)
        found = rows.priced(session, actor, checkout)
    return replace(
        shown,
        price_minor=found.quote.price_minor,
        due_minor=found.quote.due_minor,
        coins_due=coins_for(found.quote.due_minor, checkout.coin_minor),
        coins_have=free_coins(session, checkout.tenant_id, checkout.person_id),
        code=rows.code_of(session, checkout),
        has_session=found.has_session,
        cards=accepts_cards(session, checkout.tenant_id),
        saved=_saved(session, checkout),
        refused=last_decline(session, purpose=checkout.kind, subject_id=checkout.id),
        lines=_lines(rows.stored(found.quote.lines)),
    )


def _saved(session: Session, checkout: Checkout) -> list[CardView]:
    with payments_of(session) as tenant_id:
        found = cards_of(session, tenant_id, checkout.person_id)
    return [one for one in found if not one.ended]


def _lines(stored: list[dict[str, Any]]) -> list[PriceLine]:
    return [PriceLine(one["key"], one["params"], one["amount_minor"]) for one in stored]


def _plain(session: Session, checkout: Checkout, names: Row[Any]) -> CheckoutView:
    rules = booking_rules(names.booking_rules or {})
    zone = names.time_zone or "UTC"
    start = clock.to_local(checkout.starts_at, zone).replace(tzinfo=None) if checkout.starts_at else None
    parts = rows.parts_of(session, checkout.id) if checkout.state != CheckoutState.OPEN else []
    price, currency = checkout.price_minor, checkout.currency
    return CheckoutView(
        id=str(checkout.id),
        kind=checkout.kind,
        state=checkout.state,
        tenant=names.slug,
        tenant_name=names.tenant_name,
        title=names.package or names.service,
        practitioner=names.practitioner or "",
        practitioner_slug=names.practitioner_slug or "",
        local_start=start.isoformat(timespec="minutes") if start else "",
        time_zone=zone,
        mode=checkout.mode,
        currency=currency,
        coin_minor=checkout.coin_minor,
        price_minor=price,
        due_minor=checkout.due_minor,
        kept_minor=checkout.kept_minor,
        coins_due=0,
        coins_have=0,
        code="",
        has_session=False,
        use_session=checkout.use_session,
        cards=False,
        expires_at=checkout.expires_at.isoformat(),
        free_hours=rules.free_hours,
        late_minor=fee_minor(rules.late_fee, rules.late_value, price, currency),
        no_show_minor=fee_minor(rules.no_show_fee, rules.no_show_value, price, currency),
        done_days=rules.done_days,
        appointment_id=str(checkout.appointment_id or ""),
        lines=_lines(checkout.lines),
        parts=[PaidWith(one.kind, one.currency, one.amount, one.kept) for one in parts],
    )
