"""The search box and the map, wrapped."""

from typing import Any

import reflex as rx

from carehub.components.public import public_shell
from carehub.core.settings import settings
from carehub.services.directory.views import Suggestion
from carehub.state.directory import FindBox, Search


class Find(rx.Component):
    """The form that leads to /search; `what` is the msgid of the speciality that the address names."""

    library = "$/public/ui/find.jsx"
    tag = "Find"
    big: rx.Var[bool]
    what: rx.Var[str]
    options: rx.Var[list[Suggestion]]
    asked: rx.Var[str]
    on_type: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str)]


class _Map(rx.Component):
    library = "$/public/ui/map.jsx"
    lib_dependencies: list[str] = ["leaflet@1.9.4"]


class MapSide(_Map):
    tag = "MapSide"
    hits: rx.Var[list[Any]]
    tiles: rx.Var[str]


class Spots(_Map):
    library = "$/public/ui/spots.jsx"
    tag = "Spots"
    places: rx.Var[list[Any]]
    tiles: rx.Var[str]


def find(*, big: bool = False) -> rx.Component:
    return Find.create(big=big, what=Search.what, options=FindBox.options, asked=FindBox.asked, on_type=FindBox.ask)


def map_side(hits: Any) -> rx.Component:
    return MapSide.create(hits=hits, tiles=settings.tiles_url)


def spots(places: Any) -> rx.Component:
    return Spots.create(places=places, tiles=settings.tiles_url)


def with_search(*content: rx.Component) -> rx.Component:
    """The public frame with the search in its header."""
    return public_shell(*content, search=find())
