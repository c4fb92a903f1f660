"""The console: flags, impersonation, platform settings, what failed

Revision: ops_console, after reach
"""

import sqlalchemy as sa

from alembic import op

revision = "ops_console"
down_revision = "reach"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_column("tenant_export", "clinical")
    op.create_table(
        "feature_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("feature_flag_pkey")),
        sa.UniqueConstraint("name", name=op.f("feature_flag_name_key")),
    )
    op.create_table(
        "platform_settings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("registration_number", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("sign_up", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "sign_up IN ('open', 'clients', 'invitation')", name=op.f("platform_settings_sign_up_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("platform_settings_pkey")),
    )
    op.create_table(
        "tenant_flag",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("tenant_flag_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("tenant_flag_pkey")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("tenant_flag_tenant_id_name_key")),
    )
    op.create_table(
        "impersonation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("impersonation_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("impersonation_tenant_id_member_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("impersonation_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("impersonation_pkey")),
    )
    op.create_index("impersonation_of_session", "impersonation", ["session_id", "ends_at"], unique=False)
    op.create_index("impersonation_recent", "impersonation", ["tenant_id", "started_at"], unique=False)
    op.add_column("platform_access", sa.Column("failed", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.secure_table(
        "feature_flag",
        [
            ("ch_auth", "SELECT", "true", ""),
            ("ch_platform", "SELECT, INSERT, UPDATE", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("feature_flag", [])
    op.secure_table(
        "platform_settings",
        [
            ("ch_public", "SELECT", "true", ""),
            ("ch_me", "SELECT", "true", ""),
            ("ch_auth", "SELECT", "true", ""),
            ("ch_app", "SELECT", "true", ""),
            ("ch_platform", "SELECT, INSERT, UPDATE", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("platform_settings", [])
    op.secure_table(
        "tenant_flag",
        [
            ("ch_auth", "SELECT", "true", ""),
            ("ch_app", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_platform", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("tenant_flag", [])
    op.secure_table(
        "impersonation",
        [
            ("ch_auth", "SELECT", "true", ""),
            ("ch_app", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_platform", "SELECT, INSERT, UPDATE (ends_at)", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("impersonation", [])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("tenant_export", sa.Column("clinical", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.drop_audit("impersonation", [])
    op.secure_table(
        "impersonation",
        [],
        clinical=False,
    )
    op.drop_audit("tenant_flag", [])
    op.secure_table(
        "tenant_flag",
        [],
        clinical=False,
    )
    op.drop_audit("platform_settings", [])
    op.secure_table(
        "platform_settings",
        [],
        clinical=False,
    )
    op.drop_audit("feature_flag", [])
    op.secure_table(
        "feature_flag",
        [],
        clinical=False,
    )
    op.drop_column("platform_access", "failed")
    op.drop_index("impersonation_recent", table_name="impersonation")
    op.drop_index("impersonation_of_session", table_name="impersonation")
    op.drop_table("impersonation")
    op.drop_table("tenant_flag")
    op.drop_table("platform_settings")
    op.drop_table("feature_flag")
