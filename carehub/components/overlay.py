"""Overlays for workspaces: our JSX in assets/ui over Base UI. State may control them (`open`, `on_open_change`) or leave them be.

Public pages use native <dialog>, <select>, <details>: this module costs 20 to 60 kB."""

from typing import Any

import reflex as rx

from carehub.components.buttons import Kind, _classes
from carehub.components.i18n import _
from carehub.components.icon import icon as draw
from carehub.components.sheet import sheet

BASE_UI = "@base-ui/react@1.9.0"
Flag = rx.event.passthrough_event_spec(bool)
Text = rx.event.passthrough_event_spec(str)


class _Overlay(rx.Component):
    lib_dependencies: list[str] = [BASE_UI]


class Dialog(_Overlay):
    """`DialogTrigger` and `DialogPopup` inside. A popup has a title, says the consequence, and ends with its verbs."""

    library = "$/public/ui/dialog.jsx"
    tag = "Dialog"
    open: rx.Var[bool]
    on_open_change: rx.EventHandler[Flag]


class DialogTrigger(_Overlay):
    library = "$/public/ui/dialog.jsx"
    tag = "DialogTrigger"
    title: rx.Var[str]


class DialogPopup(_Overlay):
    """`wide` gives a fixed head, a scrolling body and a foot (`foot`); width in CSS by `width`."""

    library = "$/public/ui/dialog.jsx"
    tag = "DialogPopup"
    title: rx.Var[str]
    description: rx.Var[str]
    width: rx.Var[str]
    foot: rx.Var[Any]


class DialogClose(_Overlay):
    library = "$/public/ui/dialog.jsx"
    tag = "DialogClose"


class DrawerPopup(_Overlay):
    """A dialog's popup at the end side (from below on a phone). For a drawer that pushes the work, see `drawer`."""

    library = "$/public/ui/dialog.jsx"
    tag = "DrawerPopup"
    title: rx.Var[str]


class _Menu(_Overlay):
    library = "$/public/ui/menu.jsx"


class Menu(_Menu):
    tag = "Menu"
    open: rx.Var[bool]
    on_open_change: rx.EventHandler[Flag]


class MenuTrigger(_Menu):
    tag = "MenuTrigger"
    title: rx.Var[str]


class MenuPopup(_Menu):
    tag = "MenuPopup"
    align: rx.Var[str]


class MenuItem(_Menu):
    tag = "MenuItem"
    disabled: rx.Var[bool]
    danger: rx.Var[bool]
    href: rx.Var[str]
    on_select: rx.EventHandler[rx.event.no_args_event_spec]


class MenuSeparator(_Menu):
    tag = "MenuSeparator"


class Combobox(_Overlay):
    """`options`: [{value, label, note?}]. With `on_search` the server filters, without it the browser does."""

    library = "$/public/ui/combobox.jsx"
    tag = "Combobox"
    label: rx.Var[str]
    name: rx.Var[str]
    options: rx.Var[list[dict[str, str]]]
    value: rx.Var[str]
    placeholder: rx.Var[str]
    on_change: rx.EventHandler[Text]
    on_search: rx.EventHandler[Text]


class Tabs(_Overlay):
    """`tabs`: [{value, label, count?}]; `TabPanel`s inside, each with its value."""

    library = "$/public/ui/tabs.jsx"
    tag = "Tabs"
    label: rx.Var[str]
    tabs: rx.Var[list[dict[str, Any]]]
    value: rx.Var[str]
    on_change: rx.EventHandler[Text]


class TabPanel(_Overlay):
    library = "$/public/ui/tabs.jsx"
    tag = "TabPanel"
    value: rx.Var[str]


class Popover(_Overlay):
    library = "$/public/ui/popover.jsx"
    tag = "Popover"
    open: rx.Var[bool]
    on_open_change: rx.EventHandler[Flag]


class PopoverTrigger(_Overlay):
    library = "$/public/ui/popover.jsx"
    tag = "PopoverTrigger"
    title: rx.Var[str]


class PopoverPopup(_Overlay):
    library = "$/public/ui/popover.jsx"
    tag = "PopoverPopup"
    title: rx.Var[str]
    label: rx.Var[str]  # its name for readers when it shows no title


class DatePicker(_Overlay):
    """`value` and `on_change` speak ISO days (2026-11-20). On a phone or a public page, a native date input weighs nothing."""

    library = "$/public/ui/date_picker.jsx"
    tag = "DatePicker"
    lib_dependencies: list[str] = [BASE_UI, "react-day-picker@10.0.2"]
    label: rx.Var[str]
    name: rx.Var[str]
    value: rx.Var[str]
    on_change: rx.EventHandler[Text]


class Tooltip(_Overlay):
    """A hint for eyes only, never the sole label."""

    library = "$/public/ui/tooltip.jsx"
    tag = "Tooltip"
    text: rx.Var[str]


class Native(rx.Component):
    """A native <dialog> for public pages, opened by any button with `command="show-modal" commandfor=id` or by state."""

    library = "$/public/ui/native.jsx"
    tag = "NativeDialog"
    title: rx.Var[str]
    open: rx.Var[bool]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def trigger(
    part: type[_Overlay],
    label: Any,
    *,
    kind: Kind = "secondary",
    icon: str = "",
    size: str = "",
    only_icon: bool = False,
) -> rx.Component:
    """The button that opens a dialog, menu or popover, looking like any other."""
    classes = _classes(kind, size, only_icon, False, "")
    inner = [draw(icon)] if icon else []
    if only_icon:
        return part.create(*inner, class_name=classes, aria_label=label, title=label)
    return part.create(*inner, label, class_name=classes)


def confirm_dialog(
    opener: rx.Component, title: Any, text: Any, verb: Any, on_confirm: Any, *, danger: bool = True
) -> rx.Component:
    """Ask before what cannot be undone: `text` says the consequence, `verb` names the act."""
    look = "btn btn-d" if danger else "btn btn-p"
    return Dialog.create(
        opener,
        DialogPopup.create(
            rx.el.div(
                DialogClose.create(_("Keep"), class_name="btn btn-s"),
                DialogClose.create(verb, class_name=look, on_click=on_confirm),
                class_name="dialog-f",
            ),
            title=title,
            description=text,
        ),
    )


def drawer(title: Any, *body: Any, second: Any = None, foot: Any = None, on_close: Any = None) -> rx.Component:
    """The 376 px drawer that pushes the work; a sheet from below on a phone. Order: who, steps, facts, actions, what matters, history."""
    heading = rx.el.div(
        rx.el.h2(title, class_name="t-1 clip"),
        *([rx.el.p(second, class_name="t-xs i3")] if second is not None else []),
        class_name="grow",
    )
    close = (
        [
            rx.el.button(
                draw("x"), type="button", aria_label=_("Close"), class_name="btn btn-q btn-icon", on_click=on_close
            )
        ]
        if on_close
        else []
    )
    parts = [rx.el.div(heading, *close, class_name="drawer-h"), rx.el.div(*body, class_name="drawer-b")]
    return rx.el.aside(
        sheet("overlay"),
        *parts,
        *([rx.el.div(foot, class_name="drawer-f")] if foot is not None else []),
        class_name="drawer",
        aria_label=title,
    )
