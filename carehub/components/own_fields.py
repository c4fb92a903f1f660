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


class OwnFile(rx.Component):
    """A file in an own field, sent as soon as it is chosen."""

    library = "$/public/ui/own_file.jsx"
    tag = "OwnFile"
    field: rx.Var[str]
    file: rx.Var[str]
    name: rx.Var[str]
    record: rx.Var[str]  # what the address names the record by: "patient=…"
    label: rx.Var[str]
    may_change: rx.Var[bool]
    on_keep: rx.EventHandler[rx.event.no_args_event_spec]
    on_remove: rx.EventHandler[rx.event.no_args_event_spec]


def _file(one: Any, state: Any, permission: str) -> rx.Component:
    return OwnFile.create(
        field=one.id,
        file=one.value,
        name=one.shown,
        record=state.record,
        label=one.label,
        may_change=may(permission),
        on_keep=state.load,
        on_remove=state.drop_file(one.id),
        key=one.id,
    )


def _option(one: Any) -> rx.Component:
    return rx.el.option(one["label"], value=one["id"], key=one["id"])


def _choice(one: Any, shared: dict[str, Any]) -> rx.Component:
    options = rx.Var.create(one.choices).to(list[dict[str, str]])
    return rx.el.select(rx.el.option(_("Choose"), value=""), rx.foreach(options, _option), class_name="input", **shared)


def _field(one: Any, errors: Any) -> rx.Component:
    """A file has a place of its own, below: it is no part of what the form sends."""
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
    return rx.match(one.kind, ("yes_no", ticked), ("file", rx.fragment(key=one.id)), rx.el.div(asked, key=one.id))


def _read_only(one: Any) -> rx.Component:
    answer = rx.cond(one.value != "", _("Yes"), _("No"))
    shown = rx.cond(one.kind == "yes_no", answer, rx.cond(one.shown != "", rx.el.bdi(one.shown), "–"))
    line = rx.el.div(rx.el.dt(rx.el.bdi(one.label)), rx.el.dd(shown), key=one.id)
    return rx.cond(one.kind == "file", rx.fragment(key=one.id), line)


def own_fields(state: type[OwnValues], *, save: Any, permission: str) -> rx.Component:
    """The fields of `state`, filled in by who has `permission`; nothing where the tenant defined none."""
    given = rx.Var.create(state.given).to(list[ValueView])
    form = SendForm.create(
        rx.el.div(rx.foreach(given, lambda one: _field(one, state.errors)), class_name="grid gap-4 sm:grid-cols-2"),
        button(_("Save"), type="submit", class_name="self-start"),
        errors=state.errors,
        answered=state.answered,
        on_send=save,
    )
    read = rx.el.dl(rx.foreach(given, _read_only), class_name="sum")
    files = rx.el.div(
        rx.foreach(given, lambda one: rx.cond(one.kind == "file", _file(one, state, permission))),
        class_name="grid gap-4 sm:grid-cols-2",
    )
    plain = rx.cond(state.has_plain, rx.cond(may(permission), form, read))
    body = rx.el.div(plain, files, class_name="card-p col g-4")
    return rx.cond(given.length() > 0, panel(_("Further details"), body))
