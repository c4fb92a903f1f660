"""The lists of quotes and of invoices. What is overdue or lapsed follows from the day of reading, where the
organisation is."""

from typing import Any

from sqlalchemy import Select, case, func
from sqlmodel import col

from carehub.core.i18n import N_
from carehub.models.billing import BillingDocument, DocumentKind
from carehub.services.billing.documents import READ
from carehub.services.billing.paper import TITLES
from carehub.services.listing import Column, Filter, ListSpec, list_verb
from carehub.services.listing.days import today
from carehub.services.listing.spec import Tone

STATUS_LABELS = {
    "draft": N_("Draft"),
    "sent": N_("Sent"),
    "partial": N_("Paid in part"),
    "paid": N_("Paid"),
    "overdue": N_("Overdue"),
    "credited": N_("Credited"),
    "accepted": N_("Accepted"),
    "declined": N_("Declined"),
    "lapsed": N_("Lapsed"),
}
STATUS_TONES: dict[str, Tone] = {
    "sent": "info",
    "partial": "warn",
    "paid": "ok",
    "overdue": "bad",
    "credited": "out",
    "accepted": "ok",
    "declined": "out",
    "lapsed": "warn",
}
INVOICE_STATUSES = ("draft", "sent", "partial", "paid", "overdue", "credited")
QUOTE_STATUSES = ("draft", "sent", "accepted", "declined", "lapsed")

_d = BillingDocument
_today = today()
_late = col(_d.due_on) < _today
_settled = col(_d.paid_minor) + col(_d.credited_minor) >= col(_d.due_minor)
_status: Any = case(
    (col(_d.state) != "issued", col(_d.state)),
    ((col(_d.kind) == "quote") & _late, "lapsed"),
    (col(_d.kind).in_(["quote", "credit_note"]), "sent"),
    ((col(_d.due_minor) > 0) & (col(_d.credited_minor) >= col(_d.due_minor)), "credited"),
    (_settled, "paid"),
    (_late, "overdue"),
    (col(_d.paid_minor) > 0, "partial"),
    else_="sent",
)
_owed: Any = case(
    ((col(_d.kind) == "credit_note") | (col(_d.state) == "draft"), 0),
    else_=func.greatest(col(_d.due_minor) - col(_d.paid_minor) - col(_d.credited_minor), 0),
)
_number = func.coalesce(col(_d.number), "–")


def _of(*kinds: DocumentKind) -> Any:
    def narrow(statement: Select[Any]) -> Select[Any]:
        return statement.where(col(_d.kind).in_([one.value for one in kinds]))

    return narrow


def _statuses(names: tuple[str, ...]) -> Filter:
    return Filter(N_("State"), {name: STATUS_LABELS[name] for name in names}, where=lambda value: _status == value)


KIND_LABELS = {one.value: TITLES[one] for one in (DocumentKind.INVOICE, DocumentKind.DEPOSIT, DocumentKind.CREDIT_NOTE)}
_COLUMNS = {
    "buyer": Column(N_("Name"), col(_d.buyer_name), "person", second=col(_d.subject)),
    "number": Column(N_("Number"), _number),
    "status": Column(N_("State"), _status, "badge", labels=STATUS_LABELS, tones=STATUS_TONES),
    "issued_on": Column(N_("Issued"), col(_d.issued_on), "date", on_phone=False),
}
_AMOUNT = Column(N_("Amount"), col(_d.due_minor), "money", second=col(_d.currency), second_label=N_("Currency"))

INVOICES = ListSpec(
    name="invoices",
    title=N_("Invoices"),
    permission=READ,
    key=col(_d.id),
    columns={
        **_COLUMNS,
        "due_on": Column(N_("Due"), col(_d.due_on), "date", on_phone=False),
        "amount": _AMOUNT,
        "owed": Column(N_("Still owed"), _owed, "money", second=col(_d.currency), on_phone=False),
        "kind": Column(N_("Kind"), col(_d.kind), "badge", labels=KIND_LABELS, at_first=False),
        "created": Column(N_("Begun"), col(_d.created_at), "datetime", at_first=False),
    },
    search=(col(_d.buyer_name), col(_d.number), col(_d.subject)),
    sort="-created",
    filters={
        "status": _statuses(INVOICE_STATUSES),
        "kind": Filter(
            N_("Kind"),
            KIND_LABELS,
            col(_d.kind),
        ),
    },
    link="/w/{tenant}/invoices/{id}",
    base=_of(DocumentKind.INVOICE, DocumentKind.DEPOSIT, DocumentKind.CREDIT_NOTE),
    search_label=N_("Find an invoice"),
    by_day=True,
    empty=N_("Write an invoice, or make one of an appointment or an accepted quote."),
)
list_invoices = list_verb(INVOICES)

QUOTES = ListSpec(
    name="quotes",
    title=N_("Quotes"),
    permission=READ,
    key=col(_d.id),
    columns={
        **_COLUMNS,
        "due_on": Column(N_("Valid until"), col(_d.due_on), "date", on_phone=False),
        "amount": _AMOUNT,
        "created": Column(N_("Begun"), col(_d.created_at), "datetime", at_first=False),
    },
    search=(col(_d.buyer_name), col(_d.number), col(_d.subject)),
    sort="-created",
    filters={"status": _statuses(QUOTE_STATUSES)},
    link="/w/{tenant}/invoices/{id}",
    base=_of(DocumentKind.QUOTE),
    search_label=N_("Find a quote"),
    by_day=True,
    empty=N_("Write a quote: your client accepts it online, and its invoices are made of it."),
)
list_quotes = list_verb(QUOTES)
