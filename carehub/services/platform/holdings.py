"""What keeps the product going and touches people: the audit, events on their way, the console's own record."""

from carehub.core.holdings import APPOINTMENTS, OF_PERSON, PERSON, Holding, holds, holds_nobody
from carehub.core.i18n import N_
from carehub.core.roles import Role

_RECORD = N_("The record of the console’s use is kept, by number")

holds(
    Holding(
        "outbox",
        N_("Events on their way"),
        "(t.done_at IS NOT NULL OR t.failed_at IS NOT NULL) AND (t.payload ->> 'person_id' = cast(:person AS text)"
        " OR t.payload ->> 'patient_id' = ANY(cast(:patients AS text[]))"
        f" OR t.payload ->> 'appointment_id' = {APPOINTMENTS.replace('uuid', 'text')})",
        Role.WORKER,
        order=-30,
    ),
    Holding(
        "support_message",
        N_("Questions to CareHub"),
        f"t.ticket_id IN (SELECT s.id FROM support_ticket s WHERE s.person_id = {PERSON})",
        Role.WORKER,
        shown={"at": "t.created_at", "said": "t.body"},
        order=-6,
    ),
    Holding(
        "support_ticket",
        N_("Questions to CareHub"),
        OF_PERSON,
        Role.WORKER,
        shown={"at": "t.created_at", "subject": "t.subject", "status": "t.state"},
        order=-5,
    ),
    Holding(
        "risk_signal",
        N_("Signals"),
        OF_PERSON,
        Role.WORKER,
        shown={"at": "t.last_at", "what": "t.kind", "details": "t.count", "status": "t.state"},
        order=-10,
    ),
    Holding("platform_staff", _RECORD, OF_PERSON, Role.AUTH, kept=_RECORD),
    Holding("platform_visit", _RECORD, OF_PERSON, Role.AUTH, kept=_RECORD),
)
holds_nobody(
    audit_log="who changed which row stays by number; the values go by audit_erase",
    platform_access="the super-admin who acted, by number",
    announcement="who wrote it, by number",
    backup_run="the super-admin who asked, by number",
    impersonation="the super-admin who stood in, by number",
    platform_settings="the platform's own address",
    heartbeat="a process",
    tenant_key="a key",
)
