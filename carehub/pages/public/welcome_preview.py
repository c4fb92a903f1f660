"""The tenant's page as it will look, while the wizard is filled."""

import reflex as rx

from carehub.components.display import avatar, card
from carehub.components.i18n import _
from carehub.state.opening import Opening


def _top() -> rx.Component:
    mark = rx.el.span(Opening.initials, class_name="logo-mark", aria_hidden=True)
    name = rx.cond(
        Opening.name != "", rx.el.bdi(Opening.name, class_name="b clip"), rx.el.span(_("Your name"), class_name="i3")
    )
    languages = rx.foreach(Opening.locales, lambda code: rx.el.span(code.upper(), key=code))
    return rx.el.div(
        mark, name, rx.el.span(languages, class_name="row end t-sm i2"), class_name="row g-3 p-4 border-b border-line"
    )


def _person() -> rx.Component:
    who = rx.el.div(
        rx.el.bdi(Opening.person, class_name="b"),
        rx.el.p(rx.cond(Opening.headline != "", Opening.headline, _(Opening.practitioner_word)), class_name="t-xs i3"),
        class_name="grow",
    )
    service = rx.cond(
        Opening.service_name != "",
        rx.el.div(
            rx.el.bdi(Opening.service_name, class_name="m grow"),
            rx.el.span(Opening.service_minutes, " min", class_name="t-sm i2 num"),
            class_name="row mt-3",
        ),
        rx.el.div(*(rx.el.span(class_name="sk grow h-8") for _one in range(3)), class_name="row mt-3"),
    )
    return card(
        rx.el.div(avatar(Opening.person_initials, professional=True, cat=1), who, class_name="row g-3"), service
    )


def preview() -> rx.Component:
    """In the tenant's own colour; everything else of the wizard stays CareHub's."""
    book = rx.el.span(_("Book an appointment"), class_name="btn btn-p btn-block", aria_hidden=True)
    place = rx.cond(Opening.city != "", rx.el.bdi(Opening.city), rx.el.span(_("Your city"), class_name="i3"))
    body = rx.el.div(rx.el.p(place, class_name="t-2 b"), _person(), book, class_name="col g-4 p-5")
    head = rx.el.div(
        rx.el.span(_("Preview"), class_name="b"),
        rx.el.span("/t/", Opening.slug, class_name="t-xs i3 ltr clip"),
        class_name="row",
    )
    page = rx.el.div(
        _top(),
        body,
        class_name="card overflow-hidden",
        style={"--accent": Opening.accent},
        custom_attrs={"data-accent": ""},
    )
    return rx.el.div(head, page, class_name="col g-3")
