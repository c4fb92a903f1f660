"""The demo's Stripe keeps Stripe's own rules of billing, asked through the unchanged library."""

from datetime import UTC, datetime

import pytest
import stripe as library

from carehub.integrations import stripe
from carehub.integrations.stripe_sink.server import Sink
from carehub.integrations.stripe_sink.subscriptions import month_after
from tests.payments.factories import KEY
from tests.subscriptions.factories import CLINIC, PROFESSIONAL, Desk


@pytest.mark.parametrize(
    ("at", "day", "then"),
    [((2026, 1, 31), 31, (2026, 2, 28)), ((2026, 2, 28), 31, (2026, 3, 31)), ((2026, 12, 15), 15, (2027, 1, 15))],
)
def test_a_month_ends_on_its_day_or_its_last(at: tuple[int, int, int], day: int, then: tuple[int, int, int]) -> None:
    stamps = [int(datetime(*one, tzinfo=UTC).timestamp()) for one in (at, then)]
    assert month_after(stamps[0], day) == stamps[1]


def test_a_clock_only_goes_forward(sink: Sink) -> None:
    clocks = stripe.account(KEY).test_helpers.test_clocks
    made = clocks.create(params={"frozen_time": 1_800_000_000})
    assert clocks.advance(made.id, params={"frozen_time": 1_800_000_100}).frozen_time == 1_800_000_100
    with pytest.raises(library.InvalidRequestError):
        clocks.advance(made.id, params={"frozen_time": 1_800_000_000})


def test_credit_pays_the_next_invoices_first(desk: Desk) -> None:
    desk.start(CLINIC)
    desk.advance(days=14, minutes=1)
    desk.advance(days=1)
    desk.change(PROFESSIONAL)
    credit = -desk.invoices()[-1]["total"]
    assert credit > 900_00
    desk.advance(days=62)
    last = desk.invoices()[-2:]
    assert [one["total"] for one in last] == [499_00, 499_00]
    assert sum(one["total"] - one["amount_due"] for one in last) == credit
    assert [one["amount_paid"] for one in last] == [0, 2 * 499_00 - credit]


def test_each_step_tells_its_events_in_order(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    desk.advance(days=14, minutes=1)
    kinds = [one["type"] for one in desk.events()]
    for before, after in (
        ("customer.created", "setup_intent.succeeded"),
        ("checkout.session.completed", "test_helpers.test_clock.ready"),
        ("customer.subscription.created", "invoice.payment_succeeded"),
    ):
        assert kinds.index(before) < len(kinds) - 1 - kinds[::-1].index(after)


def test_what_is_due_for_everyone_else_comes_by_real_time(desk: Desk) -> None:
    desk.start(PROFESSIONAL)
    free = {**desk.subscription(), "test_clock": None}
    desk.sink.store.keep(KEY, free)
    desk.sink.api.subscriptions.keep_time(KEY, free["trial_end"] - 1)
    assert desk.subscription()["status"] == "trialing"
    desk.sink.api.subscriptions.keep_time(KEY, free["trial_end"])
    assert desk.subscription()["status"] == "active"
