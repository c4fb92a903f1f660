"""Keeps the published projection true: one practitioner's entry, and the free hours beside it.

Runs in the outbox transaction of the event that changed something, as ch_app of that tenant: a published practitioner enters,
a hidden one leaves, and a visitor never sees the rows that stand behind.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.ids import new_id, parse_id
from carehub.core.permissions import Module
from carehub.models.practice import Audience, Visibility
from carehub.services.booking.slots import free_starts
from carehub.services.directory import places, rates, specialities, terms
from carehub.services.profiles.distinctions import distinctions_of
from carehub.services.profiles.parts import AUDIENCES, Said, is_for
from carehub.services.profiles.shown import said_of
from carehub.services.verification.badge import Badge, badge_of

DAYS = 28  # how far the free hours are kept
MOST_WORDS = 1000  # letters of services' names
PRIOR_RATING, PRIOR_WEIGHT = 4.0, 10  # a newcomer ranks like ten ratings of four

_SUBJECT = text("""
    SELECT p.id, p.tenant_id, p.slug, p.honorific, p.given_name, p.family_name, p.headline, p.specialities, p.languages,
           p.registration_kind, p.registration_number, p.photo_file_id, p.colour, p.time_zone, p.accepts_new,
           p.rating_sum, p.rating_count, p.visibility, p.biography, p.approach, p.diplomas, p.certifications,
           p.practising_since, p.gallery, p.video_url, p.links, p.shares,
           p.visibility <> 'hidden' AND p.active AND t.status = 'active' AND :booking = ANY(t.modules) AND NOT EXISTS (
               SELECT FROM content_report r WHERE r.of_tenant = p.tenant_id AND r.subject_id = p.id AND r.state = 'hidden'
           ) AS is_shown,
           t.slug AS tenant_slug, t.name AS tenant_name, t.kind AS tenant_kind, t.accent, t.currency,
           coalesce(s.address, t.address) AS address, coalesce(nullif(s.city, ''), t.city) AS city,
           coalesce(s.country, t.country) AS country, s.latitude, s.longitude
    FROM practitioner p JOIN tenant t ON t.id = p.tenant_id
    LEFT JOIN site s ON s.tenant_id = p.tenant_id AND s.id = p.site_id AND s.active
    WHERE p.id = :id""")
_OFFERED = text("""
    SELECT s.id, s.modes, s.minimum_notice, s.name, s.names, coalesce(o.price_minor, s.price_minor) AS price_minor
    FROM service_practitioner o JOIN service s ON s.tenant_id = o.tenant_id AND s.id = o.service_id
    WHERE o.practitioner_id = :id AND s.active AND s.is_public
    ORDER BY s.position, s.created_at, s.id""")
_BEFORE = text(
    "SELECT name, city, specialities, service_id, time_zone, audience FROM directory_entry WHERE id = :id FOR UPDATE"
)
_LEAVE = text("DELETE FROM directory_entry WHERE id = :id")
_KEEP_PROFILE = text("""
    INSERT INTO directory_profile (tenant_id, id, practitioner_id, audience, shown)
    VALUES (:tenant_id, :id, :practitioner_id, :audience, :shown)
    ON CONFLICT (tenant_id, practitioner_id, audience) DO UPDATE SET shown = excluded.shown""").bindparams(
    bindparam("shown", type_=JSONB)
)
_FORGET_PROFILE = text("DELETE FROM directory_profile WHERE practitioner_id = :id AND audience <> ALL(:kept)")
_OPEN_FILES = text("""
    UPDATE stored_file SET is_public = id = ANY(:shown)
    WHERE id = ANY(:all) AND is_public IS DISTINCT FROM (id = ANY(:shown))""")
_FORGET_DAYS = text("DELETE FROM day_slots WHERE practitioner_id = :id AND (day < :first OR day > :last)")
_FORGET_ALL_DAYS = text("DELETE FROM day_slots WHERE practitioner_id = :id")
_KEEP_DAYS = text("""
    INSERT INTO day_slots (tenant_id, id, practitioner_id, day, free, first_free, last_free, starts)
    VALUES (:tenant_id, :id, :practitioner_id, :day, :free, :first_free, :last_free, :starts)
    ON CONFLICT (tenant_id, practitioner_id, day) DO UPDATE SET free = excluded.free, first_free = excluded.first_free,
        last_free = excluded.last_free, starts = excluded.starts""")
_NEXT = text("UPDATE directory_entry SET next_free = :next_free WHERE id = :id")

_COLUMNS = [
    "tenant_id",
    "id",
    "tenant_slug",
    "tenant_name",
    "tenant_kind",
    "accent",
    "slug",
    "audience",
    "name",
    "headline",
    "specialities",
    "languages",
    "modes",
    "address",
    "city",
    "country",
    "latitude",
    "longitude",
    "time_zone",
    "price_minor",
    "price_euro_cents",
    "currency",
    "rating",
    "rating_count",
    "rank",
    "colour",
    "photo_file_id",
    "accepts_new",
    "verified",
    "verified_until",
    "service_id",
    "notice_minutes",
    "words",
]
_ENTER = text(
    f"INSERT INTO directory_entry ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)})"  # noqa: S608
    " ON CONFLICT (tenant_id, id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[2:])
    + ", updated_at = now()"
)


def refresh_practitioner(session: Session, practitioner_id: UUID) -> bool:
    """Rebuild a practitioner's entry, free hours and search terms from the rows behind. False: they are not published.

    The session stands in the practitioner's tenant as ch_app. Repeatable.
    """
    subject = session.execute(_SUBJECT, {"id": practitioner_id, "booking": Module.BOOKING.value}).one_or_none()
    before = session.execute(_BEFORE, {"id": practitioner_id}).one_or_none()
    offered = session.execute(_OFFERED, {"id": practitioner_id}).all() if subject and subject.is_shown else []
    if subject is None or not subject.is_shown or not offered:
        _keep_profiles(session, subject, practitioner_id, ())
        session.execute(_FORGET_ALL_DAYS, {"id": practitioner_id})
        session.execute(_LEAVE, {"id": practitioner_id})
        if before:
            terms.recount(session, cities={before.city}, codes=set(before.specialities))
            terms.forget_person(session, practitioner_id)
        return False
    badge = badge_of(session, practitioner_id)
    audiences = AUDIENCES[Visibility(subject.visibility)]
    entry = _entry(subject, offered, audiences[0], badge)
    session.execute(_ENTER, entry)
    _keep_profiles(session, subject, practitioner_id, audiences, badge)
    refresh_slots(session, practitioner_id)
    _note_terms(session, before, entry)
    return True


def _keep_profiles(
    session: Session,
    subject: Row[Any] | None,
    practitioner_id: UUID,
    audiences: tuple[Audience, ...],
    badge: Badge = Badge(),  # noqa: B008 -- frozen
) -> None:
    """One row an audience with what it may read; a picture that nobody may see is closed to its address too."""
    session.execute(_FORGET_PROFILE, {"id": practitioner_id, "kept": [one.value for one in audiences]})
    if subject is None:
        return
    held = distinctions_of(session, practitioner_id, subject, is_checked=bool(badge.registration)) if audiences else ()
    said, shown_files = said_of(subject, badge.registration, held), set[UUID]()
    for audience in audiences:
        seen = said.seen_by(audience, subject.shares)
        shown_files |= _files(seen)
        kept = {"tenant_id": subject.tenant_id, "id": new_id(), "practitioner_id": practitioner_id}
        session.execute(_KEEP_PROFILE, {**kept, "audience": audience.value, "shown": seen.as_json()})
    session.execute(_OPEN_FILES, {"all": list(_files(said)), "shown": list(shown_files)})


def _files(said: Said) -> set[UUID]:
    named = [said.photo, *(one.get("file", "") for one in said.gallery)]
    return {found for one in named if (found := parse_id(one))}


def _name(subject: Row[Any]) -> str:
    return " ".join(part for part in (subject.honorific, subject.given_name, subject.family_name) if part)


def _entry(subject: Row[Any], offered: Sequence[Row[Any]], audience: Audience, badge: Badge) -> dict[str, Any]:
    """The card, of what its audience may read."""
    price = min(one.price_minor for one in offered)
    modes = sorted({mode for one in offered for mode in one.modes})
    rated = subject.rating_count > 0
    return {
        **{name: getattr(subject, name) for name in _COLUMNS if hasattr(subject, name)},
        "audience": audience.value,
        "name": _name(subject),
        "specialities": list(subject.specialities),
        "languages": list(subject.languages) if is_for(audience, subject.shares, "languages") else [],
        "photo_file_id": subject.photo_file_id if is_for(audience, subject.shares, "photo") else None,
        "modes": modes,
        "price_minor": price,
        "price_euro_cents": rates.euro_cents(price, subject.currency),
        "rating": subject.rating_sum / subject.rating_count if rated else None,
        "rank": (subject.rating_sum + PRIOR_RATING * PRIOR_WEIGHT) / (subject.rating_count + PRIOR_WEIGHT),
        "verified": badge.kind,
        "verified_until": badge.until,
        "service_id": offered[0].id,
        "notice_minutes": offered[0].minimum_notice,
        "words": " ".join(
            (specialities.search_words(list(subject.specialities)), places.search_words(subject.city), _offers(offered))
        ),
    }


def _offers(offered: Sequence[Row[Any]]) -> str:
    """The names of services in every language they have, each once: the search finds "EMDR" where only a service says it (DI-028)."""
    names = dict.fromkeys(name for one in offered for name in (one.name, *(one.names or {}).values()) if name)
    return " ".join(names)[:MOST_WORDS]


def _note_terms(session: Session, before: Row[Any] | None, entry: dict[str, Any]) -> None:
    """Counting is left out when only prices or hours changed. Who is not for all is neither counted nor suggested."""
    is_open = entry["audience"] == Audience.PUBLIC
    now_in = (entry["city"], set(entry["specialities"])) if is_open else ("", set[str]())
    was_open = before is not None and before.audience == Audience.PUBLIC
    was_in = (before.city, set(before.specialities)) if before is not None and was_open else ("", set[str]())
    if now_in != was_in:
        terms.recount(session, cities={now_in[0], was_in[0]} - {""}, codes=now_in[1] ^ was_in[1])
    if is_open:
        terms.note_person(session, entry)
    else:
        terms.forget_person(session, entry["id"])


_SHOWN = text(
    "SELECT tenant_id, service_id, time_zone FROM directory_entry WHERE id = :id AND audience = 'public'"  # who may book
)


def refresh_slots(session: Session, practitioner_id: UUID) -> None:
    """Rebuild the free hours of a published practitioner, today and the DAYS after. None for one who is not, or not for all."""
    shown = session.execute(_SHOWN, {"id": practitioner_id}).one_or_none()
    if shown is None:
        session.execute(_FORGET_ALL_DAYS, {"id": practitioner_id})
        session.execute(_NEXT, {"id": practitioner_id, "next_free": None})
        return
    first = clock.today(shown.time_zone)
    found: dict[date, list[datetime]] = free_starts(
        session, practitioner_id=practitioner_id, service_id=shown.service_id, first=first, days=DAYS
    )
    last = first + timedelta(days=DAYS - 1)
    session.execute(_FORGET_DAYS, {"id": practitioner_id, "first": first, "last": last})
    days = [first + timedelta(days=ahead) for ahead in range(DAYS)]
    session.execute(
        _KEEP_DAYS, [_day(shown.tenant_id, practitioner_id, day, sorted(found.get(day, []))) for day in days]
    )
    starts = [start for day in found.values() for start in day]
    session.execute(_NEXT, {"id": practitioner_id, "next_free": min(starts, default=None)})


def _day(tenant_id: UUID, practitioner_id: UUID, day: date, starts: list[datetime]) -> dict[str, Any]:
    return {
        "tenant_id": tenant_id,
        "id": new_id(),
        "practitioner_id": practitioner_id,
        "day": day,
        "free": len(starts),
        "first_free": starts[0] if starts else None,
        "last_free": starts[-1] if starts else None,
        "starts": starts,
    }


_OF_TENANT = text("SELECT id FROM practitioner ORDER BY id")


def refresh_tenant(session: Session) -> int:
    """Rebuild every practitioner of the session's tenant: its name, colour, currency or modules changed. Answers how many are shown."""
    return sum(refresh_practitioner(session, one) for one in session.scalars(_OF_TENANT).all())
