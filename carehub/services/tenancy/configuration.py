"""An organisation's settings as one file: a copy to keep, or a pattern for another organisation. Pictures stay out of it."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.errors import Invalid
from carehub.core.i18n import N_
from carehub.core.permissions import PERMISSIONS
from carehub.core.verbs import verb
from carehub.models.notify import Audience, Channel
from carehub.services.booking.config_people import read_booking_rules, save_booking_rules
from carehub.services.booking.rules import BookingRules
from carehub.services.custom.fields import FieldForm, list_fields, read_field, save_field
from carehub.services.identity.roles import MOST_ROLES, RoleSetup, custom_roles, put_role
from carehub.services.notify.own_texts import TEMPLATE, save_template
from carehub.services.notify.template_words import TemplateForm
from carehub.services.tenancy import home, papers, settings, sites
from carehub.services.tenancy.home import HomeForm
from carehub.services.tenancy.paper_forms import PapersForm
from carehub.services.tenancy.settings import MANAGE, READ
from carehub.services.tenancy.settings_forms import BillingForm, BrandForm, LanguageForm, ModulesForm, OrganisationForm
from carehub.services.tenancy.sites import RoomForm, SiteForm

MOST_CHARACTERS = 500_000
PART_LABELS = {
    "organisation": N_("Identity and legal data"),
    "billing": N_("Invoicing defaults"),
    "papers": N_("Look of documents"),
    "brand": N_("Brand"),
    "language": N_("Words and languages"),
    "modules": N_("Modules"),
    "booking": N_("Booking rules"),
    "home": N_("Public page"),
    "sites": N_("Sites and rooms"),
    "fields": N_("Own fields"),
    "roles": N_("Roles of your own"),
    "messages": N_("Message texts"),
}


class FileWrong(Invalid):
    key = "This is not a file of CareHub settings, or it is damaged: {where}"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SiteSetup(_Strict):
    site: SiteForm
    rooms: list[RoomForm] = Field(default_factory=list, max_length=200)


class MessageSetup(_Strict):
    event: str
    audience: Audience
    channel: Channel
    locale: str
    words: TemplateForm


class Configuration(_Strict):
    """The whole file. A part that is left out changes nothing; sites, fields, roles and messages are added or changed, never removed."""

    format: Literal["carehub-settings-1"]
    organisation: OrganisationForm | None = None
    billing: BillingForm | None = None
    papers: PapersForm | None = None
    brand: BrandForm | None = None
    language: LanguageForm | None = None
    modules: ModulesForm | None = None
    booking: BookingRules | None = None
    home: HomeForm | None = None
    sites: list[SiteSetup] = Field(default_factory=list, max_length=100)
    fields: list[FieldForm] = Field(default_factory=list, max_length=100)
    roles: list[RoleSetup] = Field(default_factory=list, max_length=MOST_ROLES)
    messages: list[MessageSetup] = Field(default_factory=list, max_length=500)


@dataclass(frozen=True)
class ImportLine:
    """One difference. `part` is a key of PART_LABELS; `name` the field's or row's."""

    part: str
    name: str
    before: str
    after: str


# part -> how it is read and saved; all take (session, actor)
_SINGLE: dict[str, tuple[Any, Any]] = {
    "organisation": (settings.read_organisation, settings.save_organisation),
    "billing": (settings.read_billing, settings.save_billing),
    "papers": (papers.read_papers, papers.save_papers),
    "brand": (settings.read_brand, settings.save_brand),
    "language": (settings.read_language, settings.save_language),
    "modules": (settings.read_modules, settings.save_modules),
    "booking": (read_booking_rules, save_booking_rules),
    "home": (home.read_home, home.save_home),
}


def _current(session: Session, actor: Actor) -> Configuration:
    single = {part: read(session, actor) for part, (read, _save) in _SINGLE.items()}
    houses = []
    for one in sites.list_sites(session, actor):
        rooms = sites.list_rooms(session, actor, site_id=UUID(one.id))
        site = sites.read_site(session, actor, site_id=UUID(one.id))
        houses.append(SiteSetup.model_construct(site=site, rooms=[_room(room) for room in rooms]))
    own = [read_field(session, actor, field_id=UUID(one.id)) for one in list_fields(session, actor)]
    return Configuration.model_construct(
        format="carehub-settings-1",
        **single,
        sites=houses,
        fields=own,
        roles=[
            RoleSetup(name=one.name, permissions=[name for name in one.permissions if name in PERMISSIONS])
            for one in custom_roles(session, actor)
        ],
        messages=_messages(session),
    )


def _room(room: sites.RoomView) -> RoomForm:
    return RoomForm.model_construct(name=room.name, seats=room.seats, active=room.active)


def _messages(session: Session) -> list[MessageSetup]:
    rows = session.execute(select(TEMPLATE).order_by(TEMPLATE.c.event, TEMPLATE.c.audience, TEMPLATE.c.locale))
    return [
        MessageSetup.model_construct(
            event=row.event,
            audience=Audience(row.audience),
            channel=Channel(row.channel),
            locale=row.locale,
            words=TemplateForm.model_construct(subject=row.subject, body=row.body),
        )
        for row in rows
    ]


@verb(READ)
def export_configuration(session: Session, actor: Actor) -> str:
    """All settings as JSON that `import_configuration` takes."""
    return _current(session, actor).model_dump_json(indent=2)


def _parsed(text: str, *, identity: bool) -> Configuration:
    """Raises FileWrong, naming the first place that is wrong."""
    try:
        found = Configuration.model_validate_json(text[: MOST_CHARACTERS + 1])
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "JSON"
        raise FileWrong(where=where) from error
    left_out: dict[str, Any] = {} if identity else {"organisation": None, "billing": None, "sites": []}
    return found.model_copy(update=left_out)


@verb(MANAGE)
def try_configuration(session: Session, actor: Actor, *, text: str, identity: bool) -> list[ImportLine]:
    """What importing the file would change, tried in full and taken back. Raises what the import would raise."""
    tried = session.begin_nested()
    try:
        return _apply(session, actor, _parsed(text, identity=identity))
    finally:
        tried.rollback()


@verb(MANAGE)
def import_configuration(session: Session, actor: Actor, *, text: str, identity: bool) -> list[ImportLine]:
    """Take over a file's settings, all of them or none; `identity`: also legal data, bank details and sites.

    Raises FileWrong, and what saving each setting raises.
    """
    return _apply(session, actor, _parsed(text, identity=identity))


def _apply(session: Session, actor: Actor, wanted: Configuration) -> list[ImportLine]:
    before = _current(session, actor)
    for part, (_read, save) in _SINGLE.items():
        form, was = getattr(wanted, part), getattr(before, part)
        if form is not None and _dumped(form) != _dumped(was):
            save(session, actor, form=form)
    _apply_sites(session, actor, wanted)
    known = {(read.target, read.label): one.id for one, read in _own(session, actor)}
    for field in wanted.fields:
        asked = known.get((field.target, field.label))
        save_field(session, actor, field_id=UUID(asked) if asked else None, form=field)
    for setup in wanted.roles:
        put_role(session, actor, setup)
    for one in wanted.messages:
        key = {"event": one.event, "audience": one.audience.value, "channel": one.channel.value, "locale": one.locale}
        save_template(session, actor, **key, form=one.words)
    session.flush()
    return _differences(before, _current(session, actor))


def _own(session: Session, actor: Actor) -> list[tuple[Any, FieldForm]]:
    return [(one, read_field(session, actor, field_id=UUID(one.id))) for one in list_fields(session, actor)]


def _apply_sites(session: Session, actor: Actor, wanted: Configuration) -> None:
    known = {one.name: UUID(one.id) for one in sites.list_sites(session, actor)}
    for setup in wanted.sites:
        site_id = sites.save_site(session, actor, site_id=known.get(setup.site.name), form=setup.site)
        rooms = {one.name: UUID(one.id) for one in sites.list_rooms(session, actor, site_id=site_id)}
        for room in setup.rooms:
            sites.save_room(session, actor, site_id=site_id, room_id=rooms.get(room.name), form=room)


def _dumped(form: BaseModel) -> dict[str, Any]:
    return form.model_dump(mode="json")


def _flat(config: Configuration) -> dict[tuple[str, str], str]:
    """(part, name) -> value as text."""
    flat: dict[tuple[str, str], str] = {}
    for part in _SINGLE:
        form = getattr(config, part)
        flat |= {
            (part, info.title or name): _text(_dumped(form)[name]) for name, info in type(form).model_fields.items()
        }
    for setup in config.sites:
        flat["sites", setup.site.name] = _text(_dumped(setup.site))
        flat |= {("sites", f"{setup.site.name} · {one.name}"): _text(_dumped(one)) for one in setup.rooms}
    flat |= {("fields", one.label): _text(_dumped(one)) for one in config.fields}
    flat |= {("roles", one.name): ", ".join(one.permissions) for one in config.roles}
    for message in config.messages:
        name = f"{message.event} · {message.audience} · {message.channel} · {message.locale}"
        flat["messages", name] = f"{message.words.subject} {message.words.body}".strip()
    return flat


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, dict):
        return " · ".join(filter(None, (_text(one) for one in value.values())))
    return "" if value is None else str(value)


def _differences(before: Configuration, after: Configuration) -> list[ImportLine]:
    was, now = _flat(before), _flat(after)
    return [ImportLine(*key, was.get(key, ""), value) for key, value in now.items() if was.get(key, "") != value]
