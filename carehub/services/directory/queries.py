"""The search as one statement: a page of entries, how many there are, and the free hours of those shown."""

import math
import re
import time
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.services.directory.criteria import PAGE_SIZE, Criteria

MOST_COUNTED = 1000
RIBBON_DAYS = 14
KM_A_DEGREE = 111.195
STOP_WORDS = frozenset("de du des le la les un une et à a au aux en pour the of in for and في من على و".split())  # noqa: SIM905
WORD = re.compile(r"\w+")

SHOWN = """
    e.tenant_id, e.id, e.tenant_slug, e.tenant_name, e.slug, e.name, e.headline, e.specialities, e.languages, e.modes, e.address,
    e.city, e.latitude, e.longitude, e.time_zone, e.price_minor, e.currency, e.rating, e.rating_count, e.colour,
    e.photo_file_id, e.accepts_new, e.verified, e.verified_until, e.audience, e.service_id, e.notice_minutes,
    e.next_free"""
# On a plane that touches the earth at the place asked: within MOST_RADIUS off by less than one per cent, and cheap.
_DISTANCE = (
    f"{KM_A_DEGREE * 1000} * sqrt((e.latitude - :lat) * (e.latitude - :lat)"
    " + (e.longitude - :lng) * (e.longitude - :lng) * :narrow)"
)
_ORDERS = {
    "earliest": "e.next_free, e.rank DESC, e.id",
    "rating": "e.rank DESC, e.id",
    "price": "e.price_euro_cents, e.rank DESC, e.id",
    "distance": "distance, e.id",
}
_STATEMENT = """
WITH page AS MATERIALIZED (
    SELECT *, row_number() OVER () AS place FROM (
        SELECT {shown}, {distance} AS distance FROM directory_entry e WHERE {where} ORDER BY {order} LIMIT :size OFFSET :skip
    ) AS ordered
), counted AS (
    SELECT count(*) AS total FROM (SELECT 1 FROM directory_entry e WHERE {where} LIMIT {most}) AS matched
)
SELECT page.*, counted.total, (
    SELECT jsonb_agg(jsonb_build_array(d.day, d.free, d.starts[1:24]) ORDER BY d.day) FROM day_slots d
    WHERE d.tenant_id = page.tenant_id AND d.practitioner_id = page.id AND d.day BETWEEN :first AND :last) AS days
FROM counted LEFT JOIN page ON true"""


@dataclass
class Filter:
    """Conditions on `e` and the values they take."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def add(self, condition: str, **values: object) -> None:
        self.conditions.append(condition)
        self.values.update(values)

    @property
    def where(self) -> str:
        return " AND ".join(self.conditions) or "true"


def words_of(typed: str) -> list[str]:
    """What someone typed, as words worth searching: no articles, and without Arabic's leading "the"."""
    composed = unicodedata.normalize("NFKC", typed).lower()
    plain = "".join(letter for letter in composed if unicodedata.category(letter) != "Mn")  # Arabic's vowel marks
    found = [word for word in WORD.findall(plain) if word not in STOP_WORDS]
    return [word[2:] if word.startswith("ال") and len(word) > 4 else word for word in found][:8]


def filter_of(session: Session, asked: Criteria) -> Filter:
    chosen = Filter()
    for number, word in enumerate(words_of(asked.text)):
        name = f"word{number}"
        if len(word) < 3:  # too short for a trigram: the start of a word
            chosen.add(f"e.norm ~ ('\\m' || f_norm(:{name}))", **{name: word})
        else:
            chosen.add(f"e.norm LIKE '%' || f_norm(:{name}) || '%'", **{name: word.replace("_", r"\_")})
    if asked.speciality:
        chosen.add("e.specialities @> ARRAY[cast(:speciality AS text)]", speciality=asked.speciality)
    if asked.tenant:
        chosen.add("e.tenant_slug = :tenant", tenant=asked.tenant)
    if asked.is_placed:
        _add_place(chosen, asked)
    elif asked.city:
        _add_city(session, chosen, asked.city)
    _add_wishes(chosen, asked)
    if asked.when:
        _add_when(session, chosen, 1 if asked.when == "today" else 7)
    return chosen


_SAME_CITY = text("""
    SELECT f_norm(:city) UNION SELECT f_norm(code) FROM directory_term WHERE kind = 'city' AND norm = f_norm(:city)""")


def _add_city(session: Session, chosen: Filter, city: str) -> None:
    """The city by any of its names. Equality where there is one, so that the index gives a city's entries in order."""
    names = session.scalars(_SAME_CITY, {"city": city}).all()
    if len(names) == 1:
        chosen.add("e.city_norm = :city", city=names[0])
    else:
        chosen.add("e.city_norm = ANY(:cities)", cities=list(names))


def _add_place(chosen: Filter, asked: Criteria) -> None:
    """A box that the index reads, then the true distance."""
    assert asked.latitude is not None
    assert asked.longitude is not None
    high = asked.radius / KM_A_DEGREE
    narrowing = max(0.05, math.cos(math.radians(asked.latitude)))  # a degree of longitude shrinks towards the poles
    wide = high / narrowing
    chosen.add(
        "e.latitude BETWEEN :south AND :north AND e.longitude BETWEEN :west AND :east",
        south=asked.latitude - high,
        north=asked.latitude + high,
        west=asked.longitude - wide,
        east=asked.longitude + wide,
    )
    around = {"lat": asked.latitude, "lng": asked.longitude, "narrow": narrowing**2}
    chosen.add(f"{_DISTANCE} <= :metres", **around, metres=asked.radius * 1000)


