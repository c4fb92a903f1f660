"""The reviewer's queue of public pages: no fault, a change asked for, a profile hidden or shown again (DI-132). All on record."""

import enum
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import PERSONS
from carehub.core.errors import ChangedMeanwhile, NotFound
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.identity import Person
from carehub.models.moderation import ContentReport, ReportKind, ReportState
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Tenant
from carehub.services.listing import Column, Filter, ListSpec, list_verb
from carehub.services.moderation.errors import OnlyProfilesHide, OwnPage, ReasonMissing
from carehub.services.moderation.reading import parts_of_house, parts_of_profile
from carehub.services.moderation.reporting import FAULT_LABELS, QUEUE
from carehub.services.moderation.rules import PART_LABELS, WHAT_LABELS
from carehub.services.moderation.views import PartView, ReportView
from carehub.services.platform.telling import tell

READ, MANAGE = "platform.read", "platform.manage"
SEEN = "account.report_seen"
LONGEST = 500
KIND_LABELS: Mapping[str, str] = {**FAULT_LABELS, ReportKind.FOUND: N_("Found by itself")}
STATE_LABELS: Mapping[str, str] = {
    ReportState.OPEN: N_("To look at"),
    ReportState.NO_FAULT: N_("No fault"),
    ReportState.CHANGE: N_("Change asked for"),
    ReportState.HIDDEN: N_("Profile hidden"),
    ReportState.LIFTED: N_("Shown again"),
}
TONES: Mapping[str, Any] = {
    ReportState.OPEN: "warn",
    ReportState.NO_FAULT: "out",
    ReportState.CHANGE: "info",
    ReportState.HIDDEN: "bad",
    ReportState.LIFTED: "ok",
}


class Decision(enum.StrEnum):
    NO_FAULT = "no_fault"
    CHANGE = "change"
    HIDE = "hide"
    LIFT = "lift"


# what becomes of a report, and from where
_BECOMES = {
    Decision.NO_FAULT: (ReportState.NO_FAULT, (ReportState.OPEN,)),
    Decision.CHANGE: (ReportState.CHANGE, (ReportState.OPEN,)),
    Decision.HIDE: (ReportState.HIDDEN, (ReportState.OPEN, ReportState.CHANGE)),
    Decision.LIFT: (ReportState.LIFTED, (ReportState.HIDDEN,)),
}
_r, _p, _t = ContentReport, Practitioner, Tenant
_SAME = (col(_p.tenant_id) == col(_r.of_tenant)) & (col(_p.id) == col(_r.subject_id))
_WHO = func.concat_ws(" ", col(_p.given_name), col(_p.family_name))
_PAGE = case((col(_p.id).is_(None), col(_t.name)), else_=_WHO)
REPORTS = ListSpec(
    name=QUEUE,
    title=N_("Reported pages"),
    permission=READ,
    role=Role.PLATFORM,
    key=col(_r.id),
    columns={
        "page": Column(N_("Page"), _PAGE, kind="person", second=col(_t.name), second_label=N_("Organisation")),
        "kind": Column(N_("What is wrong"), col(_r.kind), kind="badge", labels=KIND_LABELS),
        "state": Column(N_("State"), col(_r.state), kind="badge", labels=STATE_LABELS, tones=TONES),
        "sent": Column(N_("Reported"), col(_r.created_at), kind="datetime"),
        "decided": Column(N_("Decided"), col(_r.decided_at), kind="datetime", on_phone=False),
    },
    search=(_WHO, col(_t.name)),
    sort="-sent",
    filters={
        "state": Filter(N_("State"), STATE_LABELS, col(_r.state)),
        "kind": Filter(N_("What is wrong"), KIND_LABELS, col(_r.kind)),
    },
    base=lambda statement: statement.join(_t, col(_t.id) == col(_r.of_tenant)).outerjoin(_p, _SAME),
    link="/platform/reports?report={id}",
    search_label=N_("Name or organisation"),
    empty=N_("Profiles and pages that somebody reported, or whose new words stand out, wait here."),
)
list_reports = list_verb(REPORTS)


