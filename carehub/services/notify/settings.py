"""A tenant's own rules: channels switched off, other lead times for reminders."""

from dataclasses import dataclass

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import outbox
from carehub.core.actor import Actor
from carehub.core.errors import Invalid, NotFound
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.notify import Audience, Channel, NotificationRule
from carehub.services.notify import rules
from carehub.services.notify.handlers import RULES_CHANGED
from carehub.services.notify.plan import rules_of
from carehub.services.notify.texts import EVENT_LABELS

RULE: Table = NotificationRule.__table__  # type: ignore[attr-defined]


class NoOffsets(Invalid):
    key = "Give at least one time between 5 minutes and 30 days"


@dataclass(frozen=True)
class RuleView:
    """One switch. `label` is the event's msgid; `offsets` in minutes, empty for anything but reminders."""

    event: str
    label: str
    audience: str
    channel: str
    enabled: bool
    offsets: list[int]


@verb("notifications.manage")
def read_rules(session: Session, _actor: Actor) -> list[RuleView]:
    """Every switch of the tenant, as it stands."""
    return [
        RuleView(rule.event, EVENT_LABELS[rule.event], rule.audience, rule.channel, rule.enabled, list(rule.offsets))
        for rule in rules_of(session).values()
    ]


def _change(session: Session, actor: Actor, key: tuple[str, Audience, Channel], **values: object) -> None:
    event, audience, channel = key
    row = {"tenant_id": actor.tenant_id, "event": event, "audience": audience, "channel": channel}
    fresh = insert(RULE).values(id=new_id(), **row, **{"enabled": rules.DEFAULTS[key].enabled, **values})
    session.execute(fresh.on_conflict_do_update(index_elements=list(row), set_=values))
    if event == rules.REMINDER:
        outbox.emit(session, RULES_CHANGED)


@verb("notifications.manage")
def switch_rule(session: Session, actor: Actor, *, event: str, audience: str, channel: str, enabled: bool) -> None:
    """Switch one line on or off, from the next event on; waiting reminders follow at once. Raises NotFound."""
    key = next((one for one in rules.DEFAULTS if one == (event, audience, channel)), None)
    if key is None:
        raise NotFound
    _change(session, actor, key, enabled=enabled)


@verb("notifications.manage")
def set_reminder_times(session: Session, actor: Actor, *, minutes: list[int]) -> tuple[int, ...]:
    """When clients are reminded, in minutes before the start: kept distinct, longest first, five at most. Raises NoOffsets."""
    offsets = rules.clean_offsets(minutes)
    if not offsets:
        raise NoOffsets
    for key in rules.DEFAULTS:
        if key[0] == rules.REMINDER:
            kept = rules.text_offsets(offsets) if key[2] == Channel.SMS else offsets
            _change(session, actor, key, offsets=list(kept))
    return offsets
