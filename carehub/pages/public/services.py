"""Services with length and price, places, opening hours: what a profile and an organisation's page both show."""

from typing import Any

import reflex as rx

from carehub.components.display import money
from carehub.components.i18n import _, date_text, own_text, range_text
from carehub.components.icon import icon
from carehub.pages.public.find import spots

MONDAY = "2024-01-0"  # the 1st of January 2024 was a Monday: a day that names its weekday


def modes(codes: Any) -> rx.Component:
    shown = (("in_person", "map-pin", _("In person")), ("video", "video", _("Video")), ("phone", "phone", _("Phone")))
    parts = [
        rx.cond(codes.contains(code), rx.el.span(icon(glyph, size="sm"), label, class_name="row g-1h"))
        for code, glyph, label in shown
    ]
    return rx.el.span(*parts, class_name="row wrap t-sm i3 gap-x-3 gap-y-1")


def service_row(service: Any, currency: Any) -> rx.Component:
    name = rx.el.div(
        rx.el.bdi(own_text(service.names, service.name), class_name="m"),
        rx.cond(service.description != "", rx.el.p(rx.el.bdi(service.description), class_name="t-sm i3 read")),
        modes(service.modes),
        class_name="col g-1",
    )
    return rx.el.tr(
        rx.el.td(name),
        rx.el.td(_("{n} min", n=service.minutes), class_name="i3 num"),
        rx.el.td(money(service.price_minor, currency), class_name="te b"),
        key=service.id,
    )


def services_table(services: Any, currency: Any) -> rx.Component:
    heads = rx.el.tr(*(rx.el.th(label, scope="col") for label in (_("Service"), _("Length"), _("Price"))))
    return rx.el.table(
        rx.el.caption(_("Services and prices"), class_name="sr"),
        rx.el.thead(heads, class_name="sr"),
        rx.el.tbody(rx.foreach(services, lambda one: service_row(one, currency))),
        class_name="ptbl",
    )


def place_card(place: Any) -> rx.Component:
    town = rx.fragment(rx.el.bdi(place.postcode), " ", rx.el.bdi(_(place.city)))
    return rx.el.address(
        rx.cond(place.name != "", rx.el.p(rx.el.bdi(place.name), class_name="b")),
        rx.el.p(rx.el.bdi(place.address), rx.cond(place.address != "", _(", "), ""), town, class_name="i2"),
        rx.cond(
            place.phone != "",
            rx.el.p(rx.el.a(rx.el.bdi(place.phone, dir="ltr"), href="tel:" + place.phone, class_name="link")),
        ),
        rx.cond(place.notes != "", rx.el.p(rx.el.bdi(place.notes), class_name="t-sm i3 read")),
        class_name="col g-1",
        key=place.name + place.address,
    )


def where(places: Any) -> rx.Component:
    """Each address, and one map of them all."""
    return rx.fragment(rx.foreach(places, place_card), spots(places))


def opening_row(day: Any) -> rx.Component:
    name = date_text(MONDAY + (day.weekday + 1).to(str), style="weekdaylong")
    spans = rx.cond(
        day.spans.length() > 0,
        rx.foreach(
            day.spans,
            lambda span, at: rx.fragment(
                rx.cond(at > 0, _(", "), ""), rx.el.span(range_text(span[:5], span[-5:]), class_name="num")
            ),
        ),
        rx.el.span(_("Closed"), class_name="i3"),
    )
    return rx.fragment(rx.el.dt(name, class_name="i2"), rx.el.dd(spans))
