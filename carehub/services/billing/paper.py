"""A document on paper: PDF/A by Typst in the document's language, with the tenant's logo and colour (CD-075, CD-076, CD-105, CD-118)."""

import json
import shutil
import tempfile
import threading
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

import typst
from babel.dates import format_date
from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from carehub.core.i18n import N_, RTL, translate
from carehub.core.money import Money, babel_locale, digits
from carehub.core.settings import settings
from carehub.models.billing import BillingDocument, DocumentKind, DocumentState
from carehub.services.billing.content import buyer_of, plain, tenant_of, totals_of
from carehub.services.billing.forms import Buyer
from carehub.services.billing.issuing import paper_of, seller_of
from carehub.services.billing.rules import Totals, rounded
from carehub.services.identity.shell import initials
from carehub.services.notify.brand import ink_on, readable
from carehub.services.notify.logo import logo_png
from carehub.services.privacy.files import FONTS
from carehub.services.tenancy.paper_forms import PaperColumn, PaperForm
from carehub.services.tenancy.settings_forms import COUNTRY_LABELS

TITLES = {
    DocumentKind.QUOTE: N_("Quote"),
    DocumentKind.DEPOSIT: N_("Deposit invoice"),
    DocumentKind.INVOICE: N_("Invoice"),
    DocumentKind.CREDIT_NOTE: N_("Credit note"),
}
_DRAFT = N_("Draft")
_LOCK = threading.Lock()  # one compiler a process: its fonts and its template are read once


@cache
def _place() -> Path:
    """Where Typst reads: the template and the logos, and nothing else of the machine."""
    made = Path(tempfile.mkdtemp(prefix="carehub-paper-"))
    shutil.copy(Path(__file__).with_name("document.typ"), made)
    return made


@cache
def _compiler() -> typst.Compiler:
    place = _place()
    return typst.Compiler(place / "document.typ", root=place, font_paths=[FONTS], ignore_system_fonts=True)


def pdf_of(session: Session, document: BillingDocument, *, pay: str = "", xml: str = "") -> bytes:
    """PDF/A-3b. `pay` is the address of the document's public page, `xml` the same invoice for machines, carried inside."""
    told = {**told_of(session, document, pay=pay), "xml": xml}
    return drawn(told, document.issued_on or document.created_at.date())


def drawn(told: dict[str, Any], day: date) -> bytes:
    """PDF/A-3b of what stands on a paper, dated `day`."""
    stamp = datetime.combine(day, time(12), UTC)  # the same bytes whenever it is made
    with _LOCK:
        made = _compiler().compile(
            format="pdf", sys_inputs={"data": json.dumps(told)}, pdf_standards="a-3b", timestamp=stamp
        )
    assert isinstance(made, bytes)
    return made


def pages_of(session: Session, document: BillingDocument, *, pay: str = "") -> list[bytes]:
    """Each page as a PNG picture: what an editor shows beside the form."""
    told = told_of(session, document, pay=pay)
    with _LOCK:
        made = _compiler().compile(format="png", ppi=110, sys_inputs={"data": json.dumps(told)})
    return made if isinstance(made, list) else [made or b""]


def told_of(session: Session, document: BillingDocument, *, pay: str = "") -> dict[str, Any]:
    """All that stands on the paper, as text in the document's language."""
    locale = document.locale
    say = partial(translate, locale=locale)
    amounts, buyer, kind = totals_of(document), buyer_of(document), DocumentKind(document.kind)
    seller, look = _seller(session, document)
    accent = readable(seller["accent"] if look.brand_colour else look.colour)
    return {
        "lang": locale,
        "rtl": locale in RTL,
        "layout": look.layout.value,
        "accent": accent,
        "on-accent": ink_on(accent),
        "initials": initials(seller["name"]),
        "logo": _logo(session, seller["logo_file_id"]) if look.logo else "",
        "head": look.head,
        "title": say(TITLES[kind]),
        "number": document.number or say(_DRAFT),
        "words": {"to": say(N_("For")), "subject": say(N_("Subject")), "terms": say(N_("General terms of sale"))},
        "seller": {"name": seller["name"], "lines": _seller_lines(seller)},
        "buyer": _buyer(buyer, seller["country"], locale),
        "subject": document.subject,
        "note": document.note,
        "about": _about(session, document),
        **_table(document, amounts, look.columns),
        "sums": _sums(document, amounts),
        **_asked(document, amounts),
        **_days(document),
        "boxes": _boxes(document, seller, pay),
        "mentions": document.mentions,
        "terms": document.terms,
        "foot": _foot({**seller, "footer": look.foot or seller["footer"]}, locale),
    }


