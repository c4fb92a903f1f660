"""Who of a tenant's staff opened a person's file, and who changed it: the person reads it all (SQ-135)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb

PAGE = 50
WHAT_LABELS = {
    "file": N_("opened your file"),
    "answers": N_("read your answers"),
    "identity": N_("opened who you are behind your pseudonym"),
    "copy": N_("took a copy of your file"),
    "patient.insert": N_("opened a file for you"),
    "patient.update": N_("corrected your file"),
    "appointment.insert": N_("booked an appointment for you"),
    "appointment.update": N_("changed an appointment"),
    "custom_values.insert": N_("wrote in your file"),
    "custom_values.update": N_("wrote in your file"),
}
_NOTE = text("""
    INSERT INTO record_access (tenant_id, id, patient_id, person_id, role, what, at)
    SELECT p.tenant_id, :id, p.id, :person, :role, :what, :now FROM patient p WHERE p.id = :patient AND NOT EXISTS (
        SELECT FROM record_access r WHERE r.tenant_id = p.tenant_id AND r.patient_id = p.id AND r.person_id = :person
          AND r.what = :what AND r.at > cast(:now AS timestamptz) - interval '15 minutes')""")


def note_access(session: Session, actor: Actor, patient_id: UUID, what: str) -> None:
    """Write down that the actor opens a file: once in a quarter of an hour. The session is in ch_app of the tenant."""
    if actor.person_id is None:
        return
    values = {"id": new_id(), "person": actor.person_id, "role": actor.role, "patient": patient_id}
    session.execute(_NOTE, {**values, "what": what, "now": clock.now()})


@dataclass(frozen=True)
class AccessView:
    """One access or change; `what` is a key of WHAT_LABELS, `role` a tenant role, `at` ISO."""

    id: str
    at: str
    who: str
    role: str
    tenant: str
    what: str


@dataclass(frozen=True)
class AccessPage:
    lines: list[AccessView]
    more: bool


_PLACES = text("SELECT DISTINCT tenant_id FROM patient WHERE person_id = :person")
_HERE = text("""
    WITH mine AS (SELECT id FROM patient WHERE tenant_id = :tenant AND person_id = :person),
    visits AS (SELECT id FROM appointment WHERE tenant_id = :tenant AND patient_id IN (SELECT id FROM mine)),
    held AS (SELECT id FROM custom_values WHERE tenant_id = :tenant
             AND (patient_id IN (SELECT id FROM mine) OR appointment_id IN (SELECT id FROM visits)))
    SELECT x.id, x.at, x.what, concat_ws(' ', p.given_name, p.family_name) AS who, coalesce(m.role, x.role) AS role,
           (SELECT name FROM tenant WHERE id = :tenant) AS tenant
    FROM (
        SELECT r.id::text AS id, r.at, r.person_id, r.role, r.what FROM record_access r
        WHERE r.tenant_id = :tenant AND r.patient_id IN (SELECT id FROM mine)
        UNION ALL
        SELECT 'a' || a.id, a.at, a.person_id, '', a.table_name || '.' || a.action FROM audit_log a
        WHERE a.tenant_id = :tenant AND a.role = 'ch_app' AND a.action IN ('insert', 'update') AND (
            (a.table_name = 'patient' AND a.row_id IN (SELECT id::text FROM mine))
            OR (a.table_name = 'appointment' AND a.row_id IN (SELECT id::text FROM visits))
            OR (a.table_name = 'custom_values' AND a.row_id IN (SELECT id::text FROM held)))
    ) x LEFT JOIN person p ON p.id = x.person_id
      LEFT JOIN membership m ON m.tenant_id = :tenant AND m.person_id = x.person_id
    WHERE x.person_id IS NOT NULL AND x.person_id <> :person
    ORDER BY x.at DESC, x.id DESC LIMIT :most""")


@verb(SIGNED_IN)
def my_accesses(session: Session, actor: Actor, *, page: int = 1) -> AccessPage:
    """Everyone who opened or changed one's file, in every organisation, the latest first; 50 a page."""
    most = max(page, 1) * PAGE + 1
    found: list[Row[Any]] = []
    for tenant_id in session.scalars(_PLACES, {"person": actor.person_id}).all():
        with tenant_scope(session, Role.APP, tenant_id):
            found += session.execute(_HERE, {"tenant": tenant_id, "person": actor.person_id, "most": most}).all()
    found.sort(key=lambda row: (row.at, row.id), reverse=True)
    lines = [AccessView(row.id, row.at.isoformat(), row.who, row.role, row.tenant, row.what) for row in found]
    start = (max(page, 1) - 1) * PAGE
    return AccessPage(lines[start : start + PAGE], len(lines) > start + PAGE)
