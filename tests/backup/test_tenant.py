"""One organisation is backed up and restored: here, elsewhere, twice; never half, never over another."""

from pathlib import Path

import pytest

from carehub.backup import tenant as one_tenant
from carehub.backup.archive import TableSum, open_archive
from carehub.backup.errors import BackupError, Collides
from carehub.core.crypto import PERSONS, blind_index, decrypt
from carehub.core.settings import settings
from carehub.integrations.storage import storage
from carehub.models.catalogue import tenant_tables
from tests.backup.conftest import PICTURE, Carehub, House

NOT_OURS = ("audit_log", "audit_seal", "heartbeat", "outbox", "alembic_version")


def kept(sums: dict[str, TableSum]) -> dict[str, TableSum]:
    return {name: one for name, one in sums.items() if name not in NOT_OURS}


def remove(house: House) -> None:
    for table in reversed(tenant_tables()):
        house.ask(f"delete from {table.name} where tenant_id = %s", house.tenant.id)
    house.ask("delete from outbox where tenant_id = %s", house.tenant.id)
    house.ask("delete from tenant_key where scope_id = %s", house.tenant.id)
    house.ask("delete from tenant where id = %s", house.tenant.id)
    storage().delete(house.file_key)


def test_a_removed_organisation_stands_again_with_all_its_rows_keys_and_files(
    house: House, carehub: Carehub, tmp_path: Path
) -> None:
    before = kept(house.sums())
    made = carehub("backup", tmp_path / "one.backup", "--tenant", house.tenant.slug)
    assert "equal checksums" in made.stdout, made.stderr
    remove(house)
    assert kept(house.sums()) != before
    done = carehub("restore", tmp_path / "one.backup")
    assert "rows restored and compared" in done.stdout, done.stderr
    after = kept(house.sums())
    after["tenant_key"] = before["tenant_key"]  # wrapped anew: the same keys in other bytes
    assert after == before
    assert storage().get(house.file_key) == PICTURE
    (token,) = house.ask("select email from patient where tenant_id = %s limit 1", house.tenant.id)[0]
    assert isinstance(token, bytes)
    assert "@example.com" in decrypt(house.tenant.id, "patient.email", token)


def test_the_same_again_changes_nothing(house: House, carehub: Carehub, tmp_path: Path) -> None:
    carehub("backup", tmp_path / "one.backup", "--tenant", house.tenant.slug, "--no-verify")
    before = house.sums()
    for _ in range(2):
        answer = carehub("restore", tmp_path / "one.backup")
        assert "all of it stands here" in answer.stdout, answer.stderr
    assert house.sums() == before


def test_what_changed_since_is_replaced_only_when_that_is_said_and_the_neighbour_is_untouched(
    house: House, carehub: Carehub, tmp_path: Path
) -> None:
    carehub("backup", tmp_path / "one.backup", "--tenant", house.tenant.slug, "--no-verify")
    before = kept(house.sums())
    house.ask("update service set name = 'Changed since' where tenant_id = %s", house.tenant.id)
    refused = carehub("restore", tmp_path / "one.backup")
    assert refused.returncode == 1
    assert "differs in service" in refused.stderr
    assert house.ask("select count(*) from service where name = 'Changed since'") == [(1,)]
    assert carehub("restore", tmp_path / "one.backup", "--replace").returncode == 0
    assert kept(house.sums()) == before


def test_another_organisations_address_is_not_taken(house: House, carehub: Carehub, tmp_path: Path) -> None:
    carehub("backup", tmp_path / "one.backup", "--tenant", house.tenant.slug, "--no-verify")
    remove(house)
    house.ask("update tenant set slug = %s where id = %s", house.tenant.slug, house.neighbour.id)
    answer = carehub("restore", tmp_path / "one.backup")
    assert answer.returncode == 1
    assert "Another organisation has the address" in answer.stderr
    assert house.ask("select count(*) from tenant where id = %s", house.tenant.id) == [(0,)]


def test_elsewhere_people_are_found_by_address_or_get_an_account_without_password(
    house: House, carehub: Carehub, tmp_path: Path
) -> None:
    """Another installation: nobody of the tenant's people has an account there but one, under another id."""
    carehub("backup", tmp_path / "one.backup", "--tenant", house.tenant.slug, "--no-verify")
    known = house.ask("select person_id from membership where tenant_id = %s", house.tenant.id)[0][0]
    remove(house)
    house.ask("update person set id = gen_random_uuid() where id = %s", known)
    house.ask("delete from person where id in (select id from person where id <> %s and given_name = 'Sofia')", known)
    house.ask("delete from tenant_key where scope_id = %s and version > 0", house.tenant.id)
    done = carehub("restore", tmp_path / "one.backup")
    assert done.returncode == 0, done.stderr
    people = house.ask("select person_id from appointment where tenant_id = %s", house.tenant.id)
    found = house.ask(
        "select id, password_hash, email, email_index from person where id = any(%s)", [p for (p,) in people]
    )
    assert len(found) == 2
    for _, password, email, index in found:
        assert password == ""
        assert isinstance(email, bytes)
        assert index == blind_index(PERSONS, "person.email", decrypt(PERSONS, "person.email", email))


def test_a_failure_late_in_the_restore_leaves_nothing(
    house: House, carehub: Carehub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carehub("backup", tmp_path / "one.backup", "--tenant", house.tenant.slug, "--no-verify")
    remove(house)
    before = house.sums()
    archive = open_archive(tmp_path / "one.backup", settings.secret)

    def refuse(*_given: object) -> None:
        raise BackupError("not equal")

    monkeypatch.setattr(one_tenant, "_check_equal", refuse)
    with pytest.raises(BackupError):
        one_tenant.restore(archive)
    assert house.sums() == before


def test_an_unknown_address_is_said_so(house: House, carehub: Carehub, tmp_path: Path) -> None:
    answer = carehub("backup", tmp_path / "one.backup", "--tenant", "nobody-here")
    assert "No organisation has the address nobody-here" in answer.stderr
    assert not (tmp_path / "one.backup").exists()


def test_a_key_that_differs_here_is_a_collision(house: House, carehub: Carehub, tmp_path: Path) -> None:
    carehub("backup", tmp_path / "one.backup", "--tenant", house.tenant.slug, "--no-verify")
    house.ask("update service set name = 'Changed since' where tenant_id = %s", house.tenant.id)
    archive = open_archive(tmp_path / "one.backup", settings.secret)
    house.ask("delete from tenant_key where scope_id = %s", house.tenant.id)
    from carehub.core import crypto

    crypto.forget_keys()
    crypto.encrypt(house.tenant.id, "x", "makes another key")
    with pytest.raises(Collides, match="data key"):
        one_tenant.restore(archive, replace=True)
