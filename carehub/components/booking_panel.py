"""The booking panel: three steps in one card. A page under /t/[tenant]/p/[slug] shows it, with `BookingPanel.load` as on_load."""

from typing import Any

import reflex as rx

from carehub.components import fields
from carehub.components.buttons import Link, button, button_link, file_link
from carehub.components.display import banner, error_state, loading_state, money, steps
from carehub.components.display import state as nothing
from carehub.components.forms import wrong_text
from carehub.components.i18n import _, money_text
from carehub.components.icon import icon
from carehub.components.times import (
    MODE_LABELS,
    Countdown,
    SendForm,
    Step,
    label_of,
    local_time,
    mode_icon,
    ticket,
    week_picker,
)
from carehub.models.privacy import Purpose
from carehub.services.privacy.consents import WORDING
from carehub.state.booking import ANSWER, DONE, FORM, PLACE, BookingPanel
from carehub.state.shell import Shell

P: Any = BookingPanel


def _service() -> rx.Component:
    def option(one: Any) -> rx.Component:
        price = money_text(one.price_minor, one.currency)
        text = _("{service}, {minutes} min, {price}", service=one.name, minutes=one.duration_minutes, price=price)
        return rx.el.option(text, value=one.id, key=one.id)

    choice = rx.el.select(
        rx.foreach(P.who.offers, option),
        id="service",
        value=P.offer.id,
        on_change=P.choose_service,
        class_name="input",
    )
    about = rx.cond(P.offer.description != "", rx.el.p(P.offer.description, class_name="help"))
    return rx.el.div(
        rx.el.label(_("Reason"), html_for="service", class_name="label"), choice, about, class_name="field"
    )


def _modes() -> rx.Component:
    def one(mode: rx.Var[str]) -> rx.Component:
        pressed = rx.cond(P.mode == mode, "true", "false")
        inner = rx.fragment(mode_icon(mode), label_of(MODE_LABELS, mode))
        return rx.el.button(inner, type="button", aria_pressed=pressed, on_click=P.choose_mode(mode), key=mode)

    several = rx.el.div(rx.foreach(P.offer.modes, one), class_name="seg", role="group", aria_label=_("Where"))
    single = rx.el.p(mode_icon(P.mode), label_of(MODE_LABELS, P.mode), class_name="row t-sm i2")
    return rx.cond(P.offer.modes.length() > 1, several, single)


def _nearest() -> rx.Component:
    def one(slot: Any) -> rx.Component:
        text = local_time(slot.local, "datetime")
        return rx.el.button(text, type="button", class_name="slot", on_click=P.pick(slot.starts_at), key=slot.starts_at)

    return rx.cond(
        P.closest.length() > 0,
        rx.el.div(rx.foreach(P.closest, one), class_name="slots", role="group", aria_label=_("Nearest free times")),
        rx.el.p(_("No other time is free near it.")),
    )


def _trouble() -> rx.Component:
    """What came between, with the one way on. What was typed stays below."""

    def lost(title: rx.Var[str]) -> rx.Component:
        said = rx.el.p(_("What you filled in is kept. These are the nearest free times:"))
        return rx.el.div(rx.el.strong(title, class_name="b"), said, _nearest(), class_name="lost", role="alert")

    again = button(_("Keep it again"), kind="invert", size="sm", class_name="self-start", on_click=P.retake)
    expired = rx.el.div(
        rx.el.strong(_("The time to confirm has run out"), class_name="b"),
        rx.el.p(_("What you filled in is kept. Take the same time again if it is still free.")),
        again,
        class_name="lost",
        role="alert",
    )
    sign_in = button_link(_("Sign in"), "/sign-in" + P.next_path, kind="primary", size="sm")
    return rx.match(
        P.trouble,
        ("taken", lost(_("This time has just been taken"))),
        ("gone", lost(_("This time is not offered any more"))),
        ("expired", expired),
        ("guests", banner(_("Sign in to book here"), tone="warn", action=sign_in)),
        ("full", banner(_("New {clients} are not accepted here at the moment"), tone="warn")),
        rx.fragment(),
    )


def _choose() -> rx.Component:
    closed = rx.cond(
        P.who.accepts_new,
        rx.fragment(),
        banner(_("Open to people already followed here"), _("New {clients} are not accepted here at the moment")),
    )
    place = _("Local times in {place}", place=P.who.time_zone.split("/")[-1].replace("_", " "))
    zone = rx.cond(P.is_free, rx.el.p(place, class_name="t-xs i3"))
    return rx.el.div(
        closed,
        _service(),
        _modes(),
        rx.cond(P.step == PLACE, _trouble()),
        week_picker(P, P.pick, P.starts_at),
        zone,
        class_name="col g-4",
    )


