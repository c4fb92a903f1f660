"""What a practitioner may show as checked: approved, and not yet expired."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.crypto import decrypt
from carehub.models.verification import Verification
from carehub.services.verification.kinds import BADGES, KINDS

NUMBER = "verification.number"


@dataclass(frozen=True)
class Badge:
    """`kind` empty: nothing is checked. `registration`: the checked number with its register, empty when none is."""

    kind: str = ""
    until: date | None = None
    registration: str = ""


def badge_of(session: Session, practitioner_id: UUID) -> Badge:
    """The strongest approval that holds today; the session stands in the practitioner's tenant as ch_app."""
    today = clock.now().date()
    rows = session.scalars(
        select(Verification).where(col(Verification.practitioner_id) == practitioner_id, col(Verification.approved))
    )
    held = {one.kind: one for one in rows if one.expires_on is None or one.expires_on >= today}
    strongest = next((held[code] for code in BADGES if code in held), None)
    if strongest is None:
        return Badge()
    published = next((held[code] for code in BADGES if code in held and KINDS[code].register), None)
    return Badge(strongest.kind, strongest.expires_on, _registration(published) if published else "")


def _registration(row: Verification) -> str:
    number = decrypt(row.tenant_id, NUMBER, row.number) if row.number else ""
    return f"{KINDS[row.kind].register} {number}" if number else ""
