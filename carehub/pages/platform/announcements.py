"""/platform/announcements: what everyone is told (DI-111, DI-112)"""

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.lists import listing
from carehub.components.overlay import Dialog, DialogPopup
from carehub.state.console_news import Announcements, NewAnnouncement


def announcements_page() -> rx.Component:
    dialog = Dialog.create(
        DialogPopup.create(form(NewAnnouncement, submit=_("Publish")), title=_("New announcement")),
        open=Announcements.writing,
        on_open_change=Announcements.ask,
    )
    return rx.fragment(listing(Announcements, on_bulk=Announcements.act), dialog)


def announcements_actions() -> rx.Component:
    new = button(_("New announcement"), kind="primary", icon="plus", on_click=Announcements.ask(True))
    return only_with("platform.manage", new)
