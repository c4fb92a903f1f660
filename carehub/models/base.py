"""What every table shares: names, ids, times, access."""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TIMESTAMP, CheckConstraint, ForeignKeyConstraint, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.rls import Access

SQLModel.metadata.naming_convention = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}


class TenantOwned(SQLModel):
    """Tenant first in the key: the same schema distributes by tenant when one server is outgrown."""

    tenant_id: UUID = Field(primary_key=True, foreign_key="tenant.id")
    id: UUID = Field(primary_key=True, default_factory=new_id)


def moment(*, optional: bool = False, index: bool = False) -> Any:
    """An aware UTC time. Required ones default to now() in the database."""
    if optional:
        return Field(default=None, sa_type=TIMESTAMP(timezone=True), nullable=True, index=index)
    return Field(
        default=None,
        sa_type=TIMESTAMP(timezone=True),
        nullable=False,
        index=index,
        sa_column_kwargs={"server_default": text("now()")},
    )


def required_moment() -> Any:
    return Field(sa_type=TIMESTAMP(timezone=True), nullable=False)


def words(default: str = "") -> Any:
    return Field(default=default, sa_type=Text, nullable=False, sa_column_kwargs={"server_default": default})


def sealed(context: str, *, optional: bool = False, secret: bool = False) -> Any:
    """A value that `crypto.encrypt` made for `context`. The catalogue of such columns is what a rotation of keys walks.

    `secret`: a credential, which no export opens.
    """
    known = {"info": {"sealed": context, "secret": secret}}
    if optional:
        return Field(default=None, sa_type=LargeBinary, nullable=True, sa_column_kwargs=known)
    return Field(sa_type=LargeBinary, nullable=False, sa_column_kwargs=known)


def one_of(column: str, choices: type[enum.StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{choice.value}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def within_tenant(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A reference that cannot leave the tenant: (tenant_id, column) -> table (tenant_id, id)."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete=ondelete)


def access(
    *allowed: Access | tuple[Access, ...], clinical: bool = False, audited: tuple[str, ...] | None = None
) -> dict[str, Any]:
    """The table's `info`: who may do what; `audited` names the columns whose values the audit masks (None: not audited)."""
    flat = tuple(one for item in allowed for one in (item if isinstance(item, tuple) else (item,)))
    return {"info": {"access": flat, "clinical": clinical, "audited": audited}}


Moment = datetime
