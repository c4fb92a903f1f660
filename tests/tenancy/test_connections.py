"""A mail server and a bucket of the tenant's own, against servers that speak SMTP and S3 over the network."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.permissions import TenantRole
from carehub.core.settings import settings
from carehub.integrations import mail, storage
from carehub.integrations.s3 import EMPTY, Bucket, BucketStorage, StorageError, bucket_of, sign
from carehub.models.connections import ConnectionKind
from carehub.services.identity import sessions
from carehub.services.identity.errors import ProofNeeded
from carehub.services.tenancy.connection_forms import MailForm, StorageForm
from carehub.services.tenancy.connections import (
    AddressRefused,
    SecretNeeded,
    connection_states,
    own_server,
    read_bucket,
    read_mail_server,
    remove_connection,
    save_bucket,
    save_mail_server,
    try_connection,
)
from tests import factories as make

BUCKET = Bucket("https://examplebucket.s3.amazonaws.com", "", "us-east-1", "AKIAIOSFODNN7EXAMPLE",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")  # fmt: skip
AT = datetime(2013, 5, 24, tzinfo=UTC)
HEADERS = {"host": "examplebucket.s3.amazonaws.com", "x-amz-date": "20130524T000000Z", "x-amz-content-sha256": EMPTY}


@pytest.mark.parametrize(
    ("path", "query", "more", "signature"),
    [
        ("/test.txt", {}, {"range": "bytes=0-9"}, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        ("/", {"lifecycle": ""}, {}, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("/", {"max-keys": "2", "prefix": "J"}, {}, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
)
def test_requests_are_signed_as_aws_documents(
    path: str, query: dict[str, str], more: dict[str, str], signature: str
) -> None:
    assert sign(BUCKET, "GET", path, query, HEADERS | more, AT).endswith(f"Signature={signature}")


class FakeS3(BaseHTTPRequestHandler):
    """Enough of S3: one bucket, path style, signatures verified, two keys a page."""

    kept: ClassVar[dict[str, bytes]] = {}
    bucket: ClassVar = Bucket("", "practice", "eu-west-3", "KEYID", "not so secret")

    def _answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _asked(self) -> tuple[str, dict[str, str], bytes] | None:
        parts = urlsplit(self.path)
        content = self.rfile.read(int(self.headers.get("content-length") or 0))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        signed = {name: self.headers[name] for name in ("host", "x-amz-date", "x-amz-content-sha256")}
        at = datetime.strptime(signed["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        wanted = sign(self.bucket, self.command, parts.path, query, signed, at)
        if self.headers["authorization"] != wanted:
            self._answer(403, b"<Code>SignatureDoesNotMatch</Code>")
            return None
        return unquote(parts.path).removeprefix(f"/{self.bucket.name}/"), query, content

    def do_PUT(self) -> None:
        asked = self._asked()
        if asked:
            self.kept[asked[0]] = asked[2]
            self._answer(200)

    def do_DELETE(self) -> None:
        asked = self._asked()
        if asked:
            self.kept.pop(asked[0], None)
            self._answer(204)

    def do_GET(self) -> None:
        asked = self._asked()
        if asked is None:
            return
        key, query, _ = asked
        if not key:
            after = query.get("continuation-token", "")
            found = sorted(one for one in self.kept if one.startswith(query.get("prefix", "")) and one > after)
            more = f"<NextContinuationToken>{found[1]}</NextContinuationToken>" if len(found) > 2 else ""
            self._answer(200, ("".join(f"<Key>{one}</Key>" for one in found[:2]) + more).encode())
        elif key in self.kept:
            self._answer(200, self.kept[key])
        else:
            self._answer(404, b"<Code>NoSuchKey</Code>")

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def s3() -> Iterator[str]:
    """The address of a fresh bucket."""
    FakeS3.kept.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeS3)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


class Box:
    """What aiosmtpd hands over."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append((envelope.mail_from or "", envelope.rcpt_tos[0]))
        return "250 kept"


