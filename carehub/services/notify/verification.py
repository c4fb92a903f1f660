"""A claim's steps, told to the practitioner and to who sent it: by mail and in the centre, the way of every message (DI-027)."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.bus import announce
from carehub.core.i18n import translate
from carehub.core.ids import new_id
from carehub.core.money import babel_locale
from carehub.core.outbox import Event, handles
from carehub.core.settings import settings
from carehub.integrations.mail import Mail
from carehub.models.notify import Audience, Channel, Delivery, DeliveryStatus
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Tenant
from carehub.models.verification import Verification
from carehub.services.notify import render
from carehub.services.notify.centre_write import NOTIFICATION, TOPIC
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import Recipient, person_recipient
from carehub.services.notify.verification_texts import CLAIM_WORDS, LAST_DAY, REASON
from carehub.services.verification.kinds import KINDS

STEPS = tuple(event for event, _audience in CLAIM_WORDS)


def tell_of_claim(session: Session, event: Event) -> None:
    """One mail and one entry a step and person. A step that was overtaken is told all the same: it happened."""
    assert event.tenant_id is not None
    claim = session.get(Verification, (event.tenant_id, UUID(event.payload["verification_id"])))
    if claim is None:
        return
    whose = select(col(Practitioner.person_id)).where(col(Practitioner.id) == claim.practitioner_id)
    own, context = session.scalar(whose), _context(claim)
    for person_id in dict.fromkeys(one for one in (own, claim.submitted_by) if one is not None):
        to = person_recipient(session, event.tenant_id, person_id)
        if to is not None:
            told = {**context, "of": "" if person_id == own else str(claim.practitioner_id)}
            _write(session, event, Channel.EMAIL, to, told)
            _write(session, event, Channel.IN_APP, to, told)


def _context(claim: Verification) -> dict[str, Any]:
    until = claim.expires_on.isoformat() if claim.expires_on else ""
    return {"kind": claim.kind, "reason": claim.reason, "until": until}


def _write(session: Session, event: Event, channel: Channel, to: Recipient, context: dict[str, Any]) -> None:
    assert event.tenant_id is not None
    delivery_id = write_delivery(
        session,
        tenant_id=event.tenant_id,
        event=event.kind,
        audience=Audience.PRACTITIONER,
        channel=channel,
        to=to,
        key=f"{event.id}:{to.person_id}:{channel}",
        due_at=clock.now(),
        context=context,
    )
    if delivery_id is not None and channel == Channel.IN_APP:
        _post(session, session.get_one(Delivery, (event.tenant_id, delivery_id)))


def _href(slug: str, context: dict[str, Any]) -> str:
    of = f"&of={context['of']}" if context["of"] else ""
    return f"/w/{slug}/profile?part=verification{of}"


def _post(session: Session, delivery: Delivery) -> None:
    """The centre's entry, once, and a nudge to the person's tabs."""
    slug = session.scalar(select(col(Tenant.slug)).where(col(Tenant.id) == delivery.tenant_id)) or ""
    title = CLAIM_WORDS[delivery.event, Audience.PRACTITIONER].title
    what = translate(KINDS[delivery.context["kind"]].label, delivery.locale)
    entry = insert(NOTIFICATION).values(
        tenant_id=delivery.tenant_id,
        id=new_id(),
        person_id=delivery.person_id,
        event=delivery.event,
        dedupe_key=delivery.dedupe_key,
        title=title,
        body="",
        params={"what": what, "reason": delivery.context["reason"]},
        href=_href(slug, delivery.context),
        created_at=clock.now(),
    )
    session.execute(entry.on_conflict_do_nothing(index_elements=["tenant_id", "dedupe_key"]))
    delivery.status, delivery.sent_at, delivery.subject = DeliveryStatus.SENT, clock.now(), title
    announce(session, TOPIC, person_id=delivery.person_id)


def claim_mail(session: Session, delivery: Delivery, to: str) -> Mail:
    """Says what step and what follows; never the number, and no document."""
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    words, context = CLAIM_WORDS[delivery.event, Audience.PRACTITIONER], delivery.context
    notes = [render.Line(say(REASON), (context["reason"],))] if context["reason"] else []
    if context["until"]:
        day = format_date(date.fromisoformat(context["until"]), "long", locale=babel_locale(delivery.locale))
        notes.append(render.Line(say(LAST_DAY), (day,)))
    shown = {
        "lead": say(words.lead),
        "lines": [],
        "notes": notes,
        "action": say(words.action),
        "url": settings.url + _href(tenant.slug, context),
        "foot": [say(render.SIGNED, tenant=tenant.name), " · ".join(filter(None, (tenant.place, tenant.phone)))],
    }
    subject = say(words.subject, what=say(KINDS[context["kind"]].label))
    return render.branded_mail(delivery, tenant, to, subject, shown, logo=read_logo(session, delivery.tenant_id))


for _step in STEPS:
    handles(_step)(tell_of_claim)
    letter(_step)(claim_mail)
