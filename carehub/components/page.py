"""A page as an area lists it in PAGES."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

Frame = Literal["public", "workspace", "me", "none"]


@dataclass(frozen=True)
class Page:
    """One route.

    `title` is a msgid; `shell` the frame around `component` ("none": the page draws its own, as sign-in does);
    `on_load` the events of its own state: they run again at every reconnection.
    """

    route: str
    component: Callable[[], rx.Component]
    title: str
    on_load: Sequence[Any] = ()
    shell: Frame = "public"
    description: str = ""
