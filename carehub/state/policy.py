"""What an event handler asks of the person who calls it. A handler without a policy cannot be called."""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, TypeVarTuple

import reflex as rx
from reflex.event import EventCallback, EventType
from reflex.state import BaseState

from carehub.core.permissions import PUBLIC, SIGNED_IN, is_policy

S = TypeVar("S", bound=BaseState)
Ts = TypeVarTuple("Ts")

Events: TypeAlias = EventType[()]  # what a handler may return: more events

CHAINED = "~"  # only from another handler, never straight from a browser
OWN = "="  # the state class says it, as `permission`

__all__ = ["CHAINED", "OWN", "PUBLIC", "SIGNED_IN", "Events", "action"]


def action(permission: str, *, background: bool = False) -> Callable[[Callable[[S, *Ts], Any]], EventCallback[*Ts]]:
    """Mark a state's method as an event handler that needs `permission`."""
    if permission not in (CHAINED, OWN) and not is_policy(permission):
        raise ValueError(f"unknown permission {permission}")

    def mark(handler: Callable[[S, *Ts], Any]) -> EventCallback[*Ts]:
        handler.__policy__ = permission  # type: ignore[attr-defined]
        marked: EventCallback[*Ts] = rx.event(background=background or None)(handler)
        return marked

    return mark
