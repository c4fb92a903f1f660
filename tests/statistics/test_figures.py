"""Figures of each day: counted from what happened, shown to whom they concern, of nobody. DI-100, DI-133..DI-135, SQ-137."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from carehub.core import clock, outbox
from carehub.core.db import perform
from carehub.core.errors import NotAllowed
from carehub.core.permissions import PlatformRole, TenantRole
from carehub.services import booking, statistics
from carehub.services.identity import sessions
from carehub.services.notify.deliver import send_due
from carehub.services.statistics.reading import as_csv
from carehub.services.statistics.views import Figure, Statistics
from tests import factories as make
from tests.checkout.factories import Practice, make_paid_practice
from tests.notify.conftest import Post, post
from tests.platform.console import make_staff, visiting

assert post


@pytest.fixture
def place(worker_database: str, broker: str) -> Practice:
    """Two appointments were paid by coins; one took place, the other was cancelled in time."""
    made = make_paid_practice()
    for done in (True, False):
        person = made.client(coins=120)
        begun = made.begin(person)
        made.pay(person, begun)
        appointment_id = UUID(made.read(person, begun).appointment_id)
        if done:
            made.mark(booking.fulfil, appointment_id)
        else:
            made.cancel(person, appointment_id)
    outbox.drain()
    return made


def figure(found: Statistics, measure: str, currency: str = "") -> Figure:
    return next(one for one in (*found.counts, *found.amounts) if (one.measure, one.currency) == (measure, currency))


def own(place: Practice, period: str = "30") -> Statistics:
    return perform(statistics.tenant_statistics, place.owner, period=period)


def test_a_tenant_reads_its_bookings_transactions_revenue_and_commission(place: Practice) -> None:
    statistics.count_all()
    found = own(place)
    assert figure(found, "bookings").total == 2
    assert figure(found, "transactions").total == 1
    assert figure(found, "revenue", "EUR").total == 6000
    shares = {one.measure: one.total for one in found.amounts if one.currency == "EUR"}
    assert shares["share"] + shares.get("kept", 0) + shares.get("commission", 0) == 6000
    assert sum(bar.value for bar in figure(found, "revenue", "EUR").bars) == 6000
    assert max(bar.height for bar in figure(found, "bookings").bars) == 100


def test_counted_again_it_says_the_same(place: Practice) -> None:
    statistics.count_all()
    first = own(place)
    statistics.count_all()
    again = own(place)
    assert (again.counts, again.amounts) == (first.counts, first.amounts)


def test_another_tenant_reads_nothing_of_it(place: Practice) -> None:
    statistics.count_all()
    other = make_paid_practice()
    assert figure(own(other), "bookings").total == 0
    assert own(other).amounts == []


def test_who_neither_reads_books_nor_bills_is_refused(place: Practice) -> None:
    practitioner = make.make_member(place.tenant, TenantRole.PRACTITIONER)
    with pytest.raises(NotAllowed):
        perform(statistics.tenant_statistics, practitioner, period="30")


def test_the_console_reads_the_whole_and_each_organisation(place: Practice, db: psycopg.Connection) -> None:
    sessions.open_session(make.make_person().id)
    statistics.count_all()
    found = perform(statistics.platform_statistics, visiting(db, PlatformRole.AUDITOR), period="30")
    assert figure(found, "bookings").total >= 2
    assert figure(found, "accounts").total >= 2
    [line] = [one for one in found.tenants if one.id == str(place.tenant.id)]
    assert (line.bookings, line.transactions, line.revenue) == (2, 1, 6000)


def test_sign_ins_are_counted_as_they_succeed(db: psycopg.Connection) -> None:
    person = make.make_person()
    before = db.execute("SELECT count(*) FROM login_event WHERE outcome = 'success'").fetchone()
    for outcome in ("success", "success", "wrong_password"):
        db.execute(
            "INSERT INTO login_event (id, person_id, email_index, outcome, address, user_agent)"
            " VALUES (gen_random_uuid(), %s, '\\x00', %s, '', '')",
            (person.id, outcome),
        )
    statistics.count_all()
    found = perform(statistics.platform_statistics, visiting(db), period="7")
    assert before is not None
    assert figure(found, "sign_ins").total == before[0] + 2


def test_no_figure_names_anybody(place: Practice, db: psycopg.Connection) -> None:
    """SQ-137: what analytics keep holds a tenant, a day, a measure and a number."""
    statistics.count_all()
    rows = db.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'daily_figure'").fetchall()
    assert {name for (name,) in rows} == {"tenant_id", "id", "day", "measure", "currency", "value", "counted_at"}
    people = [str(one) for (one,) in db.execute("SELECT id FROM person").fetchall()]
    told = " ".join(str(row) for row in db.execute("SELECT t::text FROM daily_figure t").fetchall())
    assert not [one for one in people if one in told]


def test_the_file_says_the_same_in_major_units_and_runs_no_formula(place: Practice, db: psycopg.Connection) -> None:
    db.execute("UPDATE tenant SET name = '=1+1' WHERE id = %s", (place.tenant.id,))
    statistics.count_all()
    said = as_csv(perform(statistics.platform_statistics, visiting(db), period="30")).decode()
    assert "'=1+1,EUR,2," in said
    assert "revenue,EUR" in said
    assert "60.00" in said


def test_the_month_is_mailed_to_super_admins_once(place: Practice, db: psycopg.Connection, post: Post) -> None:
    db.execute("UPDATE delivery SET status = 'withdrawn' WHERE status IN ('scheduled', 'sending')")
    make_staff(db)
    make_staff(db, PlatformRole.SUPPORT)
    statistics.count_all()
    with clock.travel((clock.now().replace(day=1) + timedelta(days=32)).replace(day=1, hour=7)):
        first = statistics.send_monthly()
        assert (first >= 1, statistics.send_monthly()) == (True, 0)
        send_due()
    letters = [one for one in post.sent if "/platform/statistics" in one.as_string().replace("=\n", "")]
    assert len(letters) == first
