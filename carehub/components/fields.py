"""Form controls. Each carries its label; `error` replaces `help` and says how to mend it."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.components.sheet import sheet


def _notes(name: str, help: Any, error: Any) -> list[rx.Component]:
    shown: list[rx.Component] = []
    if help is not None:
        below = rx.el.p(help, id=f"{name}-help", class_name="help")
        shown.append(below if error is None else rx.cond(error, rx.fragment(), below))
    if error is not None:
        shown.append(
            rx.cond(error, rx.el.p(icon("circle-alert", size="sm"), error, id=f"{name}-error", class_name="error"))
        )
    return shown


def described(name: str, error: Any) -> dict[str, Any]:
    """The attributes that tie a control to its help and its error."""
    said: dict[str, Any] = {"aria_describedby": f"{name}-help {name}-error"}
    if error is not None:
        said["aria_invalid"] = rx.cond(error, "true", "false")
    return said


def field(
    name: str, label: Any, control: rx.Component, *, help: Any = None, error: Any = None, optional: bool = False
) -> rx.Component:
    """A control under its label. `name` is the control's id."""
    mark = [" ", rx.el.span("(", _("optional"), ")", class_name="i3")] if optional else []
    return rx.el.div(
        rx.el.label(label, *mark, html_for=name, class_name="label"),
        control,
        *_notes(name, help, error),
        class_name="field",
    )


def text_input(name: str, *, type: str = "text", error: Any = None, **props: Any) -> rx.Component:
    return rx.el.input(id=name, name=name, type=type, class_name="input", **described(name, error), **props)


def affixed_input(name: str, *, before: Any = None, after: Any = None, error: Any = None, **props: Any) -> rx.Component:
    """An input with something at its start (an icon) or end (a currency, a button)."""
    inner = rx.el.input(id=name, name=name, **described(name, error), **props)
    end = (
        [rx.el.span(after, class_name="affix") if isinstance(after, str | rx.Var) else after]
        if after is not None
        else []
    )
    bad = rx.cond(error, "input is-bad", "input") if error is not None else "input"
    return rx.el.span(*([before] if before is not None else []), inner, *end, class_name=bad)


def text_area(name: str, *, rows: int = 3, error: Any = None, **props: Any) -> rx.Component:
    return rx.el.textarea(id=name, name=name, rows=str(rows), class_name="input", **described(name, error), **props)


def select(name: str, options: Any, *, empty: Any = None, error: Any = None, **props: Any) -> rx.Component:
    """`options`: (value, label) pairs, or a Var of [{value, label}]. `empty` is the label of no choice."""
    first = [rx.el.option(empty, value="")] if empty is not None else []
    if isinstance(options, rx.Var):
        rest: list[Any] = [
            rx.foreach(options, lambda one: rx.el.option(one["label"], value=one["value"], key=one["value"]))
        ]
    else:
        rest = [rx.el.option(label, value=value) for value, label in options]
    return rx.el.select(*first, *rest, id=name, name=name, class_name="input", **described(name, error), **props)


def checkbox(name: str, label: Any, *, help: Any = None, **props: Any) -> rx.Component:
    text = [label] if help is None else [label, rx.el.br(), rx.el.span(help, class_name="help")]
    box = rx.el.input(id=name, name=name, type="checkbox", **props)
    return rx.el.label(box, rx.el.span(*text), class_name="check")


def switch(name: str, label: Any, **props: Any) -> rx.Component:
    """On or off, at once: nothing else has to be pressed."""
    box = rx.el.input(id=name, name=name, type="checkbox", role="switch", class_name="switch", **props)
    return rx.el.label(box, rx.el.span(label), class_name="row", html_for=name)


def radios(
    name: str, legend: Any, options: Sequence[tuple[str, Any]], *, value: Any = None, on_change: Any = None
) -> rx.Component:
    """A short choice on one line."""
    picked = _picked(name, value, on_change)
    marks = [
        rx.el.label(rx.el.input(type="radio", **picked(code)), rx.el.span(text), class_name="check")
        for code, text in options
    ]
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="label"), rx.el.div(*marks, class_name="row wrap g-4"), class_name="choice-set"
    )


def choices(
    name: str, legend: Any, options: Sequence[tuple[str, Any, Any]], *, value: Any = None, on_change: Any = None
) -> rx.Component:
    """A choice whose options carry a sentence: (value, label, sentence)."""
    picked = _picked(name, value, on_change)
    cards = [
        rx.el.label(
            rx.el.input(type="radio", **picked(code)),
            rx.el.span(rx.el.span(text, class_name="b"), rx.el.span(said, class_name="help"), class_name="col"),
            class_name="choice",
        )
        for code, text, said in options
    ]
    return rx.el.fieldset(
        sheet("entering"),
        rx.el.legend(legend, class_name="label"),
        rx.el.div(*cards, class_name="col g-2x"),
        class_name="choice-set",
    )


def _picked(name: str, value: Any, on_change: Any) -> Any:
    def attributes(code: str) -> dict[str, Any]:
        given: dict[str, Any] = {"name": name, "value": code}
        if on_change is not None:
            given |= {"checked": value == code, "on_change": lambda _event: on_change(code)}
        elif value is not None:
            given |= {"default_checked": value == code}
        return given

    return attributes


def search_input(name: str, label: Any, **props: Any) -> rx.Component:
    inner = rx.el.input(id=name, name=name, type="search", placeholder=label, aria_label=label, **props)
    return rx.el.label(icon("search", size="sm"), inner, class_name="input")


def code_input(name: str, label: Any, **props: Any) -> rx.Component:
    """A one-time code: one real input over six drawn cells (never six inputs). assets/ui/code.jsx draws what is typed."""
    return CodeField.create(name=name, label=label, **props)


class CodeField(rx.Component):
    library = "$/public/ui/code.jsx"
    tag = "CodeField"
    name: rx.Var[str]
    label: rx.Var[str]
    invalid: rx.Var[bool]
    on_complete: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class PasswordField(rx.Component):
    """A password that can be shown; `meter` adds a bar and one sentence while a new one is chosen (12 characters)."""

    library = "$/public/ui/password.jsx"
    tag = "PasswordField"
    name: rx.Var[str]
    auto_complete: rx.Var[str]
    meter: rx.Var[bool]
    invalid: rx.Var[bool]
    described_by: rx.Var[str]


def password_input(name: str, *, fresh: bool = False, error: Any = None) -> rx.Component:
    """`fresh`: a new password is being chosen."""
    return PasswordField.create(
        name=name,
        auto_complete="new-password" if fresh else "current-password",
        meter=fresh,
        described_by=f"{name}-help {name}-error",
        **({} if error is None else {"invalid": error != ""}),
    )
