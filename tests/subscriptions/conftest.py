from collections.abc import Iterator
from pathlib import Path

import pytest

from carehub.integrations import stripe
from carehub.integrations.stripe_sink.server import Sink
from tests.payments.factories import stripe_sink
from tests.subscriptions.factories import Desk, make_desk


@pytest.fixture
def sink(db: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sink]:
    with stripe_sink(monkeypatch, tmp_path) as sink:
        monkeypatch.setattr(stripe.settings, "stripe_test_clocks", True)
        yield sink


@pytest.fixture
def desk(sink: Sink) -> Desk:
    return make_desk(sink)
