"""Clients who hold, pay, give up, cancel and are received at random; and the proof, afterwards, that money was conserved.

They do it in the process of a test (tests/checkout/test_random.py), or as processes of their own that are killed beside a running
product (tests/faults/test_paying_storm.py): `python -m tests.checkout.crowd make|run …`.
"""

import json
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Protocol
from uuid import UUID

import httpx
import psycopg
from sqlalchemy.exc import SQLAlchemyError

from carehub.core import clock
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform
from carehub.core.errors import CareHubError
from carehub.core.permissions import GRANTS, Module, TenantRole
from carehub.integrations.stripe_sink.store import Store
from carehub.services import booking, checkout
from carehub.services.checkout.views import CheckoutView
from tests.checkout.factories import make_paid_practice

CARDS = ("4242424242424242", "4242424242424242", "4242424242424242", "4000000000000002", "4000002760003184")
BOOKED = ("booked", "fulfilled", "cancelled", "cancelled by staff")
ENDS = (*BOOKED, "left", "changed mind", "open", "paying", "held", "lost", "expired")
FAILURES = (CareHubError, SQLAlchemyError, httpx.HTTPError, TimeoutError)


class Bank(Protocol):
    """How a payer gets from our address to Stripe's page, and back."""

    def __call__(self, go: str, number: str, *, agree: bool) -> None: ...


@dataclass(frozen=True)
class House:
    """What its clients know of the practice."""

    tenant: str
    tenant_id: str
    practitioner_id: str
    service_id: str
    owner_id: str
    people: list[str]

    @property
    def owner(self) -> Actor:
        role = TenantRole.OWNER
        return Actor(
            person_id=UUID(self.owner_id),
            tenant_id=UUID(self.tenant_id),
            tenant=self.tenant,
            role=role.value,
            permissions=GRANTS[role],
            modules=frozenset((Module.BOOKING, Module.RECORDS, Module.WALLET)),
        )


def make_house(*, people: int, coins: tuple[int, ...] = (30, 120, 400)) -> House:
    made = make_paid_practice()
    clients = [made.client(coins=coins[place % len(coins)]) for place in range(people)]
    assert made.owner.person_id is not None
    return House(
        made.tenant.slug,
        str(made.tenant.id),
        str(made.practitioner.id),
        str(made.service.id),
        str(made.owner.person_id),
        [str(one.id) for one in clients],
    )


