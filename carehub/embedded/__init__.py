"""PostgreSQL and Valkey from wheels, for a machine where nobody gave DATABASE_URL or REDIS_URL."""

from carehub.embedded.errors import EmbeddedError
from carehub.embedded.postgres import Postgres
from carehub.embedded.servers import Server, database, embedded_servers, running, valkey
from carehub.embedded.valkey import Valkey

__all__ = ["EmbeddedError", "Postgres", "Server", "Valkey", "database", "embedded_servers", "running", "valkey"]
