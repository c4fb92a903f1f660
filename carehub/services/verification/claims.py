"""A practitioner's claims: begun, sent, taken back; an owner does so for the team. DI-024, DI-025, DI-027, MC-009."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import decrypt, encrypt
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.access import ExternalIdentity
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Tenant
from carehub.models.verification import Verification, VerificationDocument, VerificationRead, VerificationStatus
from carehub.services.identity.providers import platform_providers
from carehub.services.profiles.profile import EDIT, access_practitioner
from carehub.services.verification.badge import NUMBER
from carehub.services.verification.errors import AlreadyWaiting, DocumentMissing, KindUnknown
from carehub.services.verification.kinds import Kind, check_number, hidden, kinds_for
from carehub.services.verification.removal import forget_documents
from carehub.services.verification.views import ClaimView, DocumentView

STATEMENT = "verification.statement"
LONGEST_STATEMENT = 1000
TOPIC = "verification"  # staff's pages watch it


def kind_here(session: Session, actor: Actor, code: str) -> Kind:
    """Raises KindUnknown for what is not asked in the tenant's country."""
    found = next((one for one in kinds_for(_country(session, actor)) if one.code == code), None)
    if found is None:
        raise KindUnknown(field="kind")
    return found


def _country(session: Session, actor: Actor) -> str:
    return session.scalar(select(col(Tenant.country)).where(col(Tenant.id) == actor.tenant_id)) or ""


def claim_of(session: Session, practitioner_id: UUID, kind: str) -> Verification | None:
    """Locked: whoever sends and whoever adds a document take turns."""
    return session.scalar(
        select(Verification)
        .where(col(Verification.practitioner_id) == practitioner_id, col(Verification.kind) == kind)
        .with_for_update()
    )


def begun(session: Session, row: Practitioner, kind: str) -> Verification:
    """The claim, made as a draft when there is none."""
    found = claim_of(session, row.id, kind)
    if found is None:
        found = Verification(tenant_id=row.tenant_id, practitioner_id=row.id, kind=kind)
        session.add(found)
        session.flush()
    return found


def tell(session: Session, claim: Verification, what: str) -> None:
    """One event a step: messages and the badge follow."""
    outbox.emit(
        session,
        f"verification.{what}",
        verification_id=str(claim.id),
        practitioner_id=str(claim.practitioner_id),
        step=clock.now().isoformat(),
    )
    outbox.emit(session, "directory.changed", practitioner_id=str(claim.practitioner_id))
    announce(session, TOPIC)


def is_connected(session: Session, actor: Actor, row: Practitioner, network: str) -> bool:
    """Has the practitioner proved by OpenID, to this very account, that the page of `network` is theirs?"""
    provider = next((one for one in platform_providers() if one.ref == network), None)
    if provider is None or row.person_id is None or row.person_id != actor.person_id:
        return False
    known = select(func.count()).where(
        col(ExternalIdentity.issuer) == provider.issuer, col(ExternalIdentity.person_id) == row.person_id
    )
    with tenant_scope(session, Role.AUTH, row.tenant_id):
        return bool(session.scalar(known))


@verb(EDIT)
def list_claims(session: Session, actor: Actor, *, practitioner_id: UUID | None = None) -> list[ClaimView]:
    """Everything that can be verified in the tenant's country, and how each stands. Raises NotFound."""
    row = access_practitioner(session, actor, practitioner_id)
    rows = session.scalars(select(Verification).where(col(Verification.practitioner_id) == row.id))
    begun_ones = {one.kind: one for one in rows}
    documents = _documents(session, actor, [one.id for one in begun_ones.values()])
    return [
        _view(kind, begun_ones.get(kind.code), documents, is_connected(session, actor, row, kind.network))
        for kind in kinds_for(_country(session, actor))
    ]


def _documents(session: Session, actor: Actor, ids: list[UUID]) -> dict[UUID, list[DocumentView]]:
    d, opens = VerificationDocument, actor.role == TenantRole.OWNER
    reads = (
        select(func.count())
        .where(
            col(VerificationRead.tenant_id) == col(d.tenant_id),
            col(VerificationRead.document_id) == col(d.id),
        )
        .correlate(d)
        .scalar_subquery()
    )
    found: dict[UUID, list[DocumentView]] = {}
    query = select(d, reads).where(col(d.verification_id).in_(ids)).order_by(col(d.created_at), col(d.id))
    for one, count in session.execute(query):
        href = f"/api/w/{actor.tenant}/verification/documents/{one.id}" if opens else ""
        shown = DocumentView(str(one.id), one.name, one.size, one.created_at.isoformat(), href, count)
        found.setdefault(one.verification_id, []).append(shown)
    return found


