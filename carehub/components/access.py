"""What the reader may see. A courtesy to the eye only: the guard decides on every event."""

import functools
import operator

import reflex as rx

from carehub.components.display import refused_state
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.state.shell import Shell


def may(policy: str) -> rx.Var[bool]:
    """Has the reader this permission (or one of those joined by |) in the tenant of the page? Its module must be on."""
    if policy in (PUBLIC, SIGNED_IN):
        return rx.Var.create(True)
    held: rx.Var[bool] = functools.reduce(
        operator.or_, (rx.Var.create(Shell.permissions).contains(one) for one in policy.split("|"))
    )
    return held


def only_with(policy: str, shown: rx.Component) -> rx.Component:
    """`shown` for those who have the permission, nothing for the rest."""
    return rx.cond(may(policy), shown)


def refused_without(policy: str, shown: rx.Component) -> rx.Component:
    """`shown`, or the no-permission state once it is known that the reader lacks the permission."""
    if policy in (PUBLIC, SIGNED_IN):
        return shown
    return rx.cond(rx.Var.create(Shell.loaded) & ~may(policy), refused_state(), shown)
