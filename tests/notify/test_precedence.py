"""Rule, preference, channel, time: one table of who gets what, and when."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.core import clock
from carehub.models.notify import Audience, Channel
from carehub.services.notify.precedence import Closed, Decision, Reach, Wishes, decide, quiet_end
from carehub.services.notify.topics import TOPICS, topic_of

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)  # 12:00 in Paris
NIGHT = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)  # 23:00 in Paris
MORNING = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)  # 07:30 in Paris
SIX = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # 18:00 in Paris
FAR = datetime(2026, 12, 20, 9, 0, tzinfo=UTC)
SOON = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PARIS = Wishes(zone="Europe/Paris")
QUIET = Wishes(zone="Europe/Paris", quiet=True)
DAILY = Wishes(zone="Europe/Paris", digest=True)
BOTH = Wishes(zone="Europe/Paris", quiet=True, digest=True, digest_at=time(22))


def off(topic: str, channel: str, **more: Any) -> Wishes:
    return Wishes(zone="Europe/Paris", switched={(topic, channel): False}, **more)


TABLE = [
    # what, event, channel, rule, wishes, reach, starts, now, answer
    ("plain", "moved", "email", True, PARIS, Reach(True), FAR, NOON, Decision()),
    ("rule off", "moved", "email", False, PARIS, Reach(True), FAR, NOON, Decision(Closed.RULE)),
    ("rule before preference", "moved", "sms", False, off("changes", "sms"), Reach(False), FAR, NOON, Decision(Closed.RULE)),
    ("preference off", "moved", "sms", True, off("changes", "sms"), Reach(True), FAR, NOON, Decision(Closed.PREFERENCE)),
    ("before the channel", "moved", "sms", True, off("changes", "sms"), Reach(False), FAR, NOON, Decision(Closed.PREFERENCE)),
    ("another topic is off", "moved", "sms", True, off("reminders", "sms"), Reach(True), FAR, NOON, Decision()),
    ("another channel is off", "moved", "sms", True, off("changes", "email"), Reach(True), FAR, NOON, Decision()),
    ("no address", "moved", "email", True, PARIS, Reach(False), FAR, NOON, Decision(Closed.UNREACHABLE)),
    ("suppressed", "moved", "email", True, PARIS, Reach(True, "all"), FAR, NOON, Decision(Closed.SUPPRESSED)),
    ("left reminders", "reminder", "email", True, PARIS, Reach(True, "optional"), FAR, NOON, Decision(Closed.SUPPRESSED)),
    ("left reminders only", "moved", "email", True, PARIS, Reach(True, "optional"), FAR, NOON, Decision()),
    ("quiet", "booked", "email", True, QUIET, Reach(True), FAR, NIGHT, Decision(after=MORNING)),
    ("quiet, push", "moved", "push", True, QUIET, Reach(True), FAR, NIGHT, Decision(after=MORNING)),
    ("the centre is silent", "moved", "in_app", True, QUIET, Reach(True), FAR, NIGHT, Decision()),
    ("urgent move", "moved", "sms", True, QUIET, Reach(True), SOON, NIGHT, Decision()),
    ("urgent cancellation", "cancelled", "push", True, QUIET, Reach(True), SOON, NIGHT, Decision()),
    ("a far cancellation waits", "cancelled", "push", True, QUIET, Reach(True), FAR, NIGHT, Decision(after=MORNING)),
    ("urgent, but switched off", "moved", "sms", True, off("changes", "sms", quiet=True), Reach(True), SOON, NIGHT,
     Decision(Closed.PREFERENCE)),
    ("a booking is not urgent", "booked", "sms", True, QUIET, Reach(True), SOON, NIGHT, Decision(after=MORNING)),
    ("quiet never beyond the start", "reminder", "sms", True, QUIET, Reach(True), MORNING, NIGHT, Decision()),
    ("daily", "booked", "email", True, DAILY, Reach(True), FAR, NOON, Decision(after=SIX)),
    ("daily, urgent", "cancelled", "email", True, DAILY, Reach(True), SOON, NOON, Decision()),
    ("daily is for mails", "booked", "push", True, DAILY, Reach(True), FAR, NOON, Decision()),
    ("daily spares reminders", "reminder", "email", True, DAILY, Reach(True), FAR, NOON, Decision()),
    ("daily inside quiet hours", "booked", "email", True, BOTH, Reach(True), FAR, NOON, Decision(after=MORNING)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "channel", "rule", "wishes", "reach", "starts", "now", "answer"), [one[1:] for one in TABLE],
    ids=[one[0] for one in TABLE],
)  # fmt: skip
def test_the_table(
    event: str,
    channel: str,
    rule: bool,
    wishes: Wishes,
    reach: Reach,
    starts: datetime,
    now: datetime,
    answer: Decision,
) -> None:
    found = decide(
        event=f"appointment.{event}",
        audience=Audience.CLIENT,
        channel=channel,
        rule=rule,
        wishes=wishes,
        reach=reach,
        starts_at=starts,
        now=now,
    )
    assert found == answer


def test_what_was_to_start_soon_is_urgent_too() -> None:
    found = decide(
        event="appointment.moved", audience="client", channel="sms", rule=True, wishes=QUIET, reach=Reach(True),
        starts_at=FAR, before=SOON, now=NIGHT,
    )  # fmt: skip
    assert found == Decision()


def test_a_summary_puts_off_once() -> None:
    found = decide(
        event="appointment.booked", audience="client", channel="email", rule=True, wishes=DAILY, reach=Reach(True),
        starts_at=FAR, now=SIX, held=True,
    )  # fmt: skip
    assert found == Decision()


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("event", ["account.recovery_requested", "invitation.sent", "texts.budget"])
def test_what_is_about_the_account_is_always_told(event: str, channel: str) -> None:
    never = {(topic, channel): False for topic in TOPICS}
    wishes = Wishes(zone="Europe/Paris", switched=never, quiet=True, digest=True)
    found = decide(
        event=event, audience="client", channel=channel, rule=True, wishes=wishes, reach=Reach(True, "all"),
        starts_at=None, now=NIGHT,
    )  # fmt: skip
    assert found == Decision()
    assert topic_of(event, "client").locked


@given(
    starts=st.times(), ends=st.times(), zone=st.sampled_from(["Europe/Paris", "Africa/Casablanca", "Asia/Kolkata", "UTC"]),
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
)  # fmt: skip
def test_quiet_hours_end_outside_of_themselves(starts: time, ends: time, zone: str, moment: datetime) -> None:
    starts, ends = starts.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
    wishes = Wishes(zone=zone, quiet=True, quiet_from=starts, quiet_to=ends)
    now = moment.replace(tzinfo=UTC)
    end = quiet_end(wishes, now)
    if end is not None:
        assert end > now
        shown = clock.to_local(end, zone).time()
        assert shown == ends or not clock.exists(datetime.combine(clock.to_local(end, zone).date(), ends), zone)
