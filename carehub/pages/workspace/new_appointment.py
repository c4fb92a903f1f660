"""The dialog of a new appointment: who comes, with whom, what and when."""

from typing import Any

import reflex as rx

from carehub.components import fields
from carehub.components.agenda import SearchBox
from carehub.components.appointment_words import MODE_LABELS, said
from carehub.components.buttons import button, icon_button
from carehub.components.display import banner
from carehub.components.forms import Form, form, wrong_text
from carehub.components.i18n import _, date_text, word
from carehub.components.icon import icon
from carehub.components.overlay import Dialog, DialogPopup
from carehub.services.booking.views import PatientHit
from carehub.state.new_appointment import NewAppointment, NewPatient

N: Any = NewAppointment  # what a Var can do is not in its Python type
NP: Any = NewPatient


def _hit(hit: PatientHit) -> rx.Component:
    return rx.el.button(
        icon("contact"),
        rx.el.span(
            rx.el.bdi(hit.name, class_name="m"),
            rx.el.span(
                rx.cond(hit.birth_date != "", date_text(hit.birth_date, style="date"), ""),
                " ",
                rx.el.bdi(hit.note, class_name="ltr"),
                class_name="i3 t-xs num",
            ),
            class_name="col min-w-0",
        ),
        type="button",
        class_name="menu-i !h-11",
        key=hit.id,
        on_click=N.choose_patient(hit.id),
    )


def _who() -> rx.Component:
    error = wrong_text(N.errors, "patient")
    add = button(_("Add a new {client}"), kind="quiet", size="sm", icon="plus", on_click=N.add)
    nobody = rx.cond(
        (N.asked.length() > 1) & (N.hits.length() == 0),
        rx.el.p(_("Nobody by that name, e-mail or phone."), class_name="t-xs i3"),
    )
    search = rx.el.div(
        SearchBox.create(label=word("Client"), name="patient", invalid=error != "", on_search=N.search),
        rx.cond(error != "", rx.el.p(icon("circle-alert", size="sm"), error, id="patient-error", class_name="error")),
        rx.el.div(rx.foreach(N.hits, _hit), class_name="col max-h-52 overflow-auto"),
        nobody,
        rx.el.div(add),
        class_name="col g-1h",
    )
    chosen = rx.el.div(
        icon("contact"),
        rx.el.bdi(N.patient_name, class_name="b grow"),
        icon_button("x", _("Choose someone else"), size="sm", on_click=N.forget_patient),
        class_name="row banner items-center",
    )
    return rx.cond(N.patient != "", chosen, search)


def _what() -> rx.Component:
    state = NewAppointment
    with_whom = fields.select(
        "practitioner",
        state.choices["practitioner"],
        value=state.practitioner,
        on_change=state.choose_practitioner,
        error=wrong_text(state.errors, "practitioner"),
    )
    offers = rx.el.select(
        rx.foreach(state.offers, lambda one: rx.el.option(one.name, value=one.id, key=one.id)),
        id="service",
        name="service",
        class_name="input",
        value=state.service,
        on_change=state.choose_service,
    )
    modes = rx.el.div(
        rx.foreach(
            state.modes,
            lambda mode: rx.el.button(
                said(MODE_LABELS, mode),
                type="button",
                class_name="chip",
                aria_pressed=rx.cond(state.mode == mode, "true", "false"),
                on_click=state.choose_mode(mode),
            ),
        ),
        class_name="row wrap g-1h",
        role="group",
        aria_label=_("How"),
    )
    starts = fields.text_input(
        "starts_at", type="datetime-local", default_value=state.start, error=wrong_text(state.errors, "starts_at")
    )
    none = rx.cond(N.offers.length() == 0, rx.el.p(_("No service can be booked here yet."), class_name="error"))
    return rx.fragment(
        fields.field("practitioner", _("With"), with_whom, error=wrong_text(state.errors, "practitioner")),
        fields.field("service", _("Service"), offers, error=wrong_text(state.errors, "service")),
        none,
        modes,
        fields.field("starts_at", _("Start"), starts, error=wrong_text(state.errors, "starts_at")),
    )


def _booking() -> rx.Component:
    return Form.create(
        _who(),
        _what(),
        button(_("Book"), kind="primary", type="submit", class_name="self-end"),
        key=N.start,
        values=N.values,
        saved=N.saved,
        errors=N.errors,
        bar=False,
        submit_label=_("Book"),
        on_save=N.save,
    )


def _adding() -> rx.Component:
    likely = rx.cond(
        NP.likely.length() > 0,
        rx.el.div(
            banner(_("Is it one of them?"), _("Choose the person, or save again to add a new one."), tone="warn"),
            rx.foreach(
                NP.likely,
                lambda hit: rx.el.button(
                    icon("contact"),
                    rx.el.bdi(hit.name, class_name="m"),
                    rx.el.bdi(hit.note, class_name="ltr i3 t-xs"),
                    type="button",
                    class_name="menu-i",
                    key=hit.id,
                    on_click=NP.take(hit.id),
                ),
            ),
            class_name="col g-1",
        ),
    )
    back = button(_("Back"), kind="quiet", size="sm", icon="chevron-left", on_click=N.stop_adding)
    return rx.el.div(rx.el.div(back), likely, form(NewPatient, submit=_("Add")), class_name="col g-3")


def new_appointment_dialog() -> rx.Component:
    return Dialog.create(
        DialogPopup.create(
            rx.cond(N.adding, _adding(), _booking()),
            title=rx.cond(N.adding, _("New {client}"), _("New appointment")),
        ),
        open=N.shown,
        on_open_change=N.dialog_changed,
    )


def new_appointment_button() -> rx.Component:
    """At the end of the top bar; a square on a phone."""
    begin = N.begin("", "")
    return rx.fragment(
        button(_("New appointment"), kind="primary", icon="plus", class_name="hide-s", on_click=begin),
        icon_button("plus", _("New appointment"), kind="primary", class_name="only-s !size-11", on_click=begin),
    )
