"""Files of quotes and invoices: to staff, to their buyer, to whoever has the link; the books to the accountant."""

import asyncio
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from carehub.api.guard import route
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.ids import parse_id
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.services.billing import READ, files, samples, treasury
from carehub.services.billing.files import DocumentFile
from carehub.services.tenancy.paper_forms import PaperForm, PaperKind

_SAMPLES = {"png": (samples.sample_page, "image/png"), "pdf": (samples.sample_pdf, "application/pdf")}


def _pdf(found: DocumentFile) -> Response:
    headers = {"content-disposition": f'inline; filename="{found.name}.pdf"', "x-content-type-options": "nosniff"}
    return Response(found.content, media_type="application/pdf", headers=headers)


@route("/api/w/{tenant}/billing/{document_id}.pdf", READ, methods=("GET",))
async def staff_pdf(request: Request, actor: Actor) -> Response:
    """A document's PDF."""
    document_id = parse_id(request.path_params["document_id"])
    if document_id is None:
        raise NotFound
    return _pdf(await asyncio.to_thread(perform, files.document_pdf, actor, document_id=document_id))


@route("/api/w/{tenant}/billing/{document_id}/{page}.png", READ, methods=("GET",))
async def staff_page(request: Request, actor: Actor) -> Response:
    """A page of it as a picture."""
    document_id, page = parse_id(request.path_params["document_id"]), request.path_params["page"]
    if document_id is None or not (page.isascii() and page.isdigit() and len(page) < 4):
        raise NotFound
    made = await asyncio.to_thread(perform, files.document_page, actor, document_id=document_id, page=int(page))
    return Response(made, media_type="image/png")


@route("/api/w/{tenant}/papers/{kind}.{form}", "settings.read", methods=("GET",))
async def sample(request: Request, actor: Actor) -> Response:
    """?look=&locale=: a sample as these settings (JSON) would have it, as a picture (png) or a pdf."""
    asked = request.query_params
    try:
        kind, (verb, media_type) = PaperKind(request.path_params["kind"]), _SAMPLES[request.path_params["form"]]
        look = PaperForm.model_validate_json(asked.get("look", "{}"))
    except (ValueError, KeyError) as error:
        raise NotFound from error
    made = await asyncio.to_thread(perform, verb, actor, kind=kind, form=look, locale=asked.get("locale", ""))
    return Response(made, media_type=media_type, headers={"x-content-type-options": "nosniff"})


@route("/api/w/{tenant}/books/{kind}", READ, methods=("GET",))
async def books(request: Request, actor: Actor) -> Response:
    """?first=&last=: the period's documents as CSV, or its entries as FEC."""
    verbs = {"csv": treasury.books_csv, "fec": treasury.books_fec}
    try:
        first, last = (date.fromisoformat(request.query_params.get(name, "")) for name in ("first", "last"))
        verb = verbs[request.path_params["kind"]]
    except (ValueError, KeyError) as error:
        raise NotFound from error
    found = await asyncio.to_thread(perform, verb, actor, first=first, last=last)
    headers = {"content-disposition": f'attachment; filename="{found.name}"', "x-content-type-options": "nosniff"}
    return Response(found.content, media_type=found.content_type, headers=headers)


@route("/api/me/billing/{document_id}.pdf", SIGNED_IN, methods=("GET",))
async def my_pdf(request: Request, actor: Actor) -> Response:
    """A document of one's own."""
    document_id = parse_id(request.path_params["document_id"])
    if document_id is None:
        raise NotFound
    return _pdf(await asyncio.to_thread(perform, files.my_document_pdf, actor, document_id=document_id))


@route("/api/invoice/{token}.pdf", PUBLIC, methods=("GET",))
async def link_pdf(request: Request, actor: Actor) -> Response:
    """By the link of its mail."""
    return _pdf(await asyncio.to_thread(perform, files.pdf_by_link, actor, token=request.path_params["token"]))


ROUTES = [staff_pdf, staff_page, sample, books, my_pdf, link_pdf]
