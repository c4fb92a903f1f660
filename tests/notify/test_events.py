"""Who is told what, by which channel."""

from datetime import timedelta

from carehub.core import outbox
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.models.notify import NotificationRule
from carehub.services.notify import deliver
from tests.notify import house as houses
from tests.notify.conftest import Post
from tests.notify.house import House


def told(at: House) -> set[tuple[str, str, str]]:
    return {(d.event, d.audience, d.channel) for d in houses.deliveries(at) if d.event != "appointment.reminder"}


def test_request_tells_both_sides(practice: House) -> None:
    account = houses.person("Julie Moreau")
    made = houses.appointment(practice, houses.patient(practice, account=account), status="pending", account=account)
    houses.happen(practice, "requested", made)
    assert told(practice) == {
        ("appointment.requested", "client", "email"),
        ("appointment.requested", "practitioner", "email"),
        ("appointment.requested", "practitioner", "in_app"),
    }


def test_guest_gets_mail_only_with_a_link_of_their_own(practice: House, post: Post) -> None:
    made = houses.appointment(practice, houses.patient(practice))
    houses.happen(practice, "booked", made)
    deliver.send_due()
    (letter,) = [one for one in post.sent if "Julie" in str(one["To"])]
    assert "/booking/" in letter.get_body(("plain",)).get_content()
    assert not [d for d in houses.deliveries(practice, audience="client") if d.channel == "in_app"]


def test_cancellation_by_the_client_tells_the_practitioner_who_and_why(practice: House, post: Post) -> None:
    made = houses.appointment(practice, houses.patient(practice), status="cancelled")
    houses.happen(practice, "cancelled", made, by="client", reason="Empêchement")
    deliver.send_due()
    (letter,) = [one for one in post.sent if "Inès" in str(one["To"])]
    text = letter.get_body(("plain",)).get_content()
    assert "Julie Moreau" in text
    assert "Empêchement" in text
    assert [one.event for one in houses.entries(practice, practice.practitioner_person)] == ["appointment.cancelled"]


def test_cancellation_by_staff_tells_the_client_but_not_its_author(practice: House) -> None:
    made = houses.appointment(practice, houses.patient(practice), status="cancelled")
    houses.happen(practice, "cancelled", made, by="staff", reason="Absence")
    assert told(practice) == {("appointment.cancelled", "client", "email")}


def test_proposal_lists_the_times_to_choose_from(practice: House, post: Post) -> None:
    made = houses.appointment(practice, houses.patient(practice), status="proposed", starts_at=houses.at_noon(24))
    houses.propose(practice, made, houses.at_noon(25))
    houses.happen(practice, "proposed", made, by="staff")
    deliver.send_due()
    text = post.sent[0].get_body(("plain",)).get_content()
    assert "25 nov." in text


def test_same_event_handled_twice_is_told_once(practice: House) -> None:
    made = houses.appointment(practice, houses.patient(practice))
    event_id = houses.emit(practice, "booked", made)
    outbox.drain()
    before = len(houses.deliveries(practice))
    with unit_of_work(system(), Role.WORKER) as session:
        from sqlalchemy import text

        session.execute(text("UPDATE outbox SET done_at = NULL, leased_until = NULL WHERE id = :id"), {"id": event_id})
    outbox.drain()
    assert len(houses.deliveries(practice)) == before > 0


def test_switched_off_rule_is_silent(practice: House) -> None:
    off = NotificationRule(
        tenant_id=practice.tenant_id,
        event="appointment.booked",
        audience="practitioner",
        channel="email",
        enabled=False,
    )
    houses.add(Role.APP, practice.tenant_id, off)
    houses.happen(practice, "booked", houses.appointment(practice, houses.patient(practice)))
    assert ("appointment.booked", "practitioner", "email") not in told(practice)
    assert ("appointment.booked", "practitioner", "in_app") in told(practice)


def test_answered_request_is_no_longer_to_do(practice: House) -> None:
    made = houses.appointment(practice, houses.patient(practice), status="pending")
    houses.happen(practice, "requested", made)
    assert [e.archived_at for e in houses.entries(practice, practice.practitioner_person)] == [None]
    houses.change(practice, made, status="booked")
    houses.happen(practice, "accepted", made, by="staff")
    (entry,) = houses.entries(practice, practice.practitioner_person)
    assert entry.archived_at is not None


def test_request_handled_after_its_answer_is_not_to_do(practice: House) -> None:
    made = houses.appointment(practice, houses.patient(practice), status="declined")
    houses.happen(practice, "requested", made)
    (entry,) = houses.entries(practice, practice.practitioner_person)
    assert entry.archived_at is not None


def test_vanished_appointment_is_handled_without_a_message(practice: House) -> None:
    from carehub.core.ids import new_id

    with unit_of_work(system(practice.tenant_id), Role.APP) as session:
        outbox.emit(session, "appointment.booked", appointment_id=str(new_id()), practitioner_id="", by="client")
    outbox.drain()
    assert houses.deliveries(practice) == []


def test_nothing_is_due_twice_while_it_is_leased(practice: House, post: Post) -> None:
    houses.happen(practice, "booked", houses.appointment(practice, houses.patient(practice)))
    first = deliver.lease_due()
    assert first
    assert not set(first) & set(deliver.lease_due())
    for one in first:
        assert deliver.send(*one)
        assert not deliver.send(*one)
    assert len(post.sent) == 2
    assert all(d.sent_at for d in houses.deliveries(practice, status="sent"))
    assert timedelta(hours=24) < houses.SOON
