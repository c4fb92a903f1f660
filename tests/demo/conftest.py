from collections.abc import Iterator

import psycopg
import pytest

from carehub.core import crypto
from carehub.services import demo
from tests import conftest as run


@pytest.fixture(scope="module")
def seeded(worker_database: str) -> Iterator[psycopg.Connection]:
    """An administrator's connection to a database that holds the demo and nothing else. Read only: the module shares it."""
    run.clone(run.NAME)
    crypto.forget_keys()
    assert demo.seed()
    with psycopg.connect(worker_database, autocommit=True) as connection:
        yield connection
    crypto.forget_keys()
    run.clone(run.NAME)  # later tests of this worker find an empty one


def count(connection: psycopg.Connection, table: str, where: str = "true") -> int:
    row = connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()
    assert row is not None
    return int(row[0])
