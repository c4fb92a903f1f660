"""The demo on a fresh database."""

import io
import json

import psycopg
from PIL import Image
from pwdlib import PasswordHash

from carehub.core.actor import VISITOR
from carehub.core.crypto import PERSONS, blind_index, decrypt
from carehub.core.db import perform
from carehub.core.settings import settings
from carehub.integrations.stripe_sink import DEMO_KEY
from carehub.integrations.stripe_sink.store import Store
from carehub.services import demo
from carehub.services.demo.data import clients, tenants
from carehub.services.demo.portraits import draw
from carehub.services.ledger import verify_all
from carehub.services.tenancy.files import public_file
from tests.demo.conftest import count


def test_it_loads_five_tenants_with_about_sixty_practitioners(seeded: psycopg.Connection) -> None:
    slugs = [row[0] for row in seeded.execute("SELECT slug FROM tenant WHERE slug <> 'carehub'")]
    assert sorted(slugs) == sorted(one.slug for one in tenants())
    assert 55 <= count(seeded, "practitioner") <= 65
    currencies = {row[0] for row in seeded.execute("SELECT currency FROM tenant WHERE slug <> 'carehub'")}
    assert currencies == {"MAD", "EUR", "TND", "CAD"}


def test_a_second_time_changes_nothing(seeded: psycopg.Connection) -> None:
    tables = ("tenant", "person", "patient", "appointment", "appointment_event", "outbox", "directory_entry")
    before = [count(seeded, table) for table in tables]
    assert not demo.seed()
    assert [count(seeded, table) for table in tables] == before


def test_every_sign_in_works(seeded: psycopg.Connection) -> None:
    hasher, known = PasswordHash.recommended(), {}
    for _label, email, password in demo.SIGN_INS:
        row = seeded.execute(
            "SELECT password_hash, email, email_verified_at, deactivated_at FROM person WHERE email_index = %s",
            [blind_index(PERSONS, "person.email", email)],
        ).fetchone()
        assert row is not None, email
        stored, token, verified_at, deactivated_at = row
        assert decrypt(PERSONS, "person.email", token) == email
        assert verified_at is not None
        assert deactivated_at is None
        if stored not in known:
            known[stored] = hasher.verify(password, stored)
        assert known[stored], email


def test_every_tenant_has_its_own_rows_only(seeded: psycopg.Connection) -> None:
    crossed = """
        SELECT count(*) FROM appointment a
        WHERE NOT EXISTS (SELECT FROM practitioner p WHERE p.tenant_id = a.tenant_id AND p.id = a.practitioner_id)
           OR NOT EXISTS (SELECT FROM patient p WHERE p.tenant_id = a.tenant_id AND p.id = a.patient_id)
           OR NOT EXISTS (SELECT FROM service_practitioner o WHERE o.tenant_id = a.tenant_id
                          AND o.practitioner_id = a.practitioner_id AND o.service_id = a.service_id)
           OR a.currency <> (SELECT currency FROM tenant WHERE id = a.tenant_id)"""
    assert seeded.execute(crossed).fetchone() == (0,)
    assert count(seeded, "membership", "role = 'owner'") == len(tenants())
    expected = sum(len(one.tenants) for one in clients())
    assert count(seeded, "patient", "person_id IS NOT NULL") == expected


def test_a_client_tells_of_themselves_and_another_goes_by_a_pseudonym(seeded: psycopg.Connection) -> None:
    assert count(seeded, "person_card", "bio <> '' AND portrait IS NOT NULL AND interests <> '{}'") >= 1
    hidden = seeded.execute("SELECT given_name, family_name FROM patient WHERE legal_name IS NOT NULL").fetchall()
    assert hidden == [("Jasmin", "")]


def test_figures_of_the_past_are_there_at_the_first_start(seeded: psycopg.Connection) -> None:
    found = seeded.execute("SELECT measure, sum(value) FROM daily_figure GROUP BY 1").fetchall()
    counted = dict(found)
    assert all(counted[one] > 0 for one in ("bookings", "consultations", "accounts", "revenue", "invoiced"))


def test_the_platform_wrote_one_message_anew_in_three_languages(seeded: psycopg.Connection) -> None:
    found = seeded.execute("SELECT locale, event FROM message_default ORDER BY locale").fetchall()
    assert found == [(locale, "appointment.declined") for locale in ("ar", "en", "fr")]


def test_statuses_agree_with_the_time(seeded: psycopg.Connection) -> None:
    assert count(seeded, "appointment", "status IN ('booked', 'pending', 'proposed') AND ends_at < now()") == 0
    assert count(seeded, "appointment", "status IN ('fulfilled', 'noshow') AND starts_at > now()") == 0
    statuses = {row[0] for row in seeded.execute("SELECT DISTINCT status FROM appointment")}
    assert statuses >= {"booked", "pending", "proposed", "fulfilled", "noshow", "cancelled", "declined"}
    assert count(seeded, "appointment", "status IN ('cancelled', 'declined') AND reason = ''") == 0
    assert count(seeded, "appointment_proposal", "starts_at < now()") == 0


def test_history_tells_how_each_appointment_came_to_its_status(seeded: psycopg.Connection) -> None:
    last = """
        SELECT DISTINCT a.status, (SELECT kind FROM appointment_event e WHERE e.appointment_id = a.id ORDER BY at DESC LIMIT 1)
        FROM appointment a"""
    allowed = {
        "booked": {"booked", "accepted"},
        "pending": {"requested"},
        **{same: {same} for same in ("proposed", "arrived", "fulfilled", "noshow", "cancelled", "declined")},
    }
    for status, kind in seeded.execute(last):
        assert kind in allowed[status], (status, kind)
    assert count(seeded, "appointment_event", "at > now()") == 0


