"""A question to an expert, paid when it is answered: its coins are set aside when it leaves (DI-019, DI-063, DI-064, DI-104, DI-107).

What is written may speak of health: it lies in a clinical table, encrypted, and only the client and the expert who was asked read it.
"""

from uuid import UUID

from sqlalchemy import Table, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import decrypt, encrypt
from carehub.core.db import tenant_scope
from carehub.core.errors import Invalid, NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.metered import MessageText, MeteredKind, PaidMessage, Side, UseState
from carehub.services.booking.tenants import enter_tenant
from carehub.services.ledger.wallets import free_coins
from carehub.services.metered.errors import NotPriced, UseOver
from carehub.services.metered.messages import (
    TOPIC,
    access_locked,
    answer_hours,
    answer_message,
    held,
    price_of,
)
from carehub.services.metered.views import AskView, QuestionLine, QuestionView
from carehub.services.pricing.reading import coin_minor_of

OWN = "earnings.own"
ASKED, ANSWERED = "question.asked", "question.answered"
BODY = "message.body"
LEAST, MOST, MOST_ANSWER = 20, 2000, 8000
SHOWN = 100
_TEXT: Table = MessageText.__table__  # type: ignore[attr-defined]
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 22))")
_ENTRY = text("""
    SELECT e.id, e.tenant_id, e.name, e.headline FROM directory_entry e
    WHERE e.tenant_slug = :tenant AND e.slug = :slug ORDER BY e.audience LIMIT 1""")
_NAMES = text("""
    SELECT t.slug, t.name AS house, p.slug AS practitioner_slug,
           concat_ws(' ', nullif(p.honorific, ''), p.given_name, p.family_name) AS practitioner
    FROM tenant t JOIN practitioner p ON p.tenant_id = t.id WHERE t.id = :tenant AND p.id = :practitioner""")
_MONEY = text("SELECT billing, currency FROM tenant WHERE id = :tenant")


class QuestionTooShort(Invalid):
    key = "Write a little more: at least {least} characters"


class QuestionTooLong(Invalid):
    key = "This is too long: at most {most} characters"


@verb(SIGNED_IN)
def read_offer(session: Session, actor: Actor, *, tenant: str, slug: str) -> AskView:
    """What a question to a published expert costs, until when they answer, and what the person has. Raises NotFound, NotPriced."""
    assert actor.person_id is not None
    row = session.execute(_ENTRY, {"tenant": tenant, "slug": slug}).one_or_none()
    if row is None:
        raise NotFound
    place = enter_tenant(session, tenant)
    coins = price_of(session, place.id, row.id, MeteredKind.MESSAGE)
    money = session.execute(_MONEY, {"tenant": place.id}).one()
    return AskView(
        practitioner_id=str(row.id),
        name=row.name,
        headline=row.headline,
        house=place.name,
        tenant=place.slug,
        coins=coins,
        price_minor=coins * coin_minor_of(money.billing or {}, money.currency),
        currency=money.currency,
        hours=answer_hours(session, place.id),
        have=free_coins(session, place.id, actor.person_id),
    )


def _worded(typed: str, least: int, most: int, field: str) -> str:
    said = typed.strip().replace("\x00", "")
    if len(said) < least:
        raise QuestionTooShort(field=field, least=least)
    if len(said) > most:
        raise QuestionTooLong(field=field, most=most)
    return said


@verb(SIGNED_IN)
def ask(session: Session, actor: Actor, *, tenant: str, practitioner_id: UUID, message_id: UUID, question: str) -> str:
    """Send a question and set its coins aside; sent twice under the same id it is sent once. Answers the id.

    Raises QuestionTooShort, QuestionTooLong at `question`, NotPriced, NotEnoughCoins, NotFound, ModuleOff.
    """
    said = _worded(question, LEAST, MOST, "question")
    place = enter_tenant(session, tenant)
    session.execute(_LOCK, {"id": str(message_id)})  # a double click waits for the first one
    before = session.scalar(select(col(PaidMessage.id)).where(col(PaidMessage.message_id) == message_id))
    row = held(session, actor, place.id, practitioner_id, message_id, MeteredKind.MESSAGE)
    if before is None:
        _write(session, row, Side.ASKED, said)
        outbox.emit(session, ASKED, message_id=str(message_id))
        announce(session, TOPIC)
    return str(message_id)


