from carehub.components.navigation import Menu
from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.workspace import notify
from carehub.pages.workspace.home import home
from carehub.pages.workspace.team import roles, team
from carehub.state.team import Member, Roles, Team

PAGES: tuple[Page, ...] = (
    Page("/w/[tenant]", home, N_("Opening your workspace"), shell="workspace"),
    Page(
        "/w/[tenant]/team",
        team,
        N_("Team"),
        (Team.load, Member.load),
        "workspace",
        menu=Menu("users", "members.read", "settings"),
    ),
    Page("/w/[tenant]/team/roles", roles, N_("What roles may do"), (Roles.load,), "workspace"),
    *notify.PAGES,
)
