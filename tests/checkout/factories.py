"""A practice whose appointments are paid when they are booked, and what its clients do there."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import text

from carehub.core import outbox
from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.ids import new_id
from carehub.core.permissions import Module, TenantRole
from carehub.core.roles import Role
from carehub.models.identity import Person
from carehub.models.practice import Practitioner, Service
from carehub.models.pricing import Package, PriceRule, PromoCode
from carehub.models.tenancy import Tenant
from carehub.services import booking, checkout, payments
from carehub.services.checkout import handlers  # noqa: F401 -- registers its handlers
from carehub.services.checkout.views import CheckoutView, PayStep
from carehub.services.ledger import writing
from carehub.services.ledger.verify import Drift, verify
from carehub.services.payments.driving import settle
from tests import factories as make
from tests.payments.factories import GOOD, Till

RULES = {"prepay": "full", "late_fee": "percent", "late_value": "50", "no_show_fee": "percent", "no_show_value": "100"}


@dataclass
class Practice:
    """`price` is 60 EUR, a coin 50 cents: 120 coins."""

    tenant: Tenant
    practitioner: Practitioner
    service: Service
    owner: Actor

    def client(self, coins: int = 0) -> Person:
        person = make.make_person()
        if coins:
            self.buy(person, coins)
        return person

    def buy(self, person: Person, coins: int) -> None:
        with unit_of_work(system(self.tenant.id), Role.MONEY) as session:
            writing.issue(session, person.id, coins, key=f"bought-{new_id()}")

    def begin(self, person: Person, *, days_ahead: int = 3, code: str = "", start: datetime | None = None) -> UUID:
        actor = make.person_actor(person)
        if start is None:
            start = make.free_start(self.tenant, self.practitioner, self.service, days_ahead=days_ahead)
        kept = make.hold(actor, self.tenant, self.practitioner, self.service, start)
        form = booking.ClientForm(note="a word", code=code)
        return perform(checkout.begin, actor, tenant=self.tenant.slug, token=kept.token, form=form)

    def read(self, person: Person, checkout_id: UUID) -> CheckoutView:
        return perform(checkout.read, make.person_actor(person), checkout_id=checkout_id)

    def pay(self, person: Person, checkout_id: UUID, coins: int | None = None) -> PayStep:
        seen = self.read(person, checkout_id)
        return self.pay_seen(person, seen, coins)

    def pay_seen(self, person: Person, seen: CheckoutView, coins: int | None = None) -> PayStep:
        return perform(
            checkout.pay,
            make.person_actor(person),
            checkout_id=UUID(seen.id),
            price_minor=seen.price_minor,
            due_minor=seen.due_minor,
            coins=seen.coins_due if coins is None else coins,
        )

    def booked(self, person: Person, *, days_ahead: int = 3) -> tuple[UUID, UUID]:
        """(checkout, appointment) that is paid by coins."""
        made = self.begin(person, days_ahead=days_ahead)
        self.pay(person, made)
        return made, UUID(self.read(person, made).appointment_id)

    def coins(self, owner: UUID, *kinds: str, currency: str = "COIN") -> int:
        with unit_of_work(system(self.tenant.id), Role.MONEY) as session:
            found = session.scalar(
                text(
                    "SELECT sum(balance) FROM ledger_account WHERE owner_id = :owner AND kind = ANY(:kinds) AND currency = :currency"
                ),
                {"owner": owner, "kinds": list(kinds), "currency": currency},
            )
        return int(found or 0)

    def drift(self) -> list[Drift]:
        with unit_of_work(system(self.tenant.id), Role.MONEY) as session:
            return verify(session)

    def rules(self, **values: Any) -> None:
        with unit_of_work(system(self.tenant.id), Role.APP) as session:
            session.get_one(Tenant, self.tenant.id).booking_rules = RULES | {"cancel_hours": 0} | values

    def promo(self, code: str = "RENTREE", **values: Any) -> PromoCode:
        row = PromoCode(tenant_id=self.tenant.id, code=code, **({"percent": 10} | values))
        make.save(self.tenant.id, row)
        return row

    def quiet(self, **values: Any) -> None:
        defaults = {"name": "Quiet hours", "weekdays": list(range(7)), "percent": -20}
        hours = {"starts": datetime(2026, 1, 1, 0).time(), "ends": datetime(2026, 1, 1, 23).time()}
        make.save(self.tenant.id, PriceRule(tenant_id=self.tenant.id, **{**defaults, **hours, **values}))

    def package(self, **values: Any) -> Package:
        defaults = {"name": "Five sessions", "service_id": self.service.id, "sessions": 5, "price_minor": 25_000}
        row = Package(tenant_id=self.tenant.id, **{**defaults, **values})
        make.save(self.tenant.id, row)
        return row

    def mark(self, verb: Any, appointment_id: UUID, **values: Any) -> None:
        """Staff says something of an appointment, and the worker hears it."""
        perform(verb, self.owner, appointment_id=appointment_id, **values)
        outbox.drain()

    def cancel(self, person: Person, appointment_id: UUID) -> None:
        perform(booking.cancel_mine, make.person_actor(person), appointment_id=appointment_id)
        outbox.drain()


def make_paid_practice(**values: Any) -> Practice:
    modules = sorted({Module.BOOKING.value, Module.RECORDS.value, Module.WALLET.value})
    tenant = make.make_tenant(modules=modules, **{"booking_rules": RULES | {"cancel_hours": 0}, **values})
    practitioner = make.make_practitioner(tenant)
    make.make_hours(practitioner, starts=time(0), ends=time(23, 59))
    service = make.make_service(tenant, practitioner, price_minor=6000, duration_minutes=15, name="Session")
    owner = make.make_member(tenant, TenantRole.OWNER, person=make.make_person(), practitioner=practitioner)
    return Practice(tenant, practitioner, service, owner)


class CardPractice:
    """A practice and the till where its clients type their cards."""

    def __init__(self, practice: Practice, till: Till) -> None:
        self.practice, self.till = practice, till

    def to_bank(self, person: Person, made: UUID, coins: int) -> UUID:
        """Pay partly by card; the payment's id."""
        step = self.practice.pay(person, made, coins=coins)
        assert step.state == "paying"
        assert step.go.startswith("/pay/")
        return self.payment_of(made)

    def payment_of(self, made: UUID) -> UUID:
        with unit_of_work(system(self.practice.tenant.id), Role.APP) as session:
            query = text("SELECT payment_id FROM checkout_part WHERE checkout_id = :id AND kind = 'card'")
            return UUID(str(session.scalar(query, {"id": made})))

    def card(self, payment_id: UUID, number: str = GOOD) -> None:
        """On Stripe's page, and back."""
        address = settle(self.practice.tenant.id, payment_id, begin=True).address
        self.till.type_card(address, number)
        settle(self.practice.tenant.id, payment_id)
        self.work()

    def work(self) -> None:
        outbox.drain()
        payments.work_due()
        outbox.drain()

    def booked(self, person: Person, *, coins: int = 40, days_ahead: int = 3) -> tuple[UUID, UUID]:
        made = self.practice.begin(person, days_ahead=days_ahead)
        self.card(self.to_bank(person, made, coins))
        return made, UUID(self.practice.read(person, made).appointment_id)

    def at_stripe(self, made: UUID) -> tuple[str, int, int]:
        """(status, captured, refunded)"""
        with unit_of_work(system(self.practice.tenant.id), Role.MONEY) as session:
            row = session.execute(
                text("SELECT status, captured, refunded FROM payment WHERE subject_id = :id ORDER BY id DESC LIMIT 1"),
                {"id": made},
            ).one()
        return row.status, row.captured, row.refunded

    def mark(self, verb: object, appointment: UUID) -> None:
        self.practice.mark(verb, appointment)
        self.work()
