"""What is owed and since when, what was received each month (CD-110), and the books for the accountant: CSV and FEC."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.i18n import N_, translate
from carehub.core.money import digits
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument, BillingPayment, DocumentKind
from carehub.services.billing.content import tenant_of
from carehub.services.billing.documents import READ
from carehub.services.billing.errors import PeriodTooLong
from carehub.services.billing.paper import TITLES

AGES = (0, 30, 60, 90)  # days after the due day at which a class begins; before the first: not due yet
MONTHS = 12
MOST_DAYS = 732


@dataclass(frozen=True)
class Age:
    """What is owed of one age class: `days` late or more; -1: not due yet."""

    days: int
    count: int
    owed: int


@dataclass(frozen=True)
class Month:
    """`month` as 2026-11; amounts in minor units."""

    month: str
    invoiced: int
    received: int


@dataclass(frozen=True)
class Treasury:
    """`first` and `today`: the days of the year so far."""

    first: str = ""
    today: str = ""
    currency: str = ""
    owed: int = 0
    overdue: int = 0
    received: int = 0
    invoiced: int = 0
    ages: list[Age] = field(default_factory=list)
    months: list[Month] = field(default_factory=list)


_OWED = text("""
    SELECT due_on, due_minor - paid_minor - credited_minor AS owed FROM billing_document
    WHERE kind IN ('invoice', 'deposit') AND state = 'issued' AND currency = :currency
      AND due_minor > paid_minor + credited_minor""")


@verb(READ)
def treasury(session: Session, actor: Actor) -> Treasury:
    """Of the tenant's currency, as of today: receivables by age, the last twelve months."""
    assert actor.tenant_id is not None
    tenant = tenant_of(session, actor.tenant_id)
    today = clock.today(tenant.time_zone)
    ages: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for row in session.execute(_OWED, {"currency": tenant.currency}):
        found = ages[_age((today - row.due_on).days)]
        found[0], found[1] = found[0] + 1, found[1] + row.owed
    months = _months(session, tenant.currency, today)
    return Treasury(
        first=today.replace(month=1, day=1).isoformat(),
        today=today.isoformat(),
        currency=tenant.currency,
        owed=sum(one[1] for one in ages.values()),
        overdue=sum(one[1] for days, one in ages.items() if days >= 0),
        received=months[-1].received,
        invoiced=months[-1].invoiced,
        ages=[Age(days, *ages[days]) for days in (-1, *AGES)],
        months=months,
    )


def _age(late: int) -> int:
    return max((days for days in AGES if days < late), default=-1)


def _months(session: Session, currency: str, today: date) -> list[Month]:
    names = [_month_before(today, back) for back in range(MONTHS - 1, -1, -1)]
    d, p = BillingDocument, BillingPayment
    since = date.fromisoformat(f"{names[0]}-01")
    month = func.to_char(col(d.issued_on), "YYYY-MM")
    rows = session.execute(
        select(month, col(d.kind), func.sum(col(d.due_minor)))
        .where(col(d.issued_on) >= since, col(d.currency) == currency, col(d.kind) != DocumentKind.QUOTE)
        .group_by(month, col(d.kind))
    )
    invoiced: dict[str, int] = defaultdict(int)
    for name, kind, amount in rows:
        invoiced[name] += int(amount) * (-1 if kind == DocumentKind.CREDIT_NOTE else 1)
    day = func.to_char(col(p.received_on), "YYYY-MM")
    received: dict[str, int] = {
        name: int(amount)
        for name, amount in session.execute(
            select(day, func.sum(col(p.amount_minor)))
            .join(d, (col(d.tenant_id) == col(p.tenant_id)) & (col(d.id) == col(p.document_id)))
            .where(col(p.received_on) >= since, col(d.currency) == currency)
            .group_by(day)
        )
    }
    return [Month(name, invoiced[name], received.get(name, 0)) for name in names]


