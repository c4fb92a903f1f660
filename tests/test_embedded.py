"""The embedded servers start, stop, survive kill -9 and live side by side, as root or not."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from carehub.embedded import EmbeddedError, Postgres, Valkey
from carehub.embedded.process import is_alive, wait_until


def make_postgres(home: Path) -> Postgres:
    return Postgres(home / "postgres", socket_dir=home / "run" / "postgres", log=home / "postgres.log")


def make_valkey(home: Path) -> Valkey:
    return Valkey(home / "valkey", socket_dir=home / "run" / "valkey", log=home / "valkey.log")


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path that the server's user may pass: pytest's own is neither."""
    with tempfile.TemporaryDirectory(prefix="chub-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture
def postgres(home: Path) -> Iterator[Postgres]:
    server = make_postgres(home)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def cache(home: Path) -> Iterator[Valkey]:
    server = make_valkey(home)
    server.start()
    yield server
    server.stop()


def ask(server: Postgres, query: str) -> object:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        cursor = connection.execute(query)  # type: ignore[arg-type]
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def test_postgres_listens_on_no_port(postgres: Postgres) -> None:
    assert ask(postgres, "show listen_addresses") == ""


def test_postgres_folds_accents_and_case_beyond_ascii(postgres: Postgres) -> None:
    assert ask(postgres, "select lower('ÉÀÇ')") == "éàç"


def test_the_socket_directory_belongs_to_the_servers_user_alone(postgres: Postgres) -> None:
    seen, server = postgres.socket_dir.stat(), Path(f"/proc/{postgres.pid()}").stat()
    assert (seen.st_mode & 0o777, seen.st_uid) == (0o700, server.st_uid)


def test_starting_a_running_server_changes_nothing(postgres: Postgres) -> None:
    pid = postgres.pid()
    assert make_postgres(postgres.data.parent).start() is False
    assert postgres.pid() == pid


def test_another_process_can_stop_it(postgres: Postgres) -> None:
    pid = postgres.pid()
    make_postgres(postgres.data.parent).stop()
    assert not is_alive(pid)
    assert not postgres.is_running()


def test_postgres_starts_again_after_kill_9_with_what_was_committed(postgres: Postgres) -> None:
    ask(postgres, "create table kept (n int)")
    ask(postgres, "insert into kept values (7)")
    os.kill(postgres.pid(), signal.SIGKILL)
    assert wait_until(lambda: not postgres.is_running(), seconds=5)
    assert postgres.start() is True
    assert ask(postgres, "select n from kept") == 7


def test_a_start_that_was_cut_off_during_initdb_blocks_nothing(home: Path) -> None:
    half = home / "postgres" / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server = make_postgres(home)
    assert server.start() is True
    server.stop()


def test_a_stale_pid_file_of_a_living_stranger_blocks_nothing(postgres: Postgres) -> None:
    postgres.stop()
    stale = postgres.data / "cluster" / "postmaster.pid"
    stale.write_text(f"999999\n{postgres.data / 'cluster'}\n1\n5432\n{postgres.socket_dir}\n\n")
    assert postgres.start() is True


def test_two_data_directories_run_side_by_side(postgres: Postgres) -> None:
    with tempfile.TemporaryDirectory(prefix="chub-") as made:
        Path(made).chmod(0o711)
        other = make_postgres(Path(made))
        other.start()
        try:
            ask(postgres, "create table only_here (n int)")
            assert ask(other, "select to_regclass('only_here')") is None
            assert ask(postgres, "select to_regclass('only_here')::text") == "only_here"
        finally:
            other.stop()


def test_a_cluster_of_another_version_is_refused_with_words(postgres: Postgres) -> None:
    postgres.stop()
    (postgres.data / "cluster" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match="made by PostgreSQL 9"):
        postgres.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands its files to another user")
def test_root_keeps_the_cluster_where_the_servers_user_can_reach_it() -> None:
    with tempfile.TemporaryDirectory(prefix="chub-") as made:  # mode 0700: nobody else passes
        server = make_postgres(Path(made))
        server.start()
        try:
            assert ask(server, "select 1") == 1
            assert Path(f"/proc/{server.pid()}").stat().st_uid != 0
        finally:
            server.stop()
            for link in (server.data, server.socket_dir):
                remove_behind(link)


def remove_behind(link: Path) -> None:
    if link.is_symlink():
        shutil.rmtree(link.readlink())


def test_valkey_keeps_through_kill_9_what_was_there_a_second_before(cache: Valkey) -> None:
    client = redis.Redis.from_url(cache.url())
    client.set("kept", "yes")
    assert wait_until(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0, seconds=3)
    os.kill(cache.pid(), signal.SIGKILL)
    assert wait_until(lambda: not cache.is_running(), seconds=5)
    assert cache.start() is True
    assert client.get("kept") == b"yes"


def test_valkey_listens_on_no_port(cache: Valkey) -> None:
    assert redis.Redis.from_url(cache.url()).config_get("port") == {"port": "0"}
