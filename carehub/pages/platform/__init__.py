"""The console of super-admins."""

from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.platform.announcements import announcements_actions, announcements_page
from carehub.pages.platform.audit import audit_page
from carehub.pages.platform.people import people_page
from carehub.pages.platform.tenant import tenant_actions, tenant_page
from carehub.pages.platform.tenants import tenants_page
from carehub.pages.platform.work import jobs_page, messages_page
from carehub.state.console import Overview, PlatformTenant, PlatformTenants
from carehub.state.console_lists import Audit, AuditEntry, Jobs, Messages, People, Person
from carehub.state.console_news import Announcements

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
    Page("/platform/people", people_page, N_("People"), (People.load, Person.load), "platform"),
    Page("/platform/jobs", jobs_page, N_("Jobs"), (Jobs.load,), "platform"),
    Page("/platform/messages", messages_page, N_("Messages"), (Messages.load,), "platform"),
    Page(
        "/platform/announcements",
        announcements_page,
        N_("Announcements"),
        (Announcements.load,),
        "platform",
        actions=announcements_actions,
    ),
    Page("/platform/audit", audit_page, N_("Audit"), (Audit.load, AuditEntry.load), "platform"),
)
