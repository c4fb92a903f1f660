from collections.abc import Iterator
from pathlib import Path

import pytest

from carehub.integrations.stripe_sink.server import Sink
from tests.checkout.factories import CardPractice, make_paid_practice
from tests.payments.factories import Till, stripe_sink


@pytest.fixture
def sink(db: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sink]:
    with stripe_sink(monkeypatch, tmp_path) as sink:
        yield sink


@pytest.fixture
def card_practice(sink: Sink) -> CardPractice:
    made = make_paid_practice()
    return CardPractice(made, Till(sink, made.tenant.id, made.owner))
