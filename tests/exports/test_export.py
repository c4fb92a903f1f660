"""An owner takes all data out: what it holds, what it never holds, who may, and until when."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from carehub.core import clock, outbox
from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.permissions import GRANTS, TenantRole
from carehub.core.roles import Role
from carehub.integrations.storage import storage
from carehub.models.access import LoginProvider
from carehub.models.catalogue import tenant_tables
from carehub.models.tenancy import Tenant
from carehub.services import exports
from carehub.services.exports import handlers  # noqa: F401 -- registers what the worker runs
from carehub.services.exports.asking import ExportRunning
from carehub.services.identity import sessions
from carehub.services.identity.errors import ProofNeeded
from tests.factories import book, make_member, make_person, make_practice, member_actor, person_actor, save


@pytest.fixture
def place(database: str, broker: str) -> tuple[Tenant, Actor]:
    tenant, practitioner, service = make_practice()
    neighbour, other, theirs = make_practice()
    person = make_person(given_name="Yasmine")
    make_member(tenant, TenantRole.OWNER, person=person)
    token = sessions.open_session(person.id)
    session_id = sessions.find_actor(token, tenant.slug).session_id
    book(person_actor(make_person(given_name="Amel")), tenant, practitioner, service)
    book(person_actor(make_person(given_name="Foreign")), neighbour, other, theirs)
    save(
        tenant.id,
        LoginProvider(tenant_id=tenant.id, name="Ours", issuer="https://id.example", client_id="x", secret=b"sealed"),
    )
    owner = replace(member_actor(tenant, person, TenantRole.OWNER), session_id=session_id)
    return tenant, owner


def make(owner: Actor) -> UUID:
    asked = perform(exports.ask_export, owner)
    outbox.drain()
    return UUID(asked.id)


def test_the_file_holds_all_of_the_tenant_in_clear_and_nothing_of_another(place: tuple[Tenant, Actor]) -> None:
    tenant, owner = place
    found = perform(exports.open_export, owner, export_id=make(owner))
    told = json.loads(found.content)
    tables = told["tables"]
    assert told["organisation"] == tenant.slug
    assert [one["given_name"] for one in tables["patient"]] == ["Amel"]
    assert tables["patient"][0]["email"].endswith("@example.com")
    assert [one["given_name"] for one in tables["staff"]] == ["Yasmine"]
    assert len(tables["appointment"]) == 1
    assert b"Foreign" not in found.content
    assert {one["tenant_id"] for rows in tables.values() for one in rows if "tenant_id" in one} == {str(tenant.id)}


def test_no_credential_no_index_and_no_hash_is_inside(place: tuple[Tenant, Actor]) -> None:
    _, owner = place
    found = perform(exports.open_export, owner, export_id=make(owner))
    tables = json.loads(found.content)["tables"]
    assert "secret" not in tables["login_provider"][0]
    assert "email_index" not in tables["patient"][0]
    assert b"token_hash" not in found.content
    assert b"password_hash" not in found.content


def test_it_is_kept_sealed_and_goes_when_its_day_is_over(place: tuple[Tenant, Actor]) -> None:
    tenant, owner = place
    export_id = make(owner)
    kept = storage().get(f"exports/{tenant.id}/{export_id}")
    assert b"Amel" not in kept
    with clock.travel(clock.now() + timedelta(hours=25)):
        with unit_of_work(system(), Role.AUTH) as session:
            session.execute(text("UPDATE session SET proved_at = :now"), {"now": clock.now()})
        with pytest.raises(NotFound):
            perform(exports.open_export, owner, export_id=export_id)
        outbox.drain()
    with pytest.raises(FileNotFoundError):
        storage().get(f"exports/{tenant.id}/{export_id}")
    assert perform(exports.list_exports, owner)[0].status == "lapsed"


def test_both_asking_and_fetching_need_a_fresh_proof(place: tuple[Tenant, Actor]) -> None:
    _, owner = place
    export_id = make(owner)
    with clock.travel(clock.now() + timedelta(minutes=11)):
        with pytest.raises(ProofNeeded):
            perform(exports.ask_export, owner)
        for one in (exports.check_export, exports.open_export):
            with pytest.raises(ProofNeeded):
                perform(one, owner, export_id=export_id)


def test_a_second_one_is_not_begun_beside_the_first(place: tuple[Tenant, Actor]) -> None:
    _, owner = place
    perform(exports.ask_export, owner)
    with pytest.raises(ExportRunning):
        perform(exports.ask_export, owner)


def test_what_clients_answered_to_a_practitioner_is_not_the_owners_to_carry_away(place: tuple[Tenant, Actor]) -> None:
    _, owner = place
    assert owner.may("intake.read")
    tables = json.loads(perform(exports.open_export, owner, export_id=make(owner)).content)["tables"]
    clinical = {one.name for one in tenant_tables() if one.info.get("clinical")}
    assert "intake_answer" in clinical
    assert not clinical & set(tables)


def test_it_is_the_owners_alone(place: tuple[Tenant, Actor]) -> None:
    tenant, _ = place
    assert [role for role in TenantRole if exports.EXPORT in GRANTS[role]] == [TenantRole.OWNER]
    with pytest.raises(NotAllowed):
        perform(exports.ask_export, make_member(tenant, TenantRole.ADMIN))
