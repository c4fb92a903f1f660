"""Finding a practitioner. MC-032..MC-036, MC-038, DI-028, DI-030, DI-033, DI-036."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy import Row
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.core.verbs import verb
from carehub.services.directory import queries, specialities
from carehub.services.directory.criteria import LANGUAGE_LABELS, MOST_PAGES, PAGE_SIZE, Criteria
from carehub.services.directory.views import Bar, Day, Found, Hit, Start
from carehub.services.identity.shell import initials
from carehub.services.verification.kinds import badge_label

LISTED_DAYS, LISTED_STARTS = 4, 3


@verb(PUBLIC)
def search(session: Session, _actor: Actor, *, asked: Criteria) -> Found:
    """Published practitioners that match every wish of `asked`, a page at a time, in its order.

    Words match names, specialities in every language and their synonyms, cities and organisations, whatever their accents, case
    or Arabic spelling; when nothing does, the nearest known words are searched and named in `corrected`.
    """
    return _found(session, asked)


@verb(SIGNED_IN)
def search_signed_in(session: Session, _actor: Actor, *, asked: Criteria) -> Found:
    """As `search`; a professional also finds those who show themselves to professionals only (MC-013)."""
    return _found(session, asked)


def _found(session: Session, asked: Criteria) -> Found:
    rows, total = queries.find(session, asked)
    corrected = ""
    if not total and (asked.text or asked.city):
        nearer = queries.correct(session, asked)
        if nearer != asked:
            rows, total = queries.find(session, nearer)
            corrected = " ".join(part for part in (nearer.text, nearer.city) if part) if total else ""
    shown = min(total, queries.MOST_COUNTED)
    zones = {row.time_zone for row in rows}
    return Found(
        hits=[hit_of(row, number) for number, row in enumerate(rows, (asked.page - 1) * PAGE_SIZE + 1)],
        total=shown,
        is_more=total > queries.MOST_COUNTED,
        page=asked.page,
        pages=min(MOST_PAGES, -(-shown // PAGE_SIZE)),
        corrected=corrected,
        zone=zones.pop() if len(zones) == 1 else "",
    )


def address_of_profile(tenant: str, slug: str) -> str:
    return f"/t/{tenant}/p/{slug}"


def photo_of(row: Row[Any]) -> str:
    return f"/files/{row.tenant_id}/{row.photo_file_id}" if row.photo_file_id else ""


def hit_of(row: Row[Any], number: int) -> Hit:
    """The card of one entry. `row` is of queries.find."""
    href = address_of_profile(row.tenant_slug, row.slug)
    days, ribbon, next_start = free_days(row, href)
    local_today = clock.today(row.time_zone)
    return Hit(
        id=str(row.id),
        number=number,
        href=href,
        name=row.name,
        initials=initials(row.name.removeprefix("Dr ").removeprefix("Pr ")),
        photo=photo_of(row),
        headline=row.headline,
        speciality=specialities.msgid(row.specialities[0]) if row.specialities else "",
        colour=row.colour,
        tenant=row.tenant_slug,
        tenant_name=row.tenant_name,
        rating=round(row.rating, 1) if row.rating else None,
        rating_count=row.rating_count,
        address=row.address,
        city=row.city,
        distance=round(row.distance) if row.distance is not None else None,
        languages=[LANGUAGE_LABELS[code] for code in row.languages if code in LANGUAGE_LABELS],
        modes=list(row.modes),
        verified=badge_label(row.verified) if _is_still_checked(row) else "",
        price_minor=row.price_minor,
        currency=row.currency,
        accepts_new=row.accepts_new,
        next_at=next_start.isoformat() if next_start else "",
        next_time=_next_time(next_start, row.time_zone, local_today),
        latitude=row.latitude,
        longitude=row.longitude,
        days=days,
        ribbon=ribbon,
    )


def _is_still_checked(row: Row[Any]) -> bool:
    """A badge ends with its last day, whenever the projection is rebuilt."""
    return row.verified_until is None or bool(row.verified_until >= clock.now().date())


def _next_time(start: datetime | None, zone: str, today: date) -> str:
    local = clock.to_local(start, zone) if start else None
    return f"{local:%H:%M}" if local and local.date() == today else ""


def still_free(row: Row[Any]) -> dict[date, tuple[int, list[datetime]]]:
    """Day -> how many starts and the first of them, from the entry's local today on, without those that came too near."""
    today, soonest = clock.today(row.time_zone), clock.now() + timedelta(minutes=row.notice_minutes)
    days: dict[date, tuple[int, list[datetime]]] = {}
    for iso, free, starts in row.days or ():
        day = date.fromisoformat(iso)
        if day < today:
            continue
        moments = [datetime.fromisoformat(start).astimezone(UTC) for start in starts]
        offered = [moment for moment in moments if moment >= soonest]
        days[day] = (free - (len(moments) - len(offered)), offered)
    return days


def free_days(row: Row[Any], href: str) -> tuple[list[Day], list[Bar], datetime | None]:
    """The days written out, the ribbon of RIBBON_DAYS, and the next free start."""
    found = still_free(row)
    today = clock.today(row.time_zone)
    every = [today + timedelta(days=ahead) for ahead in range(queries.RIBBON_DAYS)]
    open_days = [day for day in every if found.get(day, (0, []))[0]]
    listed = sorted((open_days + [day for day in every if day not in open_days])[:LISTED_DAYS]) if open_days else []
    days = [_day(day, *found.get(day, (0, [])), row, href) for day in listed]
    most = max((free for free, _ in found.values()), default=0)
    ribbon = [_bar(day, found.get(day, (0, []))[0], most, day in listed) for day in every]
    first = next((found[day][1][0] for day in open_days if found[day][1]), None)
    return days, ribbon, first


def _day(day: date, free: int, moments: Sequence[datetime], row: Row[Any], href: str) -> Day:
    starts = [start_of(moment, row.time_zone, href, row.service_id) for moment in moments[:LISTED_STARTS]]
    return Day(day.isoformat(), starts, max(0, free - len(starts)))


def start_of(moment: datetime, zone: str, href: str, service_id: object) -> Start:
    at = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return Start(at, f"{clock.to_local(moment, zone):%H:%M}", f"{href}?start={quote(at)}&service={service_id}")


def _bar(day: date, free: int, most: int, is_listed: bool) -> Bar:
    level = 0 if not free else max(1, round(4 * free / most))
    return Bar(day.isoformat(), free, level, is_listed)
