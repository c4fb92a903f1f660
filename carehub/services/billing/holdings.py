"""What billing holds of a person. The law keeps what was issued; once the person is gone it is tied to no account."""

from carehub.core.holdings import OF_PATIENT, OF_PERSON, Holding, holds, holds_nobody
from carehub.core.i18n import N_

_OF = (
    "t.document_id IN (SELECT d.id FROM billing_document d WHERE d.tenant_id = t.tenant_id"
    " AND (d.patient_id = ANY(cast(:patients AS uuid[])) OR d.person_id = cast(:person AS uuid)))"
)
_KEPT = N_("Accounting law keeps invoices for ten years; no account is tied to them any more")

_THEIRS = f"({OF_PATIENT} OR {OF_PERSON})"

holds(
    Holding(
        "billing_document",
        N_("Drafts of quotes and invoices"),
        f"{_THEIRS} AND t.state = 'draft' AND NOT EXISTS (SELECT FROM recurring_invoice r"
        " WHERE r.tenant_id = t.tenant_id AND r.document_id = t.id)",
        shown={"kind": "t.kind", "subject": "t.subject", "at": "t.created_at"},
        order=-12,
    ),
    Holding(
        "billing_document",
        N_("Quotes and invoices"),
        _THEIRS,
        shown={
            "kind": "t.kind",
            "number": "t.number",
            "day": "t.issued_on",
            "subject": "t.subject",
            "buyer": "t.buyer",
            "amount": "t.total_minor",
            "currency": "t.currency",
            "at": "t.created_at",
        },
        sealed={"buyer": "billing_document.buyer"},
        blank={"patient_id": "NULL", "person_id": "NULL", "appointment_id": "NULL"},
        order=-10,
    ),
    Holding(
        "billing_payment",
        N_("What you paid"),
        _OF,
        shown={"amount": "t.amount_minor", "method": "t.method", "day": "t.received_on"},
        kept=_KEPT,
        order=-11,
    ),
    Holding(
        "billing_event",
        N_("What happened to your invoices"),
        _OF,
        shown={"at": "t.at", "kind": "t.kind"},
        kept=_KEPT,
        order=-11,
    ),
)
holds_nobody(
    billing_paper="the bytes of a document, which is declared itself",
    recurring_invoice="names a document, which is declared itself",
)
