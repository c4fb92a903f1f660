"""What surrounds any page, whatever its shell."""

from typing import Any

import reflex as rx

from carehub.components.i18n import _
from carehub.state.shell import Shell
from carehub.state.toasts import Toasts


class _Frame(rx.Component):
    library = "$/public/ui/frame.jsx"


class PageTitle(_Frame):
    tag = "PageTitle"
    title: rx.Var[str]


class ErrorBoundary(_Frame):
    tag = "ErrorBoundary"


class ConnectionBar(_Frame):
    tag = "ConnectionBar"


class Toaster(_Frame):
    tag = "Toaster"
    queue: rx.Var[list[Any]]
    on_dismiss: rx.EventHandler[rx.event.passthrough_event_spec(int)]


class _LanguageSelect(rx.Component):
    library = "$/public/ui/preferences.jsx"
    tag = "LanguageSelect"
    on_choose: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def language_select() -> rx.Component:
    """The choice of the language; a signed-in person's is kept with the account."""
    return _LanguageSelect.create(on_choose=Shell.speak)


class ThemeSelect(rx.Component):
    library = "$/public/ui/preferences.jsx"
    tag = "ThemeSelect"


def skip_link() -> rx.Component:
    return rx.el.a(_("Skip to the content"), href="#main", class_name="skip")


def framed(title: str, content: rx.Component) -> rx.Component:
    """`content` with the page's title (a msgid), the error boundary, the connection bar and the toasts."""
    return rx.fragment(
        skip_link(),
        PageTitle.create(title=title),
        ErrorBoundary.create(content),
        ConnectionBar.create(),
        Toaster.create(queue=Toasts.queue, on_dismiss=Toasts.dismiss),
    )
