from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.crypto import PERSONS, blind_index, encrypt
from carehub.core.db import perform, tenant_scope, unit_of_work
from carehub.core.errors import TooMany
from carehub.core.roles import Role
from carehub.models.booking import Patient
from carehub.models.identity import TokenPurpose
from carehub.services.identity import registration
from carehub.services.identity.account import my_email, my_profile
from carehub.services.identity.errors import LinkNotValid, NumberNotValid, TermsNotAccepted, WrongPassword
from carehub.services.identity.registration import PasswordNeeded
from tests.identity.people import (
    PASSWORD,
    account,
    client,
    client_form,
    fresh_email,
    link,
    person_id,
    professional_form,
    signed_in,
    tenant,
)


def events(db: psycopg.Connection[Any], email: str) -> list[str]:
    rows = db.execute("select kind from outbox where payload ->> 'person_id' = %s order by id", [str(person_id(email))])
    return [row[0] for row in rows]


def test_signing_up_asks_for_one_mail_of_the_platform(db: psycopg.Connection[Any]) -> None:
    email = fresh_email()
    registration.register(client_form(email), client(), next_path="/t/acme?hold=1")
    query = "select tenant_id, payload from outbox where payload ->> 'person_id' = %s"
    row = db.execute(query, [str(person_id(email))]).fetchone()
    assert row is not None
    assert (row[0], row[1]["next_path"]) == (PERSONS, "/t/acme?hold=1")


def test_the_address_is_stored_encrypted(db: psycopg.Connection[Any]) -> None:
    email = account()
    stored = db.execute("select email from person where id = %s", [person_id(email)]).fetchone()
    assert stored is not None
    assert email.encode() not in bytes(stored[0])
    assert perform(my_email, signed_in(email)) == email


def test_the_browser_that_signed_up_confirms_by_the_link_alone() -> None:
    email = fresh_email()
    proof = registration.register(client_form(email), client())
    verified = registration.verify(link(email, next_path="/t/acme?hold=1"), client(), proof=proof)
    assert (verified.person_id, verified.next_path) == (person_id(email), "/t/acme?hold=1")


def test_another_browser_confirms_with_the_password() -> None:
    email = fresh_email()
    registration.register(client_form(email), client())
    token = link(email)
    with pytest.raises(PasswordNeeded):
        registration.verify(token, client())
    with pytest.raises(WrongPassword):
        registration.verify(token, client(), password="another password")
    assert registration.verify(token, client(), password=PASSWORD).person_id == person_id(email)


def test_who_signed_up_with_someone_elses_address_gains_nothing_by_their_click() -> None:
    email = fresh_email()
    owner_proof = registration.register(client_form(email), client())
    registration.register(client_form(email, password="the attacker's own words"), client())
    with pytest.raises(PasswordNeeded):
        registration.verify(link(email), client(), proof=owner_proof)


def test_what_a_client_told_at_sign_up_stands_in_the_profile() -> None:
    told = {
        "birth_date": "1990-05-17",
        "gender": "female",
        "address": "8 rue des Lilas",
        "postcode": "75011",
        "city": "Paris",
    }
    email = fresh_email()
    account(form=client_form(email, **told))
    read = perform(my_profile, signed_in(email))
    assert {name: str(getattr(read, name)) for name in told} == told


def test_passwords_are_kept_hashed_and_salted(db: psycopg.Connection[Any]) -> None:
    people = [str(person_id(account())) for _ in range(2)]
    rows = db.execute("select password_hash from person where id = any(%s)", [people]).fetchall()
    assert all(row[0].startswith("$argon2id$") for row in rows)
    assert len(set(rows)) == 2


def test_a_link_is_used_once() -> None:
    email = fresh_email()
    proof = registration.register(client_form(email), client())
    token = link(email)
    registration.verify(token, client(), proof=proof)
    with pytest.raises(LinkNotValid):
        registration.verify(token, client(), proof=proof)


def test_a_link_lapses_after_48_hours() -> None:
    email = fresh_email()
    proof = registration.register(client_form(email), client())
    token = link(email)
    with clock.travel(clock.now() + timedelta(hours=48, seconds=1)), pytest.raises(LinkNotValid):
        registration.verify(token, client(), proof=proof)


def test_a_link_of_one_purpose_does_not_serve_another() -> None:
    email = fresh_email()
    proof = registration.register(client_form(email), client())
    with pytest.raises(LinkNotValid):
        registration.verify(link(email, TokenPurpose.RESET_PASSWORD), client(), proof=proof)


def test_a_known_address_changes_nothing_and_its_owner_is_told(db: psycopg.Connection[Any]) -> None:
    email = account()
    registration.register(client_form(email.upper(), given_name="Mallory"), client())
    assert events(db, email)[-1] == "account.already_registered"
    assert signed_in(email).name == "Sofia Haddad"


def test_terms_are_accepted_first() -> None:
    with pytest.raises(TermsNotAccepted) as refusal:
        registration.register(client_form(fresh_email(), terms=False), client())
    assert refusal.value.field == "terms"


def test_a_wrong_professional_number_is_told_at_its_field() -> None:
    with pytest.raises(NumberNotValid) as refusal:
        registration.register(professional_form(fresh_email(), registration_number="10003456789"), client())
    assert refusal.value.field == "registration_number"


def test_sign_ups_for_one_address_are_limited_by_the_hour() -> None:
    email = fresh_email()
    for _ in range(5):
        registration.register(client_form(email), client())
    with pytest.raises(TooMany):
        registration.register(client_form(email), client())


def test_guest_bookings_become_the_persons_once_the_address_is_theirs(db: psycopg.Connection[Any]) -> None:
    here = tenant(account(form=professional_form(fresh_email())))
    email = fresh_email()
    tenant_id = UUID(here.id)
    with unit_of_work(system(), Role.WORKER) as session, tenant_scope(session, Role.APP, tenant_id):
        guest = Patient(
            tenant_id=tenant_id,
            given_name="Sofia",
            family_name="Haddad",
            email=encrypt(tenant_id, "patient.email", email),
            email_index=blind_index(tenant_id, "patient.email", email),
        )
        session.add(guest)
    account(email)
    owner = db.execute("select person_id from patient where id = %s", [guest.id]).fetchone()
    assert owner == (person_id(email),)
