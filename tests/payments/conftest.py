from collections.abc import Iterator
from pathlib import Path

import pytest

from carehub.integrations.stripe_sink.server import Sink
from tests.payments.factories import Till, listen, make_till, stripe_sink


@pytest.fixture
def sink(db: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sink]:
    with stripe_sink(monkeypatch, tmp_path) as sink:
        yield sink


@pytest.fixture
def till(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Till:
    till = make_till(sink)
    listen(till, monkeypatch)
    return till
