"""Pages without scripts, in the product's own look: the demo's mailbox, leaving reminders."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from carehub.api.shell import BUILD
from carehub.core.i18n import RTL, pick_locale


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _styles() -> list[str]:
    """The build's own style sheet: tokens, components, fonts."""
    return [f"/assets/{one.name}" for one in sorted((BUILD / "assets").glob("__reflex_global_styles-*.css"))]


def reader(request: Request) -> str:
    return pick_locale(request.headers.get("accept-language", ""), request.cookies.get("locale", ""))


def plain_page(request: Request, template: str, **values: Any) -> HTMLResponse:
    """A template of api/templates in the reader's language; `title` is among its values."""
    locale = reader(request)
    shown = {"locale": locale, "direction": "rtl" if locale in RTL else "ltr", "styles": _styles()}
    return HTMLResponse(_templates().get_template(template).render({**shown, **values}))
