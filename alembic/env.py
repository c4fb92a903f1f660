"""Runs migrations as ch_owner, on a connection that carehub.core.migrate opened."""

from alembic import context
from carehub.core import migrate_ops  # noqa: F401 -- registers the operations
from carehub.models import metadata


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:
        from carehub.core.migrate import owner_connection

        with owner_connection() as connection:
            _run(connection)
    else:
        _run(connection)


def _run(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        compare_server_default=False,
        include_object=lambda _object, name, kind, _reflected, _other: (
            not (kind == "table" and name == "alembic_version")
        ),
    )
    with context.begin_transaction():
        context.run_migrations()


run()
