"""A tenant's own mail server, storage and Stripe account: set up, tested, taken away. Who has none uses CareHub's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.crypto import decrypt, encrypt
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.errors import Invalid, NotFound
from carehub.core.i18n import N_, translate
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.integrations import mail, storage
from carehub.integrations.mail import Mail, MailError, Server
from carehub.integrations.s3 import Bucket, BucketStorage
from carehub.integrations.stripe import StripeTrouble
from carehub.models.connections import Connection, ConnectionKind
from carehub.models.tenancy import Tenant
from carehub.services.identity import accounts
from carehub.services.identity.errors import IssuerNotValid
from carehub.services.identity.providers import check_address
from carehub.services.identity.step_up import check_recent_proof
from carehub.services.tenancy.connection_forms import Encryption, MailForm, StorageForm
from carehub.services.tenancy.settings import MANAGE, READ
from carehub.services.tenancy.stripe_account import try_stripe

CONTEXT = "connection.secret"
TRIAL = b"CareHub was here to see whether it may write, read and delete."
# what the secret is sent to: when it changes, the secret is asked for again
_TARGET = {ConnectionKind.SMTP: ("host", "port", "user", "encryption"), ConnectionKind.S3: ("endpoint", "access_key")}


class AddressRefused(Invalid):
    key = "CareHub opens only encrypted addresses on the public internet"


class SecretNeeded(Invalid):
    key = "Write the secret: it is never sent anywhere but where it was meant for"


@dataclass(frozen=True)
class ConnectionState:
    """Whether one is set up, and what its last test said (`trouble` empty: it worked); `checked_at` is ISO or empty."""

    kind: str
    connected: bool = False
    checked_at: str = ""
    trouble: str = ""


def _row(session: Session, tenant_id: UUID | None, kind: ConnectionKind) -> Connection | None:
    return session.scalar(
        select(Connection).where(col(Connection.tenant_id) == tenant_id, col(Connection.kind) == kind.value),
        execution_options={"populate_existing": True},
    )


@verb(READ)
def connection_states(session: Session, actor: Actor) -> list[ConnectionState]:
    """One for each kind."""
    rows = {
        one.kind: one for one in session.scalars(select(Connection).where(col(Connection.tenant_id) == actor.tenant_id))
    }
    return [_state(kind, rows.get(kind.value)) for kind in ConnectionKind]


def _state(kind: ConnectionKind, row: Connection | None) -> ConnectionState:
    if row is None:
        return ConnectionState(kind.value)
    return ConnectionState(kind.value, True, row.checked_at.isoformat() if row.checked_at else "", row.trouble)


@verb(MANAGE)
def read_mail_server(session: Session, actor: Actor) -> MailForm:
    """The tenant's own mail server without its password; an empty form when there is none."""
    row = _row(session, actor.tenant_id, ConnectionKind.SMTP)
    blank: dict[str, Any] = {"host": "", "sender": ""}
    return MailForm.model_construct(**(row.options | {"secret": ""} if row else blank))


@verb(MANAGE)
def read_bucket(session: Session, actor: Actor) -> StorageForm:
    """The tenant's own storage without its secret; an empty form when there is none."""
    row = _row(session, actor.tenant_id, ConnectionKind.S3)
    blank: dict[str, Any] = {"endpoint": "", "bucket": "", "access_key": ""}
    return StorageForm.model_construct(**(row.options | {"secret": ""} if row else blank))


@verb(MANAGE)
def save_mail_server(session: Session, actor: Actor, *, form: MailForm) -> None:
    """From now on the tenant's messages leave by its own server, under its own address.

    Raises ProofNeeded, AddressRefused at `host`, SecretNeeded at `secret`.
    """
    check_recent_proof(session, actor)
    scheme = "http" if form.host in mail.LOOPBACK else "https"
    _check_address(f"{scheme}://{form.host}:{form.port}", "host")
    _keep(session, actor, ConnectionKind.SMTP, form, needed=bool(form.user))


@verb(MANAGE)
def save_bucket(session: Session, actor: Actor, *, form: StorageForm) -> None:
    """From now on the tenant's new files are kept in its own bucket; older ones stay where they are and are still found.

    Raises ProofNeeded, AddressRefused at `endpoint`, SecretNeeded at `secret`.
    """
    check_recent_proof(session, actor)
    _check_address(form.endpoint, "endpoint")
    _keep(session, actor, ConnectionKind.S3, form, needed=True)


def _check_address(address: str, field: str) -> None:
    try:
        check_address(address)
    except IssuerNotValid as error:
        raise AddressRefused(field=field) from error


