"""The app: pages, guard, mounted HTTP. Nothing else."""

import re

import reflex as rx

from carehub.api.hosts import hosts, own_origin
from carehub.api.proxy import trusted_proxies
from carehub.api.routes import api
from carehub.api.shell import know_route, shell
from carehub.components import navigation
from carehub.components.entering import lost_page
from carehub.components.frame import framed
from carehub.components.frames import dressed
from carehub.components.head import head
from carehub.components.page import Page
from carehub.core import logs, memory, tracing
from carehub.core.i18n import N_
from carehub.pages import gallery, me, platform, public, workspace
from carehub.state import live
from carehub.state.guard import EventGuard
from carehub.state.notify import Notices
from carehub.state.shell import Shell
from carehub.state.toasts import explain

logs.setup("web")
tracing.setup("web")

app = rx.App(
    toaster=None,
    reset_style=False,
    head_components=head(),
    app_wraps={},
    backend_exception_handler=explain,
    api_transformer=[api, shell, hosts, trusted_proxies],
)
app.sio.eio.cors_allowed_origins = own_origin  # type: ignore[union-attr]
app.add_middleware(EventGuard(), 0)
app.register_lifespan_task(logs.setup, process="web")
app.register_lifespan_task(memory.settle)
app.register_lifespan_task(live.listen)

BELL = {"workspace": (Notices.follow,), "me": (Notices.follow,)}
LOST = N_("Page not found")
WORDS = re.compile(r"\{(\w+)\}")  # a tenant's word in a title: the browser puts the tenant's own there


def add(page: Page) -> None:
    """Shell first, then the page's own state: each runs again at every reconnection."""

    def view() -> rx.Component:
        return dressed(page)

    view.__module__ = page.component.__module__  # Reflex splits the code by it: a page loads its own parts only
    app.add_page(
        view,
        route=page.route,
        title=f"{WORDS.sub(lambda word: word[1], page.title)} · CareHub",
        description=page.description,
        on_load=[Shell.load, *BELL.get(page.shell, ()), *page.on_load],
    )
    know_route(page.route)


PAGES: tuple[Page, ...] = (*public.PAGES, *me.PAGES, *workspace.PAGES, *platform.PAGES, *gallery.PAGES)
for one in PAGES:
    navigation.know(one)
for one in PAGES:
    add(one)
app.add_page(lambda: framed(LOST, lost_page()), route="404", title=f"{LOST} · CareHub")
