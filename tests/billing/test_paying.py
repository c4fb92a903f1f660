"""An invoice is paid by card by its link: once, whatever comes twice, and also when it was settled otherwise meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from carehub.core import outbox
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform, unit_of_work
from carehub.core.roles import Role
from carehub.services import billing
from carehub.services.billing import errors, handlers, links, paying, tokens
from carehub.services.payments.driving import settle
from carehub.services.payments.views import PaymentStep
from tests.billing.factories import make_house, make_issued, pay, row_of
from tests.payments.factories import DECLINED, GOOD, Till, stripe_sink

assert handlers


@pytest.fixture
def till(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, db: object) -> Iterator[Till]:
    with stripe_sink(monkeypatch, tmp_path) as sink:
        yield Till(sink, UUID(int=0), VISITOR)


def _begin(owner: Actor, document_id: UUID) -> PaymentStep:
    assert owner.tenant_id is not None
    return perform(paying.pay_by_link, VISITOR, token=tokens.pay_token(owner.tenant_id, document_id))


def _card(till: Till, owner: Actor, step: PaymentStep, number: str = GOOD) -> None:
    assert owner.tenant_id is not None
    page = settle(owner.tenant_id, step.payment_id, begin=True)
    till.type_card(page.address, number)
    settle(owner.tenant_id, step.payment_id)
    outbox.drain()


def test_a_card_pays_an_invoice_by_its_link(till: Till) -> None:
    """CD-094, CD-095"""
    owner = make_house()
    document_id = make_issued(owner)
    step = _begin(owner, document_id)
    assert step.address
    _card(till, owner, step)
    shown = perform(billing.read_document, owner, document_id=document_id)
    assert (shown.status, shown.paid, shown.owed) == ("paid", 12000, 0)
    assert [one.method for one in shown.payments] == ["card"]
    with pytest.raises(errors.NothingDue):
        _begin(owner, document_id)


def test_what_is_told_twice_counts_once(till: Till) -> None:
    owner = make_house()
    document_id = make_issued(owner)
    step = _begin(owner, document_id)
    _card(till, owner, step)
    told: dict[str, Any] = {"payment_id": str(step.payment_id), "purpose": "invoice", "subject_id": str(document_id)}
    with unit_of_work(owner, Role.APP) as session:
        outbox.emit(session, "payment.succeeded", **told)
    outbox.drain()
    assert row_of(owner, document_id).paid_minor == 12000


def test_a_refused_card_leaves_the_invoice_as_it_was(till: Till) -> None:
    owner = make_house()
    document_id = make_issued(owner)
    _card(till, owner, _begin(owner, document_id), DECLINED)
    assert row_of(owner, document_id).paid_minor == 0


def test_only_what_is_still_owed_is_asked(till: Till) -> None:
    owner = make_house()
    document_id = make_issued(owner)
    pay(owner, document_id, "100")
    _card(till, owner, _begin(owner, document_id))
    shown = perform(billing.read_document, owner, document_id=document_id)
    assert [one.amount for one in shown.payments] == [10000, 2000]


def test_an_invoice_settled_meanwhile_shows_what_is_to_be_given_back(till: Till) -> None:
    owner = make_house()
    document_id = make_issued(owner)
    step = _begin(owner, document_id)
    pay(owner, document_id, "120")
    _card(till, owner, step)
    assert perform(billing.read_document, owner, document_id=document_id).owed == -12000


def test_two_clicks_are_one_payment(till: Till) -> None:
    owner = make_house()
    document_id = make_issued(owner)
    assert _begin(owner, document_id).payment_id == _begin(owner, document_id).payment_id


def test_a_quote_is_not_paid_by_its_link(till: Till) -> None:
    owner = make_house()
    document_id = make_issued(owner, kind="quote")
    with pytest.raises(errors.WrongDocument):
        _begin(owner, document_id)
    assert owner.tenant_id is not None
    shown = perform(links.read_by_link, VISITOR, token=tokens.pay_token(owner.tenant_id, document_id))
    assert shown.pay == ""
