"""/welcome: a professional opens a workspace."""

from typing import Any

import reflex as rx

from carehub.components.auth import OpeningPictures
from carehub.components.buttons import button
from carehub.components.entering import wizard
from carehub.components.fields import affixed_input, choices, field, select, text_input
from carehub.components.forms import WEEKDAY_LABELS, wrong_text
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.core.i18n import N_
from carehub.core.money import CURRENCIES
from carehub.models.tenancy import TenantKind
from carehub.pages.public.welcome_preview import preview
from carehub.services.tenancy.rules import CLIENT_WORDS, COUNTRIES, PRACTITIONER_WORDS
from carehub.state.opening import SLUG_LABELS, Opening

KIND_LABELS = {
    TenantKind.PRACTICE: N_("Practice"),
    TenantKind.CLINIC: N_("Clinic"),
    TenantKind.EXPERT_HOUSE: N_("House of experts"),
    TenantKind.COACHING_FIRM: N_("Coaching firm"),
    TenantKind.EXPERIENCE_PARTNER: N_("Experiences"),
}
KIND_SAID_LABELS = {
    TenantKind.PRACTICE: N_("One professional or a few, who receive patients"),
    TenantKind.CLINIC: N_("Several specialities, a reception"),
    TenantKind.EXPERT_HOUSE: N_("Advice by appointment, on site or by video"),
    TenantKind.COACHING_FIRM: N_("Coaches and the people they accompany"),
    TenantKind.EXPERIENCE_PARTNER: N_("Moments to live, booked or given"),
}
MODE_LABELS = {"in_person": N_("On site"), "video": N_("By video"), "phone": N_("By telephone")}
LANGUAGES = {"fr": "Français", "ar": "العربية", "en": "English"}
ACCENT_LABELS = {
    "#0f6b5c": N_("Pine"),
    "#1f5fbf": N_("Lake blue"),
    "#a3306b": N_("Raspberry"),
    "#b5531a": N_("Terracotta"),
    "#2c4a8c": N_("Night blue"),
    "#59631f": N_("Olive"),
    "#7a3fb0": N_("Violet"),
    "#1b1b1b": N_("Black"),
}


def _typed(name: str, label: Any, **props: Any) -> rx.Component:
    """A field whose value the state keeps and the preview follows."""
    error = wrong_text(Opening.errors, name)
    given = {"default_value": getattr(Opening, name), "on_change": lambda value: Opening.put(name, value)}
    optional = props.pop("optional", False)
    return field(name, label, text_input(name, error=error, **given, **props), error=error, optional=optional)


def _chosen(name: str, label: Any, options: list[tuple[str, Any]], on_change: Any = None) -> rx.Component:
    change = on_change or (lambda value: Opening.put(name, value))
    return field(name, label, select(name, options, value=getattr(Opening, name), on_change=change))


def _two(*parts: rx.Component) -> rx.Component:
    return rx.el.div(*parts, class_name="grid grid-cols-2 gap-3 max-sm:grid-cols-1")


def _heading(title: Any, lead: Any) -> rx.Component:
    return rx.el.div(rx.el.h1(title, class_name="t-3"), rx.el.p(lead, class_name="i2"))


def _activity() -> rx.Component:
    kinds = [(kind.value, _(label), _(KIND_SAID_LABELS[kind])) for kind, label in KIND_LABELS.items()]
    countries = [(code, _(one.name)) for code, one in COUNTRIES.items()]
    zones = sorted({one.time_zone for one in COUNTRIES.values()})
    return rx.el.div(
        _heading(_("Your activity"), _("It chooses the words. All of it can be changed later.")),
        choices("kind", _("You open"), kinds, value=Opening.kind, on_change=Opening.pick_kind),
        _two(_typed("name", _("Public name")), _slug()),
        _two(_typed("address", _("Address"), optional=True), _typed("city", _("City"))),
        _two(
            _chosen("country", _("Country"), countries, Opening.pick_country),
            _chosen("currency", _("Currency"), [(code, code) for code in CURRENCIES]),
        ),
        _chosen("time_zone", _("Time zone"), [(zone, zone.replace("_", " ")) for zone in zones]),
        class_name="col g-6",
    )


def _slug() -> rx.Component:
    said = rx.match(
        Opening.slug_said,
        ("free", rx.el.span(icon("check", size="sm"), _("Available"), class_name="ok-t row g-1h")),
        ("taken", rx.el.span(_(SLUG_LABELS["taken"]), class_name="bad-t")),
        ("wrong", rx.el.span(_(SLUG_LABELS["wrong"]), class_name="bad-t")),
        rx.el.span(_("Yours to choose")),
    )
    error = wrong_text(Opening.errors, "slug")
    before = rx.el.span("/t/", class_name="affix ltr")
    control = affixed_input("slug", before=before, value=Opening.slug, on_change=Opening.put_slug, error=error)
    return field("slug", _("Address of your page"), control, help=said, error=error)