def _write(session: Session, row: PaidMessage, side: Side, said: str) -> None:
    session.execute(
        insert(_TEXT).values(
            tenant_id=row.tenant_id, id=new_id(), message_id=row.message_id, person_id=row.person_id, side=side.value,
            body=encrypt(row.tenant_id, BODY, said), created_at=clock.now(),
        )
    )  # fmt: skip


def _texts(session: Session, row: PaidMessage) -> dict[str, str]:
    """Both sides; whoever calls has authorised who reads."""
    with tenant_scope(session, Role.CARE, row.tenant_id):
        query = select(_TEXT.c.side, _TEXT.c.body).where(_TEXT.c.message_id == row.message_id)
        return {one.side: decrypt(row.tenant_id, BODY, one.body) for one in session.execute(query)}


def _line(session: Session, row: PaidMessage) -> QuestionLine:
    with tenant_scope(session, Role.BOOKING, row.tenant_id):
        names = session.execute(_NAMES, {"tenant": row.tenant_id, "practitioner": row.practitioner_id}).one()
    return QuestionLine(
        id=str(row.message_id),
        tenant=names.slug,
        house=names.house,
        practitioner=names.practitioner,
        practitioner_slug=names.practitioner_slug or "",
        client=row.client_name,
        state=row.state,
        coins=row.coins,
        asked_at=row.created_at.isoformat(),
        answer_by=row.answer_by.isoformat(),
        resolved_at=row.resolved_at.isoformat() if row.resolved_at else "",
    )


def _shown(session: Session, row: PaidMessage) -> QuestionView:
    said = _texts(session, row)
    return QuestionView(_line(session, row), said.get(Side.ASKED, ""), said.get(Side.ANSWERED, ""))


@verb(SIGNED_IN)
def my_questions(session: Session, actor: Actor) -> list[QuestionLine]:
    """What the person asked, in every organisation, the latest first, at most SHOWN."""
    m = PaidMessage
    mine = select(m).where(col(m.person_id) == actor.person_id, col(m.kind) == MeteredKind.MESSAGE.value)
    rows = session.scalars(mine.order_by(col(m.created_at).desc()).limit(SHOWN)).all()
    return [_line(session, row) for row in rows]


@verb(SIGNED_IN)
def read_mine(session: Session, actor: Actor, *, message_id: UUID) -> QuestionView:
    """A question of one's own with its answer. Raises NotFound."""
    m = PaidMessage
    query = select(m).where(col(m.message_id) == message_id, col(m.person_id) == actor.person_id)
    row = session.scalar(query)
    if row is None:
        raise NotFound
    return _shown(session, row)


@verb(OWN)
def my_price(session: Session, actor: Actor) -> int | None:
    """Coins that the member asks for a question, 0: not offered; None for who receives nobody here."""
    if actor.practitioner_id is None or actor.tenant_id is None:
        return None
    try:
        return price_of(session, actor.tenant_id, actor.practitioner_id, MeteredKind.MESSAGE)
    except NotPriced:
        return 0


@verb(OWN)
def read_question(session: Session, actor: Actor, *, message_id: UUID) -> QuestionView:
    """A question to the member themselves: nobody else of the organisation reads it. Raises NotFound."""
    row = session.scalar(select(PaidMessage).where(col(PaidMessage.message_id) == message_id))
    if row is None or actor.practitioner_id is None or row.practitioner_id != actor.practitioner_id:
        raise NotFound
    return _shown(session, row)


@verb(OWN)
def answer(session: Session, actor: Actor, *, message_id: UUID, text: str) -> QuestionView:
    """Answer a question: its coins are taken at the same moment, once; the answer stays as it was first sent.

    Raises QuestionTooShort, QuestionTooLong at `answer`, NotFound for another's question, UseOver when its time has passed.
    """
    said = _worded(text, 2, MOST_ANSWER, "answer")
    row = access_locked(session, message_id)
    if actor.practitioner_id is None or row.practitioner_id != actor.practitioner_id:
        raise NotFound
    if row.state == UseState.RELEASED or (row.state == UseState.OPEN and row.answer_by <= clock.now()):
        raise UseOver
    if row.state == UseState.OPEN:
        answer_message(session, actor, message_id=message_id)
        with tenant_scope(session, Role.CARE, row.tenant_id):
            _write(session, row, Side.ANSWERED, said)
        outbox.emit(session, ANSWERED, message_id=str(message_id))
        announce(session, TOPIC)
        announce(session, TOPIC, person_id=row.person_id)
    session.refresh(row)
    return _shown(session, row)
