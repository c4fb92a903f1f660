"""The search box's vocabulary: specialities and their synonyms, cities, people. Only what leads to a published practitioner."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.db import tenant_scope
from carehub.core.i18n import LOCALES, translate
from carehub.core.roles import Role
from carehub.services.directory import places
from carehub.services.directory.specialities import SPECIALITIES, Speciality

SPECIALITY, SYNONYM, CITY, PERSON = "speciality", "synonym", "city", "practitioner"

_KEEP = text("""
    INSERT INTO directory_term (kind, code, locale, label, detail, weight, latitude, longitude)
    VALUES (:kind, :code, :locale, :label, :detail, :weight, :latitude, :longitude)
    ON CONFLICT (kind, code, locale) DO UPDATE SET label = excluded.label, detail = excluded.detail, weight = excluded.weight,
        latitude = excluded.latitude, longitude = excluded.longitude""")
_DROP = text(
    "DELETE FROM directory_term WHERE kind = ANY(:kinds) AND (code = :code OR starts_with(code, cast(:code AS text) || '/'))"
)
_OF_SPECIALITY = text(
    "SELECT count(*) FROM directory_entry WHERE audience = 'public' AND specialities @> ARRAY[cast(:code AS text)]"
)
_OF_CITY = text(
    "SELECT count(*) AS weight, avg(latitude) AS latitude, avg(longitude) AS longitude, min(country) AS country"
    " FROM directory_entry WHERE audience = 'public' AND city_norm = f_norm(:city)"
)


def _term(kind: str, code: str, label: str, weight: int, *, locale: str = "", detail: str = "") -> dict[str, Any]:
    return {
        "kind": kind,
        "code": code,
        "locale": locale,
        "label": label,
        "detail": detail,
        "weight": weight,
        "latitude": None,
        "longitude": None,
    }


def recount(session: Session, *, cities: set[str], codes: set[str]) -> None:
    """Count again who stands behind these cities and specialities; what leads nowhere leaves the vocabulary.

    Takes ch_worker for it: the vocabulary spans tenants.
    """
    with tenant_scope(session, Role.WORKER, session.info["tenant"]):
        for city in sorted(cities):  # always in the same order: two tenants' events must not wait for each other
            _count_city(session, city)
        for code in sorted(codes & set(SPECIALITIES)):
            _count_speciality(session, SPECIALITIES[code])


def _count_city(session: Session, city: str) -> None:
    found = session.execute(_OF_CITY, {"city": city}).one()
    if not found.weight:
        session.execute(_DROP, {"kinds": [CITY], "code": city})
        return
    place = {"latitude": found.latitude, "longitude": found.longitude}
    names = {"": city, **places.other_names(city)}
    session.execute(
        _KEEP,
        [
            {**_term(CITY, city, name, found.weight, locale=locale, detail=found.country), **place}
            for locale, name in names.items()
        ],
    )


def _count_speciality(session: Session, one: Speciality) -> None:
    weight = session.scalar(_OF_SPECIALITY, {"code": one.code}) or 0
    if not weight:
        session.execute(_DROP, {"kinds": [SPECIALITY, SYNONYM], "code": one.code})
        return
    rows = [_term(SPECIALITY, one.code, translate(one.label, locale), weight, locale=locale) for locale in LOCALES]
    rows += [
        _term(SYNONYM, f"{one.code}/{word}", word, weight, locale=locale, detail=one.code)
        for locale, words in one.words.items()
        for word in words
    ]
    session.execute(_KEEP, rows)


def note_person(session: Session, entry: dict[str, Any]) -> None:
    """A published practitioner can be suggested by name; `detail` is the end of their address: tenant/p/slug."""
    with tenant_scope(session, Role.WORKER, session.info["tenant"]):
        detail = f"{entry['tenant_slug']}/p/{entry['slug']}"
        session.execute(_KEEP, _term(PERSON, str(entry["id"]), entry["name"], 1, detail=detail))


def forget_person(session: Session, practitioner_id: UUID) -> None:
    with tenant_scope(session, Role.WORKER, session.info["tenant"]):
        session.execute(_DROP, {"kinds": [PERSON], "code": str(practitioner_id)})
