"""The page of last resort, when the server itself fails: plain HTML, no script, the reader's language."""

import html
import logging
import secrets

from starlette.responses import HTMLResponse

from carehub.core.i18n import RTL, translate

log = logging.getLogger(__name__)

STYLE = (
    "body{margin:0;min-height:100dvh;display:grid;place-content:center;text-align:center;font:1rem/1.6 system-ui,sans-serif;"
    "background:#f7f7f4;color:#16211f;padding:1rem}h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:0;max-width:24rem}a{color:#0f6b5c}"
    "@media(prefers-color-scheme:dark){body{background:#091313;color:#eceae2}a{color:#8ad9c7}}"
)


def failure_page(error: Exception, locale: str) -> HTMLResponse:
    """500, with a code that the log carries too."""
    code = secrets.token_hex(4)
    log.error("a page failed %s", code, exc_info=error)
    title = html.escape(translate("The page could not be prepared", locale))
    text = html.escape(
        translate("Nothing is lost. Try again in a moment, and quote {id} if you write to us.", locale, id=code)
    )
    again = html.escape(translate("Try again", locale))
    side = "rtl" if locale in RTL else "ltr"
    page = (
        f'<!doctype html><html lang="{locale}" dir="{side}"><head><meta charset="utf-8"/>'
        f'<meta name="viewport" content="width=device-width"/><title>{title}</title><style>{STYLE}</style></head>'
        f'<body><main><h1>{title}</h1><p>{text}</p><p><a href="">{again}</a></p></main></body></html>'
    )
    return HTMLResponse(page, 500)
