"""What people keep of the lists they work with."""

from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from carehub.core.rls import ALL, OWN_TENANT, PERSON, Access, platform, worker
from carehub.models.base import Moment, TenantOwned, access, moment


class SavedView(TenantOwned, table=True):
    """What one person looks for in one list: search, filters, order and columns under a name. Nobody else sees it."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id", "list", "name"),
        access(
            Access("ch_app", ALL, f"{OWN_TENANT} AND person_id = {PERSON}"),
            platform("SELECT (tenant_id, id, list)"),
            worker("SELECT, DELETE"),
        ),
    )

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    list: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    query: str = Field(sa_type=Text)  # the address's own part: q=…&sort=…
    created_at: Moment = moment()
