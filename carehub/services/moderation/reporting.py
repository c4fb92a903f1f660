"""Someone who is signed in says what is wrong with a public page."""

import enum
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import publish, tenant_topic
from carehub.core.crypto import PERSONS
from carehub.core.errors import NotFound, TooMany
from carehub.core.i18n import N_
from carehub.core.permissions import SIGNED_IN
from carehub.core.verbs import verb
from carehub.models.moderation import ContentReport, ReportState
from carehub.services.moderation.errors import AlreadyReported, WordsMissing
from carehub.services.moderation.views import ReportedPage

A_DAY = 10  # reports of one person
MOST = 1000  # characters
QUEUE = "platform_reports"
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('report ' || :id, 0))")
_HOUSE = text("SELECT id, name FROM tenant WHERE slug = :tenant AND id <> :ourselves")
_PROFILE = text("""
    SELECT e.id, e.name FROM directory_entry e
    WHERE e.tenant_id = :tenant AND e.slug = :slug ORDER BY e.audience LIMIT 1""")


class Fault(enum.StrEnum):
    """What a person may say is wrong."""

    UNTRUE = "untrue"
    OFFENSIVE = "offensive"
    IMPERSONATION = "impersonation"
    SPAM = "spam"
    OTHER = "other"


FAULT_LABELS: Mapping[str, str] = {
    Fault.UNTRUE: N_("A qualification that is not true"),
    Fault.OFFENSIVE: N_("Offensive words or pictures"),
    Fault.IMPERSONATION: N_("Somebody pretends to be someone else"),
    Fault.SPAM: N_("Advertising or spam"),
    Fault.OTHER: N_("Something else"),
}


class ReportForm(BaseModel):
    kind: Fault
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST)] = ""


class _Subject(NamedTuple):
    id: UUID
    tenant_id: UUID
    name: str
    house: str
    href: str


def _find(session: Session, tenant: str, slug: str) -> _Subject:
    house = session.execute(_HOUSE, {"tenant": tenant, "ourselves": PERSONS}).one_or_none()
    if house is None:
        raise NotFound
    if not slug:
        return _Subject(house.id, house.id, house.name, "", f"/t/{tenant}")
    who = session.execute(_PROFILE, {"tenant": house.id, "slug": slug}).one_or_none()
    if who is None:
        raise NotFound
    return _Subject(who.id, house.id, who.name, house.name, f"/t/{tenant}/p/{slug}")


def _waits(session: Session, actor: Actor, subject: _Subject) -> bool:
    query = select(func.count(col(ContentReport.id))).where(
        col(ContentReport.person_id) == actor.person_id,
        col(ContentReport.subject_id) == subject.id,
        col(ContentReport.state) == ReportState.OPEN,
    )
    return bool(session.scalar(query))


@verb(SIGNED_IN)
def read_page(session: Session, actor: Actor, *, tenant: str, slug: str) -> ReportedPage:
    """What would be reported: a published profile, or with an empty `slug` the organisation's page. Raises NotFound."""
    subject = _find(session, tenant, slug)
    return ReportedPage(subject.name, subject.house, subject.href, _waits(session, actor, subject))


@verb(SIGNED_IN)
def report_page(session: Session, actor: Actor, *, tenant: str, slug: str, form: ReportForm) -> None:
    """Report a published profile, or with an empty `slug` an organisation's page (DI-132).

    Once for each page while it is open, A_DAY a day. Raises NotFound, AlreadyReported, TooMany or, at the field, WordsMissing.
    """
    subject, now = _find(session, tenant, slug), clock.now()
    if form.kind == Fault.OTHER and len(form.words) < 4:
        raise WordsMissing(field="words")
    session.execute(_LOCK, {"id": str(actor.person_id)})  # two clicks at once are one report
    if _waits(session, actor, subject):
        raise AlreadyReported
    recent = select(func.count(col(ContentReport.id))).where(
        col(ContentReport.person_id) == actor.person_id, col(ContentReport.created_at) > now - timedelta(days=1)
    )
    if (session.scalar(recent) or 0) >= A_DAY:
        raise TooMany(seconds=3600)
    session.add(
        ContentReport(
            of_tenant=subject.tenant_id,
            subject_id=subject.id,
            person_id=actor.person_id,
            kind=form.kind.value,
            words=form.words,
            created_at=now,
        )
    )
    session.flush()
    tell_desk()


def tell_desk() -> None:
    """Nudge the open consoles."""
    publish((tenant_topic(None), QUEUE))
