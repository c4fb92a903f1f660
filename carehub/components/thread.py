"""What two sides said to each other, and the box to say more."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button
from carehub.components.display import moment
from carehub.components.fields import field, text_area
from carehub.components.i18n import _
from carehub.services.support import Message


def thread(messages: Any, *, desk: Any, person: Any) -> rx.Component:
    """The oldest first; `desk` and `person` name the two sides, as text."""
    return rx.el.ol(
        rx.foreach(messages.to(list[Message]), lambda one: _message(one, desk, person)), class_name="col g-4"
    )


def _message(one: Any, desk: Any, person: Any) -> rx.Component:
    who = rx.el.bdi(rx.cond(one.from_desk, desk, person))
    return rx.el.li(
        rx.el.p(rx.el.span(who, class_name="b"), " · ", moment(one.at, style="relative"), class_name="t-xs i3"),
        rx.el.p(rx.el.bdi(one.body), class_name="whitespace-pre-wrap break-words"),
        class_name=rx.cond(one.from_desk, "card card-p", "col g-1"),
        key=one.id,
    )


def answer_box(label: Any, on_submit: Any) -> rx.Component:
    return rx.el.form(
        field("body", label, text_area("body", rows=4, max_length=4000, required=True)),
        button(_("Send"), kind="primary", icon="send", type="submit", class_name="self-start"),
        on_submit=on_submit,
        reset_on_submit=True,
        class_name="col g-3",
    )
