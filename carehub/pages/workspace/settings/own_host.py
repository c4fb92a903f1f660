"""The part of the settings where an organisation gets an address of its own."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import badge, banner, moment, panel
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.overlay import DialogTrigger, confirm_dialog
from carehub.models.hosts import DomainState
from carehub.services.tenancy.hosts import TROUBLE_LABELS
from carehub.services.tenancy.settings import MANAGE
from carehub.state.connections import OwnHost

D: Any = OwnHost.domain


def _state() -> rx.Component:
    said = rx.match(
        D.state,
        (DomainState.PROVEN.value, badge(_("Proven"), tone="ok")),
        (DomainState.LOST.value, badge(_("Lost"), tone="bad")),
        badge(_("Waiting for the record"), tone="warn"),
    )
    return rx.cond(D.host != "", said, badge(_("Not set up"), tone=""))


def _copied(label: Any, value: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="t-xs i3"),
        rx.el.dd(rx.el.code(value, class_name="ltr break-all t-sm select-all")),
        class_name="col g-1",
    )


def _steps() -> rx.Component:
    """What to set at the registrar, in the words that registrars use."""
    record = rx.el.dl(
        _copied(_("Type"), "TXT"), _copied(_("Name"), D.record), _copied(_("Value"), D.value), class_name="col g-2"
    )
    way = rx.el.dl(
        _copied(_("Type"), "CNAME"), _copied(_("Name"), D.host), _copied(_("Value"), D.target), class_name="col g-2"
    )
    told = (
        (_("Prove that the domain is yours: set this record at its registrar, and leave it."), record),
        (_("Lead visitors here: the address is an alias of CareHub's."), way),
    )
    items = [rx.el.li(rx.el.p(said, class_name="t-sm b"), facts, class_name="col g-2") for said, facts in told]
    return rx.el.ol(*items, class_name="col g-4 list-decimal ps-5")


def _trouble() -> rx.Component:
    told = rx.match(D.trouble, *((code, _(label)) for code, label in TROUBLE_LABELS.items()), "")
    gone = banner(
        _("The record is gone"),
        _("The address is served for a day from when it was first missed. Set the record again and nothing changes."),
        tone="bad",
    )
    return rx.cond(D.missing_since != "", gone, rx.cond(D.trouble != "", rx.el.p(told, class_name="t-sm i2")))


def _tools() -> rx.Component:
    remove = confirm_dialog(
        DialogTrigger.create(_("Remove"), class_name="btn btn-dq btn-sm"),
        _("Give this address up?"),
        _("Your pages are at CareHub's own address again, at once. Links that you gave out no longer work."),
        _("Remove"),
        OwnHost.release,
    )
    return rx.el.div(
        button(_("Look now"), size="sm", icon="refresh-cw", on_click=OwnHost.look), remove, class_name="row wrap"
    )


def own_host() -> rx.Component:
    visit = rx.cond(
        D.state == DomainState.PROVEN.value,
        rx.el.p(rx.el.a(D.url, href=D.url, class_name="link ltr", target="_blank", rel="noopener")),
    )
    looked = rx.cond(D.checked_at != "", rx.el.p(_("Last look"), " ", moment(D.checked_at), class_name="t-xs i3"))
    claimed = rx.cond(
        D.host != "",
        rx.el.div(visit, _steps(), _trouble(), looked, only_with(MANAGE, _tools()), class_name="col g-4"),
    )
    about = _(
        "Your public page, profiles and booking stand under a name of your own domain. People sign in there for booking; your work and"
        " everybody's account stay at CareHub's own address."
    )
    body = rx.el.div(
        rx.el.p(about, class_name="i2 t-sm"), form(OwnHost, submit=_("Save")), claimed, class_name="col g-4 card-p"
    )
    return panel(_("Your own address"), body, action=_state())
