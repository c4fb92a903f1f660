"""Files of payouts: what a bank reads, what a tax office does. DI-094..DI-096."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from carehub.api.guard import route
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.ids import parse_id
from carehub.services import payouts
from carehub.services.payouts.views import PaymentFile


def _sent(file: PaymentFile) -> Response:
    headers = {
        "content-disposition": f'attachment; filename="{file.name}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


def _year_of(request: Request) -> int:
    text: str = request.path_params["year"]
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFound
    return int(text)


@route("/api/w/{tenant}/payouts/{batch_id}.{form}", "payouts.manage", methods=("GET",))
async def payment_file(request: Request, actor: Actor) -> Response:
    """A batch for the bank, to who has just shown who they are."""
    batch_id = parse_id(request.path_params["batch_id"])
    if batch_id is None:
        raise NotFound
    form: str = request.path_params["form"]
    return _sent(await asyncio.to_thread(perform, payouts.payment_file, actor, batch_id=batch_id, form=form))


@route("/api/w/{tenant}/payouts/year/{year}.csv", "payouts.manage", methods=("GET",))
async def year_summary(request: Request, actor: Actor) -> Response:
    year = _year_of(request)
    return _sent(payouts.year_csv(await asyncio.to_thread(perform, payouts.year_summary, actor, year=year), year))


@route("/api/w/{tenant}/earnings/{year}.csv", "earnings.own", methods=("GET",))
async def my_year(request: Request, actor: Actor) -> Response:
    """A practitioner's own line of it."""
    year = _year_of(request)
    return _sent(payouts.year_csv(await asyncio.to_thread(perform, payouts.my_year, actor, year=year), year))


ROUTES = [year_summary, my_year, payment_file]
