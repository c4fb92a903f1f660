"""May they be paid, to which account, under which regime: what verification has approved. DI-025, DI-093."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.crypto import decrypt
from carehub.models.payouts import TaxRegime
from carehub.services.payouts.errors import BankNeeded, IdentityNeeded, TaxNeeded
from carehub.services.payouts.views import Check
from carehub.services.verification.badge import NUMBER

IDENTITY = ("identity", "cin_tn", "cin_ma")
FRESH_BANK = timedelta(days=7)  # a new account is looked at by two people

_APPROVED = text("""
    SELECT v.kind, v.number, v.expires_on, v.decided_at, concat_ws(' ', p.given_name, p.family_name) AS holder
    FROM verification v JOIN practitioner p ON p.tenant_id = v.tenant_id AND p.id = v.practitioner_id
    WHERE v.tenant_id = :tenant AND v.practitioner_id = :practitioner AND v.approved AND v.status = 'approved'
      AND (v.expires_on IS NULL OR v.expires_on >= :today) AND v.kind = ANY(:kinds)""")


@dataclass(frozen=True)
class Known:
    """What is approved today; empty where nothing is. A claim that was sent anew is not approved until it is answered."""

    identity: bool = False
    iban: str = ""
    holder: str = ""
    fresh_bank: bool = False
    regime: TaxRegime | None = None

    @property
    def hint(self) -> str:
        return self.iban[-4:]

    def checks(self) -> list[Check]:
        bank = "changed" if self.fresh_bank else self.hint
        return [
            Check("identity", self.identity),
            Check("bank", bool(self.iban), bank if self.iban else ""),
            Check("tax", self.regime is not None, self.regime.value if self.regime else ""),
        ]

    def check(self) -> None:
        """Raises IdentityNeeded, BankNeeded, TaxNeeded."""
        if not self.identity:
            raise IdentityNeeded
        if not self.iban:
            raise BankNeeded
        if self.regime is None:
            raise TaxNeeded


def known_of(session: Session, tenant_id: UUID, practitioner_id: UUID) -> Known:
    """In the tenant, as ch_app."""
    now = clock.now()
    values = {"tenant": tenant_id, "practitioner": practitioner_id, "today": now.date()}
    rows = session.execute(_APPROVED, values | {"kinds": [*IDENTITY, "bank", "tax"]}).all()
    held: dict[str, Row[Any]] = {row.kind: row for row in rows}
    bank, tax = held.get("bank"), held.get("tax")
    status = decrypt(tenant_id, NUMBER, tax.number) if tax is not None and tax.number else ""
    return Known(
        identity=any(kind in held for kind in IDENTITY),
        iban=decrypt(tenant_id, NUMBER, bank.number) if bank is not None and bank.number else "",
        holder=rows[0].holder if rows else "",
        fresh_bank=bank is not None and bank.decided_at is not None and now - bank.decided_at < FRESH_BANK,
        regime=TaxRegime(status) if status in list(TaxRegime) else None,
    )
