"""Paid questions in the demo, at organisations that work with coins: some answered, one that waits. No real person's words."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.crypto import encrypt
from carehub.core.db import tenant_scope
from carehub.core.ids import new_id
from carehub.core.permissions import Module
from carehub.core.roles import Role
from carehub.models.metered import MessageText, MeteredKind, PaidMessage, Side, UseState
from carehub.services import ledger
from carehub.services.demo.earnings import PER_USE
from carehub.services.demo.offer import Shop
from carehub.services.demo.people import Client
from carehub.services.ledger.writing import books
from carehub.services.metered.questions import BODY

HOURS = 48
# place of the client, hours ago, question, answer (none: it waits)
SAID: tuple[tuple[int, int, str, str], ...] = (
    (
        0,
        5,
        "Je reprends une équipe de sept personnes lundi. Deux d’entre elles voulaient mon poste. Faut-il leur en parler"
        " tout de suite, en tête-à-tête, ou attendre la première réunion ?",
        "",
    ),
    (
        0,
        76,
        "Pour ma prochaine séance, est-ce utile que j’apporte le compte rendu de mon dernier entretien annuel ?",
        "Oui, mais seulement la page des objectifs. Notez en marge ce qui vous a surpris en la relisant : nous partirons de là.",
    ),
    (
        1,
        52,
        "I have two offers and must answer by Friday. Which three questions would you ask yourself before choosing?",
        "What will I have learnt there in a year? Who decides what I work on? And which of the two would I regret not having tried?"
        " Write the answers by hand; if one of them takes you more than a minute, that is the one to talk about on Thursday.",
    ),
    (
        2,
        170,
        "هل يكفي نصف ساعة أسبوعيًا لمتابعة الأهداف التي اتفقنا عليها، أم تنصحني بموعد أطول كل أسبوعين؟",
        "نصف ساعة كل أسبوع أنفع في الشهر الأول لأن العادة أهم من المدة. بعد ذلك ننتقل إلى موعد أطول كل أسبوعين إن ثبتت.",
    ),
)
_EXPERT = text("""
    SELECT p.id FROM practitioner p JOIN membership m ON m.tenant_id = p.tenant_id AND m.practitioner_id = p.id
    WHERE p.tenant_id = :tenant AND p.active ORDER BY p.position, p.id LIMIT 1""")
_NAME = text(
    "SELECT concat_ws(' ', given_name, family_name) FROM patient WHERE tenant_id = :tenant AND person_id = :person LIMIT 1"
)


def write_paid_questions(session: Session, shop: Shop, patients: list[Client]) -> None:
    """In the tenant, as ch_app, once its experts have prices. Nothing where coins are not used."""
    if Module.WALLET.value not in shop.data.modules:
        return
    expert = session.scalar(_EXPERT, {"tenant": shop.id})
    known = [one.person_id for one in patients if one.person_id is not None]
    for place, hours, question, answer in SAID:
        if expert is not None and place < len(known):
            _write(session, shop, expert, known[place], clock.now() - timedelta(hours=hours), question, answer)


def _write(
    session: Session, shop: Shop, expert: UUID, person_id: UUID, asked_at: datetime, question: str, answer: str
) -> None:
    coins, message_id = PER_USE["message"], new_id()
    with clock.travel(asked_at), books(session):
        held = ledger.hold(
            session,
            person_id,
            coins,
            key=f"message:{message_id}",
            purpose=MeteredKind.MESSAGE.value,
            reference=f"message:{message_id}",
            expires_at=asked_at + timedelta(days=9),
            person_id=person_id,
        )
    with tenant_scope(session, Role.BOOKING, shop.id):
        session.execute(
            insert(PaidMessage).values(
                tenant_id=shop.id, id=new_id(), message_id=message_id, practitioner_id=expert, person_id=person_id,
                kind=MeteredKind.MESSAGE.value, coins=coins, hold_id=held, state=UseState.OPEN.value, created_at=asked_at,
                answer_by=asked_at + timedelta(hours=HOURS),
                client_name=session.scalar(_NAME, {"tenant": shop.id, "person": person_id}) or "",
            )
        )  # fmt: skip
    _say(session, shop, message_id, person_id, Side.ASKED, question, asked_at)
    if answer:
        at = asked_at + timedelta(hours=3)
        with clock.travel(at), books(session):
            ledger.capture(
                session, held, coins, ledger.shares_of(session, coins, practitioner_id=expert, service_id=None)
            )
        done = update(PaidMessage).where(col(PaidMessage.message_id) == message_id)
        session.execute(done.values(state=UseState.PAID.value, resolved_at=at))
        _say(session, shop, message_id, person_id, Side.ANSWERED, answer, at)


def _say(session: Session, shop: Shop, message_id: UUID, person_id: UUID, side: Side, body: str, at: datetime) -> None:
    with tenant_scope(session, Role.CARE, shop.id):
        session.execute(
            insert(MessageText).values(
                tenant_id=shop.id, id=new_id(), message_id=message_id, person_id=person_id, side=side.value,
                body=encrypt(shop.id, BODY, body), created_at=at,
            )
        )  # fmt: skip
