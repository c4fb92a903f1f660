"""/platform/support: the desk, and one ticket beside it (DI-138)"""

from typing import Any

import reflex as rx

from carehub.components.buttons import Link
from carehub.components.display import facts
from carehub.components.i18n import _
from carehub.components.lists import listing
from carehub.components.overlay import drawer
from carehub.components.thread import answer_box, thread
from carehub.state.support import Desk, DeskTicketState

D: Any = DeskTicketState


def _ticket() -> rx.Component:
    one = D.shown
    place = rx.cond(
        one.tenant_id != "",
        Link.create(rx.el.bdi(one.tenant), to="/platform/tenants/" + one.tenant_id, class_name="hover:underline"),
        "–",
    )
    told = facts(
        (_("Who"), rx.el.bdi(one.who)),
        (_("Organisation"), place),
        (_("Topic"), _(one.category)),
        (_("Answered by"), rx.cond(one.assignee != "", rx.el.bdi(one.assignee), _("Nobody yet"))),
    )
    said = thread(one.messages, desk=_("CareHub support"), person=one.who)
    close = Link.create(_("Close"), to="?", class_name="btn btn-s")
    box = answer_box(_("Your answer"), D.answer)
    return rx.cond(one.id != "", drawer(one.subject, told, said, box, second=_("Support"), foot=close))


def support_page() -> rx.Component:
    lists = rx.el.div(listing(Desk, on_bulk=Desk.act), class_name="col grow min-w-0 min-h-0")
    return rx.el.div(lists, _ticket(), class_name="row grow min-h-0 !gap-0 !items-stretch")
