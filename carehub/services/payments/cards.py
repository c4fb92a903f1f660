"""A payer's saved cards: seen, added on Stripe's page, removed, chosen. For service code, in the tenant's ch_money scope."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.models.payments import Payment, PaymentCustomer, PaymentMethod, PaymentMode
from carehub.services.payments.accounts import accepts_cards, present_account
from carehub.services.payments.starting import LIFE, step_of, wake
from carehub.services.payments.views import CardView, PaymentStep

SAVING = "card"  # the purpose of a page that saves one


def cards_of(session: Session, tenant_id: UUID, person_id: UUID) -> list[CardView]:
    """Those that can pay at the tenant's present account, the default first."""
    if not accepts_cards(session, tenant_id):
        return []
    return [_view(row) for row in _rows(session, tenant_id, person_id)]


def _rows(session: Session, tenant_id: UUID, person_id: UUID) -> list[PaymentMethod]:
    statement = (
        select(PaymentMethod)
        .join(
            PaymentCustomer,
            (col(PaymentCustomer.tenant_id) == col(PaymentMethod.tenant_id))
            & (col(PaymentCustomer.id) == col(PaymentMethod.customer_id)),
        )
        .where(
            col(PaymentMethod.tenant_id) == tenant_id,
            col(PaymentMethod.person_id) == person_id,
            col(PaymentMethod.removed_at).is_(None),
            col(PaymentCustomer.account) == present_account(session, tenant_id),
        )
        .order_by(col(PaymentMethod.is_default).desc(), col(PaymentMethod.id))
    )
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def default_card(session: Session, tenant_id: UUID, person_id: UUID) -> UUID | None:
    found = cards_of(session, tenant_id, person_id)
    return UUID(found[0].id) if found and not found[0].ended else None


def _view(row: PaymentMethod) -> CardView:
    today = clock.now().date()
    return CardView(
        id=str(row.id),
        brand=row.brand,
        last4=row.last4,
        expires=f"{row.exp_month:02d}/{row.exp_year % 100:02d}",
        is_default=row.is_default,
        ended=(row.exp_year, row.exp_month) < (today.year, today.month),
    )


def add_card(
    session: Session, tenant_id: UUID, person_id: UUID, *, currency: str, description: str, return_path: str
) -> PaymentStep:
    """A page of Stripe's on which a card is saved without paying. Raises PaymentsOff."""
    now = clock.now()
    row = Payment(
        tenant_id=tenant_id,
        id=new_id(),
        person_id=person_id,
        purpose=SAVING,
        subject_id=new_id(),
        mode=PaymentMode.SETUP,
        amount=0,
        currency=currency,
        description=description,
        return_path=return_path,
        save_card=True,
        account=present_account(session, tenant_id),
        expires_at=now + LIFE,
        due_at=now + LIFE,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return step_of(row)


def _find(rows: list[PaymentMethod], card_id: UUID) -> PaymentMethod:
    found = next((one for one in rows if one.id == card_id), None)
    if found is None:
        raise NotFound
    return found


def remove_card(session: Session, tenant_id: UUID, person_id: UUID, card_id: UUID) -> None:
    """It pays no more from this moment; the worker tells Stripe. Another one becomes the default. Raises NotFound."""
    rows = _rows(session, tenant_id, person_id)
    gone = _find(rows, card_id)
    gone.removed_at, was_default, gone.is_default = clock.now(), gone.is_default, False
    rest = [one for one in rows if one.id != card_id]
    if was_default and rest:
        rest[0].is_default = True
    session.get_one(PaymentCustomer, (tenant_id, gone.customer_id)).due_at = clock.now()
    session.flush()
    wake(session)


def choose_card(session: Session, tenant_id: UUID, person_id: UUID, card_id: UUID) -> None:
    """The card that is offered first, and that buys by itself. Raises NotFound."""
    rows = _rows(session, tenant_id, person_id)
    chosen = _find(rows, card_id)
    for one in rows:
        one.is_default = one is chosen
    session.flush()
