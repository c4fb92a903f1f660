"""Sites and rooms (SQ-086)."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import back_link, button, button_link
from carehub.components.display import badge, empty_state, loading_state, panel
from carehub.components.forms import form
from carehub.components.i18n import _, ngettext
from carehub.components.overlay import Dialog, DialogPopup
from carehub.components.workspace import WorkLink
from carehub.pages.workspace.settings.frame import settings_page
from carehub.pages.workspace.settings.organisation import at, group, pair
from carehub.services.booking.site_hours import WEEK
from carehub.services.tenancy.settings import MANAGE
from carehub.state.shell import Shell
from carehub.state.sites import RoomEditor, Rooms, SiteEditor, Sites


def _base() -> Any:
    return "/w/" + Shell.tenant + "/settings/sites"


def _out(active: Any) -> rx.Component:
    return rx.cond(active, rx.fragment(), badge(_("Not in use"), tone="out"))


def _site(one: Any) -> rx.Component:
    name = WorkLink.create(rx.el.bdi(one.name), to="settings/sites/" + one.id, class_name="b hover:underline")
    text = rx.el.div(name, rx.el.p(rx.el.bdi(one.place), class_name="t-xs i3"), class_name="grow")
    rooms = rx.el.span(ngettext("{n} room", "{n} rooms", one.rooms), class_name="t-sm i2 num")
    return rx.el.li(text, _out(one.active), rooms, class_name="row wrap", key=one.id)


def sites() -> rx.Component:
    add = only_with(MANAGE, button_link(_("New site"), _base() + "/new", kind="primary", size="sm", icon="plus"))
    none = empty_state(_("No site yet"), _("Add the place where people are received."), glyph="map-pin")
    rows: Any = Sites.rows
    listed = rx.cond(rows.length() > 0, rx.el.ul(rx.foreach(rows, _site), class_name="todo card-p"), none)
    body = panel(_("Sites"), rx.cond(Sites.loaded, listed, loading_state(rows=3)), action=add)
    about = _("Where people are received. Practitioners and opening hours name one of them.")
    return settings_page(_("Sites and rooms"), about, body)


def _room(one: Any) -> rx.Component:
    text = rx.el.div(
        rx.el.bdi(one.name, class_name="m"),
        rx.el.p(ngettext("{n} person at once", "{n} people at once", one.seats), class_name="t-xs i3"),
        class_name="grow",
    )
    edit = button(_("Change"), size="sm", on_click=RoomEditor.start(one.id))
    drop = button(_("Remove"), kind="danger-quiet", size="sm", on_click=Rooms.remove(one.id))
    return rx.el.li(
        text,
        _out(one.active),
        only_with(MANAGE, rx.el.span(edit, drop, class_name="row")),
        class_name="row wrap",
        key=one.id,
    )


def _rooms() -> rx.Component:
    add = only_with(MANAGE, button(_("Add a room"), size="sm", icon="plus", on_click=RoomEditor.start("")))
    rows: Any = Rooms.rows
    none = rx.el.p(_("No room is named here."), class_name="i2 card-p")
    listed = rx.cond(rows.length() > 0, rx.el.ul(rx.foreach(rows, _room), class_name="todo card-p"), none)
    dialog = Dialog.create(
        DialogPopup.create(form(RoomEditor), title=_("Room")),
        open=RoomEditor.shown,
        on_open_change=RoomEditor.show,
    )
    return rx.fragment(panel(_("Rooms"), listed, action=add), dialog)


def site() -> rx.Component:
    content = form(
        SiteEditor,
        group(_("Place"), *at(SiteEditor, "name", "address"), pair(*at(SiteEditor, "postcode", "city"))),
        group(_("On the map"), *at(SiteEditor, "country"), pair(*at(SiteEditor, "latitude", "longitude"))),
        group(
            _("Opening hours"),
            *(
                pair(*at(SiteEditor, *(f"hours.{day}" for day in two)))
                for two in (WEEK[:2], WEEK[2:4], WEEK[4:6], WEEK[6:])
            ),
            about=_(
                "As 09:00-12:30, 14:00-19:00. People come in person only while the site is open; empty days are closed, and an"
                " empty week follows the {practitioners}."
            ),
        ),
        group(_("For visitors"), *at(SiteEditor, "phone", "access_notes", "active")),
        bar=True,
    )
    title = rx.cond(SiteEditor.name != "", rx.el.bdi(SiteEditor.name), _("New site"))
    back = rx.el.div(back_link(_base(), _("Sites and rooms")))
    about, rooms = _("Its address, its place on the map, its rooms."), rx.cond(SiteEditor.kept, _rooms())
    return settings_page(title, about, back, content, rooms, label=_("Sites and rooms"))
