"""The board of coming appointments, and the queue of requests. MC-062, MC-064."""

from typing import Any

import reflex as rx

from carehub.components.agenda import Board as Lanes
from carehub.components.appointment_words import MODE_LABELS, said
from carehub.components.buttons import button
from carehub.components.display import empty_state, error_state, loading_state, refused_state
from carehub.components.i18n import _, date_text, ngettext, service_text
from carehub.pages.workspace.appointment import appointment_drawer
from carehub.state.appointment import Drawer
from carehub.state.board import Board

B: Any = Board  # what a Var can do is not in its Python type


def _with_drawer(ready: rx.Component) -> rx.Component:
    body = rx.match(
        B.status,
        ("refused", refused_state()),
        ("failed", error_state(B.load)),
        ("loading", loading_state(rows=6)),
        ready,
    )
    main = rx.el.div(body, class_name="col grow min-h-0 min-w-0 !gap-0")
    return rx.el.div(main, appointment_drawer(), class_name="row grow min-h-0 !gap-0 !items-stretch")


def board_page() -> rx.Component:
    lanes = [
        {"id": "pending", "title": _("Waiting for an answer"), "cat": 4},
        {"id": "confirmed", "title": _("Confirmed"), "cat": 1},
        {"id": "cancelled", "title": _("Cancelled or refused"), "cat": 8},
    ]
    drawn = Lanes.create(
        lanes=lanes,
        cards=B.cards,
        refused=B.refused,
        may_change=B.may_change,
        selected=Drawer.opened,
        on_move=B.move,
        on_open=Drawer.show,
    )
    more = ngettext("{n} later appointment is in the agenda", "{n} later appointments are in the agenda", B.more)
    return _with_drawer(rx.fragment(drawn, rx.cond(B.more > 0, rx.el.p(more, class_name="t-xs i3 agenda-bar num"))))


def _request(view: Any) -> rx.Component:
    when = rx.el.span(date_text(view.local_start), class_name="b num")
    who = rx.el.span(
        rx.el.span(class_name="dot dot-cat", aria_hidden=True),
        rx.el.bdi(view.practitioner, class_name="clip"),
        class_name="row g-1h min-w-0 i3 t-xs cat-" + view.colour.to(str),
    )
    named = rx.el.button(
        rx.el.bdi(view.patient), type="button", class_name="b text-start hover:underline", on_click=Drawer.show(view.id)
    )
    what = rx.el.span(rx.el.bdi(service_text(view)), " · ", said(MODE_LABELS, view.mode), class_name="i3 t-xs clip")
    verbs = rx.el.div(
        button(_("Accept"), kind="primary", size="sm", icon="check", on_click=B.accept(view.id)),
        button(_("Propose"), size="sm", on_click=B.answer(view.id, "propose")),
        button(_("Refuse"), kind="quiet", size="sm", on_click=B.answer(view.id, "decline")),
        class_name="row wrap",
    )
    return rx.el.li(
        rx.el.div(when, who, class_name="col g-1 min-w-0"),
        rx.el.div(named, what, class_name="col min-w-0"),
        rx.cond(B.may_change, verbs, rx.fragment()),
        key=view.id,
        class_name="request",
    )


def requests_page() -> rx.Component:
    none = empty_state(_("Every request is answered"), _("New ones appear here as they come."), glyph="circle-check")
    rows = rx.el.ul(rx.foreach(B.requests, _request), class_name="col", aria_label=_("Requests"))
    listed = rx.el.div(rows, class_name="scroll grow", tab_index=0)
    return _with_drawer(rx.cond(B.requests.length() > 0, listed, none))
