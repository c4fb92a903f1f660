"""A quote or invoice while it is written: the editor of its lines beside its first page (CD-106)."""

from typing import Any

import reflex as rx

from carehub.components.documents import UNTAXED_LABELS, amounts
from carehub.components.fields import field, text_input
from carehub.components.forms import field_of, form, wrong_text
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.components.overlay import Combobox, DialogTrigger, confirm_dialog
from carehub.state.billing import Documents, Editor
from carehub.state.shell import Shell

D: Any = Documents
V: Any = Documents.shown


class LinesField(rx.Component):
    library = "$/public/ui/lines.jsx"
    tag = "LinesField"
    name: rx.Var[str]
    value: rx.Var[str]
    rates: rx.Var[list[str]]
    currency: rx.Var[str]
    categories: rx.Var[dict[str, str]]
    invalid: rx.Var[bool]


def pdf_link(label: Any) -> rx.Component:
    return rx.el.a(
        icon("download"),
        label,
        href="/api/w/" + Shell.tenant + "/billing/" + V.id + ".pdf",
        target="_blank",
        class_name="btn btn-s btn-sm",
    )


def sheet_beside() -> rx.Component:
    """The first page as it will be printed."""
    source = "/api/w/" + Shell.tenant + "/billing/" + V.id + "/1.png?v=" + D.seen.to(str)
    picture = rx.el.img(src=source, alt=_("Preview of the first page"), class_name="bill-p", loading="lazy")
    head = rx.el.div(rx.el.h2(_("Preview"), class_name="t-md grow"), pdf_link(_("PDF")), class_name="row")
    return rx.el.aside(head, picture, class_name="bill-s", aria_label=_("Preview"))


def _group(title: Any, *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title, class_name="t-md"), *content, class_name="col g-3")


def _at(name: str) -> rx.Component:
    return field_of(Editor, name)


def _pair(*parts: rx.Component) -> rx.Component:
    return rx.el.div(*parts, class_name="grid gap-3 sm:grid-cols-2")


def _buyer() -> rx.Component:
    search = Combobox.create(
        label=_("{Client}"),
        options=D.people,
        value=V.patient_id,
        placeholder=rx.cond(V.buyer != "", V.buyer, _("Choose")),
        on_search=Documents.find,
        on_change=Documents.take,
    )
    company = rx.el.details(
        rx.el.summary(_("Numbers of a company"), class_name="link t-sm"),
        rx.el.div(_at("buyer.business"), _pair(_at("buyer.registration_number"), _at("buyer.vat_number")),
                  class_name="col g-3 pt-3"),
    )  # fmt: skip
    return _group(
        _("For whom"),
        search,
        rx.el.input(type="hidden", name="patient", value=Editor.values["patient"], read_only=True),
        _pair(_at("buyer.name"), _at("buyer.contact")),
        _pair(_at("buyer.email"), _at("buyer.address")),
        rx.el.div(
            _at("buyer.postcode"), _at("buyer.city"), _at("buyer.country"), class_name="grid gap-3 sm:grid-cols-3"
        ),
        company,
    )


def _lines() -> rx.Component:
    wrong = wrong_text(Editor.errors, "lines")
    typed = LinesField.create(
        name="lines",
        value=Editor.values["lines"],
        rates=D.rates,
        currency=V.currency,
        categories=UNTAXED_LABELS,
        invalid=wrong != "",
    )
    said = rx.cond(wrong != "", rx.el.p(icon("circle-alert", size="sm"), " ", wrong, class_name="err", role="alert"))
    return _group(_("Lines"), typed, said, _at("with_tax"))


def _days(quote: Any) -> rx.Component:
    wrong = wrong_text(Editor.errors, "days")
    typed = text_input("days", default_value=Editor.values["days"], input_mode="numeric", error=wrong)
    return field("days", rx.cond(quote, _("Valid for (days)"), _("Days to pay")), typed, error=wrong)


def _draft_sum() -> rx.Component:
    return rx.el.div(amounts(V), class_name="card card-p sm:ms-auto sm:w-80")


def editor() -> rx.Component:
    quote = V.kind == "quote"
    terms = rx.el.div(
        _at("discount"),
        rx.cond(quote, _at("deposit")),
        _days(quote),
        class_name="grid gap-3 sm:grid-cols-3",
    )
    typed = form(
        Editor,
        _buyer(),
        _group(_("Subject"), _pair(_at("subject"), _at("locale")), rx.cond(quote, rx.fragment(), _at("supplied_on"))),
        _lines(),
        _group(_("Terms"), terms, _at("note")),
        bar=True,
        submit=_("Save the draft"),
    )
    return rx.el.div(rx.el.div(typed, _draft_sum(), class_name="col g-6 min-w-0"), sheet_beside(), class_name="bill")


def draft_actions() -> rx.Component:
    issue = confirm_dialog(
        DialogTrigger.create(_("Issue"), class_name="btn btn-s"),
        _("Issue this document?"),
        _("It gets its number, and nobody can change it any more. What is not saved is not in it."),
        _("Issue"),
        Documents.act("issue"),
        danger=False,
    )
    send = confirm_dialog(
        DialogTrigger.create(icon("send"), _("Issue and send"), class_name="btn btn-p"),
        _("Issue and send it?"),
        _("It gets its number and leaves by mail with its PDF. What is not saved is not in it."),
        _("Send"),
        Documents.act("send"),
        danger=False,
    )
    drop = confirm_dialog(
        DialogTrigger.create(_("Throw away"), class_name="btn btn-q"),
        _("Throw this draft away?"),
        _("It never had a number: nothing is missing without it."),
        _("Throw away"),
        Documents.act("discard"),
    )
    return rx.fragment(drop, issue, send)
