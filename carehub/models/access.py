"""How people come in: invitations."""

from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, text
from sqlmodel import Field

from carehub.core.permissions import TenantRole
from carehub.core.rls import staff
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, required_moment, within_tenant


class Invitation(TenantOwned, table=True):
    """Someone is asked by e-mail to join the staff, or a patient to open an account. The row holds no secret: the link is
    sealed from its id and `round`, so that a new round ends every link of the one before."""

    __table_args__ = (
        one_of("role", TenantRole),
        within_tenant("practitioner_id", "practitioner"),
        within_tenant("patient_id", "patient", ondelete="CASCADE"),
        Index("invitation_recent", "tenant_id", "created_at"),
        Index(
            "invitation_open",
            "tenant_id",
            "email_index",
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
        access(staff("SELECT, INSERT, UPDATE"), audited=("email", "email_index")),
    )

    email: bytes = Field(sa_type=LargeBinary)  # encrypted with the tenant's key
    email_index: bytes = Field(sa_type=LargeBinary)
    given_name: str = Field(sa_type=Text)
    family_name: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)  # `client` for a patient
    practitioner_id: UUID | None = None  # whose agenda becomes theirs
    patient_id: UUID | None = None
    round: int = 1
    invited_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: Moment = moment()
    expires_at: Moment = required_moment()
    accepted_at: Moment | None = moment(optional=True)
    accepted_by: UUID | None = Field(default=None, foreign_key="person.id")
    withdrawn_at: Moment | None = moment(optional=True)
