"""OpenID providers

Revision: identity2_oidc, after identity2_email
"""

import sqlalchemy as sa

from alembic import op

revision = "identity2_oidc"
down_revision = "identity2_email"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "external_identity",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("external_identity_person_id_fkey")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("external_identity_pkey")),
    )
    op.create_index(op.f("external_identity_person_id_idx"), "external_identity", ["person_id"], unique=False)
    op.create_table(
        "login_provider",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("login_provider_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("login_provider_pkey")),
        sa.UniqueConstraint("tenant_id", name=op.f("login_provider_tenant_id_key")),
    )
    op.create_table(
        "oidc_attempt",
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("next_path", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("oidc_attempt_person_id_fkey")),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("oidc_attempt_pkey")),
    )
    op.secure_table(
        "external_identity",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "login_provider",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_auth", "SELECT", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("login_provider", ["secret"])
    op.secure_table(
        "oidc_attempt",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
        ],
        clinical=False,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_table("oidc_attempt")
    op.drop_table("login_provider")
    op.drop_table("external_identity")
