"""Identity, invoicing defaults, brand, words and languages, modules."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.forms import field_of, form
from carehub.components.i18n import _
from carehub.pages.workspace.config import PhotoField
from carehub.pages.workspace.settings.frame import settings_page
from carehub.services.tenancy.settings import MANAGE
from carehub.state.config import RulesEditor
from carehub.state.form import FormState
from carehub.state.settings import Billing, Brand, Languages, Modules, Organisation


class BrandPreview(rx.Component):
    """The organisation's page in small; follows the form around it while it is typed."""

    library = "$/public/ui/settings.jsx"
    tag = "BrandPreview"
    name: rx.Var[str]
    initials: rx.Var[str]
    logo: rx.Var[str]
    values: rx.Var[dict[str, str]]


def group(title: Any, *content: rx.Component, about: Any = None) -> rx.Component:
    said = [rx.el.p(about, class_name="help")] if about is not None else []
    legend = rx.el.legend(rx.el.h3(title, class_name="t-md"), *said, class_name="legend")
    return rx.el.fieldset(legend, rx.el.div(*content, class_name="col g-4 grow"), class_name="form-g")


def pair(*parts: rx.Component) -> rx.Component:
    return rx.el.div(*parts, class_name="two")


def at(state: type[FormState], *names: str) -> list[rx.Component]:
    return [field_of(state, name) for name in names]


def organisation() -> rx.Component:
    content = form(
        Organisation,
        group(_("Names"), *at(Organisation, "name", "legal_name")),
        group(_("Registers"), *at(Organisation, "country", "registration_number", "vat_number")),
        group(_("Head office"), *at(Organisation, "address"), pair(*at(Organisation, "postcode", "city"))),
        group(_("Contact"), pair(*at(Organisation, "phone", "email")), *at(Organisation, "website")),
        bar=True,
    )
    about = _("Who you are on the public page, in messages and on invoices.")
    return settings_page(_("Identity and legal data"), about, content)


def billing() -> rx.Component:
    content = form(
        Billing,
        group(
            _("By default"),
            pair(*at(Billing, "vat_rate", "payment_days")),
            *at(Billing, "further_rates", "invoice_paid"),
        ),
        group(_("Numbers"), pair(*at(Billing, "invoice_prefix", "quote_prefix"))),
        group(_("Bank"), *at(Billing, "iban", "bic"), about=_("Both numbers are checked by their own keys.")),
        group(
            _("Coins and payouts"),
            pair(*at(Billing, "coin_price", "payout_minimum")),
            pair(*at(Billing, "payout_two_people", "earning_days")),
            about=_("What {practitioners} are paid of what their {clients} paid online, in your currency."),
        ),
        group(_("Texts"), *at(Billing, "terms", "notices", "footer")),
        bar=True,
    )
    return settings_page(_("Invoicing defaults"), _("What a new invoice begins with."), content)


def _logo() -> rx.Component:
    clear = rx.cond(Brand.logo != "", button(_("Remove"), kind="danger-quiet", size="sm", on_click=Brand.keep_logo("")))
    field = PhotoField.create(url=Brand.logo, label=_("Logo"), on_keep=Brand.keep_logo)
    return only_with(MANAGE, rx.el.div(field, clear, class_name="row wrap g-4"))


def brand() -> rx.Component:
    content = form(
        Brand,
        group(_("Look"), _logo(), *at(Brand, "accent")),
        group(_("Words"), *at(Brand, "tagline", "about")),
        bar=True,
    )
    preview = BrandPreview.create(name=Brand.name, initials=Brand.initials, logo=Brand.logo, values=Brand.values)
    about = _("What people see: the public page, messages, this workspace.")
    return settings_page(_("Brand"), about, content, preview=rx.cond(Brand.opened, preview))


def languages() -> rx.Component:
    content = form(
        Languages,
        group(_("Your words"), pair(*at(Languages, "client_word", "practitioner_word"))),
        group(_("Languages"), *at(Languages, "locale", "locales")),
        group(_("Money and time"), pair(*at(Languages, "currency", "time_zone"))),
        bar=True,
    )
    about = _("What you call people, the languages you speak with them, your money and your clock.")
    return settings_page(_("Words and languages"), about, content)


def modules() -> rx.Component:
    return settings_page(
        _("Modules"), _("What your team works with. It takes effect at once."), form(Modules, bar=True)
    )


def rules() -> rx.Component:
    about = _("They count for every service, and for what is booked already.")
    content = form(
        RulesEditor,
        group(_("Booking"), *at(RulesEditor, "guests", "hold_minutes", "proposals", "observe_holidays")),
        group(_("Online changes"), pair(*at(RulesEditor, "cancel_hours", "reschedule_hours"))),
        group(
            _("Cancellation policy"),
            *at(RulesEditor, "free_hours"),
            pair(*at(RulesEditor, "late_fee", "late_value")),
            pair(*at(RulesEditor, "no_show_fee", "no_show_value")),
            about=_("People read it before they confirm. It is taken from what they paid when booking."),
        ),
        group(
            _("Payment"),
            pair(*at(RulesEditor, "prepay", "deposit_percent")),
            *at(RulesEditor, "done_days"),
            pair(*at(RulesEditor, "answer_hours", "call_minutes")),
            about=_("By coins or card, where the wallet is switched on. It is set aside, and taken when it is done."),
        ),
        bar=True,
    )
    return settings_page(_("Booking rules"), about, content)
