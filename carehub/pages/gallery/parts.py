"""Sections of the gallery."""

from typing import Any

import reflex as rx

from carehub.components.buttons import segmented
from carehub.components.i18n import _
from carehub.components.sheet import sheet
from carehub.state.gallery import Gallery


def section(title: Any, *content: Any, wide: bool = False) -> rx.Component:
    return rx.el.section(rx.el.h2(title, class_name="h-sect"), *content, class_name=f"g-sec {'g-wide' if wide else ''}")


def _controls() -> rx.Component:
    choices: list[tuple[Any, list[tuple[str, Any]], Any, Any]] = [
        (_("Appearance"), [("light", _("Light")), ("dark", _("Dark"))], Gallery.theme, Gallery.set_theme),
        (_("Direction"), [("ltr", "→"), ("rtl", "←")], Gallery.direction, Gallery.set_direction),
        (_("Density"), [("comfortable", _("Airy")), ("compact", _("Dense"))], Gallery.density, Gallery.set_density),
    ]
    return rx.el.div(
        *(segmented(label, options, value, change) for label, options, value, change in choices), class_name="row wrap"
    )


def gallery_page(title: str, *sections: rx.Component) -> rx.Component:
    """Sections on the page's own ground, in the chosen theme, direction and density."""
    return rx.el.div(
        sheet("gallery"),
        rx.el.div(rx.el.h1(_(title), class_name="t-3 grow"), _controls(), class_name="row wrap"),
        *sections,
        class_name="gallery",
        dir=Gallery.direction,
        custom_attrs={"data-theme": Gallery.theme, "data-density": Gallery.density},
    )
