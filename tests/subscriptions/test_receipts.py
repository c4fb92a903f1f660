"""Receipts on paper and words by mail."""

import io
from dataclasses import replace
from uuid import UUID

import pypdf
import pytest
from sqlalchemy import select

from carehub.core.actor import system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotFound
from carehub.core.roles import Role
from carehub.integrations.stripe_sink.server import Sink
from carehub.models.notify import Delivery
from carehub.services import subscriptions
from carehub.services.subscriptions.telling import plan_mail
from tests.subscriptions.factories import CLINIC, PROFESSIONAL, Desk, make_desk
from tests.subscriptions.test_dunning import past_due


def paid(desk: Desk) -> UUID:
    desk.start(PROFESSIONAL)
    desk.advance(days=14, minutes=1)
    subscriptions.settle(desk.tenant_id)
    return UUID(desk.page().invoices[0].id)


def said(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("locale", "wanted"),
    [
        ("en", ("Receipt", "Professional", "MAD499.00", "Paid by card", "Cabinet Anfa", "CareHub")),
        ("fr", ("Reçu", "499,00 MAD", "Payé par carte", "Cabinet Anfa")),
    ],
)
def test_a_receipt_says_who_paid_what_and_when(desk: Desk, locale: str, wanted: tuple[str, ...]) -> None:
    invoice_id = paid(desk)
    content = perform(subscriptions.plan_receipt, replace(desk.owner, locale=locale), invoice_id=invoice_id)
    text = said(content)
    for one in wanted:
        assert one in text
    assert content == perform(subscriptions.plan_receipt, replace(desk.owner, locale=locale), invoice_id=invoice_id)


def test_an_arabic_receipt_is_drawn(desk: Desk) -> None:
    content = perform(subscriptions.plan_receipt, replace(desk.owner, locale="ar"), invoice_id=paid(desk))
    assert content.startswith(b"%PDF")


def test_parts_of_a_month_and_credit_are_named(desk: Desk) -> None:
    desk.start(CLINIC)
    desk.advance(days=14, minutes=1)
    subscriptions.settle(desk.tenant_id)
    desk.advance(days=10)
    desk.change(PROFESSIONAL)
    text = said(perform(subscriptions.plan_receipt, desk.owner, invoice_id=UUID(desk.page().invoices[0].id)))
    assert "Part of a month: credit of what was paid" in text
    assert "Credited to the next invoices" in text


def test_nobody_reads_anothers_receipt(sink: Sink, desk: Desk) -> None:
    invoice_id = paid(desk)
    other = make_desk(sink)
    with pytest.raises(NotFound):
        perform(subscriptions.plan_receipt, other.owner, invoice_id=invoice_id)


@pytest.mark.parametrize(("locale", "wanted"), [("en", "Pay now"), ("fr", "Payer maintenant"), ("ar", "ادفع الآن")])
def test_the_mail_says_until_when_and_leads_to_the_plan(desk: Desk, locale: str, wanted: str) -> None:
    past_due(desk)
    with unit_of_work(system(desk.tenant_id), Role.APP) as session:
        rows = session.scalars(
            select(Delivery).where(Delivery.event == "plan.unpaid", Delivery.channel == "email")
        ).all()  # type: ignore[arg-type]
        row = next(one for one in rows if one.context["which"] == "failed")
        row.locale = locale
        mail = plan_mail(session, row, "owner@example.com")
        session.rollback()
    assert mail is not None
    assert wanted in mail.text
    assert f"/w/{desk.owner.tenant}/settings/plan" in mail.text
    assert "{" not in mail.subject + mail.text
