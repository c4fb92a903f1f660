"""A house of experts in Tunis whose calls and sessions are paid in coins, and what its people do about payouts."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.crypto import encrypt
from carehub.core.db import perform, unit_of_work
from carehub.core.permissions import Module, TenantRole
from carehub.core.roles import Role
from carehub.models.ledger import AccountKind
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Tenant
from carehub.models.verification import Verification
from carehub.services import ledger, payouts
from carehub.services.identity import sessions
from carehub.services.ledger import writing
from carehub.services.ledger.verify import Drift, verify
from carehub.services.payouts.views import EarningsView, PayoutView
from carehub.services.verification.badge import NUMBER
from tests import factories as make

IBAN = "TN5910006035183598478831"


@dataclass
class House:
    tenant: Tenant
    expert: Practitioner
    own: Actor  # the expert
    owner: Actor
    other: Actor  # another administrator

    def earn(self, coins: int, *, days_ago: int = 10) -> None:
        """A client pays so many coins for something that was done then; 80 % are the expert's."""
        client = uuid4()
        with (
            clock.travel(clock.now() - _days(days_ago)),
            unit_of_work(system(self.tenant.id), Role.MONEY) as session,
        ):
            ledger.issue(session, client, coins, key=f"b{client}")
            ends = clock.now() + _days(400)
            kept = ledger.hold(
                session, client, coins, key=f"h{client}", purpose="message", reference="x", expires_at=ends
            )
            shares = ledger.shares_of(session, coins, practitioner_id=self.expert.id, service_id=None)
            ledger.capture(session, kept, coins, shares)

    def earn_money(self, minor: int, currency: str = "TND", *, days_ago: int = 10) -> None:
        """The same by card: money that came in."""
        with (
            clock.travel(clock.now() - _days(days_ago)),
            unit_of_work(system(self.tenant.id), Role.MONEY) as session,
        ):
            legs = [
                writing.Leg(self.tenant.id, AccountKind.ISSUED, -minor),
                writing.Leg(self.expert.id, AccountKind.EARNING, minor),
            ]
            writing.post(session, key=f"m{uuid4()}", kind="capture", legs=legs, currency=currency)

    def approve_claims(self, *, tax: str = "withholding", **numbers: str) -> None:
        given = {"identity": "", "bank": IBAN, "tax": tax} | numbers
        rows = [
            Verification(
                tenant_id=self.tenant.id, practitioner_id=self.expert.id, kind=kind, status="approved", approved=True,
                number=encrypt(self.tenant.id, NUMBER, number) if number else None,
                decided_at=clock.now() - _days(30),
            )
            for kind, number in given.items()
        ]  # fmt: skip
        make.save(self.tenant.id, *rows)

    def change_claim(self, kind: str, **values: Any) -> None:
        with unit_of_work(system(self.tenant.id), Role.APP) as session:
            for name, value in values.items():
                session.execute(
                    text(f"UPDATE verification SET {name} = :value WHERE practitioner_id = :p AND kind = :kind"),
                    {"value": value, "p": self.expert.id, "kind": kind},
                )

    def ask(self, amount_minor: int | None = None) -> UUID:
        return perform(payouts.ask, self.own, amount_minor=amount_minor)

    def read(self, payout_id: UUID) -> PayoutView:
        return perform(payouts.read_payout, self.owner, payout_id=payout_id)

    def earnings(self) -> EarningsView:
        return perform(payouts.earnings, self.own)

    def sent(self, payout_id: UUID) -> UUID:
        """Approved and in a batch of its own."""
        perform(payouts.approve, self.owner, payout_id=payout_id)
        if self.read(payout_id).state == "second":
            perform(payouts.approve, self.other, payout_id=payout_id)
        return perform(payouts.make_batch, self.owner, payout_ids=[payout_id])

    def drift(self) -> list[Drift]:
        with unit_of_work(system(self.tenant.id), Role.MONEY) as session:
            return verify(session)

    def balance(self, owner: UUID, kind: str, currency: str = "COIN") -> int:
        with unit_of_work(system(self.tenant.id), Role.MONEY) as session:
            found = session.scalar(
                text("SELECT sum(balance) FROM ledger_account WHERE owner_id = :o AND kind = :k AND currency = :c"),
                {"o": owner, "k": kind, "c": currency},
            )
        return int(found or 0)


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def signed_in(tenant: Tenant, role: TenantRole, practitioner: Practitioner | None = None) -> Actor:
    """A member who has just signed in, which is proof enough for ten minutes."""
    person = make.make_person()
    actor = make.make_member(tenant, role, person=person, practitioner=practitioner)
    token = sessions.open_session(person.id)
    return replace(actor, session_id=sessions.find_actor(token, tenant.slug).session_id)


def make_house(**values: Any) -> House:
    modules = sorted({Module.BOOKING.value, Module.WALLET.value})
    tenant = make.make_tenant(
        modules=modules,
        **{"currency": "TND", "country": "TN", "time_zone": "Africa/Tunis", "legal_name": "Khibra SARL", **values},
    )
    expert = make.make_practitioner(tenant, given_name="Leïla", family_name="Gharbi")
    own = signed_in(tenant, TenantRole.PRACTITIONER, expert)
    with unit_of_work(system(tenant.id), Role.APP) as session:
        session.get_one(Practitioner, (tenant.id, expert.id)).person_id = own.person_id
    return House(tenant, expert, own, signed_in(tenant, TenantRole.OWNER), signed_in(tenant, TenantRole.ADMIN))
