"""What a person asks of an organisation about their data, and its answer within a month (SQ-135, GDPR 12)."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import PERSONS, decrypt_optional, encrypt
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.booking import Patient
from carehub.models.privacy import RequestKind, RequestStatus, RightsRequest
from carehub.services.identity.step_up import check_recent_proof
from carehub.services.listing import Column, Filter, ListSpec, list_verb
from carehub.services.privacy.erasing import erase_here
from carehub.services.privacy.errors import AnsweredAlready, AskedAlready, NoFile, SayWhat, SayWhy, TooManyRequests
from carehub.services.privacy.forms import AskedKind
from carehub.services.privacy.subject import places, subject_of_files
from carehub.services.privacy.telling import tell

MANAGE = "privacy.manage"
MOST_OPEN = 5
SAID, ANSWER = "rights_request.said", "rights_request.answer"
ASKED, ANSWERED = "privacy.request_asked", "privacy.request_answered"
KIND_LABELS: Mapping[str, str] = {
    RequestKind.ACCESS: N_("Access or copy"),
    RequestKind.RECTIFICATION: N_("Correction"),
    RequestKind.ERASURE: N_("Erasure"),
    RequestKind.OBJECTION: N_("Objection"),
}
STATUS_LABELS: Mapping[str, str] = {
    RequestStatus.OPEN: N_("To answer"),
    RequestStatus.DONE: N_("Answered"),
    RequestStatus.REJECTED: N_("Refused with a reason"),
    RequestStatus.WITHDRAWN: N_("Withdrawn"),
}
STATUS_TONES: Mapping[str, Any] = {"open": "warn", "done": "ok", "rejected": "bad", "withdrawn": "out"}


@dataclass(frozen=True)
class RequestView:
    """A request as its person or the desk reads it. Times are ISO; `kept`: msgids of why something stays."""

    id: str = ""
    kind: str = ""
    status: str = ""
    tenant: str = ""
    person: str = ""
    patient_id: str = ""
    said: str = ""
    answer: str = ""
    asked_at: str = ""
    due_at: str = ""
    closed_at: str = ""
    kept: tuple[str, ...] = ()


def view_of(row: RightsRequest, *, tenant: str = "", person: str = "") -> RequestView:
    scope = row.tenant_id
    return RequestView(
        id=str(row.id),
        kind=row.kind,
        status=row.status,
        tenant=tenant,
        person=person,
        patient_id=str(row.patient_id or ""),
        said=decrypt_optional(scope, SAID, row.said),
        answer=decrypt_optional(scope, ANSWER, row.answer),
        asked_at=row.asked_at.isoformat(),
        due_at=row.due_at.isoformat(),
        closed_at=row.closed_at.isoformat() if row.closed_at else "",
        kept=tuple(one["reason"] for one in row.kept),
    )


def a_month_after(moment: datetime) -> datetime:
    """The same day of the next month, or its last: the time that the law gives for an answer."""
    year, month = moment.year + moment.month // 12, moment.month % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


_KNOWN = text("""
    SELECT t.id, p.id AS patient_id FROM tenant t JOIN patient p ON p.tenant_id = t.id
    WHERE t.slug = :slug AND p.person_id = :person""")


@verb(SIGNED_IN)
def my_requests(session: Session, actor: Actor) -> list[RequestView]:
    """What one asked of organisations, the latest first; at most 50."""
    rows = session.scalars(
        select(RightsRequest)
        .where(col(RightsRequest.person_id) == actor.person_id, col(RightsRequest.tenant_id) != PERSONS)
        .order_by(col(RightsRequest.asked_at).desc())
        .limit(50)
    ).all()
    names = {one.id: one.name for one in places(session)} if rows else {}
    return [view_of(row, tenant=names.get(row.tenant_id, "")) for row in rows]


@verb(SIGNED_IN)
def ask_tenant(session: Session, actor: Actor, *, tenant: str, kind: AskedKind, said: str) -> list[RequestView]:
    """Ask an organisation that keeps a file of the person; it has a month to answer, and its owners are told.

    Raises NotFound, SayWhat at the field, AskedAlready, TooManyRequests.
    """
    place = session.execute(_KNOWN, {"slug": tenant, "person": actor.person_id}).one_or_none()
    if place is None:
        raise NotFound
    words = said.strip()[:4000]
    if not words and kind in (AskedKind.RECTIFICATION, AskedKind.OBJECTION):
        raise SayWhat(field="said")
    open_ones = select(col(RightsRequest.kind)).where(
        col(RightsRequest.person_id) == actor.person_id,
        col(RightsRequest.tenant_id) == place.id,
        col(RightsRequest.status) == RequestStatus.OPEN,
    )
    kinds = list(session.scalars(open_ones))
    if len(kinds) >= MOST_OPEN:
        raise TooManyRequests
    if kind.value in kinds and kind not in (AskedKind.RECTIFICATION, AskedKind.OBJECTION):
        raise AskedAlready
    now = clock.now()
    made = RightsRequest(
        tenant_id=place.id,
        person_id=actor.person_id,
        patient_id=place.patient_id,
        kind=kind.value,
        said=encrypt(place.id, SAID, words) if words else None,
        asked_at=now,
        due_at=a_month_after(now),
    )
    session.add(made)
    session.flush()
    tell(session, place.id, ASKED, request_id=str(made.id))
    announce(session, REQUESTS.name)
    return my_requests(session, actor)


@verb(SIGNED_IN)
def withdraw_request(session: Session, actor: Actor, *, request_id: UUID) -> list[RequestView]:
    """Take back an open request of one's own. Raises NotFound."""
    done = session.execute(
        update(RightsRequest)
        .where(
            col(RightsRequest.id) == request_id,
            col(RightsRequest.person_id) == actor.person_id,
            col(RightsRequest.tenant_id) != PERSONS,
            col(RightsRequest.status) == RequestStatus.OPEN,
        )
        .values(status=RequestStatus.WITHDRAWN.value, closed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
    announce(session, REQUESTS.name)
    return my_requests(session, actor)


def _base(statement: Select[Any]) -> Select[Any]:
    mine = (col(Patient.tenant_id) == col(RightsRequest.tenant_id)) & (col(Patient.id) == col(RightsRequest.patient_id))
    return statement.select_from(RightsRequest).outerjoin(Patient, mine)


_WHO = func.coalesce(func.nullif(func.concat_ws(" ", col(Patient.given_name), col(Patient.family_name)), ""), "—")
REQUESTS = ListSpec(
    name="rights_requests",
    title=N_("Requests about data"),
    permission=MANAGE,
    key=col(RightsRequest.id),
    columns={
        "who": Column(N_("Name"), _WHO, kind="person"),
        "kind": Column(N_("What"), col(RightsRequest.kind), kind="badge", labels=KIND_LABELS),
        "status": Column(
            N_("State"), col(RightsRequest.status), kind="badge", labels=STATUS_LABELS, tones=STATUS_TONES
        ),
        "due": Column(N_("Answer by"), col(RightsRequest.due_at), kind="date"),
        "asked": Column(N_("Asked on"), col(RightsRequest.asked_at), kind="date", on_phone=False),
    },
    search=(_WHO,),
    sort="due",
    filters={
        "status": Filter(N_("State"), STATUS_LABELS, col(RightsRequest.status)),
        "kind": Filter(N_("What"), KIND_LABELS, col(RightsRequest.kind)),
    },
    base=_base,
    link="/w/{tenant}/settings/privacy?request={id}",
    search_label=N_("Search a name"),
    empty=N_("When someone asks for their data, it stands here with the day by which you answer."),
)
list_requests = list_verb(REQUESTS)


def access_request(session: Session, request_id: UUID) -> RightsRequest:
    """A request of the session's tenant. Raises NotFound."""
    found = session.scalar(select(RightsRequest).where(col(RightsRequest.id) == request_id).with_for_update())
    if found is None:
        raise NotFound
    return found


@verb(MANAGE)
def read_request(session: Session, _actor: Actor, *, request_id: UUID) -> RequestView:
    """One request with the person's words. Raises NotFound."""
    found = access_request(session, request_id)
    name = session.scalar(
        select(func.concat_ws(" ", col(Patient.given_name), col(Patient.family_name))).where(
            col(Patient.id) == found.patient_id
        )
    )
    return view_of(found, person=name or "")


@verb(MANAGE)
def answer_request(session: Session, actor: Actor, *, request_id: UUID, answer: str, accept: bool) -> RequestView:
    """Answer, or refuse with a reason; the person is told. An erasure that is accepted happens now, and needs a fresh proof.

    What the law makes the organisation keep stays, and the answer says why. Raises NotFound, AnsweredAlready, SayWhy at the field,
    ProofNeeded, NoFile.
    """
    found = access_request(session, request_id)
    if found.status != RequestStatus.OPEN:
        raise AnsweredAlready
    words = answer.strip()[:4000]
    if not words and not accept:
        raise SayWhy(field="answer")
    if accept and found.kind == RequestKind.ERASURE:
        check_recent_proof(session, actor)
        found.kept = _erase(session, found)
    found.status = RequestStatus.DONE.value if accept else RequestStatus.REJECTED.value
    found.answer = encrypt(found.tenant_id, ANSWER, words) if words else None
    found.closed_at, found.closed_by = clock.now(), actor.person_id
    session.flush()
    outbox.emit(session, ANSWERED, request_id=str(found.id))
    announce(session, REQUESTS.name)
    return view_of(found)


def _erase(session: Session, found: RightsRequest) -> list[dict[str, str]]:
    if found.patient_id is None:
        raise NoFile
    place = next(one for one in places(session) if one.id == found.tenant_id)
    with tenant_scope(session, Role.APP, place.id):
        subject = subject_of_files(session, place, [found.patient_id])
    minimum = erase_here(session, subject)
    return [{"tenant": place.name, "reason": minimum.reason}] if minimum else []
