"""A person's own notifications, from every tenant that knows them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.permissions import SIGNED_IN
from carehub.core.verbs import verb
from carehub.models.notify import Audience, Notification
from carehub.services.notify import plan_texts, verification_texts  # noqa: F401 -- add their words
from carehub.services.notify.centre_write import NOTIFICATION, TOPIC
from carehub.services.notify.texts import WORDS

PAGE = 50
REQUESTED = "appointment.requested"
TABS = ("todo", "all", "archived")
_ROW = NOTIFICATION.c
_ASKING = frozenset(event for (event, _audience), words in WORDS.items() if words.todo)


@dataclass(frozen=True)
class Entry:
    """`title` is a msgid that `params` fill; `action` the msgid of what can be done, behind `href`.

    `accepts`: slug of the tenant in whose workspace `appointment_id` can be accepted at once; empty when it is no request.
    """

    id: str
    title: str
    params: dict[str, str]
    starts_at: str
    zone: str
    reason: str
    href: str
    action: str
    icon: str
    tone: str
    todo: bool
    unread: bool
    archived: bool
    created_at: str
    appointment_id: str
    accepts: str


@dataclass(frozen=True)
class Centre:
    """One tab's page (PAGE entries at most), and the figures of the tabs and the bell."""

    entries: list[Entry]
    todo: int
    unread: int
    more: bool


@dataclass(frozen=True)
class Bell:
    """What the bell shows, and the newest entry for the toast."""

    unread: int
    newest: Entry | None


def _audience(row: Notification) -> Audience:
    return Audience.PRACTITIONER if row.href.startswith("/w/") else Audience.CLIENT


def _entry(row: Notification) -> Entry:
    words = WORDS.get((row.event, _audience(row)))
    asks = row.event == REQUESTED and _audience(row) == Audience.PRACTITIONER and row.archived_at is None
    return Entry(
        id=str(row.id),
        title=row.title,
        params=row.params,
        starts_at=row.params.get("starts_at", ""),
        zone=row.params.get("zone", ""),
        reason=row.params.get("reason", ""),
        href=row.href,
        action=words.action if words else "",
        icon=words.icon if words else "bell",
        tone=words.tone if words else "",
        todo=row.event in _ASKING and row.archived_at is None,
        unread=row.read_at is None and row.archived_at is None,
        archived=row.archived_at is not None,
        created_at=row.created_at.isoformat(),
        appointment_id=str(row.appointment_id or ""),
        accepts=row.href.split("/")[2] if asks else "",
    )


def _in_tab(tab: str) -> Select[Notification]:
    found = select(Notification)
    if tab == "todo":
        return found.where(_ROW.event.in_(_ASKING), _ROW.archived_at.is_(None))
    if tab == "archived":
        return found.where(_ROW.archived_at.is_not(None))
    return found.where(_ROW.archived_at.is_(None))


def _count(session: Session, *conditions: object) -> int:
    mine = select(func.count()).select_from(NOTIFICATION).where(and_(*conditions, _ROW.archived_at.is_(None)))  # type: ignore[arg-type]
    return session.scalar(mine) or 0


@verb(SIGNED_IN)
def read_centre(session: Session, _actor: Actor, *, tab: str, page: int = 1, size: int = PAGE) -> Centre:
    """The newest entries of a tab (todo, all, archived; anything else reads as all), `size` a page and 50 at most.

    Only the person's own (row-level security).
    """
    size = min(max(size, 1), PAGE)
    query = _in_tab(tab).order_by(_ROW.created_at.desc(), _ROW.id.desc())
    rows = session.scalars(query.offset((max(page, 1) - 1) * size).limit(size + 1)).all()
    return Centre(
        entries=[_entry(row) for row in rows[:size]],
        todo=_count(session, _ROW.event.in_(_ASKING)),
        unread=_count(session, _ROW.read_at.is_(None)),
        more=len(rows) > size,
    )


@verb(SIGNED_IN)
def read_bell(session: Session, _actor: Actor) -> Bell:
    """How many entries are unread, and the newest that came in the last minutes."""
    recent = _in_tab("all").where(_ROW.created_at > clock.now() - timedelta(minutes=5))
    newest = session.scalar(recent.order_by(_ROW.created_at.desc(), _ROW.id.desc()).limit(1))
    return Bell(_count(session, _ROW.read_at.is_(None)), _entry(newest) if newest else None)


@verb(SIGNED_IN)
def mark_read(session: Session, actor: Actor, *, entry_id: UUID | None = None) -> None:
    """One entry, or all of them, of the person; those of others are out of reach. Repeatable."""
    change = update(NOTIFICATION).where(_ROW.read_at.is_(None))
    if entry_id is not None:
        change = change.where(_ROW.id == entry_id)
    session.execute(change.values(read_at=clock.now()))
    announce(session, TOPIC, person_id=actor.person_id)


@verb(SIGNED_IN)
def archive(session: Session, actor: Actor, *, entry_id: UUID, back: bool = False) -> None:
    """Put one of the person's entries away, or (`back`) take it out again. Repeatable."""
    change = update(NOTIFICATION).where(_ROW.id == entry_id)
    session.execute(
        change.values(archived_at=None if back else clock.now(), read_at=func.coalesce(_ROW.read_at, clock.now()))
    )
    announce(session, TOPIC, person_id=actor.person_id)
