"""Quotes, invoices, credit notes: documents, numbers, payments, history, recurring ones

Revision: billing, after pay_checkout
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "billing"
down_revision = "pay_checkout"
branch_labels = None
depends_on = None


_KEEP = """
CREATE FUNCTION billing_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['state', 'patient_id', 'person_id', 'appointment_id', 'paid_minor', 'credited_minor', 'sent_at',
                         'reminded', 'remind_on', 'accepted_at', 'accepted_by', 'accepted_from'];
BEGIN
    IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an issued document is kept' USING ERRCODE = 'restrict_violation';
    END IF;
    IF current_user NOT LIKE 'ch\\_%' OR current_user = 'ch_owner' THEN
        free := free || 'buyer'::text;  -- sealed anew when keys change
    END IF;
    IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free
       OR NEW.state <> OLD.state
          AND NOT (OLD.kind = 'quote' AND OLD.state = 'issued' AND NEW.state IN ('accepted', 'declined')) THEN
        RAISE EXCEPTION 'an issued document does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "billing_counter",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("billing_counter_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("billing_counter_pkey")),
        sa.UniqueConstraint("tenant_id", "series", "year", name=op.f("billing_counter_tenant_id_series_year_key")),
    )
    op.create_table(
        "billing_document",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), server_default="", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("buyer_name", sa.Text(), server_default="", nullable=False),
        sa.Column("buyer", sa.LargeBinary(), nullable=True),
        sa.Column("seller", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("with_tax", sa.Boolean(), nullable=False),
        sa.Column("discount", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("deposit", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("supplied_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("taxes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("deducted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("due_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("credited_minor", sa.BigInteger(), nullable=False),
        sa.Column("terms", sa.Text(), server_default="", nullable=False),
        sa.Column("mentions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sent_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("accepted_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Text(), server_default="", nullable=False),
        sa.Column("accepted_from", sa.Text(), server_default="", nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(state = 'draft') = (number IS NULL)", name=op.f("billing_document_numbered_check")),
        sa.CheckConstraint(
            "kind IN ('quote', 'deposit', 'invoice', 'credit_note')", name=op.f("billing_document_kind_check")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'issued', 'accepted', 'declined')", name=op.f("billing_document_state_check")
        ),
        sa.CheckConstraint("(number IS NULL) = (issued_on IS NULL)", name=op.f("billing_document_dated_check")),
        sa.CheckConstraint("paid_minor >= 0 AND credited_minor >= 0", name=op.f("billing_document_received_check")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("billing_document_created_by_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("billing_document_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "appointment_id"],
            ["appointment.tenant_id", "appointment.id"],
            name=op.f("billing_document_tenant_id_appointment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.id"],
            name=op.f("billing_document_tenant_id_patient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "source_id"],
            ["billing_document.tenant_id", "billing_document.id"],
            name=op.f("billing_document_tenant_id_source_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("billing_document_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("billing_document_pkey")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("billing_document_tenant_id_number_key")),
        sa.UniqueConstraint(
            "tenant_id", "series", "year", "seq", name=op.f("billing_document_tenant_id_series_year_seq_key")
        ),
    )
    op.create_index("billing_document_latest", "billing_document", ["tenant_id", "kind", "created_at"], unique=False)
    op.create_index(
        "billing_document_of_appointment",
        "billing_document",
        ["tenant_id", "appointment_id"],
        unique=True,
        postgresql_where=sa.text("appointment_id IS NOT NULL AND kind = 'invoice'"),
    )
    op.create_index("billing_document_of_patient", "billing_document", ["tenant_id", "patient_id"], unique=False)
    op.create_index("billing_document_of_person", "billing_document", ["person_id", "issued_on"], unique=False)
    op.create_index("billing_document_of_source", "billing_document", ["tenant_id", "source_id"], unique=False)
    op.create_index(
        "billing_document_reminders",
        "billing_document",
        ["remind_on"],
        unique=False,
        postgresql_where=sa.text("remind_on IS NOT NULL"),
    )
    op.create_table(
        "billing_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("billing_event_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["billing_document.tenant_id", "billing_document.id"],
            name=op.f("billing_event_tenant_id_document_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("billing_event_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("billing_event_pkey")),
    )
    op.create_index("billing_event_of_document", "billing_event", ["tenant_id", "document_id", "at"], unique=False)
    op.create_table(
        "billing_payment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "method IN ('card', 'transfer', 'cash', 'cheque', 'coins')", name=op.f("billing_payment_method_check")
        ),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("billing_payment_amount_check")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("billing_payment_recorded_by_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["billing_document.tenant_id", "billing_document.id"],
            name=op.f("billing_payment_tenant_id_document_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("billing_payment_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("billing_payment_pkey")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("billing_payment_tenant_id_key_key")),
    )
    op.create_index("billing_payment_by_day", "billing_payment", ["tenant_id", "received_on"], unique=False)
    op.create_index("billing_payment_of_document", "billing_payment", ["tenant_id", "document_id"], unique=False)
    op.create_table(
        "recurring_invoice",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("send", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("every IN ('month', 'quarter', 'year')", name=op.f("recurring_invoice_every_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["billing_document.tenant_id", "billing_document.id"],
            name=op.f("recurring_invoice_tenant_id_document_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("recurring_invoice_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("recurring_invoice_pkey")),
    )
    op.create_index(
        "recurring_invoice_due", "recurring_invoice", ["next_on"], unique=False, postgresql_where=sa.text("active")
    )
    op.secure_table(
        "billing_counter",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_platform", "SELECT (tenant_id, id)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "billing_document",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_me",
                "SELECT",
                "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid) AND state <> 'draft'",
                "",
            ),
            (
                "ch_booking",
                "SELECT, UPDATE (state, accepted_at, accepted_by, accepted_from, remind_on)",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_worker", "SELECT (tenant_id, id, remind_on)", "true", ""),
            (
                "ch_platform",
                "SELECT (tenant_id, id, kind, state, number, issued_on, due_on, currency, total_minor, due_minor, paid_minor, created_at)",
                "true",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table(
        "billing_document",
        ["buyer", "buyer_name", "seller", "subject", "note", "lines", "accepted_by", "accepted_from"],
    )
    op.secure_table(
        "billing_event",
        [
            (
                "ch_app",
                "SELECT, INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT, INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_platform", "SELECT (tenant_id, id, document_id, kind, at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "billing_payment",
        [
            (
                "ch_app",
                "SELECT, INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_platform", "SELECT (tenant_id, id, document_id, amount_minor, method, received_on)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "recurring_invoice",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_worker", "SELECT (tenant_id, id, next_on, active)", "true", ""),
            ("ch_platform", "SELECT (tenant_id, id, every, next_on, active)", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("recurring_invoice", [])
    op.execute(_KEEP)
    op.execute(
        "CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON billing_document FOR EACH ROW EXECUTE FUNCTION billing_keep()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for table in ("recurring_invoice", "billing_payment", "billing_event", "billing_document", "billing_counter"):
        op.drop_table(table)
    op.execute("DROP FUNCTION billing_keep()")
