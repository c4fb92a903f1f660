"""The day that a list's states are reckoned by: today where the organisation is, not where the server's clock is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Date, bindparam, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor

_day: ContextVar[date | None] = ContextVar("day", default=None)
_ZONE = text("SELECT time_zone FROM tenant WHERE id = :tenant")


@contextmanager
def day_of(session: Session, actor: Actor) -> Iterator[None]:
    """Within it `today()` is the day of the actor's organisation."""
    zone = session.scalar(_ZONE, {"tenant": actor.tenant_id}) if actor.tenant_id else None
    before = _day.set(clock.today(zone) if zone else None)
    try:
        yield
    finally:
        _day.reset(before)


def today() -> BindParameter[Any]:
    """For a list's expressions: the day when it is read."""
    return bindparam("today", callable_=lambda: _day.get() or clock.now().date(), type_=Date)