def _view(
    kind: Kind, row: Verification | None, documents: dict[UUID, list[DocumentView]], connected: bool
) -> ClaimView:
    options = [{"value": code, "label": label} for code, label in kind.options.items()]
    shown = ClaimView(
        kind.code, kind.label, kind.help, kind.number if kind.check or kind.options else "", options,
        kind.needs_document, bool(kind.badge), kind.network, connected,
    )  # fmt: skip
    if row is None or row.status == VerificationStatus.WITHDRAWN:
        return shown
    number = decrypt(row.tenant_id, NUMBER, row.number) if row.number else ""
    told = {
        "status": row.status,
        "approved": row.approved,
        "number": kind.options.get(number, "") if kind.options else hidden(number),
        "reason": row.reason,
        "expires_on": row.expires_on.isoformat() if row.expires_on and row.approved else "",
        "submitted_at": row.submitted_at.isoformat() if row.status != VerificationStatus.DRAFT else "",
        "documents": documents.get(row.id, []),
    }
    return ClaimView(**{**shown.__dict__, **told})


@verb(EDIT)
def submit_claim(
    session: Session,
    actor: Actor,
    *,
    kind: str,
    number: str = "",
    statement: str = "",
    practitioner_id: UUID | None = None,
) -> str:
    """Send a claim to the reviewer, again after an answer or to renew it. Answers its status.

    A number is refused at once when it cannot be one of its register. What a network proves by OpenID is approved at once. An
    approval that holds goes on until its last day, unless another number is claimed. Raises NotFound, KindUnknown,
    NumberMissing, NumberWrong, HandleWrong, DocumentMissing, AlreadyWaiting.
    """
    row, asked = access_practitioner(session, actor, practitioner_id), kind_here(session, actor, kind)
    connected = bool(asked.network) and is_connected(session, actor, row, asked.network)
    given = "" if connected and not number.strip() else check_number(asked, number)
    claim = begun(session, row, asked.code)
    if claim.status == VerificationStatus.SUBMITTED:
        raise AlreadyWaiting
    if not connected:
        _check_evidence(session, asked, claim)
    before = decrypt(row.tenant_id, NUMBER, claim.number) if claim.number else ""
    if before != given:
        claim.approved, claim.expires_on = False, None
    claim.number = encrypt(row.tenant_id, NUMBER, given) if given else None
    said = statement.strip()[:LONGEST_STATEMENT]
    claim.statement = encrypt(row.tenant_id, STATEMENT, said) if said else None
    claim.status, claim.reason = VerificationStatus.SUBMITTED, ""
    claim.submitted_by, claim.submitted_at, claim.decided_at, claim.decided_by = (
        actor.person_id,
        clock.now(),
        None,
        None,
    )
    if connected:
        approve_now(claim, last_day(asked, clock.now().date()))
    session.flush()
    tell(session, claim, "approved" if connected else "submitted")
    return claim.status


def _check_evidence(session: Session, kind: Kind, claim: Verification) -> None:
    """A document, or, where a network could have proved it, at least one of the two."""
    if not kind.needs_document and not kind.network:
        return
    count = select(func.count()).where(col(VerificationDocument.verification_id) == claim.id)
    if not session.scalar(count):
        raise DocumentMissing(field="document")


def approve_now(claim: Verification, until: date | None) -> None:
    claim.status, claim.approved, claim.expires_on = VerificationStatus.APPROVED, True, until
    claim.decided_at, claim.reminded_at, claim.reason = clock.now(), None, ""


def last_day(kind: Kind, today: date) -> date | None:
    """How long an approval of this kind usually holds; None: for good."""
    if kind.months is None:
        return None
    years, month = divmod(today.month - 1 + kind.months, 12)
    return date(today.year + years, month + 1, min(today.day, 28))


@verb(EDIT)
def withdraw_claim(session: Session, actor: Actor, *, kind: str, practitioner_id: UUID | None = None) -> None:
    """Take a claim back: its number, its documents and its badge go. Raises NotFound."""
    row = access_practitioner(session, actor, practitioner_id)
    claim = claim_of(session, row.id, kind)
    if claim is None or claim.status == VerificationStatus.WITHDRAWN:
        raise NotFound
    forget_documents(session, col(VerificationDocument.verification_id) == claim.id)
    claim.status, claim.approved, claim.expires_on = VerificationStatus.WITHDRAWN, False, None
    claim.number, claim.statement, claim.reason = None, None, ""
    session.flush()
    tell(session, claim, "withdrawn")
