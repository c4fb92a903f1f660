from carehub.components.page import Page
from carehub.pages.public import landing, profile, search, tenant

PAGES: tuple[Page, ...] = (landing.PAGE, search.PAGE, profile.PAGE, tenant.PAGE)
