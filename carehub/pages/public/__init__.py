"""What visitors see."""

from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.public import invoice, landing, legal, profile, search, tenant, tenant_legal
from carehub.pages.public.book import book_page
from carehub.pages.public.entering import ENTERING
from carehub.pages.public.guest import guest_page
from carehub.state.appointments import GuestAppointment
from carehub.state.booking import BookingPanel

PAGES: tuple[Page, ...] = (
    landing.PAGE,
    search.PAGE,
    profile.PAGE,
    tenant.PAGE,
    *ENTERING,
    *legal.PAGES,
    *tenant_legal.PAGES,
    invoice.PAGE,
    Page("/t/[tenant]/p/[slug]/book", book_page, N_("Book an appointment"), (BookingPanel.load,)),
    Page("/booking/[token]", guest_page, N_("Your appointment"), (GuestAppointment.load,)),
)
