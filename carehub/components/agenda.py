"""The agenda's widgets: assets/ui/agenda.jsx and what it draws with."""

from typing import Any

import reflex as rx

_MOVE = rx.event.passthrough_event_spec(str, str, int, str, int)  # type: ignore[call-arg]
_TWO = rx.event.passthrough_event_spec(str, str)  # type: ignore[call-arg]
_ONE = rx.event.passthrough_event_spec(str)
FULLCALENDAR = [f"@fullcalendar/{part}@6.1.21" for part in ("core", "react", "timegrid", "daygrid", "interaction")]


class AgendaPage(rx.Component):
    """Bar, then the day, week or month; on a phone one day of one person."""

    library = "$/public/ui/agenda.jsx"
    tag = "AgendaPage"
    lib_dependencies: list[str] = FULLCALENDAR
    view: rx.Var[str]
    day: rx.Var[str]
    first: rx.Var[str]
    today: rx.Var[str]
    zone: rx.Var[str]
    people: rx.Var[list[Any]]
    blocks: rx.Var[list[Any]]
    openings: rx.Var[list[Any]]
    month: rx.Var[list[Any]]
    with_gone: rx.Var[bool]
    selected: rx.Var[str]
    refused: rx.Var[int]
    may_change: rx.Var[bool]
    on_open: rx.EventHandler[_ONE]
    on_move: rx.EventHandler[_MOVE]
    on_draw: rx.EventHandler[_TWO]


class AgendaViews(rx.Component):
    """Day, week, month: kept in the address."""

    library = "$/public/ui/agenda.jsx"
    tag = "AgendaViews"


class UndoNote(rx.Component):
    library = "$/public/ui/agenda.jsx"
    tag = "UndoNote"
    text: rx.Var[str]
    on_undo: rx.EventHandler[rx.event.no_args_event_spec]
    on_gone: rx.EventHandler[rx.event.no_args_event_spec]


class DayRailStrip(rx.Component):
    """In a file of its own, so that no other page fetches the calendar."""

    library = "$/public/ui/day_rail.jsx"
    tag = "DayRail"
    rail: rx.Var[Any]


class Board(rx.Component):
    """Lanes of cards, by mouse, touch and keyboard. `lanes`: [{id, title, cat}]; a card names its lane."""

    library = "$/public/ui/board.jsx"
    tag = "Board"
    lib_dependencies: list[str] = ["@hello-pangea/dnd@18.0.1"]
    lanes: rx.Var[list[Any]]
    cards: rx.Var[list[Any]]
    refused: rx.Var[int]
    may_change: rx.Var[bool]
    selected: rx.Var[str]
    on_move: rx.EventHandler[_TWO]
    on_open: rx.EventHandler[_ONE]


class HoursCalendar(rx.Component):
    """Open hours painted on a week. `draft` is what is being changed: {start, end, was, kind_was}."""

    library = "$/public/ui/calendar.jsx"
    tag = "HoursCalendar"
    lib_dependencies: list[str] = FULLCALENDAR
    first: rx.Var[str]
    today: rx.Var[str]
    zone: rx.Var[str]
    blocks: rx.Var[list[Any]]
    taken: rx.Var[list[Any]]
    typical: rx.Var[bool]
    draft: rx.Var[Any]
    may_change: rx.Var[bool]
    on_pick: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str, str)]
    on_draw: rx.EventHandler[_TWO]
    on_appointment: rx.EventHandler[_ONE]


class SearchBox(rx.Component):
    """The server's search while someone types (300 ms after the last key)."""

    library = "$/public/ui/search_box.jsx"
    tag = "SearchBox"
    label: rx.Var[str]
    name: rx.Var[str]
    invalid: rx.Var[bool]
    on_search: rx.EventHandler[_ONE]
