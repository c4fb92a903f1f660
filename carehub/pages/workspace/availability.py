"""Open hours edited on the calendar: draw, drag, stretch; one day or every week; absences. MC-061, DI-052..DI-054."""

from typing import Any

import reflex as rx

from carehub.components import fields
from carehub.components.agenda import HoursCalendar
from carehub.components.appointment_words import MODE_LABELS, said
from carehub.components.buttons import button, icon_button
from carehub.components.display import banner, empty_state, error_state, loading_state, refused_state
from carehub.components.forms import form
from carehub.components.i18n import _, date_text, ngettext, range_text
from carehub.components.lists import QueryLink
from carehub.components.overlay import Dialog, DialogPopup
from carehub.pages.workspace.appointment import appointment_drawer
from carehub.state.appointment import Drawer
from carehub.state.availability import Absence, Hours

H: Any = Hours  # what a Var can do is not in its Python type


def _person(one: Any) -> rx.Component:
    return QueryLink.create(
        rx.el.span(class_name="dot dot-cat", aria_hidden=True),
        rx.el.bdi(one.name),
        change={"who": one.id},
        class_name="chip cat-" + one.colour.to(str),
        custom_attrs={"aria-current": rx.cond(one.shown, "true", "false")},
        key=one.id,
    )


def _legend() -> rx.Component:
    marks = [
        (_("Open"), {"background": "var(--accent-soft)", "border": "1px solid var(--accent-line)"}, ""),
        (_("This day only"), {"border": "1px dashed var(--accent-text)"}, ""),
        (_("Closed"), {"border": "1px solid var(--line)"}, "hatch"),
        (
            _("Taken"),
            {"border": "1px solid var(--accent-line)", "border-inline-start": "3px solid var(--accent-text)"},
            "",
        ),
    ]
    box = {"inline-size": "0.875rem", "block-size": "0.75rem", "border-radius": "3px"}
    items = [
        rx.el.span(rx.el.i(style={**box, **style}, class_name=look, aria_hidden=True), label, class_name="row g-1h")
        for label, style, look in marks
    ]
    return rx.el.span(*items, class_name="row t-xs i3 hide-s", style={"gap": "0.875rem"})


def _scope(label: Any, value: str | None, chosen: Any) -> rx.Component:
    pressed = {"aria-current": rx.cond(chosen, "true", "false")}
    return QueryLink.create(label, change={"week": value}, custom_attrs=pressed)


def _bar() -> rx.Component:
    step = rx.el.span(
        WeekLink.create(way=-1, first=H.first, label=_("Previous week"), glyph="chevron-left"),
        QueryLink.create(_("Today"), change={"date": None}, class_name="btn btn-s btn-sm"),
        WeekLink.create(way=1, first=H.first, label=_("Next week"), glyph="chevron-right"),
        class_name="group",
    )
    scope = rx.el.span(
        _scope(_("Typical week"), "typical", H.typical),
        _scope(_("This week"), None, ~H.typical),
        class_name="seg seg-a",
        role="group",
        aria_label=_("Scope"),
        style={"--ctl": "1.875rem"},
    )
    people = rx.cond(
        H.people.length() > 1,
        rx.el.details(
            rx.el.summary(rx.el.bdi(H.name), class_name="chip"),
            rx.el.div(rx.foreach(H.people, _person), class_name="menu drop col g-1"),
            class_name="dropper",
        ),
    )
    when = rx.cond(H.typical, rx.fragment(), rx.el.h2(WeekTitle.create(first=H.first), class_name="t-md nowrap"))
    add = button(_("Absence"), icon="calendar-x", size="sm", class_name="end", on_click=H.ask_absence(True))
    return rx.el.div(
        rx.cond(H.typical, rx.fragment(), step),
        when,
        scope,
        people,
        _legend(),
        add,
        class_name="row wrap agenda-bar",
    )


class WeekLink(rx.Component):
    """A step of a week in the address."""

    library = "$/public/ui/week_link.jsx"
    tag = "WeekLink"
    way: rx.Var[int]
    first: rx.Var[str]
    label: rx.Var[str]
    glyph: rx.Var[str]


class WeekTitle(rx.Component):
    library = "$/public/ui/week_link.jsx"
    tag = "WeekTitle"
    first: rx.Var[str]


def _calendar() -> rx.Component:
    return HoursCalendar.create(
        first=H.first,
        today=H.today,
        zone=H.zone,
        blocks=H.blocks,
        taken=H.taken,
        typical=H.typical,
        draft=H.draft,
        may_change=H.may_change,
        on_pick=H.pick,
        on_draw=H.draw,
        on_appointment=Drawer.show,
    )


def _times() -> rx.Component:
    def field(name: str, label: Any) -> rx.Component:
        value = H.draft[name].to(str)[11:16]
        return fields.field(
            f"hours-{name}",
            label,
            rx.el.input(
                id=f"hours-{name}",
                type="time",
                step="300",
                value=value,
                class_name="input num",
                on_change=lambda text: H.set_time(name, text),
            ),
        )

    return rx.el.div(field("start", _("From")), field("end", _("Until")), class_name="grid grid-cols-2 gap-3")


