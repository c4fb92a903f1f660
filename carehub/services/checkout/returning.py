"""Packages after they were bought: which sessions nobody used, and giving them back. DI-064, MC-147."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import NotFound
from carehub.core.verbs import verb
from carehub.models.checkout import Checkout, CheckoutKind
from carehub.models.pricing import SessionState
from carehub.services import ledger, payments
from carehub.services.checkout import cards, rows
from carehub.services.checkout.errors import MoreThanUnused
from carehub.services.checkout.sessions import mark_session
from carehub.services.checkout.settling import check_not_disputed
from carehub.services.checkout.views import PackageSale

_SALES = text("""
    SELECT c.id, k.name, c.total_minor, c.currency, c.created_at, concat_ws(' ', p.given_name, p.family_name) AS person,
           count(s.id) AS sessions, count(s.id) FILTER (WHERE s.state = 'free') AS unused,
           count(s.id) FILTER (WHERE s.state = 'returned') AS returned
    FROM checkout c JOIN package k ON k.tenant_id = c.tenant_id AND k.id = c.package_id
    JOIN package_session s ON s.tenant_id = c.tenant_id AND s.purchase_id = c.id
    LEFT JOIN patient p ON p.tenant_id = c.tenant_id AND p.person_id = c.person_id
    WHERE c.tenant_id = :tenant AND c.kind = 'package'
    GROUP BY c.tenant_id, c.id, k.name, p.given_name, p.family_name ORDER BY c.id DESC LIMIT 50""")


@verb("wallet.read")
def package_sales(session: Session, actor: Actor) -> list[PackageSale]:
    """The newest fifty packages that were bought, with the sessions that may still be given back."""
    return [
        PackageSale(
            str(row.id), row.person, row.name, row.sessions, row.unused, row.returned, int(row.total_minor), row.currency,
            row.created_at.isoformat(),
        )
        for row in session.execute(_SALES, {"tenant": actor.tenant_id})
    ]  # fmt: skip


_UNUSED = text("""
    SELECT id, coins, coins_hold_id, money_minor, money_hold_id, payment_id, value_minor FROM package_session
    WHERE tenant_id = :tenant AND purchase_id = :purchase AND state = 'free' ORDER BY seq DESC LIMIT :most FOR UPDATE""")


@verb("wallet.manage")
def give_back_sessions(session: Session, actor: Actor, *, checkout_id: UUID, sessions: int, reason: str = "") -> None:
    """Take so many unused sessions of a package back, the last ones first: each gives its own share of what was paid back to the
    mix that paid it (DI-064, MC-147). A used one stays, and so does one that an appointment stands on.

    Raises MoreThanUnused at the number, PaymentDisputed, NotFound.
    """
    checkout = rows.access_checkout(session, checkout_id)
    if checkout.kind != CheckoutKind.PACKAGE:
        raise NotFound
    asked = {"tenant": checkout.tenant_id, "purchase": checkout.id, "most": max(sessions, 1)}
    found = session.execute(_UNUSED, asked).all()
    if not 1 <= sessions <= len(found):
        raise MoreThanUnused(field="sessions", most=len(found))
    check_not_disputed(session, checkout)
    back = 0
    for one in found:
        _return_session(session, checkout, one, actor.person_id)
        back += int(one.money_minor)
    for part in rows.parts_of(session, checkout.id):
        if part.payment_id is not None and back:
            key = f"sessions:{found[-1].id}"
            payments.refund_payment(
                session, actor, payment_id=part.payment_id, amount=back, key=key, reason=reason.strip()
            )
    kept = checkout.kept_minor - sum(int(one.value_minor) for one in found)
    rows.change(session, checkout, kept_minor=kept)
    announce(session, "checkout", person_id=checkout.person_id)


def _return_session(session: Session, checkout: Checkout, one: Row[Any], by: UUID | None) -> None:
    """Coins are the buyer's again, money leaves their account for the card."""
    for hold_id in (one.coins_hold_id, one.money_hold_id):
        if hold_id is not None:
            ledger.release(session, hold_id, person_id=by)
    if one.money_minor:
        cards.out(session, checkout, checkout.currency, int(one.money_minor), key=f"session:{one.id}")
    mark_session(session, checkout.tenant_id, one.id, SessionState.RETURNED.value)
