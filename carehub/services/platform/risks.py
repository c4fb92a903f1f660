"""Patterns of fraud and abuse (DI-137): found every hour, told with their reasons, dismissed or acted on by a person.

What is counted is numbers: a signal names an account or a network address, never what anybody booked or why.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.bus import announce
from carehub.core.db import unit_of_work
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.identity import Person
from carehub.models.risks import RiskKind, RiskSignal, RiskState
from carehub.services.listing import Bulk, Column, Filter, ListSpec, list_verb
from carehub.services.platform.people import set_people_active
from carehub.services.platform.visits import clean_reason

READ, MANAGE = "platform.read", "platform.manage"
MOST = 50
KIND_LABELS: Mapping[str, str] = {
    RiskKind.ACCOUNTS: N_("Many accounts from one network address in a day"),
    RiskKind.SIGN_INS: N_("Many failed sign-ins to one account in a day"),
    RiskKind.GUESSES: N_("Many failed sign-ins from one network address in a day"),
    RiskKind.CANCELLATIONS: N_("Many appointments cancelled by one person in thirty days"),
}
STATE_LABELS: Mapping[str, str] = {
    RiskState.OPEN: N_("To look at"),
    RiskState.DISMISSED: N_("Nothing wrong"),
    RiskState.ACTED: N_("Acted on"),
}
TONES: Mapping[str, Any] = {RiskState.OPEN: "warn", RiskState.DISMISSED: "out", RiskState.ACTED: "ok"}

_WHO = func.concat_ws(" ", col(Person.given_name), col(Person.family_name))
_SUBJECT = case((col(RiskSignal.person_id).is_(None), col(RiskSignal.subject)), else_=_WHO)

RISKS = ListSpec(
    name="platform_risks",
    title=N_("Signals"),
    permission=READ,
    role=Role.PLATFORM,
    key=col(RiskSignal.id),
    columns={
        "kind": Column(N_("What stands out"), col(RiskSignal.kind), kind="badge", labels=KIND_LABELS),
        "subject": Column(N_("Who or where from"), _SUBJECT, sortable=False),
        "count": Column(N_("How many"), col(RiskSignal.count), kind="number"),
        "state": Column(N_("State"), col(RiskSignal.state), kind="badge", labels=STATE_LABELS, tones=TONES),
        "reason": Column(N_("Decision"), col(RiskSignal.reason), sortable=False, on_phone=False),
        "last": Column(N_("Last seen"), col(RiskSignal.last_at), kind="datetime"),
    },
    search=(_SUBJECT, col(RiskSignal.reason)),
    sort="-last",
    filters={
        "state": Filter(N_("State"), STATE_LABELS, col(RiskSignal.state)),
        "kind": Filter(N_("What stands out"), KIND_LABELS, col(RiskSignal.kind)),
    },
    bulk=(
        Bulk("dismiss", N_("Nothing wrong"), "check"),
        Bulk("close", N_("Close the accounts"), "lock", danger=True),
    ),
    base=lambda statement: statement.outerjoin(Person, col(Person.id) == col(RiskSignal.person_id)),
    search_label=N_("Person, address, decision"),
    empty=N_("What stands out in sign-ups, sign-ins and cancellations stands here, looked for every hour."),
)
list_risks = list_verb(RISKS)


@dataclass(frozen=True)
class Limits:
    """From how many on a pattern stands out."""

    accounts: int = 5
    sign_ins: int = 15
    guesses: int = 40
    cancellations: int = 6


@dataclass(frozen=True)
class Found:
    kind: RiskKind
    subject: str
    count: int
    person_id: UUID | None = None


LIMITS = Limits()
FAILED = ("wrong_password", "unknown_account", "wrong_code", "throttled")
_ACCOUNTS = text("""
    SELECT address, count(DISTINCT email_index) AS n FROM login_event
    WHERE outcome = 'sign_up' AND at > :since AND address <> '' GROUP BY address HAVING count(DISTINCT email_index) >= :least""")
_SIGN_INS = text("""
    SELECT p.id, count(*) AS n FROM login_event e JOIN person p ON p.email_index = e.email_index
    WHERE e.outcome = ANY(:failed) AND e.at > :since GROUP BY p.id HAVING count(*) >= :least""")
_GUESSES = text("""
    SELECT address, count(*) AS n FROM login_event WHERE outcome = ANY(:failed) AND at > :since AND address <> ''
    GROUP BY address HAVING count(*) >= :least""")
_TENANTS = text("SELECT id FROM tenant WHERE status = 'active'")
_CANCELLED = text("""
    SELECT a.person_id, count(*) AS n FROM appointment_event e
    JOIN appointment a ON a.tenant_id = e.tenant_id AND a.id = e.appointment_id
    WHERE e.kind = 'cancelled' AND e.by = 'client' AND e.at > :since AND a.person_id IS NOT NULL GROUP BY 1""")
_KEEP = text("""
    INSERT INTO risk_signal (id, kind, subject, person_id, count, facts, state, reason, first_at, last_at)
    VALUES (:id, :kind, :subject, :person, :count, '{}', 'open', '', :now, :now)
    ON CONFLICT (kind, subject) DO UPDATE SET count = excluded.count, last_at = excluded.last_at,
      state = CASE WHEN risk_signal.state <> 'open' AND excluded.count >= 2 * risk_signal.count THEN 'open' ELSE risk_signal.state END
    WHERE risk_signal.count <> excluded.count""")


def look() -> int:
    """Look for every pattern and keep what stands out. Answers how many there are. Repeatable.

    A signal that was decided opens again once its figure has doubled.
    """
    found = [*_of_sign_ins(), *_of_cancellations()]
    now = clock.now()
    with unit_of_work(system(), Role.WORKER) as session:
        for one in found:
            values = {"kind": one.kind.value, "subject": one.subject, "person": one.person_id, "count": one.count}
            session.execute(_KEEP, {"id": new_id(), "now": now, **values})
        announce(session, RISKS.name)
    return len(found)


def _of_sign_ins() -> list[Found]:
    asked = {"since": clock.now() - timedelta(days=1), "failed": list(FAILED)}
    with unit_of_work(system(), Role.AUTH) as session:
        accounts = session.execute(_ACCOUNTS, {"since": asked["since"], "least": LIMITS.accounts}).all()
        sign_ins = session.execute(_SIGN_INS, {**asked, "least": LIMITS.sign_ins}).all()
        guesses = session.execute(_GUESSES, {**asked, "least": LIMITS.guesses}).all()
    return [
        *(Found(RiskKind.ACCOUNTS, row.address, row.n) for row in accounts),
        *(Found(RiskKind.SIGN_INS, str(row.id), row.n, row.id) for row in sign_ins),
        *(Found(RiskKind.GUESSES, row.address, row.n) for row in guesses),
    ]


def _of_cancellations() -> list[Found]:
    """Counted in each organisation by its own staff's role, summed here: nothing else leaves it."""
    with unit_of_work(system(), Role.WORKER) as session:
        tenants = list(session.scalars(_TENANTS))
    since, counted = clock.now() - timedelta(days=30), Counter[UUID]()
    for tenant_id in tenants:
        with unit_of_work(system(tenant_id), Role.APP) as session:
            for person_id, n in session.execute(_CANCELLED, {"since": since}):
                counted[person_id] += n
    return [
        Found(RiskKind.CANCELLATIONS, str(person_id), n, person_id)
        for person_id, n in counted.items()
        if n >= LIMITS.cancellations
    ]


