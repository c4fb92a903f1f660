"""The nightly comparison with Stripe: what had not followed follows, what cannot be explained is written down. CD-096, DI-097."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.errors import CareHubError
from carehub.core.ids import new_id, parse_id
from carehub.core.roles import Role
from carehub.integrations import stripe
from carehub.integrations.stripe import StripeTrouble
from carehub.models.payments import DisputeStatus, Payment
from carehub.models.wallet import DifferenceKind, PaymentDifference
from carehub.services.payments.accounts import PLATFORM, key_of
from carehub.services.payments.applying import DISPUTE_STATES
from carehub.services.payments.driving import settle
from carehub.services.payments.errors import PaymentsOff
from carehub.services.payments.rules import PAID
from carehub.services.payments.scope import own_transaction

log = logging.getLogger(__name__)

LOOKED_AT = timedelta(days=4)  # a weekend and more
_PAIRS = text("SELECT DISTINCT tenant_id, account FROM payment WHERE id >= :since")
Intent = dict[str, Any]


def reconcile_all() -> int:
    """Compare the last days with Stripe, account by account; how many differences were written down. May run twice."""
    since = clock.now() - LOOKED_AT
    with unit_of_work(system(), Role.WORKER) as session:
        pairs = session.execute(_PAIRS, {"since": _first_id(since)}).all()
    accounts: dict[tuple[str, UUID | None], list[UUID]] = defaultdict(list)
    for tenant_id, account in pairs:
        accounts[account, None if account == PLATFORM else tenant_id].append(tenant_id)
    found = 0
    for (account, _owner), tenants in accounts.items():
        try:
            key = key_of(tenants[0], account)
            intents = list(_listed(key, "payment_intents", since, expand="data.latest_charge"))
            disputes = list(_listed(key, "disputes", since))
        except (StripeTrouble, PaymentsOff) as error:
            log.warning("not compared with Stripe: %s", error)
            continue
        for tenant_id in tenants:
            own = [one for one in intents if account != PLATFORM or _tenant_of(one) == tenant_id]
            found += _reconcile(tenant_id, account, own, since)
            found += _reconcile_disputes(tenant_id, account, disputes)
    return found


def _first_id(at: datetime) -> UUID:
    return UUID(int=int(at.timestamp() * 1000) << 80)


def _tenant_of(intent: Intent) -> UUID | None:
    return parse_id(str((intent.get("metadata") or {}).get("tenant_id", "")))


def _listed(key: str, what: str, since: datetime, *, expand: str = "") -> Iterator[Intent]:
    """What one account made since then, page by page."""
    api, after = stripe.account(key), ""
    while True:
        asked: dict[str, Any] = {"limit": 100, "created": {"gte": int(since.timestamp())}}
        if expand:
            asked["expand"] = [expand]
        with stripe.asking():
            page = getattr(api, what).list(params=asked | ({"starting_after": after} if after else {}))
        listed = [stripe.plain(one) for one in page.data]
        yield from listed
        if not page.has_more or not listed:
            return
        after = str(listed[-1]["id"])


def _reconcile(tenant_id: UUID, account: str, intents: list[Intent], since: datetime) -> int:
    with own_transaction(tenant_id) as session:
        ours = {one.intent_ref: one for one in _ours(session, tenant_id, account, since)}
    known = {one["id"] for one in intents}
    found = [_compared(tenant_id, ours.get(one["id"]), one) for one in intents]
    found += [_missing(one) for ref, one in ours.items() if ref and ref not in known and one.status in PAID]
    written = 0
    for one in filter(None, found):
        with own_transaction(tenant_id) as session:
            written += _write(session, tenant_id, one)
    return written


_DISPUTED = text("""
    SELECT p.id, p.description, coalesce(d.status, '') AS status, coalesce(d.amount, 0) AS amount
    FROM payment p LEFT JOIN payment_dispute d ON d.tenant_id = p.tenant_id AND d.payment_id = p.id AND d.ref = :ref
    WHERE p.tenant_id = :tenant AND p.account = :account AND p.intent_ref = :intent AND p.intent_ref <> ''""")


def _reconcile_disputes(tenant_id: UUID, account: str, disputes: list[dict[str, Any]]) -> int:
    """A dispute, or its end, that nobody had told: taken over, and written down."""
    written = 0
    for one in disputes:
        state = DISPUTE_STATES.get(str(one.get("status")), DisputeStatus.OPEN)
        asked = {
            "tenant": tenant_id,
            "account": account,
            "intent": str(one.get("payment_intent") or ""),
            "ref": one["id"],
        }
        with own_transaction(tenant_id) as session:
            row = session.execute(_DISPUTED, asked).one_or_none()
        if row is None or row.status == state:
            continue
        told = {
            "ref": one["id"], "payment_id": row.id, "ours": row.amount, "theirs": int(one["amount"]), "kind": DifferenceKind.STATUS,
            "currency": str(one["currency"]).upper(), "note": row.description, "mended": _follow(tenant_id, row.id),
        }  # fmt: skip
        with own_transaction(tenant_id) as session:
            written += _write(session, tenant_id, told)
    return written


def _ours(session: Session, tenant_id: UUID, account: str, since: datetime) -> list[Payment]:
    return list(
        session.scalars(
            select(Payment).where(
                col(Payment.tenant_id) == tenant_id,
                col(Payment.account) == account,
                col(Payment.id) >= _first_id(since),
            )
        )
    )


def _taken(intent: Intent) -> tuple[int, int]:
    """What was received, and what of it went back."""
    charge = intent.get("latest_charge")
    back = int(charge.get("amount_refunded") or 0) if isinstance(charge, dict) else 0
    return int(intent.get("amount_received") or 0), back


def _compared(tenant_id: UUID, ours: Payment | None, intent: Intent) -> dict[str, Any] | None:
    received, back = _taken(intent)
    told = {"ref": intent["id"], "theirs": received - back, "currency": str(intent["currency"]).upper()}
    if ours is None:
        payment_id = parse_id(str((intent.get("metadata") or {}).get("payment_id", "")))
        if payment_id is not None and _follow(tenant_id, payment_id):
            return None  # its page was paid and nobody had told
        return (
            {**told, "kind": DifferenceKind.UNKNOWN, "note": str(intent.get("description") or "")} if received else None
        )
    had = ours.captured - ours.refunded
    told |= {"payment_id": ours.id, "ours": had}
    if (ours.captured, ours.refunded) == (received, min(back, received)):
        return None
    mended = _follow(tenant_id, ours.id)
    kind = DifferenceKind.STATUS if (ours.captured > 0) != (received > 0) else DifferenceKind.AMOUNT
    return {**told, "kind": kind, "note": ours.description, "mended": mended}


def _follow(tenant_id: UUID, payment_id: UUID) -> bool:
    """Bring a payment up to date. False: it is not ours, or Stripe did not answer."""
    try:
        settle(tenant_id, payment_id)
    except CareHubError:
        return False
    return True


def _missing(ours: Payment) -> dict[str, Any]:
    told = {"ref": str(ours.id), "ours": ours.captured - ours.refunded, "payment_id": ours.id}
    return {**told, "currency": ours.currency, "kind": DifferenceKind.MISSING, "note": ours.description}


def _write(session: Session, tenant_id: UUID, told: dict[str, Any]) -> int:
    values = {"ours": 0, "theirs": 0, "mended": False, **told, "kind": told["kind"].value, "note": told["note"][:200]}
    made = insert(PaymentDifference).values(
        tenant_id=tenant_id, id=new_id(), day=clock.now().date(), created_at=clock.now(), **values
    )
    again = made.on_conflict_do_nothing(index_elements=["tenant_id", "ref", "kind"])
    return session.scalar(again.returning(col(PaymentDifference.id))) is not None
