"""An account is erased after a cooling-off: asked with a fresh proof, taken back at any time before (MC-014, DI-130, SQ-135)."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.crypto import PERSONS
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.i18n import N_
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.identity import Person
from carehub.models.privacy import RequestKind, RequestStatus, RightsRequest
from carehub.services.booking.leaving import cancel_coming
from carehub.services.identity import accounts
from carehub.services.identity.errors import LastOwner
from carehub.services.identity.owners import lock_owners, other_owners
from carehub.services.identity.sessions import revoke_after_commit
from carehub.services.identity.step_up import check_recent_proof
from carehub.services.platform.people import MANAGE as MANAGE_PEOPLE
from carehub.services.platform.people import MOST, OwnAccount
from carehub.services.privacy.erasing import erase_account
from carehub.services.privacy.errors import AskedAlready, StaffOfPlatform, StillExpected
from carehub.services.privacy.letters import tell_person
from carehub.services.privacy.minimums import must_keep
from carehub.services.privacy.subject import Account, Subject, find_subject, places, read_account
from carehub.services.privacy.telling import tell

log = logging.getLogger(__name__)

COOLING_OFF = timedelta(days=14)
MAIL_LEAVES = timedelta(minutes=15)  # between the last word to the person and the erasure of their address
ERASURE_ASKED = "privacy.erasure_asked"
ERASED = N_("Your CareHub account is being erased")
NOTHING_KEPT = N_("As you asked, your account and everything about you is erased within the hour. Nothing is kept.")
SOME_KEPT = N_(
    "As you asked, your account is erased within the hour. The law makes these organisations keep their care records: {places}."
)
PRIVACY = N_("What is kept, and why")
_OWNED = text("""
    SELECT m.tenant_id FROM membership m JOIN tenant t ON t.id = m.tenant_id
    WHERE m.person_id = :person AND m.role = 'owner' AND m.active AND t.status = 'active' ORDER BY m.tenant_id""")
_AGENDAS = text("""
    SELECT tenant_id, practitioner_id FROM membership WHERE person_id = :person AND practitioner_id IS NOT NULL AND active""")
_EXPECTED = text("""
    SELECT EXISTS (SELECT FROM appointment WHERE practitioner_id = :practitioner AND starts_at > :now
      AND status IN ('pending', 'proposed', 'booked'))""")
_PLATFORM = text("SELECT EXISTS (SELECT FROM platform_staff WHERE person_id = :person AND revoked_at IS NULL)")


@dataclass(frozen=True)
class KeptView:
    """A place whose law keeps something, and why (a msgid)."""

    tenant: str
    reason: str


@dataclass(frozen=True)
class ErasureView:
    """`id` empty: not asked for. `due_at` is ISO. `coming`: appointments that would be cancelled."""

    id: str = ""
    due_at: str = ""
    coming: int = 0
    kept: tuple[KeptView, ...] = ()


def _open(person_id: UUID | None) -> list[object]:
    return [
        col(RightsRequest.person_id) == person_id,
        col(RightsRequest.tenant_id) == PERSONS,
        col(RightsRequest.kind) == RequestKind.ERASURE,
        col(RightsRequest.status) == RequestStatus.OPEN,
    ]


_COMING = text("""
    SELECT count(*) FROM appointment WHERE person_id = :person AND starts_at > :now AND status IN ('pending', 'proposed', 'booked')""")


@verb(SIGNED_IN)
def my_erasure(session: Session, actor: Actor) -> ErasureView:
    """What erasing one's account would do and leave, and until when it can be taken back if it is asked for."""
    assert actor.person_id is not None
    asked = session.scalar(select(RightsRequest).where(*_open(actor.person_id)))  # type: ignore[arg-type]
    coming = session.scalar(_COMING, {"person": actor.person_id, "now": clock.now()}) or 0
    known = read_account(session, actor.person_id)
    mine = set(session.scalars(_MY_PLACES, {"person": actor.person_id}))
    kept = _would_keep(session, known, mine) if known is not None and mine else []
    due = asked.due_at.isoformat() if asked else ""
    return ErasureView(str(asked.id) if asked else "", due, coming, tuple(kept))


_MY_PLACES = text("SELECT DISTINCT tenant_id FROM patient WHERE person_id = :person")


def _would_keep(session: Session, known: Account, among: set[UUID] | None = None) -> list[KeptView]:
    found = []
    for place in places(session):
        subject = find_subject(session, place, known) if among is None or place.id in among else None
        if subject is not None and (reason := _kept_here(session, subject)):
            found.append(KeptView(place.name, reason))
    return found


def _kept_here(session: Session, subject: Subject) -> str:
    with tenant_scope(session, Role.APP, subject.place.id):
        minimum = must_keep(session, subject)
    return minimum.reason if minimum else ""


def check_may_leave(session: Session, person_id: UUID) -> None:
    """Raises LastOwner, StaffOfPlatform, or StillExpected for a practitioner. The session is in ch_auth."""
    for tenant_id in session.scalars(_OWNED, {"person": person_id}).all():
        lock_owners(session, tenant_id)
        if not other_owners(session, tenant_id, person_id):
            raise LastOwner
    if session.scalar(_PLATFORM, {"person": person_id}):
        raise StaffOfPlatform
    for row in session.execute(_AGENDAS, {"person": person_id}).all():
        with tenant_scope(session, Role.APP, row.tenant_id):
            if session.scalar(_EXPECTED, {"practitioner": row.practitioner_id, "now": clock.now()}):
                raise StillExpected


