"""A person's own answers, kept and obeyed."""

from datetime import UTC, datetime, time, timedelta

import pytest

from carehub.core import clock
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.services.notify import deliver, preferences
from carehub.services.notify.preferences import SameTimes
from tests.notify import house as houses
from tests.notify import reach
from tests.notify.conftest import Post
from tests.notify.house import House

NIGHT = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)  # 23:00 in Paris


def test_everything_is_on_until_it_is_switched_off(practice: House) -> None:
    who = houses.person("Julie Moreau")
    assert perform(preferences.my_preferences, reach.me(who)).off == []
    reach.switch(who, "reminders", "email")
    reach.switch(who, "reminders", "email")
    assert perform(preferences.my_preferences, reach.me(who)).off == ["reminders email"]
    reach.switch(who, "reminders", "email", True)
    assert perform(preferences.my_preferences, reach.me(who)).off == []


@pytest.mark.parametrize(("topic", "channel"), [("security", "email"), ("news", "sms"), ("nothing", "email")])
def test_what_cannot_be_switched_is_refused(practice: House, topic: str, channel: str) -> None:
    with pytest.raises(NotFound):
        reach.switch(houses.person("Julie Moreau"), topic, channel)


def test_a_switched_off_channel_is_not_prepared_and_the_others_are(practice: House) -> None:
    account = houses.person("Julie Moreau")
    reach.switch(account, "changes", "email")
    made = houses.appointment(practice, houses.patient(practice, account=account), account=account)
    houses.happen(practice, "moved", made, by="staff")
    told = {(d.audience, d.channel) for d in houses.deliveries(practice, event="appointment.moved")}
    assert told == {("client", "in_app")}


def test_the_last_answer_counts_when_a_message_leaves(practice: House, post: Post) -> None:
    account = houses.person("Julie Moreau")
    made = houses.appointment(practice, houses.patient(practice, account=account), account=account)
    houses.happen(practice, "booked", made)
    reach.switch(account, "reminders", "email")
    with clock.travel(clock.now() + houses.SOON - timedelta(hours=23)):
        deliver.send_due()
    reminder = houses.deliveries(practice, event="appointment.reminder", channel="email")[0]
    assert (reminder.status, reminder.error) == ("withdrawn", "preference")


def test_quiet_hours_hold_back_until_their_end_in_the_persons_zone(practice: House, post: Post) -> None:
    account = houses.person("Julie Moreau")
    with clock.travel(NIGHT):
        reach.quiet(account, time(21, 30), time(7, 30))
        made = houses.appointment(
            practice, houses.patient(practice, account=account), account=account, starts_at=NIGHT + timedelta(days=9)
        )
        houses.happen(practice, "accepted", made, by="staff")
        deliver.send_due()
        assert [one for one in post.sent if "Julie" in str(one["To"])] == []
        (held,) = houses.deliveries(practice, event="appointment.accepted", audience="client", channel="email")
        assert held.due_at == datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
    with clock.travel(datetime(2026, 11, 25, 6, 31, tzinfo=UTC)):
        deliver.send_due()
    assert len([one for one in post.sent if "Julie" in str(one["To"])]) == 1


def test_a_cancellation_of_tomorrow_passes_quiet_hours(practice: House, post: Post) -> None:
    account = houses.person("Julie Moreau")
    with clock.travel(NIGHT):
        reach.quiet(account, time(21, 30), time(7, 30))
        made = houses.appointment(
            practice,
            houses.patient(practice, account=account),
            account=account,
            starts_at=NIGHT + timedelta(hours=11),
            status="cancelled",
        )
        houses.happen(practice, "cancelled", made, by="staff")
        deliver.send_due()
    assert len([one for one in post.sent if "Julie" in str(one["To"])]) == 1


def test_what_waited_together_leaves_as_one_mail_with_every_calendar_file(practice: House, post: Post) -> None:
    account = houses.person("Julie Moreau")
    patient = houses.patient(practice, account=account)
    perform(preferences.set_digest, reach.me(account), digest=True, at=time(18))
    noon = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    with clock.travel(noon):
        for day in (9, 10, 11):
            made = houses.appointment(practice, patient, account=account, starts_at=noon + timedelta(days=day))
            houses.happen(practice, "accepted", made, by="staff")
        deliver.send_due()
        assert post.sent == []
    with clock.travel(datetime(2026, 11, 24, 17, 1, tzinfo=UTC)):
        deliver.send_due()
        deliver.send_due()
    (letter,) = post.sent
    assert "3" in str(letter["Subject"])
    assert len(list(letter.iter_attachments())) == 3
    assert "List-Unsubscribe" in letter
    rows = houses.deliveries(practice, event="appointment.accepted", channel="email", audience="client")
    assert {row.status for row in rows} == {"sent"}
    assert len({row.message_id for row in rows}) == 1


def test_a_summary_leaves_out_what_is_over_meanwhile(practice: House, post: Post) -> None:
    account = houses.person("Julie Moreau")
    patient = houses.patient(practice, account=account)
    perform(preferences.set_digest, reach.me(account), digest=True, at=time(18))
    noon = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    with clock.travel(noon):
        made = houses.appointment(practice, patient, account=account, starts_at=noon + timedelta(days=9))
        houses.happen(practice, "accepted", made, by="staff")
        deliver.send_due()
        reach.switch(account, "confirmations", "email")
    with clock.travel(datetime(2026, 11, 24, 17, 1, tzinfo=UTC)):
        deliver.send_due()
    assert post.sent == []


def test_quiet_hours_without_length_are_refused(practice: House) -> None:
    who = houses.person("Julie Moreau")
    with pytest.raises(SameTimes):
        reach.quiet(who, time(8), time(8))
    assert perform(preferences.my_preferences, reach.me(who)).quiet is False
