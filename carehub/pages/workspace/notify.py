"""The workspace's pages of notifications, as the app lists them."""

from carehub.components.navigation import FOUND, Menu
from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.workspace.deliveries import deliveries
from carehub.pages.workspace.notification_rules import notification_rules, rules_actions
from carehub.pages.workspace.notifications import notifications
from carehub.state.notify import Deliveries, Notices, NotifyRules

PERMISSION = "notifications.manage"

PAGES: tuple[Page, ...] = (
    Page("/w/[tenant]/notifications", notifications, N_("Notifications"), (Notices.open,), "workspace"),
    Page(
        "/w/[tenant]/deliveries",
        deliveries,
        N_("Deliveries"),
        (Deliveries.load,),
        "workspace",
        menu=Menu("send", PERMISSION, "settings"),
    ),
    Page(
        "/w/[tenant]/settings/notifications",
        notification_rules,
        N_("Messages and reminders"),
        (NotifyRules.load,),
        "workspace",
        menu=Menu("bell-ring", PERMISSION, FOUND),
        actions=rules_actions,
    ),
)
