import pytest

from carehub.core.crypto import forget_keys


@pytest.fixture(autouse=True)
def _database(worker_database: str) -> None:
    """Every test of this folder may open a unit of work."""
    forget_keys()