@verb(MANAGE, role=Role.PLATFORM)
def dismiss_risks(session: Session, actor: Actor, *, risk_ids: Sequence[UUID], reason: str) -> int:
    """Nothing wrong, for a reason. Answers how many. Raises ReasonNeeded at the field."""
    return _decide(session, actor, risk_ids, RiskState.DISMISSED, clean_reason(reason))


@verb(MANAGE, role=Role.PLATFORM)
def act_on_risks(session: Session, actor: Actor, *, risk_ids: Sequence[UUID], reason: str) -> int:
    """Close the accounts that signals are about, for a reason; a network address is only marked. Answers how many signals.

    Raises OwnAccount or, at the field, ReasonNeeded.
    """
    said = clean_reason(reason)
    people = [
        one.person_id
        for one in session.query(RiskSignal).where(col(RiskSignal.id).in_(list(risk_ids)[:MOST]))
        if one.person_id is not None
    ]
    if people:
        set_people_active(session, actor, person_ids=people, active=False)
    return _decide(session, actor, risk_ids, RiskState.ACTED, said)


def _decide(session: Session, actor: Actor, risk_ids: Sequence[UUID], state: RiskState, reason: str) -> int:
    done = session.execute(
        update(RiskSignal)
        .where(col(RiskSignal.id).in_(list(risk_ids)[:MOST]))
        .values(state=state.value, reason=reason, decided_by=actor.person_id, decided_at=clock.now())
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    announce(session, RISKS.name)
    return int(done)
