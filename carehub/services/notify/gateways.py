"""A tenant's account with a carrier of text messages, its monthly budget, and what was spent (SQ-011, SQ-013, SQ-014)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.crypto import PERSONS, decrypt
from carehub.core.settings import settings
from carehub.models.reach import Carrier, MessageGateway
from carehub.models.tenancy import Addon
from carehub.services.notify.facts import read_tenant
from carehub.services.tenancy.plans import holds_addon, plan_of

SECRET = "message_gateway.secret"  # noqa: S105
_SPENT = text("""
    SELECT count(*) AS messages, coalesce(sum(segments), 0) AS segments, coalesce(sum(cost_micros), 0) AS cost_micros
    FROM delivery WHERE handed_at >= :since""")


@dataclass(frozen=True)
class Gateway:
    """What a sender needs. `price_micros`: of one segment, in millionths of the tenant's currency."""

    account: str
    token: str
    sms_from: str
    whatsapp_from: str
    monthly_segments: int | None  # None: no limit
    price_micros: int = 0

    def sender(self, carrier: str) -> str:
        """The number that `carrier` sends from; empty when there is none."""
        return self.whatsapp_from if carrier == Carrier.WHATSAPP else self.sms_from


@dataclass(frozen=True)
class Spent:
    """Of the running calendar month, in the tenant's own time. `limit` 0: none."""

    messages: int
    segments: int
    cost_micros: int
    limit: int = 0


def tenant_of(session: Session) -> UUID:
    return UUID(session.info["tenant"])


def row_of(session: Session, tenant_id: UUID) -> MessageGateway | None:
    return session.scalar(select(MessageGateway).where(col(MessageGateway.tenant_id) == tenant_id))


def find_gateway(session: Session, tenant_id: UUID) -> Gateway | None:
    """The tenant's gateway, None when it has none or switched it off. The platform's own is the operator's.

    Without the add-on (SQ-131) nothing leaves by WhatsApp: the number is kept, and messages go by SMS.
    """
    if tenant_id == PERSONS:
        if not settings.sms_account:
            return None
        return Gateway(settings.sms_account, settings.sms_token, settings.sms_from, "", None)
    row = row_of(session, tenant_id)
    if row is None or not row.enabled:
        return None
    return Gateway(
        account=row.account,
        token=decrypt(tenant_id, SECRET, row.secret),
        sms_from=row.sms_from,
        whatsapp_from=row.whatsapp_from if holds_addon(session, tenant_id, Addon.WHATSAPP) else "",
        monthly_segments=limit_of(session, tenant_id, row.monthly_segments),
        price_micros=row.price_micros,
    )


def limit_of(session: Session, tenant_id: UUID, own: int) -> int:
    """The owner's own monthly limit, never more than the plan holds (SQ-125..127). No plan: the owner's."""
    plan = plan_of(session, tenant_id)
    return own if plan is None or plan.texts is None else min(own, plan.texts)


def month_of(zone: str) -> datetime:
    """When the running month began, on the tenant's clocks."""
    now = clock.to_local(clock.now(), zone)
    return clock.from_local(now.replace(day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=None), zone)


def spent(session: Session, tenant_id: UUID) -> Spent:
    """What the session's tenant gave to its carrier this month, refused ones too: a carrier charges as it likes."""
    since = month_of(read_tenant(session, tenant_id).time_zone)
    row = session.execute(_SPENT, {"since": since}).one()
    return Spent(row.messages, row.segments, row.cost_micros)


def lock_budget(session: Session, tenant_id: UUID) -> None:
    """One message at a time where a limit counts: two must not both take the last segment."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"texts {tenant_id}", 13))))
