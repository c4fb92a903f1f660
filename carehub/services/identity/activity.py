"""What a member did here and when they signed in, for those who answer for the team (CD-115)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.identity import LoginEvent
from carehub.models.tenancy import Membership
from carehub.services.identity.account import TOLD, LoginView, browser_of

SHOWN = 30
TABLES: Mapping[str, str] = {
    "appointment": N_("Appointment"),
    "patient": N_("{Client}"),
    "availability_rule": N_("Open hours"),
    "availability_exception": N_("Absence or opening"),
    "practitioner": N_("{Practitioner}"),
    "service": N_("Service"),
    "intake_question": N_("Question"),
    "membership": N_("Member"),
    "custom_role": N_("Role"),
    "role_permission": N_("What roles may do"),
    "delegation": N_("Delegation"),
    "invitation": N_("Invitation"),
    "tenant": N_("Organisation"),
    "site": N_("Site"),
    "room": N_("Room"),
    "custom_field": N_("Own field"),
    "custom_values": N_("Own fields"),
    "message_template": N_("Message texts"),
    "notification_rule": N_("Messages and reminders"),
}
ACTIONS: Mapping[str, str] = {"insert": N_("Added"), "update": N_("Changed"), "delete": N_("Removed")}
_LINES = text("""
    SELECT a.id, a.at, a.table_name, a.action,
           concat_ws(' ', nullif(p.honorific, ''), p.given_name, p.family_name) AS acting_for
    FROM audit_log a LEFT JOIN practitioner p ON p.tenant_id = a.tenant_id AND p.id = cast(CASE
        WHEN a.action = 'update' THEN a.changes -> 'acting_for_id' ->> 1 ELSE a.changes ->> 'acting_for_id' END AS uuid)
    WHERE a.tenant_id = :tenant AND a.person_id = :person AND a.table_name = ANY(:tables) ORDER BY a.id DESC LIMIT :most""")


@dataclass(frozen=True)
class ActivityLine:
    """One change: msgids of what and how; `acting_for` the practitioner in whose name it was made."""

    id: str
    at: str
    what: str
    action: str
    acting_for: str


def _member(session: Session, actor: Actor, member_id: UUID) -> Any:
    query = select(col(Membership.person_id), col(Membership.created_at)).where(
        col(Membership.tenant_id) == actor.tenant_id, col(Membership.id) == member_id
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return found


@verb("members.manage")
def member_logins(session: Session, actor: Actor, *, member_id: UUID) -> list[LoginView]:
    """A member's latest sign-ins since they joined, failed ones too (CD-115); never the network address. Raises NotFound."""
    assert actor.tenant_id is not None
    member = _member(session, actor, member_id)
    e = LoginEvent
    query = (
        select(e)
        .where(col(e.person_id) == member.person_id, col(e.at) >= member.created_at, col(e.outcome).in_(TOLD))
        .order_by(col(e.at).desc(), col(e.id).desc())
        .limit(SHOWN)
    )
    with tenant_scope(session, Role.AUTH, actor.tenant_id):
        rows = session.scalars(query).all()
        return [LoginView(str(one.id), one.outcome, browser_of(one.user_agent), "", one.at.isoformat()) for one in rows]


@verb("audit.read")
def member_activity(session: Session, actor: Actor, *, member_id: UUID) -> list[ActivityLine]:
    """What a member changed here lately, from the audit, in whose name too. Raises NotFound."""
    member = _member(session, actor, member_id)
    asked = {"tenant": actor.tenant_id, "person": member.person_id, "tables": list(TABLES), "most": SHOWN}
    return [
        ActivityLine(str(row.id), row.at.isoformat(), TABLES[row.table_name], ACTIONS[row.action], row.acting_for)
        for row in session.execute(_LINES, asked)
    ]
