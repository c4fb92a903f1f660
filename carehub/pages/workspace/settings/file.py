"""Settings as a file: a copy to keep, or a pattern for another organisation."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import badge, moment, panel
from carehub.components.fields import checkbox
from carehub.components.i18n import _
from carehub.components.times import label_of
from carehub.pages.workspace.settings.frame import settings_page
from carehub.services.exports import EXPORT
from carehub.services.tenancy.configuration import PART_LABELS
from carehub.services.tenancy.settings import MANAGE
from carehub.state.configuration import SettingsFile
from carehub.state.exports import DataExport

LINES: Any = SettingsFile.lines


class FileField(rx.Component):
    """A text file, read in the browser; `on_read` gets its text."""

    library = "$/public/ui/settings_file.jsx"
    tag = "FileField"
    label: rx.Var[str]
    on_read: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def _line(line: Any) -> rx.Component:
    before = rx.cond(line.before != "", rx.el.del_(rx.el.bdi(line.before), class_name="was"))
    return rx.el.tr(
        rx.el.td(label_of(PART_LABELS, line.part)),
        rx.el.td(rx.el.bdi(_(line.name)), class_name="b"),
        rx.el.td(before, " ", rx.el.bdi(line.after), class_name="wraps"),
        key=line.part + line.name,
    )


def _tried() -> rx.Component:
    heads = (_("Settings"), _("What"), _("From what to what"))
    table = rx.el.table(
        rx.el.caption(_("What would change"), class_name="sr"),
        rx.el.thead(rx.el.tr(*(rx.el.th(label, scope="col") for label in heads))),
        rx.el.tbody(rx.foreach(SettingsFile.lines, _line)),
        class_name="tbl",
    )
    answers = rx.el.div(
        button(_("Take over"), kind="primary", on_click=SettingsFile.apply),
        button(_("Leave it"), on_click=SettingsFile.forget),
        class_name="row",
    )
    scroll = rx.el.div(table, class_name="scroll", tab_index=0, role="region", aria_label=_("What would change"))
    nothing = rx.el.p(_("Everything in this file is set already."), class_name="i2", role="status")
    return rx.cond(LINES.length() > 0, rx.fragment(scroll, answers), nothing)


def _export(one: Any) -> rx.Component:
    state = rx.match(
        one.status,
        ("waiting", badge(_("Being made"), tone="info")),
        ("ready", badge(_("Ready"), tone="ok")),
        badge(_("Lapsed"), tone="out"),
    )
    until = rx.cond(
        one.status == "ready",
        rx.el.span(_("Expires"), " ", moment(one.expires_at, style="datetime"), class_name="i3 t-xs"),
    )
    fetch = rx.cond(
        one.status == "ready", button(_("Download"), icon="download", size="sm", on_click=DataExport.fetch(one.id))
    )
    return rx.el.li(
        moment(one.created_at, style="datetime"),
        state,
        until,
        rx.el.span(fetch, class_name="end"),
        class_name="row wrap g-3",
        key=one.id,
    )


def _whole() -> rx.Component:
    said = _(
        "Everything your organisation keeps here, as one JSON file: people, appointments, messages, settings. What clients "
        "answered to a practitioner stays with that practitioner. The file holds personal data in clear: keep it as you keep "
        "your records. You are asked for your password, and it lapses after a day."
    )
    made: Any = DataExport.made
    listed = rx.cond(made.length() > 0, rx.el.ul(rx.foreach(made, _export), class_name="col g-2", aria_live="polite"))
    return rx.el.div(
        rx.el.p(said, class_name="i2 t-sm"),
        button(_("Make the file"), icon="database-backup", on_click=DataExport.ask),
        listed,
        class_name="col g-4 card-p items-start *:w-full [&>.btn]:w-auto",
    )


def file() -> rx.Component:
    out = panel(
        _("Save as a file"),
        rx.el.div(
            rx.el.p(_("All settings on these pages, without pictures, people or appointments."), class_name="i2 t-sm"),
            button(_("Save the file"), icon="download", on_click=SettingsFile.save_file),
            class_name="col g-3 card-p items-start",
        ),
    )
    identity = checkbox(
        "identity",
        _("Also legal data, bank details and sites"),
        help=_("Leave it off when the file is another organisation's."),
        checked=SettingsFile.identity,
        on_change=SettingsFile.with_identity,
    )
    take = panel(
        _("Take over a file"),
        rx.el.div(
            FileField.create(label=_("Choose a file of settings"), on_read=SettingsFile.take),
            identity,
            rx.cond(SettingsFile.read, _tried()),
            class_name="col g-4 card-p",
        ),
    )
    whole = only_with(EXPORT, panel(_("All data"), _whole()))
    about = _("A copy to keep, or a pattern for another organisation. You see what would change before anything does.")
    return settings_page(_("Settings as a file"), about, out, only_with(MANAGE, take), whole)
