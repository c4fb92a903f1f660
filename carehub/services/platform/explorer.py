"""The audit log across tenants: who changed what, where, when. Values only of administrative tables; of the rest, field names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.identity import Person
from carehub.models.platform import AuditLog
from carehub.models.tenancy import Tenant
from carehub.services.listing import Column, Filter, ListSpec, list_verb

READ = "platform.audit"
KEPT = timedelta(days=30)  # what the explorer reaches; all of it stays in the sealed log
HOURS = 48
ACTIONS: Mapping[str, str] = {"insert": N_("Added"), "update": N_("Changed"), "delete": N_("Removed")}
TONES: Mapping[str, Any] = {"insert": "ok", "update": "info", "delete": "bad"}
WAYS: Mapping[str, str] = {
    "ch_app": N_("Staff"),
    "ch_care": N_("Care records"),
    "ch_me": N_("The person"),
    "ch_booking": N_("Booking"),
    "ch_auth": N_("Sign-in"),
    "ch_worker": N_("Background"),
    "ch_platform": N_("Platform"),
    "ch_owner": N_("Command line"),
}
WHEN: Mapping[str, str] = {"1": N_("Last hour"), "24": N_("Last day"), "168": N_("Last week")}

_WHO = func.concat_ws(" ", col(Person.given_name), col(Person.family_name))


def _since(hours: str) -> Any:
    return col(AuditLog.at) >= func.now() - timedelta(hours=int(hours))


AUDIT = ListSpec(
    name="platform_audit",
    title=N_("Audit"),
    permission=READ,
    role=Role.PLATFORM,
    key=col(AuditLog.id),
    columns={
        "table": Column(
            N_("What"), col(AuditLog.table_name), kind="person", second=col(AuditLog.row_id), second_label=N_("Row")
        ),
        "at": Column(N_("When"), col(AuditLog.at), kind="datetime"),
        "who": Column(N_("Who"), _WHO, kind="text", sortable=False),
        "action": Column(N_("Action"), col(AuditLog.action), kind="badge", labels=ACTIONS, tones=TONES, sortable=False),
        "tenant": Column(N_("Organisation"), col(Tenant.name), sortable=False, on_phone=False),
        "way": Column(N_("Way in"), col(AuditLog.role), kind="badge", labels=WAYS, sortable=False, on_phone=False),
    },
    search=(_WHO, col(Tenant.name), col(AuditLog.table_name), col(AuditLog.row_id)),
    sort="-at",
    filters={
        "when": Filter(N_("When"), WHEN, where=_since),
        "action": Filter(N_("Action"), ACTIONS, col(AuditLog.action)),
        "way": Filter(N_("Way in"), WAYS, col(AuditLog.role)),
    },
    base=lambda statement: (
        statement.outerjoin(Person, col(Person.id) == col(AuditLog.person_id))
        .outerjoin(Tenant, col(Tenant.id) == col(AuditLog.tenant_id))
        .where(col(AuditLog.at) >= func.now() - KEPT)
    ),
    link="/platform/audit?entry={id}",
    search_label=N_("Person, organisation, table, row"),
    empty=N_("Every change of a record stands here for thirty days, and in the sealed log for good."),
)
list_audit = list_verb(AUDIT)


@dataclass(frozen=True)
class Change:
    """One field; `before` and `after` are empty where the value is not for the console."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class EntryView:
    """One change; `at` is an ISO moment."""

    id: str
    at: str
    who: str
    action: str
    table: str
    row: str
    tenant: str
    changes: list[Change]


_ENTRY = text("""
    SELECT a.id, a.at, concat_ws(' ', p.given_name, p.family_name) AS who, a.action, a.table_name, a.row_id,
           coalesce(t.name, '') AS tenant, audit_changes(a.id) AS changes
    FROM audit_log a LEFT JOIN person p ON p.id = a.person_id LEFT JOIN tenant t ON t.id = a.tenant_id WHERE a.id = :id""")


@verb(READ, role=Role.PLATFORM)
def audit_entry(session: Session, _actor: Actor, *, entry: int) -> EntryView:
    """One change with what it changed. Raises NotFound."""
    row = session.execute(_ENTRY, {"id": entry}).one_or_none()
    if row is None:
        raise NotFound
    changes = [_change(name, value, row.action) for name, value in sorted((row.changes or {}).items())]
    label = ACTIONS.get(row.action, row.action)
    return EntryView(str(row.id), row.at.isoformat(), row.who, label, row.table_name, row.row_id, row.tenant, changes)


def _change(name: str, value: Any, action: str) -> Change:
    if value is None:
        return Change(name, "", "")
    if action == "update" and isinstance(value, list) and len(value) == 2:
        return Change(name, _shown(value[0]), _shown(value[1]))
    return Change(name, _shown(value), "") if action == "delete" else Change(name, "", _shown(value))


def _shown(value: Any) -> str:
    return "" if value is None else str(value)[:200]


_PER_HOUR = text("""
    SELECT floor(extract(epoch FROM cast(:now AS timestamptz) - at) / 3600)::int AS ago, count(*) AS n FROM audit_log
    WHERE at > cast(:now AS timestamptz) - make_interval(hours => :hours) GROUP BY 1""")


@verb(READ, role=Role.PLATFORM)
def audit_hours(session: Session, _actor: Actor) -> list[int]:
    """How many changes in each of the last HOURS hours, the oldest first."""
    counts = [0] * HOURS
    for ago, n in session.execute(_PER_HOUR, {"now": clock.now(), "hours": HOURS}):
        if 0 <= ago < HOURS:
            counts[HOURS - 1 - ago] = n
    return counts
