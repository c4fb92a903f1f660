"""/me/profile and /me/security (MC-011, MC-014, DI-012, DI-016, CD-115)"""

from typing import Any

import reflex as rx

from carehub.components.auth import AuthForm, PortraitPicker, auth_field, new_password_field, password_field
from carehub.components.buttons import button, button_link, link
from carehub.components.display import badge, banner, empty_state, moment, panel
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.components.sheet import sheet
from carehub.core.i18n import N_
from carehub.pages.me.second_step import services, two_steps
from carehub.state.account import About, Appearance, MyCard, Profile, Security
from carehub.state.shell import Shell

LEAVING = N_(
    "You are signed out everywhere and nobody can sign in with it again. Appointments stay with the organisations."
)
OUTCOME_LABELS = {
    "success": N_("Signed in"),
    "wrong_password": N_("Wrong password"),
    "wrong_code": N_("Wrong code"),
    "not_verified": N_("Address not confirmed yet"),
}


def _about() -> rx.Component:
    """DI-005, DI-012: what those who receive the person read of them."""
    picture = PortraitPicker.create(
        url=MyCard.portrait,
        initials=Shell.initials,
        label=_("Your portrait"),
        help=_("Cut to a square and made small. Only the organisations you book with see it."),
        address="/api/me/portrait",
        on_kept=MyCard.load,
        on_remove=MyCard.remove,
    )
    return panel(_("About you"), rx.el.div(picture, form(About), class_name="col g-4 card-p"))


def _appearance() -> rx.Component:
    """MC-011: anonymity."""
    said = _(
        "Where an organisation allows it, its agenda, lists and messages show your pseudonym instead of your name, and"
        " neither your address nor your number. Who cares for you can open your name; you read it in your log. Invoices"
        " bear your name, as the law wants."
    )
    used = rx.cond(
        MyCard.used_at != "",
        rx.el.p(_("You go by it at"), " ", rx.el.bdi(MyCard.used_at, class_name="b"), class_name="t-sm"),
    )
    log = link(_("Who opened my file"), "/me/privacy")
    return panel(
        _("Anonymity"),
        rx.el.div(rx.el.p(said, class_name="i2 t-sm"), form(Appearance), used, log, class_name="col g-4 card-p"),
    )


def _elsewhere() -> rx.Component:
    """DI-016: preferences stand on pages of their own."""
    pages = (
        ("bell", N_("Notification preferences"), "/me/preferences"),
        ("shield-check", N_("My data"), "/me/privacy"),
        ("lock", N_("Security"), "/me/security"),
    )
    return rx.el.nav(
        *(button_link(_(label), to, icon=glyph, size="sm") for glyph, label, to in pages),
        class_name="row wrap g-2",
        aria_label=_("Privacy and notifications"),
    )


def profile() -> rx.Component:
    return rx.el.div(
        rx.el.h1(_("My profile"), class_name="t-3"),
        rx.el.p(_("Only the organisations you book with see it."), class_name="i2"),
        _elsewhere(),
        _about(),
        panel(_("Personal information"), rx.el.div(form(Profile, bar=True), class_name="card-p")),
        _appearance(),
        class_name="col g-5 max-w-[36rem]",
    )


def _session(one: Any) -> rx.Component:
    name = rx.cond(
        one.browser != "", rx.el.bdi(one.browser, class_name="b"), rx.el.span(_("Unknown browser"), class_name="b")
    )
    lines = rx.el.div(
        name,
        rx.el.span(
            rx.cond(one.address != "", rx.fragment(rx.el.bdi(one.address, class_name="ltr num"), " · ")),
            moment(one.seen_at, style="relative"),
            class_name="t-xs i3",
        ),
        class_name="col grow min-w-0",
    )
    end = rx.cond(
        one.current,
        badge(_("This device"), tone="ok"),
        button(_("Sign out"), size="sm", on_click=Security.revoke(one.id)),
    )
    return rx.el.li(icon("monitor", class_name="i3"), lines, end, class_name="row g-3", key=one.id)


