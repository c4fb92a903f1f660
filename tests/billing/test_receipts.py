"""What was paid online is invoiced by itself once it is done: paid, once, and only where an invoice may be issued (MC-078)."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from carehub.core import clock, outbox
from carehub.core.actor import system
from carehub.core.db import perform, unit_of_work
from carehub.core.roles import Role
from carehub.models.billing import BillingDocument, BillingPayment
from carehub.models.checkout import Checkout
from carehub.services import billing, booking
from carehub.services.billing import handlers, mine
from carehub.services.billing.errors import AlreadyInvoiced
from tests import factories as make
from tests.billing.factories import ALL, HOUSE
from tests.checkout.factories import Practice, make_paid_practice

assert handlers
pytestmark = pytest.mark.usefixtures("db")


def practice(**billing_settings: object) -> Practice:
    made = make_paid_practice()
    with unit_of_work(system(made.tenant.id), Role.APP) as session:
        tenant = session.get_one(type(made.tenant), made.tenant.id)
        for name, value in {**HOUSE, "modules": ALL, "billing": {**HOUSE["billing"], **billing_settings}}.items():
            setattr(tenant, name, value)
    return made


def documents(made: Practice) -> list[BillingDocument]:
    with unit_of_work(system(made.tenant.id), Role.APP) as session:
        return list(session.scalars(select(BillingDocument)))


def payments(made: Practice) -> list[tuple[str, int]]:
    with unit_of_work(system(made.tenant.id), Role.APP) as session:
        return [(one.method, one.amount_minor) for one in session.scalars(select(BillingPayment))]


def test_a_done_appointment_that_was_paid_has_its_invoice() -> None:
    made = practice()
    client = made.client(coins=120)
    _, appointment = made.booked(client)
    assert documents(made) == [], "nothing is invoiced before it is done"
    made.mark(booking.fulfil, appointment)
    (invoice,) = documents(made)
    assert (invoice.kind, invoice.state, invoice.appointment_id) == ("invoice", "issued", appointment)
    assert (invoice.total_minor, invoice.paid_minor, invoice.with_tax) == (6000, 6000, True)
    assert payments(made) == [("coins", 6000)]
    (seen,) = perform(mine.my_documents, make.person_actor(client))
    assert (seen.number, seen.status, seen.owed) == (invoice.number, "paid", 0)
    with pytest.raises(AlreadyInvoiced):
        perform(billing.invoice_appointment, made.owner, appointment_id=appointment)


def test_told_again_it_is_invoiced_once() -> None:
    made = practice()
    _, appointment = made.booked(made.client(coins=120))
    made.mark(booking.fulfil, appointment)
    with unit_of_work(system(made.tenant.id), Role.APP) as session:
        checkout_id = session.scalar(select(Checkout.id))
        outbox.emit(session, "checkout.kept", checkout_id=str(checkout_id))
    outbox.drain()
    assert len(documents(made)) == len(payments(made)) == 1


def test_a_code_that_lowered_the_price_lowers_the_invoice() -> None:
    made = practice()
    made.promo("RENTREE", percent=10)
    client = made.client(coins=120)
    checkout_id = made.begin(client, code="RENTREE")
    made.pay(client, checkout_id)
    made.mark(booking.fulfil, UUID(made.read(client, checkout_id).appointment_id))
    assert [(one.total_minor, one.paid_minor) for one in documents(made)] == [(5400, 5400)]


def test_a_fee_for_not_coming_is_no_invoice_of_the_service() -> None:
    made = practice()
    client = made.client(coins=120)
    checkout_id, appointment = made.booked(client)
    with clock.travel(clock.now() + timedelta(days=4)):
        made.mark(booking.mark_no_show, appointment)
    assert made.read(client, checkout_id).kept_minor == 6000, "the fee is all of it here"
    assert documents(made) == []


@pytest.mark.parametrize("lacking", [{"invoice_paid": False}, {}])
def test_who_does_not_want_it_or_may_not_issue_has_none(lacking: dict[str, object]) -> None:
    made = practice(**lacking)
    if not lacking:
        with unit_of_work(system(made.tenant.id), Role.APP) as session:
            session.get_one(type(made.tenant), made.tenant.id).address = ""
    _, appointment = made.booked(made.client(coins=120))
    made.mark(booking.fulfil, appointment)
    assert documents(made) == [], "not even a draft"
    with unit_of_work(system(made.tenant.id), Role.APP) as session:
        assert session.scalar(select(Checkout.state)) == "captured", "the payment does not depend on it"
