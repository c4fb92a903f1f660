"""A tenant's books, as tests use them."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.models.ledger import AccountKind
from carehub.services.ledger import writing
from carehub.services.ledger.rules import Split, share
from carehub.services.ledger.verify import Drift, verify
from carehub.services.ledger.writing import Leg
from tests.factories import make_tenant

_keys = itertools.count(1)


def key() -> str:
    return f"key-{next(_keys)}"


@contextmanager
def money(tenant_id: UUID) -> Iterator[Session]:
    with unit_of_work(system(tenant_id), Role.MONEY) as session:
        yield session


@dataclass
class Books:
    tenant_id: UUID
    expert: UUID

    def buy(self, owner: UUID, amount: int, *, name: str = "") -> UUID:
        with money(self.tenant_id) as session:
            return writing.issue(session, owner, amount, key=name or key())

    def give(self, owner: UUID, amount: int, *, days: int) -> UUID:
        with money(self.tenant_id) as session:
            ends = clock.now() + timedelta(days=days)
            return writing.give_lot(session, owner, amount, key=key(), expires_at=ends, reason="welcome")

    def hold(self, owner: UUID, amount: int, *, name: str = "", minutes: int = 30) -> UUID:
        with money(self.tenant_id) as session:
            ends = clock.now() + timedelta(minutes=minutes)
            return writing.hold(
                session, owner, amount, key=name or key(), purpose="test", reference="x", expires_at=ends
            )

    def capture(self, hold: UUID, amount: int, split: Split | None = None) -> UUID:
        with money(self.tenant_id) as session:
            return writing.capture(session, hold, amount, self.legs(amount, split or Split()))

    def post(self, *legs: Leg) -> UUID:
        with money(self.tenant_id) as session:
            return writing.post(session, key=key(), kind="test", legs=legs)

    def legs(self, amount: int, split: Split) -> list[Leg]:
        parts = share(amount, split)
        return [
            Leg(self.expert, AccountKind.EARNING, parts.professional),
            Leg(self.tenant_id, AccountKind.REVENUE, parts.tenant),
            Leg(writing.NOBODY, AccountKind.PLATFORM, parts.platform),
        ]

    def release(self, hold: UUID) -> UUID:
        with money(self.tenant_id) as session:
            return writing.release(session, hold)

    def refund(self, hold: UUID, amount: int, *, name: str = "") -> UUID:
        with money(self.tenant_id) as session:
            return writing.refund(session, hold, amount, key=name or key(), reason="late")

    def has(self, owner: UUID, *kinds: AccountKind) -> int:
        with money(self.tenant_id) as session:
            asked = {"owner": owner, "kinds": [kind.value for kind in kinds]}
            found = session.scalar(
                text("SELECT sum(balance) FROM ledger_account WHERE owner_id = :owner AND kind = ANY(:kinds)"), asked
            )
        return int(found or 0)

    def drift(self) -> list[Drift]:
        with money(self.tenant_id) as session:
            return verify(session)


def make_books() -> Books:
    return Books(make_tenant(currency="TND", country="TN", time_zone="Africa/Tunis").id, new_id())
