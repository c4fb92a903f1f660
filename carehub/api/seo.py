"""Real HTML for dynamic public pages: what a crawler, a link preview or a browser without scripts reads.

A domain registers the addresses it can describe; the shell fills the single-page document with the answer. In the browser the nodes
marked `data-ssr` leave once the page itself is drawn (assets/ui/frame.jsx)."""

import html
import json
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeAlias

from carehub.core.i18n import LOCALES


@dataclass(frozen=True)
class Document:
    """One page in plain HTML. `body_html` is trusted: escape what people wrote. `canonical` is an absolute address."""

    title: str
    description: str
    canonical: str
    body_html: str
    jsonld: dict[str, Any] | list[Any] | None = None
    image: str = ""
    status: int = 200


Renderer: TypeAlias = Callable[[re.Match[str], str], Document | None]

query: ContextVar[Mapping[str, str]] = ContextVar("query", default={})  # noqa: B039 -- what stands after "?"; never written to

_RENDERERS: list[tuple[re.Pattern[str], Renderer]] = []


def document(pattern: str) -> Callable[[Renderer], Renderer]:
    """Register what describes the addresses that match `pattern` in full: `(match, locale) -> Document`, or None for a real 404.

    The renderer runs in a thread and opens its own unit of work.
    """

    def register(renderer: Renderer) -> Renderer:
        _RENDERERS.append((re.compile(pattern), renderer))
        return renderer

    return register


def renderer_of(path: str) -> Callable[[str], Document | None] | None:
    """The renderer of an address, if a domain registered one."""
    for pattern, renderer in _RENDERERS:
        match = pattern.fullmatch(path)
        if match:
            return lambda locale: renderer(match, locale)
    return None


def fill(shell: str, page: Document, language: str = "") -> str:
    """The single-page document with the page's head and body in it. `language` is the one that the address itself asks (?hl=)."""
    text = html.escape
    named = f'<title data-ssr>{text(page.title)}</title><meta data-ssr name="description" content="{text(page.description)}"/>'
    filled = shell.replace("</head>", named + _facts(page, language) + "</head>", 1)
    body = f'<div data-ssr class="page">{page.body_html}</div>'
    return re.sub(r"<body[^>]*>", lambda tag: tag[0] + body, filled, count=1)


_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_DESCRIPTION = re.compile(r'<meta content="[^"]*" name="description"/>')


def add(built: str, page: Document, language: str = "") -> str:
    """A built page that says what `page` says; its links stand below what is drawn already.

    Its own title and description are rewritten in place: React takes them for its own, so they may not leave with `data-ssr`.
    """
    text = html.escape
    titled = _TITLE.sub(lambda _own: f"<title>{text(page.title)}</title>", built, count=1)
    said = _DESCRIPTION.sub(
        lambda _own: f'<meta content="{text(page.description)}" name="description"/>', titled, count=1
    )
    filled = said.replace("</head>", _facts(page, language) + "</head>", 1)
    return filled.replace("</body>", f'<div data-ssr class="page">{page.body_html}</div></body>', 1)


def _facts(page: Document, language: str) -> str:
    """What a page says of itself besides title and description."""
    text = html.escape
    joint = "&" if "?" in page.canonical else "?"
    own = f"{page.canonical}{joint}hl={language}" if language in LOCALES else page.canonical
    alternates = [(code, f"{page.canonical}{joint}hl={code}") for code in LOCALES]
    head = [
        f'<meta data-ssr property="og:title" content="{text(page.title)}"/>',
        f'<meta data-ssr property="og:description" content="{text(page.description)}"/>',
        f'<meta data-ssr property="og:url" content="{text(own)}"/>',
        f'<link data-ssr rel="canonical" href="{text(own)}"/>',
        *(
            f'<link data-ssr rel="alternate" hreflang="{code}" href="{text(address)}"/>'
            for code, address in (*alternates, ("x-default", page.canonical))
        ),
    ]
    if page.image:
        head.append(f'<meta data-ssr property="og:image" content="{text(page.image)}"/>')
    if page.jsonld is not None:
        data = json.dumps(page.jsonld, ensure_ascii=False).replace("<", "\\u003c")
        head.append(f'<script data-ssr type="application/ld+json">{data}</script>')
    return "".join(head)
