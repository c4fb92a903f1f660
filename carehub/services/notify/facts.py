"""What a message tells of an appointment, read in the tenant's scope when it is planned or sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core.site import url_of

_APPOINTMENT = text("""
    SELECT a.id, a.tenant_id, a.status, a.starts_at, a.ends_at, a.time_zone, a.mode, a.person_id AS booked_by, a.reason,
           a.cancelled_by, a.sequence, a.created_at,
           s.name AS service, s.names AS service_names,
           p.person_id AS practitioner_person, p.honorific, p.given_name AS p_given, p.family_name AS p_family, p.slug AS p_slug,
           c.person_id AS client_person, c.given_name AS c_given, c.family_name AS c_family, c.email AS c_email,
           c.phone AS c_phone, c.locale AS c_locale,
           i.name AS site, i.address AS site_address, i.postcode AS site_postcode, i.city AS site_city
    FROM appointment a
    JOIN service s ON s.tenant_id = a.tenant_id AND s.id = a.service_id
    JOIN practitioner p ON p.tenant_id = a.tenant_id AND p.id = a.practitioner_id
    JOIN patient c ON c.tenant_id = a.tenant_id AND c.id = a.patient_id
    LEFT JOIN site i ON i.tenant_id = a.tenant_id AND i.id = coalesce(a.site_id, p.site_id)
    WHERE a.id = :id""")
_TENANT = text(
    "SELECT id, slug, name, accent, locale, email, phone, address, postcode, city, time_zone, country, currency, host"
    " FROM tenant WHERE id = :id"
)
_PROPOSALS = text(
    "SELECT starts_at FROM appointment_proposal WHERE appointment_id = :id AND status = 'open' ORDER BY starts_at"
)


@dataclass(frozen=True)
class TenantFacts:
    """Whose brand and address a message carries."""

    id: UUID
    slug: str
    name: str
    accent: str
    locale: str
    email: str
    phone: str
    address: str
    postcode: str
    city: str
    time_zone: str
    country: str = "FR"
    currency: str = "EUR"
    host: str | None = None

    @property
    def url(self) -> str:
        """Where its pages are: its own address once that is proven."""
        return url_of(self.host)

    @property
    def place(self) -> str:
        return ", ".join(filter(None, (self.address, f"{self.postcode} {self.city}".strip())))


@dataclass(frozen=True)
class Facts:
    """An appointment as it stands now."""

    id: UUID
    tenant_id: UUID
    status: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    mode: str
    sequence: int
    created_at: datetime
    reason: str
    cancelled_by: str
    service: str
    service_names: dict[str, str]
    practitioner_name: str
    practitioner_person: UUID | None
    practitioner_slug: str
    client_name: str
    client_person: UUID | None
    client_email: bytes | None
    client_locale: str
    place: str
    client_phone: bytes | None = None

    def service_in(self, locale: str) -> str:
        return self.service_names.get(locale) or self.service


def read_tenant(session: Session, tenant_id: UUID) -> TenantFacts:
    """The tenant of the session's scope."""
    return TenantFacts(**session.execute(_TENANT, {"id": tenant_id}).one()._mapping)


def read_facts(session: Session, appointment_id: UUID) -> Facts | None:
    """None when the tenant of the scope has no such appointment (any more)."""
    row = session.execute(_APPOINTMENT, {"id": appointment_id}).one_or_none()
    return None if row is None else _facts(row)


def read_proposals(session: Session, appointment_id: UUID) -> list[datetime]:
    """The other times that wait for the client's choice."""
    return list(session.scalars(_PROPOSALS, {"id": appointment_id}))


def _facts(row: Row[Any]) -> Facts:
    street = ", ".join(filter(None, (row.site_address, f"{row.site_postcode or ''} {row.site_city or ''}".strip())))
    return Facts(
        id=row.id,
        tenant_id=row.tenant_id,
        status=row.status,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        time_zone=row.time_zone,
        mode=row.mode,
        sequence=row.sequence,
        created_at=row.created_at,
        reason=row.reason,
        cancelled_by=row.cancelled_by,
        service=row.service,
        service_names=row.service_names or {},
        practitioner_name=" ".join(filter(None, (row.honorific, row.p_given, row.p_family))),
        practitioner_person=row.practitioner_person,
        practitioner_slug=row.p_slug,
        client_name=f"{row.c_given} {row.c_family}".strip(),
        client_person=row.booked_by or row.client_person,
        client_email=row.c_email,
        client_locale=row.c_locale,
        client_phone=row.c_phone,
        place=" · ".join(filter(None, (row.site, street))),
    )