def _login(one: Any) -> rx.Component:
    said = rx.match(one.outcome, *[(code, _(label)) for code, label in OUTCOME_LABELS.items()], one.outcome)
    tone = rx.cond(one.outcome == "success", "ok", "warn")
    return rx.el.tr(
        rx.el.td(moment(one.at)),
        rx.el.td(rx.el.span(said, class_name="badge is-" + tone.to(str))),
        rx.el.td(rx.el.bdi(one.browser), class_name="hide-s"),
        rx.el.td(rx.el.bdi(one.address, class_name="ltr num")),
        key=one.id,
    )


def _history() -> rx.Component:
    heads = [_("When"), _("What"), _("Browser"), _("Address on the network")]
    cells = [rx.el.th(head, scope="col", class_name="hide-s" if place == 2 else "") for place, head in enumerate(heads)]
    table = rx.el.table(
        rx.el.caption(_("Sign-in history"), class_name="sr"),
        rx.el.thead(rx.el.tr(*cells)),
        rx.el.tbody(rx.foreach(Security.logins, _login)),
        class_name="tbl",
    )
    none = empty_state(_("Nothing here yet"), _("Each sign-in to your account will show here."), glyph="history")
    scroll = rx.el.div(table, class_name="scroll", tab_index=0, role="region", aria_label=_("Sign-in history"))
    return rx.cond(Security.logins, rx.fragment(sheet("table"), scroll), none)


def _question() -> rx.Component:
    """A second check beside the mailed link or the code by text message (MC-015), never instead of them."""
    now = rx.cond(
        Security.question != "",
        rx.el.p(_("Asked now:"), " ", rx.el.bdi(Security.question, class_name="b"), class_name="i2"),
        rx.el.p(_("None is set: without one a password cannot be recovered by text message."), class_name="i2"),
    )
    ask = AuthForm.create(
        auth_field("question", _("Question"), auto_complete="off", help=_("Of a kind that only you can answer.")),
        auth_field("answer", _("Answer"), auto_complete="off", help=_("Capitals, accents and spaces do not count.")),
        password_field("proof", _("Your password, to be sure")),
        action="/api/me/question",
        submit_label=_("Keep the question"),
    )
    about = rx.el.p(
        _("It is asked besides the mail or the code when you have forgotten your password."), class_name="help"
    )
    kept = rx.cond(Security.done == "question", banner(_("The question is kept"), tone="ok"))
    return rx.el.div(now, about, kept, ask, class_name="col g-4 p-5 max-w-[28rem]")


def security() -> rx.Component:
    others = button(_("Sign out of every other device"), size="sm", on_click=Security.revoke_others)
    change = AuthForm.create(
        password_field("current", _("Current password")),
        new_password_field(_("New password")),
        action="/api/me/password",
        submit_label=_("Change the password"),
        kind="quiet",
    )
    leave = AuthForm.create(
        password_field("password", _("Your password, to be sure")),
        action="/api/me/deactivate",
        submit_label=_("Deactivate my account"),
        kind="danger",
    )
    return rx.el.div(
        rx.el.h1(_("Security"), class_name="t-3"),
        rx.el.p(_("You sign in with"), " ", rx.el.bdi(Security.email, class_name="b"), class_name="i2"),
        panel(
            _("Where you are signed in"),
            rx.el.ul(rx.foreach(Security.sessions, _session), class_name="col g-3 p-5"),
            action=others,
        ),
        panel(
            _("E-mail"),
            rx.el.div(
                rx.el.p(_("A link goes to the new address, and word to the old one."), class_name="i2"),
                rx.cond(Security.done == "email", banner(_("The link is on its way to the new address"), tone="ok")),
                AuthForm.create(
                    auth_field("email", _("New e-mail address"), type="email", auto_complete="email"),
                    action="/api/me/email",
                    submit_label=_("Change the address"),
                    kind="quiet",
                ),
                class_name="col g-4 p-5 max-w-[28rem]",
            ),
        ),
        panel(_("Password"), rx.el.div(change, class_name="p-5 max-w-[28rem]")),
        two_steps(),
        services(),
        panel(_("Question of your own"), _question()),
        panel(_("Sign-in history"), _history()),
        panel(
            _("Leave"),
            rx.el.details(
                rx.el.summary(_("Deactivate my account"), class_name="link"),
                rx.el.p(_(LEAVING), class_name="i2 my-3"),
                leave,
                class_name="p-5 max-w-[28rem]",
            ),
        ),
        class_name="col g-6",
    )
