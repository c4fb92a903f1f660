"""The platform's own people, their visits of the console, and every use they made of it."""

import enum
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.permissions import PlatformRole
from carehub.core.rls import Access, anyone, auth, platform, staff, worker
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, required_moment, within_tenant, words


class PlatformStaff(SQLModel, table=True):
    """A super-admin (SQ-028). Written with the administrator's address only: no way in of the web can make one."""

    __tablename__ = "platform_staff"
    __table_args__ = (
        one_of("role", PlatformRole),
        access(auth("SELECT"), Access("ch_owner", "SELECT, INSERT, UPDATE", "true"), audited=()),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: UUID = Field(foreign_key="person.id", unique=True)
    role: str = Field(sa_type=Text)
    created_at: Moment = moment()
    revoked_at: Moment | None = moment(optional=True)


class PlatformVisit(SQLModel, table=True):
    """Why a super-admin opened the console, in which sign-in, and until when."""

    __tablename__ = "platform_visit"
    __table_args__ = (
        Index("platform_visit_of_session", "session_id", "ends_at"),
        access(auth("SELECT"), platform("SELECT, INSERT, UPDATE (ends_at)")),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: UUID = Field(foreign_key="person.id")
    session_id: UUID
    reason: str = Field(sa_type=Text)
    started_at: Moment = moment()
    ends_at: Moment = required_moment()


class PlatformAccess(SQLModel, table=True):
    """One use of a super-admin's verb, written before it is answered. Append-only."""

    __tablename__ = "platform_access"
    __table_args__ = (
        Index("platform_access_recent", "at"),
        Index("platform_access_of_tenant", "of_tenant", "at"),
        access(platform("SELECT, INSERT")),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    at: Moment = moment()
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    visit_id: UUID | None = Field(default=None, foreign_key="platform_visit.id")
    verb: str = Field(sa_type=Text)
    failed: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})  # refused, or it broke
    of_tenant: UUID | None = Field(default=None, foreign_key="tenant.id")
    reason: str = Field(default="", sa_type=Text)


class Impersonation(TenantOwned, table=True):
    """A person of the platform who stands in a tenant as one of its members, in one sign-in, for a reason and a while."""

    __table_args__ = (
        Index("impersonation_of_session", "session_id", "ends_at"),
        Index("impersonation_recent", "tenant_id", "started_at"),
        within_tenant("member_id", "membership"),
        access(
            auth("SELECT"),
            staff("SELECT"),
            platform("SELECT, INSERT, UPDATE (ends_at)"),
            audited=(),
        ),
    )

    person_id: UUID = Field(foreign_key="person.id")
    session_id: UUID
    member_id: UUID
    reason: str = Field(sa_type=Text)
    started_at: Moment = moment()
    ends_at: Moment = required_moment()


class SignUpMode(enum.StrEnum):
    OPEN = "open"
    CLIENTS = "clients"  # professionals come by invitation
    INVITATION = "invitation"  # everyone does


class PlatformSettings(SQLModel, table=True):
    """The one row of what the platform says of itself, and what new organisations begin with (DI-139)."""

    __tablename__ = "platform_settings"
    __table_args__ = (
        one_of("sign_up", SignUpMode),
        access(
            *anyone(),
            auth("SELECT"),
            Access("ch_app", "SELECT", "true"),  # the foot of mails
            platform("SELECT, INSERT, UPDATE"),
            audited=(),
        ),
    )

    id: UUID = Field(primary_key=True, default=UUID(int=0))
    name: str = Field(default="CareHub", sa_type=Text)
    legal_name: str = Field(default="", sa_type=Text)
    registration_number: str = Field(default="", sa_type=Text)
    address: str = Field(default="", sa_type=Text)
    email: str = Field(default="", sa_type=Text)
    phone: str = Field(default="", sa_type=Text)
    country: str = Field(default="FR", sa_type=Text)  # of an organisation whose owner told none
    sign_up: str = Field(default=SignUpMode.OPEN, sa_type=Text)
    changed_at: Moment = moment()


class AnnouncementKind(enum.StrEnum):
    NEWS = "news"
    TERMS = "terms"
    PROMOTION = "promotion"
    INCIDENT = "incident"


class Announcement(SQLModel, table=True):
    """What the platform tells everyone signed in, or staff only, until `ends_at`. Words by language, English always."""

    __table_args__ = (
        one_of("kind", AnnouncementKind),
        Index("announcement_shown", "ends_at"),
        access(auth("SELECT"), platform("SELECT, INSERT, UPDATE (ends_at)"), audited=()),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    kind: str = Field(sa_type=Text)
    readers: str = Field(sa_type=Text)  # everyone, staff
    titles: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    bodies: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    starts_at: Moment = moment()
    ends_at: Moment = required_moment()


class BackupState(enum.StrEnum):
    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"  # written, restored into a scratch database and compared
    FAILED = "failed"


class BackupRun(SQLModel, table=True):
    """A backup of everything that was asked for from the console or made by the clock, and what became of it (CD-121)."""

    __tablename__ = "backup_run"
    __table_args__ = (
        one_of("state", BackupState),
        Index("backup_run_recent", "asked_at"),
        access(worker(), platform("SELECT, INSERT")),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    state: str = Field(default=BackupState.ASKED, sa_type=Text)
    asked_by: UUID | None = Field(default=None, foreign_key="person.id")  # empty: the clock
    asked_at: Moment = required_moment()
    done_at: Moment | None = moment(optional=True)
    file: str = words()
    size: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    tables: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    rows: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    error: str = words()
