"""Reminders follow their appointment."""

from datetime import timedelta

from carehub.core import clock, outbox
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.models.notify import NotificationRule
from carehub.services.notify import deliver, reminders
from tests.notify import house as houses
from tests.notify.conftest import Post
from tests.notify.house import House

REMINDER = "appointment.reminder"


def waiting(at: House) -> list[timedelta]:
    """How long before the start each waiting mail is due."""
    found = houses.deliveries(at, event=REMINDER, status="scheduled", channel="email")
    return [clock.datetime.fromisoformat(d.context["starts_at"]) - d.due_at for d in found]


def booked(at: House, **more: object) -> "houses.UUID":
    made = houses.appointment(at, houses.patient(at), **more)  # type: ignore[arg-type]
    houses.happen(at, "booked", made)
    return made


def test_two_are_due_a_day_and_two_hours_before(practice: House) -> None:
    booked(practice)
    assert waiting(practice) == [timedelta(hours=24), timedelta(hours=2)]


def test_late_booking_gets_only_those_still_ahead(practice: House) -> None:
    booked(practice, starts_at=clock.now() + timedelta(hours=5))
    assert waiting(practice) == [timedelta(hours=2)]


def test_move_withdraws_and_makes_them_again(practice: House) -> None:
    made = booked(practice)
    later = clock.now() + timedelta(days=9)
    houses.change(practice, made, starts_at=later, ends_at=later + timedelta(minutes=50))
    houses.happen(practice, "moved", made, by="staff")
    assert waiting(practice) == [timedelta(hours=24), timedelta(hours=2)]
    assert len(houses.deliveries(practice, event=REMINDER, status="withdrawn", channel="email")) == 2


def test_move_there_and_back_leaves_one_of_each(practice: House) -> None:
    made = booked(practice)
    first = houses.deliveries(practice, event=REMINDER)[0].context["starts_at"]
    there = clock.now() + timedelta(days=9)
    for start in (there, clock.datetime.fromisoformat(first)):
        houses.change(practice, made, starts_at=start, ends_at=start + timedelta(minutes=50))
        houses.happen(practice, "moved", made, by="client")
    assert waiting(practice) == [timedelta(hours=24), timedelta(hours=2)]


def test_cancelled_appointment_has_none(practice: House) -> None:
    made = booked(practice)
    houses.change(practice, made, status="cancelled")
    houses.happen(practice, "cancelled", made)
    assert waiting(practice) == []


def test_request_has_none_until_it_is_accepted(practice: House) -> None:
    made = houses.appointment(practice, houses.patient(practice), status="pending")
    houses.happen(practice, "requested", made)
    assert waiting(practice) == []
    houses.change(practice, made, status="booked")
    houses.happen(practice, "accepted", made, by="staff")
    assert len(waiting(practice)) == 2


def test_due_reminder_is_sent_once(practice: House, post: Post) -> None:
    booked(practice)
    with clock.travel(clock.now() + houses.SOON - timedelta(hours=23)):
        deliver.send_due()
        deliver.send_due()
        reminders.plan_all()
        deliver.send_due()
    assert [str(one["Subject"]) for one in post.sent if "Rappel" in str(one["Subject"])] != []
    assert len(houses.deliveries(practice, event=REMINDER, status="sent", channel="email")) == 1


def test_reminder_overtaken_between_lease_and_sending_is_not_sent(practice: House, post: Post) -> None:
    made = booked(practice)
    deliver.send_due()
    post.sent.clear()
    with clock.travel(clock.now() + houses.SOON - timedelta(hours=23)):
        leased = deliver.lease_due()
        houses.change(practice, made, status="cancelled")
        sent = [deliver.send(*one) for one in leased]
        assert True not in sent
    assert post.sent == []


def test_appointment_without_event_is_found_by_the_schedule(practice: House) -> None:
    houses.appointment(practice, houses.patient(practice), starts_at=clock.now() + timedelta(hours=20))
    reminders.plan_all()
    reminders.plan_all()
    assert waiting(practice) == [timedelta(hours=2)]


def test_changed_lead_times_apply_to_what_is_booked(practice: House) -> None:
    booked(practice, starts_at=clock.now() + timedelta(hours=23))
    rule = NotificationRule(
        tenant_id=practice.tenant_id, event=REMINDER, audience="client", channel="email", offsets=[60 * 20, 30]
    )
    houses.add(Role.APP, practice.tenant_id, rule)
    with unit_of_work(system(practice.tenant_id), Role.APP) as session:
        outbox.emit(session, "notification.rules_changed")
    outbox.drain()
    assert waiting(practice) == [timedelta(hours=20), timedelta(minutes=30)]
