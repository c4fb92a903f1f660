"""Reads: the agenda's week, the directory's search, each beside the statement that a hand would write."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import psycopg

from carehub.bench.measure import Line, one_by_one
from carehub.core import clock
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform
from carehub.core.permissions import DEFAULT_MODULES, TenantRole, permissions_of
from carehub.services import booking
from carehub.services.demo.large import CODES, PLACES
from carehub.services.directory.criteria import Criteria
from carehub.services.directory.search import search

SHOWN_TOGETHER = 6  # columns of a week that are read side by side

_AGENDA = """
    SELECT a.id, a.status, a.mode, a.starts_at, a.ends_at, a.local_start, a.price_minor, a.currency, a.source, a.reason,
           p.given_name, p.family_name, p.colour, s.name, pt.given_name, pt.family_name, si.address, si.city
    FROM appointment a
    JOIN practitioner p ON p.tenant_id = a.tenant_id AND p.id = a.practitioner_id
    JOIN service s ON s.tenant_id = a.tenant_id AND s.id = a.service_id
    JOIN patient pt ON pt.tenant_id = a.tenant_id AND pt.id = a.patient_id
    LEFT JOIN site si ON si.tenant_id = a.tenant_id AND si.id = a.site_id
    WHERE a.tenant_id = %(tenant)s AND a.practitioner_id = ANY(%(practitioners)s)
      AND a.starts_at >= %(first)s AND a.starts_at < %(last)s AND a.status NOT IN ('cancelled', 'declined')
    ORDER BY a.starts_at"""
_NEAR = """e.latitude BETWEEN %(lat)s - %(deg)s AND %(lat)s + %(deg)s
          AND e.longitude BETWEEN %(lng)s - 1.5 * %(deg)s AND %(lng)s + 1.5 * %(deg)s
          AND 111.195 ^ 2 * ((e.latitude - %(lat)s) ^ 2 + (e.longitude - %(lng)s) ^ 2 * cos(radians(%(lat)s)) ^ 2) <= 10 ^ 2
          AND e.specialities @> ARRAY[%(code)s] AND 'fr' = ANY(e.languages) AND 'video' = ANY(e.modes)
          AND e.price_euro_cents <= %(cents)s"""
_WEEK = "e.city_norm = f_norm(%(city)s) AND e.next_free < %(until)s"
# what the page shows: twenty entries, their free hours, and how many match, up to a thousand
_PAGE = """
    WITH page AS MATERIALIZED (SELECT e.* FROM directory_entry e WHERE {where} ORDER BY {order} LIMIT 20)
    SELECT page.*, (SELECT jsonb_agg(jsonb_build_array(d.day, d.free, d.starts[1:24])) FROM day_slots d
        WHERE d.tenant_id = page.tenant_id AND d.practitioner_id = page.id AND d.day BETWEEN %(first)s AND %(last)s),
        (SELECT count(*) FROM (SELECT FROM directory_entry e WHERE {where} LIMIT 1001) AS matched) FROM page"""
_SEARCH = _PAGE.format(where=_NEAR, order="e.rank DESC, e.id")
_THIS_WEEK = _PAGE.format(where=_WEEK, order="e.next_free, e.rank DESC, e.id")


def page_lines(connection: psycopg.Connection[Any], *, times: int) -> Iterator[Line]:
    yield _agenda(connection, "agenda, a week of 6", times, columns=SHOWN_TOGETHER)
    yield _agenda(connection, "agenda, a week of 50", max(times // 5, 5), columns=50)
    yield _search(connection, times)
    yield _this_week(connection, times)


def receptionist(tenant_id: UUID, slug: str) -> Actor:
    """Someone at the desk, without an account: the bench calls verbs, not pages."""
    role = TenantRole.RECEPTIONIST
    granted = permissions_of(role, {}, DEFAULT_MODULES)
    return Actor(tenant_id=tenant_id, tenant=slug, role=role, permissions=granted, modules=DEFAULT_MODULES)


def _agenda(connection: psycopg.Connection[Any], name: str, times: int, *, columns: int) -> Line:
    today = clock.now().date()
    first = today - timedelta(days=today.weekday())
    tenants = connection.execute(
        "SELECT t.id, t.slug, (array_agg(p.id ORDER BY p.position))[1:%s] FROM tenant t JOIN practitioner p ON p.tenant_id = t.id"
        " WHERE t.slug BETWEEN 'large-001' AND 'large-200' GROUP BY 1, 2 ORDER BY 2",
        [columns],
    ).fetchall()

    def ours(n: int) -> None:
        tenant_id, slug, shown = tenants[n * 7 % len(tenants)]
        who = receptionist(tenant_id, slug)
        found = perform(booking.agenda, who, first=first, days=7, practitioner_ids=frozenset(shown))
        assert found.appointments

    def floor(n: int) -> None:
        tenant_id, _, shown = tenants[n * 7 % len(tenants)]
        values = {"tenant": tenant_id, "practitioners": shown, "first": first, "last": first + timedelta(days=7)}
        assert connection.execute(_AGENDA, values).fetchall()

    return Line(name, one_by_one(ours, times), one_by_one(floor, times))


def _days() -> dict[str, date]:
    today = clock.now().date()
    return {"first": today - timedelta(days=1), "last": today + timedelta(days=14)}


def _search(connection: psycopg.Connection[Any], times: int) -> Line:
    rng = random.Random(1)  # noqa: S311 -- repeatable, nothing secret
    asked = [(rng.choice(PLACES), rng.choice(CODES)) for _ in range(times + 5)]

    def ours(n: int) -> None:
        place, code = asked[n]
        wish = Criteria(
            speciality=code,
            latitude=place[5],
            longitude=place[6],
            radius=10,
            language="fr",
            mode="video",
            maximum=90,
            sort="rating",
        )
        perform(search, VISITOR, asked=wish)

    def floor(n: int) -> None:
        place, code = asked[n]
        values = {"lat": place[5], "lng": place[6], "deg": 10 / 111.195, "code": code, "cents": 9000, **_days()}
        connection.execute(_SEARCH, values).fetchall()

    return Line("search near, with filters", one_by_one(ours, times), one_by_one(floor, times))


def _this_week(connection: psycopg.Connection[Any], times: int) -> Line:
    end = datetime.combine(clock.now().date() + timedelta(days=7), time(), clock.now().tzinfo)

    def ours(n: int) -> None:
        found = perform(search, VISITOR, asked=Criteria(city=PLACES[n % len(PLACES)][0], when="week"))
        assert found.hits

    def floor(n: int) -> None:
        values = {"city": PLACES[n % len(PLACES)][0], "until": end, **_days()}
        assert connection.execute(_THIS_WEEK, values).fetchall()

    return Line("free this week, in a city", one_by_one(ours, times), one_by_one(floor, times))
