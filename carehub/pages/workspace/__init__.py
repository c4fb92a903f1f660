from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.workspace.home import home

PAGES: tuple[Page, ...] = (Page("/w/[tenant]", home, N_("Opening your workspace"), shell="workspace"),)
