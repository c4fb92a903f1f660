"""What a tenant's people contribute, and what it takes off their subscription (MC-097, docs/decisions/0025).

`count_contributions` is the only place that says what a contribution is: articles, answers and courses join here when they exist.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.models.practice import Audience, Practitioner, Visibility
from carehub.services.profiles.parts import audience_of
from carehub.services.subscriptions.rules import discount_rule

# column of a practitioner's row -> the part of a profile that it is
PARTS = {"biography": "biography", "approach": "approach", "gallery": "gallery", "video_url": "video"}
_WRITTEN = text("""
    SELECT row_id, changed FROM audit_log, LATERAL jsonb_object_keys(changes) AS changed
    WHERE tenant_id = :tenant AND table_name = 'practitioner' AND row_id = ANY(:rows) AND at >= :since
      AND action IN ('insert', 'update') AND changed = ANY(:columns)
    GROUP BY row_id, changed""")


@dataclass(frozen=True)
class Discount:
    """`percent` off now, for `contributions` within `days`; `more` of them would bring `then` per cent (0: the last step)."""

    percent: int = 0
    contributions: int = 0
    days: int = 0
    more: int = 0
    then: int = 0


def count_contributions(session: Session, tenant_id: UUID, since: datetime) -> int:
    """Parts of published profiles (presentation, approach, pictures, video) that everyone can read and that were written or
    renewed since then: one for each part and practitioner, however often it was saved. Needs ch_app in the tenant."""
    published = session.scalars(
        select(Practitioner).where(
            col(Practitioner.tenant_id) == tenant_id,
            col(Practitioner.active),
            col(Practitioner.visibility) == Visibility.PUBLISHED,
        )
    ).all()
    readable = {
        (str(one.id), column)
        for one in published
        for column, part in PARTS.items()
        if getattr(one, column) and audience_of(one.shares, part) == Audience.PUBLIC
    }
    if not readable:
        return 0
    values = {
        "tenant": tenant_id, "rows": [str(one.id) for one in published], "since": since, "columns": list(PARTS),
    }  # fmt: skip
    written = {(row.row_id, row.changed) for row in session.execute(_WRITTEN, values)}
    return len(readable & written)


def discount_of(session: Session, tenant_id: UUID) -> Discount:
    """By the rule of today. Needs ch_app in the tenant."""
    now = clock.now()
    rule = discount_rule(now.date())
    if rule is None:
        return Discount()
    count = count_contributions(session, tenant_id, now - timedelta(days=rule.days))
    more, then = rule.next_step(count) or (0, 0)
    return Discount(rule.percent(count), count, rule.days, more, then)
