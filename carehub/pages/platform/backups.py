"""/platform/backups: what was backed up and proved, one more now, and how one is put back (CD-121)"""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import banner
from carehub.components.fields import field, text_area
from carehub.components.i18n import _
from carehub.components.lists import listing
from carehub.components.overlay import Dialog, DialogPopup
from carehub.services.platform.backups import MANAGE
from carehub.state.console_lists import Backups

B: Any = Backups
COMMAND = "python -m carehub restore FILE --replace"


def _dialog() -> rx.Component:
    about = _(
        "Everything: the database and all files, as they are at one moment, while people work. It is proved before it counts."
    )
    form = rx.el.form(
        rx.el.p(about, class_name="i2 t-sm"),
        field(
            "why",
            _("Why now?"),
            text_area("why", rows=3, max_length=500, on_change=B.say_why),
            help=_("It stands in the record beside everything you look at."),
        ),
        button(_("Make a backup"), kind="primary", type="submit", class_name="self-start"),
        on_submit=Backups.make,
        class_name="col g-4",
    )
    return Dialog.create(DialogPopup.create(form, title=_("Make a backup now")), open=B.asking, on_open_change=B.ask)


def _restoring() -> rx.Component:
    """Never a button: the database that is put back takes the place of the one that this page stands on."""
    said = _(
        "Putting one back is a command on the server: it builds the backup beside the present database, compares every table, and"
        " only then takes its place. The former database is kept."
    )
    command = rx.el.code(COMMAND, class_name="ltr block card card-p t-sm scroll", dir="ltr")
    return rx.el.details(
        rx.el.summary(_("How a backup is put back"), class_name="link t-sm"),
        rx.el.div(rx.el.p(said, class_name="i2 t-sm"), command, class_name="col g-3 mt-3"),
        class_name="px-5 pb-4",
    )


def backups_page() -> rx.Component:
    off = rx.el.div(
        banner(
            _("No backups are made here"),
            _("Set CAREHUB_BACKUP_DIR for the worker: then one is made each day, and from here."),
            tone="warn",
        ),
        class_name="px-5 pt-4",
    )
    return rx.fragment(rx.cond(B.on, rx.fragment(), off), listing(Backups), _restoring(), _dialog())


def backups_actions() -> rx.Component:
    new = button(_("Make a backup"), kind="primary", icon="plus", on_click=Backups.ask(True), disabled=~B.on)
    return only_with(MANAGE, new)