def _knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"practice", b"right one")
    return AuthResult(success=right, handled=False)


@pytest.fixture
def smtp() -> Iterator[tuple[int, Box]]:
    """The port of a mail server that asks for a password."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    box = Box()
    controller = Controller(
        box, hostname="127.0.0.1", port=port, authenticator=_knows, auth_require_tls=False, auth_required=True
    )
    controller.start()
    yield port, box
    controller.stop()


@pytest.fixture
def owner() -> Actor:
    """Signed in a moment ago."""
    person = make.make_person()
    tenant = make.make_tenant()
    make.make_member(tenant, TenantRole.OWNER, person=person)
    return sessions.find_actor(sessions.open_session(person.id), tenant.slug)


def mail_form(port: int, **over: Any) -> MailForm:
    given = {
        "host": "127.0.0.1",
        "port": port,
        "user": "practice",
        "secret": "right one",
        "sender": "bonjour@example.com",
    }
    return MailForm.model_validate(given | over)


def bucket_form(address: str, **over: Any) -> StorageForm:
    given = {
        "endpoint": address,
        "bucket": "practice",
        "region": "eu-west-3",
        "access_key": "KEYID",
        "secret": "not so secret",
    }
    return StorageForm.model_validate(given | over)


def test_files_go_to_the_tenants_bucket_and_older_ones_are_still_found(owner: Actor, s3: str) -> None:
    kept, before, after = storage.storage(), f"{owner.tenant_id}/before.webp", f"{owner.tenant_id}/after.webp"
    kept.put(before, b"before")
    perform(save_bucket, owner, form=bucket_form(s3))
    kept.put(after, b"after")
    assert (kept.get(before), kept.get(after), list(FakeS3.kept)) == (b"before", b"after", [after])
    assert sorted(kept.list_keys(f"{owner.tenant_id}/")) == [after, before]
    kept.delete(after)
    with pytest.raises(FileNotFoundError):
        kept.get(after)
    assert FakeS3.kept == {}


def test_another_tenants_files_stay_where_they_are(owner: Actor, s3: str) -> None:
    perform(save_bucket, owner, form=bucket_form(s3))
    stranger = make.make_tenant()
    storage.storage().put(f"{stranger.id}/one.webp", b"theirs")
    assert FakeS3.kept == {}


def test_a_test_of_the_bucket_leaves_nothing_behind_and_tells_what_was_wrong(owner: Actor, s3: str) -> None:
    perform(save_bucket, owner, form=bucket_form(s3))
    done = perform(try_connection, owner, kind=ConnectionKind.S3)
    assert (done.connected, done.trouble, bool(done.checked_at), FakeS3.kept) == (True, "", True, {})
    perform(save_bucket, owner, form=bucket_form(s3, secret="another one"))
    assert perform(try_connection, owner, kind=ConnectionKind.S3).trouble == "the storage answered 403"


def test_listing_goes_through_every_page(s3: str) -> None:
    kept = BucketStorage(Bucket(s3, "practice", "eu-west-3", "KEYID", "not so secret"))
    for name in ("a/1", "a/2", "a/3", "a/4 and 5", "b/1"):
        kept.put(name, b"x")
    assert list(kept.list_keys("a/")) == ["a/1", "a/2", "a/3", "a/4 and 5"]
    kept.delete("b/none")


def test_a_bucket_that_is_away_is_told_without_its_secret() -> None:
    away = BucketStorage(Bucket("http://127.0.0.1:9", "practice", "eu-west-3", "KEYID", "not so secret"))
    with pytest.raises(StorageError) as told:
        away.get("a/1")
    assert "not so secret" not in f"{told.value!r} {away.bucket!r}"


def test_the_platforms_bucket_is_one_address() -> None:
    found = bucket_of("https://KEY:se%2Fcret@s3.example.com:9000/files?eu-west-3")
    assert found == Bucket("https://s3.example.com:9000", "files", "eu-west-3", "KEY", "se/cret")
    for wrong in ("https://s3.example.com/files", "ftp://K:S@s3.example.com/files", "https://K:S@s3.example.com/a/b"):
        with pytest.raises(ValueError, match="a bucket is written"):
            bucket_of(wrong)


def test_mail_leaves_by_the_tenants_server_under_its_address(owner: Actor, smtp: tuple[int, Box]) -> None:
    port, box = smtp
    perform(save_mail_server, owner, form=mail_form(port))
    assert perform(try_connection, owner, kind=ConnectionKind.SMTP).trouble == ""
    assert [sender for sender, _ in box.taken] == ["bonjour@example.com"]
    assert mail.sender_address() != "bonjour@example.com"  # nobody else's


def test_a_wrong_password_is_told(owner: Actor, smtp: tuple[int, Box]) -> None:
    perform(save_mail_server, owner, form=mail_form(smtp[0], secret="wrong one"))
    done = perform(try_connection, owner, kind=ConnectionKind.SMTP)
    assert "535" in done.trouble
    assert smtp[1].taken == []


def test_secrets_are_encrypted_and_never_come_back(
    owner: Actor, s3: str, smtp: tuple[int, Box], db: psycopg.Connection[Any]
) -> None:
    perform(save_bucket, owner, form=bucket_form(s3))
    perform(save_mail_server, owner, form=mail_form(smtp[0]))
    assert perform(read_bucket, owner).secret == perform(read_mail_server, owner).secret == ""
    rows = db.execute("select t::text from connection t where tenant_id = %s", [owner.tenant_id]).fetchall()
    told = db.execute("select t::text from audit_log t where table_name = 'connection'").fetchall()
    assert len(rows) == 2
    for secret in ("not so secret", "right one"):
        assert secret not in str(rows)
        assert secret not in str(told)


def test_a_stored_secret_goes_to_no_other_address(owner: Actor, s3: str) -> None:
    perform(save_bucket, owner, form=bucket_form(s3))
    perform(save_bucket, owner, form=bucket_form(s3, secret="", region="eu-west-1"))  # the same server
    for change in ({"endpoint": "http://localhost:1"}, {"access_key": "OTHER"}):
        with pytest.raises(SecretNeeded):
            perform(save_bucket, owner, form=bucket_form(s3, secret="", **{"region": "eu-west-3"} | change))


def test_addresses_inside_are_refused(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    for inside in ("http://169.254.169.254", "https://10.0.0.8", "http://example.com"):
        with pytest.raises(AddressRefused):
            perform(save_bucket, owner, form=bucket_form(inside))
    with pytest.raises(AddressRefused):
        perform(save_mail_server, owner, form=mail_form(25, host="192.168.1.1"))
    monkeypatch.setitem(settings.__dict__, "url", "https://carehub.example.com")
    for own in ("http://127.0.0.1:9000", "http://localhost:9000"):
        with pytest.raises(AddressRefused):
            perform(save_bucket, owner, form=bucket_form(own))


def test_an_old_proof_does_not_serve(owner: Actor, s3: str) -> None:
    with clock.travel(clock.now() + timedelta(minutes=11)), pytest.raises(ProofNeeded):
        perform(save_bucket, owner, form=bucket_form(s3))


def test_removed_it_is_carehubs_turn_again(owner: Actor, s3: str) -> None:
    perform(save_bucket, owner, form=bucket_form(s3))
    perform(remove_connection, owner, kind=ConnectionKind.S3)
    storage.storage().put(f"{owner.tenant_id}/later.webp", b"x")
    assert FakeS3.kept == {}
    assert not any(one.connected for one in perform(connection_states, owner))
    with pytest.raises(NotFound):
        perform(try_connection, owner, kind=ConnectionKind.S3)


def test_without_a_server_of_its_own_nothing_changes(owner: Actor) -> None:
    from carehub.core.actor import system
    from carehub.core.db import unit_of_work
    from carehub.core.roles import Role

    usual = mail.sender_address()
    with unit_of_work(system(owner.tenant_id), Role.APP) as session, own_server(session):
        assert mail.sender_address() == usual
