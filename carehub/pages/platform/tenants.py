"""/platform: the platform at a glance and every tenant with its health (DI-128, DI-144, DI-145)"""

from typing import Any

import reflex as rx

from carehub.components.display import tile, tiles
from carehub.components.i18n import _, number_text
from carehub.components.lists import listing
from carehub.state.console import Overview, PlatformTenants


def figures() -> rx.Component:
    now: Any = Overview.figures
    return tiles(
        tile(_("Active organisations"), number_text(now.tenants)),
        tile(_("Accounts"), number_text(now.people)),
        tile(_("Bookings, 30 days"), number_text(now.bookings)),
        tile(_("Sign-ins, 30 days"), number_text(now.sign_ins)),
        tile(_("Jobs waiting"), number_text(now.waiting)),
        tile(_("Jobs given up"), number_text(now.given_up)),
        tile(_("Failed messages"), number_text(now.failed)),
    )


def tenants_page() -> rx.Component:
    return rx.fragment(rx.el.div(figures(), class_name="px-5 pt-4 pb-1"), listing(PlatformTenants))
