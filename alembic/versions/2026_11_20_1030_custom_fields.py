"""A tenant's own fields on patients and appointments

Revision: custom_fields, after settings
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "custom_fields"
down_revision = "settings"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
ALL = "SELECT, INSERT, UPDATE, DELETE"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "custom_field",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("target IN ('patient', 'appointment')", name=op.f("custom_field_target_check")),
        sa.CheckConstraint(
            "kind IN ('text', 'number', 'date', 'choice', 'yes_no')", name=op.f("custom_field_kind_check")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("custom_field_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("custom_field_pkey")),
    )
    op.create_index("custom_field_of_target", "custom_field", ["tenant_id", "target", "position"])
    op.create_table(
        "custom_values",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("held", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("num_nonnulls(patient_id, appointment_id) = 1", name=op.f("custom_values_of_one_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.id"],
            name=op.f("custom_values_tenant_id_patient_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "appointment_id"],
            ["appointment.tenant_id", "appointment.id"],
            name=op.f("custom_values_tenant_id_appointment_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("custom_values_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("custom_values_pkey")),
        sa.UniqueConstraint("tenant_id", "appointment_id", name=op.f("custom_values_tenant_id_appointment_id_key")),
        sa.UniqueConstraint("tenant_id", "patient_id", name=op.f("custom_values_tenant_id_patient_id_key")),
    )
    op.secure_table("custom_field", [("ch_app", ALL, OWN, "")])
    op.secure_table("custom_values", [("ch_app", ALL, OWN, "")])
    op.audit_table("custom_field", [])
    op.audit_table("custom_values", ["held"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_table("custom_values")
    op.drop_table("custom_field")