def _summary() -> rx.Component:
    what = rx.fragment(
        _("{minutes} min", minutes=P.offer.duration_minutes),
        " · ",
        label_of(MODE_LABELS, P.mode),
        " · ",
        rx.el.bdi(P.who.practitioner),
    )
    when = rx.el.span(
        rx.el.b(local_time(P.local_start, "long"), _(", "), local_time(P.local_start), class_name="b"),
        rx.el.br(),
        rx.el.span(what, class_name="t-sm i3"),
    )
    price = rx.el.span(money(P.offer.price_minor, P.offer.currency), class_name="b")
    return rx.el.div(
        rx.el.span(icon("calendar-check", class_name="acc"), when, class_name="row g-3 row-t"),
        price,
        class_name="sumline",
    )


def _held() -> rx.Component:
    left = Countdown.create(until=P.held_until, on_end=P.lapse)
    kept = rx.el.p(
        icon("clock", size="sm"), rx.el.span(_("This time is kept for you"), class_name="grow"), left, class_name="held"
    )
    return rx.cond((P.trouble == "") & (P.held_until != ""), kept)


def _guest() -> rx.Component:
    def text(
        name: str, label: Any, auto: str, *, optional: bool = False, help: Any = None, **props: Any
    ) -> rx.Component:
        error = wrong_text(P.errors, name)
        control = fields.text_input(name, auto_complete=auto, error=error, max_length=200, **props)
        return fields.field(name, label, control, error=error, help=help, optional=optional)

    account = rx.el.p(
        _("Already with an account?"),
        " ",
        Link.create(_("Sign in"), to="/sign-in" + P.next_path, class_name="link"),
        " · ",
        Link.create(_("Create an account"), to="/sign-up" + P.next_path, class_name="link"),
        rx.el.br(),
        _("Your time stays kept."),
        class_name="t-sm i2",
    )
    names = rx.el.div(
        text("given_name", _("First name"), "given-name"),
        text("family_name", _("Last name"), "family-name"),
        class_name="two",
    )
    mail = text(
        "email", _("E-mail"), "email", type="email", help=_("For the confirmation and the link to change or cancel.")
    )
    return rx.fragment(account, names, mail)


def _signed_in() -> rx.Component:
    return rx.el.p(
        icon("user-round-check", size="sm"),
        rx.el.span(_("Booked as {name}", name=Shell.name)),
        class_name="row t-sm i2",
    )


def _question(one: Any) -> rx.Component:
    name = ANSWER + one.id
    wrong = P.errors[name]
    error = rx.cond(P.errors.contains(name), _(wrong.key), "")
    shared: dict[str, Any] = {
        "id": name,
        "name": name,
        "class_name": "input",
        "aria_invalid": rx.cond(error != "", "true", "false"),
        "custom_attrs": {"aria-required": rx.cond(one.required, "true", "false"), "aria-describedby": name + "-error"},
    }
    empty = rx.el.option(_("Choose"), value="")
    listed = rx.el.select(
        empty, rx.foreach(one.choices, lambda choice: rx.el.option(choice, value=choice, key=choice)), **shared
    )
    yes_no = rx.el.select(empty, rx.el.option(_("Yes"), value="yes"), rx.el.option(_("No"), value="no"), **shared)
    control = rx.match(
        one.kind,
        ("choice", listed),
        ("yes_no", yes_no),
        ("paragraph", rx.el.textarea(rows="3", max_length=2000, **shared)),
        ("number", rx.el.input(input_mode="decimal", max_length=40, **shared)),
        rx.el.input(type="text", max_length=300, **shared),
    )
    mark = rx.cond(one.required, rx.fragment(), rx.el.span(" (", _("optional"), ")", class_name="i3"))
    said = rx.cond(error != "", rx.el.p(icon("circle-alert", size="sm"), error, id=name + "-error", class_name="error"))
    return rx.el.div(
        rx.el.label(one.label, mark, html_for=name, class_name="label"), control, said, class_name="field", key=one.id
    )


def _common() -> list[rx.Component]:
    phone_error, note_error = wrong_text(P.errors, "phone"), wrong_text(P.errors, "note")
    phone = fields.text_input("phone", type="tel", auto_complete="tel", error=phone_error, max_length=40)
    note = fields.text_area("note", rows=2, error=note_error, max_length=2000)
    private = _(
        "Kept encrypted, read by {name} only. In an emergency, call the emergency services.", name=P.who.practitioner
    )
    code_error = wrong_text(P.errors, "code")
    code = fields.field(
        "code",
        _("Code"),
        fields.text_input("code", error=code_error, max_length=40),
        error=code_error,
        optional=True,
    )
    return [
        rx.cond(P.who.codes, code),
        fields.field("phone", _("Phone"), phone, error=phone_error, optional=True),
        rx.foreach(P.offer.questions, _question),
        fields.field(
            "note", _("A word for {name}", name=P.who.practitioner), note, help=private, error=note_error, optional=True
        ),
    ]


def _policy() -> rx.Component:
    """What cancelling late or not coming costs, before anything is confirmed."""
    late = _(
        "Cancelling is free until {hours} hours before; after that the fee is {fee}.",
        hours=P.who.free_hours,
        fee=money_text(P.offer.late_minor, P.offer.currency),
    )
    absent = _("The fee for not coming is {fee}.", fee=money_text(P.offer.no_show_minor, P.offer.currency))
    return rx.fragment(
        rx.cond(P.offer.late_minor > 0, rx.el.p(late, class_name="t-sm i2")),
        rx.cond(P.offer.no_show_minor > 0, rx.el.p(absent, class_name="t-sm i2")),
    )


