"""/w/<tenant>/team/invitations: who was asked to join the staff."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import badge, empty_state, loading_state, moment, panel
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.components.page import Page
from carehub.components.workspace import WorkLink, page_body
from carehub.core.i18n import N_
from carehub.pages.workspace.team import role_name
from carehub.state.invitations import MANAGE, Invitations, Invite


def _row(one: Any) -> rx.Component:
    state = rx.cond(one.state == "open", badge(_("Waiting"), tone="info"), badge(_("Lapsed"), tone="out"))
    until = rx.cond(one.state == "open", _("Open until"), _("Lapsed on"))
    about = rx.el.div(
        rx.el.p(rx.el.bdi(one.name, class_name="b"), " ", state),
        rx.el.p(rx.el.bdi(one.email, class_name="ltr break-all"), " · ", role_name(one.role), class_name="i2"),
        rx.el.p(
            until, " ", moment(one.expires_at, style="date"), " · ", rx.el.bdi(one.invited_by), class_name="t-xs i3"
        ),
        class_name="col grow min-w-0",
    )
    acts = rx.el.div(
        button(_("Send again"), size="sm", on_click=Invitations.resend(one.id)),
        button(_("Withdraw"), kind="danger-quiet", size="sm", on_click=Invitations.withdraw(one.id)),
        class_name="row g-2",
    )
    return rx.el.li(about, only_with(MANAGE, acts), class_name="row wrap g-3", key=one.id)


def invitations() -> rx.Component:
    rows: Any = Invitations.rows
    none = empty_state(_("Nobody is waiting"), _("Invitations that are not answered yet show here."), glyph="mail")
    listed = rx.cond(rows.length() > 0, rx.el.ul(rx.foreach(rows, _row), class_name="col g-4 p-5"), none)
    waiting = panel(_("Not answered yet"), rx.cond(Invitations.loaded, listed, loading_state(rows=3)))
    ask = panel(
        _("Invite a colleague"),
        rx.el.div(
            rx.el.p(_("A link is mailed to them. It works once, for seven days."), class_name="i2"),
            form(Invite, submit=_("Send the invitation")),
            class_name="col g-4 p-5 max-w-[32rem]",
        ),
    )
    return page_body(
        rx.el.div(WorkLink.create(icon("chevron-left"), _("Team"), to="team", class_name="btn btn-q btn-sm")),
        only_with(MANAGE, ask),
        waiting,
    )


PAGES: tuple[Page, ...] = (
    Page("/w/[tenant]/team/invitations", invitations, N_("Invitations"), (Invitations.load, Invite.open), "workspace"),
)
