"""Persons, their sessions, tokens and login history. None belongs to a tenant: one account serves them all."""

import enum
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.rls import PERSON, TENANT, Access, auth, mine, platform, worker
from carehub.models.base import Moment, access, moment, one_of, required_moment, sealed
from carehub.models.base import words as plain

_STAFF_NAMES = "id = ANY(ARRAY(SELECT person_id FROM membership WHERE tenant_id = " + TENANT + "))"  # noqa: S608
_PATIENTS = "SELECT person_id FROM patient WHERE person_id IS NOT NULL AND tenant_id = " + TENANT  # noqa: S608
_RECEIVED = f"person_id = ANY(ARRAY({_PATIENTS}))"
_OWN_UPDATES = "given_name, family_name, birth_date, gender, address, postcode, city, country, phone, locale, time_zone, updated_at"


class RegistrationKind(enum.StrEnum):
    """A French professional's register (MC-009), or none elsewhere."""

    RPPS = "rpps"
    ADELI = "adeli"
    SIRET = "siret"
    NONE = "none"


class Person(SQLModel, table=True):
    """One account. E-mail and phone are encrypted with the platform's key; the blind index finds the e-mail (CD-130)."""

    __table_args__ = (
        access(
            auth("SELECT, INSERT, UPDATE"),
            mine(f"SELECT, UPDATE ({_OWN_UPDATES})", "id"),
            Access("ch_app", "SELECT (id, given_name, family_name, locale, deactivated_at)", _STAFF_NAMES),
            Access(
                "ch_booking", "SELECT (id, given_name, family_name, email, phone, locale, time_zone)", f"id = {PERSON}"
            ),
            worker("SELECT (id, given_name, family_name, email, locale, time_zone, deactivated_at)"),
            platform(
                "SELECT (id, given_name, family_name, email, email_index, email_verified_at, city, country, locale,"
                " is_professional, deactivated_at, created_at), UPDATE (deactivated_at, updated_at)"
            ),
            audited=("password_hash", "email", "phone", "email_index", "birth_date", "address"),
        ),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    given_name: str = Field(sa_type=Text)
    family_name: str = Field(sa_type=Text)
    email: bytes = sealed("person.email")
    email_index: bytes = Field(sa_type=LargeBinary, unique=True)
    email_verified_at: Moment | None = moment(optional=True)
    password_hash: str = Field(default="", sa_type=Text)
    phone: bytes | None = sealed("person.phone", optional=True)
    birth_date: date | None = None
    gender: str = Field(default="", sa_type=Text)  # FHIR administrative-gender, or empty: not said
    address: str = Field(default="", sa_type=Text)
    postcode: str = Field(default="", sa_type=Text)
    city: str = Field(default="", sa_type=Text)
    country: str = Field(default="", sa_type=Text)
    locale: str = Field(default="fr", sa_type=Text)
    time_zone: str = Field(default="Europe/Paris", sa_type=Text)
    is_professional: bool = False
    deactivated_at: Moment | None = moment(optional=True)
    created_at: Moment = moment()
    updated_at: Moment = moment()


class PersonCard(SQLModel, table=True):
    """What a person tells of themselves, for the organisations that receive them (DI-012), and the name they go by (MC-011)."""

    __tablename__ = "person_card"
    __table_args__ = (
        access(
            auth(),
            mine("SELECT, INSERT, UPDATE, DELETE"),
            Access("ch_app", "SELECT", _RECEIVED),
            Access("ch_booking", "SELECT (person_id, alias)", f"person_id = {PERSON}"),
            platform("SELECT (person_id, updated_at)"),
        ),
    )

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    portrait: bytes | None = sealed("person_card.portrait", optional=True)  # WebP, 256 px square
    bio: str = plain()
    interests: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    alias: str = plain()  # a pseudonym, where an organisation allows one; empty: one's own name
    updated_at: Moment = moment()


class ProfessionalDetails(SQLModel, table=True):
    """What a professional declared at sign-up (MC-008..MC-010, DI-005), until a workspace's practitioner is made of it."""

    __tablename__ = "professional_details"
    __table_args__ = (
        one_of("registration_kind", RegistrationKind),
        access(auth(), mine()),
    )

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    registration_kind: str = Field(default=RegistrationKind.NONE, sa_type=Text)
    registration_number: str = Field(default="", sa_type=Text)
    specialities: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    certifications: str = Field(default="", sa_type=Text)
    practising_since: int | None = None  # year
    languages: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))  # ISO 639-1
    biography: str = Field(default="", sa_type=Text)
    created_at: Moment = moment()


