"""Standing in for a member: for a reason and half an hour, under one's own name, with a banner, a record and a mail to the owners.

The actor keeps the real person's id, so every row and audit entry names them; permissions are the few of
`WHILE_IMPERSONATING`; step-up, health data and secrets stay closed (core.actor, core.db).
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import CareHubError, NotFound
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.console import Impersonation
from carehub.models.tenancy import Membership, TenantStatus
from carehub.services.identity.sessions import revoke_after_commit
from carehub.services.platform.telling import tell
from carehub.services.platform.tenants import access_tenant
from carehub.services.platform.visits import clean_reason

IMPERSONATE = "platform.impersonate"
BEGAN = "impersonation.began"
LASTS = timedelta(minutes=30)


class NotOpenNow(CareHubError):
    key = "This organisation is not open: nobody stands in for its people"
    status = 409


@verb(IMPERSONATE, role=Role.PLATFORM)
def impersonate(session: Session, actor: Actor, *, tenant_id: UUID, member_id: UUID, reason: str) -> str:
    """Stand in for a member in this sign-in, for LASTS. Answers the organisation's slug; its owners are told by mail.

    Raises NotFound, NotOpenNow or, at the field, ReasonNeeded.
    """
    said = clean_reason(reason)
    tenant = access_tenant(session, tenant_id)
    if tenant.status != TenantStatus.ACTIVE:
        raise NotOpenNow
    member = session.scalar(
        select(Membership).where(col(Membership.tenant_id) == tenant_id, col(Membership.id) == member_id)
    )
    if member is None or not member.active or actor.person_id is None or actor.session_id is None:
        raise NotFound
    now = clock.now()
    begun = Impersonation(
        tenant_id=tenant_id,
        person_id=actor.person_id,
        session_id=actor.session_id,
        member_id=member_id,
        reason=said,
        started_at=now,
        ends_at=now + LASTS,
    )
    session.add(begun)
    session.flush()
    tell(session, tenant_id, BEGAN, impersonation_id=str(begun.id))
    revoke_after_commit(session)
    return tenant.slug


@verb("platform.open", role=Role.PLATFORM)
def stop_impersonating(session: Session, actor: Actor) -> None:
    """Leave every organisation in which the person stands in, before the time is over."""
    session.execute(
        update(Impersonation)
        .where(col(Impersonation.person_id) == actor.person_id, col(Impersonation.ends_at) > clock.now())
        .values(ends_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    revoke_after_commit(session)
