"""A person's own pages."""

from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.me.appointments import appointments
from carehub.pages.me.home import home
from carehub.pages.me.tokens import tokens
from carehub.state.api_tokens import ApiTokens
from carehub.state.appointments import MyAppointments

PAGES: tuple[Page, ...] = (
    Page("/me", home, N_("Home"), (MyAppointments.load,), shell="me"),
    Page("/me/appointments", appointments, N_("Appointments"), (MyAppointments.load,), shell="me"),
    Page("/me/tokens", tokens, N_("API tokens"), (ApiTokens.load,), shell="me"),
)
