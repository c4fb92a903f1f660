"""The public page, block by block, with what it will look like beside it."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button, button_link
from carehub.components.display import loading_state
from carehub.components.fields import field
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.core.i18n import N_
from carehub.models.tenancy import HomeBlock
from carehub.pages.workspace.settings.frame import settings_page
from carehub.services.tenancy.settings import MANAGE
from carehub.state.home_page import HomePage
from carehub.state.shell import Shell

BLOCK_LABELS = {
    HomeBlock.PRACTITIONERS: N_("{Practitioners}"),
    HomeBlock.SERVICES: N_("Services and prices"),
    HomeBlock.ABOUT: N_("About"),
    HomeBlock.HOURS: N_("Opening hours"),
    HomeBlock.MAP: N_("Addresses and map"),
    HomeBlock.TEXT: N_("Text"),
}
BLOCKS: Any = HomePage.blocks


def _label(kind: Any) -> Any:
    return rx.match(kind, *[(str(code), _(label)) for code, label in BLOCK_LABELS.items()], kind)


def _written(one: Any) -> rx.Component:
    title_id, text_id = "title-" + one.key.to(str), "text-" + one.key.to(str)
    title = rx.el.input(
        id=title_id,
        class_name="input",
        default_value=one.title,
        on_blur=lambda value: HomePage.put(one.key, "title", value),
    )
    text = rx.el.textarea(
        id=text_id,
        class_name="input",
        rows="4",
        default_value=one.text,
        on_blur=lambda value: HomePage.put(one.key, "text", value),
    )
    return rx.fragment(field(title_id, _("Title"), title, optional=True), field(text_id, _("Text"), text))


def _tool(label: Any, glyph: str, event: Any, **props: Any) -> rx.Component:
    return rx.el.button(
        icon(glyph), type="button", class_name="btn btn-q btn-icon btn-sm", aria_label=label, on_click=event, **props
    )


def _block(one: Any, at: Any) -> rx.Component:
    tools = rx.el.span(
        _tool(_("Move up"), "arrow-up", HomePage.move(one.key, -1), disabled=at == 0),
        _tool(_("Move down"), "arrow-down", HomePage.move(one.key, 1), disabled=at == BLOCKS.length() - 1),
        _tool(_("Remove"), "x", HomePage.remove(one.key)),
        class_name="end row",
    )
    head = rx.el.div(rx.el.span(_label(one.kind), class_name="b"), only_with(MANAGE, tools), class_name="row")
    return rx.el.li(head, rx.cond(one.kind == HomeBlock.TEXT.value, _written(one)), class_name="sblock", key=one.key)


def _add(kind: Any) -> rx.Component:
    return rx.el.button(
        icon("plus"), _label(kind), type="button", class_name="btn btn-s btn-sm", on_click=HomePage.add(kind), key=kind
    )


def _drawn(one: Any) -> rx.Component:
    title = rx.cond((one.kind == HomeBlock.TEXT.value) & (one.title != ""), rx.el.bdi(one.title), _label(one.kind))
    text = rx.cond(one.text != "", rx.el.p(one.text, class_name="t-sm i2 whitespace-pre-line line-clamp-6", dir="auto"))
    return rx.el.div(rx.el.p(title, class_name="b"), text, class_name="col g-1 p-4 border-b border-line", key=one.key)


def _preview() -> rx.Component:
    top = rx.el.div(
        rx.el.span(Shell.tenant_initials, class_name="side-mark size-8 rounded-lg", aria_hidden=True),
        rx.el.bdi(Shell.tenant_name, class_name="b clip"),
        class_name="row p-3 border-b border-line",
    )
    page = rx.el.div(top, rx.foreach(HomePage.blocks, _drawn), class_name="pv")
    return rx.el.aside(
        rx.el.h2(_("Preview"), class_name="t-sm b"), page, class_name="prev col g-3", aria_label=_("Preview")
    )


def home() -> rx.Component:
    bar = rx.el.div(
        rx.el.span(_("Not saved yet:"), " ", _("Public page"), class_name="grow clip"),
        button(_("Undo"), kind="quiet", on_click=HomePage.undo),
        button(_("Save"), kind="primary", on_click=HomePage.save),
        class_name="dirty",
        role="status",
    )
    add = rx.el.div(
        rx.foreach(HomePage.missing, _add), class_name="row wrap", role="group", aria_label=_("Add a block")
    )
    blocks = rx.el.ul(rx.foreach(HomePage.blocks, _block), class_name="col g-3")
    see = rx.el.div(button_link(_("See the page"), "/t/" + Shell.tenant, size="sm", icon="external-link"))
    body = rx.el.div(see, blocks, only_with(MANAGE, add), rx.cond(HomePage.dirty, bar), class_name="col g-4")
    about = _("What visitors find, in this order. Hours and addresses stand at the side on a wide screen.")
    return settings_page(
        _("Public page"), about, rx.cond(HomePage.loaded, body, loading_state(rows=4)), preview=_preview()
    )
