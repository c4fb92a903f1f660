"""Which appointments a practitioner has: walks the real openings, so that nothing overlaps and free hours remain. Pure."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from carehub.models.booking import AppointmentStatus as S
from carehub.services.booking.rules import Offer, Opening, Schedule, Span, free_slots, openings

PAST_DAYS, COMING_DAYS = 14, 24
GRID = 15  # minutes: starts fall on quarters


@dataclass(frozen=True)
class Offered:
    key: str
    offer: Offer


@dataclass(frozen=True)
class Planned:
    key: str
    starts_at: datetime
    ends_at: datetime
    status: S
    mode: str
    proposals: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Diary:
    """Whose agenda: `busy` from 0 to 1 is how sought after they are; `on_request`: they answer each demand."""

    schedule: Schedule
    services: tuple[Offered, ...]
    busy: float
    on_request: bool
    now: datetime
    today: date


def plan(diary: Diary, rng: random.Random) -> list[Planned]:
    """Two weeks behind and more than three ahead, thinner with distance."""
    found: list[Planned] = []
    for ahead in range(-PAST_DAYS, COMING_DAYS + 1):
        day = diary.today + timedelta(days=ahead)
        for opening in openings(diary.schedule, day):
            found += _fill(diary, rng, opening, _density(ahead, diary.busy), _taken(diary, found, day))
    return [_with_proposals(diary, found, one) if one.status == S.PROPOSED else one for one in found]


def _taken(diary: Diary, found: list[Planned], day: date) -> Counter[str]:
    """Appointments of each service on a local day, for its daily cap."""
    place = ZoneInfo(diary.schedule.zone)
    lost = (S.CANCELLED, S.DECLINED)
    return Counter(p.key for p in found if p.status not in lost and p.starts_at.astimezone(place).date() == day)


def _density(ahead: int, busy: float) -> float:
    if busy >= 1:
        return 1.0
    base = 0.86 if ahead < 0 else 0.66 if ahead <= 1 else 0.6 if ahead <= 5 else 0.45 if ahead <= 12 else 0.2
    return base * busy


def _fill(diary: Diary, rng: random.Random, opening: Opening, density: float, taken: Counter[str]) -> list[Planned]:
    cursor, found = opening.start, list[Planned]()
    free_from = opening.start  # the buffer after the last appointment ends here
    while cursor < opening.end:
        choice = _choose(diary, rng, opening, cursor, taken)
        if choice is None:
            cursor += timedelta(minutes=2 * GRID)
            continue
        service, mode = choice
        if rng.random() >= density:
            cursor += timedelta(minutes=max(2 * GRID, service.offer.duration))
            continue
        start = _on_grid(max(cursor, free_from + timedelta(minutes=service.offer.buffer_before)))
        end = start + timedelta(minutes=service.offer.duration)
        if end > opening.end:
            cursor += timedelta(minutes=2 * GRID)
            continue
        status = _status(diary, rng, start, end)
        found.append(Planned(service.key, start, end, status, mode))
        if status in (S.CANCELLED, S.DECLINED) and rng.random() < 0.6:
            continue  # someone else takes the hour
        taken[service.key] += 1
        free_from = end + timedelta(minutes=service.offer.buffer_after)
        cursor = _on_grid(free_from)
    return found


def _choose(
    diary: Diary, rng: random.Random, opening: Opening, start: datetime, taken: Counter[str]
) -> tuple[Offered, str] | None:
    fitting = []
    for service in diary.services:
        modes = [mode for mode in service.offer.modes if opening.modes is None or mode in opening.modes]
        cap = service.offer.daily_cap
        if (
            modes
            and start + timedelta(minutes=service.offer.duration) <= opening.end
            and (cap is None or taken[service.key] < cap)
        ):
            fitting.append((service, modes))
    if not fitting:
        return None
    service, modes = rng.choice(fitting)
    return service, modes[0] if rng.random() < 0.75 else rng.choice(modes)


def _on_grid(moment: datetime) -> datetime:
    over = moment.minute % GRID
    return moment if over == 0 else moment + timedelta(minutes=GRID - over)


def _status(diary: Diary, rng: random.Random, start: datetime, end: datetime) -> S:
    chance = rng.random()
    if end <= diary.now:
        return S.CANCELLED if chance < 0.06 else S.NOSHOW if chance < 0.10 else S.FULFILLED
    if start <= diary.now + timedelta(minutes=10):
        return S.ARRIVED
    if chance < 0.05:
        return S.CANCELLED
    if not diary.on_request:
        return S.BOOKED
    return S.DECLINED if chance < 0.07 else S.PROPOSED if chance < 0.11 else S.PENDING if chance < 0.17 else S.BOOKED


def _with_proposals(diary: Diary, all_planned: list[Planned], one: Planned) -> Planned:
    """Up to two free times after the one that was asked for; without any, the request simply waits."""
    offer = next(service.offer for service in diary.services if service.key == one.key)
    busy = _busy(diary, all_planned)
    times: list[datetime] = []
    for ahead in range(1, 8):
        day = one.starts_at.date() + timedelta(days=ahead)
        slots = free_slots(diary.schedule, offer, busy, day=day, now=diary.now)
        times += [slots[len(slots) // 2].start] if slots else []
    status = S.PROPOSED if times else S.PENDING
    return Planned(one.key, one.starts_at, one.ends_at, status, one.mode, tuple(times[:2]))


def _busy(diary: Diary, all_planned: list[Planned]) -> list[Span]:
    offers = {service.key: service.offer for service in diary.services}
    return [
        (
            one.starts_at - timedelta(minutes=offers[one.key].buffer_before),
            one.ends_at + timedelta(minutes=offers[one.key].buffer_after),
        )
        for one in all_planned
        if one.status not in (S.CANCELLED, S.DECLINED, S.NOSHOW)
    ]
