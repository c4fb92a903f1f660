"""Staff configures services, practitioners and booking rules."""

from typing import Any

import reflex as rx

from carehub.components.buttons import back_link, button, button_link
from carehub.components.display import empty_state, panel
from carehub.components.forms import field_of, form
from carehub.components.i18n import _
from carehub.components.lists import listing
from carehub.components.overlay import Dialog, DialogPopup
from carehub.components.times import SendForm, label_of
from carehub.components.workspace import page_body
from carehub.services.booking.config_forms import KIND_LABELS
from carehub.state.config import (
    PractitionerEditor,
    PractitionerList,
    QuestionEditor,
    ServiceEditor,
    ServiceList,
    ServiceParts,
)
from carehub.state.shell import Shell

PARTS: Any = ServiceParts
TENANT: Any = Shell.tenant


def _base() -> Any:
    return "/w/" + TENANT


def services() -> rx.Component:
    add = button_link(_("New service"), _base() + "/services/new", kind="primary", size="sm", icon="plus")
    return listing(ServiceList, actions=(add,))


def practitioners() -> rx.Component:
    add = button_link(_("Add someone"), _base() + "/practitioners/new", kind="primary", size="sm", icon="plus")
    return listing(PractitionerList, actions=(add,))


def _group(title: Any, *content: rx.Component, about: Any = None) -> rx.Component:
    said = [rx.el.p(about, class_name="help")] if about is not None else []
    legend = rx.el.legend(rx.el.h2(title, class_name="t-md"), *said, class_name="legend")
    return rx.el.fieldset(legend, rx.el.div(*content, class_name="col g-4 grow"), class_name="form-g")


def _pair(*parts: rx.Component) -> rx.Component:
    return rx.el.div(*parts, class_name="two")


def _heading(back: Any, label: Any, name: Any, fresh: Any) -> rx.Component:
    title = rx.el.h2(rx.cond(name != "", rx.el.bdi(name), fresh), class_name="t-2")
    return rx.el.div(back_link(back, label), title, class_name="col g-3 items-start")


def _service_form() -> rx.Component:
    def at(name: str) -> rx.Component:
        return field_of(ServiceEditor, name)

    return form(
        ServiceEditor,
        _group(_("What"), at("name"), at("description"), _pair(at("duration_minutes"), at("price")), at("modes")),
        _group(_("Who"), at("practitioners"), about=_("Only they can be booked for it.")),
        _group(_("When"), _pair(at("minimum_notice"), at("horizon_days")), _pair(at("daily_cap"), at("slot_step"))),
        _group(
            _("Free time around"),
            _pair(at("buffer_before"), at("buffer_after")),
            about=_("Nothing else is booked there."),
        ),
        _group(
            _("Other languages"),
            at("names.fr"),
            at("names.en"),
            at("names.ar"),
            about=_("The main name is shown where a language has none."),
        ),
        _group(_("Payment"), _pair(at("prepay"), at("deposit_percent"))),
        _group(_("Where it shows"), at("is_public"), at("active"), at("position")),
        bar=True,
    )


def _terms(one: Any) -> rx.Component:
    price_id, minutes_id = "price-" + one.practitioner_id, "minutes-" + one.practitioner_id
    price = rx.el.input(
        id=price_id, name="price", default_value=one.price, input_mode="decimal", class_name="input", key=one.price
    )
    minutes = rx.el.input(
        id=minutes_id,
        name="duration_minutes",
        default_value=one.duration,
        input_mode="numeric",
        class_name="input",
        key=one.duration,
    )
    row = rx.el.div(
        rx.el.bdi(one.practitioner, class_name="m grow"),
        rx.el.input(type="hidden", name="practitioner", value=one.practitioner_id, read_only=True),
        rx.el.div(rx.el.label(_("Own price"), html_for=price_id, class_name="label"), price, class_name="field"),
        rx.el.div(rx.el.label(_("Own duration"), html_for=minutes_id, class_name="label"), minutes, class_name="field"),
        button(_("Save"), type="submit", size="sm", class_name="self-end"),
        class_name="row wrap row-b",
    )
    return rx.el.li(
        SendForm.create(row, errors=rx.Var.create({}), on_send=ServiceParts.set_terms),
        key=one.practitioner_id,
        class_name="py-2",
    )


