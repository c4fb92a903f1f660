"""A page as an area lists it in PAGES."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from carehub.components.navigation import Menu

Frame = Literal["public", "workspace", "me", "platform", "none"]


@dataclass(frozen=True)
class Page:
    """One route.

    `title` is a msgid (mark it N_); `shell` the frame around `component` ("none": the page draws its own, as sign-in does);
    `on_load` the events of its own state: they run again at every reconnection. In a workspace `menu` places it in the menu,
    `views` stands beside the title and `actions` at the end of the top bar.
    """

    route: str
    component: Callable[[], rx.Component]
    title: str
    on_load: Sequence[Any] = ()
    shell: Frame = "public"
    description: str = ""
    menu: Menu | None = None
    views: Callable[[], rx.Component] | None = None
    actions: Callable[[], rx.Component] | None = None
