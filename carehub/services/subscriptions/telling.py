"""Word to the owners about what the organisation pays CareHub: an entry of their centre and a mail, once for each event."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.bus import announce
from carehub.core.i18n import N_, translate
from carehub.core.outbox import Event, handles
from carehub.integrations.mail import Mail
from carehub.models.notify import Audience, Channel, Delivery
from carehub.models.subscriptions import PlanSubscription
from carehub.models.tenancy import PlanCode
from carehub.services.billing.paper import long_day
from carehub.services.notify import centre_write, links, render
from carehub.services.notify.centre_write import NOTIFICATION
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.members import owners
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.plan_texts import PLAN_UNPAID, PLAN_WORD
from carehub.services.notify.recipients import Recipient, person_recipient
from carehub.services.subscriptions.applying import CHANGED, ENDED, FAILED, RECOVERED
from carehub.services.subscriptions.dunning import TRIAL_ENDS
from carehub.services.subscriptions.rows import find
from carehub.services.subscriptions.rules import GRACE, REMINDERS
from carehub.services.tenancy.plans import PLAN_LABELS

UNPAID = frozenset({"failed", "reminder", "last"})  # what waits for the reader


@dataclass(frozen=True)
class Said:
    title: str
    lead: str
    action: str = N_("Open the plan")


SAID = {
    "failed": Said(
        N_("Your CareHub subscription could not be paid"),
        N_(
            "Your bank refused the card for the plan of {tenant}. Nothing changes for now: pay before {until}, or choose another card."
        ),
        N_("Pay now"),
    ),
    "reminder": Said(
        N_("Your CareHub subscription is still not paid"),
        N_("The plan of {tenant} waits for its payment. It goes on until {until}; then the free plan follows, with all your data."),
        N_("Pay now"),
    ),
    "last": Said(
        N_("Last reminder: your plan ends soon"),
        N_("The plan of {tenant} is not paid and ends on {until}. The free plan follows; all your data stays."),
        N_("Pay now"),
    ),
    "recovered": Said(
        N_("Your CareHub subscription is paid"),
        N_("The payment for the plan of {tenant} has arrived. Thank you: everything goes on."),
    ),
    "ended_unpaid": Said(
        N_("Your plan has ended: it was not paid"),
        N_("{tenant} is on the free plan now. Nothing was deleted; only what is new waits. Subscribe again whenever you like."),
    ),
    "ended": Said(
        N_("Your plan has ended"),
        N_("{tenant} is on the free plan now, as you asked. Nothing was deleted; only what is new waits."),
    ),
    "trial": Said(
        N_("Your trial ends soon"),
        N_("The trial of {tenant} ends on {until}. Your card then pays the first month, unless you cancel before."),
    ),
    "changed": Said(
        N_("Your plan is now: {plan}"),
        N_("What the plan of {tenant} holds counts at once."),
    ),
}  # fmt: skip


def _about(session: Session, event: Event) -> tuple[str, dict[str, str]] | None:
    """What is said, and its facts as text; None when it is no longer true."""
    assert event.tenant_id is not None
    told = event.payload
    if event.kind == FAILED:
        row = find(session, event.tenant_id)
        since = datetime.fromisoformat(told["since"])
        if row is None or row.past_due_since != since:
            return None  # paid meanwhile
        which = "failed" if told["step"] == 1 else "last" if told["step"] >= len(REMINDERS) else "reminder"
        return which, {"until": (since + GRACE).isoformat()}
    if event.kind == TRIAL_ENDS:
        return ("trial", {"until": told["ends"]}) if _on_trial(find(session, event.tenant_id)) else None
    if event.kind == ENDED:
        return ("ended_unpaid" if told["why"] == "unpaid" else "ended"), {}
    if event.kind == CHANGED:
        return None if told["plan"] == PlanCode.FREE else ("changed", {"plan": told["plan"]})
    return "recovered", {}


def _on_trial(row: PlanSubscription | None) -> bool:
    return row is not None and row.trial_ends_at is not None and not row.cancels


def tell_owners(session: Session, event: Event) -> None:
    assert event.tenant_id is not None
    about = _about(session, event)
    if event.kind in (FAILED, RECOVERED, ENDED):
        _archive_earlier(session)
    if about is None:
        return
    which, facts = about
    tenant = read_tenant(session, event.tenant_id)
    context = {**facts, "which": which, "tenant": tenant.name}
    for person_id in owners(session):
        to = person_recipient(session, event.tenant_id, person_id)
        if to is not None:
            _write(session, event, to, context, f"/w/{tenant.slug}/settings/plan")


def _archive_earlier(session: Session) -> None:
    """What was asked for before is paid, over, or asked for anew: it no longer waits."""
    asked = update(NOTIFICATION).where(NOTIFICATION.c.event == PLAN_UNPAID, NOTIFICATION.c.archived_at.is_(None))
    for person_id in session.scalars(asked.values(archived_at=clock.now()).returning(NOTIFICATION.c.person_id)):
        announce(session, centre_write.TOPIC, person_id=person_id)


def _write(session: Session, event: Event, to: Recipient, context: dict[str, str], href: str) -> None:
    assert event.tenant_id is not None
    for channel in (Channel.IN_APP, Channel.EMAIL):
        made = write_delivery(
            session,
            tenant_id=event.tenant_id,
            event=PLAN_UNPAID if context["which"] in UNPAID else PLAN_WORD,
            audience=Audience.PRACTITIONER,
            channel=channel,
            to=to,
            key=f"{event.id}:{to.person_id}:{channel}",
            due_at=clock.now(),
            context=context,
        )
        if made is not None and channel == Channel.IN_APP:
            row = session.get_one(Delivery, (event.tenant_id, made))
            shown = {"plan": translate(PLAN_LABELS[context["plan"]], to.locale)} if "plan" in context else {}
            centre_write.enter(session, row, title=SAID[context["which"]].title, params=shown, href=href)


def plan_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    context: dict[str, Any] = dict(delivery.context)
    said = SAID[context.pop("which")]
    if "until" in context:
        context["until"] = long_day(datetime.fromisoformat(context["until"]).date(), delivery.locale)
    if "plan" in context:
        context["plan"] = say(PLAN_LABELS[context["plan"]])
    shown = {
        "lead": say(said.lead, **context),
        "lines": [],
        "notes": [],
        "action": say(said.action),
        "url": links.absolute(f"/w/{tenant.slug}/settings/plan"),
        "foot": [say(render.SIGNED_BY_US)],
    }
    return render.branded_mail(delivery, tenant, to, say(said.title, **context), shown)


for _letter in (PLAN_WORD, PLAN_UNPAID):
    letter(_letter)(plan_mail)
for _kind in (FAILED, RECOVERED, ENDED, CHANGED, TRIAL_ENDS):
    handles(_kind)(tell_owners)
