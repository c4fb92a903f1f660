"""Prices and offers: hours that cost less, codes, packages."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button
from carehub.components.display import badge, empty_state, loading_state, money, panel
from carehub.components.forms import field_of, form
from carehub.components.i18n import _, date_text, money_text, ngettext
from carehub.components.overlay import Dialog, DialogPopup
from carehub.components.times import label_of
from carehub.pages.workspace.settings.frame import settings_page
from carehub.services.pricing.forms import DAY_LABELS
from carehub.state.prices import CodeEditor, HoursEditor, PackageEditor, Prices

V: Any = Prices.view
PERIOD, IN_USE = ("valid_from", "valid_until"), ("active",)


def _line(name: Any, about: Any, state: Any, editor: Any, one: Any, figure: Any) -> rx.Component:
    out = rx.cond(state, rx.fragment(), badge(_("Not in use"), tone="out"))
    said = rx.el.div(rx.el.p(name, class_name="m"), rx.el.p(about, class_name="t-xs i3"), class_name="grow")
    edit = button(_("Change"), size="sm", on_click=editor.start(one.id))
    return rx.el.li(said, out, rx.el.span(figure, class_name="num m"), edit, class_name="row wrap", key=one.id)


def _only(service: Any) -> rx.Component:
    return rx.cond(service != "", rx.fragment(" · ", rx.el.bdi(service)))


def _hours(one: Any) -> rx.Component:
    days = rx.foreach(one.weekdays, lambda day: rx.el.span(label_of(DAY_LABELS, day.to_string()), " "))
    about = rx.fragment(days, _("from {from} to {to}", **{"from": one.starts, "to": one.ends}), _only(one.service))
    return _line(rx.el.bdi(one.name), about, one.active, HoursEditor, one, rx.el.bdi(one.percent, " %", dir="ltr"))


def _code(one: Any) -> rx.Component:
    used = rx.cond(
        one.in_all > 0,
        _("used {n} times of {most}", n=one.used, most=one.in_all),
        ngettext("used {n} time", "used {n} times", one.used),
    )
    until = rx.cond(
        one.valid_until != "", rx.fragment(" · ", _("until {day}", day=date_text(one.valid_until, style="date")))
    )
    first = rx.cond(one.first_visit, rx.fragment(" · ", _("first appointment")))
    takes = rx.cond(one.percent > 0, rx.el.bdi("−", one.percent, " %", dir="ltr"), money(-one.amount_minor, V.currency))
    about = rx.fragment(used, until, first, _only(one.service))
    return _line(rx.el.bdi(one.code), about, one.active, CodeEditor, one, takes)


def _package(one: Any) -> rx.Component:
    about = rx.fragment(
        ngettext("{n} session", "{n} sessions", one.sessions),
        _only(one.service),
        " · ",
        ngettext("sold {n} time", "sold {n} times", one.sold),
    )
    price = money_text(one.price_minor, V.currency)
    return _line(rx.el.bdi(one.name), about, one.active, PackageEditor, one, price)


def _part(title: Any, rows: Any, line: Any, editor: Any, add: Any, none: rx.Component) -> rx.Component:
    listed = rx.cond(rows.length() > 0, rx.el.ul(rx.foreach(rows, line), class_name="todo card-p"), none)
    return panel(title, listed, action=button(add, size="sm", icon="plus", on_click=editor.start("")))


def _dialog(title: Any, editor: Any, *content: rx.Component) -> rx.Component:
    return Dialog.create(
        DialogPopup.create(form(editor, *content, submit=_("Save")), title=title, width="36rem"),
        open=editor.shown,
        on_open_change=editor.show,
    )


def _pairs(editor: Any, *rows: tuple[str, ...]) -> list[rx.Component]:
    return [
        rx.el.div(*(field_of(editor, name) for name in row), class_name="two")
        if len(row) > 1
        else field_of(editor, row[0])
        for row in rows
    ]


def prices() -> rx.Component:
    quiet = _part(
        _("Hours that cost less or more"),
        V.hours,
        _hours,
        HoursEditor,
        _("Add hours"),
        empty_state(_("Every hour costs the same"), _("Fill quiet mornings with a lower price."), glyph="clock"),
    )
    codes = _part(
        _("Codes"),
        V.codes,
        _code,
        CodeEditor,
        _("Add a code"),
        empty_state(
            _("No code is given out"),
            _("A reduced first visit, the start of the school year, the new year."),
            glyph="tag",
        ),
    )
    packages = _part(
        _("Packages"),
        V.packages,
        _package,
        PackageEditor,
        _("Add a package"),
        empty_state(
            _("Nothing is sold together"),
            _("Several sessions for less, paid at once and used one by one."),
            glyph="archive",
        ),
    )
    dialogs = rx.fragment(
        _dialog(
            _("Hours"),
            HoursEditor,
            *_pairs(HoursEditor, ("name",), ("percent", "service"), ("weekdays",), ("starts", "ends"), PERIOD, IN_USE),
        ),
        _dialog(
            _("Code"),
            CodeEditor,
            *_pairs(
                CodeEditor,
                ("code",),
                ("percent", "amount"),
                ("service",),
                ("first_visit",),
                ("per_person", "in_all"),
                PERIOD,
                IN_USE,
            ),
        ),
        _dialog(
            _("Package"),
            PackageEditor,
            *_pairs(
                PackageEditor,
                ("name",),
                ("description",),
                ("service",),
                ("sessions", "price"),
                ("months",),
                ("active",),
            ),
        ),
    )
    body = rx.cond(Prices.view, rx.fragment(quiet, codes, packages, dialogs), loading_state(rows=6))
    about = _("People see each of them as a line of their price, before they agree to it.")
    return settings_page(_("Prices and offers"), about, body)
