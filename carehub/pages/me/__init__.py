"""A person's own pages."""

from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.me.account import profile, security
from carehub.pages.me.appointments import appointments
from carehub.pages.me.confirm import confirm
from carehub.pages.me.home import home
from carehub.pages.me.notifications import notifications
from carehub.pages.me.tokens import tokens
from carehub.state.account import Profile, Security
from carehub.state.api_tokens import ApiTokens
from carehub.state.appointments import MyAppointments
from carehub.state.notify import Notices
from carehub.state.providers import Providers
from carehub.state.second_step import SecondStep

PAGES: tuple[Page, ...] = (
    Page("/me", home, N_("Home"), (MyAppointments.load,), shell="me"),
    Page("/me/appointments", appointments, N_("Appointments"), (MyAppointments.load,), shell="me"),
    Page("/me/notifications", notifications, N_("Notifications"), (Notices.open,), shell="me"),
    Page("/me/tokens", tokens, N_("API tokens"), (ApiTokens.load,), shell="me"),
    Page("/me/profile", profile, N_("My profile"), (Profile.open,), "me"),
    Page("/me/security", security, N_("Security"), (Security.load, SecondStep.load, Providers.load_mine), "me"),
    Page("/me/confirm", confirm, N_("Confirm that it is you"), (SecondStep.load,), "me"),
)
