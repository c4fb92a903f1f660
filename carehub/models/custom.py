"""Fields that a tenant adds to its patients and appointments, and what stands in them."""

import enum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from carehub.core.rls import platform, staff
from carehub.models.base import TenantOwned, access, one_of, within_tenant


class FieldTarget(enum.StrEnum):
    PATIENT = "patient"
    APPOINTMENT = "appointment"


class FieldKind(enum.StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    FILE = "file"  # the value is the id of a stored file


class CustomField(TenantOwned, table=True):
    """A field of the tenant's own. Values are kept by its id, so that it may be renamed at any time."""

    __tablename__ = "custom_field"
    __table_args__ = (
        one_of("target", FieldTarget),
        one_of("kind", FieldKind),
        Index("custom_field_of_target", "tenant_id", "target", "position"),
        access(staff(), audited=()),
    )

    target: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    label: str = Field(sa_type=Text)
    help: str = Field(default="", sa_type=Text)
    choices: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB)  # [{id, label}]: values hold the id
    required: bool = False
    position: int = 0
    active: bool = True


class CustomValues(TenantOwned, table=True):
    """What stands in the own fields of one patient or one appointment: field id -> value. Staff only."""

    __tablename__ = "custom_values"
    __table_args__ = (
        UniqueConstraint("tenant_id", "patient_id"),
        UniqueConstraint("tenant_id", "appointment_id"),
        CheckConstraint("num_nonnulls(patient_id, appointment_id) = 1", name="of_one"),
        within_tenant("patient_id", "patient", ondelete="CASCADE"),
        within_tenant("appointment_id", "appointment", ondelete="CASCADE"),
        access(staff(), platform("SELECT (tenant_id, id)"), audited=("held",)),
    )

    patient_id: UUID | None = None
    appointment_id: UUID | None = None
    held: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
