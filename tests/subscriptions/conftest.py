from collections.abc import Iterator
from pathlib import Path

import pytest

from carehub.integrations import stripe
from carehub.integrations.stripe_sink.server import Sink
from carehub.services.subscriptions import prices
from tests.payments.factories import stripe_sink
from tests.subscriptions.factories import Desk, make_desk


@pytest.fixture
def sink(db: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sink]:
    with stripe_sink(monkeypatch, tmp_path) as sink:
        prices._known.clear()  # an earlier test's Stripe may have stood at the same port
        monkeypatch.setattr(stripe.settings, "stripe_test_clocks", True)
        yield sink


@pytest.fixture
def desk(sink: Sink) -> Desk:
    return make_desk(sink)
