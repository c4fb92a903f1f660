"""A practitioner's and an organisation's public pages. DI-038, MC-009, MC-010."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.permissions import PUBLIC, SIGNED_IN, Module
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.practice import Audience, ConfirmationMode
from carehub.models.tenancy import HOME_USUAL
from carehub.services.directory import queries, specialities
from carehub.services.directory.criteria import LANGUAGE_LABELS
from carehub.services.directory.search import hit_of
from carehub.services.directory.views import HomeBlockView, Opening, Place, Profile, ServiceView, TenantHome
from carehub.services.profiles.shown import presented
from carehub.services.tenancy.files import file_url

MOST_PRACTITIONERS = 50
_DAYS = """(SELECT jsonb_agg(jsonb_build_array(d.day, d.free, d.starts[1:24]) ORDER BY d.day) FROM day_slots d
    WHERE d.tenant_id = e.tenant_id AND d.practitioner_id = e.id AND d.day BETWEEN :first AND :last) AS days"""
_ENTRY = f"{queries.SHOWN}, cast(NULL AS double precision) AS distance, {_DAYS}"
_PROFILE = text(f"""
    SELECT {_ENTRY}, d.shown, p.confirmation, p.site_id, t.locale, t.country, 'wallet' = ANY(t.modules) AND EXISTS (
        SELECT FROM use_price u WHERE u.tenant_id = e.tenant_id AND u.practitioner_id = e.id AND u.kind = 'message') AS asks
    FROM directory_entry e JOIN tenant t ON t.id = e.tenant_id
    LEFT JOIN practitioner p ON p.tenant_id = e.tenant_id AND p.id = e.id
    JOIN directory_profile d ON d.tenant_id = e.tenant_id AND d.practitioner_id = e.id
    WHERE t.slug = :tenant AND e.slug = :slug AND e.tenant_id = t.id
    ORDER BY d.audience = 'professionals' DESC LIMIT 1""")  # noqa: S608 -- row-level security leaves what the reader may see
_OF_PRACTITIONER = text("""
    SELECT s.id, s.name, s.names, s.description, coalesce(o.duration_minutes, s.duration_minutes) AS minutes,
           coalesce(o.price_minor, s.price_minor) AS price_minor, s.modes
    FROM service_practitioner o JOIN service s ON s.tenant_id = o.tenant_id AND s.id = o.service_id
    WHERE o.tenant_id = :tenant AND o.practitioner_id = :id AND s.active AND s.is_public
    ORDER BY s.position, s.created_at, s.id LIMIT 50""")
_OF_TENANT = text("""
    SELECT s.id, s.name, s.names, s.description, s.duration_minutes AS minutes, s.price_minor, s.modes FROM service s
    WHERE s.tenant_id = :tenant AND s.active AND s.is_public AND EXISTS (
        SELECT FROM service_practitioner o JOIN directory_entry e ON e.tenant_id = o.tenant_id AND e.id = o.practitioner_id
        WHERE o.tenant_id = s.tenant_id AND o.service_id = s.id)
    ORDER BY s.position, s.created_at, s.id LIMIT 50""")
_SITES = text(
    "SELECT name, address, postcode, city, country, latitude, longitude, phone, access_notes AS notes FROM site"
    " WHERE tenant_id = :tenant AND active AND (cast(:id AS uuid) IS NULL OR id = :id) ORDER BY name LIMIT 20"
)
_TENANT = text("""
    SELECT id, slug, name, kind, tagline, about, phone, website, logo_file_id, locale, currency, country, time_zone,
           home, address, postcode, city, :booking = ANY(modules) AS is_open
    FROM tenant WHERE slug = :slug AND id <> '00000000-0000-0000-0000-000000000000'""")
_PRACTITIONERS = text(f"""
    SELECT {_ENTRY} FROM directory_entry e WHERE e.tenant_id = :tenant ORDER BY e.next_free, e.rank DESC, e.id LIMIT :most""")  # noqa: S608
_RULES = text("""
    SELECT DISTINCT r.weekday, r.starts, r.ends FROM availability_rule r
    WHERE r.tenant_id = :tenant AND r.practitioner_id = ANY(:ids)
      AND (r.valid_from IS NULL OR r.valid_from <= :today) AND (r.valid_until IS NULL OR r.valid_until >= :today)""")


def _span() -> dict[str, object]:
    today = clock.now().date()
    return {"first": today - timedelta(days=1), "last": today + timedelta(days=queries.RIBBON_DAYS)}


@verb(PUBLIC)
def profile(session: Session, _actor: Actor, *, tenant: str, slug: str) -> Profile:
    """The published practitioner at /t/tenant/p/slug. Raises NotFound, the same for one who is hidden."""
    return _profile(session, tenant, slug)


@verb(SIGNED_IN)
def profile_signed_in(session: Session, _actor: Actor, *, tenant: str, slug: str) -> Profile:
    """As `profile`; a professional also reads what is for professionals only (MC-013, DI-023). Raises NotFound."""
    return _profile(session, tenant, slug)


def _profile(session: Session, tenant: str, slug: str) -> Profile:
    row = session.execute(_PROFILE, {"tenant": tenant, "slug": slug} | _span()).one_or_none()
    if row is None:
        raise NotFound
    services = session.execute(_OF_PRACTITIONER, {"tenant": row.tenant_id, "id": row.id}).all()
    site = session.execute(_SITES, {"tenant": row.tenant_id, "id": row.site_id}).first() if row.site_id else None
    shown: dict[str, Any] = row.shown
    photo = file_url(row.tenant_id, shown["photo"]) if "photo" in shown else ""
    languages = [LANGUAGE_LABELS[code] for code in shown.get("languages", ()) if code in LANGUAGE_LABELS]
    return Profile(
        hit=replace(hit_of(row, 1), photo=photo, languages=languages),
        biography=shown.get("biography", ""),
        since=shown.get("practising_since"),
        registration=shown.get("registration", ""),
        specialities=[specialities.msgid(code) for code in row.specialities],
        speciality_codes=list(row.specialities),
        services=[_service(one) for one in services],
        places=[_place(site)] if site else [],
        zone=row.time_zone,
        confirms_at_once=row.confirmation == ConfirmationMode.INSTANT,
        country=row.country,
        locale=row.locale,
        asks=f"/me/ask/{row.tenant_slug}/{row.slug}" if row.asks else "",
        for_all=row.audience == Audience.PUBLIC,
        more=presented(
            shown,
            lambda file_id: file_url(row.tenant_id, file_id),
            report=f"/me/report/{row.tenant_slug}/{row.slug}",
        ),
    )


def _service(row: Row[Any]) -> ServiceView:
    return ServiceView(
        str(row.id), row.name, dict(row.names or {}), row.description, row.minutes, row.price_minor, list(row.modes)
    )


def _place(row: Row[Any]) -> Place:
    return Place(**row._mapping)


@verb(PUBLIC)
def tenant_home(session: Session, _actor: Actor, *, slug: str) -> TenantHome:
    """The organisation at /t/slug with its published practitioners, services, places and opening hours. Raises NotFound."""
    row = session.execute(_TENANT, {"slug": slug, "booking": Module.BOOKING.value}).one_or_none()
    if row is None:
        raise NotFound
    shown = session.execute(_PRACTITIONERS, {"tenant": row.id, "most": MOST_PRACTITIONERS} | _span()).all()
    services = session.execute(_OF_TENANT, {"tenant": row.id}).all() if row.is_open else []
    places = [_place(site) for site in session.execute(_SITES, {"tenant": row.id, "id": None})]
    return TenantHome(
        id=str(row.id),
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        tagline=row.tagline,
        about=row.about,
        phone=row.phone,
        website=row.website,
        logo=f"/files/{row.id}/{row.logo_file_id}" if row.logo_file_id else "",
        locale=row.locale,
        currency=row.currency,
        country=row.country,
        zone=row.time_zone,
        practitioners=[hit_of(one, number) for number, one in enumerate(shown, 1)],
        services=[_service(one) for one in services],
        places=places,
        openings=_openings(session, row.id, [one.id for one in shown], row.time_zone),
        blocks=_blocks(row.home),
    )


def _blocks(kept: list[dict[str, str]]) -> list[HomeBlockView]:
    chosen = kept or [{"kind": kind.value} for kind in HOME_USUAL]
    return [HomeBlockView(one["kind"], one.get("title", ""), one.get("text", "")) for one in chosen]


def _openings(session: Session, tenant_id: UUID, practitioners: list[UUID], zone: str) -> list[Opening]:
    """When at least one published practitioner receives. Taken as ch_booking: visitors may not read the rules themselves."""
    if not practitioners:
        return []
    with tenant_scope(session, Role.BOOKING, tenant_id):
        values = {"tenant": tenant_id, "ids": practitioners, "today": clock.today(zone)}
        rules = session.execute(_RULES, values).all()
    by_day: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for rule in rules:
        by_day[rule.weekday].append((rule.starts, rule.ends))
    return [Opening(day, [_text(*span) for span in merge(by_day[day])]) for day in range(7)]


def merge(spans: Iterable[tuple[time, time]]) -> list[tuple[time, time]]:
    """Spans of one day, in order, those that touch or overlap joined."""
    merged: list[tuple[time, time]] = []
    for starts, ends in sorted(spans):
        if merged and starts <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((starts, ends))
    return merged


def _text(starts: time, ends: time) -> str:
    return f"{starts:%H:%M} – {'24:00' if ends == time(23, 59) else f'{ends:%H:%M}'}"
