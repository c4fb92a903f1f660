"""Where an owner passes on the way to Stripe for the organisation's plan and back, and its receipts. CD-097."""

import asyncio
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from carehub.api.guard import route
from carehub.api.plain import plain_page
from carehub.api.problems import locale_of
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import CareHubError, NotFound
from carehub.core.i18n import N_, translate
from carehub.core.ids import parse_id
from carehub.services import subscriptions
from carehub.services.payments.errors import PaymentsDown
from carehub.services.subscriptions.choosing import MANAGE

KEPT_OUT = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
WAIT, WAIT_ABOUT = (
    N_("The payment service does not answer"),
    N_("Nothing was charged twice: this payment is known by one number. Try again, or go back and look later."),
)
AGAIN, BACK = N_("Try again"), N_("Go back")


def _home(actor: Actor) -> str:
    return f"/w/{actor.tenant}/settings/plan"


@route("/api/w/{tenant}/plan/pay", MANAGE, methods=("GET",))
async def pay(request: Request, actor: Actor) -> Response:
    """To Stripe's page for what was chosen, or back to the plan when there is nothing to do there."""
    try:
        settled = await asyncio.to_thread(subscriptions.carry_out, actor, begin=True)
    except PaymentsDown:
        say = partial(translate, locale=locale_of(request))
        page = plain_page(
            request, "pay.html", title=say(WAIT), lead=say(WAIT_ABOUT), again=say(AGAIN), back=say(BACK), path=_home(actor)
        )  # fmt: skip
        page.status_code = PaymentsDown.status
        page.headers.update(KEPT_OUT)
        return page
    return RedirectResponse(settled.address or _home(actor), 303, KEPT_OUT)


@route("/api/w/{tenant}/plan/back", MANAGE, methods=("GET",))
async def back(_request: Request, actor: Actor) -> Response:
    """From Stripe, before its webhook or after: the page that follows knows already what became of it."""
    try:
        await asyncio.to_thread(subscriptions.carry_out, actor)
    except CareHubError:  # the worker follows it up
        return RedirectResponse(_home(actor), 303, KEPT_OUT)
    return RedirectResponse(_home(actor), 303, KEPT_OUT)


@route("/api/w/{tenant}/plan/invoices/{invoice_id}.pdf", "settings.read", methods=("GET",))
async def receipt(request: Request, actor: Actor) -> Response:
    invoice_id = parse_id(request.path_params["invoice_id"])
    if invoice_id is None:
        raise NotFound
    made = await asyncio.to_thread(perform, subscriptions.plan_receipt, actor, invoice_id=invoice_id)
    headers = {
        "content-disposition": f'inline; filename="carehub-{invoice_id}.pdf"',
        "x-content-type-options": "nosniff",
    }
    return Response(made, media_type="application/pdf", headers=headers)


ROUTES = [pay, back, receipt]
