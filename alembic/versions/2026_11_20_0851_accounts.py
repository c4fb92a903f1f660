"""Accounts: what a professional declares, the platform's own tenant, sign-ups in the history

Revision: identity, after first_tables
"""

import sqlalchemy as sa

from alembic import op

revision = "identity"
down_revision = "first_tables"
branch_labels = None
depends_on = None

OUTCOMES = "'success', 'wrong_password', 'unknown_account', 'not_verified', 'deactivated', 'throttled'"

# CareHub itself: account mails are its deliveries, so that they have one path with every other message.
PLATFORM = """
INSERT INTO tenant (id, slug, name, legal_name, kind, status, tagline, about, words, country, currency, time_zone, locale, locales,
  accent, address, postcode, city, phone, email, website, modules, booking_rules)
VALUES ('00000000-0000-0000-0000-000000000000', 'carehub', 'CareHub', '', 'practice', 'active', '', '', '{}', 'FR', 'EUR', 'Europe/Paris',
  'fr', '{fr,en,ar}', '#0f6b5c', '', '', '', '', '', '', '{}', '{}')
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "professional_details",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("registration_kind", sa.Text(), nullable=False),
        sa.Column("registration_number", sa.Text(), nullable=False),
        sa.Column("specialities", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("certifications", sa.Text(), nullable=False),
        sa.Column("practising_since", sa.Integer(), nullable=True),
        sa.Column("languages", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("biography", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "registration_kind IN ('rpps', 'adeli', 'siret', 'none')",
            name=op.f("professional_details_registration_kind_check"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("professional_details_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("professional_details_pkey")),
    )
    op.secure_table(
        "tenant",
        [
            (
                "ch_public",
                "SELECT (id, slug, name, kind, status, words, country, currency, time_zone, locale, locales, accent, logo_file_id, modules, tagline, about, phone, website, city, address, postcode)",
                "status = 'active' AND id <> '00000000-0000-0000-0000-000000000000'",
                "",
            ),
            (
                "ch_me",
                "SELECT (id, slug, name, kind, status, words, country, currency, time_zone, locale, locales, accent, logo_file_id, modules, tagline, about, phone, website, city, address, postcode)",
                "status = 'active' AND id <> '00000000-0000-0000-0000-000000000000'",
                "",
            ),
            ("ch_app", "SELECT, UPDATE", "id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_booking", "SELECT", "id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_care", "SELECT", "id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_auth", "SELECT, INSERT", "true", ""),
            ("ch_worker", "SELECT", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "login_event",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE (outcome, person_id)", "true", ""),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "patient",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
            ("ch_auth", "SELECT (tenant_id, id, person_id, email_index)", "person_id IS NULL", ""),
            (
                "ch_booking",
                "SELECT (tenant_id, id, person_id, given_name, family_name, email_index, email, locale), INSERT, UPDATE (person_id, phone, phone_index)",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "professional_details",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE", "true", ""),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
        ],
        clinical=False,
    )
    op.drop_constraint(op.f("login_event_outcome_check"), "login_event", type_="check")
    op.create_check_constraint(
        op.f("login_event_outcome_check"), "login_event", f"outcome IN ({OUTCOMES}, 'sign_up', 'recovery')"
    )
    op.execute("ALTER TABLE tenant NO FORCE ROW LEVEL SECURITY")
    op.execute(PLATFORM)
    op.execute("ALTER TABLE tenant FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    raise NotImplementedError("policies of several tables changed: restore a backup")
