"""A forgotten password, a changed one, an account that is closed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.models.identity import LoginOutcome, Person, TokenPurpose
from carehub.models.reach import ContactNumber
from carehub.services.identity import accounts, tokens
from carehub.services.identity.attempts import Client, begin_attempt, count_ask, settle
from carehub.services.identity.contact_number import CodeWrong, peek_code, take_code
from carehub.services.identity.errors import LastOwner, WrongPassword
from carehub.services.identity.owners import lock_owners, other_owners
from carehub.services.identity.passwords import hash_password
from carehub.services.identity.registration import confirm_email
from carehub.services.identity.rules import check_password, local_path
from carehub.services.identity.second_check import check_second, has_second_check
from carehub.services.identity.second_factor import forget_trusted
from carehub.services.identity.signing import challenge_of, check_own_password

NOWHERE = Client()
RECOVERY_CODE = "account.recovery_code"
_OWNED = text("""
    SELECT m.tenant_id FROM membership m JOIN tenant t ON t.id = m.tenant_id
    WHERE m.person_id = :person AND m.role = 'owner' AND m.active AND t.status = 'active' ORDER BY m.tenant_id""")


def ask_recovery(email: str, client: Client, *, next_path: str = "") -> None:
    """Mail a link that lives an hour, if the address is an account's (DI-009). Nobody is told whether it is. Raises TooMany."""
    count_ask(accounts.email_index(email), client, LoginOutcome.RECOVERY)
    with unit_of_work(system(), Role.AUTH) as session:
        person = accounts.find_by_email(session, email)
        if person is not None and person.deactivated_at is None:
            accounts.tell(session, "account.recovery_requested", person.id, next_path=local_path(next_path))


@dataclass(frozen=True)
class Recovered:
    """Whose password was set and where they were going. `challenge`: the sign-in still waits for a code of the second step."""

    person_id: UUID
    next_path: str
    challenge: str


def reset_password(
    token: str, password: str, client: Client = NOWHERE, *, answer: str = "", number: str = ""
) -> Recovered:
    """Choose a new password by the mailed link, once. Every session ends; the address counts as verified.

    The mailbox alone does not open an account that has a second step, nor one with a question of its own (MC-015, MC-018): its
    `answer`, and a professional's `number`, are asked, and wrong ones counted as wrong passwords are. Raises LinkNotValid, TooMany,
    AnswerNeeded or NumberNeeded at the field, or a refusal of the password.
    """
    with unit_of_work(system(), Role.AUTH) as session:
        person = accounts.get_person(session, tokens.look_at(session, token, TokenPurpose.RESET_PASSWORD).person_id)
        asked = has_second_check(session, person.id)
    attempt = begin_attempt(person.email_index, client) if asked else None
    with unit_of_work(system(), Role.AUTH) as session:
        link = tokens.look_at(session, token, TokenPurpose.RESET_PASSWORD)
        person = accounts.get_person(session, link.person_id)
        check_second(session, person.id, answer=answer, number=number)
        _set_password(session, person, password)
        if attempt is not None:
            settle(session, attempt, LoginOutcome.SUCCESS, person.id)
        if person.email_verified_at is None:
            confirm_email(session, person)
        return Recovered(person.id, link.next_path, challenge_of(session, person.id, ""))


def _set_password(session: Session, person: Person, password: str) -> None:
    """Whoever had the old one is out everywhere. Raises a refusal of the password."""
    check_password(password, email=accounts.email_of(person), names=(person.given_name, person.family_name))
    person.password_hash = hash_password(password)
    person.updated_at = clock.now()
    tokens.void_tokens(session, person.id, TokenPurpose.RESET_PASSWORD)
    accounts.revoke_sessions(session, person.id)
    forget_trusted(session, person.id)


def ask_recovery_by_text(email: str, client: Client) -> None:
    """Send a code to the account's proved number, if it has one and a question besides (MC-015): a number alone opens nothing.

    Nobody is told whether it was sent. Raises TooMany.
    """
    count_ask(accounts.email_index(email), client, LoginOutcome.RECOVERY)
    with unit_of_work(system(), Role.AUTH) as session:
        person = accounts.find_by_email(session, email)
        if person is None or person.deactivated_at is not None or not has_second_check(session, person.id):
            return
        row = session.get(ContactNumber, person.id)
        if row is not None and row.verified_at is not None:
            accounts.tell(session, RECOVERY_CODE, person.id)


def reset_by_text(
    email: str, code: str, password: str, client: Client, *, answer: str = "", number: str = ""
) -> Recovered:
    """Choose a new password by the code of a text message and the account's second check (MC-015, MC-018).

    Each try is counted as a wrong password until all of it is right; the code serves once, within ten minutes, and dies after five.
    Raises TooMany, CodeWrong, AnswerNeeded or NumberNeeded at the field, or a refusal of the password.
    """
    attempt = begin_attempt(accounts.email_index(email), client)
    with unit_of_work(system(), Role.AUTH) as session:
        person = accounts.find_by_email(session, email)
        fits = person is not None and person.deactivated_at is None and has_second_check(session, person.id)
        fits = fits and person is not None and peek_code(session, person.id, code)
    if person is None or not fits:
        raise CodeWrong(field="code")
    with unit_of_work(system(), Role.AUTH) as session:
        check_second(session, person.id, answer=answer, number=number)
        person = accounts.get_person(session, person.id)
        _set_password(session, person, password)
        if not take_code(session, person.id, code):
            raise CodeWrong(field="code")
        settle(session, attempt, LoginOutcome.SUCCESS, person.id)
        return Recovered(person.id, "", challenge_of(session, person.id, ""))


def change_password(actor: Actor, client: Client, *, current: str, password: str) -> None:
    """Replace one's own password; other sessions end. Raises WrongPassword, TooMany, or a refusal of the new one."""
    assert actor.person_id is not None
    if not check_own_password(actor.person_id, current, client):
        raise WrongPassword(field="current")
    with unit_of_work(actor, Role.AUTH) as session:
        person = accounts.get_person(session, actor.person_id)
        check_password(password, email=accounts.email_of(person), names=(person.given_name, person.family_name))
        person.password_hash = hash_password(password)
        person.updated_at = clock.now()
        tokens.void_tokens(session, person.id, TokenPurpose.RESET_PASSWORD)
        accounts.revoke_sessions(session, person.id, but=actor.session_id)
        forget_trusted(session, person.id)


def deactivate_account(actor: Actor, client: Client, *, password: str) -> None:
    """Close one's own account (MC-014): nobody signs in with it again. Raises WrongPassword, TooMany, or LastOwner."""
    assert actor.person_id is not None
    if not check_own_password(actor.person_id, password, client):
        raise WrongPassword(field="password")
    with unit_of_work(actor, Role.AUTH) as session:
        for tenant_id in session.scalars(_OWNED, {"person": actor.person_id}).all():
            lock_owners(session, tenant_id)
            if not other_owners(session, tenant_id, actor.person_id):
                raise LastOwner
        accounts.get_person(session, actor.person_id).deactivated_at = clock.now()
        accounts.revoke_sessions(session, actor.person_id)
