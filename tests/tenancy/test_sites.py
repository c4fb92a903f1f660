from uuid import UUID, uuid4

import pytest

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound, Taken
from carehub.core.permissions import TenantRole
from carehub.services.tenancy import sites
from carehub.services.tenancy.sites import RoomForm, SiteForm
from tests import factories as make


@pytest.fixture
def owner() -> Actor:
    return make.make_member(make.make_tenant(), TenantRole.OWNER)


def test_a_site_is_added_changed_and_listed_with_its_rooms(owner: Actor) -> None:
    form = SiteForm(name="Annexe", address="3 quai Jaÿr", city="Lyon", latitude=45.77, longitude=4.8)
    site = perform(sites.save_site, owner, site_id=None, form=form)
    perform(sites.save_site, owner, site_id=site, form=form.model_copy(update={"access_notes": "2nd floor"}))
    perform(sites.save_room, owner, site_id=site, room_id=None, form=RoomForm(name="Blue"))
    shown = perform(sites.list_sites, owner)
    assert [(one.name, one.place, one.rooms) for one in shown] == [("Annexe", "3 quai Jaÿr, Lyon", 1)]
    assert perform(sites.read_site, owner, site_id=site).access_notes == "2nd floor"


def test_two_rooms_of_a_site_have_two_names(owner: Actor) -> None:
    site = perform(sites.save_site, owner, site_id=None, form=SiteForm(name="Annexe"))
    room = perform(sites.save_room, owner, site_id=site, room_id=None, form=RoomForm(name="Blue"))
    perform(sites.save_room, owner, site_id=site, room_id=room, form=RoomForm(name="Blue", seats=8))
    with pytest.raises(Taken):
        perform(sites.save_room, owner, site_id=site, room_id=None, form=RoomForm(name="Blue"))
    perform(sites.remove_room, owner, room_id=room)
    assert perform(sites.list_rooms, owner, site_id=site) == []


def test_half_a_place_on_the_map_is_refused(owner: Actor) -> None:
    with pytest.raises(sites.HalfPlaced) as refusal:
        perform(sites.save_site, owner, site_id=None, form=SiteForm(name="Annexe", latitude=45.0))
    assert refusal.value.field == "longitude"


def test_a_site_where_people_are_awaited_is_not_closed() -> None:
    tenant = make.make_tenant()
    site = make.make_site(tenant)
    practitioner = make.make_practitioner(tenant, site_id=site.id)
    service = make.make_service(tenant, practitioner, modes=["in_person"])
    make.make_hours(practitioner)
    owner = make.make_member(tenant, TenantRole.OWNER)
    make.book(Actor(), tenant, practitioner, service)
    form = perform(sites.read_site, owner, site_id=site.id)
    with pytest.raises(sites.SiteAwaited):
        perform(sites.save_site, owner, site_id=site.id, form=form.model_copy(update={"active": False}))


def test_another_organisations_site_does_not_exist(owner: Actor) -> None:
    theirs = make.make_site(make.make_tenant()).id
    for site in (theirs, UUID(str(uuid4()))):
        with pytest.raises(NotFound):
            perform(sites.read_site, owner, site_id=site)
        with pytest.raises(NotFound):
            perform(sites.save_room, owner, site_id=site, room_id=None, form=RoomForm(name="Blue"))
