"""What a person still has to pay, at home (DI-110, DI-120)."""

import json
from datetime import timedelta

from carehub.core import clock
from carehub.core.db import perform
from carehub.models.booking import Patient
from carehub.services import billing, checkout
from tests import factories as make
from tests.billing import factories as bills
from tests.checkout.factories import make_paid_practice


def test_an_unfinished_booking_waits_until_it_is_paid_or_over(worker_database: str, broker: str) -> None:
    place = make_paid_practice()
    person = place.client(coins=500)
    me = make.person_actor(person)
    assert perform(checkout.my_pending, me) == []
    begun = place.begin(person)
    [one] = perform(checkout.my_pending, me)
    assert (one.kind, one.href, one.tenant) == ("checkout", f"/me/checkout/{begun}", place.tenant.name)
    with clock.travel(clock.now() + timedelta(hours=1)):
        assert perform(checkout.my_pending, me) == []
    place.pay(person, begun)
    assert perform(checkout.my_pending, me) == []
    assert perform(checkout.my_pending, make.person_actor(place.client())) == []


def test_an_invoice_waits_with_what_is_left_of_it_and_says_when_it_is_late(worker_database: str) -> None:
    owner = bills.make_house()
    assert owner.tenant_id is not None
    person = make.make_person()
    patient = Patient(tenant_id=owner.tenant_id, person_id=person.id, given_name="Amine", family_name="Trabelsi")
    make.save(owner.tenant_id, patient)
    document_id = perform(billing.new_document, owner, kind="invoice", patient_id=patient.id)
    form = perform(billing.read_draft, owner, document_id=document_id)
    filled = {**form.model_dump(), "buyer": bills.BUYER, "lines": json.dumps([bills.line()])}
    perform(billing.save_draft, owner, document_id=document_id, form=type(form).model_validate(filled))
    me = make.person_actor(person)
    assert perform(checkout.my_pending, me) == []
    perform(billing.issue, owner, document_id=document_id)
    bills.pay(owner, document_id, "20")
    [one] = perform(checkout.my_pending, me)
    assert (one.kind, one.owed, one.late, one.href[:9]) == ("invoice", 10_000, False, "/invoice/")
    with clock.travel(clock.now() + timedelta(days=60)):
        assert perform(checkout.my_pending, me)[0].late
    bills.pay(owner, document_id, "100")
    assert perform(checkout.my_pending, me) == []
