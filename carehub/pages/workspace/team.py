"""/w/<tenant>/team and /w/<tenant>/team/roles (CD-113, CD-114, CD-116)"""

from typing import Any

import reflex as rx

from carehub.components.access import may
from carehub.components.buttons import Link, button
from carehub.components.display import badge, panel
from carehub.components.fields import field
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.components.lists import listing
from carehub.components.workspace import WorkLink, page_body
from carehub.services.identity.team import ROLE_LABELS
from carehub.state.shell import Shell
from carehub.state.team import Member, Roles, Team


def role_name(role: Any) -> Any:
    return rx.match(role, *[(str(code), _(label)) for code, label in ROLE_LABELS.items()], role)


def _member() -> rx.Component:
    """The chosen member, and what the reader may do with them."""
    roles = rx.el.select(
        rx.foreach(Member.shown.roles, lambda role: rx.el.option(role_name(role), value=role, key=role)),
        id="role",
        class_name="input",
        value=Member.shown.role,
        on_change=Member.give_role,
    )
    shut = button(_("Close the access"), kind="danger-quiet", icon="lock", on_click=Member.set_active(False))
    opened = button(_("Open the access"), icon="lock-open", on_click=Member.set_active(True))
    may_change = rx.el.div(
        field("role", _("Role"), roles), rx.cond(Member.shown.active, shut, opened), class_name="col g-4"
    )
    body = rx.el.div(
        rx.cond(Member.shown.me, badge(_("You"), tone="info")),
        rx.cond(Member.shown.active, badge(_("Active"), tone="ok"), badge(_("Access closed"), tone="out")),
        rx.cond(Member.shown.roles, may_change, rx.el.p(role_name(Member.shown.role), class_name="i2")),
        class_name="col g-3 p-5 items-start",
    )
    close = Link.create(_("Close"), to="?", class_name="btn btn-q btn-sm")
    return rx.cond(Member.shown.id != "", panel(rx.el.bdi(Member.shown.name), body, action=close, class_name="m-4"))


def team() -> rx.Component:
    roles = rx.cond(
        may("members.read"), WorkLink.create(_("What roles may do"), to="team/roles", class_name="btn btn-s")
    )
    invitations = rx.cond(
        may("members.read"),
        WorkLink.create(icon("mail"), _("Invitations"), to="team/invitations", class_name="btn btn-p"),
    )
    return rx.fragment(_member(), listing(Team, actions=(roles, invitations)))


def _cell(permission: Any, grant: Any) -> rx.Component:
    box = rx.el.input(
        type="checkbox",
        checked=grant.allowed,
        disabled=Shell.role_label != ROLE_LABELS["owner"],
        aria_label=role_name(grant.role),
        on_change=lambda allowed: Roles.allow(grant.role, permission, allowed),
    )
    mark = rx.cond(grant.changed, rx.el.span(_("changed"), class_name="t-xs acc"))
    return rx.el.td(rx.el.label(box, mark, class_name="check"), key=grant.role)


def _row(row: Any) -> rx.Component:
    cells = rx.foreach(row.grants, lambda grant: _cell(row.permission, grant))
    return rx.el.tr(rx.el.th(_(row.label), scope="row"), cells, key=row.permission)


def roles() -> rx.Component:
    heads = [rx.el.th(_(label), scope="col") for code, label in ROLE_LABELS.items() if code != "owner"]
    table = rx.el.table(
        rx.el.caption(_("What roles may do"), class_name="sr"),
        rx.el.thead(rx.el.tr(rx.el.th(_("Permission"), scope="col"), *heads)),
        rx.el.tbody(rx.foreach(Roles.rows, _row)),
        class_name="tbl",
    )
    lead = rx.el.p(
        _("Owners may do everything, and only they change this table. It takes effect at once."), class_name="i2"
    )
    scroll = rx.el.div(table, class_name="scroll card", tab_index=0, role="region", aria_label=_("What roles may do"))
    return page_body(lead, scroll)