def _month_before(day: date, back: int) -> str:
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return f"{year}-{month + 1:02d}"


@dataclass(frozen=True)
class BookFile:
    name: str
    content: bytes
    content_type: str


def _period(first: date, last: date) -> None:
    if not timedelta(0) <= last - first <= timedelta(days=MOST_DAYS):
        raise PeriodTooLong(field="last")


def _documents(session: Session, first: date, last: date) -> Iterator[BillingDocument]:
    d = BillingDocument
    query = select(d).where(col(d.issued_on).between(first, last), col(d.kind) != DocumentKind.QUOTE)
    yield from session.scalars(query.order_by(col(d.issued_on), col(d.series), col(d.seq)))


def _received(session: Session, first: date, last: date) -> list[tuple[BillingPayment, BillingDocument]]:
    p, d = BillingPayment, BillingDocument
    rows = session.execute(
        select(p, d)
        .join(d, (col(d.tenant_id) == col(p.tenant_id)) & (col(d.id) == col(p.document_id)))
        .where(col(p.received_on).between(first, last))
        .order_by(col(p.received_on), col(p.id))
    )
    return [(payment, document) for payment, document in rows]


def _major(minor: int, currency: str) -> str:
    return f"{Decimal(minor).scaleb(-digits(currency)):f}"


@verb(READ)
def books_csv(session: Session, actor: Actor, *, first: date, last: date) -> BookFile:
    """Every issued document of the period, one line each. Raises PeriodTooLong."""
    _period(first, last)
    made = io.StringIO()
    out = csv.writer(made, delimiter=";")
    heads = (
        "Day",
        "Number",
        "Kind",
        "Name",
        "Total excl. tax",
        "VAT",
        "Total incl. tax",
        "Deducted",
        "Amount due",
        "Paid",
        "Currency",
    )
    out.writerow([translate(one, actor.locale) for one in heads])
    for one in _documents(session, first, last):
        sign = -1 if one.kind == DocumentKind.CREDIT_NOTE else 1
        amounts = (one.net_minor, one.tax_minor, one.total_minor, one.total_minor - one.due_minor, one.due_minor)
        shown = [_major(sign * amount, one.currency) for amount in amounts]
        title = translate(TITLES[DocumentKind(one.kind)], actor.locale)
        paid = _major(one.paid_minor, one.currency)
        out.writerow([one.issued_on, one.number, title, _safe(one.buyer_name), *shown, paid, one.currency])
    return BookFile(f"invoices-{first}-{last}.csv", made.getvalue().encode("utf-8-sig"), "text/csv")


HEADS = (N_("Day"), N_("Number"), N_("Kind"), N_("Name"), N_("Deducted"), N_("Amount due"), N_("Paid"), N_("Currency"))


def _safe(name: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{name}" if name[:1] in ("=", "+", "-", "@") else name


FEC = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib"),
    *(
        "PieceRef",
        "PieceDate",
        "EcritureLib",
        "Debit",
        "Credit",
        "EcritureLet",
        "DateLet",
        "ValidDate",
        "Montantdevise",
    ),
    "Idevise",
)
CLIENTS = ("411000", "Clients")
SALES = ("706000", "Prestations de services")
TAX = ("445710", "TVA collectée")
DEPOSITS = ("419100", "Clients - avances et acomptes reçus")
MONEY = {
    "card": ("511500", "Cartes à encaisser", "BQ"),
    "transfer": ("512000", "Banque", "BQ"),
    "cheque": ("511200", "Chèques à encaisser", "BQ"),
    "cash": ("530000", "Caisse", "CA"),
    "coins": ("467000", "Autres comptes débiteurs ou créditeurs", "OD"),
}
JOURNALS = {"VE": "Ventes", "BQ": "Banque", "CA": "Caisse", "OD": "Opérations diverses"}


@dataclass(frozen=True)
class Leg:
    """One line of an entry; `amount` in minor units, a debit above zero."""

    account: tuple[str, str]
    amount: int


