"""A practitioner in a list: identity at the start, free hours at the end."""

from typing import Any

import reflex as rx

from carehub.components.buttons import Link
from carehub.components.display import avatar, money
from carehub.components.i18n import _, date_text, ngettext, number_text
from carehub.components.icon import icon


def rating(hit: Any) -> rx.Component:
    """Nothing for someone whom nobody has rated yet."""
    return rx.cond(
        hit.rating_count > 0,
        rx.el.span(
            icon("star", size="sm", class_name="warn-t"),
            rx.el.b(number_text(hit.rating, digits=1), class_name="num"),
            rx.el.span(ngettext("{n} review", "{n} reviews", hit.rating_count), class_name="i3"),
            class_name="row g-1h t-sm",
        ),
    )


def languages(names: Any) -> rx.Component:
    return rx.cond(
        names.length() > 0,
        rx.el.span(
            icon("languages", size="sm"),
            rx.foreach(names, lambda name, place: rx.fragment(rx.cond(place > 0, _(", "), ""), _(name))),
            class_name="row g-1h",
        ),
    )


def marks(hit: Any) -> rx.Component:
    """Ways to meet, languages, what CareHub has checked."""
    return rx.fragment(
        rx.cond(hit.modes.contains("video"), rx.el.span(icon("video", size="sm"), _("Video"), class_name="row g-1h")),
        rx.cond(hit.modes.contains("phone"), rx.el.span(icon("phone", size="sm"), _("Phone"), class_name="row g-1h")),
        languages(hit.languages),
        rx.cond(
            hit.verified != "",
            rx.el.span(icon("shield-check", size="sm", class_name="acc"), _(hit.verified), class_name="row g-1h"),
        ),
        rx.cond(~hit.accepts_new, rx.el.span(icon("user-x", size="sm"), _("Takes nobody new"), class_name="row g-1h")),
    )


def distance(hit: Any) -> rx.Component:
    metres = hit.distance.to(int)
    far = rx.cond(
        metres < 1000,
        _("{n} m", n=number_text((metres / 10).to(int) * 10, digits=0)),
        _("{n} km", n=number_text(metres / 1000, digits=1)),
    )
    return rx.cond(hit.distance.is_none(), "", rx.el.span("· ", far, class_name="num nowrap"))


def slot(start: Any) -> rx.Component:
    return Link.create(rx.el.bdi(start.time), to=start.href, class_name="slot")


def day_column(day: Any) -> rx.Component:
    blank = rx.el.span("–", class_name="slot none", aria_hidden="true")
    return rx.el.div(
        rx.el.span(rx.el.bdi(date_text(day.date, style="weekdaynumber")), class_name="t-xs i3 tc num"),
        rx.foreach(day.starts, slot),
        *(rx.cond(day.starts.length() < count, blank) for count in (1, 2, 3)),
        key=day.date,
    )


def ribbon(bars: Any, style: dict[str, Any] | None = None) -> rx.Component:
    """The next fourteen days as bars; those written out are dark."""
    bar = lambda one: rx.el.i(class_name="l" + one.level.to(str) + rx.cond(one.is_listed, " on", ""), key=one.date)  # noqa: E731
    return rx.el.div(
        rx.foreach(bars, bar),
        class_name="ribbon grow",
        style=style or {},
        role="img",
        aria_label=_("Free hours over the next 14 days"),
    )


def hours(hit: Any) -> rx.Component:
    """Four days of three starts, or why there are none."""
    free = rx.fragment(
        rx.el.div(rx.foreach(hit.days, day_column), class_name="slots4"),
        rx.el.div(
            ribbon(hit.ribbon, {"block-size": "1.125rem"}),
            Link.create(_("All times"), to=hit.href, class_name="link nowrap"),
            class_name="row t-xs i3 mt-2",
        ),
    )
    full = rx.el.div(
        rx.el.p(_("No free time in the next 14 days"), class_name="b"),
        Link.create(_("See the profile"), to=hit.href, class_name="link t-sm"),
        class_name="col g-2",
    )
    return rx.cond(hit.days.length() > 0, free, full)


def hit_card(hit: Any) -> rx.Component:
    who = rx.el.div(
        rx.el.h2(Link.create(rx.el.bdi(hit.name), to=hit.href), class_name="t-lg"),
        rx.el.p(rx.cond(hit.headline != "", rx.el.bdi(hit.headline), _(hit.speciality)), class_name="t-sm i2"),
        rx.el.p(rating(hit), class_name="row t-sm"),
        rx.el.p(
            rx.cond(hit.address != "", rx.fragment(rx.el.bdi(hit.address), _(", "))),
            rx.el.bdi(_(hit.city)),
            " ",
            distance(hit),
            class_name="t-sm i3",
        ),
        rx.el.p(marks(hit), class_name="row wrap t-xs i2 gap-x-3 gap-y-1 mt-1"),
        class_name="grow col g-1 min-w-0",
    )
    return rx.el.article(
        rx.el.div(
            rx.el.span(hit.number, class_name="pinno num", aria_hidden="true"),
            avatar(hit.initials, cat=hit.colour, photo=hit.photo, professional=True, size="3.5rem"),
            who,
            rx.cond(
                hit.price_minor.is_none(),
                rx.fragment(),
                rx.el.p(rx.el.small(_("from")), " ", money(hit.price_minor, hit.currency), class_name="price"),
            ),
            class_name="dcard-i row row-t g-3",
        ),
        rx.el.div(hours(hit), class_name="dcard-s"),
        key=hit.id,
        id="hit-" + hit.id,
        class_name="dcard card",
    )
