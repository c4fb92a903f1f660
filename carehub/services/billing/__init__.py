"""Quotes, invoices, credit notes: written, issued, sent, paid (CD-071..077, CD-094..112)."""

from carehub.services.billing.appointments import invoice_appointment
from carehub.services.billing.documents import (
    MANAGE,
    READ,
    TOPIC,
    choose_patient,
    copy_document,
    discard,
    new_document,
    rates,
    read_draft,
    save_draft,
)
from carehub.services.billing.forms import DocumentForm, PaymentForm, RecurringForm
from carehub.services.billing.issuing import issue
from carehub.services.billing.links import answer_by_link, read_by_link
from carehub.services.billing.payments import payment_form, record_payment
from carehub.services.billing.quotes import credit_note, deposit_invoice, final_invoice, mark_answered
from carehub.services.billing.reading import read_document
from carehub.services.billing.views import DocumentView

__all__ = [
    "MANAGE",
    "READ",
    "TOPIC",
    "DocumentForm",
    "DocumentView",
    "PaymentForm",
    "RecurringForm",
    "answer_by_link",
    "choose_patient",
    "copy_document",
    "credit_note",
    "deposit_invoice",
    "discard",
    "final_invoice",
    "invoice_appointment",
    "issue",
    "mark_answered",
    "new_document",
    "payment_form",
    "rates",
    "read_by_link",
    "read_document",
    "read_draft",
    "record_payment",
    "save_draft",
]
