"""What time does to approvals: a reminder thirty days before the last day, then the badge goes."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.permissions import SYSTEM
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.verification import Verification, VerificationStatus
from carehub.services.verification.claims import tell

REMINDED_BEFORE = timedelta(days=30)
_DUE = text("""
    SELECT tenant_id, id FROM verification
    WHERE approved AND (expires_on < :today OR (expires_on <= :soon AND reminded_at IS NULL AND status = 'approved'))
    ORDER BY tenant_id, id LIMIT 1000""")


@verb(SYSTEM)
def expire_approvals(session: Session, _actor: Actor) -> int:
    """End approvals whose last day is over and remind of those that end within thirty days, once. Answers how many it touched.

    Repeatable; runs every hour.
    """
    today = clock.now().date()
    due = session.execute(_DUE, {"today": today, "soon": today + REMINDED_BEFORE}).all()
    return sum(_touch(session, row.tenant_id, row.id) for row in due)


def _touch(session: Session, tenant_id: UUID, claim_id: UUID) -> int:
    today = clock.now().date()
    with tenant_scope(session, Role.APP, tenant_id):
        claim = session.get(Verification, (tenant_id, claim_id), with_for_update=True, populate_existing=True)
        if claim is None or not claim.approved or claim.expires_on is None:
            return 0
        if claim.expires_on >= today:
            claim.reminded_at = clock.now()
            session.flush()
            tell(session, claim, "expiring")
            return 1
        claim.approved = False
        if claim.status == VerificationStatus.APPROVED:
            claim.status = VerificationStatus.EXPIRED
        session.flush()
        tell(session, claim, "expired")
        return 1
