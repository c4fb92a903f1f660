"""Whether one message leaves by one channel, and when. The one place that decides it. Pure."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from carehub.core import clock
from carehub.models.notify import Channel
from carehub.services.notify.topics import REMINDERS, REQUESTS, topic_of

URGENT = frozenset({"appointment.cancelled", "appointment.moved"})
CRITICAL = frozenset(  # what has to be looked at now, whatever the hour (DI-117)
    {
        "checkout.waiting",
        "coins.top_up_failed",
        "payment.disputed",
        "payment.refund_failed",
        "payout.failed",
        "payout.returned",
    }
)
URGENT_WITHIN = timedelta(hours=24)
HELD = frozenset({Channel.EMAIL, Channel.SMS, Channel.PUSH})  # what makes a sound, or fills a mailbox


class Closed(enum.StrEnum):
    """Why a channel is closed for one message."""

    RULE = "rule"
    PREFERENCE = "preference"
    UNREACHABLE = "unreachable"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True)
class Wishes:
    """A person's own answers; someone without an account has none, and the organisation's rules alone count."""

    zone: str = "UTC"
    switched: Mapping[tuple[str, str], bool] = field(default_factory=dict)  # (topic, channel) -> on
    quiet: bool = False
    quiet_from: time = time(21, 30)
    quiet_to: time = time(7, 30)
    digest: bool = False
    digest_at: time = time(18)
    text_by: str = "sms"


@dataclass(frozen=True)
class Reach:
    """Whether one channel leads to the person at all. `suppressed`: "", "all", or "optional" (see Suppression)."""

    known: bool
    suppressed: str = ""


@dataclass(frozen=True)
class Decision:
    """`closed` None: it leaves, not before `after`."""

    closed: Closed | None = None
    after: datetime | None = None


def decide(
    *,
    event: str,
    audience: str,
    channel: str,
    rule: bool,
    wishes: Wishes,
    reach: Reach,
    starts_at: datetime | None,
    now: datetime,
    before: datetime | None = None,
    held: bool = False,
) -> Decision:
    """The precedence of a message: organisation's rule, then the person's preference, then whether the channel is there, then time.

    1. The organisation's rule for (event, reader, channel). Off: nobody gets it, whatever they prefer.
    2. The person's preference for (topic of the event, channel). It can only switch off: what the organisation does not send
       cannot be asked for. A locked topic (the account) has no preference.
    3. The channel: an address, a proved number with a gateway, or a subscribed browser; and the address not suppressed. An
       address that only left the optional messages still gets everything but reminders.
    4. Time, for what makes a sound (not the centre): quiet hours in the person's own zone put it off to their end, unless it is
       urgent: a cancellation or move of an appointment that starts, or was to start (`before`), within 24 hours, or money that has
       to be looked at now (CRITICAL). A daily summary
       puts mails off to its hour, except urgent ones, reminders and requests, and once only (`held`). What would come after the
       start of its appointment is not put off.

    A channel that an earlier step closed is not opened by a later one. Preferences are asked when a message is planned and again
    when it leaves, so that the last answer counts.
    """
    topic = topic_of(event, audience)
    if not rule:
        return Decision(Closed.RULE)
    if not topic.locked and not wishes.switched.get((topic.code, channel), True):
        return Decision(Closed.PREFERENCE)
    if not reach.known:
        return Decision(Closed.UNREACHABLE)
    if not topic.locked and (reach.suppressed == "all" or (reach.suppressed and topic is REMINDERS)):
        return Decision(Closed.SUPPRESSED)
    if channel not in HELD or topic.locked or is_urgent(event, (starts_at, before), now):
        return Decision()
    daily = wishes.digest and channel == Channel.EMAIL and not held and topic not in (REMINDERS, REQUESTS)
    after = _next(wishes.digest_at, wishes.zone, now) if daily else now
    after = quiet_end(wishes, after) or after
    late = starts_at is not None and now < starts_at <= after
    return Decision(after=after if after > now and not late else None)


def is_urgent(event: str, times: Iterable[datetime | None], now: datetime) -> bool:
    """A cancellation or move of what starts, or was to start, within 24 hours: nobody should set out for nothing. And CRITICAL."""
    if event in CRITICAL:
        return True
    return event in URGENT and any(one is not None and abs(one - now) <= URGENT_WITHIN for one in times)


def quiet_end(wishes: Wishes, moment: datetime) -> datetime | None:
    """When the quiet hours around `moment` end; None outside of them. Equal times mean no quiet hours."""
    if not wishes.quiet or wishes.quiet_from == wishes.quiet_to:
        return None
    local = clock.to_local(moment, wishes.zone).time()
    start, end = wishes.quiet_from, wishes.quiet_to
    inside = start <= local < end if start < end else local >= start or local < end
    return _next(end, wishes.zone, moment) if inside else None


def _next(at: time, zone: str, moment: datetime) -> datetime:
    """The next moment after `moment` at which clocks in `zone` show `at`; an hour that a day skips comes an hour later."""
    day = clock.to_local(moment, zone).date()
    for ahead in range(3):
        wall = datetime.combine(day + timedelta(days=ahead), at)
        try:
            found = clock.from_local(wall, zone)
        except clock.NoSuchTime:
            found = clock.from_local(wall + timedelta(hours=1), zone)
        if found > moment:
            return found
    raise AssertionError("unreachable")
