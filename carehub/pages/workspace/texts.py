"""/w/<tenant>/settings/texts and /w/<tenant>/closed-addresses: the carrier of text messages, its budget, who is not written to."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, button_link
from carehub.components.display import banner, meter, panel, tile, tiles
from carehub.components.fields import field, text_input
from carehub.components.forms import form, wrong_text
from carehub.components.i18n import _, number_text
from carehub.components.lists import listing
from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.workspace.settings.frame import settings_page
from carehub.state.reach import Suppressions, TextGateway
from carehub.state.shell import Shell

S: Any = TextGateway  # what a Var can do is not in its Python type
B: Any = TextGateway.budget


def _month() -> rx.Component:
    """What the running month counted, with a word when little or nothing is left."""
    used = rx.cond(B.limit > 0, B.segments * 100 // B.limit, 0)
    over = rx.cond(
        B.ready & (B.segments >= B.limit),
        banner(
            _("The month's text messages are used up"),
            _("Mails and notifications still leave. Raise the limit below, or ask for a larger plan."),
            tone="warn",
        ),
    )
    figures = tiles(
        tile(_("Messages this month"), number_text(B.messages)),
        tile(
            _("Counted"),
            rx.fragment(number_text(B.segments), " / ", number_text(B.limit)),
            meter(used, used.to_string() + " %"),
        ),
        tile(_("Estimated cost"), rx.el.bdi(B.cost, " ", B.currency, class_name="num")),
    )
    return rx.fragment(over, figures)


def _test() -> rx.Component:
    wrong = wrong_text(S.wrong, "number")
    entry = text_input("number", type="tel", error=wrong)
    body = rx.el.form(
        field("number", _("Telephone"), entry, help=_("It counts as one message of the month."), error=wrong),
        button(_("Send a test"), type="submit", icon="send"),
        on_submit=S.send_test,
        class_name="col g-4 card-p items-start",
    )
    return rx.cond(B.ready, panel(_("Send a test"), body))


def _replies() -> rx.Component:
    said = _(
        "In the carrier's console, name this address for incoming messages: who replies STOP is not written to again."
    )
    return rx.el.div(
        rx.el.p(said, class_name="help"),
        rx.el.code(B.replies_url, class_name="ltr break-all t-sm"),
        class_name="col g-1",
    )


def texts() -> rx.Component:
    remove = rx.cond(
        S.values["account"] != "",
        button(_("Forget the carrier"), kind="danger-quiet", size="sm", on_click=S.remove, class_name="self-start"),
    )
    about = _("SMS and WhatsApp through your own account with Twilio, or a service that speaks its language.")
    return settings_page(
        _("Text messages"),
        about,
        rx.cond(S.budget, _month()),
        form(TextGateway, bar=True),
        rx.cond(S.budget, rx.fragment(_replies(), _test())),
        remove,
    )


def closed_addresses() -> rx.Component:
    wrong = wrong_text(Suppressions.wrong, "address")
    add = rx.el.details(
        rx.el.summary(_("Close an address"), class_name="btn btn-s"),
        rx.el.form(
            field("address", _("E-mail or telephone"), text_input("address", error=wrong), error=wrong),
            button(_("Write to it no more"), type="submit"),
            on_submit=Suppressions.add,
            reset_on_submit=True,
            class_name="col g-3 card card-p items-start m-4",
        ),
    )
    return listing(Suppressions, on_bulk=Suppressions.act, actions=(add,))


def texts_actions() -> rx.Component:
    return rx.el.div(
        button_link(_("Closed addresses"), "/w/" + Shell.tenant + "/closed-addresses", icon="ban"),
        button_link(_("Deliveries"), "/w/" + Shell.tenant + "/deliveries", icon="send"),
        class_name="row",
    )


PAGES: tuple[Page, ...] = (
    Page(
        "/w/[tenant]/settings/texts",
        texts,
        N_("Text messages"),
        (TextGateway.open,),
        "workspace",
        actions=texts_actions,
    ),
    Page(
        "/w/[tenant]/closed-addresses",
        closed_addresses,
        N_("Closed addresses"),
        (Suppressions.load,),
        "workspace",
    ),
)