class Client:
    """One device. `told` counts how its visits ended."""

    def __init__(self, house: House, seed: int, bank: Bank, *, patience: float = 0) -> None:
        self.house, self.rng, self.bank, self.patience = house, random.Random(seed), bank, patience
        self.person = Actor()
        self.told: Counter[str] = Counter()

    def visit(self) -> str:
        """Book and pay, or not; how it ended. Whatever is refused or cut off is only counted."""
        try:
            ended = self._visit()
        except FAILURES as error:
            ended = type(error).__name__
        self.told[ended] += 1
        return ended

    def _visit(self) -> str:
        house, rng = self.house, self.rng
        self.person = Actor(person_id=UUID(rng.choice(house.people)))
        made = self._begin()
        if rng.random() < 0.1:
            return "left"
        seen = perform(checkout.read, self.person, checkout_id=made)
        asked: dict[str, Any] = {"checkout_id": made, "price_minor": seen.price_minor, "due_minor": seen.due_minor}
        most = min(seen.coins_due, seen.coins_have)
        coins = rng.choice((0, most // 2, most))
        step = perform(checkout.pay, self.person, **asked, coins=coins)
        if rng.random() < 0.2:
            step = perform(checkout.pay, self.person, **asked, coins=coins)  # pressed twice
        if step.go:
            if rng.random() < 0.15:
                perform(checkout.change_mind, self.person, checkout_id=made)
                return "changed mind"
            self.bank(step.go, rng.choice(CARDS), agree=rng.random() < 0.7)
        seen = self._heard(made)
        if not seen.appointment_id:
            return seen.state
        return self._afterwards(UUID(seen.appointment_id), house)

    def _heard(self, made: UUID) -> CheckoutView:
        """The checkout once the bank's answer has come, as long as one is patient."""
        until = time.monotonic() + self.patience
        while True:
            seen = perform(checkout.read, self.person, checkout_id=made)
            if seen.state != "paying" or time.monotonic() > until:
                return seen
            time.sleep(0.5)

    def _begin(self) -> UUID:
        house, rng = self.house, self.rng
        shared: dict[str, Any] = {"practitioner_id": UUID(house.practitioner_id), "service_id": UUID(house.service_id)}
        first = (clock.now() + timedelta(days=rng.choice((2, 3, 4, 15)))).date()
        days = perform(booking.free_days, VISITOR, tenant=house.tenant, **shared, first=first, days=1)
        start = datetime.fromisoformat(rng.choice(days[0].slots[:24]).starts_at)
        kept = perform(booking.hold_slot, self.person, tenant=house.tenant, **shared, starts_at=start)
        form = booking.ClientForm(note="a word")
        return perform(checkout.begin, self.person, tenant=house.tenant, token=kept.token, form=form)

    def _afterwards(self, appointment_id: UUID, house: House) -> str:
        way = self.rng.random()
        if way < 0.3:
            perform(booking.cancel_mine, self.person, appointment_id=appointment_id)
            return "cancelled"
        if way < 0.5:
            perform(booking.cancel, house.owner, appointment_id=appointment_id, reason="ill")
            return "cancelled by staff"
        if way < 0.8:
            perform(booking.fulfil, house.owner, appointment_id=appointment_id)
            return "fulfilled"
        return "booked"


class Browser:
    """The bank over the running product: our address, Stripe's page, the bank's page, back."""

    def __init__(self, url: str) -> None:
        self.web = httpx.Client(base_url=url, timeout=15, headers={"Origin": url})

    def __call__(self, go: str, number: str, *, agree: bool) -> None:
        page = self._follow(go)
        if "/checkout/" in page:
            page = self._post(page, number=number, month="12", year="2034", code="123")
        if "/confirm/" in page:
            page = self._post(page, agree="yes" if agree else "no")
        if "/back" in page:
            self._follow(page)

    def _follow(self, address: str) -> str:
        return str(self.web.get(address).headers.get("location", ""))

    def _post(self, address: str, **fields: str) -> str:
        return str(self.web.post(address, data=fields).headers.get("location", ""))


UNFINISHED = "SELECT count(*) FROM checkout WHERE tenant_id = %(tenant)s AND state IN ('open', 'paying')"
CHECKS = {
    "an account of a client below nothing": """
        SELECT owner_id FROM ledger_account WHERE tenant_id = %(tenant)s AND balance < 0 AND kind IN ('coins', 'bonus', 'held')""",
    "sums that are not zero": """
        SELECT currency, sum(balance) FROM ledger_account WHERE tenant_id = %(tenant)s GROUP BY 1 HAVING sum(balance) <> 0""",
    "a hold that two parts share": """
        SELECT hold_id FROM checkout_part WHERE tenant_id = %(tenant)s AND hold_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1""",
    "a hold that is open for nothing": """
        SELECT h.id, h.amount FROM ledger_hold h WHERE h.tenant_id = %(tenant)s AND h.state = 'open' AND NOT EXISTS (
          SELECT FROM checkout_part p JOIN checkout c ON c.tenant_id = p.tenant_id AND c.id = p.checkout_id
          WHERE p.tenant_id = h.tenant_id AND p.hold_id = h.id AND c.state = 'held')""",
    "a part of a booked one that is not held": """
        SELECT p.id, h.state FROM checkout_part p JOIN checkout c ON c.tenant_id = p.tenant_id AND c.id = p.checkout_id
        LEFT JOIN ledger_hold h ON h.tenant_id = p.tenant_id AND h.id = p.hold_id
        WHERE p.tenant_id = %(tenant)s AND c.state = 'held' AND h.state IS DISTINCT FROM 'open'""",
    "a booked one without its appointment": """
        SELECT c.id FROM checkout c LEFT JOIN appointment a ON a.tenant_id = c.tenant_id AND a.id = c.appointment_id
        WHERE c.tenant_id = %(tenant)s AND c.state = 'held' AND (a.id IS NULL OR a.status NOT IN ('booked', 'arrived'))""",
    "an appointment that nobody paid": """
        SELECT a.id FROM appointment a WHERE a.tenant_id = %(tenant)s AND a.status IN ('booked', 'fulfilled') AND NOT EXISTS (
          SELECT FROM checkout c WHERE c.tenant_id = a.tenant_id AND c.appointment_id = a.id AND c.state IN ('held', 'captured'))""",
    "one that is neither booked nor paid back": """
        SELECT id, state FROM checkout WHERE tenant_id = %(tenant)s AND state IN ('open', 'paying')""",
    "an effect that was given up": "SELECT kind, error FROM outbox WHERE tenant_id = %(tenant)s AND failed_at IS NOT NULL",
    "a client's money that is neither held nor sent back": """
        SELECT owner_id, balance FROM ledger_account WHERE tenant_id = %(tenant)s AND kind = 'coins' AND currency <> 'COIN'
          AND balance <> 0""",
}
_CARDS = """
    SELECT p.id::text, p.intent_ref, p.amount, coalesce(c.state, ''), coalesce(k.kept, 0), k.id IS NOT NULL FROM payment p
    LEFT JOIN checkout_part k ON k.tenant_id = p.tenant_id AND k.payment_id = p.id
    LEFT JOIN checkout c ON c.tenant_id = k.tenant_id AND c.id = k.checkout_id
    WHERE p.tenant_id = %(tenant)s AND p.purpose = 'booking'"""


def wrong(db: psycopg.Connection, house: House) -> dict[str, list[Any]]:
    """What is not as it must be, by its name; nothing when all is right."""
    found = {name: db.execute(query, {"tenant": house.tenant_id}).fetchall() for name, query in CHECKS.items()}
    return {name: rows for name, rows in found.items() if rows}


def wrong_at_stripe(db: psycopg.Connection, house: House, store: Store, key: str) -> list[Any]:
    """Payments of which Stripe keeps, or reserves, something else than what their checkout came to."""
    intents = {one["id"]: one for one in store.all(key, "payment_intent")}
    refunds: Counter[str] = Counter()
    for one in store.all(key, "refund"):
        refunds[one["payment_intent"]] += one["amount"]
    found: list[Any] = []
    known: set[str] = set()
    for payment, ref, amount, state, kept, of_part in db.execute(_CARDS, {"tenant": house.tenant_id}).fetchall():
        known.add(payment)
        intent = intents.get(ref)
        reserved = intent is not None and intent["status"] == "requires_capture"
        has = intent["amount_received"] - refunds[ref] if intent else 0
        wanted = {"held": amount, "captured": kept}.get(state, 0) if of_part else 0
        if (amount if reserved else has) != wanted or (reserved and state != "held"):
            found.append((payment, ref, state, f"has {has}, wanted {wanted}, reserved {reserved}"))
    for one in intents.values():
        told = one["metadata"]
        if told.get("tenant_id") == house.tenant_id and told.get("payment_id") not in known:
            found.append((one["id"], "nobody's"))
    return found


def main(what: str, *given: str) -> None:
    if what == "make":
        sys.stdout.write(json.dumps(asdict(make_house(people=int(given[0])))))
        return
    url, told, seed, clients = given
    house, turn = House(**json.loads(told)), Lock()

    def live(number: int) -> None:
        client = Client(house, int(seed) * 1000 + number, Browser(url), patience=30)
        while True:
            told = client.visit()
            with turn:
                sys.stdout.write(f"{told}\n")
                sys.stdout.flush()
            time.sleep(client.rng.uniform(0.5, 1.5) * (4 if told not in ENDS else 1))

    with ThreadPoolExecutor(int(clients)) as crowd:
        list(crowd.map(live, range(int(clients))))


if __name__ == "__main__":
    main(*sys.argv[1:])
