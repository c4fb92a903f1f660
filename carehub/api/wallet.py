"""Files of one's own wallet: receipts, statements."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from carehub.api.guard import route
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.ids import parse_id
from carehub.core.permissions import SIGNED_IN
from carehub.services.wallet import papers
from carehub.services.wallet.views import Receipt

TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


def _file(found: Receipt, form: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{found.name}"', "x-content-type-options": "nosniff"}
    return Response(found.content, media_type=TYPES[form], headers=headers)


@route("/api/me/wallet/{clinic}/receipts/{purchase_id}", SIGNED_IN, methods=("GET",))
async def receipt(request: Request, actor: Actor) -> Response:
    purchase_id = parse_id(request.path_params["purchase_id"])
    if purchase_id is None:
        raise NotFound
    slug = request.path_params["clinic"]
    return _file(await asyncio.to_thread(perform, papers.receipt, actor, tenant=slug, purchase_id=purchase_id), "pdf")


@route("/api/me/wallet/{clinic}/statement.{form}", SIGNED_IN, methods=("GET",))
async def statement(request: Request, actor: Actor) -> Response:
    """`?month=2026-11&kind=purchase` narrow it."""
    form, asked = request.path_params["form"], request.query_params
    month, kind, slug = asked.get("month", ""), asked.get("kind", ""), request.path_params["clinic"]
    found = await asyncio.to_thread(
        perform, papers.statement_file, actor, tenant=slug, form=form, month=month, kind=kind
    )
    return _file(found, form)


ROUTES = [receipt, statement]
