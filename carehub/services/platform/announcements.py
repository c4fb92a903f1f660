"""What the platform tells everyone: news, changed terms, offers, disruptions (DI-111, DI-112). A band above every page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import Invalid
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.console import Announcement
from carehub.services.listing import Bulk, Column, Filter, ListSpec, list_verb
from carehub.services.platform.forms import KIND_LABELS, READER_LABELS, AnnouncementForm

READ, MANAGE = "platform.read", "platform.manage"
MOST = 50
LOCALES = ("en", "fr", "ar")
STATES: Mapping[str, str] = {"shown": N_("Shown"), "over": N_("Over")}
TONES: Mapping[str, Any] = {"shown": "ok", "over": "out"}
KIND_TONES: Mapping[str, Any] = {"news": "info", "terms": "acc", "promotion": "ok", "incident": "warn"}

_STATE = case((col(Announcement.ends_at) > func.now(), "shown"), else_="over")
ANNOUNCEMENTS = ListSpec(
    name="platform_announcements",
    title=N_("Announcements"),
    permission=READ,
    role=Role.PLATFORM,
    key=col(Announcement.id),
    columns={
        "title": Column(N_("Title"), col(Announcement.titles)["en"].astext),
        "kind": Column(N_("Type"), col(Announcement.kind), kind="badge", labels=KIND_LABELS, tones=KIND_TONES),
        "readers": Column(N_("For"), col(Announcement.readers), kind="badge", labels=READER_LABELS, on_phone=False),
        "state": Column(N_("State"), _STATE, kind="badge", labels=STATES, tones=TONES),
        "until": Column(N_("Shown until"), col(Announcement.ends_at), kind="datetime"),
    },
    search=(col(Announcement.titles)["en"].astext,),
    sort="-until",
    filters={"state": Filter(N_("State"), STATES, _STATE)},
    bulk=(Bulk("withdraw", N_("Withdraw"), "eye-off"),),
    empty=N_("Write one: it stands above every page until its last day."),
)
list_announcements = list_verb(ANNOUNCEMENTS)


class DayIsOver(Invalid):
    key = "Choose a day that is still to come"


@dataclass(frozen=True)
class Published:
    """The id of what now stands above every page."""

    id: str


@verb(MANAGE, role=Role.PLATFORM)
def publish_announcement(session: Session, actor: Actor, *, form: AnnouncementForm) -> Published:
    """Show an announcement from now until the end of its last day (UTC). Raises DayIsOver at the field."""
    ends_at = datetime.combine(form.until, time.min, UTC) + timedelta(days=1)
    if ends_at <= clock.now():
        raise DayIsOver(field="until")
    made = Announcement(
        kind=form.kind.value,
        readers=form.readers.value,
        titles=_by_locale(form, "title"),
        bodies=_by_locale(form, "body"),
        ends_at=ends_at,
        person_id=actor.person_id,
    )
    session.add(made)
    session.flush()
    announce(session, ANNOUNCEMENTS.name)
    return Published(str(made.id))


def _by_locale(form: AnnouncementForm, part: str) -> dict[str, str]:
    return {code: said for code in LOCALES if (said := getattr(form, f"{part}_{code}"))}


@verb(MANAGE, role=Role.PLATFORM)
def withdraw_announcements(session: Session, _actor: Actor, *, announcement_ids: Sequence[UUID]) -> int:
    """Take announcements away before their day. Answers how many were shown."""
    now = clock.now()
    done = session.execute(
        update(Announcement)
        .where(col(Announcement.id).in_(list(announcement_ids)[:MOST]), col(Announcement.ends_at) > now)
        .values(ends_at=now)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    announce(session, ANNOUNCEMENTS.name)
    return int(done)
