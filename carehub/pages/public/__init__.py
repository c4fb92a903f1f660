from carehub.components.page import Page
from carehub.pages.public.entering import ENTERING

PAGES: tuple[Page, ...] = (*ENTERING,)
