"""Rate limits: a moving window on Valkey, shared by every process; in this process's memory while Valkey is away."""

import logging
import time
from dataclasses import dataclass
from functools import cache

import redis
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter

from carehub.core.actor import Actor
from carehub.core.errors import TooMany
from carehub.core.settings import settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Allowance:
    """`reset` is seconds from now until a request is free again."""

    allowed: bool
    limit: int
    remaining: int
    reset: int


def _address() -> str:
    """Valkey's address in the words of `limits`."""
    if settings.redis_url:
        return settings.redis_url
    return settings.valkey_url.replace("unix://", "redis+unix://", 1)


@cache
def _shared() -> MovingWindowRateLimiter:
    storage: Storage = RedisStorage(_address(), socket_timeout=0.5, socket_connect_timeout=0.5)
    return MovingWindowRateLimiter(storage)


@cache
def _local() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


def per_minute(count: int) -> RateLimitItem:
    return RateLimitItemPerMinute(count)


def check(what: str, actor: Actor, *, most_a_minute: int) -> None:
    """Count one `what` of a person, or of a visitor's address, and refuse it beyond `most_a_minute`. Raises TooMany.

    The system, and a visitor whose address is not known (the command line), are not counted.
    """
    who = str(actor.person_id or "") or actor.address
    if not who or actor.is_system:
        return
    allowance = hit(per_minute(most_a_minute), what, who)
    if not allowance.allowed:
        raise TooMany(seconds=max(allowance.reset, 1))


def hit(item: RateLimitItem, *keys: str) -> Allowance:
    """Count one request of `keys` and tell what is left (CD-135)."""
    try:
        return _hit(_shared(), item, keys)
    except redis.RedisError:
        log.warning("rate limits are kept in this process: the broker is away")
        return _hit(_local(), item, keys)


def _hit(limiter: MovingWindowRateLimiter, item: RateLimitItem, keys: tuple[str, ...]) -> Allowance:
    allowed = limiter.hit(item, *keys)
    window = limiter.get_window_stats(item, *keys)
    return Allowance(allowed, item.amount, max(window.remaining, 0), max(round(window.reset_time - time.time()), 0))
