"""The second step of signing in (CD-128, SQ-145): set up with an authenticator, codes on paper, devices that one trusts."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pyotp
import segno
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import hash_token
from carehub.core.errors import NotFound
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.access import RecoveryCode, SecondFactor, TrustedDevice
from carehub.services.identity import accounts, codes
from carehub.services.identity.errors import FactorState, WrongCode
from carehub.services.identity.step_up import check_recent_proof

ISSUER = "CareHub"
TRUSTED_FOR = timedelta(days=30)
SETTING_UP = timedelta(minutes=30)


@dataclass(frozen=True)
class FactorView:
    """`since` is ISO, in UTC; `codes_left` of the codes on paper; `devices` that are not asked for a code."""

    on: bool = False
    since: str = ""
    codes_left: int = 0
    devices: int = 0


@verb(SIGNED_IN, role=Role.AUTH)
def my_factor(session: Session, actor: Actor) -> FactorView:
    """Whether one's sign-in has a second step."""
    assert actor.person_id is not None
    factor = session.get(SecondFactor, actor.person_id)
    if factor is None or factor.confirmed_at is None:
        return FactorView()
    trusted = select(func.count()).where(
        col(TrustedDevice.person_id) == actor.person_id, col(TrustedDevice.expires_at) > clock.now()
    )
    left = codes.paper_codes_left(session, actor.person_id)
    return FactorView(True, factor.confirmed_at.isoformat(), left, session.scalar(trusted) or 0)


@verb(SIGNED_IN, role=Role.AUTH)
def begin_factor(session: Session, actor: Actor) -> str:
    """Make a new secret for an authenticator and answer it, in groups of four letters; it counts once it is confirmed.

    Raises ProofNeeded, or FactorState when the second step is on.
    """
    check_recent_proof(session, actor)
    assert actor.person_id is not None
    if codes.is_on(session, actor.person_id):
        raise FactorState
    secret = codes.new_secret()
    session.merge(
        SecondFactor(person_id=actor.person_id, secret=codes.seal(secret), last_step=0, created_at=clock.now())
    )
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _pending(session: Session, actor: Actor) -> SecondFactor | None:
    """What is being set up, locked."""
    factor = session.get(SecondFactor, actor.person_id, with_for_update=True)
    if factor is None or factor.confirmed_at is not None or clock.now() - factor.created_at > SETTING_UP:
        return None
    return factor


@verb(SIGNED_IN, role=Role.AUTH)
def factor_picture(session: Session, actor: Actor) -> bytes:
    """The secret that is being set up, as an SVG that authenticators read. Raises NotFound when none is."""
    factor = _pending(session, actor)
    if factor is None:
        raise NotFound
    name = accounts.email_of(accounts.get_person(session, actor.person_id))
    address = pyotp.TOTP(codes.secret_of(factor)).provisioning_uri(name=name, issuer_name=ISSUER)
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=5, border=4, xmldecl=False, light="#ffffff")
    return drawn.getvalue()


@verb(SIGNED_IN, role=Role.AUTH)
def confirm_factor(session: Session, actor: Actor, *, code: str) -> list[str]:
    """Switch the second step on with a first code of the authenticator. Answers the ten codes to print, this once.

    Raises ProofNeeded, FactorState, or WrongCode at the field `code`.
    """
    check_recent_proof(session, actor)
    factor = _pending(session, actor)
    if factor is None or actor.person_id is None:
        raise FactorState
    if not codes.take_step(factor, code):
        raise WrongCode(field="code")
    factor.confirmed_at = clock.now()
    accounts.tell(session, "account.second_step_on", actor.person_id)
    return codes.new_paper_codes(session, actor.person_id)


@verb(SIGNED_IN, role=Role.AUTH)
def renew_codes(session: Session, actor: Actor) -> list[str]:
    """Ten new codes to print; earlier ones stop working. Raises ProofNeeded, or FactorState when the second step is off."""
    check_recent_proof(session, actor)
    assert actor.person_id is not None
    if not codes.is_on(session, actor.person_id):
        raise FactorState
    return codes.new_paper_codes(session, actor.person_id)


@verb(SIGNED_IN, role=Role.AUTH)
def switch_factor_off(session: Session, actor: Actor) -> None:
    """Sign in by the password alone again; the person is told by mail. Raises ProofNeeded."""
    check_recent_proof(session, actor)
    assert actor.person_id is not None
    was_on = codes.is_on(session, actor.person_id)
    for table in (SecondFactor, RecoveryCode, TrustedDevice):
        session.execute(delete(table).where(col(table.person_id) == actor.person_id))
    if was_on:
        accounts.tell(session, "account.second_step_off", actor.person_id)


@verb(SIGNED_IN, role=Role.AUTH)
def forget_devices(session: Session, actor: Actor) -> int:
    """Ask for a code on every device again. Answers how many were trusted."""
    gone = session.scalars(
        delete(TrustedDevice)
        .where(col(TrustedDevice.person_id) == actor.person_id)
        .returning(col(TrustedDevice.token_hash))
    ).all()
    return len(gone)


def trust_device(session: Session, person_id: UUID, user_agent: str) -> str:
    """The value of a cookie that spares its browser the code for 30 days. The session is in ch_auth."""
    token, now = secrets.token_urlsafe(32), clock.now()
    made = TrustedDevice(
        token_hash=hash_token(token),
        person_id=person_id,
        user_agent=user_agent[:300],
        created_at=now,
        expires_at=now + TRUSTED_FOR,
    )
    session.add(made)
    return token


def is_trusted(session: Session, person_id: UUID, device: str) -> bool:
    """Whether this cookie is one of the person's, and not lapsed. The session is in ch_auth."""
    found = session.get(TrustedDevice, hash_token(device)) if device else None
    return found is not None and found.person_id == person_id and found.expires_at > clock.now()


def forget_trusted(session: Session, person_id: UUID) -> None:
    """The password was changed: whoever had the device is asked again. The session is in ch_auth."""
    session.execute(delete(TrustedDevice).where(col(TrustedDevice.person_id) == person_id))
