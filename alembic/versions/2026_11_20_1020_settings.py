"""Legal numbers, billing defaults and the blocks of the public page; rooms of a site

Revision: settings, after identity2_factors
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "settings"
down_revision = "identity2_factors"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
ALL = "SELECT, INSERT, UPDATE, DELETE"

SHOWN = (
    "id, slug, name, kind, status, words, country, currency, time_zone, locale, locales, accent, logo_file_id, modules,"
    " tagline, about, phone, website, city, address, postcode"
)
OPEN = "status = 'active' AND id <> '00000000-0000-0000-0000-000000000000'"
SELF = "id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"


def _tenant(shown: str) -> None:
    op.secure_table(
        "tenant",
        [
            ("ch_public", f"SELECT ({shown})", OPEN, ""),
            ("ch_me", f"SELECT ({shown})", OPEN, ""),
            ("ch_app", "SELECT, UPDATE", SELF, ""),
            ("ch_booking", "SELECT", SELF, ""),
            ("ch_care", "SELECT", SELF, ""),
            ("ch_auth", "SELECT, INSERT", "true", ""),
            ("ch_worker", "SELECT", "true", ""),
        ],
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for name in ("registration_number", "vat_number"):
        op.add_column("tenant", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for name, empty in (("billing", "'{}'"), ("home", "'[]'")):
        column = sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text(empty), nullable=False)
        op.add_column("tenant", column)
    _tenant(f"{SHOWN}, home")
    op.create_table(
        "room",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["site.tenant_id", "site.id"],
            name=op.f("room_tenant_id_site_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("room_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("room_pkey")),
        sa.UniqueConstraint("tenant_id", "site_id", "name", name=op.f("room_tenant_id_site_id_name_key")),
    )
    op.secure_table("room", [("ch_app", ALL, OWN, "")])
    op.audit_table("room", [])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_table("room")
    _tenant(SHOWN)
    for name in ("home", "billing", "vat_number", "registration_number"):
        op.drop_column("tenant", name)
