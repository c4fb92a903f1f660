"""Pure rules of what is paid by use. DI-019, DI-020."""

from datetime import datetime

LONGEST_MINUTES = 240


def call_coins(per_minute: int, *, minimum: int, agreed: int, seconds: float) -> int:
    """What a call of so many seconds costs: settled to the second, the last coin rounded up; at least the minimum, at most what was
    agreed to."""
    counted = min(max(seconds, minimum * 60), agreed * 60)
    whole = int(counted * 1000)  # thousandths, so that no float decides
    return -(-per_minute * whole // 60_000)


def seconds_between(started: datetime, now: datetime) -> float:
    return max(0.0, (now - started).total_seconds())


def share_out(total: int, holds: list[int]) -> list[int]:
    """How much of each hold is taken, the first ones first."""
    taken = []
    for amount in holds:
        taken.append(min(amount, total))
        total -= taken[-1]
    return taken
