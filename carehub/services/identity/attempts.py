"""Throttling, counted in the login history itself (CD-115). An attempt is written before the password is looked at, under a lock,
so that a hundred at once count as a hundred."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.errors import TooMany
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.models.identity import LoginEvent, LoginOutcome
from carehub.services.identity.rules import ACCOUNT_FAILURES, ADDRESS_FAILURES, WINDOW, wait_after

FAILURES = (LoginOutcome.WRONG_PASSWORD, LoginOutcome.UNKNOWN_ACCOUNT, LoginOutcome.WRONG_CODE)
ASKS_AN_HOUR = {LoginOutcome.SIGN_UP: (5, 40), LoginOutcome.RECOVERY: (5, 40)}  # for one e-mail, from one address
HOUR = timedelta(hours=1)

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


@dataclass(frozen=True)
class Client:
    """Where a request comes from, for the history and the throttle."""

    address: str = ""
    user_agent: str = ""


def begin_attempt(index: bytes, client: Client) -> UUID:
    """Count an attempt as wrong until `settle` says otherwise. Raises TooMany with the seconds to wait."""
    with unit_of_work(system(), Role.AUTH) as session:
        _lock(session, index, client)
        seconds = max(
            wait_after(_failures(session, index=index), ACCOUNT_FAILURES, clock.now()),
            wait_after(_failures(session, address=client.address), ADDRESS_FAILURES, clock.now()),
        )
        attempt = _write(session, index, client, LoginOutcome.THROTTLED if seconds else LoginOutcome.WRONG_PASSWORD)
    if seconds:
        raise TooMany(seconds=seconds)
    return attempt


def settle(session: Session, attempt: UUID, outcome: LoginOutcome, person_id: UUID | None) -> None:
    """What became of the attempt."""
    session.execute(
        update(LoginEvent).where(col(LoginEvent.id) == attempt).values(outcome=outcome, person_id=person_id)
    )


def record(session: Session, index: bytes, client: Client, outcome: LoginOutcome, person_id: UUID) -> None:
    """A sign-in that another service vouched for. The session is in ch_auth."""
    settle(session, _write(session, index, client, outcome), outcome, person_id)


def count_ask(index: bytes, client: Client, kind: LoginOutcome) -> None:
    """Sign-ups and recoveries, by the hour: for one e-mail address and from one network address. Raises TooMany."""
    per_email, per_address = ASKS_AN_HOUR[kind]
    since = clock.now() - HOUR
    with unit_of_work(system(), Role.AUTH) as session:
        _lock(session, index, client)
        asked = (
            select(col(LoginEvent.at))
            .where(col(LoginEvent.outcome) == kind, col(LoginEvent.at) > since)
            .order_by(col(LoginEvent.at))
        )
        by_email = list(session.scalars(asked.where(col(LoginEvent.email_index) == index)))
        by_address = (
            list(session.scalars(asked.where(col(LoginEvent.address) == client.address))) if client.address else []
        )
        until = [
            times[-limit] for times, limit in ((by_email, per_email), (by_address, per_address)) if len(times) >= limit
        ]
        if not until:
            _write(session, index, client, kind)
            return
    raise TooMany(seconds=max(1, int((max(until) - since).total_seconds())))


def _lock(session: Session, index: bytes, client: Client) -> None:
    for what in sorted((index.hex(), client.address)):
        session.execute(_LOCK, {"what": what})


def _failures(session: Session, *, index: bytes = b"", address: str = "") -> list[datetime]:
    """Wrong attempts within the window; for an account, since the last one that went well."""
    if not index and not address:
        return []
    whose = col(LoginEvent.email_index) == index if index else col(LoginEvent.address) == address
    recent = select(col(LoginEvent.at), col(LoginEvent.outcome)).where(whose, col(LoginEvent.at) > clock.now() - WINDOW)
    failures: list[datetime] = []
    for at, outcome in session.execute(recent.order_by(col(LoginEvent.at))):
        if outcome in FAILURES:
            failures.append(at)
        elif outcome == LoginOutcome.SUCCESS and index:
            failures.clear()
    return failures


def _write(session: Session, index: bytes, client: Client, outcome: LoginOutcome) -> UUID:
    made = LoginEvent(
        id=new_id(),
        email_index=index,
        outcome=outcome,
        address=client.address,
        user_agent=client.user_agent[:300],
        at=clock.now(),
    )
    session.add(made)
    return made.id
