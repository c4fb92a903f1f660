"""What a state knows of the reader's browser: the address and the language."""

from http.cookies import CookieError, SimpleCookie

import reflex as rx

from carehub.core.i18n import pick_locale


def segment(state: rx.State, place: int) -> str:
    """The part of the page's own address at `place`: 1 of /t/atlas/p/ines is "atlas"; empty when there is none."""
    parts = state.router.url.path.strip("/").split("/")
    return parts[place] if place < len(parts) else ""


def query(state: rx.State, name: str) -> str:
    return state.router.url.query_parameters.get(name, "")


def cookie_of(state: rx.State, name: str) -> str:
    """A cookie as the tab opened; empty when there is none."""
    try:
        found = SimpleCookie(state.router.headers.cookie).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def locale_of(state: rx.State) -> str:
    """The language that names from the server should be in: the cookie's as the tab opened, else the browser's first."""
    return pick_locale(state.router.headers.accept_language, cookie_of(state, "locale"))
