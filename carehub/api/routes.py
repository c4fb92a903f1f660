"""HTTP beside the event socket: one list, collected from the modules of this package."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from carehub.api import (
    account,
    auth,
    billing,
    calendar,
    demo_stripe,
    demo_texts,
    directory,  # noqa: F401 -- registers what crawlers read
    exports,
    files,
    health,
    hooks,
    hosts,
    legal,  # noqa: F401 -- registers what crawlers read
    lists,
    mailbox,
    metrics,
    oidc,
    own_files,
    payments,
    payouts,
    plans,
    platform,
    portraits,
    privacy,
    profiles,
    sitemap,
    statistics,
    verification,
    wallet,
)
from carehub.api.guard import ITS_VERB, closed, named
from carehub.api.v1.app import build
from carehub.core.permissions import PUBLIC

ROUTES: list[BaseRoute] = closed(
    [
        *auth.ROUTES,
        *account.ROUTES,
        *oidc.ROUTES,
        *billing.ROUTES,
        *named(ITS_VERB, calendar.ROUTES),
        *exports.ROUTES,
        *files.ROUTES,
        *named(PUBLIC, health.ROUTES),
        *named(PUBLIC, hooks.ROUTES),
        *hosts.ROUTES,
        *lists.ROUTES,
        *named(PUBLIC, mailbox.ROUTES),
        *demo_stripe.ROUTES,
        *demo_texts.ROUTES,
        *named(PUBLIC, metrics.ROUTES),
        *own_files.ROUTES,
        *named(PUBLIC, payments.ROUTES),
        *payouts.ROUTES,
        *plans.ROUTES,
        *platform.ROUTES,
        *portraits.ROUTES,
        *privacy.ROUTES,
        *profiles.ROUTES,
        *statistics.ROUTES,
        *verification.ROUTES,
        *wallet.ROUTES,
        *named(PUBLIC, sitemap.ROUTES),
        Mount("/api/v1", build()),
    ]
)

api = Starlette(routes=ROUTES)