@verb(READ, role=Role.PLATFORM)
def review_report(session: Session, _actor: Actor, *, report_id: UUID) -> ReportView:
    """One report with the page's words as they stand now. Raises NotFound."""
    found = session.execute(
        select(_r, _t, _p).join(_t, col(_t.id) == col(_r.of_tenant)).outerjoin(_p, _SAME).where(col(_r.id) == report_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, house, who = found
    is_profile = row.subject_id != house.id
    parts = parts_of_profile(who) if who else {} if is_profile else parts_of_house(house)
    name = " ".join(filter(None, (who.honorific, who.given_name, who.family_name))) if who else ""
    return ReportView(
        id=str(row.id),
        tenant_id=str(house.id),
        tenant=house.name,
        name=name if is_profile else house.name,
        href=(f"/t/{house.slug}/p/{who.slug}" if who else "") if is_profile else f"/t/{house.slug}",
        profile=is_profile,
        kind=KIND_LABELS[row.kind],
        words=row.words,
        found=[_found(one) for one in row.found],
        reporter=_reporter(session, row),
        state=row.state,
        told=row.told,
        at=row.created_at.isoformat(),
        others=_others(session, row),
        parts=[PartView(PART_LABELS[part], said) for part, said in parts.items()],
    )


def _found(code: str) -> PartView:
    what, _, part = code.partition(":")
    return PartView(WHAT_LABELS.get(what, what), PART_LABELS.get(part, part))


def _reporter(session: Session, row: ContentReport) -> str:
    name = func.concat_ws(" ", col(Person.given_name), col(Person.family_name))
    return session.scalar(select(name).where(col(Person.id) == row.person_id)) or "" if row.person_id else ""


def _others(session: Session, row: ContentReport) -> int:
    """How many more wait about the same page: one decision answers them all."""
    query = select(func.count()).where(
        col(_r.subject_id) == row.subject_id, col(_r.state) == ReportState.OPEN, col(_r.id) != row.id
    )
    return session.scalar(query) or 0


@verb(MANAGE, role=Role.PLATFORM)
def decide_report(
    session: Session, actor: Actor, *, tenant_id: UUID, report_id: UUID, decision: Decision, reason: str = ""
) -> None:
    """Decide about a page: every open report about it is answered by the same decision.

    The practitioner and the owners are told of all but "no fault", with `reason`; who reported it is told only that it was looked
    at. A hidden profile leaves the directory with the next event and comes back when it is lifted. Raises NotFound, OwnPage,
    ChangedMeanwhile and, at the field, ReasonMissing or OnlyProfilesHide.
    """
    said, (becomes, allowed) = " ".join(reason.split())[:LONGEST], _BECOMES[decision]
    if decision in (Decision.CHANGE, Decision.HIDE) and not said:
        raise ReasonMissing(field="reason")
    row = session.scalar(select(_r).where(col(_r.of_tenant) == tenant_id, col(_r.id) == report_id))
    if row is None:
        raise NotFound
    is_profile = row.subject_id != tenant_id
    if decision == Decision.HIDE and not is_profile:
        raise OnlyProfilesHide(field="reason")
    whose = select(col(_p.person_id)).where(col(_p.tenant_id) == tenant_id, col(_p.id) == row.subject_id)
    if actor.person_id in (session.scalar(whose), row.person_id):
        raise OwnPage
    together = _together(session, row, allowed)
    reporters = {one.person_id for one in together if one.state == ReportState.OPEN and one.person_id is not None}
    for one in together:
        one.state, one.told, one.decided_by, one.decided_at = becomes, said, actor.person_id, clock.now()
    session.flush()
    _tell(session, row, decision, reporters, is_profile=is_profile)


def _together(session: Session, row: ContentReport, allowed: Sequence[ReportState]) -> list[ContentReport]:
    """The report and those decided with it, locked. Raises ChangedMeanwhile when somebody was faster."""
    with_it = ReportState.HIDDEN if ReportState.HIDDEN in allowed else ReportState.OPEN
    query = (
        select(_r)
        .where(col(_r.subject_id) == row.subject_id, (col(_r.state) == with_it) | (col(_r.id) == row.id))
        .order_by(col(_r.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = list(session.scalars(query))
    if not any(one.id == row.id and one.state in allowed for one in found):
        raise ChangedMeanwhile
    return found


def _tell(session: Session, row: ContentReport, decision: Decision, reporters: set[UUID], *, is_profile: bool) -> None:
    if decision != Decision.NO_FAULT:
        event = {Decision.CHANGE: "change", Decision.HIDE: "hidden", Decision.LIFT: "lifted"}[decision]
        tell(session, row.of_tenant, f"moderation.{event}", report_id=str(row.id), step=clock.now().isoformat())
    if is_profile and decision in (Decision.HIDE, Decision.LIFT):
        tell(session, row.of_tenant, "directory.changed", practitioner_id=str(row.subject_id))
    for person_id in sorted(reporters):
        tell(session, PERSONS, SEEN, person_id=str(person_id), report_id=str(row.id))
    announce(session, REPORTS.name)
