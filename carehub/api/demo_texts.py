"""/demo/texts: what the demo's carrier was given, and replying STOP as a reader would. Does not exist otherwise."""

import asyncio
from datetime import UTC, datetime
from functools import partial

from babel.dates import format_datetime
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from carehub.api.body import read_fields
from carehub.api.guard import route
from carehub.api.plain import plain_page, reader
from carehub.core.actor import Actor
from carehub.core.i18n import N_, ngettext, translate
from carehub.core.money import babel_locale
from carehub.core.permissions import PUBLIC
from carehub.core.settings import settings
from carehub.integrations.texts_sink import Box, Text, answer, place

TITLE, LEAD = (
    N_("Text messages of the demo"),
    N_("No text message leaves this machine: what the demo sends is kept here."),
)
EMPTY, MAIL = N_("Nothing was sent yet"), N_("Mail of the demo")
STOP, START, TO = N_("Reply STOP"), N_("Reply START"), N_("To {address}")
LEFT_TO_RIGHT = "\u2066{}\u2069"
WORDS = ("STOP", "START")


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


@route("/demo/texts", PUBLIC, methods=("GET",))
async def listed(request: Request, _actor: Actor) -> Response:
    """The newest first."""
    if not settings.demo:
        return PlainTextResponse("404", 404)
    locale = reader(request)
    say = partial(translate, locale=locale)

    def counted(one: Text) -> str:
        return ngettext("{n} segment", "{n} segments", one.segments, locale)

    return plain_page(
        request,
        "texts.html",
        texts=await asyncio.to_thread(Box(place()).all),
        title=say(TITLE),
        lead=say(LEAD),
        nothing=say(EMPTY),
        mail=say(MAIL),
        stop=say(STOP),
        start=say(START),
        to=lambda one: say(TO, address=LEFT_TO_RIGHT.format(one.number)),
        counted=counted,
        iso=lambda at: _moment(at).isoformat(),
        when=lambda at: format_datetime(_moment(at), "medium", locale=babel_locale(locale)),
    )


@route("/demo/texts/{sid}/reply", PUBLIC)
async def reply(request: Request, _actor: Actor) -> Response:
    """The reader of a message answers STOP or START."""
    one = Box(place()).find(request.path_params["sid"]) if settings.demo else None
    fields = await read_fields(request)
    if one is None or fields.get("body") not in WORDS:
        return PlainTextResponse("404", 404)
    await asyncio.to_thread(answer, Box(place()), one, str(fields["body"]))
    return RedirectResponse("/demo/texts", 303)


ROUTES = [listed, reply]
