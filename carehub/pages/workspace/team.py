"""/w/<tenant>/team: the members, and what is known and done about one of them (CD-113, CD-115, CD-116)"""

from typing import Any

import reflex as rx

from carehub.components.access import may
from carehub.components.buttons import Link, button
from carehub.components.display import badge, banner, moment, panel
from carehub.components.fields import field, select
from carehub.components.forms import field_of, form, wrong_text
from carehub.components.i18n import _, date_text, ngettext
from carehub.components.icon import icon
from carehub.components.lists import listing
from carehub.components.overlay import Dialog, DialogPopup
from carehub.components.workspace import WorkLink
from carehub.pages.me.account import OUTCOME_LABELS
from carehub.services.identity.team import ROLE_LABELS
from carehub.state.team import Leaving, Member, Team

FATES: Any = Leaving.fates


def role_name(role: Any) -> Any:
    return rx.match(role, *[(str(code), _(label)) for code, label in ROLE_LABELS.items()], role)


def _role_field() -> rx.Component:
    options = rx.foreach(Member.roles, lambda one: rx.el.option(_(one[1]), value=one[0], key=one[0]))
    chosen = rx.el.select(options, id="role", class_name="input", value=Member.shown.role, on_change=Member.give_role)
    return field("role", _("Role"), chosen)


def _access() -> rx.Component:
    coming: Any = Member.shown.coming
    leave = rx.el.div(
        rx.el.p(ngettext("{n} coming appointment waits for them", "{n} coming appointments wait for them", coming)),
        button(_("Hand over and close"), kind="secondary", icon="users", on_click=Leaving.start(Member.shown.id)),
        class_name="col g-2 items-start",
    )
    shut = button(_("Close the access"), kind="danger-quiet", icon="lock", on_click=Member.set_active(False))
    opened = button(_("Open the access"), icon="lock-open", on_click=Member.set_active(True))
    close = rx.cond(coming > 0, leave, shut)
    return rx.el.div(_role_field(), rx.cond(Member.shown.active, close, opened), class_name="col g-4 items-start")


def _login(one: Any) -> rx.Component:
    said = rx.match(one.outcome, *[(code, _(label)) for code, label in OUTCOME_LABELS.items()], one.outcome)
    tone = rx.cond(one.outcome == "success", "ok", "warn")
    return rx.el.li(
        rx.el.span(said, class_name="badge is-" + tone.to(str)),
        rx.el.bdi(one.browser, class_name="grow i2 t-sm"),
        moment(one.at),
        class_name="row wrap t-sm",
        key=one.id,
    )


def _done(one: Any) -> rx.Component:
    acting = rx.cond(one.acting_for != "", rx.el.span(_("for {name}", name=one.acting_for), class_name="i2 t-sm"))
    return rx.el.li(
        rx.el.span(_(one.what), class_name="m"),
        rx.el.span(_(one.action), class_name="i3 t-sm"),
        rx.el.span(acting, class_name="grow"),
        moment(one.at),
        class_name="row wrap t-sm",
        key=one.id,
    )


def _lines(title: Any, rows: Any, draw: Any, none: Any) -> rx.Component:
    listed = rx.el.ul(rx.foreach(rows, draw), class_name="todo", tab_index=0, role="list", aria_label=title)
    shown = rx.cond(rows.length() > 0, listed, rx.el.p(none, class_name="i3 t-sm"))
    return rx.el.section(rx.el.h3(title, class_name="t-md"), shown, class_name="col g-2 min-w-0")


def _member() -> rx.Component:
    """The chosen member, and what the reader may do with them."""
    title = rx.cond(Member.shown.title != "", Member.shown.title, role_name(Member.shown.role))
    about = rx.el.div(
        rx.el.div(
            rx.cond(Member.shown.me, badge(_("You"), tone="info")),
            rx.cond(Member.shown.active, badge(_("Active"), tone="ok"), badge(_("Access closed"), tone="out")),
            class_name="row g-2",
        ),
        rx.cond(Member.shown.may_change, _access(), rx.el.p(title, class_name="i2")),
        class_name="col g-4 items-start",
    )
    logins: Any = Member.logins
    done: Any = Member.done
    body = rx.el.div(
        about,
        rx.cond(may("members.manage"), _lines(_("Sign-ins"), logins, _login, _("They have not signed in yet."))),
        rx.cond(may("audit.read"), _lines(_("Latest changes made"), done, _done, _("Nothing was changed yet."))),
        class_name="p-5 grid gap-6 lg:grid-cols-3 member",
    )
    close = Link.create(_("Close"), to="?", class_name="btn btn-q btn-sm")
    return rx.cond(Member.shown.id != "", panel(rx.el.bdi(Member.shown.name), body, action=close, class_name="m-4"))


def _fate(one: Any) -> rx.Component:
    view = one.appointment
    told = rx.cond(
        one.moves,
        badge(_("Fits"), tone="ok"),
        rx.cond(one.why != "", badge(_(one.why), tone="warn"), badge(_("Will be cancelled"), tone="out")),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.bdi(view.patient, class_name="m"),
            rx.el.p(
                date_text(view.local_start + ":00Z", zone="UTC"),
                " · ",
                rx.el.bdi(view.service),
                class_name="t-xs i3",
            ),
            class_name="grow",
        ),
        told,
        class_name="row wrap",
        key=view.id,
    )


def _to() -> rx.Component:
    """The colleague: choosing one shows at once what fits."""
    error = wrong_text(Leaving.errors, "to")
    control = select(
        "to",
        Leaving.choices["to"],
        empty=_("Nobody: cancel everything"),
        default_value=Leaving.values["to"],
        error=error,
        on_change=Leaving.consider,
    )
    return field("to", _("Goes to"), control, error=error)


def _leaving() -> rx.Component:
    count = rx.el.p(
        ngettext("{n} appointment or request waits", "{n} appointments and requests wait", Leaving.total),
        class_name="m",
    )
    some = banner(
        ngettext("{n} does not fit at the colleague", "{n} do not fit at the colleague", Leaving.unfit),
        _("They are cancelled when you say so, and each person is told."),
        tone="warn",
    )
    listed = rx.el.ul(
        rx.foreach(FATES, _fate),
        class_name="todo max-h-[16rem] overflow-auto",
        tab_index=0,
        role="list",
        aria_label=_("What waits"),
    )
    cancelling = rx.cond(Leaving.chosen & (Leaving.unfit > 0), field_of(Leaving, "cancel_unfit"))
    content = form(
        Leaving,
        count,
        _to(),
        listed,
        rx.cond(Leaving.unfit > 0, some),
        cancelling,
        field_of(Leaving, "reason"),
        submit=_("Hand over and close the access"),
    )
    popup = DialogPopup.create(
        content,
        title=_("Hand over the agenda"),
        description=_(
            "Each appointment goes to a colleague at the same time, or is cancelled. Everyone is told. Nothing is lost."
        ),
        width="36rem",
    )
    return Dialog.create(popup, open=Leaving.shown, on_open_change=Leaving.show)


def team() -> rx.Component:
    def link(label: Any, to: str, glyph: str, look: str) -> rx.Component:
        return rx.cond(may("members.read"), WorkLink.create(icon(glyph), label, to=to, class_name=look))

    links = (
        link(_("Week and delegations"), "team/agendas", "calendar-days", "btn btn-s"),
        link(_("What roles may do"), "team/roles", "shield", "btn btn-s"),
        link(_("Invitations"), "team/invitations", "mail", "btn btn-p"),
    )
    return rx.fragment(_member(), listing(Team, actions=(rx.el.span(*links, class_name="row wrap"),)), _leaving())
