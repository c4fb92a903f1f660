"""The pages of signing up and in, for PAGES of this area."""

from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.public.invitation import invitation
from carehub.pages.public.links import (
    check_mail,
    email_confirm,
    email_keep,
    recover,
    recover_code,
    recover_text,
    reset,
    verify_confirm,
    verify_expired,
)
from carehub.pages.public.second_step import printed_code, second_step
from carehub.pages.public.sign_in import sign_in
from carehub.pages.public.sign_up import sign_up, sign_up_pro
from carehub.pages.public.welcome import welcome
from carehub.state.invitations import Invited
from carehub.state.opening import Opening
from carehub.state.providers import Providers

ENTERING: tuple[Page, ...] = (
    Page("/sign-in", sign_in, N_("Sign in"), (Providers.load,), shell="none"),
    Page("/sign-in/code", second_step, N_("Security code"), shell="none"),
    Page("/sign-in/printed-code", printed_code, N_("Printed code"), shell="none"),
    Page("/sign-up", sign_up, N_("Create an account"), shell="none"),
    Page("/sign-up/pro", sign_up_pro, N_("Open a professional workspace"), shell="none"),
    Page("/check-mail", check_mail, N_("Look at your mail"), shell="none"),
    Page("/verify/confirm", verify_confirm, N_("Confirm your address"), shell="none"),
    Page("/verify/expired", verify_expired, N_("This link no longer works"), shell="none"),
    Page("/email/confirm", email_confirm, N_("Your new address"), shell="none"),
    Page("/email/keep", email_keep, N_("Keep your address"), shell="none"),
    Page("/recover", recover, N_("Forgotten password"), shell="none"),
    Page("/recover/text", recover_text, N_("Recover by text message"), shell="none"),
    Page("/recover/code", recover_code, N_("Choose a new password"), shell="none"),
    Page("/reset", reset, N_("Choose a new password"), shell="none"),
    Page("/invitation", invitation, N_("Your invitation"), (Invited.load,), shell="none"),
    Page("/welcome", welcome, N_("Open your workspace"), (Opening.open,), shell="none"),
)
