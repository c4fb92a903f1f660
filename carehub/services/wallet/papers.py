"""What one keeps: a purchase's receipt, a statement as PDF or CSV. DI-090."""

import csv
import io
import json
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import typst
from babel.dates import format_datetime
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.i18n import N_, RTL, ngettext, translate
from carehub.core.money import Money, babel_locale
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.payments import Payment
from carehub.models.wallet import CoinPurchase
from carehub.services.ledger.views import Movement
from carehub.services.ledger.wallets import KINDS, statement_of, zone_of
from carehub.services.wallet.places import Shop, shop_of
from carehub.services.wallet.views import Receipt

_HERE = Path(__file__).parent
FONTS = _HERE.parent / "privacy" / "fonts"
MOST = 5000  # movements of one file; who has more asks month by month
RECEIPT, STATEMENT = N_("Receipt"), N_("Statement of your coins")
SOLD_BY, BOUGHT_BY, NUMBER, DAY = N_("Sold by"), N_("Bought by"), N_("Number"), N_("Date")
COINS, PRICE, PAID_WITH, BACK = N_("Coins"), N_("Price"), N_("Paid with"), N_("Of which refunded")
HEADS = (N_("Date"), N_("Movement"), N_("Reason"), N_("Coins"), N_("Set aside"), N_("Free afterwards"))
NO_INVOICE = N_("This receipt proves a payment. It is no invoice.")


def _compiled(name: str, told: dict[str, Any]) -> bytes:
    made = typst.compile(
        _HERE / f"{name}.typ",
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(told)},
        format="pdf",
    )
    return bytes(made)


def _frame(locale: str, title: str) -> dict[str, Any]:
    return {"title": title, "rtl": locale in RTL, "lang": locale}


def _when(at: datetime, locale: str, zone: str) -> str:
    return format_datetime(at, "medium", tzinfo=clock.zone(zone), locale=babel_locale(locale))


@verb(SIGNED_IN)
def receipt(session: Session, actor: Actor, *, tenant: str, purchase_id: UUID) -> Receipt:
    """The receipt of one's own purchase as PDF. Raises NotFound."""
    assert actor.person_id is not None
    shop = shop_of(session, tenant)
    with tenant_scope(session, Role.MONEY, shop.tenant_id):
        found = session.get(CoinPurchase, (shop.tenant_id, purchase_id))
        if found is None or found.person_id != actor.person_id or found.bought_at is None:
            raise NotFound
        payment = session.get(Payment, (shop.tenant_id, found.payment_id)) if found.payment_id else None
    zone = zone_of(session, actor.person_id)
    content = _compiled("receipt", _receipt(actor, shop, found, payment, zone))
    return Receipt(f"receipt-{found.id.hex[-12:]}.pdf", content)


def _receipt(actor: Actor, shop: Shop, found: CoinPurchase, payment: Payment | None, zone: str) -> dict[str, Any]:
    say, locale = partial(translate, locale=actor.locale), actor.locale
    assert found.bought_at is not None

    def money(minor: int) -> str:
        return Money(minor, found.currency).text(locale)

    lines = [
        (say(SOLD_BY), shop.name),
        (say(BOUGHT_BY), actor.name),
        (say(NUMBER), found.id.hex[-12:].upper()),
        (say(DAY), _when(found.bought_at, locale, zone)),
        (say(COINS), ngettext("{n} coin", "{n} coins", found.coins, locale)),
        (say(PRICE), money(found.price_minor)),
        (say(PAID_WITH), payment.paid_with if payment else ""),
        (say(BACK), money(found.returned * found.coin_minor) if found.returned else ""),
    ]
    shown = [list(line) for line in lines if line[1]]
    return {**_frame(locale, say(RECEIPT)), "lines": shown, "note": say(NO_INVOICE)}


@verb(SIGNED_IN)
def statement_file(
    session: Session, actor: Actor, *, tenant: str, form: str, month: str = "", kind: str = ""
) -> Receipt:
    """One's movements at an organisation, 5,000 at most, as "pdf" or "csv". Raises NotFound, WalletOff."""
    assert actor.person_id is not None
    if form not in ("pdf", "csv"):
        raise NotFound
    shop = shop_of(session, tenant)
    zone = zone_of(session, actor.person_id)
    asked = {"month": month, "kind": kind, "size": MOST, "zone": zone}
    found = statement_of(session, shop.tenant_id, actor.person_id, **asked).movements  # type: ignore[arg-type]
    name = f"coins-{shop.slug}-{month or clock.today(zone).isoformat()}.{form}"
    return Receipt(name, (_csv if form == "csv" else _pdf)(actor, shop, found, zone))


def _rows(actor: Actor, found: list[Movement], zone: str) -> list[list[str]]:
    say = partial(translate, locale=actor.locale)
    return [
        [
            _when(datetime.fromisoformat(one.at), actor.locale, zone),
            say(KINDS.get(one.kind, one.kind)),
            one.reason,
            f"{one.free:+d}" if one.free else "",
            f"{one.held:+d}" if one.held else "",
            "" if one.balance is None else str(one.balance),
        ]
        for one in found
    ]


def _csv(actor: Actor, _shop: Shop, found: list[Movement], zone: str) -> bytes:
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow([translate(one, actor.locale) for one in HEADS])
    for one, row in zip(found, _rows(actor, found, zone), strict=True):
        reason = "'" + one.reason if one.reason[:1] in ("=", "+", "-", "@", "\t", "\r") else one.reason
        sheet.writerow([one.at, row[1], reason, one.free, one.held, row[5]])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _pdf(actor: Actor, shop: Shop, found: list[Movement], zone: str) -> bytes:
    say = partial(translate, locale=actor.locale)
    heads = [say(one) for one in HEADS]
    told = {"name": f"{actor.name} · {shop.name}", "heads": heads, "rows": _rows(actor, found, zone)}
    return _compiled("statement", {**_frame(actor.locale, say(STATEMENT)), **told})
