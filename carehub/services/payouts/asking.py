"""A practitioner asks to be paid: the amount leaves what can be asked for at once. DI-093..DI-095."""

import dataclasses
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import encrypt
from carehub.core.ids import new_id
from carehub.core.money import Money
from carehub.core.verbs import verb
from carehub.models.payouts import Payout
from carehub.services.identity.step_up import check_recent_proof
from carehub.services.ledger.writing import COIN
from carehub.services.payouts.balances import balances, lock_earner, ripen, set_aside
from carehub.services.payouts.earnings import OWN, own_practitioner, services_between
from carehub.services.payouts.errors import NotWhole, TooLittle, TooMuch
from carehub.services.payouts.gate import Known, known_of
from carehub.services.payouts.reading import Terms, read_terms
from carehub.services.payouts.rules import Portion, Taxes, portion
from carehub.services.payouts.taxes import taxes_of

IBAN = "payout.iban"
TOPIC = "payouts"


@verb(OWN)
def ask(session: Session, actor: Actor, *, amount_minor: int | None = None) -> UUID:
    """Ask for a share to be paid out, all that is available unless `amount_minor` is given; the payout's id.

    Taxes are computed with the rates of today. Raises ProofNeeded, IdentityNeeded, BankNeeded, TaxNeeded, TooLittle, TooMuch or
    NotWhole at the amount.
    """
    check_recent_proof(session, actor)
    practitioner_id, terms = own_practitioner(actor), read_terms(session, actor)
    known = known_of(session, terms.tenant_id, practitioner_id)
    known.check()
    lock_earner(session, practitioner_id)
    ripen(session, practitioner_id, days=terms.days)
    taken = _taken(session, terms, practitioner_id, amount_minor)
    gross = taken.money + taken.coins * terms.coin_minor
    assert known.regime is not None
    taxes = taxes_of(session, terms.tenant_id, gross, known.regime, on=clock.today(terms.zone))
    made = _payout(session, actor, terms, known, taken, taxes)
    payout_id, number = made.id, made.number
    session.add(made)
    session.flush()
    parts = {COIN: taken.coins, terms.currency: taken.money}
    set_aside(session, practitioner_id, f"payout:{payout_id}", parts, kind="payout asked", by=actor.person_id)
    outbox.emit(session, "payout.asked", payout_id=str(payout_id), practitioner_id=str(practitioner_id), number=number)
    announce(session, TOPIC)
    return payout_id


def _taken(session: Session, terms: Terms, practitioner_id: UUID, amount_minor: int | None) -> Portion:
    held = {one.currency: max(0, one.payable) for one in balances(session, practitioner_id, days=terms.days)}
    money, coins = held.get(terms.currency, 0), held.get(COIN, 0)
    most = money + coins * terms.coin_minor
    wanted = most if amount_minor is None else amount_minor
    if wanted > most:
        raise TooMuch(field="amount", most=_plain(most, terms), currency=terms.currency)
    if wanted < max(terms.minimum, 1):
        raise TooLittle(field="amount", least=_plain(max(terms.minimum, 1), terms), currency=terms.currency)
    found = portion(wanted, money=money, coins=coins, coin_minor=terms.coin_minor)
    if found is None:
        raise NotWhole(field="amount", coin=_plain(terms.coin_minor, terms), currency=terms.currency)
    return found


def _plain(minor: int, terms: Terms) -> str:
    return "".join(one for one in Money(minor, terms.currency).text("en") if one.isdigit() or one == ".")


_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:lock, 12))")
_LAST = text("SELECT max(created_at) FROM payout WHERE tenant_id = :tenant AND practitioner_id = :practitioner")


def next_number(session: Session, terms: Terms, prefix: str, table: str = "payout") -> str:
    """V-2026-0001: gapless in the organisation and the year, given in turn."""
    year = clock.today(terms.zone).year
    session.execute(_LOCK, {"lock": f"{table}:{terms.tenant_id}"})
    count = text(f"SELECT count(*) FROM {table} WHERE tenant_id = :tenant AND number LIKE :like")  # noqa: S608 -- ours
    found = session.scalar(count, {"tenant": terms.tenant_id, "like": f"{prefix}-{year}-%"})
    return f"{prefix}-{year}-{int(found or 0) + 1:04d}"


def _payout(session: Session, actor: Actor, terms: Terms, known: Known, taken: Portion, taxes: Taxes) -> Payout:
    practitioner_id, now = own_practitioner(actor), clock.now()
    assert known.regime is not None
    return Payout(
        tenant_id=terms.tenant_id,
        id=new_id(),
        number=next_number(session, terms, "V"),
        practitioner_id=practitioner_id,
        currency=terms.currency,
        coins=taken.coins,
        coin_minor=terms.coin_minor,
        money_minor=taken.money,
        gross_minor=taxes.gross,
        vat_minor=taxes.vat,
        withheld_minor=taxes.withheld,
        net_minor=taxes.net,
        regime=known.regime.value,
        statement=_statement(session, terms, practitioner_id, taxes),
        holder=known.holder,
        iban=encrypt(terms.tenant_id, IBAN, known.iban),
        iban_hint=known.hint,
        asked_by=actor.person_id,
        two_people=taxes.gross >= terms.two_people or known.fresh_bank,
        created_at=now,
    )


def _statement(session: Session, terms: Terms, practitioner_id: UUID, taxes: Taxes) -> dict[str, Any]:
    """What the payout says of itself for good: rates of its day, what was earned since the last one."""
    asked = {"tenant": terms.tenant_id, "practitioner": practitioner_id}
    since = session.scalar(_LAST, asked) or clock.now() - timedelta(days=366)
    values = {
        **asked, "owner": practitioner_id, "coin": COIN, "coin_minor": terms.coin_minor, "currency": terms.currency,
        "since": since, "until": clock.now(),
    }  # fmt: skip
    services = services_between(session, values)
    return {
        "vat_points": taxes.vat_points,
        "withholding_points": taxes.withholding_points,
        "without_vat_minor": taxes.without_vat,
        "services": [dataclasses.asdict(one) for one in services],
    }
