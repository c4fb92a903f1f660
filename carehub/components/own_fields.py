"""A tenant's own fields as a form: drawn from what the tenant defined, sent at once, each refusal at its field."""

from typing import Any

import reflex as rx

from carehub.components import fields
from carehub.components.access import may
from carehub.components.buttons import button
from carehub.components.display import panel
from carehub.components.forms import wrong_text
from carehub.components.i18n import _
from carehub.components.times import SendForm
from carehub.services.custom import ValueView
from carehub.state.custom import OwnValues


def _option(one: Any) -> rx.Component:
    return rx.el.option(one["label"], value=one["id"], key=one["id"])


def _choice(one: Any, shared: dict[str, Any]) -> rx.Component:
    options = rx.Var.create(one.choices).to(list[dict[str, str]])
    return rx.el.select(rx.el.option(_("Choose"), value=""), rx.foreach(options, _option), class_name="input", **shared)


def _field(one: Any, errors: Any) -> rx.Component:
    error = wrong_text(errors, one.id)
    shared: dict[str, Any] = {
        "id": one.id,
        "name": one.id,
        "default_value": one.value,
        "key": one.value,
        "custom_attrs": {"aria-required": rx.cond(one.required, "true", "false")},
        **fields.described(one.id, error),
    }
    control = rx.match(
        one.kind,
        ("number", rx.el.input(class_name="input", input_mode="decimal", **shared)),
        ("date", rx.el.input(class_name="input", type="date", **shared)),
        ("choice", _choice(one, shared)),
        rx.el.input(class_name="input", **shared),
    )
    box = rx.el.input(type="checkbox", id=one.id, name=one.id, default_checked=one.value != "", key=one.value)
    ticked = rx.el.label(box, rx.el.span(rx.el.bdi(one.label)), class_name="check", key=one.id)
    asked = fields.field(one.id, rx.el.bdi(one.label), control, help=one.help, error=error)
    return rx.cond(one.kind == "yes_no", ticked, rx.el.div(asked, key=one.id))


def _read_only(one: Any) -> rx.Component:
    answer = rx.cond(one.value != "", _("Yes"), _("No"))
    shown = rx.cond(one.kind == "yes_no", answer, rx.cond(one.shown != "", rx.el.bdi(one.shown), "–"))
    return rx.el.div(rx.el.dt(rx.el.bdi(one.label)), rx.el.dd(shown), key=one.id)


def own_fields(state: type[OwnValues], *, save: Any, permission: str) -> rx.Component:
    """The fields of `state`, filled in by who has `permission`; nothing where the tenant defined none."""
    given = rx.Var.create(state.given).to(list[ValueView])
    form = SendForm.create(
        rx.foreach(given, lambda one: _field(one, state.errors)),
        button(_("Save"), type="submit", class_name="self-start"),
        errors=state.errors,
        answered=state.answered,
        on_send=save,
    )
    read = rx.el.dl(rx.foreach(given, _read_only), class_name="sum")
    body = rx.el.div(rx.cond(may(permission), form, read), class_name="card-p")
    return rx.cond(given.length() > 0, panel(_("More"), body))
