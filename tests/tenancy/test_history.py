from dataclasses import replace
from typing import Any

import psycopg
import pytest

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import ChangedMeanwhile, NotFound
from carehub.core.permissions import TenantRole
from carehub.models.custom import FieldKind
from carehub.services import custom
from carehub.services.custom import FieldForm
from carehub.services.identity import roles
from carehub.services.identity.errors import BeyondOneself, OwnersOnly
from carehub.services.identity.roles import RoleForm
from carehub.services.notify import own_texts
from carehub.services.notify.template_words import TemplateForm
from carehub.services.tenancy import history, settings, sites
from carehub.services.tenancy.history import ChangeView
from carehub.services.tenancy.settings_forms import BrandForm, ClientWord
from carehub.services.tenancy.sites import RoomForm, SiteForm
from tests import factories as make

BOOKED = {"event": "appointment.booked", "audience": "client", "channel": "email", "locale": "fr"}


@pytest.fixture
def owner() -> Actor:
    return make.make_member(make.make_tenant(), TenantRole.OWNER)


def latest(owner: Actor) -> ChangeView:
    return perform(history.read_history, owner).changes[0]


def undo(owner: Actor) -> None:
    perform(history.undo_change, owner, change_id=int(latest(owner).id))


def test_a_change_tells_who_what_before_and_after(owner: Actor) -> None:
    perform(settings.save_brand, owner, form=BrandForm(accent="#a8326b", tagline="With care"))
    change = latest(owner)
    assert (change.who, change.table, change.action) == (owner.name, "tenant", "update")
    assert {(one.field, one.before, one.after) for one in change.lines} == {
        ("Colour", "#0f6b5c", "#a8326b"),
        ("Tagline", "", "With care"),
    }


def test_codes_are_told_in_words(owner: Actor) -> None:
    form = FieldForm(label="Notes", kind=FieldKind.YES_NO)
    perform(custom.save_field, owner, field_id=None, form=form)
    told = {(one.field, one.after) for one in latest(owner).lines if one.coded}
    assert told == {("Kind", "Yes or no"), ("Stands on", "{Clients}")}


def test_undo_brings_the_setting_back_and_can_be_undone(owner: Actor) -> None:
    perform(settings.save_brand, owner, form=BrandForm(accent="#a8326b"))
    undo(owner)
    assert perform(settings.read_brand, owner).accent == "#0f6b5c"
    undo(owner)
    assert perform(settings.read_brand, owner).accent == "#a8326b"


def test_what_was_changed_since_is_not_undone(owner: Actor) -> None:
    perform(settings.save_brand, owner, form=BrandForm(accent="#a8326b"))
    first = latest(owner)
    perform(settings.save_brand, owner, form=BrandForm(accent="#1f5fbf"))
    with pytest.raises(ChangedMeanwhile):
        perform(history.undo_change, owner, change_id=int(first.id))
    assert perform(settings.read_brand, owner).accent == "#1f5fbf"


def test_nested_settings_show_the_key_that_changed(owner: Actor) -> None:
    form = perform(settings.read_language, owner).model_copy(update={"client_word": ClientWord.GUEST})
    perform(settings.save_language, owner, form=form)
    assert ("We receive", "guest") in {(one.field, one.after) for one in latest(owner).lines}


def test_added_changed_and_removed_rows_are_taken_back(owner: Actor) -> None:
    site = perform(sites.save_site, owner, site_id=None, form=SiteForm(name="Annexe"))
    room = perform(sites.save_room, owner, site_id=site, room_id=None, form=RoomForm(name="Blue", seats=3))
    perform(sites.remove_room, owner, room_id=room)
    undo(owner)
    assert [one.seats for one in perform(sites.list_rooms, owner, site_id=site)] == [3]
    perform(own_texts.save_template, owner, **BOOKED, form=TemplateForm(subject="Hello", body="x"))
    undo(owner)
    assert not perform(own_texts.read_template, owner, **BOOKED).own
    field = perform(custom.save_field, owner, field_id=None, form=FieldForm(kind=FieldKind.TEXT, label="Cover"))
    perform(custom.remove_field, owner, field_id=field)
    undo(owner)
    assert [one.label for one in perform(custom.list_fields, owner)] == ["Cover"]


def test_the_currency_does_not_come_back_once_something_was_booked(owner: Actor) -> None:
    tenant, practitioner, service = make.make_practice()
    chief = make.make_member(tenant, TenantRole.OWNER)
    form = perform(settings.read_language, chief).model_copy(update={"currency": "MAD"})
    perform(settings.save_language, chief, form=form)
    make.book(Actor(), tenant, practitioner, service)
    with pytest.raises(settings.CurrencyKept):
        undo(chief)


def test_another_organisations_change_and_what_is_no_setting_are_not_undone(
    owner: Actor, db: psycopg.Connection[Any]
) -> None:
    perform(settings.save_brand, owner, form=BrandForm(accent="#a8326b"))
    stranger = make.make_member(make.make_tenant(), TenantRole.OWNER)
    with pytest.raises(NotFound):
        perform(history.undo_change, stranger, change_id=int(latest(owner).id))
    db.execute("update tenant set status = 'suspended' where id = %s", [owner.tenant_id])
    row = db.execute("select max(id) from audit_log where row_id = %s", [str(owner.tenant_id)]).fetchone()
    db.commit()
    assert row
    with pytest.raises(NotFound):
        perform(history.undo_change, owner, change_id=row[0])


def test_pages_follow_each_other(owner: Actor) -> None:
    for number in range(32):
        perform(settings.save_brand, owner, form=BrandForm(tagline=f"No. {number}"))
    first = perform(history.read_history, owner)
    rest = perform(history.read_history, owner, before=int(first.next))
    assert (len(first.changes), len(rest.changes), rest.next) == (30, 2, "")


def test_roles_of_ones_own_are_told_and_taken_back(owner: Actor) -> None:
    role = perform(roles.save_role, owner, role_id=None, form=RoleForm(name="Night desk"))
    perform(roles.allow, owner, role_id=role, permission="audit.read", allowed=True)
    told = latest(owner)
    assert [(one.field, one.before, one.after) for one in told.lines] == [("Read the audit", "✗", "✓")]
    undo(owner)
    assert perform(roles.read_role, owner, role_id=role).name == "Night desk"
    assert not allowed(owner, "audit.read")
    perform(roles.remove_role, owner, role_id=role)
    undo(owner)
    assert [one.name for one in perform(roles.role_matrix, owner).roles if one.own] == ["Night desk"]
    keeper = replace(owner, role="admin", permissions=owner.permissions - {"workspace.enter"})
    with pytest.raises(BeyondOneself):
        undo_as(keeper, owner)


def test_carehubs_roles_are_changed_back_by_owners_only(owner: Actor) -> None:
    given = {"role": TenantRole.RECEPTIONIST, "permission": "audit.read"}
    perform(roles.set_permission, owner, **given, allowed=True)
    with pytest.raises(OwnersOnly):
        undo_as(replace(owner, role="admin"), owner)
    undo(owner)
    assert not allowed(owner, "audit.read")


def allowed(owner: Actor, permission: str) -> bool:
    row = next(one for one in perform(roles.role_matrix, owner).rows if one.permission == permission)
    return any(one.allowed for one in row.grants if one.role == "receptionist" or len(one.role) > 20)


def undo_as(actor: Actor, owner: Actor) -> None:
    perform(history.undo_change, actor, change_id=int(latest(owner).id))
