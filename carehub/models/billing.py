"""Quotes, invoices and credit notes of a tenant, what was received for them, what happened to them. CD-071..077, CD-094..112."""

import enum
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from carehub.core.rls import PERSON, Access, booking, platform, staff, worker
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, sealed, within_tenant, words


class DocumentKind(enum.StrEnum):
    QUOTE = "quote"
    DEPOSIT = "deposit"  # an invoice of a part, before the work
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class DocumentState(enum.StrEnum):
    """What somebody decided. Sent, paid and overdue follow from moments and amounts (`services/billing/rules.py`)."""

    DRAFT = "draft"
    ISSUED = "issued"
    ACCEPTED = "accepted"  # a quote
    DECLINED = "declined"


class PaymentMethod(enum.StrEnum):
    CARD = "card"
    TRANSFER = "transfer"
    CASH = "cash"
    CHEQUE = "cheque"
    COINS = "coins"


class Frequency(enum.StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_COUNTED = "SELECT (tenant_id, id, kind, state, number, issued_on, due_on, currency, total_minor, due_minor, paid_minor, created_at)"


class BillingDocument(TenantOwned, table=True):
    """One document. Once issued nothing of its content changes and it is never deleted: a trigger keeps it.

    Amounts in minor units of `currency`. `lines` and `taxes` are as `services/billing/views.py` reads them; `seller`, `terms`,
    `mentions` and `buyer` are what stood at the moment of issue. `due_minor` is what is asked: the total less `deducted`.
    """

    __tablename__ = "billing_document"
    __table_args__ = (
        one_of("kind", DocumentKind),
        one_of("state", DocumentState),
        UniqueConstraint("tenant_id", "series", "year", "seq"),
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint("(state = 'draft') = (number IS NULL)", name="numbered"),
        CheckConstraint("(number IS NULL) = (issued_on IS NULL)", name="dated"),
        CheckConstraint("paid_minor >= 0 AND credited_minor >= 0", name="received"),
        within_tenant("patient_id", "patient"),
        within_tenant("appointment_id", "appointment"),
        within_tenant("source_id", "billing_document"),
        Index("billing_document_latest", "tenant_id", "kind", "created_at"),
        Index("billing_document_of_patient", "tenant_id", "patient_id"),
        Index("billing_document_of_source", "tenant_id", "source_id"),
        Index("billing_document_of_person", "person_id", "issued_on"),
        Index(
            "billing_document_of_appointment",
            *("tenant_id", "appointment_id"),
            unique=True,
            postgresql_where=text("appointment_id IS NOT NULL AND kind = 'invoice'"),
        ),
        Index("billing_document_reminders", "remind_on", postgresql_where=text("remind_on IS NOT NULL")),
        access(
            staff(),
            Access("ch_me", "SELECT", f"person_id = {PERSON} AND state <> 'draft'"),
            booking("SELECT, UPDATE (state, accepted_at, accepted_by, accepted_from, remind_on)"),
            worker("SELECT (tenant_id, id, remind_on)"),
            platform(_COUNTED),
            audited=("buyer", "buyer_name", "seller", "subject", "note", "lines", "accepted_by", "accepted_from"),
        ),
    )

    kind: str = Field(sa_type=Text)
    state: str = Field(default=DocumentState.DRAFT, sa_type=Text)
    series: str = words()
    year: int | None = None
    seq: int | None = None
    number: str | None = Field(default=None, sa_type=Text)
    patient_id: UUID | None = None
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    appointment_id: UUID | None = None
    source_id: UUID | None = None  # the quote of an invoice, the invoice of a credit note
    buyer_name: str = words()
    buyer: bytes | None = sealed("billing_document.buyer", optional=True)
    seller: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    locale: str = Field(default="fr", sa_type=Text)
    currency: str = Field(sa_type=Text)
    subject: str = words()
    note: str = words()
    lines: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    with_tax: bool = False  # the lines' prices contain the tax
    discount: Decimal = Field(default=Decimal(0), sa_type=Numeric(5, 2))  # percent of the whole
    deposit: Decimal = Field(default=Decimal(0), sa_type=Numeric(5, 2))  # of a quote: percent asked at acceptance
    days: int = 30  # until a quote lapses or an invoice is due
    issued_on: date | None = None
    supplied_on: date | None = None
    due_on: date | None = None  # of a quote: the last day on which it can be accepted
    taxes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    deducted: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)  # deposits that were invoiced before
    net_minor: int = Field(default=0, sa_type=BigInteger)
    tax_minor: int = Field(default=0, sa_type=BigInteger)
    total_minor: int = Field(default=0, sa_type=BigInteger)
    due_minor: int = Field(default=0, sa_type=BigInteger)
    paid_minor: int = Field(default=0, sa_type=BigInteger)
    credited_minor: int = Field(default=0, sa_type=BigInteger)
    terms: str = words()
    mentions: list[str] = Field(default_factory=list, sa_type=JSONB)
    sent_at: Moment | None = moment(optional=True)
    reminded: int = 0
    remind_on: date | None = None
    accepted_at: Moment | None = moment(optional=True)
    accepted_by: str = words()
    accepted_from: str = words()  # the address on the network
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: Moment = moment()


