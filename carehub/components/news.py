"""What the platform tells everyone, above the page, until it is put away (DI-111, DI-112)."""

from typing import Any

import reflex as rx

from carehub.components.buttons import icon_button
from carehub.components.i18n import _, own_text
from carehub.components.icon import icon
from carehub.state.shell import Shell

TONES = {"incident": "banner is-warn", "promotion": "banner is-ok"}


def _one(news: Any) -> rx.Component:
    look = rx.match(news.kind, *TONES.items(), "banner is-info")
    said = rx.el.div(
        rx.el.strong(own_text(news.titles, news.titles["en"])),
        rx.el.p(own_text(news.bodies, news.bodies["en"])),
        class_name="grow",
    )
    shown = rx.el.div(
        icon("megaphone"),
        said,
        icon_button("x", _("Put away"), size="sm", on_click=Shell.put_away(news.id)),
        class_name=look,
        role="status",
        key=news.id,
    )
    return rx.cond(rx.Var.create(Shell.read).contains(news.id), rx.fragment(), shown)


def news_band() -> rx.Component:
    """The announcements in force for the reader; nothing when there is none."""
    return rx.cond(
        Shell.news,
        rx.el.div(rx.foreach(Shell.news, _one), class_name="col g-2 p-2", aria_label=_("Announcements"), role="region"),
    )
