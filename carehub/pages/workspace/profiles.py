"""/w/<tenant>/profile: the profile, who sees what, verification, and how it looks from outside. One's own, or ?of=<id>."""

from typing import Any

import reflex as rx

from carehub.components.access import refused_without
from carehub.components.buttons import Link
from carehub.components.display import avatar, banner, card, empty_state, loading_state
from carehub.components.forms import field_of, form
from carehub.components.i18n import _, number_text
from carehub.components.icon import icon
from carehub.components.navigation import Menu
from carehub.components.page import Page
from carehub.components.presented import Presented
from carehub.components.sheet import sheet
from carehub.components.workspace import page_body
from carehub.core.i18n import N_
from carehub.pages.workspace.claims import claims_part
from carehub.services.profiles.distinctions import DISTINCTION_LABELS, EARNED_BY_LABELS
from carehub.services.profiles.forms import Links, Shares
from carehub.services.profiles.pictures import MOST
from carehub.services.profiles.profile import EDIT
from carehub.state.profiles import ProfileEditor
from carehub.state.verification import Claims

P: Any = ProfileEditor
PART_LABELS = {
    "": N_("Profile"),
    "visibility": N_("Who sees what"),
    "verification": N_("Verification"),
    "preview": N_("Preview"),
}
_PART: Any = rx.State.router.url.query_parameters.get("part", "")


class PicturesEditor(rx.Component):
    """Portrait and gallery; each picture goes to the server at once."""

    library = "$/public/ui/profile_edit.jsx"
    tag = "PicturesEditor"
    portrait: rx.Var[str]
    gallery: rx.Var[list[Any]]
    of: rx.Var[str]
    most: rx.Var[int]
    on_change: rx.EventHandler[rx.event.no_args_event_spec]
    on_remove: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_caption: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]


def _address(part: str) -> Any:
    of = rx.cond(P.of != "", "&of=" + P.of, "")
    return "?part=" + part + of


def _tabs() -> rx.Component:
    tabs = [
        Link.create(
            _(label),
            to=_address(part),
            class_name="tab",
            custom_attrs={"aria-current": rx.cond(part == _PART, "page", rx.Var("undefined"))},
        )
        for part, label in PART_LABELS.items()
    ]
    return rx.el.nav(*tabs, class_name="tabs", aria_label=_("Parts of the profile"))


def _group(title: Any, *content: rx.Component, id: str, about: Any = None) -> rx.Component:
    said = [rx.el.p(about, class_name="help")] if about is not None else []
    legend = rx.el.legend(rx.el.h2(title, class_name="t-md"), *said, class_name="legend")
    return rx.el.fieldset(legend, rx.el.div(*content, class_name="col g-4 grow"), class_name="form-g", id=id)


def _at(*names: str) -> list[rx.Component]:
    return [field_of(ProfileEditor, name) for name in names]


def _pictures() -> rx.Component:
    editor = PicturesEditor.create(
        portrait=P.portrait,
        gallery=P.gallery,
        of=P.of,
        most=MOST,
        on_change=P.pictures_changed,
        on_remove=P.remove,
        on_caption=P.caption,
    )
    about = rx.el.p(_("The gallery is seen by those whom you choose under Who sees what."), class_name="help")
    return rx.el.section(rx.el.h2(_("Pictures"), class_name="t-md"), about, editor, class_name="col g-3", id="pictures")


def _form() -> rx.Component:
    """One form over two parts: what is hidden is sent all the same, so that one save keeps both."""
    words = rx.el.div(
        _group(_("About you"), *_at("headline", "biography", "approach", "specialities"), id="about"),
        _group(
            _("Training and practice"),
            *_at("diplomas", "certifications", "practising_since", "languages"),
            id="training",
        ),
        _group(_("Elsewhere"), *_at("video_url", *(f"links.{name}" for name in Links.model_fields)), id="elsewhere"),
        _group(_("Appointments"), *_at("accepts_new"), id="welcome"),
        hidden=_PART != "",
    )
    shares = rx.el.div(*_at(*(f"shares.{part}" for part in Shares.model_fields)), class_name="shares")
    seen = rx.el.div(
        _group(_("The whole profile"), *_at("visibility"), id="visibility"),
        _group(
            _("Each part"),
            shares,
            about=_("A part for professionals is read by those who signed in with a professional account."),
            id="parts",
        ),
        hidden=_PART != "visibility",
    )
    return form(ProfileEditor, words, seen, bar=True)


_GOES_TO = {"visibility": "visibility", "verification": "verification"}


def _step(one: Any) -> rx.Component:
    to = rx.match(
        one.part,
        *[(part, _address(tab)) for part, tab in _GOES_TO.items()],
        ("services", "services"),
        _address("") + "#" + one.part,
    )
    return rx.el.li(
        icon("circle", size="sm", class_name="i3"),
        Link.create(_(one.label), to=to, class_name="grow"),
        rx.el.span("+", number_text(one.points), class_name="i3 num t-xs"),
        class_name="row",
        key=one.label,
    )


