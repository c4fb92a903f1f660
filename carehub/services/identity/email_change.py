"""Another address to sign in with: the new mailbox confirms it, the old one is told and can stop it."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.models.access import EmailChange
from carehub.models.identity import LoginOutcome, TokenPurpose
from carehub.services.identity import accounts, tokens
from carehub.services.identity.attempts import Client, count_ask
from carehub.services.identity.errors import LinkNotValid, SameAddress
from carehub.services.identity.registration import confirm_email
from carehub.services.identity.sessions import revoke_after_commit
from carehub.services.identity.step_up import check_recent_proof

ASKED = "account.email_change_asked"


def ask_email_change(actor: Actor, client: Client, *, email: str) -> None:
    """Mail a link to the new address, and word to the old one. Nothing changes before the new mailbox confirms.

    With an address that is another account's, only the old one is told: nobody learns whose it is.
    Raises ProofNeeded, SameAddress at the field `email`, TooMany.
    """
    index = accounts.email_index(email)
    with unit_of_work(actor, Role.AUTH) as session:
        check_recent_proof(session, actor)
        if accounts.get_person(session, actor.person_id).email_index == index:
            raise SameAddress(field="email")
    count_ask(index, client, LoginOutcome.RECOVERY)
    with unit_of_work(actor, Role.AUTH) as session:
        person = accounts.get_person(session, actor.person_id)
        _void(session, person.id)
        wanted = EmailChange(person_id=person.id, email=accounts.seal_email(email), email_index=index)
        session.merge(EmailChange(**{**wanted.model_dump(), "created_at": clock.now()}))
        accounts.tell(session, ASKED, person.id)


def _void(session: Session, person_id: UUID) -> None:
    """Whatever was asked before is over, with its links."""
    session.execute(delete(EmailChange).where(col(EmailChange.person_id) == person_id))
    for purpose in (TokenPurpose.CHANGE_EMAIL, TokenPurpose.KEEP_EMAIL):
        tokens.void_tokens(session, person_id, purpose)


def confirm_email_change(token: str) -> None:
    """The new mailbox answers: one signs in with it from now on. Links to the old address stop working.

    Raises LinkNotValid, also when the address has become another account's meanwhile.
    """
    with unit_of_work(system(), Role.AUTH) as session:
        link = tokens.look_at(session, token, TokenPurpose.CHANGE_EMAIL)
        person_id = link.person_id
        wanted = session.get(EmailChange, person_id, with_for_update=True)
        person = accounts.get_person(session, person_id)
        if wanted is None or person.deactivated_at is not None or _is_taken(session, wanted):
            raise LinkNotValid
        if link.next_path != wanted.email_index.hex():  # a mail that left late, for the address asked before this one
            raise LinkNotValid
        person.email, person.email_index = wanted.email, wanted.email_index
        person.email_verified_at = person.updated_at = clock.now()
        session.flush()
        tokens.void_tokens(session, person_id, TokenPurpose.RESET_PASSWORD)
        _void(session, person_id)
        confirm_email(session, person)
        revoke_after_commit(session)


def _is_taken(session: Session, wanted: EmailChange) -> bool:
    known = accounts.find_by_email(session, accounts.wanted_email(wanted))
    return known is not None and known.id != wanted.person_id


def keep_email(token: str) -> None:
    """The old mailbox says no: the change is off and every session ends, for whoever asked was inside. Raises LinkNotValid."""
    with unit_of_work(system(), Role.AUTH) as session:
        person_id = tokens.look_at(session, token, TokenPurpose.KEEP_EMAIL).person_id
        _void(session, person_id)
        accounts.revoke_sessions(session, person_id)
