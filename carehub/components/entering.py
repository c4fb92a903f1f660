"""Entering: the form on paper with the day drawn beside it, the hour that is held, the wizard with its preview."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from carehub.components import navigation
from carehub.components.buttons import Link
from carehub.components.display import steps
from carehub.components.frame import language_select
from carehub.components.i18n import _
from carehub.components.icon import icon, logo
from carehub.components.sheet import sheet
from carehub.core.i18n import N_

# A day as the agenda draws it, without names: (hour, hours) a block, one list a column.
SAMPLE_DAY = (
    ((8.0, 0.75), (9.0, 1.0), (10.25, 0.75), (11.25, 0.5), (14.0, 0.75), (16.0, 1.0)),
    ((8.5, 1.0), (9.75, 0.75), (11.0, 1.0), (13.5, 1.5), (15.25, 0.75)),
    ((7.5, 1.0), (9.25, 0.5), (10.0, 1.25), (13.0, 0.75), (14.0, 1.0), (16.25, 0.75)),
)


class _Entering(rx.Component):
    library = "$/public/ui/entering.jsx"


class DayArt(_Entering):
    """`columns`: [{label?, cat?, blocks: [{at, hours, kind, text?}]}] in hours of the day; kind: busy, open, shut, freed or held.

    Without labels it is today: what is past turns grey and the coral line stands at the reader's minute.
    """

    tag = "DayArt"
    columns: rx.Var[list[dict[str, Any]]]


class Countdown(_Entering):
    """The time left until an ISO moment, in words, in coral; fires `on_end` once."""

    tag = "Countdown"
    until: rx.Var[str]
    on_end: rx.EventHandler[rx.event.no_args_event_spec]


def sample_day() -> rx.Component:
    """The day at agenda scale, as sign-in shows it."""
    columns = [
        {"cat": place, "blocks": [{"at": at, "hours": hours, "kind": "busy"} for at, hours in blocks]}
        for place, blocks in enumerate(SAMPLE_DAY, 1)
    ]
    return DayArt.create(columns=columns)


def auth_layout(title: Any, lead: Any, *content: Any, art: rx.Component | None = None) -> rx.Component:
    """Form at the start, the day beside it (form only on a phone). For pages with shell="none"."""
    links = [
        Link.create(_(label), to=to)
        for label, to in ((N_("Privacy"), "/privacy"), (N_("Terms"), "/terms"), (N_("Help"), "/help"))
        if navigation.known(to)
    ]
    heading = rx.el.div(
        rx.el.h1(title, class_name="t-3"), *([rx.el.p(lead, class_name="i2")] if lead is not None else [])
    )
    form = rx.el.main(
        rx.el.div(Link.create(logo(), to="/", aria_label="CareHub"), class_name="row"),
        rx.el.div(heading, *content, class_name="auth-in"),
        rx.el.div(
            rx.el.span(*links, class_name="row wrap g-4 ours"),
            rx.el.span(language_select(), class_name="end"),
            class_name="row wrap g-4 t-xs i3",
        ),
        id="main",
        class_name="auth-f",
    )
    day = rx.el.div(art if art is not None else sample_day(), class_name="auth-d")
    return rx.el.div(sheet("entering"), form, day, class_name="auth")


def held(what: Any, until: Any, *, on_end: Any = None) -> rx.Component:
    """The hour that is kept while a form is filled, with the time left. Stands on every step until the booking is confirmed."""
    said = rx.el.div(
        rx.el.p(what, class_name="b"), rx.el.p(_("Kept for you meanwhile"), class_name="i3 t-xs"), class_name="grow"
    )
    timer = Countdown.create(until=until, **({"on_end": on_end} if on_end is not None else {}))
    return rx.el.div(icon("calendar-check", class_name="acc"), said, timer, class_name="held")


def divider(text: Any) -> rx.Component:
    return rx.el.p(sheet("entering"), text, class_name="or")


def wizard(
    labels: Sequence[Any], current: Any, *content: Any, preview: Any, saved: Any = None, leave: Any = None
) -> rx.Component:
    """Header with steps and what is saved; form at the start; preview at the end on canvas, with its own `data-accent`.

    The tenant's colour lives in the preview only: buttons of the wizard stay CareHub's.
    """
    ends = [
        *([rx.el.span(saved, class_name="t-xs i3 hide-s")] if saved is not None else []),
        *([leave] if leave is not None else []),
    ]
    head = rx.el.header(
        Link.create(logo(), to="/", aria_label="CareHub"),
        steps(labels, current),
        rx.el.span(*ends, class_name="row end"),
        class_name="wiz-h",
    )
    form = rx.el.main(rx.el.div(*content, class_name="wiz-in"), id="main", class_name="wiz-f")
    beside = rx.el.aside(preview, class_name="wiz-p", aria_label=_("Preview"))
    return rx.el.div(sheet("entering"), head, form, beside, class_name="wiz")


def lost_page() -> rx.Component:
    """404: the address leads nowhere."""
    return rx.el.main(
        icon("compass", size="xl", class_name="glyph"),
        rx.el.h1(_("There is nothing at this address"), class_name="t-1"),
        rx.el.p(_("The link may be old, or a letter is missing.")),
        Link.create(_("Back to the start"), to="/", class_name="btn btn-p"),
        id="main",
        class_name="state min-h-dvh justify-center",
    )