def _add_wishes(chosen: Filter, asked: Criteria) -> None:
    if asked.mode:
        chosen.add("cast(:mode AS text) = ANY(e.modes)", mode=asked.mode)
    if asked.language:
        chosen.add("cast(:language AS text) = ANY(e.languages)", language=asked.language)
    if asked.maximum is not None:
        chosen.add("e.price_euro_cents <= :cents", cents=asked.maximum * 100)
    if asked.accepts_new:
        chosen.add("e.accepts_new")


_ZONES = text("SELECT DISTINCT time_zone FROM directory_entry")
_ZONES_SECONDS = 600.0
_zones: tuple[float, tuple[str, ...]] = (0.0, ())


def _known_zones(session: Session) -> tuple[str, ...]:
    """The few zones that practitioners live in; asked again every ten minutes."""
    global _zones
    until, known = _zones
    if until < time.monotonic() or not known:
        known = tuple(sorted(session.scalars(_ZONES).all()))
        _zones = (time.monotonic() + _ZONES_SECONDS, known)
    return known


def _add_when(session: Session, chosen: Filter, days: int) -> None:
    """Free before the end of today, or of the seventh day, in each practitioner's own zone. Conversion is Python's (core.clock)."""
    ends = {zone: _end_of(zone, days) for zone in _known_zones(session)}
    latest = max(ends.values(), default=clock.now() + timedelta(days=days))
    chosen.add("e.next_free < :latest", latest=latest)
    if len(set(ends.values())) > 1:
        cases = " ".join(f"WHEN :zone{n} THEN cast(:end{n} AS timestamptz)" for n in range(len(ends)))
        values: dict[str, object] = {}
        for n, (zone, end) in enumerate(ends.items()):
            values |= {f"zone{n}": zone, f"end{n}": end}
        chosen.add(f"e.next_free < CASE e.time_zone {cases} ELSE cast(:latest AS timestamptz) END", **values)


def _end_of(zone: str, days: int) -> datetime:
    midnight = datetime.combine(clock.today(zone) + timedelta(days=days), datetime.min.time())
    return midnight.replace(tzinfo=clock.zone(zone)).astimezone(UTC)


def find(session: Session, asked: Criteria) -> tuple[list[Row[Any]], int]:
    """The rows of the page asked, and how many entries match (MOST_COUNTED + 1 stands for more)."""
    chosen = filter_of(session, asked)
    order = _ORDERS[asked.sort]
    statement = _STATEMENT.format(
        shown=SHOWN,
        distance=_DISTANCE if asked.is_placed else "cast(NULL AS double precision)",
        where=chosen.where,
        order=order,
        most=MOST_COUNTED + 1,
    )
    today = clock.now().date()
    page = {"size": PAGE_SIZE, "skip": (asked.page - 1) * PAGE_SIZE}
    span: dict[str, date] = {"first": today - timedelta(days=1), "last": today + timedelta(days=RIBBON_DAYS)}
    rows = session.execute(text(statement), chosen.values | page | span).all()
    total = rows[0].total if rows else 0
    return sorted((row for row in rows if row.id is not None), key=lambda row: row.place), total


_IS_KNOWN = text("SELECT EXISTS (SELECT FROM directory_term WHERE norm LIKE '%' || f_norm(:word) || '%')")
_NEAREST_WORD = """
    SELECT word FROM (SELECT norm, weight FROM directory_term WHERE {among} AND f_norm(:word) <% norm LIMIT 500) AS near
    CROSS JOIN LATERAL regexp_split_to_table(norm, '\\s+') AS word
    ORDER BY similarity(word, f_norm(:word)) DESC, weight DESC LIMIT 1"""
_NEAREST_THING = text(_NEAREST_WORD.format(among="kind IN ('speciality', 'synonym', 'city')"))
_NEAREST_NAME = text(_NEAREST_WORD.format(among="kind = 'practitioner'"))
_NEAREST_CITY = text("""
    SELECT label FROM directory_term WHERE kind = 'city' AND norm % f_norm(:city)
    ORDER BY similarity(norm, f_norm(:city)) DESC, weight DESC LIMIT 1""")
_LOOSER = text("SELECT set_config('pg_trgm.word_similarity_threshold', '0.42', true)")


def _nearest(session: Session, word: str) -> str:
    """A known word stays; then the nearest of specialities and cities, then of names."""
    if len(word) < 3 or session.scalar(_IS_KNOWN, {"word": word}):
        return word
    return session.scalar(_NEAREST_THING, {"word": word}) or session.scalar(_NEAREST_NAME, {"word": word}) or word


def correct(session: Session, asked: Criteria) -> Criteria:
    """The same search with each unknown word replaced by the nearest one of the vocabulary. For searches that found nothing."""
    session.execute(_LOOSER)
    nearest = " ".join(_nearest(session, word) for word in words_of(asked.text))
    if asked.is_placed or not asked.city:
        return asked.but(text=nearest)
    return asked.but(text=nearest, city=session.scalar(_NEAREST_CITY, {"city": asked.city}) or asked.city)
