"""From quote to credit note: who accepted, what was deducted, what is owed."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text

from carehub.core import clock
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import Invalid, NotAllowed, NotFound
from carehub.core.roles import Role
from carehub.models.booking import Patient
from carehub.models.tenancy import Tenant
from carehub.services import billing
from carehub.services.billing import errors, links, tokens
from carehub.services.billing.views import DocumentView
from carehub.services.privacy.registry import holdings
from tests import factories as make
from tests.billing.factories import accepted_quote, line, make_draft, make_house, make_issued, pay, row_of

pytestmark = pytest.mark.usefixtures("db")


def read(owner: Actor, document_id: UUID) -> DocumentView:
    return perform(billing.read_document, owner, document_id=document_id)


def token(owner: Actor, document_id: UUID) -> str:
    assert owner.tenant_id is not None
    return tokens.pay_token(owner.tenant_id, document_id)


def test_an_invoice_bears_all_that_the_law_wants() -> None:
    """CD-106, and what stood at its issue stays."""
    owner = make_house()
    document_id = make_issued(owner, line(quantity="2", price="620"), line("Lecture", "40", rate="5.5"))
    found = row_of(owner, document_id)
    assert found.number == f"F-{found.year}-0001"
    assert found.issued_on
    assert found.due_on == found.issued_on + timedelta(days=30)
    assert found.seller["legal_name"] == "Vertige Conseil SARL"
    assert found.seller["iban"].startswith("FR76")
    assert found.buyer_name == "Cabinet Delmas"
    assert (found.net_minor, found.tax_minor, found.total_minor) == (128000, 25020, 153020)


def test_exempt_care_says_why() -> None:
    owner = make_house()
    document_id = make_issued(owner, line(category="exempt_care", rate="0"))
    assert row_of(owner, document_id).mentions == ["Exonéré de TVA, article 261-4-1° du CGI"]


@pytest.mark.parametrize(
    "lines",
    [
        [line(price="abc")],
        [line(price="1.005")],
        [line(rate="0")],
        [line(description="")],
        [line(quantity="100000")],
        [line(discount="101")],
        [line(price="-5")],
        [line(category="made_up")],
    ],
)
def test_wrong_lines_are_refused_at_the_lines_and_nothing_is_kept(lines: list[dict[str, str]]) -> None:
    owner = make_house()
    document_id = make_draft(owner, line(price="50"))
    form = perform(billing.read_draft, owner, document_id=document_id)
    sent = form.model_copy(update={"lines": json.dumps(lines)})
    with pytest.raises(Invalid) as refused:
        perform(billing.save_draft, owner, document_id=document_id, form=sent)
    assert "lines" in refused.value.fields
    assert read(owner, document_id).net == 5000


def test_numbers_are_read_as_people_write_them() -> None:
    owner = make_house()
    document_id = make_draft(owner, line(price="1 150,50", quantity="2,5"))
    assert read(owner, document_id).net == 287625


def test_a_quote_is_accepted_by_its_link_with_name_moment_and_address() -> None:
    """CD-102"""
    owner = make_house()
    document_id = make_issued(owner, kind="quote")
    visitor = Actor(address="203.0.113.7")
    shown = perform(
        links.answer_by_link, visitor, token=token(owner, document_id), accepted=True, name=" Hélène  Delmas "
    )
    assert (shown.status, shown.accepted_by) == ("accepted", "Hélène Delmas")
    found = row_of(owner, document_id)
    assert found.accepted_from == "203.0.113.7"
    assert found.accepted_at is not None
    assert "accepted" in [one.kind for one in read(owner, document_id).events]
    with pytest.raises(errors.QuoteAnswered):
        perform(links.answer_by_link, visitor, token=token(owner, document_id), accepted=False, name="Hélène")


def test_a_quote_that_lapsed_cannot_be_accepted() -> None:
    owner = make_house()
    document_id = make_issued(owner, kind="quote")
    with clock.travel(datetime.now(UTC) + timedelta(days=32)), pytest.raises(errors.QuoteLapsed):
        perform(links.answer_by_link, VISITOR, token=token(owner, document_id), accepted=True, name="Hélène")


def test_a_link_shows_no_draft_and_a_forged_one_nothing() -> None:
    owner = make_house()
    draft = make_draft(owner)
    for sent in (token(owner, draft), token(owner, make_issued(owner))[:-8] + "AAAAAAAA", "x"):
        with pytest.raises(NotFound):
            perform(links.read_by_link, VISITOR, token=sent)


def test_a_deposit_and_the_rest_are_exactly_the_quote() -> None:
    """docs/billing.md, "From a quote to its last invoice"."""
    owner = make_house()
    lines = [
        line("Diagnostic", "950", quantity="2"),
        line("Atelier", "620", quantity="3"),
        line("Suivi", "1150", quantity="6"),
    ]
    lines.append(line("Gabarits", "480"))
    quote = accepted_quote(owner, *lines, discount=Decimal(5), deposit=Decimal(30))
    assert read(owner, quote).total == 1269960
    assert read(owner, quote).deposit == 380988
    deposit = perform(billing.deposit_invoice, owner, document_id=quote, percent=Decimal(30))
    perform(billing.issue, owner, document_id=deposit)
    assert read(owner, deposit).total == 380988
    rest = perform(billing.final_invoice, owner, document_id=quote)
    perform(billing.issue, owner, document_id=rest)
    shown = read(owner, rest)
    assert (shown.total, shown.due, shown.owed) == (1269960, 888972, 888972)
    assert shown.due + read(owner, deposit).due == 1269960
    assert [one.number for one in shown.deducted] == [row_of(owner, deposit).number]
    with pytest.raises(errors.NothingDue):
        perform(billing.final_invoice, owner, document_id=quote)


def test_only_an_accepted_quote_is_invoiced() -> None:
    owner = make_house()
    quote = make_issued(owner, kind="quote")
    with pytest.raises(errors.WrongDocument):
        perform(billing.deposit_invoice, owner, document_id=quote, percent=Decimal(30))


def test_partial_payments_lower_what_is_owed_and_too_much_is_refused() -> None:
    """CD-104, CD-107, CD-108"""
    owner = make_house()
    document_id = make_issued(owner)
    assert pay(owner, document_id, "50") == 7000
    assert read(owner, document_id).status == "partial"
    with pytest.raises(errors.TooMuchReceived):
        pay(owner, document_id, "70.01")
    assert pay(owner, document_id, "70") == 0
    assert read(owner, document_id).status == "paid"
    assert pay(owner, document_id, "-20") == 2000
    assert [one.amount for one in read(owner, document_id).payments] == [5000, 7000, -2000]


def test_a_payment_of_tomorrow_is_refused() -> None:
    owner = make_house()
    document_id = make_issued(owner)
    form = perform(billing.payment_form, owner, document_id=document_id)
    late = form.model_copy(update={"received_on": date.today() + timedelta(days=2)})
    with pytest.raises(errors.InFuture):
        perform(billing.record_payment, owner, document_id=document_id, form=late)


def test_a_credit_note_takes_back_at_most_what_was_invoiced() -> None:
    owner = make_house()
    invoice = make_issued(owner)
    credit = perform(billing.credit_note, owner, document_id=invoice)
    perform(billing.issue, owner, document_id=credit)
    assert read(owner, invoice).status == "credited"
    assert row_of(owner, credit).number == f"A-{row_of(owner, credit).year}-0001"
    with pytest.raises(errors.NothingDue):
        perform(billing.credit_note, owner, document_id=invoice)


def test_two_credit_notes_cannot_take_back_more_than_the_invoice() -> None:
    owner = make_house()
    invoice = make_issued(owner)
    both = [perform(billing.credit_note, owner, document_id=invoice) for _ in range(2)]
    perform(billing.issue, owner, document_id=both[0])
    with pytest.raises(errors.TooMuchCredited):
        perform(billing.issue, owner, document_id=both[1])
    assert row_of(owner, both[1]).number is None


def test_an_issued_document_is_neither_written_nor_thrown_away() -> None:
    owner = make_house()
    document_id = make_issued(owner)
    for verb in (billing.read_draft, billing.discard):
        with pytest.raises(errors.Issued):
            perform(verb, owner, document_id=document_id)


def test_a_draft_is_thrown_away_with_its_history() -> None:
    owner = make_house()
    document_id = make_draft(owner)
    perform(billing.discard, owner, document_id=document_id)
    with pytest.raises(NotFound):
        read(owner, document_id)


def test_an_appointment_is_invoiced_once_at_its_own_price() -> None:
    """CD-099: what was agreed on stays the total, tax included."""
    owner = make_house(kind="coaching_firm")
    booked = _booked(owner)
    document_id = perform(billing.invoice_appointment, owner, appointment_id=booked)
    assert perform(billing.invoice_appointment, owner, appointment_id=booked) == document_id
    shown = read(owner, document_id)
    assert (shown.total, shown.net, shown.tax) == (6200, 5167, 1033)
    perform(billing.issue, owner, document_id=document_id)
    with pytest.raises(errors.AlreadyInvoiced):
        perform(billing.invoice_appointment, owner, appointment_id=booked)


def _booked(owner: Actor) -> UUID:
    with unit_of_work(owner, Role.APP) as session:
        tenant = session.get_one(Tenant, owner.tenant_id)
    practitioner = make.make_practitioner(tenant)
    service = make.make_service(tenant, practitioner)
    make.make_hours(practitioner)
    return UUID(make.book(VISITOR, tenant, practitioner, service).appointment.id)


def test_a_practitioner_sees_no_invoice() -> None:
    owner = make_house()
    document_id = make_issued(owner)
    other = Actor(person_id=owner.person_id, tenant_id=owner.tenant_id, role="practitioner", modules=owner.modules)
    with pytest.raises(NotAllowed):
        read(other, document_id)


def test_erasing_a_person_throws_drafts_away_and_unties_what_the_law_keeps() -> None:
    owner = make_house()
    patient = _patient(owner)
    draft = perform(billing.new_document, owner, kind="invoice", patient_id=patient)
    issued = perform(billing.new_document, owner, kind="invoice", patient_id=patient)
    form = perform(billing.read_draft, owner, document_id=issued)
    kept = form.model_copy(update={"lines": json.dumps([line()])})
    perform(billing.save_draft, owner, document_id=issued, form=kept)
    perform(billing.issue, owner, document_id=issued)
    with unit_of_work(owner, Role.APP) as session:
        for one in sorted((one for one in holdings() if one.table == "billing_document"), key=lambda one: one.order):
            told = {"patients": [patient], "person": None}
            what = (
                "DELETE FROM billing_document t"
                if one.blank is None
                else "UPDATE billing_document t SET patient_id = NULL"
            )
            session.execute(text(f"{what} WHERE {one.whose}"), told)
    with pytest.raises(NotFound):
        read(owner, draft)
    assert row_of(owner, issued).patient_id is None
    assert row_of(owner, issued).buyer_name == "Sofia Haddad"


def _patient(owner: Actor) -> UUID:
    assert owner.tenant_id is not None
    patient = Patient(tenant_id=owner.tenant_id, given_name="Sofia", family_name="Haddad")
    make.save(owner.tenant_id, patient)
    return patient.id
