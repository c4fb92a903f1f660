"""/demo/stripe: the hosted pages of the demo's Stripe, where a payer types a card. They do not exist otherwise."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from carehub.api.body import read_fields
from carehub.api.guard import route
from carehub.api.plain import plain_page, reader
from carehub.core.actor import Actor
from carehub.core.i18n import N_, translate
from carehub.core.money import Money
from carehub.core.permissions import PUBLIC
from carehub.core.settings import STRIPE_URL, settings
from carehub.integrations.stripe_sink.cards import CARDS, Bank
from carehub.services.payments.rules import decline_label

PAY, SAVE, CONFIRM = N_("Pay by card"), N_("Save a card"), N_("Confirm with your bank")
DEMO = N_("No money moves: this is the demo's payment page. Use one of the test cards.")
ASKED = N_("The bank asks you to confirm this payment.")
TEXTS = {
    "number": N_("Card number"),
    "until": N_("Ends (month and year)"),
    "code": N_("Security code"),
    "pay": N_("Pay {amount}"),
    "save": N_("Save the card"),
    "leave": N_("Go back without paying"),
    "agree": N_("Confirm"),
    "refuse": N_("Refuse"),
    "cards": N_("Test cards"),
}
WORKS, DISPUTES = N_("works"), N_("is disputed by its bank later")
ASKS, DECLINES = N_("asks for confirmation"), N_("is refused")


def _is_demo() -> bool:
    return settings.demo and settings.stripe_api_base != STRIPE_URL


def _ask(what: str, **told: str) -> dict[str, Any]:
    """Of the demo's Stripe. Answers {"error": …} for a refusal."""
    address = f"{settings.stripe_api_base}/demo/{what}"
    answer = httpx.post(address, data=told, auth=(settings.stripe_key, ""), timeout=10)
    found: dict[str, Any] = answer.json()
    return found


Page = Callable[[Request, str], Awaitable[Response]]


def _only_demo(page: Page) -> Callable[[Request, Actor], Awaitable[Response]]:
    async def shown(request: Request, _actor: Actor) -> Response:
        if not _is_demo():
            return PlainTextResponse("404", 404)
        return await page(request, request.path_params["ref"])

    return shown


def _amount(request: Request, one: dict[str, Any]) -> str:
    amount = one.get("amount_total") or one.get("amount") or 0
    return Money(amount, str(one["currency"]).upper()).text(reader(request)) if amount else ""


def _price(request: Request, line: dict[str, Any]) -> str:
    return Money(line["amount"], str(line["currency"]).upper()).text(reader(request))


def _fate(bank: Bank, say: Callable[..., str]) -> str:
    if bank.decline:
        return f"{say(DECLINES)} ({bank.decline})"
    return say(DISPUTES if bank.dispute else ASKS if bank.asks else WORKS)


async def _checkout(request: Request, ref: str, trouble: str = "") -> Response:
    one = await asyncio.to_thread(_ask, "look", id=ref)
    if one.get("object") != "checkout.session":
        return PlainTextResponse("404", 404)
    if one["status"] != "open":
        return RedirectResponse(one["success_url"] if one["status"] == "complete" else one["cancel_url"], 303)
    say = partial(translate, locale=reader(request))
    setup, amount = not one["amount_total"], _amount(request, one)  # a trial's first day only saves the card
    title, action = (say(SAVE), say(TEXTS["save"])) if setup else (say(PAY), say(TEXTS["pay"], amount=amount))
    return plain_page(
        request,
        "demo_checkout.html",
        title=title,
        lead=say(DEMO),
        lines=[(line["name"], _price(request, line)) for line in one["lines"]],
        amount=amount,
        action=action,
        leave=one["cancel_url"],
        trouble=say(trouble) if trouble else "",
        cards=[(number, _fate(bank, say)) for number, bank in CARDS.items()],
        say={name: say(text) for name, text in TEXTS.items() if name != "pay"},
    )


@_only_demo
async def checkout(request: Request, ref: str) -> Response:
    return await _checkout(request, ref)


@_only_demo
async def pay(request: Request, ref: str) -> Response:
    fields = await read_fields(request)
    told = {name: str(fields.get(name, ""))[:30] for name in ("number", "month", "year")}
    done = await asyncio.to_thread(_ask, "pay", id=ref, **told)
    if "error" in done:
        return await _checkout(request, ref, decline_label(str(done["error"].get("decline_code", "?"))))
    return RedirectResponse(done["next"], 303)


@_only_demo
async def confirm(request: Request, ref: str) -> Response:
    one = await asyncio.to_thread(_ask, "look", id=ref)
    if one.get("object") not in ("payment_intent", "setup_intent"):
        return PlainTextResponse("404", 404)
    say = partial(translate, locale=reader(request))
    texts = {name: say(TEXTS[name]) for name in ("agree", "refuse")}
    amount = _amount(request, one) if one["object"] == "payment_intent" else ""
    return plain_page(request, "demo_confirm.html", title=say(CONFIRM), lead=say(ASKED), amount=amount, say=texts)


@_only_demo
async def confirmed(request: Request, ref: str) -> Response:
    fields = await read_fields(request)
    done = await asyncio.to_thread(_ask, "confirm", id=ref, agree=str(fields.get("agree", "")))
    return RedirectResponse(done["next"], 303) if "next" in done else PlainTextResponse("404", 404)


ROUTES = [
    route("/demo/stripe/checkout/{ref}", PUBLIC, methods=("GET",))(checkout),
    route("/demo/stripe/checkout/{ref}", PUBLIC)(pay),
    route("/demo/stripe/confirm/{ref}", PUBLIC, methods=("GET",))(confirm),
    route("/demo/stripe/confirm/{ref}", PUBLIC)(confirmed),
]
