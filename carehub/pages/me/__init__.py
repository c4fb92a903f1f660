"""A person's own pages."""

from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.me.account import profile, security
from carehub.pages.me.appointments import appointments
from carehub.pages.me.checkout import checkout
from carehub.pages.me.confirm import confirm
from carehub.pages.me.home import home
from carehub.pages.me.invoices import PAGE as INVOICES
from carehub.pages.me.notifications import notifications
from carehub.pages.me.preferences import preferences
from carehub.pages.me.privacy import privacy
from carehub.pages.me.questions import ask, questions
from carehub.pages.me.report import report
from carehub.pages.me.support import support
from carehub.pages.me.tokens import tokens
from carehub.pages.me.wallet import wallet
from carehub.state.account import About, Appearance, MyCard, Profile, Security
from carehub.state.api_tokens import ApiTokens
from carehub.state.appointments import MyAppointments
from carehub.state.checkout import CheckoutPage
from carehub.state.home import HomeWidgets
from carehub.state.notify import Notices
from carehub.state.privacy import MyData
from carehub.state.providers import Providers
from carehub.state.questions import AskPage, MyQuestions
from carehub.state.reach import MyReach
from carehub.state.reports import ReportPage
from carehub.state.second_step import SecondStep
from carehub.state.support import MySupport, NewTicket
from carehub.state.wallet import BalanceWidget, MyWallet, Wishes

PAGES: tuple[Page, ...] = (
    Page("/me", home, N_("Home"), (MyAppointments.load, BalanceWidget.load, HomeWidgets.load), shell="me"),
    Page("/me/appointments", appointments, N_("Appointments"), (MyAppointments.load,), shell="me"),
    Page("/me/checkout/[checkout]", checkout, N_("Payment"), (CheckoutPage.load,), shell="me"),
    INVOICES,
    Page("/me/questions", questions, N_("Questions to experts"), (MyQuestions.load,), shell="me"),
    Page("/me/ask/[tenant]/[slug]", ask, N_("Ask a question"), (AskPage.load,), shell="me"),
    Page("/me/wallet", wallet, N_("Wallet"), (MyWallet.load, Wishes.open), shell="me"),
    Page("/me/notifications", notifications, N_("Notifications"), (Notices.open,), shell="me"),
    Page("/me/preferences", preferences, N_("Notification preferences"), (MyReach.load,), shell="me"),
    Page("/me/tokens", tokens, N_("API tokens"), (ApiTokens.load,), shell="me"),
    Page("/me/profile", profile, N_("My profile"), (Profile.open, MyCard.load, About.open, Appearance.open), "me"),
    Page("/me/security", security, N_("Security"), (Security.load, SecondStep.load, Providers.load_mine), "me"),
    Page("/me/support", support, N_("Help from CareHub"), (MySupport.load, NewTicket.open), "me"),
    Page("/me/report/[tenant]", report, N_("Report a page"), (ReportPage.load,), "me"),
    Page("/me/report/[tenant]/[slug]", report, N_("Report a page"), (ReportPage.load,), "me"),
    Page("/me/privacy", privacy, N_("My data"), (MyData.load,), "me"),
    Page("/me/confirm", confirm, N_("Confirm that it is you"), (SecondStep.load,), "me"),
)
