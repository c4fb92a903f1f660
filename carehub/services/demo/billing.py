"""The demo's quotes and invoices: every state, in each tenant's currency and language, numbered in the order of their days."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.i18n import translate
from carehub.models.billing import (
    BillingDocument,
    BillingPayment,
    DocumentKind,
    Frequency,
    PaymentMethod,
    RecurringInvoice,
)
from carehub.models.booking import Patient
from carehub.models.tenancy import Tenant
from carehub.services.billing.content import buyer_of, kept_line, note, set_amounts, set_buyer, tenant_of
from carehub.services.billing.documents import begin, copy_content
from carehub.services.billing.forms import LineForm
from carehub.services.billing.issuing import issue_draft
from carehub.services.billing.law import Category
from carehub.services.billing.payments import owed
from carehub.services.billing.quotes import DEPOSIT_LINE, answer_quote
from carehub.services.billing.rules import next_reminder, rounded
from carehub.services.booking.config import to_major
from carehub.services.demo.offer import Shop
from carehub.services.demo.people import Client


@dataclass(frozen=True)
class Books:
    """How a tenant invoices. `rate` in percent; zero: `category` says why."""

    rate: str
    category: Category
    number: str
    vat: str = ""
    iban: str = ""
    bic: str = ""
    notices: str = ""


BOOKS = {
    "cabinet-rivage": Books("0", Category.EXEMPT_CARE, "", iban="FR7630006000011234567890189", bic="AGRIFRPP"),
    "atelier-confluence": Books(
        "20", Category.STANDARD, "73282932000074", "FR44732829320", "FR7630006000011234567890189", "AGRIFRPP"
    ),
    "dar-el-khibra": Books("19", Category.STANDARD, "", "", "TN5910006035183598478831", "BIATTNTT"),
    "clinique-dar-yasmine": Books("0", Category.EXEMPT_CARE, ""),
}
USUAL = Books("5", Category.STANDARD, "")
PLACES = {
    "FR": (("14 rue des Archers", "69002", "Lyon"), ("3 montée Saint-Barthélemy", "69005", "Lyon"), ("27 cours Gambetta", "69003", "Lyon")),
    "MA": (("18 rue Abou Inane", "20250", "Casablanca"), ("5 avenue Hassan II", "20000", "Casablanca")),
    "TN": (("9 rue de Marseille", "1001", "Tunis"), ("22 avenue de la Liberté", "1002", "Tunis")),
    "CA": (("4120 rue Saint-Denis", "H2W 2M5", "Montréal"), ("88 Bernard Avenue West", "H2T 2J9", "Montréal")),
}  # fmt: skip

# days ago, days to pay, share that was paid, how
INVOICES: Sequence[tuple[int, int, int, PaymentMethod]] = (
    (84, 30, 100, PaymentMethod.TRANSFER),
    (70, 30, 100, PaymentMethod.CARD),
    (61, 15, 0, PaymentMethod.CARD),
    (52, 30, 40, PaymentMethod.CASH),
    (40, 30, 100, PaymentMethod.CHEQUE),
    (33, 30, 0, PaymentMethod.CARD),
    (21, 30, 0, PaymentMethod.CARD),
    (14, 30, 100, PaymentMethod.CARD),
    (9, 30, 0, PaymentMethod.CARD),
    (3, 30, 0, PaymentMethod.CARD),
)


def write_billing(session: Session, shop: Shop, rng: random.Random, patients: list[Client]) -> None:
    """In the tenant, as ch_app; after its patients."""
    books = BOOKS.get(shop.data.slug, USUAL)
    _settings(session, shop, books)
    writer = Writer(session, shop, rng, books, patients)
    steps: list[tuple[int, Any]] = [
        (ago, lambda ago=ago, days=days, share=share, how=how: writer.invoice(ago, days, share, how))
        for ago, days, share, how in INVOICES
    ]
    steps += [
        (78, writer.project),
        (45, writer.lapsed),
        (37, writer.credited),
        (26, writer.declined),
        (6, writer.open_quote),
    ]
    for ago, step in sorted(steps, key=lambda one: -one[0]):
        with clock.travel(clock.now() - timedelta(days=ago)):
            step()
    writer.drafts()


def _settings(session: Session, shop: Shop, books: Books) -> None:
    billing = {"vat_rate": books.rate, "payment_days": 30, "iban": books.iban, "bic": books.bic, "further_rates": ""}
    if shop.data.country == "FR" and books.rate != "0":
        billing["further_rates"] = "10; 5.5"
    values = {"billing": billing, "registration_number": books.number, "vat_number": books.vat}
    session.execute(
        update(Tenant).where(col(Tenant.id) == shop.id).values(**values).execution_options(synchronize_session=False)
    )


class Writer:
    """Writes documents of one tenant at the present (travelled) moment."""

    def __init__(self, session: Session, shop: Shop, rng: random.Random, books: Books, patients: list[Client]) -> None:
        self.session, self.shop, self.rng, self.books = session, shop, rng, books
        self.patients = [*patients[:4], *rng.sample(patients[4:], 10)]
        self.turn = 0

    def _patient(self) -> Patient:
        found = self.patients[self.turn % len(self.patients)]
        self.turn += 1
        return self.session.scalars(select(Patient).where(col(Patient.id) == found.id)).one()

    def _draft(self, kind: DocumentKind, services: int = 1) -> BillingDocument:
        made = begin(self.session, self.shop.id, kind, patient=self._patient())
        street, postcode, city = self.rng.choice(PLACES[self.shop.data.country])
        buyer = buyer_of(made).model_copy(update={"address": street, "postcode": postcode, "city": city})
        set_buyer(made, buyer)
        offered = self.rng.sample(self.shop.data.services, min(services, len(self.shop.data.services)))
        made.lines = [kept_line(self._line(one, made.locale), made.currency) for one in offered]
        made.subject = made.lines[0]["description"]
        set_amounts(made)
        return made

    def _line(self, service: Any, locale: str) -> LineForm:
        return LineForm(
            description=service.names.get(locale) or service.name,
            quantity=Decimal(self.rng.choice((1, 1, 2, 3))),
            price=to_major(service.price, self.shop.data.currency),
            rate=Decimal(self.books.rate),
            category=self.books.category,
        )

    def _issue(self, made: BillingDocument) -> BillingDocument:
        issue_draft(self.session, made, None)
        made.sent_at = clock.now()
        note(self.session, made, "sent", None, to=buyer_of(made).email or "")
        return made

    def _pay(self, made: BillingDocument, share: int, how: PaymentMethod, day: date) -> None:
        amount = rounded(Decimal(made.due_minor) * share / 100)
        values: dict[str, Any] = {
            "amount_minor": amount,
            "method": how.value,
            "received_on": day,
            "created_at": clock.now(),
        }
        self.session.add(BillingPayment(tenant_id=made.tenant_id, document_id=made.id, reference="", **values))
        made.paid_minor = amount
        note(self.session, made, "paid", None, amount=amount, method=how.value)
        if owed(made) <= 0:
            made.remind_on = None

    def invoice(self, ago: int, days: int, share: int, how: PaymentMethod) -> None:
        made = self._draft(DocumentKind.INVOICE, self.rng.choice((1, 1, 2)))
        made.days = days
        self._issue(made)
        day = clock.now().date() + timedelta(days=min(ago, 9))
        if share:
            self._pay(made, share, how, day)
        if ago > days + 10 and made.due_on and owed(made) > 0:  # the first reminders have left already
            made.reminded, made.remind_on = 2, next_reminder(made.due_on, 2)
            note(self.session, made, "reminded", None)

    def project(self) -> None:
        """A quote that was accepted, its deposit paid, the rest invoiced."""
        quote = self._draft(DocumentKind.QUOTE, 3)
        quote.deposit = Decimal(30)
        self._issue(quote)
        answer_quote(self.session, quote, None, accepted=True, name=quote.buyer_name, address="203.0.113.24")
        deposit = begin(self.session, self.shop.id, DocumentKind.DEPOSIT)
        copy_content(quote, deposit)
        deposit.source_id, deposit.deposit = quote.id, Decimal(30)
        said = translate(DEPOSIT_LINE, quote.locale, percent="30", number=str(quote.number))
        first = {**quote.lines[0], "description": said, "detail": "", "quantity": "1", "discount": "0"}
        deposit.lines = [{**first, "price": rounded(Decimal(quote.net_minor) * 30 / 100)}]
        set_amounts(deposit)
        self._issue(deposit)
        self._pay(deposit, 100, PaymentMethod.CARD, clock.now().date() + timedelta(days=2))

    def lapsed(self) -> None:
        self._issue(self._draft(DocumentKind.QUOTE, 2))

    def declined(self) -> None:
        quote = self._issue(self._draft(DocumentKind.QUOTE, 1))
        answer_quote(self.session, quote, None, accepted=False, name=quote.buyer_name, address="203.0.113.61")

    def open_quote(self) -> None:
        self.turn = 0  # someone who can sign in finds it
        quote = self._draft(DocumentKind.QUOTE, 2)
        quote.deposit = Decimal(30)
        self._issue(quote)

    def credited(self) -> None:
        invoice = self._issue(self._draft(DocumentKind.INVOICE))
        credit = begin(self.session, self.shop.id, DocumentKind.CREDIT_NOTE)
        copy_content(invoice, credit)
        credit.source_id = invoice.id
        self._issue(credit)

    def drafts(self) -> None:
        """What is still being written, and one invoice that repeats."""
        self._draft(DocumentKind.INVOICE, 2)
        self._draft(DocumentKind.QUOTE, 3)
        model = self._issue(self._draft(DocumentKind.INVOICE))
        today = clock.today(tenant_of(self.session, self.shop.id).time_zone)
        self.session.add(
            RecurringInvoice(
                tenant_id=self.shop.id,
                document_id=model.id,
                every=Frequency.MONTH.value,
                day=min(today.day, 28),
                next_on=today + timedelta(days=31),
            )
        )
        self.session.flush()
