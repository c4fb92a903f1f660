"""Someone booked as a guest, then proved that the e-mail address is theirs: the bookings become theirs, in every tenant."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.crypto import blind_index
from carehub.core.db import tenant_scope
from carehub.core.roles import Role

_TENANTS = text("SELECT id FROM tenant")
_GUESTS = text("""
    SELECT p.tenant_id, p.id FROM unnest(cast(:tenants AS uuid[]), cast(:indexes AS bytea[])) AS sought (tenant_id, email_index)
    JOIN patient p ON p.tenant_id = sought.tenant_id AND p.email_index = sought.email_index
    WHERE p.person_id IS NULL ORDER BY p.id""")
_OWN = text("SELECT EXISTS (SELECT FROM patient WHERE tenant_id = :tenant AND person_id = :person)")
_CLAIM = text(
    "UPDATE patient SET person_id = :person WHERE tenant_id = :tenant AND id = :patient AND person_id IS NULL"
)
_BOOKINGS = text("""
    UPDATE appointment SET person_id = :person
    WHERE tenant_id = :tenant AND patient_id = ANY(cast(:patients AS uuid[])) AND person_id IS NULL""")


def claim_guest_bookings(session: Session, person_id: UUID, email: str) -> int:
    """Give a person with a verified `email` the guest rows that carry it. Answers in how many tenants.

    The session is in ch_auth, which sees whose guests they were but not who; each tenant's rows change as ch_booking.
    """
    tenants = list(session.scalars(_TENANTS))
    indexes = [blind_index(tenant, "patient.email", email) for tenant in tenants]
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for tenant, patient in session.execute(_GUESTS, {"tenants": tenants, "indexes": indexes}):
        found[tenant].append(patient)
    for tenant, patients in found.items():
        claim_patients(session, tenant, person_id, patients)
    return len(found)


def claim_patients(session: Session, tenant: UUID, person_id: UUID, patients: list[UUID]) -> None:
    """Give a person the guest rows of one tenant, who has shown that they are theirs."""
    with tenant_scope(session, Role.BOOKING, tenant):
        here = {"tenant": tenant, "person": person_id}
        if not session.scalar(_OWN, here):
            session.execute(_CLAIM, {**here, "patient": patients[0]})
        session.execute(_BOOKINGS, {**here, "patients": patients})
