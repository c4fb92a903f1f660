"""/platform/people: every account, and one beside it (DI-129)"""

from typing import Any

import reflex as rx

from carehub.components.buttons import Link
from carehub.components.display import badge, facts, moment, panel
from carehub.components.i18n import _
from carehub.components.lists import listing
from carehub.state.console_lists import People, Person

P: Any = Person


def _sign_in(one: Any) -> rx.Component:
    tone = rx.cond(one[1] == "success", badge(_("Signed in"), tone="ok"), badge(one[1], tone="warn"))
    return rx.el.li(moment(one[0]), " ", tone)


def _person() -> rx.Component:
    one = P.shown
    places = rx.foreach(one.workplaces, lambda name: rx.el.span(rx.el.bdi(name), " ", class_name="badge", key=name))
    shown = facts(
        (_("E-mail"), rx.el.bdi(one.email, class_name="ltr")),
        (_("Since"), moment(one.since, style="date")),
        (_("Organisations"), places),
        (_("Sign-in history"), rx.el.ul(rx.foreach(one.sign_ins, _sign_in), class_name="col g-1")),
    )
    close = Link.create(_("Close"), to="?", class_name="btn btn-q btn-sm")
    return rx.cond(
        one.id != "", panel(rx.el.bdi(one.name), rx.el.div(shown, class_name="card-p"), action=close, class_name="m-4")
    )


def people_page() -> rx.Component:
    return rx.fragment(_person(), listing(People, on_bulk=People.act))
