"""Push to a person's browsers: keys of this installation, subscriptions by device, and one message to all of them."""

import base64
import json
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.bus import announce
from carehub.core.crypto import PERSONS, decrypt, encrypt, hash_token
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.errors import Invalid, NotFound
from carehub.core.i18n import translate
from carehub.core.ids import new_id
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.integrations import mail, push
from carehub.integrations.push import Keys, PushError, Target
from carehub.models.notify import Delivery
from carehub.models.reach import PushKey, PushSubscription
from carehub.services.identity.account import browser_of
from carehub.services.notify.short_texts import OPEN

KEY, SEALED = "push_key.private", "push_subscription.sealed"
MOST = 20  # devices of one person; the oldest make room
TOPIC = "devices"


class SubscriptionNotValid(Invalid):
    key = "This browser did not say how it can be reached. Please try again"


class PushLater(Exception):
    """Some browsers could not be reached yet; `reached` already have it."""

    def __init__(self, told: str, reached: list[str]) -> None:
        super().__init__(told)
        self.reached = reached


@cache
def keys() -> Keys:
    """Made at the first use of an installation, and the same for ever: browsers hold on to the public one."""
    with unit_of_work(system(), Role.AUTH, aside=True) as session:
        found = session.get(PushKey, True)
        if found is None:
            made = push.new_keys()
            values = {"single": True, "private": encrypt(PERSONS, KEY, made.private), "public": made.public}
            session.execute(insert(PushKey).values(**values, created_at=clock.now()).on_conflict_do_nothing())
            found = session.get_one(PushKey, True)
        return Keys(decrypt(PERSONS, KEY, found.private), found.public)


@dataclass(frozen=True)
class DeviceView:
    """One browser that shows notifications. Times are ISO, in UTC; `used_at` empty: nothing was sent yet."""

    id: str
    device: str
    created_at: str
    used_at: str


@verb(SIGNED_IN, role=Role.AUTH)
def push_public_key(_session: Session, _actor: Actor) -> str:
    """What a browser needs to subscribe (base64url)."""
    return keys().public


@verb(SIGNED_IN)
def my_devices(session: Session, actor: Actor) -> list[DeviceView]:
    """One's own subscribed browsers, the newest first."""
    row = col(PushSubscription.created_at)
    query = select(col(PushSubscription.id), col(PushSubscription.device), row, col(PushSubscription.used_at))
    mine = query.where(col(PushSubscription.person_id) == actor.person_id).order_by(row.desc()).limit(MOST)
    return [
        DeviceView(str(one.id), one.device, one.created_at.isoformat(), one.used_at.isoformat() if one.used_at else "")
        for one in session.execute(mine)
    ]


@verb(SIGNED_IN, role=Role.AUTH)
def subscribe(session: Session, actor: Actor, *, endpoint: str, p256dh: str, auth: str, user_agent: str = "") -> None:
    """Show one's notifications in this browser. The same browser again, or by someone else, replaces what it was.

    Raises SubscriptionNotValid for what no push service could have said.
    """
    assert actor.person_id is not None
    target = Target(endpoint, p256dh, auth)
    if not push.is_target(target):
        raise SubscriptionNotValid
    values = {
        "person_id": actor.person_id,
        "sealed": encrypt(PERSONS, SEALED, json.dumps(vars(target))),
        "device": browser_of(user_agent)[:80],
        "created_at": clock.now(),
        "used_at": None,
    }
    made = insert(PushSubscription).values(id=new_id(), endpoint_hash=hash_token(endpoint), **values)
    session.execute(made.on_conflict_do_update(index_elements=["endpoint_hash"], set_=values))
    session.execute(_OVER, {"person": actor.person_id, "most": MOST})
    announce(session, TOPIC, person_id=actor.person_id)


_OVER = text("""
    DELETE FROM push_subscription WHERE id IN (
        SELECT id FROM push_subscription WHERE person_id = :person ORDER BY created_at DESC OFFSET :most)""")


@verb(SIGNED_IN)
def revoke_device(session: Session, actor: Actor, *, device_id: UUID) -> None:
    """Send nothing more to one of one's browsers. Raises NotFound for somebody else's."""
    gone = delete(PushSubscription).where(
        col(PushSubscription.id) == device_id, col(PushSubscription.person_id) == actor.person_id
    )
    if session.execute(gone.returning(col(PushSubscription.id))).first() is None:
        raise NotFound
    announce(session, TOPIC, person_id=actor.person_id)


@verb(SIGNED_IN, role=Role.AUTH)
def unsubscribe(session: Session, actor: Actor, *, endpoint: str) -> None:
    """This browser shows nothing more. Repeatable; another person's subscription is out of reach."""
    session.execute(
        delete(PushSubscription).where(
            col(PushSubscription.endpoint_hash) == hash_token(endpoint),
            col(PushSubscription.person_id) == actor.person_id,
        )
    )
    announce(session, TOPIC, person_id=actor.person_id)


def payload(title: str, path: str, tag: str, locale: str) -> dict[str, str]:
    """What a browser shows: when, never who or what, for a locked screen may show it to anybody."""
    direction = "rtl" if locale == "ar" else "ltr"
    shown = {"title": title, "body": translate(OPEN, locale), "path": path, "tag": tag}
    return {**shown, "lang": locale, "dir": direction}


def send(session: Session, row: Delivery, shown: dict[str, str], *, urgent: bool) -> int:
    """Hand a message to every browser of the person that does not have it yet. Lapsed subscriptions are dropped.

    Answers how many have it. Raises PushLater when one could not be reached, PushError when none can ever be.
    """
    assert row.person_id is not None
    reached: list[str] = list(row.context.get("reached", ()))
    later: list[str] = []
    with tenant_scope(session, Role.WORKER, row.tenant_id):
        mine = select(PushSubscription).where(col(PushSubscription.person_id) == row.person_id)
        for one in session.scalars(mine).all():
            if str(one.id) in reached:
                continue
            why = _hand(session, one, row, shown, urgent=urgent)
            if why is None:
                reached.append(str(one.id))
            elif not why.gone and not why.final:
                later.append(str(why))
    if later:
        raise PushLater(later[0], reached)
    if not reached:
        raise PushError("no browser takes messages any more", final=True)
    return len(reached)


def _hand(
    session: Session, one: PushSubscription, row: Delivery, shown: dict[str, str], *, urgent: bool
) -> PushError | None:
    target = Target(**json.loads(decrypt(PERSONS, SEALED, one.sealed)))
    topic = base64.urlsafe_b64encode(row.id.bytes).decode().rstrip("=")
    here = col(PushSubscription.id) == one.id
    try:
        push.send(target, keys(), payload=shown, topic=topic, urgent=urgent, contact=mail.sender_address())
    except PushError as error:
        if error.gone:  # aside: it stays dropped whatever becomes of this message
            with unit_of_work(system(), Role.WORKER, aside=True) as other:
                other.execute(delete(PushSubscription).where(here))
        return error
    session.execute(update(PushSubscription).where(here).values(used_at=clock.now()))
    return None
