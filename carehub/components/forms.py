"""A form from a Pydantic model: label, help, the server's message at the field, nested groups, a warning before leaving."""

import datetime as dt
import enum
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, get_origin

import reflex as rx
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from carehub.components import fields
from carehub.components.access import refused_without
from carehub.components.buttons import button
from carehub.components.display import loading_state
from carehub.components.i18n import _, sent_text
from carehub.core.i18n import N_
from carehub.state.form import FormState, bare

WEEKDAY_LABELS = {
    "0": N_("Monday"),
    "1": N_("Tuesday"),
    "2": N_("Wednesday"),
    "3": N_("Thursday"),
    "4": N_("Friday"),
    "5": N_("Saturday"),
    "6": N_("Sunday"),
}
TYPES: dict[Any, str] = {dt.date: "date", dt.time: "time", dt.datetime: "datetime-local"}


class Form(rx.Component):
    library = "$/public/ui/form.jsx"
    tag = "Form"
    values: rx.Var[dict[str, str]]
    saved: rx.Var[int]
    errors: rx.Var[dict[str, Any]]
    bar: rx.Var[bool]
    submit_label: rx.Var[str]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


class ManyChoices(rx.Component):
    """Several of a list: boxes that travel as one comma-separated value."""

    library = "$/public/ui/form.jsx"
    tag = "ManyChoices"
    name: rx.Var[str]
    value: rx.Var[str]
    options: rx.Var[list[dict[str, str]]]


def _extra(info: FieldInfo) -> dict[str, Any]:
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}


def _labels(kind: Any, info: FieldInfo) -> list[tuple[str, Any]]:
    """An enum's choices: its own LABELS (value -> msgid), else its values."""
    labels: Mapping[str, str] = _extra(info).get("labels") or getattr(kind, "LABELS", {})
    return [(choice.value, _(labels[choice.value]) if choice.value in labels else choice.value) for choice in kind]


def _many(state: type[FormState], name: str, inner: Any, info: FieldInfo) -> rx.Component:
    is_enum = isinstance(inner, type) and issubclass(inner, enum.Enum)
    labels = (
        [{"value": value, "label": label} for value, label in _labels(inner, info)] if is_enum else state.choices[name]
    )
    return ManyChoices.create(name=name, value=state.values[name], options=labels)


def _control(state: type[FormState], name: str, info: FieldInfo, error: Any) -> rx.Component:
    kind, extra = bare(info.annotation), _extra(info)
    shared: dict[str, Any] = {"default_value": state.values[name], "error": error}
    if info.is_required():
        shared["custom_attrs"] = {"aria-required": "true"}
    if get_origin(kind) in (list, set, tuple, frozenset):
        return _many(state, name, kind.__args__[0], info)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return fields.select(name, _labels(kind, info), empty=None if info.is_required() else "", **shared)
    if extra.get("widget") == "select":
        return fields.select(
            name, state.choices[name], empty=_("Choose") if not extra.get("no_empty") else None, **shared
        )
    if extra.get("widget") == "textarea":
        return fields.text_area(name, rows=int(extra.get("rows", 4)), **shared)
    if extra.get("widget") == "password":
        return fields.password_input(name, fresh=bool(extra.get("fresh")), error=error)
    if extra.get("after"):
        return fields.affixed_input(name, after=_(extra["after"]), input_mode="decimal", **shared)
    if extra.get("currency_field"):
        return fields.affixed_input(name, after=state.values[extra["currency_field"]], input_mode="decimal", **shared)
    return fields.text_input(name, type=_type(kind, extra), **_limits(kind), **_hints(extra), **shared)


def _type(kind: Any, extra: dict[str, Any]) -> str:
    if kind in TYPES:
        return TYPES[kind]
    if getattr(kind, "__name__", "") == "EmailStr":
        return "email"
    return str(extra.get("type", "text"))


def _limits(kind: Any) -> dict[str, Any]:
    if kind is int:
        return {"input_mode": "numeric"}
    return {"input_mode": "decimal"} if kind in (float, Decimal) else {}


def _hints(extra: dict[str, Any]) -> dict[str, Any]:
    return {name: extra[name] for name in ("auto_complete", "placeholder") if name in extra}


def _field(state: type[FormState], name: str, info: FieldInfo) -> rx.Component:
    error = wrong_text(state.errors, name)
    label, help = _(info.title or name), _(info.description) if info.description else None
    if bare(info.annotation) is bool:
        return fields.checkbox(name, label, help=help, default_checked=state.values[name] != "")
    control = _control(state, name, info, error)
    return fields.field(
        name, label, control, help=help, error=error, optional=not info.is_required() and info.default in (None, "")
    )


def wrong_text(errors: Any, name: str) -> rx.Var[str]:
    """The message at a field, empty when it is right. `errors` is a form state's."""
    wrong = errors[name]
    return rx.cond(errors.contains(name), sent_text(wrong.key, wrong.params), "")


def field_of(state: type[FormState], name: str) -> rx.Component:
    """One field of a form laid out by hand. `name` is dotted for a nested one."""
    model: Any = state.model
    *groups, last = name.split(".")
    for group in groups:
        model = bare(model.model_fields[group].annotation)
    return _field(state, name, model.model_fields[last])


def fields_of(state: type[FormState], model: type[BaseModel] | None = None, prefix: str = "") -> list[rx.Component]:
    """Every field of the model; a nested model is a group under its title."""
    parts: list[rx.Component] = []
    for name, info in (model or state.model).model_fields.items():
        nested = bare(info.annotation)
        if isinstance(nested, type) and issubclass(nested, BaseModel):
            heading = [rx.el.h2(_(info.title or name), class_name="t-md")]
            about = [rx.el.p(_(info.description), class_name="help")] if info.description else []
            legend = rx.el.legend(*heading, *about, class_name="legend")
            inner = rx.el.div(*fields_of(state, nested, f"{prefix}{name}."), class_name="col g-4 grow")
            parts.append(rx.el.fieldset(legend, inner, class_name="form-g"))
        else:
            parts.append(_field(state, prefix + name, info))
    return parts


def form(
    state: type[FormState], *content: rx.Component, submit: Any = None, bar: bool = False, block: bool = False
) -> rx.Component:
    """The form of `state`: its own fields, or `content` laid out by hand with `field_of`.

    `bar`: a bar at the bottom appears once something changed, names what, and saves; otherwise a button stands at the end.
    """
    label = submit if submit is not None else _("Save")
    end = (
        []
        if bar
        else [button(label, kind="primary", type="submit", block=block, class_name="self-start" if not block else "")]
    )
    made = Form.create(
        *(content or fields_of(state)),
        *end,
        values=state.values,
        saved=state.saved,
        errors=state.errors,
        bar=bar,
        submit_label=label,
        on_save=state.save,
    )
    return refused_without(state.permission, rx.cond(state.opened, made, loading_state()))
