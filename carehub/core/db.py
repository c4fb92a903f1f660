"""The unit of work: one transaction, one database role, one tenant. Nobody else commits."""

import hashlib
import hmac
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

from carehub.core import logs, metrics, tracing
from carehub.core.actor import Actor
from carehub.core.errors import NotAllowed, NotWhileImpersonating, OnlyAtCareHub
from carehub.core.ids import new_id
from carehub.core.permissions import AT_OWN_HOSTS, PUBLIC
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.core.site import here
from carehub.core.verbs import Verb

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

LOGIN = "ch_login"
PLATFORM_LOGIN = "ch_platform_login"
ENTER = text(
    "select set_config('role', :role, true), set_config('app.tenant_id', :tenant, true),"
    " set_config('app.person_id', :person, true)"
)


def admin_url() -> URL:
    """The administrator's address: migrations and `carehub db url --admin`."""
    return make_url(settings.admin_database_url).set(drivername="postgresql+psycopg")


def login_password(login: str = LOGIN) -> str:
    """A login's password is derived, so that migrations and web agree without storing it."""
    return hmac.digest(settings.secret, login.encode(), hashlib.sha256).hex()


def login_url() -> URL:
    """What web and workers connect with: a login that owns nothing and only takes roles."""
    if settings.login_url:
        return make_url(settings.login_url).set(drivername="postgresql+psycopg")
    return admin_url().set(username=LOGIN, password=login_password())


def platform_url() -> URL:
    """What super-admins' verbs connect with: a login that can take ch_platform and nothing else."""
    if settings.platform_login_url:
        return make_url(settings.platform_login_url).set(drivername="postgresql+psycopg")
    return admin_url().set(username=PLATFORM_LOGIN, password=login_password(PLATFORM_LOGIN))


@cache
def platform_engine() -> Engine:
    """A small pool of its own: a busy console never takes a connection from the tenants' work."""
    return _pool(platform_url(), size=2)


@cache
def engine(*, aside: bool = False) -> Engine:
    """`aside`: a small pool for the short reads that a verb makes while it holds a connection already (a tenant's key), so
    that verbs that wait for one another never wait for a connection of the same pool."""
    return _pool(login_url(), size=2 if aside else settings.threads)


def _pool(url: URL, *, size: int) -> Engine:
    return create_engine(
        url,
        pool_size=size,
        max_overflow=4,
        pool_timeout=10,
        hide_parameters=True,  # an error's text must not carry a person's data into the log
        connect_args={"connect_timeout": 5, "application_name": "carehub"},
    )