def test_free_hours_remain_this_week_in_every_tenant(seeded: psycopg.Connection) -> None:
    free = """
        SELECT e.tenant_slug FROM directory_entry e JOIN day_slots d ON d.practitioner_id = e.id
        WHERE d.day < current_date + 14 GROUP BY 1 HAVING sum(d.free) > 10"""
    assert {row[0] for row in seeded.execute(free)} == {one.slug for one in tenants()}
    assert count(seeded, "directory_entry") == count(seeded, "practitioner")


def test_there_are_psychologists_in_paris_to_book_at_once_and_on_request(seeded: psycopg.Connection) -> None:
    found = """
        SELECT DISTINCT p.confirmation FROM directory_entry e JOIN practitioner p ON p.id = e.id
        WHERE e.city = 'Paris' AND e.next_free IS NOT NULL"""
    assert {row[0] for row in seeded.execute(found)} == {"instant", "request"}
    assert count(seeded, "directory_entry", "city = 'Paris' AND 'psychologist' = ANY(specialities)") >= 5


def test_no_address_or_phone_stands_in_the_clear(seeded: psycopg.Connection) -> None:
    public = "WHERE table_name <> 'tenant'"  # an organisation's own address is no secret
    for table, where in (("patient", ""), ("person", ""), ("audit_log", public), ("outbox", ""), ("appointment", "")):
        for (row,) in seeded.execute(f"SELECT to_jsonb(x) FROM {table} x {where}"):
            assert "@example.com" not in json.dumps(row), table


def test_most_practitioners_have_a_drawn_portrait_that_anyone_may_see(seeded: psycopg.Connection) -> None:
    rows = seeded.execute(
        "SELECT f.tenant_id, f.id FROM practitioner p"
        " JOIN stored_file f ON f.tenant_id = p.tenant_id AND f.id = p.photo_file_id"
    ).fetchall()
    assert 40 <= len(rows) < count(seeded, "practitioner")
    shown = perform(public_file, VISITOR, tenant_id=rows[0][0], file_id=rows[0][1])
    with Image.open(io.BytesIO(shown.content)) as portrait:
        assert (portrait.format, portrait.size) == ("WEBP", (320, 320))
    assert count(seeded, "directory_entry", "photo_file_id IS NOT NULL") >= 40


def test_portraits_differ_and_are_the_same_on_every_machine() -> None:
    assert draw("one") == draw("one") != draw("two")


def test_answers_stand_encrypted_where_the_service_asks(seeded: psycopg.Connection) -> None:
    row = seeded.execute(
        "SELECT a.tenant_id, a.answer, q.choices FROM intake_answer a"
        " JOIN intake_question q ON q.tenant_id = a.tenant_id AND q.id = a.question_id"
        " WHERE q.kind = 'choice' LIMIT 1"
    ).fetchone()
    assert row is not None
    assert decrypt(row[0], "intake.answer", row[1]) in row[2]
    lacking = (
        "EXISTS (SELECT FROM intake_question q WHERE q.tenant_id = appointment.tenant_id AND q.required"
        " AND q.service_id = appointment.service_id AND NOT EXISTS (SELECT FROM intake_answer a"
        " WHERE a.tenant_id = q.tenant_id AND a.question_id = q.id AND a.appointment_id = appointment.id))"
    )
    assert count(seeded, "appointment", lacking) == 0
    assert count(seeded, "intake_answer", "question_id IS NULL") > 0


def test_what_the_demos_people_paid_is_known_to_its_stripe(seeded: psycopg.Connection) -> None:
    """So that a purchase of the demo can be given back."""
    store = Store(settings.data_dir / "stripe")
    rows = seeded.execute(
        "SELECT id::text, intent_ref, captured, lower(currency) FROM payment WHERE captured > 0"
    ).fetchall()
    assert len(rows) > 3
    for payment, ref, captured, currency in rows:
        intent = store.get(DEMO_KEY, "payment_intent", ref)
        assert (intent["amount_received"], intent["currency"]) == (captured, currency)
        assert intent["metadata"]["payment_id"] == payment


def test_some_appointments_were_paid_online_and_every_books_are_right(seeded: psycopg.Connection) -> None:
    states = dict(seeded.execute("SELECT state, count(*) FROM checkout GROUP BY 1").fetchall())
    assert states.get("captured", 0) > 0
    assert states.get("held", 0) > 0
    held = """
        SELECT count(*) FROM checkout c JOIN appointment a ON a.tenant_id = c.tenant_id AND a.id = c.appointment_id
        WHERE (c.state = 'held') <> (a.status = 'booked')"""
    assert seeded.execute(held).fetchone() == (0,)
    assert {slug: drifts for slug, drifts in verify_all("").items() if drifts} == {}
    cards = seeded.execute(
        "SELECT m.ref, c.ref FROM payment_method m JOIN payment_customer c ON c.id = m.customer_id"
    ).fetchall()
    store = Store(settings.data_dir / "stripe")
    assert cards
    assert all(store.get(DEMO_KEY, "payment_method", card)["customer"] == customer for card, customer in cards)


def test_reported_pages_wait_and_one_is_answered(seeded: psycopg.Connection) -> None:
    rows = seeded.execute(
        "SELECT state, count(*) FROM content_report WHERE person_id IS NOT NULL GROUP BY 1"
    ).fetchall()
    assert dict(rows) == {"open": 2, "no_fault": 1}
