"""A tenant's own address, and sessions that count only where they were opened

Revision: people_hosts, after setup_keys
"""

import sqlalchemy as sa

from alembic import op

revision = "people_hosts"
down_revision = "billing"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
SELF = "id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
SHOWN = "status = 'active' AND id <> '00000000-0000-0000-0000-000000000000'"
COLUMNS = (
    "id, slug, name, kind, status, words, country, currency, time_zone, locale, locales, accent, logo_file_id, modules,"
    " tagline, about, phone, website, city, address, postcode, home"
)


def _secure_tenant(columns: str) -> None:
    public = f"SELECT ({columns})"
    op.secure_table(
        "tenant",
        [
            ("ch_public", public, SHOWN, ""),
            ("ch_me", public, SHOWN, ""),
            ("ch_app", "SELECT, UPDATE", SELF, ""),
            ("ch_booking", "SELECT", SELF, ""),
            ("ch_care", "SELECT", SELF, ""),
            ("ch_auth", "SELECT, INSERT", "true", ""),
            ("ch_worker", "SELECT", "true", ""),
            ("ch_platform", "SELECT, UPDATE (status)", "true", ""),
        ],
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "tenant_domain",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("checked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("proven_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("missing_since", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'proven', 'lost')", name=op.f("tenant_domain_state_check")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("tenant_domain_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("tenant_domain_pkey")),
        sa.UniqueConstraint("tenant_id", name=op.f("tenant_domain_tenant_id_key")),
    )
    platform = "SELECT (tenant_id, id, host, state, trouble, created_at, checked_at, proven_at, missing_since)"
    op.secure_table(
        "tenant_domain",
        [
            ("ch_app", "SELECT, INSERT, UPDATE, DELETE", OWN, ""),
            ("ch_worker", "SELECT", "true", ""),
            ("ch_platform", platform, "true", ""),
        ],
    )
    op.add_column("tenant", sa.Column("host", sa.Text(), nullable=True))
    op.create_unique_constraint(op.f("tenant_host_key"), "tenant", ["host"])
    _secure_tenant(f"{COLUMNS}, host")
    op.add_column("session", sa.Column("site", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_column("session", "site")
    _secure_tenant(COLUMNS)
    op.drop_column("tenant", "host")
    op.drop_table("tenant_domain")
