"""How people come in and for whom they act: invitations, roles of a tenant's own, delegations, second factors, trusted devices,
OpenID providers."""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from carehub.core.permissions import TenantRole
from carehub.core.rls import auth, platform, staff
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, required_moment, sealed, within_tenant


class Invitation(TenantOwned, table=True):
    """Someone is asked by e-mail to join the staff, or a patient to open an account. The row holds no secret: the link is
    sealed from its id and `round`, so that a new round ends every link of the one before."""

    __table_args__ = (
        one_of("role", TenantRole),
        within_tenant("practitioner_id", "practitioner"),
        within_tenant("custom_role_id", "custom_role"),
        within_tenant("patient_id", "patient", ondelete="CASCADE"),
        Index("invitation_recent", "tenant_id", "created_at"),
        Index(
            "invitation_open",
            "tenant_id",
            "email_index",
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
        access(
            staff(),
            platform("SELECT (tenant_id, id, role, created_at, expires_at, accepted_at, withdrawn_at)"),
            audited=("email", "email_index"),
        ),
    )

    email: bytes = sealed("invitation.email")
    email_index: bytes = Field(sa_type=LargeBinary)
    given_name: str = Field(sa_type=Text)
    family_name: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)  # `client` for a patient
    custom_role_id: UUID | None = None  # one of the tenant's own
    practitioner_id: UUID | None = None  # whose agenda becomes theirs
    patient_id: UUID | None = None
    round: int = 1
    invited_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: Moment = moment()
    expires_at: Moment = required_moment()
    accepted_at: Moment | None = moment(optional=True)
    accepted_by: UUID | None = Field(default=None, foreign_key="person.id")
    withdrawn_at: Moment | None = moment(optional=True)


class CustomRole(TenantOwned, table=True):
    """A role of the tenant's own (CD-113): exactly these permissions. Whoever holds it has `assistant` as their rank."""

    __tablename__ = "custom_role"
    __table_args__ = (UniqueConstraint("tenant_id", "name"), access(staff(), auth("SELECT"), audited=()))

    name: str = Field(sa_type=Text)
    permissions: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    created_at: Moment = moment()


class Delegation(TenantOwned, table=True):
    """A member acts for a practitioner, from a day to another (both included, in the tenant's zone) or until it is ended."""

    __table_args__ = (
        UniqueConstraint("tenant_id", "member_id", "practitioner_id"),
        CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="order"),
        within_tenant("member_id", "membership", ondelete="CASCADE"),
        within_tenant("practitioner_id", "practitioner", ondelete="CASCADE"),
        access(staff(), auth("SELECT"), audited=()),
    )

    member_id: UUID
    practitioner_id: UUID
    valid_from: date
    valid_until: date | None = None
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: Moment = moment()


class SecondFactor(SQLModel, table=True):
    """A person's authenticator. `last_step` is the last half-minute whose code was taken: no code serves twice."""

    __tablename__ = "second_factor"
    __table_args__ = (access(auth(), platform("SELECT (person_id, created_at, confirmed_at)")),)

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    secret: bytes = sealed("second_factor.secret", secret=True)
    last_step: int = 0
    created_at: Moment = moment()
    confirmed_at: Moment | None = moment(optional=True)  # None: being set up


class RecoveryCode(SQLModel, table=True):
    """A code on paper, for the day the authenticator is lost: kept as a keyed hash, used once."""

    __tablename__ = "recovery_code"
    __table_args__ = (access(auth(), platform("SELECT (person_id, created_at, used_at)")),)

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    code_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    created_at: Moment = moment()
    used_at: Moment | None = moment(optional=True)


class TrustedDevice(SQLModel, table=True):
    """A browser that is not asked for a code for a while. Only the hash of its cookie is kept."""

    __tablename__ = "trusted_device"
    __table_args__ = (access(auth(), platform("SELECT (person_id, created_at, expires_at)")),)

    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    user_agent: str = Field(default="", sa_type=Text)
    created_at: Moment = moment()
    expires_at: Moment = required_moment()


class EmailChange(SQLModel, table=True):
    """The address that a person wants instead, until its mailbox confirms it."""

    __tablename__ = "email_change"
    __table_args__ = (access(auth(), platform("SELECT (person_id, created_at)")),)

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    email: bytes = sealed("person.email")  # as the account's
    email_index: bytes = Field(sa_type=LargeBinary)
    created_at: Moment = moment()


class LoginProvider(TenantOwned, table=True):
    """A tenant's own OpenID provider. The secret is encrypted with the tenant's key and never sent to a browser."""

    __tablename__ = "login_provider"
    __table_args__ = (
        UniqueConstraint("tenant_id"),  # one a tenant
        access(
            staff(), auth("SELECT"), platform("SELECT (tenant_id, id, name, issuer, created_at)"), audited=("secret",)
        ),
    )

    name: str = Field(sa_type=Text)
    issuer: str = Field(sa_type=Text)
    client_id: str = Field(sa_type=Text)
    secret: bytes = sealed("login_provider.secret", secret=True)
    created_at: Moment = moment()


class OidcAttempt(SQLModel, table=True):
    """A sign-in that is at a provider. Its state is a hash and is used once; nonce and verifier are encrypted."""

    __tablename__ = "oidc_attempt"
    __table_args__ = (access(auth(), platform("SELECT (provider, expires_at)")),)

    state_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    provider: str = Field(sa_type=Text)
    sealed: bytes = sealed("oidc_attempt.sealed", secret=True)  # nonce and PKCE verifier
    next_path: str = Field(default="", sa_type=Text)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")  # who connects the provider to their account
    expires_at: Moment = required_moment()


class ExternalIdentity(SQLModel, table=True):
    """A person as an OpenID provider knows them."""

    __tablename__ = "external_identity"
    __table_args__ = (access(auth(), platform("SELECT (issuer, person_id, created_at)")),)

    issuer: str = Field(primary_key=True, sa_type=Text)
    subject: str = Field(primary_key=True, sa_type=Text)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    created_at: Moment = moment()
