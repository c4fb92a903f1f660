"""Signing in with a password, and where that leads."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.errors import CareHubError
from carehub.core.roles import Role
from carehub.models.identity import LoginEvent, LoginOutcome, Person, TokenPurpose
from carehub.services.identity import accounts, codes, second_factor, tokens
from carehub.services.identity.attempts import Client, begin_attempt, settle
from carehub.services.identity.errors import CodeNeeded, NotVerified, WrongCode, WrongCredentials
from carehub.services.identity.passwords import password_fits
from carehub.services.identity.registration import ask_to_verify
from carehub.services.identity.rules import local_path
from carehub.services.identity.sessions import open_session

_HOME = text("""
    SELECT t.slug FROM membership m JOIN tenant t ON t.id = m.tenant_id
    WHERE m.person_id = :person AND m.active AND t.status = 'active' ORDER BY t.name LIMIT 1""")
_STAFF = text("SELECT 1 FROM platform_staff WHERE person_id = :person AND revoked_at IS NULL")


class Deactivated(CareHubError):
    """Only told to someone who knew the password."""

    key = "This account was deactivated. Write to us to open it again"
    status = 403


@dataclass(frozen=True)
class SignedIn:
    """`token` is the session cookie's value."""

    person_id: UUID
    token: str


def sign_in(email: str, password: str, client: Client, *, next_path: str = "", device: str = "") -> SignedIn:
    """Check a password and open a session (DI-007). Each attempt is in the login history (CD-115).

    As slow for an unknown account as for a known one. Raises WrongCredentials, TooMany after 5 wrong passwords for an account
    or 30 from an address within 15 minutes, and to someone who knew the password NotVerified (a link is mailed), Deactivated, or
    CodeNeeded where a second step is on and `device` is not the cookie of one that is trusted.
    """
    index = accounts.email_index(email)
    attempt = begin_attempt(index, client)
    with unit_of_work(system(), Role.AUTH) as session:
        person = accounts.find_by_email(session, email)
    fits = password_fits(password, person.password_hash if person else "")
    outcome, challenge = _outcome(person, fits), ""
    with unit_of_work(system(), Role.AUTH) as session:
        if person is not None and outcome == LoginOutcome.SUCCESS:
            challenge = challenge_of(session, person.id, device)
            outcome = LoginOutcome.CODE_AWAITED if challenge else outcome
        if person is not None and outcome == LoginOutcome.SUCCESS:
            _warn_of_new_browser(session, person, client)
        settle(session, attempt, outcome, person.id if person else None)
        if person is not None and outcome == LoginOutcome.NOT_VERIFIED:
            ask_to_verify(session, person, next_path=local_path(next_path))
    if challenge:
        raise CodeNeeded(challenge)
    if outcome == LoginOutcome.NOT_VERIFIED:
        raise NotVerified
    if outcome == LoginOutcome.DEACTIVATED:
        raise Deactivated
    if person is None or outcome != LoginOutcome.SUCCESS:
        raise WrongCredentials
    return enter(person.id, client)


def challenge_of(session: Session, person_id: UUID, device: str) -> str:
    """What names a sign-in that waits for its code; empty when none is asked. The session is in ch_auth."""
    if not codes.is_on(session, person_id) or second_factor.is_trusted(session, person_id, device):
        return ""
    return tokens.issue_token(session, person_id, TokenPurpose.SECOND_STEP)


@dataclass(frozen=True)
class Admitted:
    """`device` is the cookie's value of a browser that is not asked for a code any more; empty when it is."""

    entered: SignedIn
    device: str


def finish_sign_in(challenge: str, code: str, client: Client, *, trust: bool = False) -> Admitted:
    """The second step: a code of the authenticator or one on paper, each once. Counted and throttled as passwords are.

    Raises LinkNotValid after ten minutes or once it was finished, WrongCode at the field `code`, TooMany.
    """
    with unit_of_work(system(), Role.AUTH) as session:
        person = accounts.get_person(session, tokens.look_at(session, challenge, TokenPurpose.SECOND_STEP).person_id)
    attempt = begin_attempt(person.email_index, client)
    with unit_of_work(system(), Role.AUTH) as session:
        waiting = tokens.look_at(session, challenge, TokenPurpose.SECOND_STEP)
        fits = person.deactivated_at is None and codes.take(session, person.id, code)
        if fits:
            waiting.used_at = clock.now()
            _warn_of_new_browser(session, person, client)
        settle(session, attempt, LoginOutcome.SUCCESS if fits else LoginOutcome.WRONG_CODE, person.id)
        device = second_factor.trust_device(session, person.id, client.user_agent) if fits and trust else ""
    if not fits:
        raise WrongCode(field="code")
    return Admitted(enter(person.id, client), device)


def enter(person_id: UUID, client: Client) -> SignedIn:
    """Open a session for someone who has just proved who they are."""
    return SignedIn(person_id, open_session(person_id, address=client.address, user_agent=client.user_agent))


def _outcome(person: Person | None, fits: bool) -> LoginOutcome:
    if person is None:
        return LoginOutcome.UNKNOWN_ACCOUNT
    if not fits:
        return LoginOutcome.WRONG_PASSWORD
    if person.deactivated_at is not None:
        return LoginOutcome.DEACTIVATED
    return LoginOutcome.SUCCESS if person.email_verified_at else LoginOutcome.NOT_VERIFIED


def _warn_of_new_browser(session: Session, person: Person, client: Client) -> None:
    """A mail when an account that is in use is entered from a browser it never saw."""
    entered = (col(LoginEvent.person_id) == person.id, col(LoginEvent.outcome) == LoginOutcome.SUCCESS)
    before = session.scalar(select(exists().where(*entered)))
    same = session.scalar(select(exists().where(*entered, col(LoginEvent.user_agent) == client.user_agent[:300])))
    if before and not same:
        accounts.tell(session, "account.signed_in_elsewhere", person.id)


def check_own_password(person_id: UUID, password: str, client: Client) -> bool:
    """Whether this is the signed-in person's password; counted and throttled like a sign-in. Raises TooMany."""
    with unit_of_work(system(), Role.AUTH) as session:
        person = accounts.get_person(session, person_id)
    attempt = begin_attempt(person.email_index, client)
    fits = password_fits(password, person.password_hash)
    with unit_of_work(system(), Role.AUTH) as session:
        settle(session, attempt, LoginOutcome.SUCCESS if fits else LoginOutcome.WRONG_PASSWORD, person_id)
    return fits


def home_of(person_id: UUID) -> str:
    """Where a person begins: the console of a super-admin, their workspace, a professional's wizard, or their own pages."""
    with unit_of_work(system(), Role.AUTH) as session:
        slug = session.scalar(_HOME, {"person": person_id})
        person = accounts.get_person(session, person_id)
        staff = session.scalar(_STAFF, {"person": person_id})
    if staff:
        return "/platform"
    if slug:
        return f"/w/{slug}"
    return "/welcome" if person.is_professional else "/me"
