from collections.abc import Iterator

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from carehub.services.identity import passwords


@pytest.fixture(autouse=True)
def _on_postgres(worker_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test here stands on a real database, with hashes that cost a tenth of a millisecond."""
    passwords._nobody.cache_clear()
    monkeypatch.setattr(passwords, "_hasher", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))
    yield
    passwords._nobody.cache_clear()
