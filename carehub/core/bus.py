"""Nudges between processes: topics without data, on Valkey. Losing one costs freshness, never truth."""

import logging
import time
from functools import cache
from uuid import UUID

import redis
from sqlalchemy import event
from sqlalchemy.orm import Session

from carehub.core.settings import settings

log = logging.getLogger(__name__)
_away_until = 0.0


def tenant_topic(tenant_id: UUID | str | None) -> str:
    return f"live:tenant:{tenant_id or ''}"  # of none: the platform's own console


def person_topic(person_id: UUID | str | None) -> str:
    return f"live:person:{person_id}"


@cache
def bus() -> redis.Redis:
    return redis.Redis.from_url(settings.valkey_url, socket_timeout=0.5, socket_connect_timeout=0.5)


def announce(session: Session, topic: str, *, person_id: UUID | None = None) -> None:
    """Tell connected browsers of the session's tenant (or one person's) that `topic` changed, once it is committed."""
    channel = person_topic(person_id) if person_id else tenant_topic(session.info["tenant"])
    session.info.setdefault("announced", set()).add((channel, topic))


def wake(session: Session, channel: str) -> None:
    """Tell another process, once it is committed, that there is work on `channel`."""
    session.info.setdefault("announced", set()).add((channel, ""))


@event.listens_for(Session, "after_commit")
def _announce(session: Session) -> None:
    nudges = session.info.pop("announced", None)
    if nudges:
        publish(*nudges)


def publish(*nudges: tuple[str, str]) -> None:
    """Channels with their messages, in one round trip. Fire and forget: after a failure the broker is left alone for a moment,
    so that no request waits for it twice."""
    global _away_until
    if time.monotonic() < _away_until:
        return
    try:
        with bus().pipeline(transaction=False) as together:
            for channel, message in nudges:
                together.publish(channel, message)
            together.execute()
    except redis.RedisError:
        _away_until = time.monotonic() + 2
        log.warning("nudge not sent: the broker is away")