def _progress() -> rx.Component:
    now = P.progress
    bar = rx.el.div(
        rx.el.i(style={"--v": now.percent}),
        class_name="pbar",
        role="progressbar",
        aria_label=_("How full the profile is"),
        aria_valuenow=now.percent,
        aria_valuemin=0,
        aria_valuemax=100,
    )
    head = rx.el.div(
        rx.el.h2(_("Your profile is {n} % full", n=number_text(now.percent)), class_name="t-md"),
        bar,
        class_name="col g-3",
    )
    left = rx.el.ul(rx.foreach(now.next, _step), class_name="col g-3 t-sm")
    done = rx.el.p(_("Nothing is missing. Look at it from outside now and then."), class_name="i2 t-sm")
    return card(head, rx.cond(now.next.length() > 0, left, done), class_name="col g-4")


def _distinctions() -> rx.Component:
    """Every distinction, how it is earned, and which are held today."""
    held = P.preview.more.distinctions

    def one(code: str) -> rx.Component:
        label = DISTINCTION_LABELS[code]
        has = held.contains(label)
        head = rx.el.p(
            rx.cond(has, icon("badge-check", size="sm", class_name="acc"), icon("circle", size="sm", class_name="i3")),
            rx.el.span(_(label), class_name="b"),
            rx.cond(has, rx.el.span(_("held"), class_name="sr")),
            class_name="row g-1h",
        )
        return rx.el.li(head, rx.el.p(_(EARNED_BY_LABELS[code]), class_name="t-xs i3"), class_name="col g-1")

    said = rx.el.p(_("Counted every night. Nobody gives or takes them by hand."), class_name="help")
    listed = rx.el.ul(*(one(code) for code in DISTINCTION_LABELS), class_name="col g-3 t-sm")
    return card(rx.el.h2(_("Distinctions"), class_name="t-md"), listed, said, class_name="col g-4")


def _listed(names: Any) -> rx.Component:
    return rx.foreach(names, lambda name, at: rx.fragment(rx.cond(at > 0, ", ", ""), _(name)))


def _mark(glyph: str, words: Any) -> rx.Component:
    return rx.el.span(icon(glyph, size="sm"), words, class_name="row g-1h")


def _seen() -> rx.Component:
    """What the public page says, drawn by the same parts."""
    one = P.preview
    head = rx.el.header(
        avatar(one.initials, cat=one.colour, photo=one.photo, professional=True, size="6rem"),
        rx.el.div(
            rx.el.p(_listed(one.specialities), class_name="t-sm i3"),
            rx.el.h2(rx.el.bdi(one.name), class_name="t-3"),
            rx.cond(one.headline != "", rx.el.p(rx.el.bdi(one.headline), class_name="t-lg i2")),
            rx.el.p(
                rx.cond(one.badge != "", _mark("shield-check", _(one.badge))),
                rx.cond(one.languages.length() > 0, _mark("languages", _listed(one.languages))),
                class_name="row wrap t-md i2 gap-x-4 gap-y-1",
            ),
            class_name="col grow g-1h min-w-0",
        ),
        class_name="row row-t wrap g-6",
    )
    facts = rx.el.p(
        rx.cond(one.since.is_none(), rx.fragment(), rx.el.span(_("In practice since"), " ", one.since)),
        rx.cond(one.registration != "", rx.el.bdi(one.registration)),
        class_name="row wrap g-4 i2 t-sm",
    )
    words = rx.cond(one.biography != "", rx.el.p(one.biography, class_name="read i2 whitespace-pre-line", dir="auto"))
    return card(head, words, facts, Presented.create(more=one.more), class_name="col g-6")


def _preview() -> rx.Component:
    choices = (("public", N_("Everyone")), ("professionals", N_("Signed-in professionals")))
    who = rx.el.div(
        *(
            rx.el.button(
                _(label),
                type="button",
                on_click=P.look_as(code),
                custom_attrs={"aria-pressed": rx.cond(P.audience == code, "true", "false")},
            )
            for code, label in choices
        ),
        class_name="seg self-start",
        role="group",
        aria_label=_("Seen by"),
    )
    hidden = banner(
        _("They do not find this profile"),
        _("Below is what they would read once you show it to them."),
        action=Link.create(_("Who sees what"), to=_address("visibility"), class_name="btn btn-s btn-sm"),
    )
    return rx.el.div(who, rx.cond(~P.preview.finds, hidden), _seen(), class_name="col g-4")


def _parts() -> rx.Component:
    main = rx.el.div(
        rx.cond(_PART == "", _pictures()),
        rx.el.div(_form(), hidden=(_PART != "") & (_PART != "visibility")),
        rx.match(_PART, ("verification", claims_part(P.of)), ("preview", _preview()), rx.fragment()),
        class_name="col g-6 min-w-0",
    )
    side = rx.el.aside(
        _progress(), _distinctions(), class_name="pside col g-4", aria_label=_("How full the profile is")
    )
    name = rx.cond(P.of != "", rx.el.h2(rx.el.bdi(P.preview.name), class_name="t-2"))
    return rx.fragment(name, _tabs(), rx.el.div(main, side, class_name="pbody"))


def profile() -> rx.Component:
    none = empty_state(
        _("No public profile"), _("You are not among those who receive people here."), glyph="user-round"
    )
    ready = P.opened & ~P.preview.is_none()
    shown = rx.cond(P.opened & P.none, none, rx.cond(ready, _parts(), loading_state(rows=6)))
    return page_body(sheet("profile_edit"), refused_without(EDIT, shown))


PAGES: tuple[Page, ...] = (
    Page(
        "/w/[tenant]/profile",
        profile,
        N_("My profile"),
        (ProfileEditor.open, Claims.load),
        "workspace",
        menu=Menu("user-round", "agenda.own", "settings"),
    ),
)
