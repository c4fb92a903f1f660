from datetime import timedelta

from sqlalchemy import text

from carehub.core import clock, outbox
from carehub.core.actor import VISITOR, system
from carehub.core.db import perform, unit_of_work
from carehub.core.roles import Role
from carehub.models.tenancy import Tenant
from carehub.services.directory import handlers, profile, roll_over
from carehub.services.directory.suggest import suggest
from tests.directory.conftest import MONDAY, Publish, find, names


def test_a_published_practitioner_is_found_with_their_free_hours(publish: Publish) -> None:
    one = publish()
    hit = find(tenant=one.tenant).hits[0]
    assert (hit.name, hit.city, hit.price_minor, hit.currency) == ("Inès Belkacem", "Lyon", 6200, "EUR")
    assert [start.time for start in hit.days[0].starts] == ["10:30", "11:15"]  # two hours' notice from 8:00
    assert [start.time for start in hit.days[1].starts] == ["09:00", "09:45", "10:30"]
    assert len(hit.ribbon) == 14
    assert sum(bar.free > 0 for bar in hit.ribbon) == 10


def test_one_who_hides_leaves_every_list(publish: Publish) -> None:
    one = publish(given="Zohra", family="Quitterie")
    assert names(text="Quitterie")
    one.change(visibility="hidden")
    assert not names(text="Quitterie")
    assert not [s for s in perform(suggest, VISITOR, typed="Quitterie", locale="fr") if s.kind == "practitioner"]
    with unit_of_work(VISITOR, Role.PUBLIC) as session:
        assert not session.scalar(text("SELECT count(*) FROM day_slots WHERE practitioner_id = :id"), {"id": one.id})


def test_a_tenant_without_booking_publishes_nobody(publish: Publish) -> None:
    one = publish()
    with unit_of_work(system(one.tenant_id), Role.APP) as session:
        session.get_one(Tenant, one.tenant_id).modules = ["crm"]
        outbox.emit(session, "tenant.changed")
    assert handlers.tenant_changed in outbox.HANDLERS["tenant.changed"]
    outbox.drain()
    assert not names(tenant=one.tenant)


def test_a_closed_week_moves_the_next_free_start(publish: Publish) -> None:
    one = publish()
    with unit_of_work(system(one.tenant_id), Role.APP) as session:
        session.execute(
            text(
                "INSERT INTO availability_exception (tenant_id, id, practitioner_id, kind, starts, ends, reason)"
                " VALUES (:t, gen_random_uuid(), :p, 'closed', '2026-11-23', '2026-11-28', '')"
            ),
            {"t": one.tenant_id, "p": one.id},
        )
        outbox.emit(session, "availability.changed", practitioner_id=str(one.id))
    outbox.drain()
    assert find(tenant=one.tenant).hits[0].next_at.startswith("2026-11-30")
    assert not names(tenant=one.tenant, when="today")


def test_time_alone_moves_the_next_free_start(publish: Publish) -> None:
    one = publish(weekdays=(0, 3))
    assert names(tenant=one.tenant, when="today")
    with clock.travel(MONDAY + timedelta(hours=6)):
        assert perform(roll_over, system()) >= 1
        assert not names(tenant=one.tenant, when="today")
        assert names(tenant=one.tenant, when="week")
        assert perform(profile, VISITOR, tenant=one.tenant, slug=one.slug).hit.next_at.startswith("2026-11-26")


def test_a_new_city_enters_the_vocabulary_and_an_empty_one_leaves(publish: Publish) -> None:
    one = publish(city="Xantopolis")
    assert [s.label for s in perform(suggest, VISITOR, typed="xanto", locale="fr", field="where")] == ["Xantopolis"]
    one.change(visibility="hidden")
    assert not perform(suggest, VISITOR, typed="xanto", locale="fr", field="where")
