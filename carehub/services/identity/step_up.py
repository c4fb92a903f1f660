"""Sensitive acts (money out, exports, deletions, the account's own locks) need a proof of the last ten minutes."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.crypto import PERSONS
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.roles import Role
from carehub.models.identity import LoginOutcome
from carehub.models.identity import Session as SignIn
from carehub.services.identity import accounts, codes
from carehub.services.identity.attempts import Client, begin_attempt, settle
from carehub.services.identity.errors import ProofNeeded, WrongCode, WrongPassword
from carehub.services.identity.passwords import password_fits

RECENT = timedelta(minutes=10)


def check_recent_proof(session: Session, actor: Actor) -> None:
    """First line of a verb that must not be done by whoever finds an open screen. Raises ProofNeeded,
    or NotWhileImpersonating.

    Signing in counts, and `prove`. An API token never does: it has no session. The system passes.
    """
    if actor.is_system:
        return
    actor.check_itself()
    with tenant_scope(session, Role.AUTH, actor.tenant_id or PERSONS):
        query = select(col(SignIn.proved_at)).where(
            col(SignIn.id) == actor.session_id, col(SignIn.person_id) == actor.person_id
        )
        proved_at = session.scalar(query)
    if proved_at is None or clock.now() - proved_at > RECENT:
        raise ProofNeeded


def prove(actor: Actor, client: Client, *, password: str = "", code: str = "") -> None:
    """Show again who one is, for ten minutes: by a code where the second step is on, else by the password.

    Counted and throttled as sign-ins are. Raises WrongCode, WrongPassword at the field, or TooMany.
    """
    assert actor.person_id is not None
    with unit_of_work(system(), Role.AUTH) as session:
        person = accounts.get_person(session, actor.person_id)
        by_code = codes.is_on(session, person.id)
    attempt = begin_attempt(person.email_index, client)
    fits = not by_code and password_fits(password, person.password_hash)
    with unit_of_work(system(), Role.AUTH) as session:
        if by_code:
            fits = codes.take(session, person.id, code)
        wrong = LoginOutcome.WRONG_CODE if by_code else LoginOutcome.WRONG_PASSWORD
        settle(session, attempt, LoginOutcome.SUCCESS if fits else wrong, person.id)
        if fits:
            _mark(session, actor.session_id)
    if not fits:
        raise WrongCode(field="code") if by_code else WrongPassword(field="password")


def _mark(session: Session, session_id: UUID | None) -> None:
    session.execute(update(SignIn).where(col(SignIn.id) == session_id).values(proved_at=clock.now()))
