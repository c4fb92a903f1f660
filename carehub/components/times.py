"""Free times as people choose them: a week of columns, the ribbon of what follows, a ticket for what was chosen."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, icon_button
from carehub.components.display import state as nothing
from carehub.components.i18n import _, date_text, service_text
from carehub.components.icon import icon
from carehub.core.i18n import N_
from carehub.services.booking.views import AppointmentView

MODE_LABELS = {"in_person": N_("On site"), "video": N_("Video"), "phone": N_("By phone")}
MODE_ICONS = {"in_person": "map-pin", "video": "video", "phone": "phone"}
STATUS_LABELS = {
    "pending": N_("Awaiting an answer"),
    "proposed": N_("Another time is proposed"),
    "booked": N_("Confirmed"),
    "arrived": N_("Arrived"),
    "fulfilled": N_("Done"),
    "noshow": N_("Missed"),
    "cancelled": N_("Cancelled"),
    "declined": N_("Declined"),
}
STATUS_TONES = {
    "pending": "warn",
    "proposed": "now",
    "booked": "ok",
    "arrived": "info",
    "cancelled": "bad",
    "declined": "bad",
}


class _Booking(rx.Component):
    library = "$/public/ui/booking.jsx"


class Countdown(_Booking):
    """The time left until a moment; `on_end` once when it is over."""

    tag = "Countdown"
    until: rx.Var[str]
    on_end: rx.EventHandler[rx.event.no_args_event_spec]


class SendForm(_Booking):
    """Sends its fields at once; what was typed stays in the browser whatever is answered."""

    tag = "SendForm"
    errors: rx.Var[dict[str, Any]]
    answered: rx.Var[int]
    on_send: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


class Step(_Booking):
    """A part that takes the focus whenever `at` changes."""

    tag = "Step"
    at: rx.Var[Any]


def label_of(labels: dict[str, str], code: Any) -> rx.Var[str]:
    """The word for a code that comes from state."""
    return rx.match(code, *((value, _(label)) for value, label in labels.items()), "")


def mode_icon(mode: Any) -> rx.Component:
    return rx.match(mode, *((value, icon(name)) for value, name in MODE_ICONS.items()), rx.fragment())


def status_badge(status: Any) -> rx.Component:
    tone = rx.match(status, *((value, f"badge is-{tone}") for value, tone in STATUS_TONES.items()), "badge")
    return rx.el.span(label_of(STATUS_LABELS, status), class_name=tone)


def local_time(local: Any, style: str = "time") -> rx.Var[str]:
    """A wall time (2026-11-21T11:15) as it is written, whatever the reader's own zone."""
    return date_text(local, style=style)


def _slot(slot: Any, on_pick: Any, chosen: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        local_time(slot.local),
        type="button",
        class_name="slot",
        aria_pressed=rx.cond(slot.starts_at == chosen, "true", "false"),
        aria_label=local_time(slot.local, "datetime"),
        on_click=on_pick(slot.starts_at),
        key=slot.starts_at,
    )


def _day(day: Any, on_pick: Any, chosen: rx.Var[str]) -> rx.Component:
    head = rx.el.h4(
        rx.el.span(date_text(day.day, style="weekday"), class_name="t-xs i3"),
        rx.el.b(date_text(day.day, style="number"), class_name="num"),
        aria_label=date_text(day.day, style="long"),
    )
    times = rx.foreach(day.slots, lambda slot: _slot(slot, on_pick, chosen))
    return rx.el.div(head, times, class_name="wday", key=day.day)


def _empty(state: Any) -> rx.Component:
    jump = button(
        _("Next free: {day}", day=date_text(state.next_free, style="long")),
        kind="soft",
        icon="arrow-right",
        on_click=state.show_day(state.next_free),
    )
    some = nothing("calendar-x", _("No free time this week"), "", jump)
    none = nothing(
        "calendar-off", _("No free time at the moment"), _("Contact the practice directly, or come back later.")
    )
    return rx.cond(state.next_free != "", some, none)


def week_picker(state: Any, on_pick: Any, chosen: rx.Var[str]) -> rx.Component:
    """The week's free times with its paging. `state` is a WeekPicker, `on_pick(starts_at)` a handler, `chosen` the time chosen."""
    title = rx.el.h3(
        _(
            "{first} to {last}",
            first=date_text(state.week, style="daymonth"),
            last=date_text(state.week_end, style="daymonth"),
        ),
        class_name="t-md",
        aria_live="polite",
    )
    before = icon_button(
        "chevron-left", _("Week before"), size="sm", on_click=state.turn(-1), disabled=~state.has_before
    )
    after = icon_button("chevron-right", _("Week after"), size="sm", on_click=state.turn(1))
    bars = rx.el.div(
        rx.foreach(state.ribbon, lambda bar: rx.el.i(class_name=bar.kind, style={"--v": bar.height}, key=bar.day)),
        class_name="ribbon",
        aria_hidden=True,
    )
    grid = rx.el.div(
        rx.el.div(rx.foreach(state.days, lambda day: _day(day, on_pick, chosen)), class_name="wgrid"),
        class_name="wscroll",
        role="group",
        aria_label=_("Free times"),
    )
    return rx.el.div(
        rx.el.div(title, rx.el.span(before, after, class_name="end row g-1"), class_name="row"),
        bars,
        rx.cond(state.is_free, grid, _empty(state)),
        class_name="col g-3",
        aria_busy=~state.searched,
    )


def ticket(view: Any) -> rx.Component:
    """An appointment as a ticket: the day at the start, hour, who and where beside it."""
    view = view.to(AppointmentView)
    day = rx.el.div(
        rx.el.span(local_time(view.local_start, "weekdaylong"), class_name="t-sm"),
        rx.el.b(local_time(view.local_start, "number"), class_name="num"),
        rx.el.span(local_time(view.local_start, "monthonly"), class_name="t-sm"),
        class_name="ticket-d",
    )
    hours = _("{from} to {to}", **{"from": local_time(view.local_start), "to": local_time(view.local_end)})
    where = rx.cond(view.address != "", rx.el.bdi(view.address), label_of(MODE_LABELS, view.mode))
    facts = rx.el.div(
        rx.el.p(hours, class_name="t-2 b num"),
        rx.el.p(rx.el.bdi(view.practitioner), class_name="m"),
        rx.el.p(rx.el.bdi(service_text(view)), " · ", where, class_name="t-sm i3"),
        class_name="grow col py-3",
    )
    return rx.el.div(day, facts, class_name="ticket")
