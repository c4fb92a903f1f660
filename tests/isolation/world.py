"""A tenant with something in every corner, whose private texts carry a mark and whose rows can be compared before and after."""

import importlib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import text

from carehub.core import clock, outbox
from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.ids import new_id
from carehub.core.permissions import Module, TenantRole
from carehub.core.roles import Role
from carehub.models.custom import CustomField, CustomValues
from carehub.models.identity import Person
from carehub.models.notify import MessageTemplate
from carehub.models.practice import AvailabilityException, Practitioner, Service
from carehub.models.tenancy import Room, StoredFile, Tenant
from carehub.services import booking
from carehub.services.booking.tokens import manage_token
from carehub.services.booking.views import AppointmentView
from carehub.services.identity import api_tokens, sessions
from carehub.services.identity.invitations import InviteForm, StaffRole, invite
from tasks.app import handler_modules
from tests import factories as make
from tests.isolation.catalogue import PUBLIC_READS, tenant_tables

EVERYTHING = sorted(module.value for module in Module)
# public besides what ch_public reads itself: a booking form shows the questions; bookings name the tenant by its id
SHOWN_IDS = PUBLIC_READS | {"intake_question", "availability_rule"}
OF_PERSON = (
    "second_factor",
    "recovery_code",
    "trusted_device",
    "session",
    "api_token",
    "login_event",
    "professional_details",
    "account_token",
    "idempotency_key",
)


@dataclass
class World:
    """`ids` is what an attacker may have guessed of it, by the names that verbs and handlers use for it."""

    mark: str
    tenant: Tenant
    practitioner: Practitioner
    service: Service
    owner: Person
    client: Person
    ids: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def owner_actor(self) -> Actor:
        """As the guard makes it from the cookie."""
        return sessions.find_actor(sessions.open_session(self.owner.id), self.tenant.slug)

    def rows(self, db: psycopg.Connection) -> dict[str, set[str]]:
        """Every row of the tenant, its owner and its client, as text: equal before and after means untouched."""
        wheres = dict.fromkeys(sorted(tenant_tables(db)), "tenant_id = %(tenant)s")
        wheres |= dict.fromkeys(OF_PERSON, "person_id = any(%(people)s)")
        wheres |= {"tenant": "id = %(tenant)s", "person": "id = any(%(people)s)"}
        query = " union all ".join(f"select '{one}', t::text from \"{one}\" t where {of}" for one, of in wheres.items())
        found: dict[str, set[str]] = {table: set() for table in wheres}
        values = {"tenant": self.tenant.id, "people": [self.owner.id, self.client.id]}
        for table, row in db.execute(query, values):
            found[table].add(row)
        return found

    def secrets(self, db: psycopg.Connection) -> set[str]:
        """What must never come out: the mark, and the ids of every row that is not public."""
        found = {self.mark, str(self.owner.id), str(self.client.id)}
        for table in tenant_tables(db) - SHOWN_IDS - {"outbox", "audit_log"}:
            query = f'select id::text from "{table}" where tenant_id = %s'
            found |= {one for (one,) in db.execute(query, (self.tenant.id,))}
        return found


def make_world(mark: str, *, modules: list[str] = EVERYTHING) -> World:
    """A tenant, its staff, offer, appointments, answers, messages and sessions. Private texts contain `mark`."""
    tenant = make.make_tenant(
        slug=f"house-{uuid.uuid4().hex[:10]}",
        legal_name=f"{mark} SARL",
        email=f"{mark}@example.com",
        modules=EVERYTHING,
    )
    site = make.make_site(tenant)
    owner = make.make_person(f"owner-{uuid.uuid4().hex}@{mark}.example.com", given_name=mark, family_name="Owner")
    practitioner = make.make_practitioner(tenant, person_id=owner.id, site_id=site.id, confirmation="request")
    service = make.make_service(tenant, practitioner)
    make.make_hours(practitioner, starts=time(8), ends=time(19))
    client = make.make_person(f"client-{uuid.uuid4().hex}@{mark}.example.com", given_name=mark, family_name="Client")
    make.make_member(tenant, TenantRole.OWNER, person=owner, practitioner=practitioner)
    world = World(mark, tenant, practitioner, service, owner, client)
    world.ids = {
        "tenant": tenant.slug, "clinic": tenant.slug, "tenant_id": tenant.id, "practitioner_id": practitioner.id,
        "service_id": service.id, "site_id": site.id, "site": str(site.id), "practitioner": practitioner.slug,
        "practitioner_slug": practitioner.slug,
    }  # fmt: skip
    _add_bookings(world)
    _add_belongings(world)
    for handlers in handler_modules():
        importlib.import_module(handlers)
    outbox.drain()
    _add_messages(world)
    _add_platform(world)
    if modules != EVERYTHING:
        with unit_of_work(system(tenant.id), Role.APP) as session:
            session.get_one(Tenant, tenant.id).modules = modules
        tenant.modules = modules
        del world.owner_actor  # made while the modules were on
    return world


