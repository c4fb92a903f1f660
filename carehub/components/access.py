"""What the reader may see. A courtesy to the eye only: the guard decides on every event."""

import reflex as rx

from carehub.state.shell import Shell


def may(permission: str) -> rx.Var[bool]:
    """Has the reader this permission in the tenant of the page? (Its module must be on.)"""
    held: rx.Var[bool] = rx.Var.create(Shell.permissions).contains(permission)
    return held


def module_on(module: str) -> rx.Var[bool]:
    on: rx.Var[bool] = rx.Var.create(Shell.modules).contains(module)
    return on


def only_with(permission: str, shown: rx.Component) -> rx.Component:
    """`shown` for those who have the permission, nothing for the rest."""
    return rx.cond(may(permission), shown)
