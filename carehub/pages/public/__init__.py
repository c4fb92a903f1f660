from carehub.components.page import Page

PAGES: tuple[Page, ...] = ()
