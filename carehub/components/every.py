"""Asking again by the clock, for figures that nothing announces."""

import reflex as rx


class Every(rx.Component):
    """Draws nothing. Fires every `seconds` while the page is looked at."""

    library = "$/public/ui/every.jsx"
    tag = "Every"
    seconds: rx.Var[int]
    on_tick: rx.EventHandler[rx.event.no_args_event_spec]
