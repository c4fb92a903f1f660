"""What a profile shows beyond its card: the same on the public page and in its preview. Fetched when it comes near the eye."""

from typing import Any

import reflex as rx


class Presented(rx.Component):
    """`more` is a services.profiles.views.Presented. Third parties are asked nothing before a click."""

    library = "$/public/ui/presented_lazy.jsx"
    tag = "Presented"
    more: rx.Var[Any]
