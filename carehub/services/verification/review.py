"""The reviewer's queue: approve, reject with a reason, ask for more (DI-026). Every look and decision is on record."""

import enum
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import decrypt_optional
from carehub.core.errors import ChangedMeanwhile, NotFound
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.identity import Person
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Tenant
from carehub.models.verification import Verification, VerificationDocument, VerificationRead, VerificationStatus
from carehub.services.listing import Column, Filter, ListSpec, list_verb
from carehub.services.platform.telling import tell
from carehub.services.verification.badge import NUMBER
from carehub.services.verification.claims import STATEMENT, last_day
from carehub.services.verification.errors import DayWrong, OwnClaim, ReasonMissing
from carehub.services.verification.kinds import KINDS
from carehub.services.verification.views import DocumentView, ReadView, ReviewView

READ, MANAGE = "platform.read", "platform.manage"
LONGEST_REASON = 500
STATUS_LABELS: Mapping[str, str] = {
    "draft": N_("Not sent yet"),
    "submitted": N_("Being checked"),
    "more": N_("Something is missing"),
    "approved": N_("Approved"),
    "rejected": N_("Rejected"),
    "expired": N_("Expired"),
    "withdrawn": N_("Withdrawn"),
}
STATUS_TONES: Mapping[str, Any] = {
    "draft": "out",
    "submitted": "info",
    "more": "warn",
    "approved": "ok",
    "rejected": "bad",
    "expired": "warn",
    "withdrawn": "out",
}
IN_QUEUE = {code: label for code, label in STATUS_LABELS.items() if code not in ("draft", "withdrawn")}
KIND_LABELS = {code: one.label for code, one in KINDS.items()}

_NAME = func.concat_ws(" ", col(Practitioner.given_name), col(Practitioner.family_name))
_PROOFS = (
    select(func.count())
    .where(
        col(VerificationDocument.tenant_id) == col(Verification.tenant_id),
        col(VerificationDocument.verification_id) == col(Verification.id),
    )
    .correlate(Verification)
    .scalar_subquery()
)
REVIEWS = ListSpec(
    name="platform_reviews",
    title=N_("Verification"),
    permission=READ,
    role=Role.PLATFORM,
    key=col(Verification.id),
    columns={
        "name": Column(
            N_("Practitioner"), _NAME, kind="person", second=col(Tenant.name), second_label=N_("Organisation")
        ),
        "kind": Column(N_("What is claimed"), col(Verification.kind), kind="badge", labels=KIND_LABELS),
        "state": Column(N_("State"), col(Verification.status), kind="badge", labels=STATUS_LABELS, tones=STATUS_TONES),
        "proofs": Column(N_("Documents"), _PROOFS, kind="number", sortable=False, on_phone=False),
        "sent": Column(N_("Sent"), col(Verification.submitted_at), kind="datetime"),
        "until": Column(N_("Valid until"), col(Verification.expires_on), kind="date", on_phone=False),
    },
    search=(_NAME, col(Tenant.name)),
    sort="-state",  # those that wait come first
    filters={
        "state": Filter(N_("State"), IN_QUEUE, col(Verification.status)),
        "kind": Filter(N_("What is claimed"), KIND_LABELS, col(Verification.kind)),
    },
    base=lambda statement: (
        statement.join(
            Practitioner,
            (col(Practitioner.tenant_id) == col(Verification.tenant_id))
            & (col(Practitioner.id) == col(Verification.practitioner_id)),
        )
        .join(Tenant, col(Tenant.id) == col(Verification.tenant_id))
        .where(col(Verification.status).in_(list(IN_QUEUE)))
    ),
    link="/platform/verification?claim={id}",
    search_label=N_("Name or organisation"),
    empty=N_("What practitioners send to be verified stands here, the ones that wait first."),
)
list_reviews = list_verb(REVIEWS)


