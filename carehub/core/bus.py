"""Nudges between processes: topics without data, on Valkey. Losing one costs freshness, never truth."""

import logging
from functools import cache
from uuid import UUID

import redis
from sqlalchemy import event
from sqlalchemy.orm import Session

from carehub.core.settings import settings

log = logging.getLogger(__name__)


def tenant_topic(tenant_id: UUID | str | None) -> str:
    return f"live:tenant:{tenant_id}"


def person_topic(person_id: UUID | str | None) -> str:
    return f"live:person:{person_id}"


@cache
def bus() -> redis.Redis:
    return redis.Redis.from_url(settings.valkey_url, socket_timeout=0.5, socket_connect_timeout=0.5)


def announce(session: Session, topic: str, *, person_id: UUID | None = None) -> None:
    """Tell connected browsers of the session's tenant (or one person's) that `topic` changed, once it is committed."""
    channel = person_topic(person_id) if person_id else tenant_topic(session.info["tenant"])
    session.info.setdefault("announced", set()).add((channel, topic))


@event.listens_for(Session, "after_commit")
def _announce(session: Session) -> None:
    changes = session.info.pop("announced", ())
    try:
        for channel, topic in changes:
            bus().publish(channel, topic)
    except redis.RedisError:
        log.warning("nudges not sent: the broker is away")
