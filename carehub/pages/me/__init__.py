from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.me.account import profile, security
from carehub.state.account import Profile, Security

PAGES: tuple[Page, ...] = (
    Page("/me/profile", profile, N_("My profile"), (Profile.open,), "me"),
    Page("/me/security", security, N_("Security"), (Security.load,), "me"),
)
