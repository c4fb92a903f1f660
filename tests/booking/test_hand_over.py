"""A leaving practitioner's appointments: each moved to a colleague or cancelled with notice, in one step, nothing lost."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.permissions import TenantRole
from carehub.models.practice import Practitioner
from carehub.services import booking
from carehub.services.booking.hand_over import HandedOver, HandOverForm, SomeUnfit, hand_over, leaving
from carehub.services.identity.errors import HandOverFirst, LastOwner
from carehub.services.identity.team import member_view, set_member_active
from tests import factories as make


class House:
    """A leaving practitioner, a colleague who offers the same, both free in the morning."""

    def __init__(self, db: psycopg.Connection[Any], role: TenantRole = TenantRole.PRACTITIONER) -> None:
        self.db = db
        self.tenant = make.make_tenant()
        self.owner = make.make_member(self.tenant, TenantRole.OWNER)
        self.leaver, self.colleague = (make.make_practitioner(self.tenant) for _ in range(2))
        self.service = make.make_service(self.tenant, self.leaver, self.colleague)
        for one in (self.leaver, self.colleague):
            make.make_hours(one)
        self.person = make.make_person()
        make.make_member(self.tenant, role, person=self.person, practitioner=self.leaver)
        row = db.execute("select id from membership where person_id = %s", [self.person.id]).fetchone()
        assert row is not None
        self.member = UUID(str(row[0]))

    def book(self, practitioner: Practitioner, nth: int = 0) -> UUID:
        return UUID(make.book(Actor(), self.tenant, practitioner, self.service, nth=nth).appointment.id)

    def state(self, appointment_id: UUID) -> tuple[UUID, str]:
        query = "select practitioner_id, status from appointment where id = %s"
        row = self.db.execute(query, [appointment_id]).fetchone()
        assert row is not None
        return row[0], row[1]

    def told(self) -> list[str]:
        query = (
            "select kind from outbox where tenant_id = %s and kind in ('appointment.moved', 'appointment.cancelled')"
        )
        return sorted(kind for (kind,) in self.db.execute(query, [self.tenant.id]))

    def access(self) -> bool:
        return perform(member_view, self.owner, member_id=self.member).active


@pytest.fixture
def house(db: psycopg.Connection[Any]) -> House:
    return House(db)


def test_what_waits_is_listed_with_what_fits_at_the_colleague(house: House) -> None:
    fits, collides = house.book(house.leaver), house.book(house.leaver)  # the first two times
    house.book(house.colleague, nth=1)
    found = perform(leaving, house.owner, member_id=house.member, to=house.colleague.id)
    assert [(UUID(one.appointment.id), one.moves) for one in found.fates] == [(fits, True), (collides, False)]
    assert (found.total, [name for name, _ in found.colleagues]) == (2, [str(house.colleague.id)])
    assert house.state(fits) == (house.leaver.id, "booked")  # only tried


def test_all_goes_to_the_colleague_and_the_access_closes(house: House) -> None:
    wanted = [house.book(house.leaver, nth=n) for n in range(2)]
    done = perform(hand_over, house.owner, member_id=house.member, form=HandOverForm(to=house.colleague.id))
    assert done == HandedOver(2, 0)
    assert [house.state(one) for one in wanted] == [(house.colleague.id, "booked")] * 2
    assert (house.told(), house.access()) == (["appointment.moved"] * 2, False)
    assert not perform(booking.agenda_frame, house.owner).columns[1:]  # nobody books the leaver any more


def test_what_does_not_fit_is_not_lost(house: House) -> None:
    fits, collides = house.book(house.leaver), house.book(house.leaver)  # the first two times
    house.book(house.colleague, nth=1)
    with pytest.raises(SomeUnfit):
        perform(hand_over, house.owner, member_id=house.member, form=HandOverForm(to=house.colleague.id))
    assert [house.state(one) for one in (fits, collides)] == [(house.leaver.id, "booked")] * 2
    assert (house.told(), house.access()) == ([], True)
    form = HandOverForm(to=house.colleague.id, cancel_unfit=True, reason="Dr Belkacem leaves the practice")
    assert perform(hand_over, house.owner, member_id=house.member, form=form) == HandedOver(1, 1)
    assert house.state(collides) == (house.leaver.id, "cancelled")
    assert house.told() == ["appointment.cancelled", "appointment.moved"]


def test_with_nobody_to_take_over_everything_is_cancelled_with_notice(house: House) -> None:
    wanted = house.book(house.leaver)
    done = perform(hand_over, house.owner, member_id=house.member, form=HandOverForm(reason="The practice closes"))
    assert (done, house.state(wanted)[1], house.told()) == (HandedOver(0, 1), "cancelled", ["appointment.cancelled"])


def test_an_access_does_not_close_over_waiting_people(house: House) -> None:
    house.book(house.leaver)
    with pytest.raises(HandOverFirst):
        perform(set_member_active, house.owner, member_id=house.member, active=False)
    assert perform(member_view, house.owner, member_id=house.member).coming == 1


def test_a_colleague_of_another_tenant_takes_nothing(house: House) -> None:
    wanted = house.book(house.leaver)
    stranger = make.make_practitioner(make.make_tenant())
    with pytest.raises(SomeUnfit):
        perform(hand_over, house.owner, member_id=house.member, form=HandOverForm(to=stranger.id))
    assert house.state(wanted) == (house.leaver.id, "booked")


def test_the_last_owner_does_not_leave(db: psycopg.Connection[Any]) -> None:
    made = House(db, role=TenantRole.OWNER)
    alone = make.member_actor(made.tenant, made.person, TenantRole.OWNER, made.leaver)
    db.execute("delete from membership where person_id = %s", [made.owner.person_id])
    with pytest.raises(LastOwner):
        perform(hand_over, alone, member_id=made.member, form=HandOverForm())


def test_a_member_who_receives_nobody_has_nothing_to_hand_over(house: House) -> None:
    desk = make.make_member(house.tenant, TenantRole.RECEPTIONIST)
    row = house.db.execute("select id from membership where person_id = %s", [desk.person_id]).fetchone()
    assert row is not None
    with pytest.raises(NotFound):
        perform(leaving, house.owner, member_id=UUID(str(row[0])))