@event.listens_for(Session, "after_begin")
def _enter_role(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.parent is None and "role" in session.info and not _begun_at_once(connection, session.info):
        connection.execute(ENTER, session.info)


def _begun_at_once(connection: Connection, info: dict[str, Any]) -> bool:
    """The start of the transaction and ENTER in one exchange: every verb begins with them.

    False when that did not work, with nothing begun: asking again in the usual way then tells why in the usual words.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection) or driver.info.transaction_status != TransactionStatus.IDLE:
        return False
    role, tenant, person = Role(info["role"]).value, _literal(info["tenant"]), _literal(info["person"])
    asked = f"BEGIN; SET LOCAL ROLE {role}; SET LOCAL app.tenant_id = {tenant}; SET LOCAL app.person_id = {person}"
    try:
        if driver.pgconn.exec_(asked.encode()).status == ExecStatus.COMMAND_OK:
            return True
        driver.rollback()
    except psycopg.Error:
        log.info("the connection was dropped")
    return False


def _literal(known: str) -> str:
    """Nothing but an id, or no id, is ever written into a statement."""
    return f"'{UUID(known)}'" if known else "''"


def _info(role: Role, tenant_id: UUID | None, person_id: UUID | None) -> dict[str, Any]:
    return {"role": role.value, "tenant": str(tenant_id or ""), "person": str(person_id or "")}


@contextmanager
def unit_of_work(actor: Actor, role: Role, *, aside: bool = False) -> Iterator[Session]:
    """A transaction in `role`, for the actor's tenant and person. Commits at the end, rolls back on any error.

    A connection that PostgreSQL dropped meanwhile is replaced before anything is asked.
    """
    _check_care(role, impersonating=actor.impersonation is not None)
    pool = platform_engine() if role is Role.PLATFORM else engine(aside=True) if aside else engine()
    session, transaction = _begun(pool, _info(role, actor.tenant_id, actor.person_id))
    session.info["impersonating"] = actor.impersonation is not None
    with session, transaction:
        yield session


def _check_care(role: Role, *, impersonating: bool) -> None:
    """Health data is out of reach of who stands in for a member, whatever the verb."""
    if role is Role.CARE and impersonating:
        raise NotWhileImpersonating


def _begun(pool: Engine, info: dict[str, Any]) -> tuple[Session, SessionTransaction]:
    """A session that has entered its role. Tried once more when the connection had been dropped: the pool then lets go of all."""
    for again in (True, False):
        session = Session(pool, info=info.copy(), expire_on_commit=False)
        try:
            transaction = session.begin()
            session.connection()
            return session, transaction
        except BaseException as error:
            session.close()
            if not (again and isinstance(error, DBAPIError) and error.connection_invalidated):
                raise
    raise AssertionError("unreachable")


@contextmanager
def tenant_scope(session: Session, role: Role, tenant_id: UUID) -> Iterator[None]:
    """Within the same transaction, take another role in a named tenant: a client's booking, the worker's acting.

    Only for service code that has already authorised what it does there.
    """
    _check_care(role, impersonating=bool(session.info.get("impersonating")))
    before = {name: session.info[name] for name in ("role", "tenant", "person")}
    session.flush()
    session.info.update(role=role.value, tenant=str(tenant_id))
    session.execute(ENTER, session.info)
    try:
        yield
        session.flush()
    except DBAPIError:  # the transaction has failed: its end resets the role
        session.info.update(before)
        raise
    except BaseException:
        session.info.update(before)
        with suppress(DBAPIError):  # a refusal that PostgreSQL gave (SlotTaken): the transaction ends with it
            session.execute(ENTER, session.info)
        raise
    session.info.update(before)
    session.execute(ENTER, session.info)


RETRIED = {"40P01", "40001", "55P03"}  # deadlock, serialization failure, lock not available
ATTEMPTS = 3


def perform(verb: Verb[P, R], actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a service verb in its own unit of work, again when PostgreSQL asks for it or was restarted.

    Raises SignInRequired, NotAllowed, ModuleOff or OnlyAtCareHub before anything is opened.
    """
    asked = verb.__asked__
    if here().tenant and asked.policy != PUBLIC and asked.name not in AT_OWN_HOSTS:
        raise OnlyAtCareHub
    try:
        actor.check_may(asked.policy)
    except NotAllowed:
        if asked.role is Role.PLATFORM and actor.visit is not None and actor.visit.id is not None:
            _record_failure(actor, asked.name, kwargs)
        raise
    if actor.impersonation is not None and asked.policy != PUBLIC:
        _record_acting(actor, asked.name)
    with logs.acting(actor), tracing.span(asked.name), metrics.timed_verb(asked.name):
        try:
            return _attempt(verb, actor, *args, **kwargs)
        except Exception:
            if asked.role is Role.PLATFORM:
                with suppress(DBAPIError):  # the database itself may be what broke
                    _record_failure(actor, asked.name, kwargs)
            raise


_USE = text("""
    INSERT INTO platform_access (id, person_id, visit_id, verb, of_tenant, reason, failed)
    VALUES (:id, :person, :visit, :verb, (SELECT id FROM tenant WHERE id = :tenant), :reason, :failed)""")


def _record_use(session: Session, actor: Actor, verb: str, asked: dict[str, Any], *, failed: bool = False) -> None:
    """Whatever a super-admin asks for is on record with its reason before it is answered."""
    visit = actor.visit
    reason = str(asked.get("reason") or (visit.reason if visit else ""))[:500]
    known = {"id": new_id(), "person": actor.person_id, "visit": visit.id if visit else None, "verb": verb}
    session.execute(_USE, {**known, "tenant": asked.get("tenant_id"), "reason": reason, "failed": failed})


def _record_failure(actor: Actor, verb: str, asked: dict[str, Any]) -> None:
    """What was refused, or broke and took its record back with it, is on record all the same."""
    with unit_of_work(actor, Role.PLATFORM) as session:
        _record_use(session, actor, verb, asked, failed=True)


def _record_acting(actor: Actor, verb: str) -> None:
    """Every verb of who stands in for a member, under their own name, before it runs."""
    assert actor.impersonation is not None
    told = {"tenant_id": actor.tenant_id, "reason": actor.impersonation.reason}
    with unit_of_work(actor, Role.PLATFORM) as session:
        _record_use(session, actor, verb, told)


def _attempt(verb: Verb[P, R], actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
    asked = verb.__asked__
    for attempt in range(1, ATTEMPTS + 1):
        done = False
        try:
            with unit_of_work(actor, asked.role) as session:
                if asked.role is Role.PLATFORM:
                    _record_use(session, actor, asked.name, kwargs)
                result = verb(session, actor, *args, **kwargs)
                done = True
            return result
        except DBAPIError as error:
            lost = error.connection_invalidated and not done  # a commit that was cut off may have happened
            if attempt == ATTEMPTS or not (lost or getattr(error.orig, "sqlstate", None) in RETRIED):
                raise
    raise AssertionError("unreachable")
