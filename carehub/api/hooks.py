"""What comes from outside without a cookie: a carrier's signed callbacks, one-click leaving, short links of text messages.

None of it reads a session, so none asks where a request comes from: a signature or a sealed token is the proof.
"""

import asyncio
import json
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from carehub.api.body import read_fields
from carehub.api.plain import plain_page
from carehub.api.problems import answered, locale_of
from carehub.core.errors import NotFound
from carehub.core.i18n import N_, translate
from carehub.core.ids import parse_id
from carehub.services.notify import receipts

SIGNATURE = "x-twilio-signature"
LEAVE, LEFT = N_("No more reminders by mail"), N_("You get no more reminders by mail")
LEAVE_ABOUT = N_(
    "Reminders and summaries of this organisation stop. What changes about your appointments, cancellations first, still comes."
)
LEFT_ABOUT = N_("Changes and cancellations of your appointments still come.")
CONFIRM = N_("Stop them")
BROKEN = N_("This link does not work")
BROKEN_ABOUT = N_(
    "It may have been cut off, or what it was for is over. Open the whole link from the message again, or write to whoever sent it."
)


def _for_people(request: Request, problem: JSONResponse) -> Response:
    if "text/html" not in request.headers.get("accept", ""):
        return problem
    say = partial(translate, locale=locale_of(request))
    told = BROKEN_ABOUT if problem.status_code < 500 else json.loads(bytes(problem.body))["detail"]
    page = _page(request, title=say(BROKEN), lead=say(told), confirm="")
    page.status_code = problem.status_code
    return page


told = partial(answered, shown=_for_people)


async def _fields(request: Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await read_fields(request)).items()}


@answered
async def receipt(request: Request) -> Response:
    tenant_id, delivery_id = (parse_id(request.path_params[name]) for name in ("tenant_id", "delivery_id"))
    if tenant_id is None or delivery_id is None:
        raise NotFound
    fields = await _fields(request)
    given = request.headers.get(SIGNATURE, "")
    await asyncio.to_thread(receipts.take_receipt, tenant_id, delivery_id, fields, given)
    return Response(status_code=204)


@answered
async def reply(request: Request) -> Response:
    tenant_id = parse_id(request.path_params["tenant_id"])
    if tenant_id is None:
        raise NotFound
    fields = await _fields(request)
    await asyncio.to_thread(receipts.take_reply, tenant_id, fields, request.headers.get(SIGNATURE, ""))
    return Response("<Response/>", media_type="text/xml")


def _page(request: Request, **shown: Any) -> Response:
    return plain_page(request, "leave.html", **shown)


@told
async def leave_page(request: Request) -> Response:
    """For people: one button. Opening the link changes nothing: mail programs open links by themselves."""
    say = partial(translate, locale=locale_of(request))
    return _page(request, title=say(LEAVE), lead=say(LEAVE_ABOUT), confirm=say(CONFIRM))


@told
async def leave(request: Request) -> Response:
    """For people and their mail programs (RFC 8058)."""
    await asyncio.to_thread(receipts.leave, request.path_params["token"])
    say = partial(translate, locale=locale_of(request))
    return _page(request, title=say(LEFT), lead=say(LEFT_ABOUT), confirm="")


@told
async def short(request: Request) -> Response:
    path = await asyncio.to_thread(receipts.text_path, request.path_params["token"])
    return RedirectResponse(path, 303, {"cache-control": "no-store", "referrer-policy": "no-referrer"})


ROUTES = [
    Route("/api/hooks/texts/{tenant_id}/{delivery_id}", receipt, methods=["POST"]),
    Route("/api/hooks/texts/{tenant_id}", reply, methods=["POST"]),
    Route("/api/unsubscribe/{token}", leave_page, methods=["GET"]),
    Route("/api/unsubscribe/{token}", leave, methods=["POST"]),
    Route("/m/{token}", short, methods=["GET"]),
]
