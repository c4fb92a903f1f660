"""The console of super-admins."""

from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.platform.announcements import announcements_actions, announcements_page
from carehub.pages.platform.audit import audit_page
from carehub.pages.platform.backups import backups_actions, backups_page
from carehub.pages.platform.breaches import breaches_actions, breaches_page
from carehub.pages.platform.overview import overview_page, statistics_page
from carehub.pages.platform.people import people_page
from carehub.pages.platform.reports import reports_page
from carehub.pages.platform.reviews import reviews_page
from carehub.pages.platform.risks import risks_page
from carehub.pages.platform.settings import settings_page
from carehub.pages.platform.support import support_page
from carehub.pages.platform.templates import templates_page
from carehub.pages.platform.tenant import tenant_actions, tenant_page
from carehub.pages.platform.tenants import tenants_page
from carehub.pages.platform.transactions import transactions_page
from carehub.pages.platform.work import jobs_page, messages_page
from carehub.state.console import Overview, PlatformTenant, PlatformTenants
from carehub.state.console_lists import Audit, AuditEntry, Backups, Jobs, Messages, People, Person, Transactions
from carehub.state.console_news import Announcements
from carehub.state.console_reviews import Review, Reviews
from carehub.state.console_settings import Flags, OfPlatform
from carehub.state.data_desk import Breaches
from carehub.state.reports import ReportDesk, Reports
from carehub.state.risks import Risks
from carehub.state.statistics import PlatformStatistics
from carehub.state.support import Desk, DeskTicketState
from carehub.state.templates import PlatformTemplates

PAGES: tuple[Page, ...] = (
    Page("/platform", overview_page, N_("Platform"), (Overview.load,), "platform"),
    Page("/platform/statistics", statistics_page, N_("Statistics"), (PlatformStatistics.load,), "platform"),
    Page("/platform/tenants", tenants_page, N_("Organisations"), (PlatformTenants.load,), "platform"),
    Page(
        "/platform/tenants/[organisation]",
        tenant_page,
        N_("Organisation"),
        (PlatformTenant.load,),
        "platform",
        actions=tenant_actions,
    ),
    Page("/platform/people", people_page, N_("People"), (People.load, Person.load), "platform"),
    Page("/platform/transactions", transactions_page, N_("Transactions"), (Transactions.look,), "platform"),
    Page("/platform/verification", reviews_page, N_("Verification"), (Reviews.load, Review.load), "platform"),
    Page("/platform/reports", reports_page, N_("Reported pages"), (Reports.load, ReportDesk.load), "platform"),
    Page("/platform/jobs", jobs_page, N_("Jobs"), (Jobs.load,), "platform"),
    Page("/platform/messages", messages_page, N_("Messages"), (Messages.load,), "platform"),
    Page("/platform/templates", templates_page, N_("Message texts"), (PlatformTemplates.open,), "platform"),
    Page("/platform/backups", backups_page, N_("Backups"), (Backups.look,), "platform", actions=backups_actions),
    Page(
        "/platform/announcements",
        announcements_page,
        N_("Announcements"),
        (Announcements.load,),
        "platform",
        actions=announcements_actions,
    ),
    Page("/platform/risks", risks_page, N_("Signals"), (Risks.load,), "platform"),
    Page("/platform/support", support_page, N_("Support"), (Desk.load, DeskTicketState.load), "platform"),
    Page("/platform/settings", settings_page, N_("Settings"), (OfPlatform.open, Flags.load), "platform"),
    Page(
        "/platform/breaches",
        breaches_page,
        N_("Data breaches"),
        (Breaches.load, Breaches.open_named),
        "platform",
        actions=breaches_actions,
    ),
    Page("/platform/audit", audit_page, N_("Audit"), (Audit.load, AuditEntry.load), "platform"),
)
