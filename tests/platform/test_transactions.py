"""Card payments of all organisations in the console: what is shown, what never, and what they come to. DI-097, DI-141."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotAllowed
from carehub.core.ids import new_id
from carehub.core.permissions import PlatformRole, TenantRole
from carehub.core.roles import Role
from carehub.models.payments import Payment, PaymentDispute, PaymentRefund
from carehub.models.tenancy import Tenant
from carehub.services.listing import LISTS, ListQuery
from carehub.services.platform.transactions import TRANSACTIONS, sum_platform_transactions
from tests import factories as make
from tests.platform.console import visiting

NAME = "platform_transactions"


def paid(tenant: Tenant, amount: int, **values: Any) -> Payment:
    now = clock.now()
    usual: dict[str, Any] = {
        "purpose": "booking", "currency": "EUR", "description": "Sofia Haddad, first visit", "status": "succeeded",
        "captured": amount, "paid_with": "visa 4242", "paid_at": now, "created_at": now,
    }  # fmt: skip
    row = Payment(
        tenant_id=tenant.id, subject_id=new_id(), amount=amount, return_path="/me", account="platform", expires_at=now,
        **{**usual, **values},
    )  # fmt: skip
    make.save(tenant.id, row, role=Role.MONEY)
    return row


def asked(**params: str) -> ListQuery:
    return ListQuery.parse(TRANSACTIONS, params)


def shown(actor: Actor, **params: str) -> list[list[str]]:
    rows = perform(LISTS[NAME].page, actor, query=asked(**params)).rows
    return [[cell.text for cell in row.cells] for row in rows]


def test_every_organisations_payment_stands_in_one_list_with_its_card(db: psycopg.Connection) -> None:
    first, second = make.make_tenant(name="Paid one"), make.make_tenant(name="Paid two")
    paid(first, 5000)
    paid(second, 7000, purpose="coins", paid_with="mastercard 4444")
    admin = visiting(db)
    assert [row[0] for row in shown(admin, q="Paid ", sort="tenant")] == ["Paid one", "Paid two"]
    row = shown(admin, q="4444", period="1")[0]
    assert (row[0], row[1], row[2], row[3], row[-1]) == ("Paid two", "7000", "Paid by card", "Coins", "mastercard 4444")


def test_it_is_narrowed_by_state_organisation_purpose_and_period(db: psycopg.Connection) -> None:
    tenant, other, admin = make.make_tenant(name="Narrow"), make.make_tenant(name="Narrow too"), visiting(db)
    paid(tenant, 100)
    paid(tenant, 200, status="requires_action", captured=0, paid_at=None)
    paid(tenant, 300, purpose="invoice", created_at=clock.now() - timedelta(days=20))
    paid(other, 400)
    here = {"own.organisation": str(tenant.id), "sort": "amount"}
    assert [row[1] for row in shown(admin, **here)] == ["100", "200", "300"]
    assert [row[1] for row in shown(admin, **here, state="requires_action")] == ["200"]
    assert [row[1] for row in shown(admin, **here, purpose="invoice")] == ["300"]
    assert [row[1] for row in shown(admin, **here, period="7")] == ["100", "200"]
    offered = perform(LISTS[NAME].page, admin, query=asked()).filters[0].options
    assert {"value": str(other.id), "label": "Narrow too"} in offered


def test_a_dispute_and_the_newest_refund_say_where_the_money_is(db: psycopg.Connection) -> None:
    tenant, admin, now = make.make_tenant(name="Disputed here"), visiting(db), clock.now()
    of: dict[str, Any] = {"tenant_id": tenant.id, "created_at": now}
    one, two, three = (paid(tenant, amount) for amount in (100, 200, 300))
    make.save(tenant.id, PaymentDispute(**of, payment_id=one.id, ref="du_1", amount=100), role=Role.MONEY)
    lost = PaymentDispute(**of, payment_id=two.id, ref="du_2", amount=200, status="lost")
    earlier = PaymentRefund(
        tenant_id=tenant.id,
        payment_id=three.id,
        key="a",
        amount=1,
        status="failed",
        created_at=now - timedelta(hours=1),
    )
    make.save(tenant.id, lost, earlier, PaymentRefund(**of, payment_id=three.id, key="b", amount=2), role=Role.MONEY)
    rows = shown(admin, q="Disputed here", sort="amount")
    assert [row[2] for row in rows] == ["Disputed", "Taken back by the bank", "Paid by card"]
    assert [row[7] for row in rows] == ["", "", "On its way back"]
    assert [row[1] for row in shown(admin, q="Disputed here", state="disputed")] == ["100"]
    assert [row[1] for row in shown(admin, q="Disputed here", back="pending")] == ["300"]


def test_the_totals_follow_the_list_and_keep_currencies_apart(db: psycopg.Connection) -> None:
    tenant, other, admin = make.make_tenant(name="Sums up"), make.make_tenant(name="Another"), visiting(db)
    paid(tenant, 5000)
    paid(tenant, 1000, status="partially_refunded", refunded=400)
    paid(tenant, 60_000, currency="TND")
    paid(other, 9999)
    found = perform(sum_platform_transactions, admin, query=asked(**{"own.organisation": str(tenant.id)}))
    assert [(one.currency, one.count, one.taken, one.returned) for one in found] == [
        ("EUR", 2, 6000, 400),
        ("TND", 1, 60_000, 0),
    ]


def test_a_saved_card_is_no_transaction(db: psycopg.Connection) -> None:
    tenant = make.make_tenant(name="Saves cards")
    paid(tenant, 0, mode="setup", purpose="card")
    assert shown(visiting(db), q="Saves cards") == []


def test_neither_page_nor_file_tells_who_paid_or_for_what_in_words(db: psycopg.Connection) -> None:
    tenant, admin = make.make_tenant(name="Keeps names"), visiting(db)
    paid(tenant, 5000)
    file = perform(LISTS[NAME].export, admin, query=asked(q="Keeps names"), form="csv", locale="en").decode()
    assert "visa 4242" in file
    assert "Sofia" not in file + repr(shown(admin, q="Keeps names"))


@pytest.mark.parametrize(
    "hidden",
    ["description from payment", "person_id from payment", "facts from payment", "reason from payment_refund", "ref from payment_dispute"],
)  # fmt: skip
def test_the_platforms_role_cannot_read_a_payers_words_at_all(db: psycopg.Connection, hidden: str) -> None:
    with (
        unit_of_work(visiting(db), Role.PLATFORM) as session,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        session.execute(text(f"select {hidden} limit 1"))


def test_support_may_look_and_an_owner_may_not(db: psycopg.Connection) -> None:
    owner = make.make_member(make.make_tenant(), TenantRole.OWNER)
    perform(LISTS[NAME].page, visiting(db, PlatformRole.SUPPORT), query=asked())
    for verb in (LISTS[NAME].page, sum_platform_transactions):
        with pytest.raises(NotAllowed):
            perform(verb, owner, query=asked())
