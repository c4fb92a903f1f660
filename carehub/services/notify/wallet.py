"""Word to who has a wallet: coins came, coins run low, a card did not buy more. A mail, and an entry of their centre. DI-099, DI-103."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.i18n import N_, translate
from carehub.core.outbox import Event, handles
from carehub.integrations.mail import Mail
from carehub.models.notify import Audience, Channel, Delivery
from carehub.models.wallet import CoinPurchase, WalletSettings
from carehub.services.notify import centre_write, links, render
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import person_recipient
from carehub.services.wallet.effects import BOUGHT, RETURNED, TOP_UP_FAILED
from carehub.services.wallet.wishes import LOW


@dataclass(frozen=True)
class Said:
    title: str
    lead: str


SAID = {
    BOUGHT: Said(
        N_("{coins} coins are in your wallet"),
        N_("Your card has paid: {coins} coins at {tenant} are yours. The receipt stands in your wallet."),
    ),
    TOP_UP_FAILED: Said(
        N_("Your card did not buy more coins"),
        N_(
            "Coins at {tenant} were to be bought by themselves, and your bank refused. It is switched off until you say otherwise."
        ),
    ),
    RETURNED: Said(
        N_("{coins} coins went back to your card"),
        N_("The money of {coins} coins at {tenant} is on its way to the card that paid for them."),
    ),
    LOW: Said(
        N_("Few coins are left"),
        N_("At {tenant} you have fewer than {below} coins left."),
    ),
}
OPEN = N_("Open my wallet")


def _context(session: Session, event: Event) -> dict[str, Any] | None:
    assert event.tenant_id is not None
    tenant = read_tenant(session, event.tenant_id)
    context = {"tenant": tenant.name, "slug": tenant.slug}
    if event.kind == LOW:
        wishes = session.get(WalletSettings, (event.tenant_id, UUID(event.payload["settings_id"])))
        return {**context, "below": str(max(wishes.alert_below, 1))} if wishes else None
    bought = session.get(CoinPurchase, (event.tenant_id, UUID(event.payload["purchase_id"])))
    return {**context, "coins": str(event.payload.get("coins", bought.coins))} if bought else None


def tell_of_wallet(session: Session, event: Event) -> None:
    """Once for each event."""
    assert event.tenant_id is not None
    person_id = UUID(event.payload["person_id"])
    to, context = person_recipient(session, event.tenant_id, person_id), _context(session, event)
    if to is None or context is None:
        return
    for channel in (Channel.IN_APP, Channel.EMAIL):
        made = write_delivery(
            session,
            tenant_id=event.tenant_id,
            event=event.kind,
            audience=Audience.CLIENT,
            channel=channel,
            to=to,
            key=f"{event.id}:{channel}",
            due_at=clock.now(),
            context=context,
        )
        if made is not None and channel == Channel.IN_APP:
            row = session.get_one(Delivery, (event.tenant_id, made))
            href = f"/me/wallet?tenant={context['slug']}"
            centre_write.enter(session, row, title=SAID[event.kind].title, params=context, href=href)


def wallet_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    said, context = SAID[delivery.event], delivery.context
    shown = {
        "lead": say(said.lead, **context),
        "lines": [],
        "notes": [],
        "action": say(OPEN),
        "url": links.absolute(f"/me/wallet?tenant={tenant.slug}"),
        "foot": [say(render.SIGNED_BY_US)],
    }
    logo = read_logo(session, delivery.tenant_id)
    return render.branded_mail(delivery, tenant, to, say(said.title, **context), shown, logo=logo)


for _kind in SAID:
    handles(_kind)(tell_of_wallet)
    letter(_kind)(wallet_mail)
