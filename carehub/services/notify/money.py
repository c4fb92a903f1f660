"""Word about money: to who pays, who is paid, and who runs the organisation; once an event, by the ways that each prefers."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.i18n import translate
from carehub.core.money import Money
from carehub.core.outbox import Event, handles
from carehub.integrations.mail import Mail
from carehub.models.checkout import Checkout
from carehub.models.notify import Audience, Channel, Delivery
from carehub.models.payouts import Payout
from carehub.models.wallet import CoinPurchase, WalletSettings
from carehub.services.notify import centre_write, links, plan, render
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.money_texts import MONEY
from carehub.services.notify.reachable import address_of
from carehub.services.notify.recipients import Recipient, person_recipient
from carehub.services.notify.rules import Rule

SOON = timedelta(minutes=10)
_CLIENT, _PRO = Audience.CLIENT, Audience.PRACTITIONER
_PERSON = text("SELECT person_id FROM practitioner WHERE tenant_id = :tenant AND id = :id")
_NAMED = text("SELECT concat_ws(' ', nullif(honorific, ''), given_name, family_name) FROM practitioner WHERE id = :id")
_CALLED = text("""
    SELECT concat_ws(' ', given_name, nullif(family_name, '')) FROM patient
    WHERE tenant_id = :tenant AND person_id = :person AND legal_name IS NOT NULL""")
_MANAGERS = text("""
    SELECT person_id FROM membership WHERE active AND role IN ('owner', 'admin') ORDER BY created_at LIMIT 10""")


def tell(
    session: Session,
    event: Event,
    people: Iterable[UUID | None],
    audience: Audience,
    *,
    href: str,
    params: dict[str, Any],
    kind: str = "",
    money: tuple[int, str] | None = None,
    words: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Tell each of `people` of `kind` (the event's own, unless said) by every way that is open to them. Once for each event.

    `money`: minor units and currency, the {amount} of the words in each reader's language; `words`: params that are msgids.
    """
    assert event.tenant_id is not None
    kind = kind or event.kind
    for person_id in dict.fromkeys(one for one in people if one is not None):
        to = person_recipient(session, event.tenant_id, person_id)
        if to is None:
            continue
        to = known_as(session, event.tenant_id, to) if audience == _CLIENT else to
        amount = {"amount": Money(*money).text(to.locale)} if money else {}
        said = {name: translate(msgid, to.locale) for name, msgid in words.items() if msgid}
        told = {"href": href, "params": {**params, **amount, **said}}
        for channel in MONEY[kind, audience].channels:
            _write(session, event, Rule(kind, audience, channel), to, told)


def known_as(session: Session, tenant_id: UUID, to: Recipient) -> Recipient:
    """A client under the name that the tenant knows: a pseudonym stays one in the list of what was sent (MC-011)."""
    called = session.scalar(_CALLED, {"tenant": tenant_id, "person": to.person_id})
    return replace(to, name=called) if called else to


def _write(session: Session, event: Event, rule: Rule, to: Recipient, told: dict[str, Any]) -> None:
    """No row for a way that is closed now."""
    assert event.tenant_id is not None
    decided = plan.decision_of(session, rule, to, address_of(rule.channel, to), plan.Times())
    if decided.closed is not None:
        return
    made = plan.write_delivery(
        session,
        tenant_id=event.tenant_id,
        event=rule.event,
        audience=rule.audience,
        channel=rule.channel,
        to=to,
        key=f"{event.id}:{rule.event}:{to.person_id}:{rule.channel}",
        due_at=clock.now(),
        context=told,
    )
    if made is not None and rule.channel == Channel.IN_APP:
        row = session.get_one(Delivery, (event.tenant_id, made))
        title = MONEY[rule.event, rule.audience].words.title
        centre_write.enter(session, row, title=title, params=told["params"], href=told["href"])


def managers(session: Session) -> list[UUID]:
    """Those who run the session's tenant."""
    return list(session.scalars(_MANAGERS))


