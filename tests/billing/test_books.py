"""The books: every entry balanced, all 18 columns, and the treasury page's figures."""

import csv
import io
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform, unit_of_work
from carehub.core.roles import Role
from carehub.services import billing
from carehub.services.billing import errors, treasury
from carehub.services.billing.lists import STATUS_LABELS
from carehub.services.listing import LISTS, ListQuery
from tests.billing.factories import accepted_quote, line, make_draft, make_house, make_issued, pay

pytestmark = pytest.mark.usefixtures("db")
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
YEAR = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}


def _business(owner: Actor) -> None:
    """A quote, its deposit, the rest, a credit note, payments in part, money given back."""
    quote = accepted_quote(
        owner, line(price="99.99", quantity="3"), line("Lecture", "10.01", rate="5.5"), discount=Decimal(7)
    )
    deposit = perform(billing.deposit_invoice, owner, document_id=quote, percent=Decimal(33))
    perform(billing.issue, owner, document_id=deposit)
    rest = perform(billing.final_invoice, owner, document_id=quote)
    perform(billing.issue, owner, document_id=rest)
    other = make_issued(owner, line(rate="0", category="exempt_care"))
    credit = perform(billing.credit_note, owner, document_id=other)
    perform(billing.issue, owner, document_id=credit)
    pay(owner, deposit, "50.55")
    pay(owner, deposit, "-0.55")


def test_every_entry_balances_and_has_eighteen_columns() -> None:
    """Art. A47 A-1 of the French LPF."""
    owner = make_house()
    with clock.travel(START):
        _business(owner)
    file = perform(treasury.books_fec, owner, **YEAR)
    assert file.name == "732829320FEC20261231.txt"
    rows = [one.split("\t") for one in file.content.decode().splitlines()]
    assert rows[0] == list(treasury.FEC)
    assert {len(one) for one in rows} == {18}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows[1:]:
        one = dict(zip(treasury.FEC, row, strict=True))
        debit, credit = (Decimal(one[name].replace(",", ".")) for name in ("Debit", "Credit"))
        assert min(debit, credit) == 0
        sums[one["EcritureNum"]] += debit - credit
    assert set(sums.values()) == {Decimal(0)}
    assert list(sums) == [str(n) for n in range(1, len(sums) + 1)]


def test_a_deposit_is_taken_back_from_its_account_by_the_last_invoice() -> None:
    owner = make_house()
    with clock.travel(START):
        _business(owner)
    rows = perform(treasury.books_fec, owner, **YEAR).content.decode().splitlines()[1:]
    legs = [one.split("\t") for one in rows if one.split("\t")[4] == "419100"]
    assert sum(Decimal(one[11].replace(",", ".")) - Decimal(one[12].replace(",", ".")) for one in legs) == 0
    assert len(legs) == 2


def test_the_table_for_accountants_has_each_document_once() -> None:
    owner = make_house()
    with clock.travel(START):
        _business(owner)
        make_draft(owner)
    content = perform(treasury.books_csv, owner, **YEAR).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert [one[1] for one in rows[1:]] == ["A-2026-0001", "F-2026-0001", "F-2026-0002", "F-2026-0003"]


def test_a_name_is_no_formula() -> None:
    owner = make_house()
    with clock.travel(START):
        make_issued(owner, buyer={"name": "=cmd()", "country": "FR"})
    assert "'=cmd()" in perform(treasury.books_csv, owner, **YEAR).content.decode("utf-8-sig")


def test_a_period_of_ages_is_refused() -> None:
    with pytest.raises(errors.PeriodTooLong):
        perform(treasury.books_csv, make_house(), first=date(2000, 1, 1), last=date(2026, 1, 1))


def test_the_treasury_sorts_what_is_owed_by_age() -> None:
    """CD-110"""
    owner = make_house()
    for late, days in ((10, 5), (100, 30), (0, 30)):
        with clock.travel(START - timedelta(days=late + days)):
            document_id = make_issued(owner, days=days)
    with clock.travel(START):
        pay(owner, document_id, "20")
        found = perform(treasury.treasury, owner)
    assert {one.days: (one.count, one.owed) for one in found.ages} == {
        -1: (1, 10000), 0: (1, 12000), 30: (0, 0), 60: (0, 0), 90: (1, 12000),
    }  # fmt: skip
    assert (found.owed, found.overdue, found.received) == (34000, 24000, 2000)
    assert found.months[-1].month == "2026-03"


@pytest.mark.parametrize(("zone", "state"), [("Pacific/Auckland", "overdue"), ("America/Montreal", "sent")])
def test_an_invoice_is_overdue_by_the_organisations_own_day(zone: str, state: str) -> None:
    """23:30 UTC on its last day: in Auckland the day is over."""
    owner = make_house(time_zone=zone)
    with clock.travel(START):
        invoice = make_issued(owner)
    with unit_of_work(owner, Role.APP) as session:
        due = session.scalar(text("SELECT due_on FROM billing_document WHERE id = :id"), {"id": invoice})
    late = datetime.combine(due, time(23, 30), UTC)
    query = ListQuery(sort=LISTS["invoices"].spec.sort)
    with clock.travel(late):
        (row,) = perform(LISTS["invoices"].page, owner, query=query).rows
        file = perform(LISTS["invoices"].export, owner, query=query, form="csv", locale="en").decode("utf-8-sig")
    assert STATUS_LABELS[state] in [one.text for one in row.cells]
    assert STATUS_LABELS[state] in file
