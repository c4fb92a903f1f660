"""/platform/breaches: every breach that is on record, with its clock (SQ-142)"""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.breaches import breach_facts, breach_steps, step_badge
from carehub.components.buttons import Link, button
from carehub.components.display import panel
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.lists import listing
from carehub.components.overlay import Dialog, DialogPopup
from carehub.components.sheet import sheet
from carehub.state.data_desk import Breaches, NewPlatformBreach

B: Any = Breaches


def _one() -> rx.Component:
    close = Link.create(_("Close"), to="?", class_name="btn btn-q btn-sm")
    title = rx.fragment(rx.el.bdi(B.shown.title), " ", step_badge(B.shown.step))
    body = rx.el.div(
        rx.el.p(rx.el.bdi(B.shown.tenant), class_name="i2"),
        breach_facts(B.shown),
        only_with("platform.manage", breach_steps(B.shown, B.mark)),
        class_name="col g-4 card-p",
    )
    return rx.cond(B.shown.id != "", panel(title, body, action=close, class_name="m-4"))


def breaches_page() -> rx.Component:
    dialog = Dialog.create(
        DialogPopup.create(form(NewPlatformBreach, submit=_("Put on record")), title=_("A breach of CareHub itself")),
        open=B.writing,
        on_open_change=B.ask,
    )
    return rx.fragment(sheet("privacy"), _one(), listing(Breaches), dialog)


def breaches_actions() -> rx.Component:
    new = button(_("Put a breach on record"), kind="primary", icon="plus", on_click=B.ask(True))
    return only_with("platform.manage", new)
