"""Which event tells whom, by which channel: the defaults, and what a tenant changed. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from carehub.models.notify import Audience, Channel

REMINDER = "appointment.reminder"
DEFAULT_OFFSETS = (24 * 60, 2 * 60)  # minutes before the start
TEXT_OFFSETS = (24 * 60,)  # a text message costs: one reminder, the day before
OFFSETS_MOST = 5
OFFSET_LARGEST = 30 * 24 * 60
MAX_ATTEMPTS = 8

By = Literal["client", "staff", "system"]
_SIDE: dict[str, Audience] = {"client": Audience.CLIENT, "staff": Audience.PRACTITIONER}


@dataclass(frozen=True)
class Rule:
    """One line of the table. `to_actor`: also tell the side that did it (a copy for their own calendar)."""

    event: str
    audience: Audience
    channel: Channel
    enabled: bool = True
    to_actor: bool = True
    offsets: tuple[int, ...] = ()


def _lines(
    event: str,
    audience: Audience,
    *,
    email: bool = True,
    in_app: bool = True,
    copy: bool = True,
    text: bool = False,
    push: bool = True,
) -> list[Rule]:
    """The mail goes to both sides when it carries the calendar; the other channels never tell people what they just did."""
    offsets, once = (DEFAULT_OFFSETS, TEXT_OFFSETS) if event == REMINDER else ((), ())
    return [
        Rule(event, audience, Channel.EMAIL, email, copy, offsets),
        Rule(event, audience, Channel.SMS, text, to_actor=False, offsets=once),
        Rule(event, audience, Channel.PUSH, push, to_actor=False, offsets=offsets),
        Rule(event, audience, Channel.IN_APP, in_app, to_actor=False, offsets=offsets),
    ]


_CLIENT, _PRO = Audience.CLIENT, Audience.PRACTITIONER
DEFAULTS: dict[tuple[str, Audience, Channel], Rule] = {
    (rule.event, rule.audience, rule.channel): rule
    for rule in (
        *_lines("appointment.requested", _CLIENT),
        *_lines("appointment.requested", _PRO, copy=False),
        *_lines("appointment.booked", _CLIENT),
        *_lines("appointment.booked", _PRO, copy=False),
        *_lines("appointment.accepted", _CLIENT),
        *_lines("appointment.accepted", _PRO, email=False, copy=False),
        *_lines("appointment.declined", _CLIENT),
        *_lines("appointment.proposed", _CLIENT, text=True),
        *_lines("appointment.moved", _CLIENT, text=True),
        *_lines("appointment.moved", _PRO, copy=False),
        *_lines("appointment.cancelled", _CLIENT, text=True),
        *_lines("appointment.cancelled", _PRO, copy=False),
        *_lines("appointment.arrived", _PRO, email=False),
        *_lines(REMINDER, _CLIENT, text=True),
        *_lines(REMINDER, _PRO, email=False, in_app=False, push=False),
    )
}

# mails about the account itself: never a matter of choice
ACCOUNT_EVENTS = (
    "account.registered",
    "account.already_registered",
    "account.recovery_requested",
    "account.signed_in_elsewhere",
    "account.email_change_confirm",
    "account.email_change_told",
    "account.second_step_on",
    "account.second_step_off",
    "account.number_proved",
    "account.support_answered",
    "account.report_seen",
)


@dataclass(frozen=True)
class Change:
    """A tenant's row over the default."""

    event: str
    audience: str
    channel: str
    enabled: bool
    offsets: tuple[int, ...] | None


def effective(changes: Iterable[Change]) -> dict[tuple[str, Audience, Channel], Rule]:
    """The defaults with a tenant's changes laid over them; a change to a line that no longer exists is ignored."""
    rules = dict(DEFAULTS)
    for change in changes:
        key = (change.event, Audience(change.audience), Channel(change.channel))
        rule = rules.get(key)
        if rule is not None:
            offsets = rule.offsets if change.offsets is None or not rule.offsets else change.offsets
            rules[key] = Rule(*key, change.enabled, rule.to_actor, offsets)
    return rules


def told(rules: Iterable[Rule], event: str, by: str) -> list[Rule]:
    """The lines that fire for `event` done by `by` (client, staff or system)."""
    return [
        rule
        for rule in rules
        if rule.event == event and rule.enabled and (rule.to_actor or rule.audience != _SIDE.get(by))
    ]


def reminder_times(starts_at: datetime, offsets: Iterable[int], now: datetime) -> dict[int, datetime]:
    """When each reminder is due. One that should have gone out already is left out: the booking itself was the news."""
    due = {offset: starts_at - timedelta(minutes=offset) for offset in offsets}
    return {offset: at for offset, at in due.items() if at > now}


def text_offsets(offsets: Iterable[int]) -> tuple[int, ...]:
    """Which of the reminders goes by text message too: the one nearest to a day before (SQ-107)."""
    return tuple(sorted(offsets, key=lambda offset: (abs(offset - TEXT_OFFSETS[0]), offset))[:1])


def clean_offsets(offsets: Iterable[int]) -> tuple[int, ...]:
    """Distinct, longest first, each between 5 minutes and 30 days, at most OFFSETS_MOST."""
    fit = {offset for offset in offsets if 5 <= offset <= OFFSET_LARGEST}
    return tuple(sorted(fit, reverse=True)[:OFFSETS_MOST])


def back_off(attempts: int) -> timedelta | None:
    """How long to wait after the `attempts`-th failure: 1, 2, 4, ... minutes. None: give up."""
    return None if attempts >= MAX_ATTEMPTS else timedelta(minutes=2 ** (attempts - 1))
