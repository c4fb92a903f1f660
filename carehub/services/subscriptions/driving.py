"""Stripe is asked here, between two transactions and never within one: read what is wanted, ask, take over the answer (decision 21).

Whoever dies in between, the next one (the owner's page, the worker, the webhook, the night) makes the same calls with the same keys.
"""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.crypto import PERSONS, decrypt
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.integrations import stripe
from carehub.integrations.stripe import StripeTrouble
from carehub.models.tenancy import Tenant
from carehub.services.payments.accounts import PLATFORM, key_of
from carehub.services.payments.errors import PaymentsDown, PaymentsOff
from carehub.services.subscriptions import asking
from carehub.services.subscriptions.applying import apply
from carehub.services.subscriptions.asking import Order
from carehub.services.subscriptions.contributions import discount_of
from carehub.services.subscriptions.prices import price_ids
from carehub.services.subscriptions.rows import locked, own_transaction
from carehub.services.subscriptions.wanted import read_wish

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)  # longer than the slowest chain of answers
LONGEST_WAIT = timedelta(hours=1)
ATTEMPTS = 5  # when others take over an answer at the same time
_OWNER = text("""
    SELECT p.email, p.locale FROM membership m JOIN person p ON p.id = m.person_id
    WHERE m.tenant_id = :tenant AND m.role = 'owner' AND m.active ORDER BY m.created_at LIMIT 1""")


@dataclass(frozen=True)
class Settled:
    """`address`: where the owner must go now. `decline`: Stripe's code of what the bank refused just now."""

    state: str
    address: str = ""
    decline: str = ""


def settle(tenant_id: UUID, *, begin: bool = False) -> Settled:
    """Bring a tenant's subscription up to date with Stripe, and tell Stripe what is wanted of it. `begin`: the owner stands there,
    so that a page of Stripe's may be opened for them.

    Raises PaymentsDown when Stripe does not answer: it is tried again later by itself. Raises PaymentsOff without an account.
    """
    for _ in range(ATTEMPTS):
        order = read_order(tenant_id, begin=begin)
        try:
            if not order.customer and order.wish is None:
                return _rest(tenant_id)
            order = with_customer(order)
            seen = asking.carry_out(stripe.account(order.key), order)
        except StripeTrouble as error:
            log.warning("plan of %s: %s", tenant_id, error)
            _put_off(tenant_id)
            raise PaymentsDown from error
        with own_transaction(tenant_id) as session:
            if apply(session, tenant_id, seen, revision=order.revision, tried=order.wish):
                return Settled(seen.state.value, seen.address, seen.decline)
    raise PaymentsDown


def read_order(tenant_id: UUID, *, begin: bool = False) -> Order:
    """Raises PaymentsOff, PaymentsDown."""
    key = key_of(tenant_id, PLATFORM)
    with unit_of_work(system(tenant_id), Role.APP) as session:
        percent = discount_of(session, tenant_id).percent
        tenant = session.get_one(Tenant, tenant_id)
        name, email, locale, slug = tenant.legal_name or tenant.name, tenant.email, tenant.locale, tenant.slug
    with own_transaction(tenant_id) as session:
        row = locked(session, tenant_id)
        customer, page, revision = row.customer_ref, row.session_ref, row.revision
        wish = read_wish(row.wanted)
    try:
        prices = price_ids(key) if customer or wish else {}
    except StripeTrouble as error:
        _put_off(tenant_id)
        raise PaymentsDown from error
    return Order(
        tenant_id=tenant_id, key=key, name=name, email=email or _owner_mail(tenant_id), locale=locale, wish=wish, percent=percent,
        back=f"{settings.url}/api/w/{slug}/plan/back", prices=prices, begin=begin, customer=customer, session=page,
        revision=revision,
    )  # fmt: skip


def _owner_mail(tenant_id: UUID) -> str:
    """Where Stripe's receipts go when the organisation has no address of its own."""
    with unit_of_work(system(), Role.AUTH) as session:
        row = session.execute(_OWNER, {"tenant": tenant_id}).one_or_none()
    return decrypt(PERSONS, "person.email", row.email) if row else ""


def with_customer(order: Order) -> Order:
    """Make the tenant's customer at need, and remember it before anything hangs on it."""
    if order.customer:
        return order
    begins = int(clock.now().timestamp()) if stripe.has_test_clocks() else 0
    ref = asking.make_customer(stripe.account(order.key), order, clock_from=begins)
    with own_transaction(order.tenant_id) as session:
        row = locked(session, order.tenant_id)
        row.customer_ref = row.customer_ref or ref
        return replace(order, customer=row.customer_ref)


def _rest(tenant_id: UUID) -> Settled:
    """There is nothing to look at, and nobody needs to come again."""
    with own_transaction(tenant_id) as session:
        row = locked(session, tenant_id)
        if not row.wanted:
            row.due_at = None
    return Settled("none")


_PUT_OFF = text("""
    UPDATE plan_subscription SET attempts = attempts + 1,
        due_at = cast(:now AS timestamptz) + least(power(2, least(attempts, 20)) * interval '2 seconds', cast(:most AS interval))
    WHERE tenant_id = :tenant""")


def _put_off(tenant_id: UUID) -> None:
    with own_transaction(tenant_id) as session:
        session.execute(_PUT_OFF, {"now": clock.now(), "most": LONGEST_WAIT, "tenant": tenant_id})


_LEASE = text("""
    UPDATE plan_subscription SET due_at = :until WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM plan_subscription WHERE due_at <= :now ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING tenant_id""")


def lease_due(*, most: int = 100) -> list[UUID]:
    """Take what is due for LEASE. A row whose worker died comes back when the lease ends."""
    with unit_of_work(system(), Role.WORKER) as session:
        values = {"now": clock.now(), "until": clock.now() + LEASE, "most": most}
        return list(session.scalars(_LEASE, values))


def work(tenant_id: UUID) -> bool:
    """One leased row. False: Stripe did not answer; it comes again by itself."""
    try:
        settle(tenant_id)
    except (PaymentsDown, PaymentsOff):
        return False
    return True


def work_due(*, rounds: int = 100) -> int:
    """Everything due, here and now: tests and the command line. Answers how many rows were brought up to date."""
    done = 0
    for _ in range(rounds):
        due = lease_due()
        if not due:
            return done
        done += sum(work(one) for one in due)
    return done
