"""The console of super-admins."""

from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.platform.tenant import tenant_actions, tenant_page
from carehub.pages.platform.tenants import tenants_page
from carehub.state.console import Overview, PlatformTenant, PlatformTenants

_TENANTS = (Overview.load, PlatformTenants.load)

PAGES: tuple[Page, ...] = (
    Page("/platform", tenants_page, N_("Platform"), _TENANTS, "platform"),
    Page("/platform/tenants", tenants_page, N_("Organisations"), _TENANTS, "platform"),
    Page(
        "/platform/tenants/[organisation]",
        tenant_page,
        N_("Organisation"),
        (PlatformTenant.load,),
        "platform",
        actions=tenant_actions,
    ),
)
