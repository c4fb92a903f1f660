"""Messages at the corner of the screen, kept in state so that they need no eval and survive a strict CSP."""

import dataclasses
import itertools
import logging
import secrets
from typing import cast
from urllib.parse import quote

import reflex as rx
from reflex.event import EventSpec
from reflex_base.event.context import EventContext

from carehub.core.errors import CareHubError
from carehub.services.identity.errors import ProofNeeded
from carehub.services.identity.rules import local_path
from carehub.state.policy import CHAINED, PUBLIC, action

log = logging.getLogger(__name__)
_ids = itertools.count(1)


@dataclasses.dataclass(frozen=True)
class Toast:
    id: int
    level: str  # success, info, error
    key: str
    params: dict[str, str]


class Toasts(rx.State):
    queue: list[Toast] = []

    @action(CHAINED)
    def show(self, level: str, key: str, params: dict[str, str]) -> None:
        self.queue = [*self.queue[-3:], Toast(next(_ids), level, key, params)]

    @action(PUBLIC)
    def dismiss(self, toast_id: int) -> None:
        self.queue = [toast for toast in self.queue if toast.id != toast_id]


def toast(level: str, key: str, **params: object) -> EventSpec:
    """A message for the corner of the screen: `key` is an English msgid, `params` fill it in the browser."""
    return cast(EventSpec, Toasts.show(level, key, {name: str(value) for name, value in params.items()}))


def explain(exception: Exception) -> EventSpec:  # Reflex checks the parameter's name and the return type
    """What the user sees when a handler raises: the refusal's own words, or an id to quote.

    One who must show again who they are is led to the page for it, and comes back.
    """
    if isinstance(exception, ProofNeeded):
        here = str((EventContext.get().router_data or {}).get("asPath", ""))
        return rx.redirect("/me/confirm?next=" + quote(local_path(here)))
    if isinstance(exception, CareHubError):
        return toast("error", exception.key, **exception.params)
    code = secrets.token_hex(4)
    log.error("unexpected error %s", code, exc_info=exception)
    return toast("error", "Something went wrong. Quote {id} if you write to us", id=code)