def _form() -> rx.Component:
    instant = P.who.confirmation == "instant"
    after = rx.cond(
        instant,
        _("Confirmed at once. You can cancel online until {hours} hours before.", hours=P.who.cancel_hours),
        _("{name} answers the request. You are told as soon as it is accepted.", name=P.who.practitioner),
    )
    verb = rx.cond(instant, _("Confirm the appointment"), _("Send the request"))
    unknown = ~Shell.signed_in & ~P.who.guests
    lost = (P.trouble == "taken") | (P.trouble == "gone") | (P.trouble == "expired") | unknown
    ends = rx.el.div(
        button(_("Back"), icon="arrow-left", on_click=P.back),
        button(verb, kind="primary", type="submit", class_name="grow", disabled=lost),
        class_name="row",
    )
    who = rx.cond(Shell.signed_in, _signed_in(), rx.cond(P.who.guests, _guest(), _must_sign_in()))
    return rx.el.div(
        _summary(),
        _held(),
        rx.cond(P.step == FORM, _trouble()),
        SendForm.create(
            who,
            *_common(),
            rx.el.p(after, class_name="t-sm i3"),
            rx.el.p(
                _(WORDING[Purpose.BOOKING], tenant=P.who.tenant_name),
                " ",
                rx.el.a(
                    _("What it says about that"),
                    href="/t/" + P.who.tenant + "/legal",
                    target="_blank",
                    class_name="link",
                ),
                class_name="t-sm i3",
            ),
            _policy(),
            ends,
            errors=P.errors,
            answered=P.answered,
            on_send=P.confirm,
        ),
        class_name="col g-4",
    )


def _must_sign_in() -> rx.Component:
    entry = button_link(_("Sign in"), "/sign-in" + P.next_path, kind="primary", size="sm")
    return banner(_("An account is needed to book here"), _("Your time stays kept."), action=entry)


def _done() -> rx.Component:
    view = P.booked
    waiting = view.status == "pending"
    mark = rx.cond(
        waiting,
        rx.el.span(icon("hourglass", size="lg"), class_name="okmark is-wait"),
        rx.el.span(icon("check", size="lg"), class_name="okmark"),
    )
    title = rx.cond(waiting, _("The request has been sent"), _("The appointment is confirmed"))
    said = rx.cond(
        waiting,
        _("{name} will answer it. You are told by e-mail as soon as that happens.", name=view.practitioner),
        _("A confirmation is on its way by e-mail."),
    )
    guest = P.manage != ""
    file = rx.cond(
        Shell.signed_in,
        "/api/me/appointments/" + view.id + "/calendar.ics",
        "/booking/" + P.manage + "/calendar.ics",
    )
    mine = rx.cond(Shell.signed_in, "/me/appointments", "/booking/" + P.manage)
    links = rx.el.div(
        file_link(
            icon("calendar-plus"), _("Add to calendar"), href=file, download="appointment.ics", class_name="btn btn-s"
        ),
        rx.cond(guest, button_link(_("See the appointment"), mine)),
        class_name="row wrap",
    )
    change = rx.el.p(
        _("Something came up? Move or cancel online until {hours} hours before.", hours=P.who.cancel_hours),
        class_name="t-sm i3 foot",
    )
    return rx.el.div(
        rx.el.div(
            mark,
            rx.el.div(rx.el.h2(title, class_name="t-2"), rx.el.p(said, class_name="i2 t-md")),
            class_name="row g-3 row-t",
        ),
        ticket(view),
        links,
        change,
        button(_("Book another time"), kind="quiet", size="sm", class_name="self-start", on_click=P.start_again),
        class_name="col g-4",
        role="status",
    )


def booking_panel() -> rx.Component:
    """The whole panel, for the side of a profile or a page of its own."""
    # the form stays mounted, hidden, while another time is chosen: what was typed is not lost
    body = rx.fragment(
        steps([_("Time"), _("You"), _("Confirmed")], P.step - 1),
        Step.create(
            rx.el.div(_choose(), hidden=P.step != PLACE),
            rx.el.div(_form(), hidden=P.step != FORM),
            rx.cond(P.step == DONE, _done()),
            at=P.step,
        ),
    )
    none = nothing(
        "calendar-off", _("Nothing can be booked online here"), _("Contact the practice directly, or come back later.")
    )
    missing = nothing("calendar-off", _("This profile is not open to booking"), _("It may have been closed or moved."))
    content = rx.match(
        P.status,
        ("loading", loading_state()),
        ("missing", missing),
        ("failed", error_state(P.load)),
        rx.cond(P.offer.id == "", none, body),
    )
    return rx.el.section(content, class_name="book card", id="book", aria_label=_("Book an appointment"))
