"""A person's own answers: which topic by which channel, quiet hours, the daily summary (MC-011, MC-012, DI-014, DI-106)."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import Invalid, NotFound
from carehub.core.permissions import SIGNED_IN
from carehub.core.verbs import verb
from carehub.models.identity import Person
from carehub.models.reach import Carrier, NotificationPreference, NotificationSettings
from carehub.services.notify.topics import TOPICS

_WORKS = text("SELECT EXISTS (SELECT FROM membership WHERE person_id = :person AND active)")


class SameTimes(Invalid):
    key = "Quiet hours need a beginning and another end"


@dataclass(frozen=True)
class PreferencesView:
    """`off`: the switched-off answers, as "topic channel". Times are wall times of `zone`: HH:MM. `now`: the hour there.

    `works`: the person receives people somewhere, so that requests concern them. `drawn`: the quiet hours and the present on the
    line of a day, as style properties in percent.
    """

    off: list[str]
    quiet: bool
    quiet_from: str
    quiet_to: str
    digest: bool
    digest_at: str
    text_by: str
    zone: str
    now: str
    works: bool
    drawn: dict[str, str]


def drawn(starts: time, ends: time, now: time) -> dict[str, str]:
    """One stretch, or two when the hours cross midnight."""
    first, last, here = (f"{(one.hour * 60 + one.minute) / 14.4:.2f}" for one in (starts, ends, now))
    over = starts > ends
    spans = (
        ("0", last, first, f"{100 - float(first):.2f}")
        if over
        else (first, f"{float(last) - float(first):.2f}", "0", "0")
    )
    return {name: f"{value}%" for name, value in zip(("--x", "--w", "--y", "--v", "--n"), (*spans, here), strict=True)}


def _hm(value: time) -> str:
    return value.strftime("%H:%M")


@verb(SIGNED_IN)
def my_preferences(session: Session, actor: Actor) -> PreferencesView:
    """What one chose. Everything is on until it is switched off."""
    person = col(NotificationPreference.person_id)
    rows = session.scalars(select(NotificationPreference).where(person == actor.person_id)).all()
    kept = session.get(NotificationSettings, actor.person_id) or NotificationSettings(person_id=_person(actor))
    zone = session.get_one(Person, actor.person_id).time_zone
    here = clock.to_local(clock.now(), zone).time()
    return PreferencesView(
        off=[f"{row.topic} {row.channel}" for row in rows if not row.enabled],
        quiet=kept.quiet,
        quiet_from=_hm(kept.quiet_from),
        quiet_to=_hm(kept.quiet_to),
        digest=kept.digest,
        digest_at=_hm(kept.digest_at),
        text_by=kept.text_by,
        zone=zone,
        now=_hm(here),
        works=bool(session.scalar(_WORKS, {"person": actor.person_id})),
        drawn=drawn(kept.quiet_from, kept.quiet_to, here),
    )


def _person(actor: Actor) -> UUID:
    assert actor.person_id is not None
    return actor.person_id


@verb(SIGNED_IN)
def set_preference(session: Session, actor: Actor, *, topic: str, channel: str, enabled: bool) -> None:
    """Switch one topic on or off for one channel, for messages that have not left yet too. Repeatable.

    Raises NotFound for a topic that is always told, or a channel that it does not use.
    """
    known = TOPICS.get(topic)
    if known is None or known.locked or channel not in known.channels:
        raise NotFound
    row = {"person_id": _person(actor), "topic": topic, "channel": channel}
    made = insert(NotificationPreference).values(**row, enabled=enabled)
    session.execute(made.on_conflict_do_update(index_elements=list(row), set_={"enabled": enabled}))


@verb(SIGNED_IN)
def set_quiet_hours(session: Session, actor: Actor, *, quiet: bool, starts: time, ends: time) -> None:
    """Hours in one's own zone during which nothing rings; across midnight when `ends` is the earlier. Raises SameTimes."""
    if quiet and starts == ends:
        raise SameTimes(field="quiet_to")
    _keep(session, actor, quiet=quiet, quiet_from=starts, quiet_to=ends)


@verb(SIGNED_IN)
def set_digest(session: Session, actor: Actor, *, digest: bool, at: time) -> None:
    """One mail a day from each organisation, at `at` of one's own zone, instead of one each time."""
    _keep(session, actor, digest=digest, digest_at=at)


@verb(SIGNED_IN)
def set_text_carrier(session: Session, actor: Actor, *, carrier: Carrier) -> None:
    """Text messages by SMS, or by WhatsApp where an organisation has it."""
    _keep(session, actor, text_by=carrier.value)


def _keep(session: Session, actor: Actor, **values: object) -> None:
    usual = NotificationSettings(person_id=_person(actor)).model_dump()
    made = insert(NotificationSettings).values(**{**usual, **values})
    session.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=values))
