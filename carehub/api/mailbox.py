"""/demo/mailbox: the demo's outgoing mail, for whoever tries the demo. Does not exist otherwise."""

import html
from functools import partial
from typing import Any
from urllib.parse import quote

from babel.dates import format_datetime
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from carehub.api.plain import plain_page, reader
from carehub.core.i18n import N_, translate
from carehub.core.money import babel_locale
from carehub.core.settings import settings
from carehub.integrations.maildir import Kept, Letter, place

# a mail is a stranger's page: it runs nothing and loads nothing, its links open in the reader's tab
BODY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
TEXTS = N_("Text messages of the demo")
LEFT_TO_RIGHT = "\u2066{}\u2069"  # an address in an Arabic sentence keeps its brackets
TITLE, LEAD = N_("Mail of the demo"), N_("No mail leaves this machine: what the demo sends is kept here.")
EMPTY, ALL_MAIL, FILES = N_("Nothing was sent yet"), N_("All mail"), N_("Attachments")
TO, FROM, AS_TEXT = N_("To {address}"), N_("From {address}"), N_("As text")


def _page(request: Request, template: str, **values: Any) -> HTMLResponse:
    locale = reader(request)
    say = partial(translate, locale=locale)
    shown = {
        "title": say(TITLE),
        "lead": say(LEAD),
        "nothing": say(EMPTY),
        "all_mail": say(ALL_MAIL),
        "texts": say(TEXTS),
        "files": say(FILES),
        "as_text": say(AS_TEXT),
        "to": lambda address: say(TO, address=LEFT_TO_RIGHT.format(address)),
        "sender": lambda address: say(FROM, address=LEFT_TO_RIGHT.format(address)),
        "when": lambda moment: format_datetime(moment, "medium", locale=babel_locale(locale)),
        "link": lambda *parts: "/demo/mailbox/" + "/".join(quote(str(part), safe="") for part in parts),
    }
    return plain_page(request, template, **{**shown, **values})


def _gone() -> Response:
    return PlainTextResponse("404", 404)


def mailbox(request: Request) -> Response:
    """The newest first."""
    return _page(request, "mailbox.html", letters=Kept(place()).summaries()) if settings.demo else _gone()


def _letter(request: Request) -> Letter | None:
    return Kept(place()).letter(request.path_params["name"]) if settings.demo else None


def letter(request: Request) -> Response:
    found = _letter(request)
    return _page(request, "letter.html", letter=found) if found else _gone()


def body(request: Request) -> Response:
    """The mail's own HTML (its text, where it has none), for the sandboxed frame."""
    found = _letter(request)
    if found is None:
        return _gone()
    shown = found.html or f"<pre>{html.escape(found.text)}</pre>"
    shown = shown.replace("<head>", '<head><base target="_top">', 1)
    return HTMLResponse(shown, headers={"content-security-policy": BODY_POLICY})


def attachment(request: Request) -> Response:
    found, number = _letter(request), request.path_params["number"]
    if found is None or number >= len(found.files):
        return _gone()
    file = found.files[number]
    named = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Response(file.content, media_type=file.content_type, headers={"content-disposition": named})


ROUTES = [
    Route("/demo/mailbox", mailbox),
    Route("/demo/mailbox/{name}", letter),
    Route("/demo/mailbox/{name}/body", body),
    Route("/demo/mailbox/{name}/files/{number:int}", attachment),
]
