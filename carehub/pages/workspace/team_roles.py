"""/w/<tenant>/team/roles: what each role may do, and roles of the organisation's own (CD-113, CD-114)"""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.forms import field_of, form
from carehub.components.i18n import _, ngettext
from carehub.components.icon import icon
from carehub.components.overlay import Dialog, DialogPopup, DialogTrigger, confirm_dialog
from carehub.components.page import Page
from carehub.components.workspace import WorkLink, page_body
from carehub.core.i18n import N_
from carehub.pages.workspace.team import role_name
from carehub.state.team import MANAGE, RoleEditor, Roles


def _tools(head: Any) -> rx.Component:
    def tool(part: Any, label: Any, glyph: str, **given: Any) -> rx.Component:
        look = {"class_name": "btn btn-q btn-icon btn-sm", "aria_label": label, "title": label}
        return part(icon(glyph), **look, **given)

    rename = tool(rx.el.button, _("Rename"), "pencil", type="button", on_click=RoleEditor.start(head.key))
    drop = confirm_dialog(
        tool(DialogTrigger.create, _("Remove"), "trash-2"),
        _("Remove this role?"),
        _("Nobody may hold it then. What it may do is forgotten."),
        _("Remove the role"),
        Roles.remove(head.key),
    )
    return only_with(MANAGE, rx.el.span(rename, drop, class_name="row"))


def _head(head: Any) -> rx.Component:
    name = rx.cond(head.own, rx.el.bdi(head.name), role_name(head.key))
    count = rx.el.span(ngettext("{n} member", "{n} members", head.members), class_name="t-xs i3")
    return rx.el.th(
        rx.el.div(name, count, rx.cond(head.own, _tools(head)), class_name="col py-2"), scope="col", key=head.key
    )


def _cell(permission: Any, grant: Any) -> rx.Component:
    box = rx.el.input(
        type="checkbox",
        checked=grant.allowed,
        disabled=~grant.open.to(bool),
        aria_label=_(grant.name),
        on_change=lambda allowed: Roles.allow(grant.role, permission, allowed),
    )
    mark = rx.cond(grant.changed, rx.el.span(_("changed"), class_name="t-xs acc"))
    return rx.el.td(rx.el.label(box, mark, class_name="check"), key=grant.role)


def _row(row: Any) -> rx.Component:
    cells = rx.foreach(row.grants, lambda grant: _cell(row.permission, grant))
    return rx.el.tr(rx.el.th(_(row.label), scope="row"), cells, key=row.permission)


def _editor() -> rx.Component:
    content = form(
        RoleEditor,
        field_of(RoleEditor, "name"),
        rx.cond(RoleEditor.fresh, field_of(RoleEditor, "like")),
        submit=_("Save"),
    )
    popup = DialogPopup.create(content, title=_("Role of your own"), width="30rem")
    return Dialog.create(popup, open=RoleEditor.shown, on_open_change=RoleEditor.show)


def roles() -> rx.Component:
    heads: Any = Roles.heads
    table = rx.el.table(
        rx.el.caption(_("What roles may do"), class_name="sr"),
        rx.el.thead(rx.el.tr(rx.el.th(_("Permission"), scope="col"), rx.foreach(heads, _head))),
        rx.el.tbody(rx.foreach(Roles.rows, _row)),
        class_name="tbl plan-t",
    )
    lead = rx.el.p(
        _(
            "Owners may do everything, and only they change CareHub's own roles. A change counts at once, also where someone"
            " is signed in. Nobody gives more than they may do themselves."
        ),
        class_name="i2 max-w-[46rem]",
    )
    add = only_with(MANAGE, button(_("Role of your own"), kind="primary", icon="plus", on_click=RoleEditor.start("")))
    top = rx.el.div(
        WorkLink.create(_("Team"), to="team", class_name="link t-sm"),
        rx.el.span(add, class_name="end"),
        class_name="row wrap",
    )
    scroll = rx.el.div(table, class_name="scroll card", tab_index=0, role="region", aria_label=_("What roles may do"))
    return page_body(top, lead, scroll, _editor())


PAGES: tuple[Page, ...] = (Page("/w/[tenant]/team/roles", roles, N_("What roles may do"), (Roles.load,), "workspace"),)