def legs_of(document: BillingDocument) -> list[Leg]:
    """A document as an entry that sums to zero: what the client owes, what was earned or advanced, the tax."""
    sign = -1 if document.kind == DocumentKind.CREDIT_NOTE else 1
    earned = DEPOSITS if document.kind == DocumentKind.DEPOSIT else SALES
    before = sum(int(one["net"]) for one in document.deducted)
    taxed = sum(int(one["tax"]) for one in document.deducted)
    legs = [
        Leg(CLIENTS, sign * document.due_minor),
        Leg(DEPOSITS, sign * before),
        Leg(earned, -sign * document.net_minor),
        Leg(TAX, -sign * (document.tax_minor - taxed)),
    ]
    return [one for one in legs if one.amount]


@verb(READ)
def books_fec(session: Session, actor: Actor, *, first: date, last: date) -> BookFile:
    """The period's entries as the French tax office reads them (art. A47 A-1 of the LPF): 18 columns, every entry balanced.

    Raises PeriodTooLong.
    """
    _period(first, last)
    assert actor.tenant_id is not None
    siren = tenant_of(session, actor.tenant_id).registration_number[:9] or "SIREN"
    made = io.StringIO()
    made.write("\t".join(FEC) + "\r\n")
    for n, entry in enumerate(_entries(session, first, last), start=1):
        for line in entry.lines(n):
            made.write("\t".join(line) + "\r\n")
    return BookFile(f"{siren}FEC{last:%Y%m%d}.txt", made.getvalue().encode("utf-8"), "text/plain")


@dataclass(frozen=True)
class Entry:
    journal: str
    day: date
    piece: str
    piece_day: date
    label: str
    client: tuple[str, str]
    currency: str
    legs: list[Leg]

    def lines(self, n: int) -> Iterator[list[str]]:
        for leg in self.legs:
            auxiliary = self.client if leg.account == CLIENTS else ("", "")
            debit, credit = (max(leg.amount, 0), max(-leg.amount, 0))
            figures = [_major(one, self.currency).replace(".", ",") for one in (debit, credit)]
            head = [self.journal, JOURNALS[self.journal], str(n), f"{self.day:%Y%m%d}", *leg.account, *auxiliary]
            told = [self.piece, f"{self.piece_day:%Y%m%d}", self.label, *figures, "", "", f"{self.day:%Y%m%d}"]
            yield [" ".join(one.split()) for one in (*head, *told, "", "" if self.currency == "EUR" else self.currency)]


def _entries(session: Session, first: date, last: date) -> Iterator[Entry]:
    found = [_sale(one) for one in _documents(session, first, last)]
    found += [_receipt(*one) for one in _received(session, first, last)]
    yield from sorted(found, key=lambda one: one.day)


def _sale(one: BillingDocument) -> Entry:
    assert one.issued_on is not None
    title = translate(TITLES[DocumentKind(one.kind)], "fr")
    return Entry(
        "VE",
        one.issued_on,
        str(one.number),
        one.issued_on,
        f"{title} {one.number} {one.buyer_name}",
        _client(one),
        one.currency,
        legs_of(one),
    )


def _receipt(payment: BillingPayment, one: BillingDocument) -> Entry:
    account, label, journal = MONEY[payment.method]
    legs = [Leg((account, label), payment.amount_minor), Leg(CLIENTS, -payment.amount_minor)]
    said = f"Règlement {one.number} {one.buyer_name}" if payment.amount_minor > 0 else f"Remboursement {one.number}"
    piece = payment.reference or str(one.number)
    return Entry(journal, payment.received_on, piece, payment.received_on, said, _client(one), one.currency, legs)


def _client(one: BillingDocument) -> tuple[str, str]:
    key: UUID | Any = one.patient_id or one.id
    return f"C{str(key)[-8:].upper()}", one.buyer_name
