"""Mails that speak neither of an appointment nor of an account: what each kind holds is composed when it is sent."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from carehub.integrations.mail import Mail
from carehub.models.notify import Delivery

Compose = Callable[[Session, Delivery, str], Mail | None]
LETTERS: dict[str, Compose] = {}


def letter(kind: str) -> Callable[[Compose], Compose]:
    """Register what composes deliveries of `kind`, in the tenant's scope; None withdraws one that is no longer wanted."""

    def register(compose: Compose) -> Compose:
        LETTERS[kind] = compose
        return compose

    return register
