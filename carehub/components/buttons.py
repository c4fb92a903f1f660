"""Buttons and links. One primary button a view; a label is a verb."""

from typing import Any, Literal

import reflex as rx

from carehub.components.i18n import _
from carehub.components.icon import icon as draw

Kind = Literal["primary", "secondary", "quiet", "soft", "danger", "danger-quiet", "invert"]
CLASSES: dict[str, str] = {
    "primary": "btn-p",
    "secondary": "btn-s",
    "quiet": "btn-q",
    "soft": "btn-a",
    "danger": "btn-d",
    "danger-quiet": "btn-dq",
    "invert": "btn-i",
}


class Link(rx.Component):
    """A link inside the app: no page load. (`rx.link` would pull another design's stylesheet in.)"""

    library = "react-router"
    tag = "Link"
    to: rx.Var[str]


def file_link(*content: Any, href: Any, class_name: str = "btn btn-s btn-sm", **more: Any) -> rx.Component:
    """A link to what a route of ours serves, a file or a page of its own: the browser asks for it, not the app's router."""
    return rx.el.a(*content, href=href, class_name=class_name, custom_attrs={"reloadDocument": True}, **more)


def _classes(kind: Kind, size: str, only_icon: bool, block: bool, more: str) -> str:
    parts = [
        "btn",
        CLASSES[kind],
        f"btn-{size}" if size else "",
        "btn-icon" if only_icon else "",
        "btn-block" if block else "",
        more,
    ]
    return " ".join(filter(None, parts))


class PostForm(rx.el.Div):  # type: ignore[misc] # rx.el is loaded lazily: its classes are Any
    """A form that the browser itself sends: Reflex's own keeps every form from leaving the page."""

    tag = "form"


def post_form(action: str, *children: Any, class_name: str = "") -> rx.Component:
    """A plain POST to one of our routes; its answer is a new page."""
    return PostForm.create(*children, class_name=class_name, custom_attrs={"method": "post", "action": action})


def button(
    label: Any,
    *,
    kind: Kind = "secondary",
    size: Literal["", "sm", "lg"] = "",
    icon: str = "",
    busy: rx.Var[bool] | bool = False,
    block: bool = False,
    type: str = "button",
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """`busy` shows a spinner, keeps the width and refuses a second press."""
    lead: list[Any] = [draw(icon)] if icon else []
    if busy is not False:
        lead = [rx.cond(busy, rx.el.span(class_name="spin", aria_hidden=True), rx.fragment(*lead))]
        props["disabled"] = busy
    return rx.el.button(*lead, label, type=type, class_name=_classes(kind, size, False, block, class_name), **props)


def icon_button(
    icon: str, label: Any, *, kind: Kind = "quiet", size: Literal["", "sm"] = "", class_name: str = "", **props: Any
) -> rx.Component:
    """A button with an icon only; `label` is what readers and the hint say."""
    classes = _classes(kind, size, True, False, class_name)
    return rx.el.button(draw(icon), type="button", class_name=classes, aria_label=label, title=label, **props)


def button_link(
    label: Any,
    to: Any,
    *,
    kind: Kind = "secondary",
    size: Literal["", "sm", "lg"] = "",
    icon: str = "",
    block: bool = False,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A link that looks like a button."""
    lead = [draw(icon)] if icon else []
    return Link.create(*lead, label, to=to, class_name=_classes(kind, size, False, block, class_name), **props)


def link(label: Any, to: Any, *, class_name: str = "link", **props: Any) -> rx.Component:
    return Link.create(label, to=to, class_name=class_name, **props)


def back_link(to: Any, label: Any = None) -> rx.Component:
    return Link.create(
        draw("chevron-left"), label if label is not None else _("Back"), to=to, class_name="btn btn-q btn-sm"
    )


def segmented(label: Any, options: list[tuple[str, Any]], value: Any, on_change: Any) -> rx.Component:
    """A few views of the same thing, one chosen."""
    buttons = [
        rx.el.button(
            text, type="button", aria_pressed=rx.cond(value == code, "true", "false"), on_click=on_change(code)
        )
        for code, text in options
    ]
    return rx.el.span(*buttons, class_name="seg", role="group", aria_label=label)
