"""A large, repeatable data set for measuring: 200 tenants, 10,000 practitioners, 1,000,000 appointments, 100,000 published entries.

Made of large.sql by an administrator's connection in one transaction, with triggers off: nothing of it is audited. Times are
converted here, with the pinned tzdata, and joined there. docs/bench.md tells what it holds.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import admin_url, unit_of_work
from carehub.core.roles import Role
from carehub.services.demo.names import french_names
from carehub.services.directory import rates, specialities, terms

PLACES = (
    ("Paris", "FR", "Europe/Paris", "EUR", "fr", 48.8566, 2.3522),
    ("Lyon", "FR", "Europe/Paris", "EUR", "fr", 45.7640, 4.8357),
    ("Marseille", "FR", "Europe/Paris", "EUR", "fr", 43.2965, 5.3698),
    ("Casablanca", "MA", "Africa/Casablanca", "MAD", "fr", 33.5731, -7.5898),
    ("Rabat", "MA", "Africa/Casablanca", "MAD", "ar", 34.0209, -6.8416),
    ("Tunis", "TN", "Africa/Tunis", "TND", "fr", 36.8065, 10.1815),
    ("Sfax", "TN", "Africa/Tunis", "TND", "ar", 34.7398, 10.7600),
    ("Montréal", "CA", "America/Toronto", "CAD", "fr", 45.5019, -73.5674),
)
CODES = [
    "psychologist",
    "psychiatrist",
    "psychotherapist",
    "child_psychologist",
    "couple_therapist",
    "general_practitioner",
    "dermatologist",
    "gynaecologist",
    "paediatrician",
    "cardiologist",
    "dentist",
    "physiotherapist",
    "dietitian",
    "midwife",
    "osteopath",
    "speech_therapist",
    "executive_coach",
    "career_coach",
    "lawyer",
    "accountant",
]
WORKING_DAYS, HALF_HOURS, LISTED_DAYS = 20, 18, 15
NOBODY_FREE, SOMEONE_FREE, KINDS_OF_FREE = 100, 101, 6  # phases of those without an agenda

_TABLES = """
    SET LOCAL session_replication_role = replica;
    SET LOCAL synchronous_commit = off;
    SET LOCAL work_mem = '256MB';
    SET LOCAL maintenance_work_mem = '512MB';
    CREATE TEMP TABLE place (n int, city text, country text, zone text, currency text, locale text, latitude float,
        longitude float, euro_cents float) ON COMMIT DROP;
    CREATE TEMP TABLE speciality (n int, code text, words text) ON COMMIT DROP;
    CREATE TEMP TABLE given (n int, name text) ON COMMIT DROP;
    CREATE TEMP TABLE family (n int, name text) ON COMMIT DROP;
    CREATE TEMP TABLE moment (zone text, day int, slot int, starts_at timestamptz, local_start timestamp, is_past bool)
        ON COMMIT DROP;
    CREATE TEMP TABLE free_hours (zone text, phase int, ahead int, date date, starts timestamptz[]) ON COMMIT DROP;
"""
_ANALYSED = [
    "appointment",
    "practitioner",
    "patient",
    "service",
    "site",
    "directory_entry",
    "day_slots",
    "directory_term",
    "availability_rule",
]


def seed_large(say: Callable[[str], object] = lambda _line: None) -> bool:
    """Make the large set. False, and nothing done, when it is there. Needs a superuser's DATABASE_URL; takes some minutes.

    `say` hears each step with its seconds.
    """
    began = time.monotonic()
    with psycopg.connect(admin_url().set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        if connection.execute("SELECT 1 FROM tenant WHERE slug = 'large-001'").fetchone():
            return False
        connection.execute(_TABLES)
        _fill(connection)
        for name, statements in steps():
            start = time.monotonic()
            connection.execute(statements)
            say(f"{name}: {time.monotonic() - start:.1f} s")
    with unit_of_work(system(), Role.WORKER) as session:
        terms.recount(session, cities={place[0] for place in PLACES}, codes=set(CODES))
    with psycopg.connect(
        admin_url().set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(f"VACUUM (ANALYZE) {', '.join(_ANALYSED)}")
    say(f"all: {time.monotonic() - began:.0f} s")
    return True


def steps() -> Iterator[tuple[str, str]]:
    """The steps of large.sql, by name."""
    text = (Path(__file__).parent / "large.sql").read_text(encoding="utf-8")
    for part in text.split("-- step: ")[1:]:
        name, _, statements = part.partition("\n")
        yield name, statements


def _fill(connection: psycopg.Connection[Any]) -> None:
    _copy(connection, "place", [(n, *place, _cents(place[3])) for n, place in enumerate(PLACES)])
    _copy(connection, "speciality", [(n, code, specialities.search_words([code])) for n, code in enumerate(CODES)])
    given, family = french_names()
    _copy(connection, "given", enumerate(given))
    _copy(connection, "family", enumerate(family))
    for zone in sorted({place[2] for place in PLACES}):
        _copy(connection, "moment", _moments(zone))
        _copy(connection, "free_hours", _free_hours(zone))


def _cents(currency: str) -> float:
    return (rates.euro_cents(1_000_000, currency) or 0) / 1_000_000


def _copy(connection: psycopg.Connection[Any], table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _weekdays(zone: str) -> list[date]:
    """Twenty working days: the two weeks before this one's Monday and the two from it."""
    today = clock.today(zone)
    monday = today - timedelta(days=today.weekday() + 14)
    every = (monday + timedelta(days=n) for n in range(28))
    return [day for day in every if day.weekday() < 5]


def _at(day: date, half_hour: int) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(hours=9, minutes=30 * half_hour)


def _moments(zone: str) -> Iterator[tuple[Any, ...]]:
    for number, day in enumerate(_weekdays(zone)):
        for slot in range(HALF_HOURS):
            start = clock.from_local(_at(day, slot), zone)
            yield zone, number, slot, start, _at(day, slot), start < clock.now()


def _free_hours(zone: str) -> Iterator[tuple[Any, ...]]:
    """For each phase of practitioner, the free starts of LISTED_DAYS days from today."""
    numbered = {day: number for number, day in enumerate(_weekdays(zone))}
    for ahead in range(LISTED_DAYS):
        day = clock.today(zone) + timedelta(days=ahead)
        for phase in (*range(HALF_HOURS), *range(NOBODY_FREE, SOMEONE_FREE + KINDS_OF_FREE)):
            slots = _free_slots(phase, numbered.get(day), ahead) if day.weekday() < 5 else []
            yield zone, phase, ahead, day, [clock.from_local(_at(day, slot), zone).astimezone(UTC) for slot in slots]


def _free_slots(phase: int, number: int | None, ahead: int) -> list[int]:
    if phase < HALF_HOURS:
        taken = set() if number is None else {(phase + 3 * number + 3 * k) % HALF_HOURS for k in range(5)}
        return [slot for slot in range(HALF_HOURS) if slot not in taken]
    if phase == NOBODY_FREE:
        return []
    return [2 * hour for hour in range(9) if (hour * 5 + phase + ahead * 3) % 6 < phase - NOBODY_FREE]
