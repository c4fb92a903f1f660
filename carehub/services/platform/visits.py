"""A visit of the console: why a super-admin comes, and the half hour that it lasts."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import Invalid
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.services.identity.sessions import revoke_after_commit

LASTS = timedelta(minutes=30)
REASON_LEAST = 8  # characters: a word is no reason

_BEGIN = text("""
    INSERT INTO platform_visit (id, person_id, session_id, reason, started_at, ends_at)
    VALUES (:id, :person, :session, :reason, :now, :until)""")
_END = text("UPDATE platform_visit SET ends_at = :now WHERE id = :id AND ends_at > :now")


class ReasonNeeded(Invalid):
    key = "Say why in a few words: it stands in the record"


@dataclass(frozen=True)
class VisitView:
    """`until` is an ISO moment."""

    reason: str
    until: str


def clean_reason(reason: str) -> str:
    """Raises ReasonNeeded at the field."""
    said = " ".join(reason.split())[:500]
    if len(said) < REASON_LEAST:
        raise ReasonNeeded(field="reason")
    return said


@verb("platform.open", role=Role.PLATFORM)
def open_visit(session: Session, actor: Actor, *, reason: str) -> VisitView:
    """Open the console in this sign-in for LASTS; each use of it is recorded with `reason`. Raises ReasonNeeded.

    The caller has just checked the person's password.
    """
    said, now = clean_reason(reason), clock.now()
    facts = {"id": new_id(), "person": actor.person_id, "session": actor.session_id, "reason": said, "now": now}
    session.execute(_BEGIN, {**facts, "until": now + LASTS})
    revoke_after_commit(session)
    return VisitView(said, (now + LASTS).isoformat())


@verb("platform.open", role=Role.PLATFORM)
def end_visit(session: Session, actor: Actor) -> None:
    """Leave the console before the time is over."""
    if actor.visit is not None and actor.visit.id is not None:
        session.execute(_END, {"id": actor.visit.id, "now": clock.now()})
        revoke_after_commit(session)
