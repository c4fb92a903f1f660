"""A subscription's invoice on paper, issued by CareHub to the organisation: drawn as every document is (CD-097, CD-105)."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.i18n import N_, RTL, translate
from carehub.core.money import Money
from carehub.core.verbs import verb
from carehub.models.console import PlatformSettings
from carehub.models.subscriptions import PlanInvoice, PlanInvoiceState
from carehub.models.tenancy import Tenant
from carehub.services.billing.paper import drawn, isolated_words, long_day
from carehub.services.identity.platform_facts import ONLY
from carehub.services.identity.shell import initials
from carehub.services.notify.brand import ink_on, readable
from carehub.services.subscriptions.reading import access_invoice, label_of
from carehub.services.tenancy.paper_forms import Layout

ACCENT = "#0f6b5c"  # CareHub's own


@verb("settings.read")
def plan_receipt(session: Session, actor: Actor, *, invoice_id: UUID) -> bytes:
    """PDF of one invoice, in the reader's language: a receipt once it is paid. Raises NotFound."""
    invoice = access_invoice(session, invoice_id)
    assert actor.tenant_id is not None
    tenant = session.get_one(Tenant, actor.tenant_id)
    return drawn(_told(session, invoice, tenant, actor.locale), invoice.issued_at.date())


def _told(session: Session, invoice: PlanInvoice, tenant: Tenant, locale: str) -> dict[str, Any]:
    say = partial(translate, locale=locale)
    issuer = session.get(PlatformSettings, ONLY) or PlatformSettings()
    name = issuer.legal_name or issuer.name
    paid = invoice.state == PlanInvoiceState.PAID
    town = f"{tenant.postcode} {tenant.city}".strip()
    reach = " · ".join(filter(None, (issuer.email, issuer.phone)))
    return {
        "lang": locale,
        "rtl": locale in RTL,
        "layout": Layout.CLASSIC.value,
        "head": "",
        "roomy": True,  # "Reçu" hangs below its line
        "accent": readable(ACCENT),
        "on-accent": ink_on(readable(ACCENT)),
        "initials": initials(name),
        "logo": "",
        "title": say(N_("Receipt")) if paid else say(N_("Invoice")),
        "number": invoice.number,
        "words": {"to": say(N_("For")), "subject": say(N_("Subject")), "terms": say(N_("General terms of sale"))},
        "seller": {"name": name, "lines": [one for one in (issuer.address, reach) if one]},
        "buyer": {
            "name": tenant.legal_name or tenant.name,
            "lines": [one for one in (tenant.address, town) if one],
            "numbers": [tenant.registration_number] if tenant.registration_number else [],
        },
        "subject": say(N_("Subscription to CareHub")),
        "note": "",
        "about": [say(N_("From {start} to {end}"), start=_day(invoice.from_at, locale), end=_day(invoice.until_at, locale))],
        **_lines(invoice, locale),
        "sums": _sums(invoice, locale),
        "asked": [say(N_("Total")), _money(invoice.total_minor, invoice, locale)],
        "under": _under(invoice, locale),
        "from": say(N_("Issued on {day}"), day=_day(invoice.issued_at, locale)),
        "to": say(N_("Paid on {day}"), day=_day(invoice.paid_at, locale)) if invoice.paid_at else "",
        "boxes": [],
        "mentions": [],
        "terms": "",
        "foot": [", ".join(filter(None, (name, issuer.registration_number)))],
    }  # fmt: skip


def _day(moment: Any, locale: str) -> str:
    day: date = moment.date()
    return long_day(day, locale)


def _money(minor: int, invoice: PlanInvoice, locale: str) -> str:
    return isolated_words(Money(minor, invoice.currency).text(locale), locale)


def _lines(invoice: PlanInvoice, locale: str) -> dict[str, Any]:
    say = partial(translate, locale=locale)
    parts = {True: N_("Part of a month: credit of what was paid"), False: N_("Part of a month: until it renews")}
    return {
        "columns": [],
        "heads": {"what": say(N_("Service")), "net": say(N_("Total"))},
        "lines": [
            {
                "what": say(label_of(one)),
                "detail": say(parts[one["amount"] < 0]) if one["proration"] else "",
                "discount": "",
                "net": _money(one["amount"], invoice, locale),
            }
            for one in invoice.lines
        ],
    }


def _sums(invoice: PlanInvoice, locale: str) -> list[list[str]]:
    say = partial(translate, locale=locale)
    if not invoice.discount_minor:
        return []
    before = invoice.total_minor + invoice.discount_minor
    return [
        [say(N_("Before discount")), _money(before, invoice, locale)],
        [say(N_("Contributors' discount")), _money(-invoice.discount_minor, invoice, locale)],
    ]


def _under(invoice: PlanInvoice, locale: str) -> list[list[str]]:
    """What credit of earlier invoices paid, and what the card did."""
    say, rows = partial(translate, locale=locale), []
    if (credit := invoice.total_minor - invoice.due_minor) > 0 and invoice.total_minor > 0:
        rows.append([say(N_("Paid by credit of earlier invoices")), _money(credit, invoice, locale)])
    if invoice.total_minor < 0:
        rows.append([say(N_("Credited to the next invoices")), _money(-invoice.total_minor, invoice, locale)])
    if invoice.paid_minor:
        rows.append([say(N_("Paid by card")), _money(invoice.paid_minor, invoice, locale)])
    return rows
