"""Lucide icons, drawn inline from assets/icons.svg: a page carries only those it shows. To add one, add its symbol there."""

import re
from functools import cache

import reflex as rx

from carehub.core.settings import ROOT

SPRITE = ROOT / "assets" / "icons.svg"
SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="0 0 24 24">(.*?)</symbol>', re.DOTALL)
DIRECTED = frozenset(
    (
        "arrow-left",
        "arrow-right",
        "chevron-left",
        "chevron-right",
        "log-in",
        "log-out",
        "reply",
        "send",
        "list",
        "undo-2",
    )
)


@cache
def _shapes() -> dict[str, str]:
    return dict(SYMBOL.findall(SPRITE.read_text()))


def icon(name: str, *, size: str = "", class_name: str = "") -> rx.Component:
    """A decorative icon (hidden from readers: the text or the label beside it speaks). `size`: "", sm, lg or xl."""
    if name not in _shapes():
        raise ValueError(f"no icon {name} in {SPRITE.name}")
    classes = ["ic", f"ic-{size}" if size else "", "ic-dir" if name in DIRECTED else "", class_name]
    return rx.el.svg(
        view_box="0 0 24 24",
        class_name=" ".join(filter(None, classes)),
        custom_attrs={"aria-hidden": "true", "dangerouslySetInnerHTML": {"__html": _shapes()[name]}},
    )


def sprite_icon(name: rx.Var[str] | str, *, class_name: str = "ic") -> rx.Component:
    """An icon whose name comes from state: taken from the sprite file, so the name must be a symbol of it."""
    use = rx.el.svg.use(href="/icons.svg#" + rx.Var.create(name).to(str))
    return rx.el.svg(use, view_box="0 0 24 24", class_name=class_name, custom_attrs={"aria-hidden": "true"})


def logo() -> rx.Component:
    """CareHub's mark and name."""
    ring = '<path class="ring" d="M18.6 17.5A8.6 8.6 0 1 1 18.6 6.5" stroke-width="3.4" stroke-linecap="round"/>'
    dot = '<circle class="dot" cx="20" cy="12" r="2.6"/>'
    drawn = {"aria-hidden": "true", "dangerouslySetInnerHTML": {"__html": ring + dot}}
    return rx.el.span(rx.el.svg(view_box="0 0 24 24", fill="none", custom_attrs=drawn), "CareHub", class_name="logo")
