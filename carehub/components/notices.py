"""A person's notifications: tabs, entries with what can be done, and their way to the archive."""

from typing import Any

import reflex as rx

from carehub.components.buttons import Link, button, icon_button
from carehub.components.display import empty_state, loading_state
from carehub.components.i18n import _, date_text, sent_text
from carehub.components.icon import sprite_icon
from carehub.components.sheet import sheet
from carehub.core.i18n import N_
from carehub.services.notify.centre import Entry
from carehub.state.notify import Notices
from carehub.state.shell import Shell

TAB_LABELS = {"todo": N_("To do"), "all": N_("All"), "archived": N_("Archived")}


def _tab(code: str, label: str) -> rx.Component:
    count = (
        [rx.cond(Notices.todo > 0, rx.el.span(Notices.todo, class_name="count count-now num"))]
        if code == "todo"
        else []
    )
    pressed = rx.cond(Notices.tab == code, "true", "false")
    return rx.el.button(
        _(label),
        *count,
        type="button",
        class_name="tab",
        on_click=Notices.choose(code),
        custom_attrs={
            "aria-current": rx.cond(Notices.tab == code, "true", rx.Var("undefined")),
            "aria-pressed": pressed,
        },
    )


def _line(entry: Any) -> rx.Component:
    when = rx.cond(entry.starts_at != "", rx.el.bdi(date_text(entry.starts_at, zone=entry.zone, style="datetime")))
    why = rx.cond(entry.reason != "", rx.el.bdi(entry.reason))
    came = rx.el.time(date_text(entry.created_at, style="relative"), date_time=entry.created_at)
    return rx.el.p(when, why, came, class_name="t-xs i3 row wrap nt-line")


def _actions(entry: Any) -> rx.Component:
    acts = (entry.accepts != "") & (entry.accepts == Shell.tenant)
    kind = rx.cond(entry.todo & ~acts, "btn btn-p btn-sm", "btn btn-s btn-sm")
    accept = rx.cond(
        acts,
        button(_("Accept"), kind="primary", size="sm", icon="check", on_click=Notices.accept(entry.appointment_id)),
    )
    refuse = rx.cond(acts, _decline(entry))
    go = Link.create(_(entry.action), to=entry.href, class_name=kind, on_click=Notices.visit(entry.id))
    away = rx.cond(
        entry.archived,
        icon_button("undo-2", _("Take out of the archive"), size="sm", on_click=Notices.put_away(entry.id, True)),
        icon_button("archive", _("Archive"), size="sm", on_click=Notices.put_away(entry.id, False)),
    )
    seen = rx.cond(
        entry.unread, icon_button("check", _("Mark as read"), size="sm", on_click=Notices.read_one(entry.id))
    )
    return rx.el.div(accept, refuse, go, rx.el.span(seen, away, class_name="row end"), class_name="row wrap")


def _decline(entry: Any) -> rx.Component:
    """Refused where it is told: the reason stays optional, and reaches whoever asked."""
    reason = rx.el.input(
        name="reason", class_name="input", max_length=500, placeholder=_("Reason, for them to read"),
        aria_label=_("Reason, for them to read"),
    )  # fmt: skip
    form = rx.el.form(
        rx.el.input(type="hidden", name="appointment_id", value=entry.appointment_id),
        reason,
        button(_("Decline"), kind="danger", size="sm", type="submit"),
        on_submit=Notices.decline,
        class_name="row",
    )
    return rx.el.details(rx.el.summary(_("Decline"), class_name="btn btn-s btn-sm"), form, class_name="nt-no")


def _entry(entry: Any) -> rx.Component:
    marks = rx.cond(entry.unread, rx.cond(entry.todo, "nt new hot", "nt new"), "nt")
    return rx.el.li(
        rx.el.span(sprite_icon(entry.icon), class_name="gl"),
        rx.el.p(sent_text(entry.title, entry.params), class_name=rx.cond(entry.unread, "b", "")),
        rx.el.div(_line(entry), _actions(entry)),
        class_name=marks,
        key=entry.id,
    )


def _nothing() -> rx.Component:
    return rx.match(
        Notices.tab,
        (
            "todo",
            empty_state(
                _("Nothing to do"), _("Requests and proposals that wait for you stand here."), glyph="circle-check"
            ),
        ),
        ("archived", empty_state(_("The archive is empty"), _("What you put away stands here."), glyph="archive")),
        empty_state(_("No notifications"), _("What happens to your appointments stands here."), glyph="bell"),
    )


def _paging() -> rx.Component:
    newer = rx.cond(Notices.page > 1, button(_("Newer"), size="sm", on_click=Notices.turn(-1)))
    older = rx.cond(Notices.more, button(_("Older"), size="sm", on_click=Notices.turn(1)))
    return rx.el.div(newer, older, class_name="row")


def latest_notices(centre: rx.Component) -> rx.Component:
    """What the bell opens: the latest entries, all of them marked at once, and `centre`, the link to the whole."""
    all_read = button(_("Mark all as read"), kind="quiet", size="sm", icon="check", on_click=Notices.read_all)
    head = rx.el.div(
        rx.el.h2(_("Notifications"), class_name="t-md grow"),
        rx.cond(rx.Var.create(Notices.latest).length() > 0, all_read),
        class_name="row npop-h",
    )
    entries = rx.el.ul(
        rx.foreach(rx.Var.create(Notices.latest).to(list[Entry]), _entry),
        class_name="nt-list npop-l scroll",
        tab_index=0,
    )
    none = empty_state(_("No notifications"), _("What happens to your appointments stands here."), glyph="bell")
    listed = rx.cond(rx.Var.create(Notices.latest).length() > 0, entries, none)
    return rx.el.div(sheet("notices"), head, listed, rx.el.div(centre, class_name="npop-f"), class_name="npop")


def notification_centre() -> rx.Component:
    """The whole centre; its page's on_load is `Notices.open`."""
    tabs = [_tab(code, label) for code, label in TAB_LABELS.items()]
    bar = rx.el.div(
        rx.el.div(*tabs, class_name="tabs grow", role="group", aria_label=_("Notifications")),
        button(_("Mark all as read"), kind="quiet", size="sm", icon="check", on_click=Notices.read_all),
        class_name="row wrap",
    )
    entries = rx.el.ul(
        rx.foreach(rx.Var.create(Notices.entries).to(list[Entry]), _entry),
        class_name="card nt-list",
        aria_live="polite",
    )
    body = rx.cond(
        Notices.status == "loading",
        loading_state(rows=5),
        rx.cond(rx.Var.create(Notices.entries).length() > 0, rx.fragment(entries, _paging()), _nothing()),
    )
    return rx.el.section(sheet("notices"), bar, body, class_name="col g-4", aria_label=_("Notifications"))
