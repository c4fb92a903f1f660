"""What is read: badges, people, money, dates, cards, figures, facts, steps, states."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from carehub.components.buttons import button
from carehub.components.i18n import _, date_text, money_text, number_text
from carehub.components.icon import icon
from carehub.components.sheet import sheet


def badge(label: Any, *, tone: str = "", icon_name: str = "", class_name: str = "") -> rx.Component:
    """A state in a word. `tone`: ok, warn, bad, info, acc, now, out or nothing."""
    lead = [icon(icon_name)] if icon_name else []
    return rx.el.span(*lead, label, class_name=f"badge {f'is-{tone}' if tone else ''} {class_name}".strip())


def toned_badge(label: Any, tone: rx.Var[str]) -> rx.Component:
    """A badge whose tone comes from state."""
    return rx.el.span(label, class_name=rx.cond(tone != "", "badge is-" + tone.to(str), "badge"))


def cat_class(cat: Any) -> Any:
    """A person's or a series' colour class from its number 1…8 (0: none)."""
    if isinstance(cat, rx.Var):
        return rx.cond(cat.to(int) > 0, "cat-" + cat.to(str), "")
    return f"cat-{cat}" if cat else ""


def avatar(
    initials: Any, *, cat: Any = 0, photo: Any = None, professional: bool = False, size: str = "2rem"
) -> rx.Component:
    """A rounded square for a professional, a circle for everyone else. Decorative: the name stands beside it."""
    shape = "av av-pro " if professional else "av "
    shown: Any = initials
    if photo is not None:
        image = rx.el.img(src=photo, alt="", class_name="size-full object-cover rounded-[inherit]", loading="lazy")
        shown = image if isinstance(photo, str) else rx.cond(photo, image, initials)
    return rx.el.span(shown, class_name=shape + cat_class(cat), style={"--z": size}, aria_hidden=True)


def person(
    name: Any, *, second: Any = None, initials: Any = None, cat: Any = 0, professional: bool = False, photo: Any = None
) -> rx.Component:
    """Avatar, name, and a quiet line."""
    face = [avatar(initials, cat=cat, professional=professional, photo=photo)] if initials is not None else []
    lines = [
        rx.el.bdi(name, class_name="b clip"),
        *([rx.el.span(second, class_name="t-xs i3 clip")] if second is not None else []),
    ]
    return rx.el.div(*face, rx.el.div(*lines, class_name="col min-w-0 leading-tight"), class_name="row g-3 min-w-0")


def money(minor: Any, currency: Any) -> rx.Component:
    """An amount in minor units, as the reader writes it."""
    return rx.el.bdi(money_text(minor, currency), class_name="money")


def moment(iso: Any, *, zone: Any = "", style: str = "datetime") -> rx.Component:
    """A date or a time in the reader's language (styles: components/i18n.py date_text)."""
    said = rx.el.bdi(date_text(iso, zone=zone, style=style), custom_attrs={"suppressHydrationWarning": True})
    return rx.el.time(said, date_time=iso, class_name="num")  # "in 3 days" grows old between build and reading


def card(*children: Any, padded: bool = True, class_name: str = "", **props: Any) -> rx.Component:
    return rx.el.div(*children, class_name=f"card {'card-p' if padded else ''} {class_name}".strip(), **props)


def panel(title: Any, *children: Any, action: rx.Component | None = None, class_name: str = "") -> rx.Component:
    """A card with a headed top line."""
    head = [rx.el.h2(title), *([rx.el.span(action, class_name="end")] if action is not None else [])]
    return rx.el.section(rx.el.div(*head, class_name="panel-h"), *children, class_name=f"card {class_name}".strip())


def tile(label: Any, value: Any, note: Any = None) -> rx.Component:
    """One figure in `tiles`."""
    parts = [rx.el.span(label, class_name="tile-l"), rx.el.span(value, class_name="tile-v")]
    return rx.el.div(*parts, *([rx.el.span(note, class_name="tile-d")] if note is not None else []), class_name="tile")