def _seller(session: Session, document: BillingDocument) -> tuple[dict[str, Any], PaperForm]:
    """Who issues and how it looks: as it was at issue; of a draft as it would be now."""
    if document.seller:
        return document.seller, PaperForm.model_validate(document.seller.get("paper", {}))
    tenant = tenant_of(session, document.tenant_id)
    return seller_of(tenant), paper_of(tenant, DocumentKind(document.kind))


def _logo(session: Session, file_id: str) -> str:
    """The logo's name below the place; empty where there is none."""
    if not file_id:
        return ""
    path = _place() / f"{UUID(file_id)}.png"
    if not path.exists():
        content = logo_png(session, UUID(file_id))
        if content is None:
            return ""
        path.write_bytes(content)
    return path.name


def _seller_lines(seller: dict[str, Any]) -> list[str]:
    town = " ".join(filter(None, (seller["postcode"], seller["city"])))
    reach = " · ".join(filter(None, (seller["email"], seller["phone"])))
    return [one for one in (", ".join(filter(None, (seller["address"], town))), reach) if one]


def _buyer(buyer: Buyer, home: str, locale: str) -> dict[str, Any]:
    town = " ".join(filter(None, (buyer.postcode, buyer.city)))
    abroad = translate(COUNTRY_LABELS[buyer.country], locale) if buyer.country != home and buyer.address else ""
    numbers = [buyer.registration_number] if buyer.business and buyer.registration_number else []
    if buyer.business and buyer.vat_number:
        numbers.append(translate(N_("VAT number {number}"), locale, number=buyer.vat_number))
    return {
        "name": buyer.name,
        "lines": [one for one in (buyer.contact, buyer.address, town, abroad) if one],
        "numbers": numbers,
    }


def _about(session: Session, document: BillingDocument) -> list[str]:
    """What it refers to: the quote that was accepted, the invoice that is credited, the day of the service."""
    say, found = partial(translate, locale=document.locale), []
    source = session.get(BillingDocument, (document.tenant_id, document.source_id)) if document.source_id else None
    if source is not None and source.number:
        if source.kind == DocumentKind.QUOTE and source.accepted_at:
            day = long_day(source.accepted_at.date(), document.locale)
            found.append(say(N_("Quote {number} accepted on {day}"), number=source.number, day=day))
        elif source.issued_on:
            day = long_day(source.issued_on, document.locale)
            found.append(say(N_("On invoice {number} of {day}"), number=source.number, day=day))
    if document.supplied_on and document.kind != DocumentKind.QUOTE and document.supplied_on != document.issued_on:
        found.append(say(N_("Day of the service: {day}"), day=long_day(document.supplied_on, document.locale)))
    return found


def long_day(day: date, locale: str) -> str:
    return format_date(day, "long", locale=babel_locale(locale))


def _money(minor: int, document: BillingDocument) -> str:
    return isolated_words(Money(minor, document.currency).text(document.locale), document.locale)


def isolated_words(said: str, locale: str) -> str:
    """An amount with its currency's letters stays one thing among words of either direction."""
    return f"\u2068{said}\u2069" if locale in RTL else said


def _bare(minor: int, document: BillingDocument) -> str:
    """An amount without its currency, for the table."""
    places = digits(document.currency)
    pattern = "#,##0." + "0" * places if places else "#,##0"
    return str(format_decimal(Decimal(minor).scaleb(-places), pattern, locale=babel_locale(document.locale)))


def _number(value: str | Decimal, locale: str) -> str:
    return str(format_decimal(Decimal(value), "#,##0.###", locale=babel_locale(locale)))


def percent(value: str | Decimal, locale: str) -> str:
    return isolated(f"{_number(value, locale)}\u00a0%", locale)


def isolated(said: str, locale: str) -> str:
    """Figures and addresses keep their order among letters that run the other way."""
    return f"\u2066{said}\u2069" if said and locale in RTL else said


def _table(document: BillingDocument, amounts: Totals, columns: list[PaperColumn]) -> dict[str, Any]:
    say, locale = partial(translate, locale=document.locale), document.locale
    price, total = (
        (N_("Price incl. tax"), N_("Total incl. tax"))
        if document.with_tax
        else (N_("Price excl. tax"), N_("Total excl. tax"))
    )
    return {
        "columns": [one.value for one in columns],
        "heads": {
            "number": "#",
            "what": say(N_("Service")),
            "quantity": say(N_("Quantity")),
            "price": say(price),
            "vat": say(N_("VAT")),
            "net": say(total),
        },
        "lines": [
            {
                "what": one["description"],
                "detail": one["detail"],
                "quantity": _number(one["quantity"], locale),
                "unit": one["unit"],
                "price": _bare(int(one["price"]), document),
                "discount": f"− {percent(one['discount'], locale)}" if Decimal(one["discount"]) else "",
                "vat": percent(one["rate"], locale),
                "net": _bare(net, document),
            }
            for one, net in zip(document.lines, amounts.lines, strict=True)
        ],
    }


