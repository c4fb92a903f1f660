"""Leaving the app by an event: to a page that is not ours to route (a payment, a bank)."""

import reflex as rx


class Leave(rx.Component):
    """Draws nothing. Once `to` becomes an address that `state.leaving.leaving` made, the browser opens it in place of the page."""

    library = "$/public/ui/leave.jsx"
    tag = "Leave"
    to: rx.Var[str]
