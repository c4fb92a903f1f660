"""Lists on real rows: the address is tamed, pages are counted, another tenant's rows never show, files are what the page shows."""

import io
from uuid import UUID

import pytest
from openpyxl import load_workbook

from carehub.core.db import perform
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.i18n import N_
from carehub.core.permissions import TenantRole
from carehub.models.tenancy import Site
from carehub.services.listing import (
    LISTS,
    PAGE_SIZE,
    Column,
    Filter,
    ListQuery,
    ListSpec,
    ViewForm,
    list_verb,
    list_views,
    remove_view,
    save_view,
)
from carehub.services.listing.views import MOST_VIEWS, TooManyViews
from tests.factories import make_member, make_site, make_tenant

SITES = ListSpec(
    name="test_sites",
    title=N_("Pages"),
    permission="settings.read",
    key=Site.id,
    columns={
        "name": Column(N_("Name"), Site.name, "person", second=Site.address),
        "city": Column(N_("City"), Site.city, "badge", labels={"Lyon": "City"}, tones={"Lyon": "ok"}),
        "phone": Column(N_("Phone"), Site.phone, at_first=False),
    },
    search=(Site.name,),
    sort="name",
    filters={"city": Filter(N_("City"), {"Lyon": "Lyon", "Paris": "Paris"}, Site.city)},
    link="/w/{tenant}/sites/{id}",
)
list_sites = list_verb(SITES)


@pytest.mark.parametrize(
    "params",
    [
        {"sort": "nope"},
        {"page": "-1"},
        {"page": "99999999"},
        {"page": "²"},
        {"city": "Rome"},
        {"q": "\x00"},
        {"sort": "-" * 300},
        {"cols": "nope,,"},
        {"cols": "city"},
    ],
)
def test_a_strange_address_means_the_default(params: dict[str, str]) -> None:
    assert ListQuery.parse(SITES, params) == ListQuery(sort="name")


def test_pages_filters_and_search(worker_database: str) -> None:
    tenant, other = make_tenant(), make_tenant()
    owner = make_member(tenant, TenantRole.OWNER)
    for place in range(PAGE_SIZE + 3):
        make_site(tenant, name=f"Site {place:03}", city="Lyon" if place % 2 else "Paris")
    make_site(other, name="Site of another tenant")

    first = perform(list_sites, owner, query=ListQuery.parse(SITES, {}))
    assert (first.total, len(first.rows), first.page) == (PAGE_SIZE + 3, PAGE_SIZE, 1)
    assert first.rows[0].cells[0].text == "Site 000"
    assert first.rows[0].href == f"/w/{tenant.slug}/sites/{first.rows[0].id}"
    beyond = perform(list_sites, owner, query=ListQuery.parse(SITES, {"page": "900", "sort": "-name"}))
    assert (beyond.page, beyond.rows[-1].cells[0].text) == (2, "Site 000")
    found = perform(list_sites, owner, query=ListQuery.parse(SITES, {"q": "site 01", "city": "Lyon"}))
    assert [row.cells[0].text for row in found.rows] == [f"Site 01{place}" for place in (1, 3, 5, 7, 9)]
    assert found.rows[0].cells[1].tone == "ok"
    assert perform(list_sites, owner, query=ListQuery.parse(SITES, {"q": "%"})).total == 0


def test_a_file_holds_the_whole_list_and_no_formula(worker_database: str) -> None:
    tenant = make_tenant()
    owner = make_member(tenant, TenantRole.OWNER)
    make_site(tenant, name="=HYPERLINK(1)", address="+33 6 12 34 56 78")
    export = LISTS["test_sites"].export
    query = ListQuery.parse(SITES, {})

    text = perform(export, owner, query=query, form="csv", locale="fr").decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Nom,")
    assert "'=HYPERLINK" in text
    assert "+33 6 12 34 56 78" in text
    sheet = load_workbook(io.BytesIO(perform(export, owner, query=query, form="xlsx", locale="ar"))).active
    assert sheet is not None
    assert sheet["A2"].value == "'=HYPERLINK(1)"


def test_only_those_with_the_lists_permission_read_it(worker_database: str) -> None:
    tenant = make_tenant()
    desk = make_member(tenant, TenantRole.RECEPTIONIST)
    for verb in (LISTS["test_sites"].page, LISTS["test_sites"].export):
        with pytest.raises(NotAllowed):
            perform(verb, desk, query=ListQuery.parse(SITES, {}))


def test_columns_are_chosen_by_the_address(worker_database: str) -> None:
    tenant = make_tenant()
    owner = make_member(tenant, TenantRole.OWNER)
    make_site(tenant, name="Cabinet", phone="0102030405")
    usual = perform(list_sites, owner, query=ListQuery.parse(SITES, {}))
    assert usual.columns == ("name", "city")
    chosen = ListQuery.parse(SITES, {"cols": "phone", "sort": "city"})
    assert perform(list_sites, owner, query=chosen).columns == ("name", "phone")
    head = perform(LISTS["test_sites"].export, owner, query=chosen, form="csv", locale="en").decode("utf-8-sig")
    assert head.splitlines()[0] == "Name,Detail,City,Phone"  # what it is ordered by comes along


def test_two_addresses_that_ask_for_the_same_read_the_same() -> None:
    one = ListQuery.parse(SITES, {"city": "Lyon", "q": " Cab ", "page": "4", "view": "x", "utm": "y"})
    assert one.address == "q=Cab&city=Lyon&sort=name"
    assert ListQuery.parse(SITES, {}).address == ListQuery.parse(SITES, {"cols": "city", "sort": "nope"}).address


def test_a_view_is_kept_for_the_person_who_saved_it(worker_database: str) -> None:
    tenant = make_tenant()
    owner, other = (make_member(tenant, TenantRole.OWNER) for _ in range(2))
    given = {"list_name": "test_sites", "form": ViewForm(name=" Lyon ")}
    perform(save_view, owner, **given, query="city=Lyon&page=3&nonsense=1")
    kept = perform(save_view, owner, **given, query="city=Lyon&sort=-city")
    (mine,) = perform(list_views, owner, list_name="test_sites")
    assert (mine.id, mine.name, mine.query) == (kept.id, "Lyon", "city=Lyon&sort=-city")
    assert perform(list_views, other, list_name="test_sites") == []
    with pytest.raises(NotFound):
        perform(remove_view, other, view_id=UUID(mine.id))
    perform(remove_view, owner, view_id=UUID(mine.id))
    assert perform(list_views, owner, list_name="test_sites") == []


def test_views_of_a_list_that_is_closed_or_full_are_refused(worker_database: str) -> None:
    tenant = make_tenant()
    owner, desk = make_member(tenant, TenantRole.OWNER), make_member(tenant, TenantRole.RECEPTIONIST)
    for actor, name in ((owner, "no_such_list"), (desk, "test_sites")):
        with pytest.raises(NotFound):
            perform(save_view, actor, list_name=name, form=ViewForm(name="x"), query="")
    for place in range(MOST_VIEWS):
        perform(save_view, owner, list_name="test_sites", form=ViewForm(name=f"View {place}"), query="")
    perform(save_view, owner, list_name="test_sites", form=ViewForm(name="View 0"), query="q=x")
    with pytest.raises(TooManyViews):
        perform(save_view, owner, list_name="test_sites", form=ViewForm(name="One more"), query="")