def tiles(*figures: rx.Component) -> rx.Component:
    return rx.el.div(sheet("figures"), *figures, class_name="tiles")


def used(now: Any, most: Any) -> Any:
    """`2 of 3`, or the figure alone where there is no limit (0)."""
    return rx.cond(most > 0, _("{n} of {most}", n=number_text(now), most=number_text(most)), number_text(now))


def facts(*pairs: tuple[Any, Any]) -> rx.Component:
    """Term and value, line by line."""
    return rx.el.dl(*(part for term, value in pairs for part in (rx.el.dt(term), rx.el.dd(value))), class_name="kv")


def steps(labels: Sequence[Any], current: Any) -> rx.Component:
    """Where one stands. `current` is the index (a number or a Var); earlier ones are done."""
    at = rx.Var.create(current).to(int)
    items = [
        rx.el.li(
            label,
            class_name=rx.cond(at > place, "ok", ""),
            custom_attrs={"aria-current": rx.cond(at == place, "step", rx.Var("undefined"))},
        )
        for place, label in enumerate(labels)
    ]
    return rx.el.ol(*items, class_name="steps")


def banner(title: Any, text: Any = None, *, tone: str = "info", action: rx.Component | None = None) -> rx.Component:
    """Something to know before going on. `tone`: info, ok, warn, bad."""
    mark = {"info": "info", "ok": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}[tone]
    said = [rx.el.strong(title), *([rx.el.p(text)] if text is not None else [])]
    end = [action] if action is not None else []
    return rx.el.div(icon(mark), rx.el.div(*said, class_name="grow"), *end, class_name=f"banner is-{tone}")


def state(glyph: str, title: Any, text: Any, action: rx.Component | None = None, **props: Any) -> rx.Component:
    """A whole part that has nothing to show: why, and the next step."""
    parts = [icon(glyph, size="xl", class_name="glyph"), rx.el.h3(title), rx.el.p(text)]
    return rx.el.div(*parts, *([action] if action is not None else []), class_name="state", **props)


def empty_state(title: Any, text: Any, action: rx.Component | None = None, *, glyph: str = "inbox") -> rx.Component:
    return state(glyph, title, text, action)


def error_state(retry: Any = None) -> rx.Component:
    """Nothing is lost; the toast carries the code to quote."""
    action = button(_("Try again"), icon="rotate-cw", on_click=retry) if retry is not None else None
    return state(
        "cloud-alert",
        _("This could not be shown"),
        _("Nothing is lost. If it goes on, write to us with the code."),
        action,
        role="alert",
    )


def refused_state() -> rx.Component:
    return state("lock", _("Not open to you"), _("Ask an owner or an administrator of this organisation for access."))


def loading_state(*, rows: int = 4) -> rx.Component:
    """The shape of what comes, after 200 ms."""
    line = [
        rx.el.div(
            rx.el.span(
                class_name="sk",
                style={"inline-size": "2rem", "block-size": "2rem", "border-radius": "50%", "flex": "none"},
            ),
            rx.el.div(
                rx.el.span(class_name="sk", style={"inline-size": f"{45 + 13 * (row % 3)}%"}),
                rx.el.span(class_name="sk", style={"inline-size": f"{25 + 9 * (row % 4)}%", "block-size": "0.5rem"}),
                class_name="col grow g-1h",
            ),
            class_name="row g-3",
        )
        for row in range(rows)
    ]
    return rx.el.div(*line, rx.el.span(_("Loading"), class_name="sr"), class_name="col g-4 late pad", role="status")


def meter(percent: Any, label: Any, *, hot: bool = False) -> rx.Component:
    return rx.el.span(
        sheet("figures"),
        rx.el.i(style={"--v": percent}),
        rx.el.span(label, class_name="num"),
        class_name="meter hot" if hot else "meter",
    )


def kbd(text: str) -> rx.Component:
    return rx.el.kbd(text, class_name="kbd ltr")
