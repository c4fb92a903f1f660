"""One's own account: profile, open sessions, login history."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.i18n import LOCALES
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.identity import LoginEvent, LoginOutcome, Person
from carehub.models.identity import Session as SignIn
from carehub.services.identity import accounts
from carehub.services.identity.errors import BirthDateNotValid
from carehub.services.identity.forms import ProfileForm
from carehub.services.identity.rules import normal_phone
from carehub.services.identity.sessions import revoke_after_commit

HISTORY = 20
TOLD = (  # of the login history: what a person recognises
    LoginOutcome.SUCCESS,
    LoginOutcome.WRONG_PASSWORD,
    LoginOutcome.WRONG_CODE,
    LoginOutcome.NOT_VERIFIED,
)


@dataclass(frozen=True)
class SessionView:
    """A signed-in browser. Times are ISO, in UTC."""

    id: str
    browser: str
    address: str
    seen_at: str
    current: bool


@dataclass(frozen=True)
class LoginView:
    """One line of the login history. `outcome` is a LoginOutcome; `at` is ISO, in UTC."""

    id: str
    outcome: str
    browser: str
    address: str
    at: str


@verb(SIGNED_IN)
def my_profile(session: Session, actor: Actor) -> ProfileForm:
    """One's own profile (MC-011)."""
    person = session.get_one(Person, actor.person_id)
    values: dict[str, Any] = {
        name: getattr(person, name) or None for name in ProfileForm.model_fields if name != "phone"
    }
    return ProfileForm.model_construct(**values, phone=accounts.phone_of(person))


@verb(SIGNED_IN)
def my_email(session: Session, actor: Actor) -> str:
    """The address that one signs in with."""
    return accounts.email_of(session.get_one(Person, actor.person_id))


@verb(SIGNED_IN)
def save_profile(session: Session, actor: Actor, *, form: ProfileForm) -> None:
    """Change one's own profile. Raises PhoneNotValid, BirthDateNotValid or UnknownZone at the field."""
    if form.birth_date and not date(1900, 1, 1) <= form.birth_date <= clock.now().date():
        raise BirthDateNotValid(field="birth_date")
    clock.zone(form.time_zone)
    phone = normal_phone(form.phone, form.country or "FR") if form.phone else ""
    values = form.model_dump() | {
        "phone": accounts.seal_phone(phone),
        "gender": form.gender or "",
        "country": form.country or "",
        "updated_at": clock.now(),
    }
    session.execute(update(Person).where(col(Person.id) == actor.person_id).values(**values))
    revoke_after_commit(session)  # the actor that every worker keeps carries name and language


@verb(SIGNED_IN)
def choose_language(session: Session, actor: Actor, *, locale: str) -> None:
    """Remember the language that one reads in: mails come in it too. An unknown one changes nothing."""
    if locale not in LOCALES:
        return
    changed = update(Person).where(col(Person.id) == actor.person_id, col(Person.locale) != locale)
    if session.execute(changed.values(locale=locale, updated_at=clock.now()).returning(col(Person.id))).first():
        revoke_after_commit(session)  # as in save_profile


@verb(SIGNED_IN)
def my_sessions(session: Session, actor: Actor) -> list[SessionView]:
    """Where one is signed in, the last seen first; at most 50."""
    query = (
        select(col(SignIn.id), col(SignIn.user_agent), col(SignIn.address), col(SignIn.seen_at))
        .where(
            col(SignIn.person_id) == actor.person_id,
            col(SignIn.revoked_at).is_(None),
            col(SignIn.expires_at) > clock.now(),
        )
        .order_by(col(SignIn.seen_at).desc())
        .limit(50)
    )
    return [
        SessionView(str(row.id), browser_of(row.user_agent), row.address, _iso(row.seen_at), row.id == actor.session_id)
        for row in session.execute(query)
    ]


@verb(SIGNED_IN)
def my_logins(session: Session, actor: Actor) -> list[LoginView]:
    """The last sign-ins to one's account, good and bad (CD-115)."""
    query = (
        select(LoginEvent)
        .where(col(LoginEvent.person_id) == actor.person_id, col(LoginEvent.outcome).in_(TOLD))
        .order_by(col(LoginEvent.at).desc())
        .limit(HISTORY)
    )
    return [
        LoginView(str(one.id), one.outcome, browser_of(one.user_agent), one.address, _iso(one.at))
        for one in session.scalars(query)
    ]


@verb(SIGNED_IN, role=Role.AUTH)
def revoke_session(session: Session, actor: Actor, *, session_id: UUID) -> None:
    """Sign out one of one's own browsers. Raises NotFound for a session of someone else, or one that has ended."""
    mine = session.scalar(
        select(col(SignIn.id)).where(
            col(SignIn.id) == session_id,
            col(SignIn.person_id) == actor.person_id,
            col(SignIn.revoked_at).is_(None),
        )
    )
    if mine is None:
        raise NotFound
    session.execute(update(SignIn).where(col(SignIn.id) == mine).values(revoked_at=clock.now()))
    revoke_after_commit(session)


@verb(SIGNED_IN, role=Role.AUTH)
def revoke_other_sessions(session: Session, actor: Actor) -> int:
    """Sign out every browser but this one. Answers how many there were."""
    assert actor.person_id is not None
    return accounts.revoke_sessions(session, actor.person_id, but=actor.session_id)


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_of(user_agent: str) -> str:
    """A name that people recognise: "Firefox, Windows". Empty when nothing is known."""
    names = [next((name for mark, name in marks if mark in user_agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in names if name)


def _iso(moment: datetime) -> str:
    return moment.isoformat()
