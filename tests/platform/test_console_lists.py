"""The console's lists: what they show of every tenant, what they never show, and what may be done to their rows."""

from uuid import UUID

import psycopg
import pytest

from carehub.core import outbox
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import PlatformRole, TenantRole
from carehub.services.identity import sessions
from carehub.services.identity.roles import set_permission
from carehub.services.listing import LISTS, ListQuery
from carehub.services.platform import explorer, people, work
from tests import factories as make
from tests.platform.console import visiting


def shown(actor: Actor, name: str, **asked: str) -> list[str]:
    query = ListQuery.parse(LISTS[name].spec, asked)
    return [" ".join(cell.text for cell in row.cells) for row in perform(LISTS[name].page, actor, query=query).rows]


def failed_job(db: psycopg.Connection, tenant_id: UUID) -> UUID:
    job = new_id()
    db.execute(
        "INSERT INTO outbox (id, tenant_id, kind, payload, attempts, error, failed_at, available_at)"
        " VALUES (%s, %s, 'nothing.heard', '{}', 12, 'TimeoutError', now(), now() + interval '1 hour')",
        (job, tenant_id),
    )
    return job


def test_a_job_that_was_given_up_is_seen_and_tried_again(db: psycopg.Connection) -> None:
    tenant, admin = make.make_tenant(name="Given up once"), visiting(db)
    job = failed_job(db, tenant.id)
    assert "Given up" in shown(admin, "platform_jobs", q="Given up once")[0]
    assert perform(work.retry_jobs, admin, job_ids=[job]) == 1
    assert job in outbox.lease()
    assert outbox.run(job) is True
    assert perform(work.retry_jobs, admin, job_ids=[job]) == 0
    assert "Done" in shown(admin, "platform_jobs", q="Given up once")[0]


def test_a_failed_message_is_tried_again_and_a_sent_one_is_not(db: psycopg.Connection) -> None:
    tenant, practitioner, service = make.make_practice(name="Sends mail")
    make.book(Actor(), tenant, practitioner, service)
    db.execute("UPDATE outbox SET available_at = now() WHERE tenant_id = %s", (tenant.id,))
    ids = [new_id(), new_id()]
    for one, status in zip(ids, ("failed", "sent"), strict=True):
        db.execute(
            "INSERT INTO delivery (tenant_id, id, event, audience, channel, status, dedupe_key, recipient_name, locale, subject,"
            " context, due_at, attempts, error, message_id) VALUES (%s, %s, 'appointment.booked', 'client', 'email', %s, %s,"
            " 'Nadia Guest', 'fr', '', '{}', now(), 8, 'refused', '')",
            (tenant.id, one, status, one.hex),
        )
    admin = visiting(db)
    assert perform(work.retry_messages, admin, message_ids=ids) == 1
    kept = db.execute("SELECT status, attempts FROM delivery WHERE id = %s", (ids[0],)).fetchone()
    assert kept == ("scheduled", 0)
    assert not [row for row in shown(admin, "platform_messages", q="Sends mail") if "Nadia" in row]


def test_a_closed_account_is_signed_out_at_once_and_opened_again(db: psycopg.Connection) -> None:
    person, admin = make.make_person(given_name="Closed", family_name="Accountant"), visiting(db)
    cookie = sessions.open_session(person.id)
    assert perform(people.set_people_active, admin, person_ids=[person.id], active=False) == 1
    assert sessions.find_actor(cookie, "").person_id is None
    assert "Closed" in shown(admin, "platform_people", q="Accountant", state="closed")[0]
    assert perform(people.set_people_active, admin, person_ids=[person.id], active=True) == 1
    assert sessions.find_actor(sessions.open_session(person.id), "").person_id == person.id


def test_nobody_closes_their_own_account_here(db: psycopg.Connection) -> None:
    admin = visiting(db)
    assert admin.person_id is not None
    with pytest.raises(people.OwnAccount):
        perform(people.set_people_active, admin, person_ids=[admin.person_id], active=False)


def test_the_list_of_people_counts_them_all_and_opens_one(db: psycopg.Connection) -> None:
    tenant = make.make_tenant(name="Where Leïla works")
    person = make.make_person("leila.details@example.com", given_name="Leïla", family_name="Details")
    make.make_member(tenant, TenantRole.OWNER, person=person)
    admin = visiting(db)
    counted = db.execute("SELECT count(*) FROM person").fetchone()
    page = perform(LISTS["platform_people"].page, admin, query=ListQuery(sort="name"))
    assert (page.total,) == counted
    one = perform(people.person_view, admin, person_id=person.id)
    assert (one.email, one.workplaces) == ("leila.details@example.com", ["Where Leïla works"])
    with pytest.raises(NotFound):
        perform(people.person_view, admin, person_id=new_id())


def test_the_audit_shows_values_of_the_administration_only(db: psycopg.Connection) -> None:
    tenant, practitioner, service = make.make_practice(name="Is audited")
    owner = make.make_member(tenant, TenantRole.OWNER)
    perform(set_permission, owner, role=TenantRole.RECEPTIONIST, permission="audit.read", allowed=True)
    make.book(Actor(), tenant, practitioner, service)
    admin = visiting(db)
    assert any("role_permission" in row for row in shown(admin, "platform_audit", q="Is audited", action="insert"))
    query = "SELECT table_name, max(id) FROM audit_log WHERE tenant_id = %s GROUP BY 1"
    ids: dict[str, int] = dict(db.execute(query, (tenant.id,)).fetchall())
    told = {one.field: one.after for one in perform(explorer.audit_entry, admin, entry=ids["role_permission"]).changes}
    assert told["permission"] == "audit.read"
    client = perform(explorer.audit_entry, admin, entry=ids["patient"]).changes
    assert "given_name" in [one.field for one in client]
    assert {one.before + one.after for one in client} == {""}
    hours = perform(explorer.audit_hours, admin)
    assert len(hours) == explorer.HOURS
    assert hours[-1] > 0


def test_the_audit_is_exported(db: psycopg.Connection) -> None:
    make.make_member(make.make_tenant(name="Is exported"), TenantRole.OWNER)
    query = ListQuery(q="Is exported", sort="-at")
    file = perform(LISTS["platform_audit"].export, visiting(db), query=query, form="csv", locale="en")
    assert b"Is exported" in file
    assert b"membership" in file


def test_support_sees_the_lists_and_acts_on_none(db: psycopg.Connection) -> None:
    support, job = visiting(db, PlatformRole.SUPPORT), failed_job(db, make.make_tenant().id)
    assert shown(support, "platform_jobs", state="given_up")
    with pytest.raises(NotAllowed):
        perform(work.retry_jobs, support, job_ids=[job])
    with pytest.raises(NotAllowed):
        perform(people.set_people_active, support, person_ids=[new_id()], active=False)