def _apply_to() -> rx.Component:
    day = H.draft["start"].to(str)[:10]
    options = [
        ("once", _("This day only"), date_text(day, style="long")),
        ("every", _("Every week"), _("From {day} on", day=date_text(day, style="day"))),
    ]
    return fields.choices(
        "apply", _("Applies to"), options, value=rx.cond(H.every, "every", "once"), on_change=H.set_every
    )


def _modes() -> rx.Component:
    chips = rx.foreach(
        H.modes,
        lambda mode: rx.el.button(
            said(MODE_LABELS, mode),
            type="button",
            class_name="chip",
            aria_pressed=rx.cond(H.chosen_modes.contains(mode), "true", "false"),
            on_click=H.toggle_mode(mode),
        ),
    )
    return rx.cond(
        (H.modes.length() > 1) & H.every,
        rx.el.fieldset(
            rx.el.legend(_("How"), class_name="label"),
            rx.el.div(chips, class_name="row wrap g-1h"),
            rx.el.p(_("None chosen: all that the service allows."), class_name="help"),
            class_name="col g-1h",
        ),
    )


def _affected() -> rx.Component:
    said_so = ngettext(
        "{n} appointment stays outside the hours", "{n} appointments stay outside the hours", H.affected.count
    )
    names = rx.foreach(
        H.affected.first,
        lambda one: rx.el.span(
            rx.el.bdi(one.patient),
            ", ",
            date_text(one.local_start),
            class_name="num",
        ),
    )
    text = rx.fragment(rx.el.span(names, class_name="col"), _("They are kept until you move them."))
    return rx.cond(H.affected.count > 0, banner(said_so, text, tone="warn"))


def _drawer() -> rx.Component:
    draft = H.draft
    day = draft["start"].to(str)[:10]
    hours = range_text(draft["start"].to(str)[11:16], draft["end"].to(str)[11:16])
    is_off = (draft["kind_was"].to(str) == "closed") | (draft["kind_was"].to(str) == "holiday")
    kind = rx.match(
        draft["kind_was"].to(str),
        ("weekly", _("Hours of the typical week")),
        ("extra", _("Open on this day only")),
        _("New hours"),
    )
    head = rx.el.div(
        rx.el.div(
            rx.el.h2(
                rx.cond(H.typical, date_text(day, style="weekday"), date_text(day, style="day")),
                ", ",
                hours,
                class_name="t-lg num",
            ),
            rx.el.p(kind, class_name="i3 t-xs"),
            class_name="grow",
        ),
        rx.cond(
            draft["was"].to(str) != "",
            icon_button("trash-2", _("Delete these hours"), size="sm", on_click=H.remove),
        ),
        icon_button("x", _("Close"), size="sm", on_click=H.drop),
        class_name="drawer-h",
    )
    body = rx.el.div(
        _times(),
        rx.cond(H.typical, rx.fragment(), _apply_to()),
        _modes(),
        _affected(),
        class_name="drawer-b",
        tab_index=0,
    )
    foot = rx.el.div(
        rx.el.span(_("{hours} h open this week", hours=H.open_hours), class_name="t-xs i3 self-center num"),
        rx.el.span(
            button(_("Cancel"), kind="quiet", on_click=H.drop),
            button(_("Publish"), kind="primary", on_click=H.publish),
            class_name="end row",
        ),
        class_name="drawer-f",
    )
    return rx.cond(
        (draft.contains("start")) & ~is_off,
        rx.el.aside(head, body, foot, class_name="drawer", aria_label=_("Open hours")),
    )


def _absences() -> rx.Component:
    """The week's absences and extra openings as a list too: a keyboard takes them back here."""
    rows = rx.foreach(
        H.blocks,
        lambda one: rx.cond(
            (one.kind == "closed") & (one.exception_id != ""),
            rx.el.li(
                rx.el.span(rx.cond(one.label != "", rx.el.bdi(one.label), _("Absence")), class_name="m"),
                rx.el.span(
                    date_text(one.local_start[:10], style="day"),
                    " ",
                    range_text(one.local_start[11:16], one.local_end[11:16]),
                    class_name="i3 num",
                ),
                button(_("Take back"), kind="quiet", size="sm", on_click=H.remove_absence(one.exception_id)),
                class_name="row wrap t-xs",
            ),
        ),
    )
    return rx.cond(~H.typical, rx.el.ul(rows, class_name="row wrap absences", aria_label=_("Absences")))


def availability_page() -> rx.Component:
    nobody = empty_state(
        _("Nobody receives people here yet"), _("Add a practitioner first, then their hours."), glyph="calendar-x"
    )
    body = rx.match(
        H.status,
        ("refused", refused_state()),
        ("nobody", nobody),
        ("failed", error_state(H.load)),
        ("loading", loading_state(rows=8)),
        rx.fragment(_bar(), _absences(), _calendar()),
    )
    absence = Dialog.create(
        DialogPopup.create(
            form(Absence, submit=_("Note the absence")),
            title=_("Absence"),
            description=_("Nobody can book in it. Appointments already there stay until you move them."),
        ),
        open=H.absent,
        on_open_change=H.ask_absence,
    )
    main = rx.el.div(body, class_name="col grow min-h-0 min-w-0 !gap-0")
    return rx.el.div(
        main, _drawer(), appointment_drawer(), absence, class_name="row grow min-h-0 !gap-0 !items-stretch"
    )
