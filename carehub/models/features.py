"""Feature flags as the platform set them."""

from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.rls import auth, platform, staff
from carehub.models.base import Moment, TenantOwned, access, moment


class FeatureFlag(SQLModel, table=True):
    """The platform's change to a flag's usual state."""

    __tablename__ = "feature_flag"
    __table_args__ = (access(auth("SELECT"), platform("SELECT, INSERT, UPDATE"), audited=()),)

    id: UUID = Field(primary_key=True, default_factory=new_id)
    name: str = Field(unique=True, sa_type=Text)  # core.features.Feature
    enabled: bool
    changed_at: Moment = moment()


class TenantFlag(TenantOwned, table=True):
    """A flag that is otherwise in one tenant."""

    __tablename__ = "tenant_flag"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        access(auth("SELECT"), staff("SELECT"), platform("SELECT, INSERT, UPDATE, DELETE"), audited=()),
    )

    name: str = Field(sa_type=Text)
    enabled: bool
    changed_at: Moment = moment()