class Decision(enum.StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    MORE = "more"


@verb(READ, role=Role.PLATFORM)
def review_claim(session: Session, _actor: Actor, *, claim_id: UUID) -> ReviewView:
    """One claim with its number, its documents and who opened them. Raises NotFound."""
    v, p, t = Verification, Practitioner, Tenant
    found = session.execute(
        select(v, p, t)
        .join(p, (col(p.tenant_id) == col(v.tenant_id)) & (col(p.id) == col(v.practitioner_id)))
        .join(t, col(t.id) == col(v.tenant_id))
        .where(col(v.id) == claim_id, col(v.status).in_(list(IN_QUEUE)))
    ).one_or_none()
    if found is None:
        raise NotFound
    claim, who, tenant = found
    kind, number = KINDS[claim.kind], decrypt_optional(claim.tenant_id, NUMBER, claim.number)
    until = last_day(kind, clock.now().date())
    return ReviewView(
        id=str(claim.id),
        tenant_id=str(tenant.id),
        tenant=tenant.name,
        practitioner=" ".join(part for part in (who.honorific, who.given_name, who.family_name) if part),
        href=f"/t/{tenant.slug}/p/{who.slug}",
        country=tenant.country,
        label=kind.label,
        number_label=kind.number,
        number="" if kind.options else number,
        option=kind.options.get(number, ""),
        declared=f"{who.registration_kind.upper()} {who.registration_number}" if who.registration_number else "",
        statement=decrypt_optional(claim.tenant_id, STATEMENT, claim.statement),
        status=claim.status,
        approved=claim.approved,
        reason=claim.reason,
        submitted_at=claim.submitted_at.isoformat(),
        submitted_by=_name_of(session, claim.submitted_by),
        expires_on=claim.expires_on.isoformat() if claim.expires_on else "",
        until=until.isoformat() if until else "",
        documents=_documents(session, claim),
        reads=_reads(session, claim),
    )


def _name_of(session: Session, person_id: UUID | None) -> str:
    name = func.concat_ws(" ", col(Person.given_name), col(Person.family_name))
    return session.scalar(select(name).where(col(Person.id) == person_id)) or ""


def _documents(session: Session, claim: Verification) -> list[DocumentView]:
    d = VerificationDocument
    query = select(d).where(col(d.tenant_id) == claim.tenant_id, col(d.verification_id) == claim.id)
    return [
        DocumentView(
            str(one.id),
            one.name,
            one.size,
            one.created_at.isoformat(),
            f"/api/platform/verification/{one.tenant_id}/{one.id}",
            0,
        )
        for one in session.scalars(query.order_by(col(d.created_at), col(d.id)))
    ]


def _reads(session: Session, claim: Verification) -> list[ReadView]:
    r = VerificationRead
    name = func.concat_ws(" ", col(Person.given_name), col(Person.family_name))
    query = (
        select(name, col(r.at), col(r.by))
        .join(Person, col(Person.id) == col(r.person_id))
        .where(
            col(r.tenant_id) == claim.tenant_id,
            col(r.practitioner_id) == claim.practitioner_id,
            col(r.kind) == claim.kind,
        )
        .order_by(col(r.at).desc())
        .limit(20)
    )
    return [ReadView(who, at.isoformat(), by) for who, at, by in session.execute(query)]


@verb(MANAGE, role=Role.PLATFORM)
def decide_claim(
    session: Session,
    actor: Actor,
    *,
    tenant_id: UUID,
    claim_id: UUID,
    decision: Decision,
    reason: str = "",
    expires_on: date | None = None,
) -> None:
    """Answer a claim that waits, or reject one that was approved; who sent it is told, and the badge follows.

    An approval holds through `expires_on` (None: for good). Raises NotFound, OwnClaim, ReasonMissing, DayWrong at the field, and
    ChangedMeanwhile when it waits no more.
    """
    today, said = clock.now().date(), " ".join(reason.split())[:LONGEST_REASON]
    if decision != Decision.APPROVE and not said:
        raise ReasonMissing(field="reason")
    if decision == Decision.APPROVE and expires_on and not today < expires_on <= today + timedelta(days=3660):
        raise DayWrong(field="expires_on")
    claim = session.scalar(
        select(Verification).where(col(Verification.tenant_id) == tenant_id, col(Verification.id) == claim_id)
    )
    if claim is None:
        raise NotFound
    whose = select(col(Practitioner.person_id)).where(
        col(Practitioner.tenant_id) == tenant_id, col(Practitioner.id) == claim.practitioner_id
    )
    if actor.person_id in (session.scalar(whose), claim.submitted_by):
        raise OwnClaim
    _write(session, actor, claim, decision, said, expires_on)
    step = {"approve": "approved", "reject": "rejected", "more": "more"}[decision]
    ids = {"verification_id": str(claim.id), "practitioner_id": str(claim.practitioner_id)}
    tell(session, tenant_id, f"verification.{step}", **ids, step=clock.now().isoformat())
    tell(session, tenant_id, "directory.changed", practitioner_id=str(claim.practitioner_id))
    announce(session, REVIEWS.name)


def _write(
    session: Session, actor: Actor, claim: Verification, decision: Decision, reason: str, expires_on: date | None
) -> None:
    """Only what waits is decided; an approval may be taken back later."""
    open_to = [VerificationStatus.SUBMITTED.value]
    values: dict[str, Any] = {"reason": reason, "decided_at": clock.now(), "decided_by": actor.person_id}
    if decision == Decision.APPROVE:
        values |= {"status": "approved", "approved": True, "expires_on": expires_on, "reminded_at": None}
    elif decision == Decision.REJECT:
        values |= {"status": "rejected", "approved": False, "expires_on": None}
        open_to.append(VerificationStatus.APPROVED.value)
    else:
        values |= {"status": "more"}
    done = session.execute(
        update(Verification)
        .where(
            col(Verification.tenant_id) == claim.tenant_id,
            col(Verification.id) == claim.id,
            col(Verification.status).in_(open_to),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    if not done:
        raise ChangedMeanwhile
