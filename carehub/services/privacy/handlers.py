"""What follows from a request, a copy that was asked for, a breach."""

from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core.crypto import PERSONS
from carehub.core.i18n import N_
from carehub.core.outbox import Event, handles
from carehub.models.privacy import RequestKind, RightsRequest
from carehub.services.privacy import account_erasure, breaches, exports, letters, requests
from carehub.services.privacy.subject import places


@handles(exports.ASKED)
def make_the_copy(session: Session, event: Event) -> None:
    told = event.payload
    exports.make_export(session, UUID(told["export_id"]), UUID(told["person_id"]), told["locale"])


@handles(account_erasure.ERASURE_ASKED)
def tell_of_erasure(session: Session, event: Event) -> None:
    letters.tell_person(
        session,
        UUID(event.payload["person_id"]),
        key=str(event.id),
        subject=N_("Your account will be erased in {days} days"),
        lead=N_("Nothing changes until then, and you can take it back with one click. If it was not you, do that now."),
        action=N_("Keep my account, or see what happens"),
        path="/me/privacy?tab=erase",
        days=account_erasure.COOLING_OFF.days,
    )


def _request(session: Session, event: Event) -> RightsRequest | None:
    return session.get(RightsRequest, (event.tenant_id, UUID(event.payload["request_id"])))


@handles(requests.ASKED)
def tell_the_desk(session: Session, event: Event) -> None:
    found = _request(session, event)
    if found is None or event.tenant_id is None:
        return
    place = next(one for one in places(session) if one.id == event.tenant_id)
    letters.tell_desk(
        session,
        event.tenant_id,
        key=str(found.id),
        subject=N_("Someone asks {tenant} about their data"),
        lead=N_("The law gives a month to answer. The request and its last day stand in your settings."),
        action=N_("Read and answer"),
        path=f"/w/{place.slug}/settings/privacy?request={found.id}",
        tenant=place.name,
    )


@handles(requests.ANSWERED)
def tell_the_person(session: Session, event: Event) -> None:
    found = _request(session, event)
    if found is None or found.person_id is None or found.tenant_id == PERSONS:
        return
    place = next(one for one in places(session) if one.id == event.tenant_id)
    gone = found.kind == RequestKind.ERASURE and found.status == "done"
    letters.tell_person(
        session,
        found.person_id,
        key=str(found.id),
        subject=N_("{tenant} has answered your request"),
        lead=N_("What it kept of you is erased, but for what the law makes it keep.")
        if gone
        else N_("The answer stands on CareHub, where only you read it."),
        action=N_("Read the answer"),
        path="/me/privacy?tab=requests",
        tenant=place.name,
    )


@handles(breaches.OPENED)
def tell_of_breach(session: Session, event: Event) -> None:
    breaches.tell_of(session, event)


@handles(breaches.CLOCK)
def remind_of_breach(session: Session, event: Event) -> None:
    breaches.remind(session, event)