def _brand() -> rx.Component:
    swatches = [
        rx.el.button(
            type="button",
            role="radio",
            class_name="sw",
            aria_checked=rx.cond(Opening.accent == code, "true", "false"),
            aria_label=_(name),
            style={"--accent": code},
            custom_attrs={"data-accent": ""},
            on_click=Opening.put("accent", code),
        )
        for code, name in ACCENT_LABELS.items()
    ]
    colours = rx.el.div(*swatches, class_name="row wrap", role="radiogroup", aria_label=_("Colour"))
    client_words = [(one, _(one)) for one in CLIENT_WORDS]
    practitioner_words = [(one, _(one)) for one in PRACTITIONER_WORDS]
    return rx.el.div(
        _heading(_("Your brand"), _("A colour, a logo, your words. The preview follows.")),
        rx.el.div(rx.el.span(_("Colour"), class_name="label"), colours, class_name="field"),
        OpeningPictures.create(initials=Opening.initials, accent=Opening.accent, tenant=Opening.opened),
        _two(
            _chosen("client_word", _("You receive a"), client_words),
            _chosen("practitioner_word", _("You are a"), practitioner_words),
        ),
        _chips(_("Languages of your page"), LANGUAGES, Opening.locales, Opening.tick_locale),
        class_name="col g-6",
    )


def _chips(legend: Any, options: dict[str, Any], chosen: Any, on_tick: Any) -> rx.Component:
    chips = [
        rx.el.button(
            rx.cond(chosen.contains(code), icon("check", size="sm"), rx.fragment()),
            label,
            type="button",
            class_name="chip",
            aria_pressed=rx.cond(chosen.contains(code), "true", "false"),
            on_click=on_tick(code),
        )
        for code, label in options.items()
    ]
    head = rx.el.legend(legend, class_name="label")
    return rx.el.fieldset(head, rx.el.div(*chips, class_name="row wrap"), class_name="col g-1h choice-set")


def _hours() -> rx.Component:
    modes = {code: _(label) for code, label in MODE_LABELS.items()}
    wrong = wrong_text(Opening.errors, "hours")
    return rx.el.div(
        _heading(_("Your hours"), _("Your week and a first service: people can book as soon as you finish.")),
        rx.el.div(rx.foreach(Opening.days, _day), class_name="col g-3"),
        rx.cond(wrong != "", rx.el.p(wrong, class_name="error", role="alert")),
        _typed("service_name", _("First service"), placeholder=_("Individual session")),
        _two(
            _typed("service_minutes", _("Length in minutes"), input_mode="numeric"),
            _typed("service_price", _("Price in {currency}", currency=Opening.currency), input_mode="decimal"),
        ),
        _chips(_("Where"), modes, Opening.modes, Opening.tick_mode),
        class_name="col g-6",
    )


def _hour(day: Any, end: str, value: Any, label: Any) -> rx.Component:
    return rx.el.input(
        type="time",
        class_name="input",
        value=value,
        aria_label=label,
        on_change=lambda value: Opening.put_hour(day.weekday, end, value),
    )


def _day(day: Any) -> rx.Component:
    name = rx.match(day.weekday, *[(int(code), _(label)) for code, label in WEEKDAY_LABELS.items()], "")
    flip = {"checked": day.open, "on_change": lambda _on: Opening.tick_day(day.weekday)}
    box = rx.el.input(type="checkbox", role="switch", class_name="switch", **flip)
    later = rx.el.input(type="checkbox", checked=day.later, on_change=lambda _on: Opening.tick_later(day.weekday))
    first = (_hour(day, "starts", day.starts, _("From")), "–", _hour(day, "ends", day.ends, _("Until")))
    second = (
        _hour(day, "starts_again", day.starts_again, _("Again from")),
        "–",
        _hour(day, "ends_again", day.ends_again, _("Until")),
    )
    spans = rx.el.div(
        *first,
        rx.el.label(later, rx.el.span(_("and"), class_name="t-sm"), class_name="check"),
        rx.cond(day.later, rx.fragment(*second)),
        class_name="spans",
    )
    head = rx.el.label(box, rx.el.span(name, class_name="m"), class_name="row")
    shut = rx.el.span(_("Closed"), class_name="i3 t-sm")
    return rx.el.div(head, rx.cond(day.open, spans, shut), class_name="day-hours", key=day.weekday)


def welcome() -> rx.Component:
    """Three steps beside a preview; nothing exists until the last button."""
    # every step stays in the page: the picked logo lives in its field
    steps = [
        rx.el.div(part, hidden=Opening.step != place) for place, part in enumerate((_activity(), _brand(), _hours()))
    ]
    back = button(_("Back"), kind="quiet", icon="arrow-left", on_click=Opening.back)
    onward = button(_("Continue"), kind="primary", on_click=Opening.forward)
    done = button(_("Open my workspace"), kind="primary", busy=Opening.opened != "", on_click=Opening.finish)
    buttons = rx.el.div(
        rx.cond(Opening.step > 0, back),
        rx.el.span(rx.cond(Opening.step < 2, onward, done), class_name="end"),
        class_name="row pt-4 border-t border-line-soft",
    )
    return wizard([_("Activity"), _("Brand"), _("Your hours")], Opening.step, *steps, buttons, preview=preview())
