"""The console's first page: what waits for somebody, and what happened last. DI-128, DI-141, DI-145."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.crypto import PERSONS
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import VERBS, verb

READ, MANAGE = "platform.read", "platform.manage"
MOST = 6
# what waits: its words, where it is answered, and how it is counted
WAITING: dict[str, tuple[str, str, str]] = {
    "verification": (
        N_("Verifications to decide"), "/platform/verification", "SELECT count(*) FROM verification WHERE status = 'submitted'"
    ),
    "support": (
        N_("Questions to answer"), "/platform/support", "SELECT count(*) FROM support_ticket WHERE state = 'open'"
    ),
    "reports": (
        N_("Reported pages to look at"), "/platform/reports", "SELECT count(*) FROM content_report WHERE state = 'open'"
    ),
    "risks": (N_("Signals to look at"), "/platform/risks", "SELECT count(*) FROM risk_signal WHERE state = 'open'"),
    "breaches": (
        N_("Data breaches under way"), "/platform/breaches", "SELECT count(*) FROM data_breach WHERE closed_at IS NULL"
    ),
    "jobs": (
        N_("Jobs given up"), "/platform/jobs?state=given_up",
        "SELECT count(*) FROM outbox WHERE failed_at IS NOT NULL AND done_at IS NULL",
    ),
    "messages": (
        N_("Failed messages"), "/platform/messages?status=failed",
        "SELECT count(*) FROM delivery WHERE status = 'failed' AND created_at >= now() - interval '30 days'",
    ),
    "plans": (N_("Organisations that ask for another plan"), "/platform/tenants?plan=asks",
              "SELECT count(*) FROM tenant_plan WHERE asked <> ''"),
}  # fmt: skip
_COUNTS = text("SELECT " + ", ".join(f"({query}) AS {name}" for name, (_, _, query) in WAITING.items()))
_NEWEST = text("""
    SELECT id, name, kind, created_at FROM tenant WHERE id <> :ourselves ORDER BY created_at DESC, id DESC LIMIT :most""")
_DONE = text("""
    SELECT a.id, a.at, a.verb, a.failed, concat_ws(' ', p.given_name, p.family_name) AS who, coalesce(t.name, '') AS tenant
    FROM platform_access a LEFT JOIN person p ON p.id = a.person_id LEFT JOIN tenant t ON t.id = a.of_tenant
    WHERE a.verb = ANY (:verbs) ORDER BY a.at DESC, a.id DESC LIMIT :most""")


@dataclass(frozen=True)
class WaitingView:
    """`label` is a msgid; `count` how many wait; `href` where they are answered."""

    code: str
    label: str
    count: int
    href: str


@dataclass(frozen=True)
class Newcomer:
    id: str
    name: str
    kind: str
    at: str


@dataclass(frozen=True)
class Deed:
    """What somebody of the platform changed, as the record names it."""

    id: str
    at: str
    who: str
    verb: str
    tenant: str
    failed: bool


@dataclass(frozen=True)
class OverviewView:
    waiting: list[WaitingView]
    newest: list[Newcomer]
    deeds: list[Deed]


@verb(READ, role=Role.PLATFORM)
def platform_overview(session: Session, _actor: Actor) -> OverviewView:
    """What waits across tenants, the newest organisations, and the latest changes by the platform's own people."""
    counts = session.execute(_COUNTS).one()._mapping
    waiting = [WaitingView(code, label, int(counts[code]), href) for code, (label, href, _query) in WAITING.items()]
    newest = session.execute(_NEWEST, {"ourselves": PERSONS, "most": MOST})
    changing = [name for name, asked in VERBS.items() if asked.policy == MANAGE]
    deeds = session.execute(_DONE, {"verbs": changing, "most": MOST})
    return OverviewView(
        waiting,
        [Newcomer(str(row.id), row.name, row.kind, row.created_at.isoformat()) for row in newest],
        [_deed(row) for row in deeds],
    )


def _deed(row: Any) -> Deed:
    return Deed(str(row.id), row.at.isoformat(), row.who, row.verb, row.tenant, row.failed)
