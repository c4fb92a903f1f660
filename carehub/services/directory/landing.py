"""The landing's live figures. DI-146, DI-149: nothing on it is invented."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.permissions import PUBLIC
from carehub.core.verbs import verb
from carehub.services.directory import queries
from carehub.services.directory.criteria import Criteria, address_of
from carehub.services.directory.search import address_of_profile, hit_of, start_of
from carehub.services.directory.specialities import KIND_LABELS as _KINDS
from carehub.services.directory.specialities import SPECIALITIES, Kind
from carehub.services.directory.terms import CITY, SPECIALITY
from carehub.services.directory.views import BoardBlock, BoardRow, IndexEntry, IndexGroup, Landing

BOARD_ROWS, BOARD_BLOCKS, BOARD_HOURS = 3, 5, 10
LISTED = 5

_COUNTS = text("""
    SELECT (SELECT count(*) FROM directory_entry) AS published,
           (SELECT count(*) FROM (SELECT DISTINCT tenant_id FROM directory_entry) AS shown) AS organisations,
           (SELECT count(*) FROM directory_entry WHERE next_free < :soon) AS free_today""")
_TERMS = text("""
    SELECT kind, code, max(weight) AS weight FROM directory_term WHERE kind IN ('speciality', 'city') GROUP BY kind, code
    ORDER BY weight DESC, code""")
# Of the city with most practitioners free soon: those free first, the day's starts of each.
_BOARD = text(f"""
    SELECT {queries.SHOWN}, cast(NULL AS double precision) AS distance, (
        SELECT jsonb_agg(jsonb_build_array(d.day, d.free, d.starts[1:40]) ORDER BY d.day) FROM day_slots d
        WHERE d.tenant_id = e.tenant_id AND d.practitioner_id = e.id AND d.day BETWEEN :first AND :last) AS days
    FROM directory_entry e WHERE e.next_free IS NOT NULL AND e.city_norm = f_norm(:city)
    ORDER BY e.next_free, e.rank DESC, e.id LIMIT 12""")  # noqa: S608
_SOONEST_CITY = text("""
    SELECT city FROM (SELECT city FROM directory_entry WHERE next_free < :soon AND city <> '' LIMIT 2000) AS soon
    GROUP BY city ORDER BY count(*) DESC, city LIMIT 1""")


@verb(PUBLIC)
def landing(session: Session, _actor: Actor) -> Landing:
    """Counts of what is published, one city's next free hours, and an index by speciality and city, of this moment."""
    soon = clock.now() + timedelta(hours=24)
    counts = session.execute(_COUNTS, {"soon": soon}).one()
    city = session.scalar(_SOONEST_CITY, {"soon": soon}) or ""
    day, hours, rows, now, now_time = _board(session, city)
    groups, cities = _index(session)
    return Landing(
        published=counts.published,
        free_today=counts.free_today,
        organisations=counts.organisations,
        board=rows,
        board_city=city if rows else "",
        board_day=day,
        hours=hours,
        now_time=now_time,
        now=now,
        groups=groups,
        cities=cities,
    )


def _board(session: Session, city: str) -> tuple[str, list[int], list[BoardRow], float | None, str]:
    """The first day with free hours in `city`: its date, the hours drawn, the rows, and the place and text of the present."""
    today = clock.now().date()
    span = {"first": today - timedelta(days=1), "last": today + timedelta(days=3)}
    found = session.execute(_BOARD, {"city": city} | span).all() if city else []
    if not found:
        return "", [], [], None, ""
    zone = found[0].time_zone
    soonest = clock.now()
    day = min(clock.to_local(max(row.next_free, soonest), zone).date() for row in found)
    free = [(row, [m for m in _starts(row, soonest) if clock.to_local(m, zone).date() == day]) for row in found]
    drawn = [(row, starts[:BOARD_BLOCKS]) for row, starts in free if starts][:BOARD_ROWS]
    if not drawn:
        return "", [], [], None, ""
    local_now = clock.to_local(soonest, zone)
    first = min(clock.to_local(starts[0], zone).hour for _, starts in drawn)
    first = min(max(first - 1, 0), local_now.hour if local_now.date() == day else 8, 24 - BOARD_HOURS)
    hours = list(range(first, first + BOARD_HOURS))
    rows = [_row(row, starts, zone, first) for row, starts in drawn]
    now = _place(local_now, first) if local_now.date() == day else None
    return day.isoformat(), hours, rows, now, f"{local_now:%H:%M}" if now is not None else ""


def _starts(row: Row[Any], soonest: datetime) -> list[datetime]:
    offered = soonest + timedelta(minutes=row.notice_minutes)
    every = [datetime.fromisoformat(one).astimezone(UTC) for _day, _free, starts in row.days or () for one in starts]
    return [moment for moment in every if moment >= offered]


def _place(local: datetime, first: int) -> float | None:
    place = (local.hour + local.minute / 60 - first) / BOARD_HOURS * 100
    return round(place, 2) if 0 <= place <= 100 else None


def _row(row: Row[Any], starts: list[datetime], zone: str, first: int) -> BoardRow:
    hit = hit_of(row, 1)
    href = address_of_profile(row.tenant_slug, row.slug)
    blocks = []
    for moment in starts:
        place = _place(clock.to_local(moment, zone), first)
        if place is not None and place <= 100 - 100 / BOARD_HOURS / 2:
            start = start_of(moment, zone, href, row.service_id)
            blocks.append(BoardBlock(start.time, start.href, place))
    return BoardRow(
        hit.name, hit.initials, hit.colour, hit.photo, hit.speciality, hit.headline, hit.city, href, _apart(blocks)
    )


def _apart(blocks: list[BoardBlock]) -> list[BoardBlock]:
    """Blocks that do not lie on each other."""
    kept: list[BoardBlock] = []
    for block in blocks:
        if not kept or block.at - kept[-1].at >= 7:
            kept.append(block)
    return kept


def _index(session: Session) -> tuple[list[IndexGroup], list[IndexEntry]]:
    by_kind: dict[Kind, list[IndexEntry]] = defaultdict(list)
    cities: list[IndexEntry] = []
    for row in session.execute(_TERMS):
        if row.kind == SPECIALITY and row.code in SPECIALITIES:
            one = SPECIALITIES[row.code]
            by_kind[one.kind].append(IndexEntry(one.label, f"/search?speciality={row.code}", row.weight))
        elif row.kind == CITY:
            cities.append(IndexEntry(row.code, address_of(Criteria(city=row.code)), row.weight))
    groups = [IndexGroup(_KINDS[kind], by_kind[kind][:LISTED]) for kind in Kind if by_kind[kind]]
    return groups, cities[:LISTED]
