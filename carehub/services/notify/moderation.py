"""What a reviewer decided about a public page, told to its practitioner and to the owners; that a report was looked at, to who sent it.

The one who reported never learns what was decided, and those it is about never who reported (DI-132)."""

from functools import partial
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.bus import announce
from carehub.core.i18n import N_, translate
from carehub.core.ids import new_id
from carehub.core.outbox import Event, handles
from carehub.integrations.mail import Mail
from carehub.models.notify import Audience, Channel, Delivery
from carehub.services.moderation.desk import SEEN
from carehub.services.notify import centre_write, links, render
from carehub.services.notify.centre_write import NOTIFICATION, TOPIC
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.members import owners
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import person_recipient
from carehub.services.notify.texts import WORDS, Words
from carehub.services.notify.verification_texts import REASON

_PRO = Audience.PRACTITIONER
_SEE = N_("See the page")
PAGE_WORDS: dict[tuple[str, str], Words] = {
    ("moderation.change", _PRO): Words(
        N_("Please change something: {what}"),
        N_("CareHub has looked at this public page and asks for a change. It stays published meanwhile."),
        N_("Please change something: {what}"),
        _SEE,
        icon="flag",
        tone="warn",
    ),
    ("moderation.hidden", _PRO): Words(
        N_("Hidden by CareHub: {what}"),
        N_("CareHub has taken this profile out of the directory. Change what is named below and write to our support."),
        N_("Hidden by CareHub: {what}"),
        _SEE,
        icon="eye-off",
        tone="bad",
    ),
    ("moderation.lifted", _PRO): Words(
        N_("Shown again: {what}"),
        N_("This profile is in the directory again."),
        N_("Shown again: {what}"),
        _SEE,
        icon="eye",
        tone="ok",
    ),
}
WORDS.update(PAGE_WORDS)
SEEN_TITLE = N_("We have looked at what you reported")
_REPORT = text("""
    SELECT r.told, r.subject_id = t.id AS is_house, t.slug, p.id AS practitioner_id, p.person_id,
           CASE WHEN r.subject_id = t.id THEN t.name
                ELSE concat_ws(' ', nullif(p.honorific, ''), p.given_name, p.family_name) END AS what
    FROM content_report r JOIN tenant t ON t.id = r.of_tenant
    LEFT JOIN practitioner p ON p.tenant_id = r.of_tenant AND p.id = r.subject_id WHERE r.id = :id""")


def tell_of_decision(session: Session, event: Event) -> None:
    """One mail and one entry a step and person."""
    assert event.tenant_id is not None
    row = session.execute(_REPORT, {"id": UUID(event.payload["report_id"])}).one_or_none()
    if row is None:
        return
    for person_id in dict.fromkeys(filter(None, (row.person_id, *owners(session)))):
        own = person_id == row.person_id
        href = f"/w/{row.slug}/profile" if own else f"/w/{row.slug}/profile?of={row.practitioner_id}"
        context = {"what": row.what, "reason": row.told, "href": f"/w/{row.slug}/settings" if row.is_house else href}
        for channel in (Channel.EMAIL, Channel.IN_APP):
            _write(session, event, person_id, channel, context)


def _write(session: Session, event: Event, person_id: UUID, channel: Channel, context: dict[str, str]) -> None:
    assert event.tenant_id is not None
    to = person_recipient(session, event.tenant_id, person_id)
    if to is None:
        return
    made = write_delivery(
        session,
        tenant_id=event.tenant_id,
        event=event.kind,
        audience=_PRO,
        channel=channel,
        to=to,
        key=f"{event.id}:{person_id}:{channel}",
        due_at=clock.now(),
        context=context,
    )
    if made is not None and channel == Channel.IN_APP:
        row = session.get_one(Delivery, (event.tenant_id, made))
        params = {"what": context["what"], "reason": context["reason"]}
        title = PAGE_WORDS[event.kind, _PRO].title
        centre_write.enter(session, row, title=title, params=params, href=context["href"])


def decision_mail(session: Session, delivery: Delivery, to: str) -> Mail:
    """Says what was decided and the reviewer's words."""
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    words, context = PAGE_WORDS[delivery.event, _PRO], delivery.context
    shown = {
        "lead": say(words.lead),
        "lines": [],
        "notes": [render.Line(say(REASON), (context["reason"],))] if context["reason"] else [],
        "action": say(words.action),
        "url": links.absolute(context["href"]),
        "foot": [say(render.SIGNED_BY_US)],
    }
    subject = say(words.subject, what=context["what"])
    return render.branded_mail(delivery, tenant, to, subject, shown, logo=read_logo(session, delivery.tenant_id))


@handles(SEEN)
def enter_seen(session: Session, event: Event) -> None:
    """One entry for each report of theirs that was looked at."""
    person_id = UUID(event.payload["person_id"])
    entry = insert(NOTIFICATION).values(
        tenant_id=event.tenant_id,
        id=new_id(),
        person_id=person_id,
        event=event.kind,
        dedupe_key=str(event.id),
        title=SEEN_TITLE,
        body="",
        params={},
        href="/me/notifications",
        created_at=clock.now(),
    )
    session.execute(entry.on_conflict_do_nothing(index_elements=["tenant_id", "dedupe_key"]))
    announce(session, TOPIC, person_id=person_id)


for _step, _audience in PAGE_WORDS:
    handles(_step)(tell_of_decision)
    letter(_step)(decision_mail)