class BillingPaper(TenantOwned, table=True):
    """The PDF of an issued document as it was drawn, once: its bytes lie sealed in the storage under `key`. Never changed."""

    __tablename__ = "billing_paper"
    __table_args__ = (
        within_tenant("document_id", "billing_document"),
        UniqueConstraint("tenant_id", "document_id"),
        access(
            staff("SELECT, INSERT"),
            booking("SELECT, INSERT"),
            platform("SELECT (tenant_id, id, document_id, size, made_at)"),
        ),
    )

    document_id: UUID
    key: str = Field(sa_type=Text)
    content_key: bytes = sealed("billing_paper.content_key")
    sha256: str = Field(sa_type=Text)  # of the PDF itself, in hexadecimal
    size: int
    made_at: Moment = moment()


class BillingCounter(TenantOwned, table=True):
    """The last number of a series in a year. Its row is locked while a document is issued: numbers have no gaps (CD-100)."""

    __tablename__ = "billing_counter"
    __table_args__ = (
        UniqueConstraint("tenant_id", "series", "year"),
        access(staff("SELECT, INSERT, UPDATE"), platform("SELECT (tenant_id, id)")),
    )

    series: str = Field(sa_type=Text)
    year: int
    last: int


class BillingPayment(TenantOwned, table=True):
    """What was received for an invoice; negative: given back. Never changed: a mistake is put right by its opposite (CD-108)."""

    __tablename__ = "billing_payment"
    __table_args__ = (
        within_tenant("document_id", "billing_document"),
        one_of("method", PaymentMethod),
        CheckConstraint("amount_minor <> 0", name="amount"),
        UniqueConstraint("tenant_id", "key"),
        Index("billing_payment_of_document", "tenant_id", "document_id"),
        Index("billing_payment_by_day", "tenant_id", "received_on"),
        access(
            staff("SELECT, INSERT"),
            booking("SELECT"),
            platform("SELECT (tenant_id, id, document_id, amount_minor, method, received_on)"),
        ),
    )

    document_id: UUID
    amount_minor: int = Field(sa_type=BigInteger)
    method: str = Field(sa_type=Text)
    received_on: date
    reference: str = words()
    key: str | None = Field(default=None, sa_type=Text)  # of a payment by card: what makes it count once
    recorded_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: Moment = moment()


class BillingEvent(TenantOwned, table=True):
    """What happened to a document, who did it and from where (CD-077). Only added to."""

    __tablename__ = "billing_event"
    __table_args__ = (
        within_tenant("document_id", "billing_document", ondelete="CASCADE"),
        Index("billing_event_of_document", "tenant_id", "document_id", "at"),
        access(
            staff("SELECT, INSERT"),
            booking("SELECT, INSERT"),
            platform("SELECT (tenant_id, id, document_id, kind, at)"),
        ),
    )

    document_id: UUID
    kind: str = Field(sa_type=Text)
    at: Moment = moment()
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    name: str = words()
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


class RecurringInvoice(TenantOwned, table=True):
    """An invoice that is made again and again from `document_id`, a document that stays a draft or was issued."""

    __tablename__ = "recurring_invoice"
    __table_args__ = (
        within_tenant("document_id", "billing_document"),
        one_of("every", Frequency),
        Index("recurring_invoice_due", "next_on", postgresql_where=text("active")),
        access(
            staff(),
            worker("SELECT (tenant_id, id, next_on, active)"),
            platform("SELECT (tenant_id, id, every, next_on, active)"),
            audited=(),
        ),
    )

    document_id: UUID
    every: str = Field(sa_type=Text)
    day: int  # of the month, 1 to 31; the last one where a month is shorter
    next_on: date
    until: date | None = None
    send: bool = True  # issue and send it; otherwise it waits as a draft
    active: bool = True
    made: int = 0
    created_at: Moment = moment()
