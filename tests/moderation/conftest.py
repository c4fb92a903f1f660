import importlib

import pytest

from tasks.app import handler_modules


@pytest.fixture(autouse=True)
def _database(worker_database: str) -> None:
    """Every test here stands on a real database, with the handlers of all events."""
    for handlers in handler_modules():
        importlib.import_module(handlers)
