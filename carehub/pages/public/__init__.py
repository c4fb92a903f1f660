from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.public.book import book_page
from carehub.state.booking import BookingPanel

PAGES: tuple[Page, ...] = (
    Page("/t/[tenant]/p/[slug]/book", book_page, N_("Book an appointment"), (BookingPanel.load,)),
)