@verb(SIGNED_IN)
def ask_erasure(session: Session, actor: Actor) -> ErasureView:
    """Have one's account erased in COOLING_OFF; a mail says so. Nothing changes before, and it can be taken back.

    Raises ProofNeeded, LastOwner, StaffOfPlatform, StillExpected, AskedAlready.
    """
    assert actor.person_id is not None
    check_recent_proof(session, actor)
    with tenant_scope(session, Role.AUTH, PERSONS):
        check_may_leave(session, actor.person_id)
    if session.scalar(select(col(RightsRequest.id)).where(*_open(actor.person_id))):  # type: ignore[arg-type]
        raise AskedAlready
    session.add(_request(actor.person_id))
    session.flush()
    tell(session, PERSONS, ERASURE_ASKED, person_id=str(actor.person_id))
    return my_erasure(session, actor)


def _request(person_id: UUID) -> RightsRequest:
    now = clock.now()
    return RightsRequest(
        tenant_id=PERSONS, person_id=person_id, kind=RequestKind.ERASURE.value, asked_at=now, due_at=now + COOLING_OFF
    )


@verb(SIGNED_IN)
def withdraw_erasure(session: Session, actor: Actor) -> ErasureView:
    """Keep the account after all. Repeatable."""
    session.execute(
        update(RightsRequest)
        .where(*_open(actor.person_id))  # type: ignore[arg-type]
        .values(status=RequestStatus.WITHDRAWN.value, closed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return my_erasure(session, actor)


_ASK_FOR = text("""
    INSERT INTO rights_request (tenant_id, id, person_id, kind, status, asked_at, due_at, kept)
    SELECT :platform, gen_random_uuid(), p.id, 'erasure', 'open', :now, :due, '[]' FROM person p
    WHERE p.id = ANY(cast(:people AS uuid[])) AND NOT EXISTS (
        SELECT FROM rights_request r WHERE r.tenant_id = :platform AND r.person_id = p.id AND r.kind = 'erasure' AND r.status = 'open')
    RETURNING person_id""")


@verb(MANAGE_PEOPLE, role=Role.PLATFORM)
def erase_people(session: Session, actor: Actor, *, person_ids: list[UUID]) -> int:
    """Have accounts erased after the same cooling-off; each person is told and can take it back (DI-130). Answers how many.

    Raises OwnAccount.
    """
    chosen = list(person_ids)[:MOST]
    if actor.person_id in chosen:
        raise OwnAccount
    now = clock.now()
    values = {"platform": PERSONS, "people": chosen, "now": now, "due": now + COOLING_OFF}
    asked = session.scalars(_ASK_FOR, values).all()
    for person_id in asked:
        tell(session, PERSONS, ERASURE_ASKED, person_id=str(person_id))
    revoke_after_commit(session)
    return len(asked)


_DUE = text("""
    SELECT r.id, r.person_id, r.due_at, p.deactivated_at FROM rights_request r JOIN person p ON p.id = r.person_id
    WHERE r.tenant_id = :platform AND r.kind = 'erasure' AND r.status = 'open' AND r.due_at <= :now ORDER BY r.due_at LIMIT 50""")
_DONE = text("""
    UPDATE rights_request SET status = 'done', closed_at = :now, kept = cast(:kept AS jsonb)
    WHERE tenant_id = :platform AND id = :id AND status = 'open'""")


def erase_due() -> int:
    """Erase whose cooling-off is over, in two steps: the account closes, coming appointments are cancelled and a last mail
    leaves; MAIL_LEAVES later everything goes. Repeatable; who became a last owner meanwhile waits. Answers how many are gone."""
    now = clock.now()
    with unit_of_work(system(), Role.WORKER) as session:
        due = session.execute(_DUE, {"platform": PERSONS, "now": now}).all()
    gone = 0
    for row in due:
        try:
            gone += _step(row, now)
        except Exception:  # one account that cannot go must not hold up the others
            log.exception("an account could not be erased: request %s", row.id)
    return gone


def _step(row: Row[Any], now: datetime) -> int:
    if row.deactivated_at is None or row.deactivated_at < row.due_at:  # nobody had closed it, or someone long before
        _close(row.person_id)
    elif row.deactivated_at <= now - MAIL_LEAVES:
        return _finish(row.id, row.person_id)
    return 0


def _close(person_id: UUID) -> None:
    try:
        with unit_of_work(system(), Role.AUTH) as session:
            check_may_leave(session, person_id)
            session.get_one(Person, person_id).deactivated_at = clock.now()
            accounts.revoke_sessions(session, person_id)
            known = read_account(session, person_id)
            assert known is not None
            _say_goodbye(session, known)
            for place in places(session):
                subject = find_subject(session, place, known)
                if subject is not None and subject.appointments:
                    with tenant_scope(session, Role.APP, place.id):
                        cancel_coming(session, subject.appointments)
    except (LastOwner, StaffOfPlatform, StillExpected):
        return


def _say_goodbye(session: Session, known: Account) -> None:
    kept = [one.tenant for one in _would_keep(session, known)]
    lead = SOME_KEPT if kept else NOTHING_KEPT
    tell_person(
        session, known.id, key=f"erased:{known.id}", subject=ERASED, lead=lead, action=PRIVACY, path="/privacy",
        places=", ".join(kept),
    )  # fmt: skip


def _finish(request_id: UUID, person_id: UUID) -> int:
    with unit_of_work(system(), Role.WORKER) as session:
        known = read_account(session, person_id)
        if known is None:
            return 0
        kept = [{"tenant": one.place.name, "reason": one.reason} for one in erase_account(session, known)]
        session.execute(_DONE, {"platform": PERSONS, "id": request_id, "now": clock.now(), "kept": json.dumps(kept)})
    return 1