def question(one: Any, change: Any, remove: Any) -> rx.Component:
    needed = rx.cond(one.required, rx.fragment(" · ", _("an answer is needed")))
    text = rx.el.div(
        rx.el.bdi(one.label, class_name="m"),
        rx.el.p(label_of(KIND_LABELS, one.kind), needed, class_name="t-xs i3"),
        class_name="grow",
    )
    edit = button(_("Change"), size="sm", on_click=change)
    drop = button(_("Remove"), kind="danger-quiet", size="sm", on_click=remove)
    return rx.el.li(text, edit, drop, class_name="row wrap", key=one.id)


def _question(one: Any) -> rx.Component:
    return question(one, QuestionEditor.start("", one.id), ServiceParts.remove(one.id))


def question_dialog() -> rx.Component:
    return Dialog.create(
        DialogPopup.create(
            form(QuestionEditor, submit=_("Save the question")), title=_("Intake question"), width="34rem"
        ),
        open=QuestionEditor.shown,
        on_open_change=QuestionEditor.show,
    )


def _parts() -> rx.Component:
    none = empty_state(
        _("No question is asked"),
        _("Ask only what the first meeting needs. Answers are kept encrypted."),
        glyph="clipboard-list",
    )
    asked = rx.cond(
        PARTS.asked.length() > 0, rx.el.ul(rx.foreach(PARTS.asked, _question), class_name="todo card-p"), none
    )
    add = button(_("Add a question"), size="sm", icon="plus", on_click=QuestionEditor.start("", ""))
    terms = rx.cond(
        PARTS.terms.length() > 0,
        panel(
            _("Own terms"),
            rx.el.ul(rx.foreach(PARTS.terms, _terms), class_name="card-p"),
            rx.el.p(_("Empty: the service's own."), class_name="help px-5 pb-4"),
        ),
    )
    return rx.cond(
        ServiceParts.saved, rx.fragment(terms, panel(_("Intake questions"), asked, action=add), question_dialog())
    )


def service() -> rx.Component:
    head = _heading(_base() + "/services", _("Services"), ServiceEditor.name, _("New service"))
    return page_body(head, _service_form(), _parts(), narrow=True)


class PhotoField(rx.Component):
    """A portrait, sent as soon as it is chosen; `on_keep` gets the file's id."""

    library = "$/public/ui/photo.jsx"
    tag = "PhotoField"
    url: rx.Var[str]
    label: rx.Var[str]
    on_keep: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def practitioner() -> rx.Component:
    def at(name: str) -> rx.Component:
        return field_of(PractitionerEditor, name)

    head = _heading(_base() + "/practitioners", _("{Practitioners}"), PractitionerEditor.name, _("Someone new"))
    content = form(
        PractitionerEditor,
        _group(
            _("Who"),
            _pair(at("given_name"), at("family_name")),
            _pair(at("honorific"), at("practising_since")),
            at("headline"),
        ),
        _group(_("Profile"), at("biography"), at("certifications"), at("specialities"), at("languages")),
        _group(_("Register"), _pair(at("registration_kind"), at("registration_number"))),
        _group(
            _("Agenda"),
            _pair(at("site"), at("time_zone")),
            _pair(at("confirmation"), at("colour")),
            at("works_on_holidays"),
        ),
        _group(_("Where it shows"), at("visibility"), at("accepts_new"), at("active"), at("position")),
        bar=True,
    )
    profile = button_link(
        _("Portrait, gallery, visibility and verification"),
        _base() + "/profile?of=" + PractitionerEditor.kept,
        icon="user-round-check",
    )
    return page_body(head, rx.cond(PractitionerEditor.kept != "", profile), content, narrow=True)
