"""Dialogs, menus and the other floating parts; toasts."""

import reflex as rx

from carehub.components.buttons import button
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.components.overlay import (
    Combobox,
    DatePicker,
    Dialog,
    DialogClose,
    DialogPopup,
    DialogTrigger,
    DrawerPopup,
    Menu,
    MenuItem,
    MenuPopup,
    MenuSeparator,
    MenuTrigger,
    Native,
    Popover,
    PopoverPopup,
    PopoverTrigger,
    TabPanel,
    Tabs,
    Tooltip,
    confirm_dialog,
    trigger,
)
from carehub.pages.gallery.parts import gallery_page, section
from carehub.state.gallery import CITIES, Gallery


def _dialogs() -> rx.Component:
    wide = Dialog.create(
        trigger(DialogTrigger, _("Wide dialog")),
        DialogPopup.create(
            rx.el.p(_("The body scrolls, head and foot stay.")),
            title=_("Wide dialog"),
            width="40rem",
            foot=DialogClose.create(_("Done"), class_name="btn btn-p end"),
        ),
    )
    side = Dialog.create(
        trigger(DialogTrigger, _("Drawer")),
        DrawerPopup.create(rx.el.p(_("Who, steps, facts, actions, history.")), title=_("Drawer")),
    )
    ask = confirm_dialog(
        trigger(DialogTrigger, _("Cancel"), kind="danger"),
        _("Cancel the appointment?"),
        _("The person is told at once and the hour is free again."),
        _("Cancel the appointment"),
        Gallery.greet,
    )
    return section(_("Dialogs"), rx.el.div(ask, wide, side, class_name="row wrap"))


def _menus() -> rx.Component:
    menu = Menu.create(
        trigger(MenuTrigger, _("Menu"), icon="ellipsis"),
        MenuPopup.create(
            MenuItem.create(icon("calendar-sync"), _("Move"), on_select=Gallery.greet),
            MenuItem.create(icon("video"), _("Video"), disabled=True),
            MenuSeparator.create(),
            MenuItem.create(icon("trash-2"), _("Delete"), danger=True, on_select=Gallery.refuse),
        ),
    )
    pop = Popover.create(
        trigger(PopoverTrigger, _("Popover")), PopoverPopup.create(rx.el.p(_("Quiet")), title=_("Popover"))
    )
    tip = Tooltip.create(_("Hint"), text=_("For eyes only"), class_name="btn btn-q")
    return section(_("Menus"), rx.el.div(menu, pop, tip, class_name="row wrap"))


def _choices() -> rx.Component:
    return section(
        _("Choices"),
        Combobox.create(
            label=_("City"), options=CITIES, value=Gallery.city, placeholder=_("Choose"), on_change=Gallery.set_city
        ),
        DatePicker.create(label=_("Day"), value=Gallery.date, on_change=Gallery.set_date),
    )


def _tabs() -> rx.Component:
    tabs = [{"value": "one", "label": _("Follow-up")}, {"value": "two", "label": _("Messages"), "count": 2}]
    return section(
        _("Tabs"),
        Tabs.create(
            TabPanel.create(_("Follow-up"), value="one"),
            TabPanel.create(_("Messages"), value="two"),
            label=_("Tabs"),
            tabs=tabs,
            value="one",
        ),
    )


def _toasts() -> rx.Component:
    return section(
        _("Messages"),
        rx.el.div(
            button(_("Saved"), on_click=Gallery.greet),
            button(_("Refused"), on_click=Gallery.refuse),
            button(_("Failed"), on_click=Gallery.crash),
            class_name="row wrap",
        ),
        Native.create(rx.el.p(_("The browser's own dialog, for public pages.")), id="native", title=_("Native dialog")),
        button(_("Native dialog"), custom_attrs={"command": "show-modal", "commandfor": "native"}),
    )


def overlays() -> rx.Component:
    return gallery_page("Overlays", _dialogs(), _menus(), _choices(), _tabs(), _toasts())