class Session(SQLModel, table=True):
    """A signed-in browser. Only the hash of its cookie is kept."""

    __table_args__ = (
        access(
            auth(),
            mine("SELECT (id, person_id, created_at, seen_at, expires_at, address, user_agent, revoked_at)"),
            platform("SELECT (id, person_id, created_at, seen_at, expires_at, revoked_at), UPDATE (revoked_at)"),
        ),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    created_at: Moment = moment()
    seen_at: Moment = moment()
    expires_at: Moment = required_moment()
    revoked_at: Moment | None = moment(optional=True)
    proved_at: Moment | None = moment(optional=True)  # when the person last showed who they are
    address: str = Field(default="", sa_type=Text)
    user_agent: str = Field(default="", sa_type=Text)
    site: str = plain()  # the tenant at whose own address it was opened: it counts there alone; empty: CareHub's


class LoginOutcome(enum.StrEnum):
    SUCCESS = "success"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105
    UNKNOWN_ACCOUNT = "unknown_account"
    NOT_VERIFIED = "not_verified"
    DEACTIVATED = "deactivated"
    THROTTLED = "throttled"
    SIGN_UP = "sign_up"
    RECOVERY = "recovery"  # a link was asked for
    CODE_AWAITED = "code_awaited"  # the password was right, the second factor is asked for
    WRONG_CODE = "wrong_code"


class LoginEvent(SQLModel, table=True):
    """Login history (CD-115), and what throttling counts."""

    __tablename__ = "login_event"
    __table_args__ = (
        one_of("outcome", LoginOutcome),
        Index("login_event_account", "email_index", "at"),
        Index("login_event_address", "address", "at"),
        Index("login_event_person", "person_id", "at"),
        access(
            auth("SELECT, INSERT, UPDATE (outcome, person_id, email_index, address, user_agent)"),
            mine(),
            platform("SELECT (id, person_id, outcome, at)"),
            Access("ch_worker", "SELECT (outcome, at), DELETE", "outcome = 'throttled'"),
        ),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    email_index: bytes = Field(sa_type=LargeBinary)
    outcome: str = Field(sa_type=Text)
    address: str = Field(default="", sa_type=Text)
    user_agent: str = Field(default="", sa_type=Text)
    at: Moment = moment()


class TokenPurpose(enum.StrEnum):
    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    CHANGE_EMAIL = "change_email"  # to the new address
    KEEP_EMAIL = "keep_email"  # to the old one
    SECOND_STEP = "second_step"  # between the password and the code: in a cookie, not in a mail


class AccountToken(SQLModel, table=True):
    """A link sent by e-mail: used once, for one purpose, for a while."""

    __tablename__ = "account_token"
    __table_args__ = (one_of("purpose", TokenPurpose), access(auth(), platform("SELECT (person_id, purpose, used_at)")))

    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    purpose: str = Field(sa_type=Text)
    next_path: str = Field(default="", sa_type=Text)  # where to go on afterwards
    expires_at: Moment = required_moment()
    used_at: Moment | None = moment(optional=True)
    created_at: Moment = moment()


class ApiToken(SQLModel, table=True):
    """A person's key to the REST API: scoped, shown once, kept as a hash."""

    __tablename__ = "api_token"
    __table_args__ = (
        access(
            auth(),
            mine("SELECT (id, person_id, name, prefix, scopes, created_at, used_at, expires_at, revoked_at)"),
            platform("SELECT (id, person_id, prefix, scopes, created_at, used_at, expires_at, revoked_at)"),
        ),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    name: str = Field(sa_type=Text)
    prefix: str = Field(sa_type=Text)  # its first letters, to tell tokens apart
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    scopes: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    created_at: Moment = moment()
    used_at: Moment | None = moment(optional=True)
    expires_at: Moment | None = moment(optional=True)
    revoked_at: Moment | None = moment(optional=True)


class IdempotencyKey(SQLModel, table=True):
    """A POST of the REST API that was answered: the same key gets the same answer for a day."""

    __tablename__ = "idempotency_key"
    __table_args__ = (access(auth(), platform("SELECT (person_id, status, created_at)")),)

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    key: str = Field(primary_key=True, sa_type=Text)
    request_hash: bytes = Field(sa_type=LargeBinary)
    status: int | None = None  # None: still being answered
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    created_at: Moment = moment(index=True)
