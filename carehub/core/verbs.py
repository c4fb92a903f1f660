"""What a service verb asks of its caller and in which database role it runs. No name, no call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.permissions import PUBLIC, SIGNED_IN, SYSTEM, is_policy
from carehub.core.roles import Role

P = ParamSpec("P")
R = TypeVar("R", covariant=True)
T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """What one verb asks: `policy` is PUBLIC, SIGNED_IN, SYSTEM or permissions; `role` the database role it starts in."""

    name: str
    policy: str
    role: Role
    verb: Callable[..., Any]


class Verb(Protocol[P, R]):
    """A service function `(session, actor, *, ...)` that knows what it asks."""

    __asked__: Asked

    def __call__(self, session: Session, actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R: ...


VERBS: dict[str, Asked] = {}  # every verb of the product, for the isolation suite

_ROLES = {PUBLIC: Role.PUBLIC, SIGNED_IN: Role.ME, SYSTEM: Role.WORKER}


def verb(
    policy: str, *, role: Role | None = None
) -> Callable[[Callable[Concatenate[Session, Actor, P], T]], Verb[P, T]]:
    """Mark a service function as a public verb of its domain.

    The bridge (`perform`) checks `policy` before it opens a transaction in `role`
    (default: ch_public for PUBLIC, ch_me for SIGNED_IN, ch_worker for SYSTEM, ch_app for a permission).
    """
    if not is_policy(policy):
        raise ValueError(f"unknown permission {policy}")

    def mark(function: Callable[Concatenate[Session, Actor, P], T]) -> Verb[P, T]:
        name = f"{function.__module__.removeprefix('carehub.services.')}.{function.__name__}"
        asked = Asked(name, policy, role or _ROLES.get(policy, Role.APP), function)
        VERBS[name] = asked
        function.__asked__ = asked  # type: ignore[attr-defined]
        return function  # type: ignore[return-value]

    return mark
