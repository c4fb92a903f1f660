"""The workspace's pages: what staff works with."""

from carehub.components import navigation
from carehub.components.navigation import Action, Menu
from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.workspace.agenda import agenda_actions, agenda_page, agenda_views
from carehub.pages.workspace.day_rail import day_rail
from carehub.pages.workspace.home import home
from carehub.state.agenda import Agenda
from carehub.state.appointment import Drawer

READ = "booking.read"

PAGES: tuple[Page, ...] = (
    Page("/w/[tenant]", home, N_("Opening your workspace"), shell="workspace"),
    Page(
        "/w/[tenant]/agenda",
        agenda_page,
        N_("Agenda"),
        (Agenda.load, Drawer.load),
        "workspace",
        menu=Menu("calendar-days", READ, tab=True),
        views=agenda_views,
        actions=agenda_actions,
    ),
)
navigation.RAIL.append(day_rail)
navigation.add_action(Action(N_("New appointment"), "agenda?new=1", "plus", READ))