def _keep(session: Session, actor: Actor, kind: ConnectionKind, form: Any, *, needed: bool) -> None:
    assert actor.tenant_id is not None
    options = form.model_dump(mode="json", exclude={"secret"})
    before = _row(session, actor.tenant_id, kind)
    same = before is not None and all(before.options.get(name) == options[name] for name in _TARGET[kind])
    if not form.secret and needed and not same:
        raise SecretNeeded(field="secret")
    sealed = before.secret if before and same and not form.secret else encrypt(actor.tenant_id, CONTEXT, form.secret)
    values = {"options": options, "secret": sealed, "checked_at": None, "trouble": "", "updated_at": clock.now()}
    made = insert(Connection).values(tenant_id=actor.tenant_id, id=new_id(), kind=kind.value, **values)
    session.execute(made.on_conflict_do_update(index_elements=["tenant_id", "kind"], set_=values))
    storage.forget_own(actor.tenant_id)


@verb(MANAGE)
def remove_connection(session: Session, actor: Actor, *, kind: ConnectionKind) -> None:
    """CareHub's own server or storage serves again. Files in the bucket are no longer found. Raises ProofNeeded, NotFound."""
    check_recent_proof(session, actor)
    assert actor.tenant_id is not None
    gone = delete(Connection).where(col(Connection.tenant_id) == actor.tenant_id, col(Connection.kind) == kind.value)
    if session.execute(gone).rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
    storage.forget_own(actor.tenant_id)


@verb(MANAGE)
def try_connection(session: Session, actor: Actor, *, kind: ConnectionKind) -> ConnectionState:
    """Send a message to oneself by the tenant's server, write, read and delete a file in its bucket, or ask its Stripe account,
    and keep what came of it.

    Raises NotFound.
    """
    assert actor.tenant_id is not None
    row = _row(session, actor.tenant_id, kind)
    if row is None:
        raise NotFound
    trouble = ""
    try:
        if kind == ConnectionKind.SMTP:
            _send_trial(session, actor, _server_of(row))
        elif kind == ConnectionKind.STRIPE:
            try_stripe(session, row)
        else:
            _write_trial(actor.tenant_id, BucketStorage(_bucket_of(row)))
    except (MailError, OSError, StripeTrouble) as error:
        trouble = str(error)[:200] or type(error).__name__
    done = update(Connection).where(col(Connection.tenant_id) == actor.tenant_id, col(Connection.kind) == kind.value)
    session.execute(done.values(checked_at=clock.now(), trouble=trouble).execution_options(synchronize_session=False))
    return _state(kind, _row(session, actor.tenant_id, kind))


def _send_trial(session: Session, actor: Actor, server: Server) -> None:
    assert actor.tenant_id is not None
    name = session.scalar(select(col(Tenant.name)).where(col(Tenant.id) == actor.tenant_id)) or ""
    with tenant_scope(session, Role.AUTH, actor.tenant_id):
        to = accounts.email_of(accounts.get_person(session, actor.person_id))
    text = translate(N_("{tenant}: this is a test. Messages leave by your own mail server."), actor.locale, tenant=name)
    with mail.using(server):
        mail.send(
            Mail(
                message_id=mail.message_id(new_id().hex),
                sender_name=name,
                to=to,
                to_name=actor.name,
                subject=translate(N_("Test of your mail server"), actor.locale),
                html=f"<p>{text.replace('&', '&amp;').replace('<', '&lt;')}</p>",
                text=text,
                locale=actor.locale,
            )
        )


def _write_trial(tenant_id: UUID, kept: BucketStorage) -> None:
    key = f"{tenant_id}/trial-{new_id().hex}"
    kept.put(key, TRIAL)
    if kept.get(key) != TRIAL:
        raise OSError("what was read is not what was written")
    kept.delete(key)


def _server_of(row: Connection) -> Server:
    form = MailForm.model_validate(row.options)
    password = decrypt(row.tenant_id, CONTEXT, row.secret)
    return Server(form.host, form.port, form.encryption == Encryption.TLS, form.user, password, form.sender)


def _bucket_of(row: Connection) -> Bucket:
    form = StorageForm.model_validate(row.options)
    return Bucket(form.endpoint, form.bucket, form.region, form.access_key, decrypt(row.tenant_id, CONTEXT, row.secret))


@contextmanager
def own_server(session: Session) -> Iterator[None]:
    """What is mailed within leaves by the server of the session's tenant, when it has one of its own."""
    row = _row(session, UUID(session.info["tenant"]), ConnectionKind.SMTP)
    if row is None:
        yield
        return
    with mail.using(_server_of(row)):
        yield


def find_own_storage(tenant_id: UUID) -> BucketStorage | None:
    """The tenant's own bucket, when it has one."""
    with unit_of_work(system(tenant_id), Role.APP, aside=True) as session:
        row = _row(session, tenant_id, ConnectionKind.S3)
        return BucketStorage(_bucket_of(row)) if row else None


storage.find_own = find_own_storage
