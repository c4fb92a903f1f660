"""/platform/tenants: every tenant with its health (DI-144)"""

import reflex as rx

from carehub.components.lists import listing
from carehub.state.console import PlatformTenants


def tenants_page() -> rx.Component:
    return listing(PlatformTenants)