def _sums(document: BillingDocument, amounts: Totals) -> list[list[str]]:
    say, locale = partial(translate, locale=document.locale), document.locale
    rows = []
    if amounts.discount:
        rows.append([say(N_("Before discount")), _money(amounts.before, document)])
        taken = say(N_("Discount {percent}"), percent=percent(document.discount, locale))
        rows.append([taken, _money(-amounts.discount, document)])
    rows.append([say(N_("Total excl. tax")), _money(amounts.net, document)])
    several = len(amounts.taxes) > 1
    for one in amounts.taxes:
        label = say(N_("VAT {rate}"), rate=percent(one.rate, locale))
        on = say(N_("{tax} on {amount}"), tax=label, amount=_money(one.base, document)) if several else label
        rows.append([on, _money(one.tax, document)])
    if document.deducted:
        rows.append([say(N_("Total incl. tax")), _money(amounts.total, document)])
    for kept in document.deducted:
        day = long_day(date.fromisoformat(kept["issued_on"]), locale)
        of = say(N_("Deposit {number} of {day}"), number=kept["number"], day=day)
        tax = say(N_("of which VAT {amount}"), amount=_money(int(kept["tax"]), document))
        rows.append([f"{of}, {tax}", _money(-int(kept["total"]), document)])
    return rows


def _asked(document: BillingDocument, amounts: Totals) -> dict[str, Any]:
    say = partial(translate, locale=document.locale)
    under = []
    if document.kind == DocumentKind.QUOTE and document.deposit:
        part = say(
            N_("of which deposit on acceptance, {percent}"), percent=percent(plain(document.deposit), document.locale)
        )
        under.append([part, _money(rounded(amounts.total * document.deposit / 100), document)])
    label = N_("Left to pay") if document.deducted else N_("Total incl. tax")
    if document.kind == DocumentKind.CREDIT_NOTE:
        label = N_("Credited to you")
    return {"asked": [say(label), _money(document.due_minor, document)], "under": under}


def _days(document: BillingDocument) -> dict[str, str]:
    if document.issued_on is None:
        return {"from": "", "to": ""}
    say = partial(translate, locale=document.locale)
    began = say(N_("Issued on {day}"), day=long_day(document.issued_on, document.locale))
    if document.due_on is None:
        return {"from": began, "to": ""}
    until = N_("Valid until {day}") if document.kind == DocumentKind.QUOTE else N_("To be paid by {day}")
    return {"from": began, "to": say(until, day=long_day(document.due_on, document.locale))}


def _boxes(document: BillingDocument, seller: dict[str, Any], pay: str) -> list[dict[str, Any]]:
    say = partial(translate, locale=document.locale)
    if document.kind == DocumentKind.CREDIT_NOTE:
        return []
    if document.kind == DocumentKind.QUOTE:
        return [
            {"title": say(N_("Agreed: day and signature")), "value": "", "about": "", "space": True},
            {
                "title": say(N_("Or answer online")),
                "value": isolated(short(pay), document.locale),
                "about": "",
                "space": False,
            },
        ][: 2 if pay else 1]
    boxes = []
    if seller["iban"]:
        iban = " ".join(seller["iban"][n : n + 4] for n in range(0, len(seller["iban"]), 4))
        bic = f"BIC {seller['bic']}" if seller["bic"] else ""
        reference = say(N_("reference {number}"), number=document.number or say(_DRAFT))
        about = " · ".join(filter(None, (bic, reference)))
        boxes.append(
            {"title": say(N_("Transfer")), "value": isolated(iban, document.locale), "about": about, "space": False}
        )
    if pay and document.state != DocumentState.DRAFT:
        about = say(N_("Your personal link"))
        boxes.append(
            {"title": say(N_("Online")), "value": isolated(short(pay), document.locale), "about": about, "space": False}
        )
    return boxes


def short(address: str) -> str:
    """An address as it is typed, broken where it is long."""
    return address.removeprefix("https://").removeprefix("http://").replace("/invoice/", "/invoice/\u200b")


def pay_address(token: str) -> str:
    return f"{settings.url}/invoice/{token}"


def _foot(seller: dict[str, Any], locale: str) -> list[str]:
    name = seller["legal_name"] or seller["name"]
    vat = translate(N_("VAT number {number}"), locale, number=seller["vat_number"]) if seller["vat_number"] else ""
    return [
        one for one in (", ".join(filter(None, (name, seller["registration_number"], vat))), seller["footer"]) if one
    ]
