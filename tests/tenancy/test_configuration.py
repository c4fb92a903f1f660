import json
from dataclasses import replace

import pytest

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotAllowed
from carehub.core.permissions import TenantRole
from carehub.models.custom import FieldKind
from carehub.services import custom
from carehub.services.custom import FieldForm
from carehub.services.identity import roles
from carehub.services.identity.errors import BeyondOneself
from carehub.services.identity.roles import RoleForm
from carehub.services.notify import own_texts
from carehub.services.notify.template_words import TemplateForm, UnknownVariable
from carehub.services.tenancy import configuration, settings, sites
from carehub.services.tenancy.configuration import FileWrong
from carehub.services.tenancy.settings_forms import BrandForm
from carehub.services.tenancy.sites import RoomForm, SiteForm
from tests import factories as make

BOOKED = {"event": "appointment.booked", "audience": "client", "channel": "email", "locale": "fr"}


def owner_of(**values: str) -> Actor:
    return make.make_member(make.make_tenant(**values), TenantRole.OWNER)


@pytest.fixture
def file() -> str:
    """A furnished organisation's settings."""
    owner = owner_of(legal_name="Pattern SARL", country="MA")
    perform(settings.save_brand, owner, form=BrandForm(accent="#a8326b", tagline="With care"))
    site = perform(sites.save_site, owner, site_id=None, form=SiteForm(name="Annexe"))
    perform(sites.save_room, owner, site_id=site, room_id=None, form=RoomForm(name="Blue"))
    form = FieldForm(kind=FieldKind.CHOICE, label="Cover", choices="CNSS\nCNOPS")
    perform(custom.save_field, owner, field_id=None, form=form)
    role = perform(roles.save_role, owner, role_id=None, form=RoleForm(name="Night desk", like="receptionist"))
    perform(roles.allow, owner, role_id=role, permission="audit.read", allowed=True)
    perform(own_texts.save_template, owner, **BOOKED, form=TemplateForm(subject="À bientôt", body="Bonjour"))
    return perform(configuration.export_configuration, owner)


def test_a_file_furnishes_another_organisation_without_its_identity(file: str) -> None:
    other = owner_of(legal_name="Other SAS")
    perform(configuration.import_configuration, other, text=file, identity=False)
    assert perform(settings.read_brand, other).tagline == "With care"
    assert [one.label for one in perform(custom.list_fields, other)] == ["Cover"]
    assert [one.name for one in perform(roles.role_matrix, other).roles if one.own] == ["Night desk"]
    assert perform(own_texts.read_template, other, **BOOKED).form.subject == "À bientôt"
    assert perform(settings.read_organisation, other).legal_name == "Other SAS"
    assert perform(sites.list_sites, other) == []


def test_with_identity_the_copy_is_whole_and_a_second_time_changes_nothing(file: str) -> None:
    other = owner_of()
    perform(configuration.import_configuration, other, text=file, identity=True)
    assert perform(configuration.export_configuration, other) == file
    assert perform(configuration.try_configuration, other, text=file, identity=True) == []


def test_a_trial_says_what_would_change_and_changes_nothing(file: str) -> None:
    other = owner_of()
    before = perform(configuration.export_configuration, other)
    lines = perform(configuration.try_configuration, other, text=file, identity=False)
    assert ("brand", "Colour", "#0f6b5c", "#a8326b") in {(one.part, one.name, one.before, one.after) for one in lines}
    assert {one.part for one in lines} == {"brand", "fields", "roles", "messages"}
    assert perform(configuration.export_configuration, other) == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "other"}', '{"format": "carehub-settings-1", "more": 1}'])
def test_a_damaged_file_is_refused(text: str) -> None:
    with pytest.raises(FileWrong):
        perform(configuration.try_configuration, owner_of(), text=text, identity=True)


def test_one_wrong_setting_keeps_the_whole_file_out(file: str) -> None:
    spoilt = json.loads(file)
    spoilt["messages"][0]["words"]["subject"] = "Hello {nobody}"
    other = owner_of()
    before = perform(configuration.export_configuration, other)
    with pytest.raises(UnknownVariable):
        perform(configuration.import_configuration, other, text=json.dumps(spoilt), identity=True)
    assert perform(configuration.export_configuration, other) == before


def test_a_file_gives_nobody_more_than_they_have(file: str) -> None:
    asked = json.loads(file)
    asked["roles"][0]["permissions"] = ["intake.read"]  # which an administrator has not
    admin = make.make_member(make.make_tenant(), TenantRole.ADMIN)
    with pytest.raises(BeyondOneself):
        perform(configuration.import_configuration, admin, text=json.dumps(asked), identity=False)
    keeper = replace(admin, permissions=frozenset({"settings.manage"}))
    with pytest.raises(NotAllowed):
        perform(configuration.import_configuration, keeper, text=json.dumps(asked), identity=False)
    asked["roles"][0]["permissions"] = ["no.such"]
    with pytest.raises(FileWrong):
        perform(configuration.try_configuration, admin, text=json.dumps(asked), identity=False)
