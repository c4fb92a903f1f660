"""A secretary keeps the agendas of those who named them, and no other."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound, Taken
from carehub.core.permissions import TenantRole
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Tenant
from carehub.services import booking
from carehub.services.booking.agenda import board, detail
from carehub.services.booking.errors import NotYourAgenda
from carehub.services.identity import sessions
from carehub.services.identity.activity import member_activity
from carehub.services.identity.delegation import (
    DelegationForm,
    EndsBeforeItBegins,
    delegate,
    delegation_choices,
    end_delegation,
    list_delegations,
)
from carehub.services.identity.errors import BeyondOneself, OwnAgenda
from carehub.services.identity.roles import RoleForm, allow, save_role
from carehub.services.identity.team import change_role
from tests import factories as make


class House:
    """A practice with two practitioners and a secretary whose role is "own or delegated" only."""

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self.db = db
        self.tenant: Tenant = make.make_tenant()
        self.owner = make.make_member(self.tenant, TenantRole.OWNER)
        self.ines, self.paul = (make.make_practitioner(self.tenant) for _ in range(2))
        self.service = make.make_service(self.tenant, self.ines, self.paul)
        for one in (self.ines, self.paul):
            make.make_hours(one)
        self.secretary = make.make_person(given_name="Odile", family_name="Garnier")
        make.make_member(self.tenant, TenantRole.ASSISTANT, person=self.secretary)
        role = perform(save_role, self.owner, role_id=None, form=RoleForm(name="Secretary"))
        for permission in ("members.read", "agenda.own", "patients.read"):
            perform(allow, self.owner, role_id=role, permission=permission, allowed=True)
        perform(change_role, self.owner, member_id=self.member(), role=TenantRole.ASSISTANT, custom_role_id=role)

    def member(self, person_id: UUID | None = None) -> UUID:
        query = "select id from membership where tenant_id = %s and person_id = %s"
        row = self.db.execute(query, [self.tenant.id, person_id or self.secretary.id]).fetchone()
        assert row is not None
        return UUID(str(row[0]))

    def actor(self) -> Actor:
        return sessions.find_actor(sessions.open_session(self.secretary.id), self.tenant.slug)

    def delegate(self, practitioner: Practitioner, **days: Any) -> UUID:
        form = DelegationForm(member_id=self.member(), practitioner_id=practitioner.id, **days)
        return perform(delegate, self.owner, form=form)

    def book(self, practitioner: Practitioner) -> UUID:
        return UUID(make.book(Actor(), self.tenant, practitioner, self.service).appointment.id)


@pytest.fixture
def house(db: psycopg.Connection[Any]) -> House:
    return House(db)


def test_a_secretary_keeps_the_agenda_of_whom_they_act_for_and_no_other(house: House) -> None:
    hers, his = house.book(house.ines), house.book(house.paul)
    house.delegate(house.ines)
    actor = house.actor()
    seen = perform(booking.agenda, actor, first=clock.now().date(), days=10)
    assert [column.id for column in seen.columns] == [str(house.ines.id)]
    assert [one.id for one in seen.appointments] == [str(hers)]
    assert [one.id for one in perform(board, actor, days=10)] == [str(hers)]
    assert perform(booking.cancel, actor, appointment_id=hers).status == "cancelled"
    with pytest.raises(NotYourAgenda):
        perform(booking.cancel, actor, appointment_id=his)
    with pytest.raises(NotFound):
        perform(detail, actor, appointment_id=his)


def test_open_hours_are_narrowed_alike(house: House) -> None:
    house.delegate(house.ines)
    first = clock.now().date()
    perform(booking.read_availability, house.actor(), practitioner_id=house.ines.id, first=first)
    with pytest.raises(NotYourAgenda):
        perform(booking.read_availability, house.actor(), practitioner_id=house.paul.id, first=first)


def test_without_a_delegation_nothing_is_seen(house: House) -> None:
    house.book(house.ines)
    seen = perform(booking.agenda, house.actor(), first=clock.now().date(), days=10)
    assert (seen.columns, seen.appointments) == ([], [])
    assert perform(booking.count_waiting, house.actor()) == 0


def test_history_and_audit_name_both(house: House) -> None:
    hers = house.book(house.ines)
    house.delegate(house.ines)
    perform(booking.cancel, house.actor(), appointment_id=hers, reason="Away")
    line = perform(detail, house.owner, appointment_id=hers).history[0]
    assert (line.name, line.acting_for) == ("Odile Garnier", f"Inès {house.ines.family_name}")
    done = perform(member_activity, house.owner, member_id=house.member())
    assert [(one.what, one.acting_for) for one in done] == [("Appointment", f"Inès {house.ines.family_name}")]
    query = "select changes -> 'acting_for_id' ->> 1 from audit_log where table_name = 'appointment' and row_id = %s"
    assert house.db.execute(f"{query} order by id desc limit 1", [str(hers)]).fetchone() == (str(house.ines.id),)


def test_it_holds_from_its_first_day_to_its_last(house: House) -> None:
    today = clock.today(house.tenant.time_zone)
    later = house.delegate(house.ines, valid_from=today + timedelta(days=3), valid_until=today + timedelta(days=5))
    assert house.actor().acts_for == frozenset()
    assert [one.state for one in perform(list_delegations, house.owner)] == ["coming"]
    for days, held in ((3, True), (5, True), (6, False)):
        with clock.travel(clock.now() + timedelta(days=days)):
            assert (house.ines.id in house.actor().acts_for) is held
    perform(end_delegation, house.owner, delegation_id=later)
    assert perform(list_delegations, house.owner) == []


def test_ended_it_is_over_at_once_in_an_open_session(house: House) -> None:
    kept = house.delegate(house.ines)
    token = sessions.open_session(house.secretary.id)
    assert sessions.find_actor(token, house.tenant.slug).acts_for == {house.ines.id}
    assert sessions.recall_actor(token, house.tenant.slug) is not None
    perform(end_delegation, house.owner, delegation_id=kept)
    assert sessions.recall_actor(token, house.tenant.slug) is None


def test_what_makes_no_sense_is_refused(house: House) -> None:
    today = clock.now().date()
    with pytest.raises(EndsBeforeItBegins):
        house.delegate(house.ines, valid_from=today, valid_until=today - timedelta(days=1))
    house.delegate(house.ines)
    with pytest.raises(Taken):
        house.delegate(house.ines)
    own = make.make_practitioner(house.tenant)
    doctor = make.make_person()
    make.make_member(house.tenant, TenantRole.PRACTITIONER, person=doctor, practitioner=own)
    form = DelegationForm(member_id=house.member(doctor.id), practitioner_id=own.id)
    with pytest.raises(OwnAgenda):
        perform(delegate, house.owner, form=form)
    stranger = make.make_practitioner(make.make_tenant())
    with pytest.raises(NotFound):
        house.delegate(stranger)


def test_nobody_hands_out_an_agenda_that_they_may_not_keep(house: House) -> None:
    keeper = replace(house.actor(), permissions=frozenset({"workspace.enter", "members.read", "members.manage"}))
    form = DelegationForm(member_id=house.member(), practitioner_id=house.ines.id)
    with pytest.raises(BeyondOneself):
        perform(delegate, keeper, form=form)
    assert perform(delegation_choices, keeper).practitioners == []
