"""Where a payer's browser passes on its way to Stripe and back, and what Stripe tells.

A sealed token or Stripe's signature is the proof; no cookie is read.
"""

import asyncio
from functools import partial
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from carehub.api.body import limited_body
from carehub.api.plain import plain_page
from carehub.api.problems import answered, locale_of
from carehub.core.errors import NotFound
from carehub.core.i18n import N_, translate
from carehub.services.payments import driving, webhooks
from carehub.services.payments.driving import Settled
from carehub.services.payments.errors import PaymentsDown
from carehub.services.payments.tokens import opened

SIGNATURE = "stripe-signature"
LARGEST = 512 * 1024
KEPT_OUT = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
WAIT, WAIT_ABOUT = (
    N_("The payment service does not answer"),
    N_("Nothing was charged twice: this payment is known by one number. Try again, or go back and look later."),
)
AGAIN, BACK = N_("Try again"), N_("Go back")


def _payment_of(request: Request) -> tuple[UUID, UUID]:
    found = opened(request.path_params["token"])
    if found is None:
        raise NotFound
    return found


def _to(settled: Settled, payment_id: UUID) -> Response:
    """Where the payer must go now, or back to where they came from, which is told the payment."""
    if settled.address:
        return RedirectResponse(settled.address, 303, KEPT_OUT)
    return RedirectResponse(returning(settled.return_path, payment_id), 303, KEPT_OUT)


def returning(path: str, payment_id: UUID) -> str:
    parts = urlsplit(path)
    query = "&".join(filter(None, (parts.query, urlencode({"payment": str(payment_id)}))))
    return urlunsplit(parts._replace(query=query))


@answered
async def pay(request: Request) -> Response:
    """Begin, or go on with, a payment that was asked for: to Stripe's page, to the bank, or back."""
    tenant_id, payment_id = _payment_of(request)
    try:
        settled = await asyncio.to_thread(driving.settle, tenant_id, payment_id, begin=True)
    except PaymentsDown:
        say = partial(translate, locale=locale_of(request))
        back = returning(await asyncio.to_thread(driving.return_path, tenant_id, payment_id), payment_id)
        page = plain_page(
            request, "pay.html", title=say(WAIT), lead=say(WAIT_ABOUT), again=say(AGAIN), back=say(BACK), path=back
        )
        page.status_code = PaymentsDown.status
        page.headers.update(KEPT_OUT)
        return page
    return _to(settled, payment_id)


@answered
async def back(request: Request) -> Response:
    """The payer comes back from Stripe, before its webhook or after: the page that they return to knows already what became of it."""
    tenant_id, payment_id = _payment_of(request)
    try:
        settled = await asyncio.to_thread(driving.settle, tenant_id, payment_id)
    except PaymentsDown:
        settled = Settled("", await asyncio.to_thread(driving.return_path, tenant_id, payment_id))
    return _to(Settled(settled.status, settled.return_path), payment_id)


@answered
async def webhook(request: Request) -> Response:
    body = await limited_body(request, LARGEST)
    given = request.headers.get(SIGNATURE, "")
    await asyncio.to_thread(webhooks.take_webhook, request.path_params["account"], body, given)
    return Response(status_code=204)


ROUTES = [
    Route("/pay/{token}", pay, methods=["GET"]),
    Route("/pay/{token}/back", back, methods=["GET"]),
    Route("/webhooks/stripe/{account}", webhook, methods=["POST"]),
]
