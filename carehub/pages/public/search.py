"""/search: the list beside its map. Every chip, order and page is a link."""

from typing import Any

import reflex as rx

from carehub.components.buttons import Link, button_link
from carehub.components.display import banner, error_state, loading_state, state
from carehub.components.i18n import _, ngettext
from carehub.components.icon import icon
from carehub.components.lists import FilterField
from carehub.components.page import Page
from carehub.components.sheet import sheet
from carehub.core.i18n import N_
from carehub.pages.public.cards import hit_card
from carehub.pages.public.find import map_side, with_search
from carehub.services.directory.criteria import DEFAULT_RADIUS
from carehub.state.directory import Search

LANGUAGE_CHOICES = {
    "fr": N_("French"),
    "ar": N_("Arabic"),
    "en": N_("English"),
    "es": N_("Spanish"),
    "it": N_("Italian"),
    "de": N_("German"),
}
PRICE_CHOICES = (30, 40, 50, 60, 80, 100, 150)
RADIUS_CHOICES = (2, 5, 20, 50, 100)
SORT_LABELS = {"rating": N_("Best rated"), "price": N_("Lowest price")}


def chip(one: Any) -> rx.Component:
    return Link.create(
        _(one.label),
        rx.cond(one.on, icon("x", size="sm")),
        to=one.href,
        key=one.label,
        class_name="chip",
        custom_attrs={"aria-current": rx.cond(one.on, "true", rx.Var("undefined")), "preventScrollReset": True},
    )


def order(options: list[dict[str, Any]]) -> rx.Component:
    return FilterField.create(name="sort", label=_("Earliest first"), options=options)


def filters() -> rx.Component:
    languages = [{"value": code, "label": _(name)} for code, name in LANGUAGE_CHOICES.items()]
    prices = [{"value": str(euros), "label": _("Up to {n} €", n=euros)} for euros in PRICE_CHOICES]
    radii = [{"value": str(km), "label": _("Within {n} km", n=km)} for km in RADIUS_CHOICES]
    sorts = [{"value": code, "label": _(label)} for code, label in SORT_LABELS.items()]
    near = [*sorts, {"value": "distance", "label": _("Nearest")}]
    return rx.el.div(
        rx.foreach(Search.chips, chip),
        FilterField.create(name="max", label=_("Any price"), options=prices),
        FilterField.create(name="lang", label=_("Any language"), options=languages),
        rx.cond(
            Search.near, FilterField.create(name="radius", label=_("Within {n} km", n=DEFAULT_RADIUS), options=radii)
        ),
        rx.el.span(rx.cond(Search.near, order(near), order(sorts)), class_name="end"),
        class_name="filters",
        role="region",
        aria_label=_("Filters and order"),
        tab_index=0,
    )


def heading() -> rx.Component:
    """How many, of what, where, when."""
    what = rx.cond(Search.what != "", _(Search.what), Search.text)
    when = rx.match(Search.when, ("today", _("free today")), ("week", _("free this week")), "")
    town = rx.cond(Search.city != "", _(Search.city), "")
    more = [rx.cond(part != "", rx.fragment(" · ", rx.el.bdi(part))) for part in (what, town, when)]
    near = rx.cond(Search.near, rx.fragment(" · ", _("within {n} km of this point", n=Search.radius)))
    count = rx.cond(
        Search.is_more,
        _("More than {n} practitioners", n=Search.total),
        ngettext("{n} practitioner", "{n} practitioners", Search.total),
    )
    return rx.el.div(
        rx.el.h1(count, *more, near, class_name="t-1", aria_live="polite"),
        rx.cond(Search.zone != "", rx.el.span(_("time in {zone}", zone=Search.zone), class_name="t-sm i3 hide-s")),
        class_name="row row-b between gap-3",
    )


def ways_out() -> rx.Component:
    link = lambda way: button_link(_(way.label), way.href, key=way.label)  # noqa: E731
    wider: Any = Search.ways_out
    return state(
        "search",
        _("Nobody fits all of this"),
        _("Widen one wish: what you asked stays for the rest."),
        rx.el.div(rx.foreach(wider, link), class_name="row wrap justify-center"),
    )


def pager() -> rx.Component:
    pages: Any = Search.pages

    def number(one: Any) -> rx.Component:
        current = {"aria-current": rx.cond(one.current, "page", rx.Var("undefined"))}
        return Link.create(
            one.number, to=one.href, key=one.href, class_name="btn btn-s btn-sm num", custom_attrs=current
        )

    return rx.cond(
        pages.length() > 0,
        rx.el.nav(rx.foreach(pages, number), class_name="pager", aria_label=_("Pages")),
    )


def results() -> rx.Component:
    hits: Any = Search.hits
    corrected = rx.cond(
        Search.corrected != "",
        banner(_("Nothing for what you typed; these are results for {words}", words=Search.corrected)),
    )
    found = rx.fragment(
        heading(),
        corrected,
        rx.cond(
            hits.length() > 0,
            rx.el.div(rx.foreach(hits, hit_card), class_name="col g-3 dcards"),
            ways_out(),
        ),
        pager(),
    )
    return rx.match(
        Search.status,
        ("ready", found),
        ("failed", error_state(Search.load)),
        rx.fragment(rx.el.h1(_("Find a practitioner"), class_name="t-1"), loading_state(rows=6)),
    )


def search() -> rx.Component:
    return with_search(
        sheet("results"),
        filters(),
        rx.el.div(rx.el.div(results(), class_name="dlist"), map_side(Search.hits), class_name="dgrid"),
    )


PAGE = Page(
    route="/search",
    component=search,
    title=N_("Find a practitioner"),
    description="Find a practitioner, a coach or an expert near you or by video, and see their next free hours.",
    on_load=[Search.load],
    shell="none",
)