def money_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    """The same words by mail."""
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    words = MONEY[delivery.event, Audience(delivery.audience)].words
    params = delivery.context["params"]
    shown = {
        "lead": say(words.lead, **params),
        "lines": [],
        "notes": [],
        "action": say(words.action),
        "url": links.absolute(delivery.context["href"]),
        "foot": [say(render.SIGNED_BY_US)],
    }
    logo = read_logo(session, delivery.tenant_id)
    return render.branded_mail(delivery, tenant, to, say(words.subject, **params), shown, logo=logo, leave=True)


for _kind in {event for event, _audience in MONEY}:
    letter(_kind)(money_mail)


def tell_of_wallet(session: Session, event: Event) -> None:
    """Coins came, went back, run low; a card did not buy more."""
    assert event.tenant_id is not None
    tenant = read_tenant(session, event.tenant_id)
    params = {"tenant": tenant.name}
    if event.kind == "coins.low":
        wishes = session.get(WalletSettings, (event.tenant_id, UUID(event.payload["settings_id"])))
        if wishes is None:
            return
        params["below"] = str(max(wishes.alert_below, 1))
    else:
        bought = session.get(CoinPurchase, (event.tenant_id, UUID(event.payload["purchase_id"])))
        if bought is None:
            return
        params["coins"] = str(event.payload.get("coins", bought.coins))
    person = UUID(event.payload["person_id"])
    tell(session, event, [person], _CLIENT, href=f"/me/wallet?tenant={tenant.slug}", params=params)


def tell_of_checkout(session: Session, event: Event) -> None:
    """What was set aside for an appointment: kept, taken, given back, or never paid."""
    assert event.tenant_id is not None
    found = session.get(Checkout, (event.tenant_id, UUID(event.payload["checkout_id"])))
    if found is None:
        return
    tenant = read_tenant(session, event.tenant_id)
    params = {"tenant": tenant.name}
    money = (int(event.payload.get("amount", found.total_minor)), found.currency)
    if event.kind == "checkout.waiting":
        left = found.expires_at - clock.now()
        if found.state not in ("open", "paying") or not timedelta() < left <= SOON:
            return
        href = f"/me/checkout/{found.id}"
    else:
        href = f"/t/{tenant.slug}" if event.kind == "checkout.ended" else "/me/appointments"
    tell(session, event, [found.person_id], _CLIENT, href=href, params=params, money=money)
    if event.kind == "checkout.kept" and found.practitioner_id is not None:
        who = session.scalar(_PERSON, {"tenant": event.tenant_id, "id": found.practitioner_id})
        tell(session, event, [who], _PRO, href=f"/w/{tenant.slug}/earnings", params=params, money=money)


def tell_of_payout(session: Session, event: Event) -> None:
    """Every step to who is paid; what waits for an approval to those who give it, but never to the one who asked (DI-107)."""
    assert event.tenant_id is not None
    found = session.get(Payout, (event.tenant_id, UUID(event.payload["payout_id"])))
    if found is None:
        return
    tenant = read_tenant(session, event.tenant_id)
    who = session.scalar(_PERSON, {"tenant": event.tenant_id, "id": found.practitioner_id})
    params = {"tenant": tenant.name, "number": found.number, "reason": event.payload.get("reason", "")}
    money = (found.net_minor, found.currency)
    tell(session, event, [who], _PRO, href=f"/w/{tenant.slug}/earnings", params=params, money=money)
    if event.kind in ("payout.asked", "payout.second"):
        others = [one for one in managers(session) if one not in (who, found.asked_by, found.first_by)]
        name = session.scalar(_NAMED, {"id": found.practitioner_id}) or ""
        told = {**params, "name": name}
        href = f"/w/{tenant.slug}/payouts"
        tell(session, event, others, _PRO, href=href, params=told, kind="payout.to_approve", money=money)


for _event in ("bought", "low", "top_up_failed", "returned"):
    handles(f"coins.{_event}")(tell_of_wallet)
for _event in ("waiting", "held", "kept", "returned", "ended"):
    handles(f"checkout.{_event}")(tell_of_checkout)
for _event in ("asked", "second", "approved", "sent", "paid", "refused", "failed", "returned"):
    handles(f"payout.{_event}")(tell_of_payout)
