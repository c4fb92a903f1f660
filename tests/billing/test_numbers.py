"""Numbers have no gaps and no doubles, whoever issues at once and whatever dies meanwhile (CD-100)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import CareHubError
from carehub.core.roles import Role
from carehub.models.billing import BillingDocument
from carehub.services import billing
from carehub.services.billing.errors import BuyerMissing, LegalDataMissing, NothingToInvoice
from tests.billing.factories import BUYER, line, make_draft, make_house, make_issued, row_of

pytestmark = pytest.mark.usefixtures("db")
_NUMBERED = "select seq, number from billing_document where tenant_id = %s and series = 'invoice' order by seq"


def _try(owner: Actor, document_id: UUID) -> bool:
    try:
        perform(billing.issue, owner, document_id=document_id)
    except (CareHubError, DBAPIError):
        return False
    return True


def test_many_issue_at_once(db: psycopg.Connection) -> None:
    owner = make_house()
    drafts = [make_draft(owner) for _ in range(40)]
    with ThreadPoolExecutor(16) as pool:
        done = list(pool.map(lambda one: _try(owner, one), [one for one in drafts for _ in range(2)]))
    assert sum(done) == 40
    assert [seq for seq, _ in db.execute(_NUMBERED, [owner.tenant_id])] == list(range(1, 41))


def test_connections_that_die_while_issuing_leave_no_gap(db: psycopg.Connection) -> None:
    owner = make_house()
    drafts = [make_draft(owner) for _ in range(60)]
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.01):
            db.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'carehub'"
                " and state = 'idle in transaction' and datname = current_database() order by random() limit 1"
            )

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda one: _try(owner, one), drafts))
    finally:
        over.set()
        killer.join()
    for one in drafts:
        _try(owner, one)
    assert [seq for seq, _ in db.execute(_NUMBERED, [owner.tenant_id])] == list(range(1, 61))


def test_what_is_refused_takes_no_number() -> None:
    owner = make_house()
    empty = perform(billing.new_document, owner, kind="invoice")
    nobody = make_draft(owner, buyer=BUYER.model_copy(update={"name": ""}))
    for document_id, refusal in ((empty, NothingToInvoice), (nobody, BuyerMissing)):
        with pytest.raises(refusal):
            perform(billing.issue, owner, document_id=document_id)
    assert row_of(owner, make_issued(owner)).seq == 1


def test_an_organisation_without_legal_data_cannot_issue() -> None:
    owner = make_house(address="", legal_name="")
    with pytest.raises(LegalDataMissing):
        make_issued(owner)


def test_each_series_and_each_year_begins_at_one() -> None:
    owner = make_house()
    with clock.travel(datetime(2026, 12, 31, 12, tzinfo=UTC)):
        assert row_of(owner, make_issued(owner)).number == "F-2026-0001"
        assert row_of(owner, make_issued(owner, kind="quote")).number == "D-2026-0001"
    with clock.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):  # next year has begun in Paris
        assert row_of(owner, make_issued(owner)).number == "F-2027-0001"


def test_two_organisations_count_for_themselves() -> None:
    one, other = make_house(), make_house()
    assert row_of(one, make_issued(one)).number == row_of(other, make_issued(other)).number == "F-2026-0001"


@pytest.mark.parametrize(
    "change",
    [
        "total_minor = 1",
        "number = 'F-2026-9999'",
        "lines = '[]'",
        "issued_on = issued_on - 1",
        "seller = '{}'",
        "buyer_name = 'Someone else'",
        "state = 'draft', number = NULL, issued_on = NULL",
    ],
)
def test_the_database_refuses_to_change_what_was_issued(db: psycopg.Connection, change: str) -> None:
    owner = make_house()
    document_id = make_issued(owner, line())
    with pytest.raises(psycopg.errors.RestrictViolation):
        db.execute(f"update billing_document set {change} where id = %s", [document_id])


def test_the_database_refuses_to_delete_what_was_issued(db: psycopg.Connection) -> None:
    document_id = make_issued(make_house())
    with pytest.raises(psycopg.errors.RestrictViolation):
        db.execute("delete from billing_document where id = %s", [document_id])


def test_staff_cannot_change_the_sealed_buyer_of_an_issued_document() -> None:
    owner = make_house()
    document_id = make_issued(owner)
    change = update(BillingDocument).where(col(BillingDocument.id) == document_id).values(buyer=b"other")
    with unit_of_work(owner, Role.APP) as session, pytest.raises(DBAPIError):
        session.execute(change)