def _add_bookings(world: World) -> None:
    who = (world.tenant, world.practitioner, world.service)
    question = make.make_question(world.service, label="Pourquoi maintenant ?")
    world.ids["question_id"] = question.id
    form = booking.ClientForm(
        given_name=world.mark, family_name="Guest", email=f"guest@{world.mark}.example.com",
        phone="+33612345678", note=f"{world.mark} note", answers={str(question.id): f"{world.mark} answer"},
    )  # fmt: skip
    made: list[AppointmentView] = []
    for actor in (make.person_actor(world.client), Actor(), make.person_actor(world.client)):
        kept = make.hold(actor, *who, make.free_start(*who))
        made.append(perform(booking.book, actor, tenant=world.tenant.slug, token=kept.token, form=form).appointment)
    desk = make.member_actor(world.tenant, world.owner, TenantRole.OWNER, world.practitioner)
    later = datetime.fromisoformat(made[2].local_start) + timedelta(days=1)
    perform(booking.propose, desk, appointment_id=UUID(made[2].id), local_starts=[later.replace(hour=15)])
    seen = perform(booking.read_mine, make.person_actor(world.client), appointment_id=UUID(made[2].id))
    perform(booking.accept, desk, appointment_id=UUID(made[0].id))
    perform(booking.decline, desk, appointment_id=UUID(made[1].id), reason=f"{world.mark} reason")
    make.hold(Actor(), *who, make.free_start(*who))
    world.ids |= {
        "appointment_id": UUID(made[0].id),
        "patient_id": UUID(made[0].patient_id),
        "proposal_id": UUID(seen.proposals[0].id),
        "starts_at": make.free_start(*who),
    }


def _add_belongings(world: World) -> None:
    tenant_id, now = world.tenant.id, clock.now()
    away = datetime.combine(now.date() + timedelta(days=40), time(9))
    exception = AvailabilityException(
        tenant_id=tenant_id, practitioner_id=world.practitioner.id, kind="closed", starts=away,
        ends=away + timedelta(hours=2), reason=f"{world.mark} absence",
    )  # fmt: skip
    file = StoredFile(
        tenant_id=tenant_id, id=new_id(), key=f"{tenant_id}/{world.mark}", name=world.mark, content_type="image/webp",
        size=1, sha256="0" * 64,
    )  # fmt: skip
    room = Room(tenant_id=tenant_id, site_id=world.ids["site_id"], name=f"{world.mark} room")
    own = CustomField(tenant_id=tenant_id, target="patient", kind="text", label=f"{world.mark} field")
    held = CustomValues(
        tenant_id=tenant_id, patient_id=world.ids["patient_id"], held={str(own.id): f"{world.mark} value"}
    )
    words = MessageTemplate(
        tenant_id=tenant_id, event="appointment.moved", audience="client", channel="email", locale="fr",
        subject=f"{world.mark} words",
    )  # fmt: skip
    make.save(tenant_id, exception, file, room, own, held, words)
    token = perform(
        api_tokens.create_api_token, make.person_actor(world.owner), name=world.mark, scopes=["clinics:read"]
    )
    asked = InviteForm(
        given_name=world.mark, family_name="Asked", email=f"asked@{world.mark}.example.com", role=StaffRole.ASSISTANT
    )
    world.ids |= {
        "invitation_id": perform(invite, world.owner_actor, form=asked),
        "exception_id": exception.id, "file_id": file.id, "token_id": UUID(token.view.id),
        "room_id": room.id, "field_id": own.id, "session_id": world.owner_actor.session_id, "member_id": _member_id(world),
    }  # fmt: skip


def _add_messages(world: World) -> None:
    """One message that was planned and one entry of the owner's centre."""
    with unit_of_work(system(world.tenant.id), Role.APP) as session:
        world.ids["delivery_id"] = session.scalar(text("select id from delivery limit 1"))
        world.ids["change_id"] = session.scalar(text("select max(id) from audit_log where table_name = 'tenant'"))
        entry = text("select id from notification where person_id = :person limit 1")
        world.ids["entry_id"] = session.scalar(entry, {"person": world.owner.id})
    assert world.ids["delivery_id"]
    assert world.ids["entry_id"]


def _add_platform(world: World) -> None:
    """What a super-admin names."""
    with unit_of_work(system(), Role.WORKER) as session:
        job = session.scalar(text("select id from outbox where tenant_id = :t limit 1"), {"t": world.tenant.id})
    world.ids |= {"person_id": world.client.id, "job_id": job, "message_id": world.ids["delivery_id"]}
    world.ids["announcement_id"] = new_id()


def _member_id(world: World) -> UUID:
    with unit_of_work(system(world.tenant.id), Role.APP) as session:
        found = session.scalar(text("select id from membership where person_id = :p"), {"p": world.owner.id})
    return UUID(str(found))


def forged(world: World) -> str:
    """A guest's link to the victim's appointment, sealed by someone without our key."""
    real = manage_token(world.tenant.id, world.ids["appointment_id"])
    return real[:-8] + ("AAAAAAA=" if real.endswith("=") else "AAAAAAAA")


def soon(days: int = 3) -> datetime:
    return (datetime.now(UTC) + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)
