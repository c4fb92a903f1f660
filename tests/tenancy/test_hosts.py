"""An organisation's own address, against a name server that answers over the network."""

import re
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from starlette.testclient import TestClient

from carehub.api.directory import tenant_document
from carehub.api.hosts import Hosts
from carehub.api.routes import api
from carehub.api.shell import shell
from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound, OnlyAtCareHub
from carehub.core.permissions import TenantRole
from carehub.core.settings import settings
from carehub.core.site import PLATFORM, Site, set_site, url_of
from carehub.integrations import mail
from carehub.models.hosts import DomainState
from carehub.services import booking
from carehub.services.booking.tokens import manage_token
from carehub.services.identity import account, sessions
from carehub.services.identity.errors import ProofNeeded
from carehub.services.identity.shell import _looks, shell_view
from carehub.services.notify import deliver, handlers  # noqa: F401 -- registers what tells clients
from carehub.services.tenancy import handlers as _handlers  # noqa: F401 -- registers what tells owners
from carehub.services.tenancy import hosts
from carehub.services.tenancy.belonging import Shown, shown_at
from carehub.services.tenancy.hosts import HostForm, HostOurs, HostWrong, Trouble
from carehub.services.tenancy.places import find_site, forget_sites
from tests import factories as make
from tests.names import Names, name_server


@pytest.fixture
def names() -> Iterator[Names]:
    with name_server() as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    forget_sites()
    _looks.clear()
    yield
    set_site(PLATFORM)


def make_owner() -> Actor:
    tenant = make.make_tenant()
    person = make.make_person()
    make.make_member(tenant, TenantRole.OWNER, person=person)
    return sessions.find_actor(sessions.open_session(person.id), tenant.slug)


def claim(owner: Actor, names: Names, host: str, *, record: bool = True) -> hosts.DomainView:
    asked = perform(hosts.claim_domain, owner, form=HostForm(host=host))
    if record:
        names.records.setdefault(asked.record, []).append(asked.value)
    return asked


def prove(owner: Actor, names: Names, host: str) -> hosts.DomainView:
    claim(owner, names, host)
    return perform(hosts.check_domain, owner)


def host_of(owner: Actor) -> str:
    return f"praxis-{str(owner.tenant_id)[-12:]}.example.org"


def look_at(owner: Actor) -> hosts.DomainView:
    hosts.look_at_due()
    return perform(hosts.read_domain, owner)


def test_an_address_waits_until_its_domain_says_so(names: Names) -> None:
    owner = make_owner()
    asked = claim(owner, names, f"https://{host_of(owner).upper()}/", record=False)
    assert (asked.host, asked.state, asked.record) == (
        host_of(owner),
        DomainState.WAITING,
        f"_carehub.{host_of(owner)}",
    )
    assert find_site(host_of(owner)) is None
    assert perform(hosts.check_domain, owner).trouble == Trouble.MISSING
    names.records[asked.record] = ["v=spf1 -all", asked.value]
    proven = perform(hosts.check_domain, owner)
    assert (proven.state, proven.trouble, proven.url) == (DomainState.PROVEN, "", url_of(host_of(owner)))
    forget_sites()
    site = find_site(f"{host_of(owner)}:8443")
    assert site is not None
    assert (site.tenant, site.tenant_id) == (owner.tenant, str(owner.tenant_id))


def test_the_clock_proves_what_its_owner_only_waits_for(names: Names) -> None:
    owner = make_owner()
    claim(owner, names, host_of(owner))
    assert look_at(owner).state == DomainState.PROVEN


@pytest.mark.parametrize(
    "typed", ["localhost", "example", "10.0.0.1", "a b.example.org", "-x.example.org", "srv.internal", "x..org"]
)
def test_what_is_no_host_of_ones_own_is_refused(typed: str) -> None:
    with pytest.raises(HostWrong) as refused:
        perform(hosts.claim_domain, make_owner(), form=HostForm(host=typed))
    assert "host" in refused.value.fields


def test_carehubs_own_names_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.__dict__, "url", "https://care.example.com")
    for typed in ("care.example.com", "www.care.example.com", "example.com"):
        with pytest.raises(HostOurs):
            perform(hosts.claim_domain, make_owner(), form=HostForm(host=typed))


def test_a_name_of_another_script_is_kept_as_the_net_writes_it() -> None:
    assert hosts.clean_host("Cabinet-Müller.example") == "xn--cabinet-mller-4ob.example"


def test_it_wants_a_recent_proof_of_who_asks() -> None:
    owner = make_owner()
    with clock.travel(clock.now() + timedelta(hours=1)), pytest.raises(ProofNeeded):
        perform(hosts.claim_domain, owner, form=HostForm(host="late.example.org"))


def test_an_address_has_one_organisation_and_passes_on_with_its_record(names: Names) -> None:
    first, second = make_owner(), make_owner()
    host = host_of(first)
    assert prove(first, names, host).state == DomainState.PROVEN
    asked = claim(second, names, host)
    refused = perform(hosts.check_domain, second)
    assert (refused.state, refused.trouble) == (DomainState.WAITING, Trouble.TAKEN)
    names.records[asked.record] = [asked.value]  # the domain has a new owner
    with clock.travel(clock.now() + timedelta(hours=7)):
        hosts.look_at_due()
        assert perform(hosts.read_domain, first).state == DomainState.LOST
        assert perform(hosts.check_domain, second).state == DomainState.PROVEN
    forget_sites()
    site = find_site(host)
    assert site is not None
    assert site.tenant == second.tenant


def test_a_record_that_is_gone_is_missed_for_a_day_before_the_address_is_lost(names: Names) -> None:
    owner = make_owner()
    proven, now = prove(owner, names, host_of(owner)), clock.now()
    names.records.clear()
    with clock.travel(now + timedelta(hours=7)):
        missed = look_at(owner)
        assert (missed.state, bool(missed.missing_since)) == (DomainState.PROVEN, True)
    with clock.travel(now + timedelta(hours=14)):
        names.records[proven.record] = [proven.value]
        assert look_at(owner).missing_since == ""
        names.records.clear()
    with clock.travel(now + timedelta(hours=21)):
        look_at(owner)
    with clock.travel(now + timedelta(hours=46)):
        assert look_at(owner).state == DomainState.LOST
        forget_sites()
        assert find_site(host_of(owner)) is None


def test_silence_of_the_name_servers_takes_nothing_away(names: Names) -> None:
    owner = make_owner()
    prove(owner, names, host_of(owner))
    names.broken = True
    for hours in (7, 40):
        with clock.travel(clock.now() + timedelta(hours=hours)):
            told = look_at(owner)
            assert (told.state, told.trouble, told.missing_since) == (DomainState.PROVEN, Trouble.SILENT, "")


def test_owners_are_told_of_the_loss(names: Names, db: psycopg.Connection) -> None:
    owner = make_owner()
    prove(owner, names, host_of(owner))
    outbox.drain()
    names.records.clear()
    now = clock.now()
    for hours in (7, 32):
        with clock.travel(now + timedelta(hours=hours)):
            hosts.look_at_due()
    outbox.drain()
    told = db.execute(
        "select context->'params'->>'host' from delivery where tenant_id = %s", (owner.tenant_id,)
    ).fetchall()
    assert told == [(host_of(owner),)]


def test_removed_it_is_free_at_once(names: Names) -> None:
    owner, next_owner = make_owner(), make_owner()
    host = host_of(owner)
    prove(owner, names, host)
    perform(hosts.remove_domain, owner)
    forget_sites()
    assert find_site(host) is None
    assert perform(hosts.read_domain, owner).host == ""
    with pytest.raises(NotFound):
        perform(hosts.remove_domain, owner)
    assert prove(next_owner, names, host).state == DomainState.PROVEN


def browser_at(host: str) -> TestClient:
    return TestClient(Hosts(shell(api)), base_url=f"http://{host}", follow_redirects=False)


def test_a_host_that_nobody_has_proven_shows_nothing(names: Names) -> None:
    owner = make_owner()
    claim(owner, names, host_of(owner), record=False)
    for host in (
        host_of(owner),
        "evil.example.net",
        "evil.example.net:3000",
        "carehub.example.com.evil.net",
        "a@b",
        "",
    ):
        asked = TestClient(Hosts(shell(api)), base_url="http://127.0.0.1", follow_redirects=False)
        assert asked.get(f"/t/{owner.tenant}", headers={"host": host}).status_code == 421, host
        assert asked.post("/api/sign-in", headers={"host": host}).status_code == 421, host
        assert asked.get("/readyz", headers={"host": host}).status_code != 421


def test_an_own_address_shows_its_organisation_alone(names: Names) -> None:
    owner, other = make_owner(), make_owner()
    prove(owner, names, host_of(owner))
    browser = browser_at(host_of(owner))
    home = browser.get("/")
    assert (home.status_code, home.headers["location"]) == (302, f"{url_of(host_of(owner))}/t/{owner.tenant}")
    assert browser.get(f"/t/{other.tenant}").status_code == 404
    assert browser.get(f"/t/{other.tenant}/p/any/book").status_code == 404
    assert browser.get(f"/t/{owner.tenant}/../{other.tenant}").status_code == 404
    assert browser.get(f"/booking/{manage_token(other.tenant_id, other.tenant_id)}").status_code == 404
    assert browser.get("/booking/made-up").status_code == 404
    assert browser.get(f"/files/{other.tenant_id}/{other.tenant_id}").status_code == 404
    for path in (
        "/platform",
        "/metrics",
        "/api/v1/clinics",
        "/api/platform/lists/x.csv",
        f"/api/w/{owner.tenant}/lists/x.csv",
    ):
        assert browser.get(path).status_code == 404, path
    for path in ("/search?q=psy", "/me", f"/w/{owner.tenant}/agenda", "/reset?token=x"):
        away = browser.get(path)
        assert (away.status_code, away.headers["location"]) == (302, settings.url + path)


def test_a_forwarded_host_names_nobody(names: Names) -> None:
    owner = make_owner()
    prove(owner, names, host_of(owner))
    told = {"host": "127.0.0.1", "x-forwarded-host": host_of(owner), "forwarded": f"host={host_of(owner)}"}
    asked = TestClient(Hosts(shell(api)), base_url="http://127.0.0.1", follow_redirects=False)
    assert asked.get("/", headers=told).status_code != 302


def test_forms_come_from_the_address_they_are_sent_to(names: Names) -> None:
    owner = make_owner()
    prove(owner, names, host_of(owner))
    browser = browser_at(host_of(owner))
    fields = {"email": "nobody@example.com", "password": "not the right one"}
    for origin in (settings.url, "http://evil.example.net", f"http://{host_of(owner)}.evil.net"):
        refused = browser.post("/api/sign-in", json=fields, headers={"origin": origin})
        assert refused.json()["type"].endswith("foreign_origin"), origin
    own = browser.post("/api/sign-in", json=fields, headers={"origin": url_of(host_of(owner))})
    assert own.json()["type"].endswith("wrong_credentials")


def test_a_session_counts_where_it_was_opened_alone(names: Names) -> None:
    owner, person = make_owner(), make.make_person()
    prove(owner, names, host_of(owner))
    forget_sites()
    site = find_site(host_of(owner))
    assert site is not None
    at_carehub = sessions.open_session(person.id)
    set_site(site)
    here = sessions.open_session(person.id)
    assert sessions.find_actor(here, "").person_id == person.id
    assert sessions.find_actor(at_carehub, "").person_id is None
    set_site(PLATFORM)
    assert sessions.find_actor(here, "").person_id is None


def test_at_an_own_address_nothing_of_elsewhere_is_told() -> None:
    owner = make_owner()
    set_site(Site("http://praxis.example.org", owner.tenant, str(owner.tenant_id), "Praxis"))
    with pytest.raises(OnlyAtCareHub):
        perform(account.my_profile, owner)
    with pytest.raises(OnlyAtCareHub):
        perform(booking.my_appointments, owner)
    with pytest.raises(OnlyAtCareHub):
        perform(hosts.read_domain, owner)
    view = perform(shell_view, owner)
    assert (view.signed_in, view.workplaces, view.permissions) == (True, [], [])


def test_canonical_addresses_and_mails_to_clients_use_it(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[mail.Mail] = []
    monkeypatch.setattr(mail, "send", sent.append)
    tenant, practitioner, service = make.make_practice()
    person = make.make_person()
    make.make_member(tenant, TenantRole.OWNER, person=person)
    owner = sessions.find_actor(sessions.open_session(person.id), tenant.slug)
    prove(owner, names, host_of(owner))
    own = url_of(host_of(owner))
    match = re.match(r"/t/(.+)", f"/t/{tenant.slug}")
    assert match is not None
    document = tenant_document(match, "en")
    assert document is not None
    assert document.canonical == f"{own}/t/{tenant.slug}"
    make.book(Actor(), tenant, practitioner, service)
    outbox.drain()
    assert deliver.send_due()
    assert any(f"{own}/booking/" in one.text for one in sent)


def test_the_proxy_learns_for_whom_to_fetch_a_certificate(names: Names) -> None:
    owner = make_owner()
    prove(owner, names, host_of(owner))
    asked = TestClient(Hosts(shell(api)), base_url="http://web:3000")
    assert asked.get("/api/hosts/ask", params={"domain": host_of(owner)}).status_code == 200
    for domain in ("evil.example.net", "127.0.0.1", "localhost", "", f"x.{host_of(owner)}"):
        assert asked.get("/api/hosts/ask", params={"domain": domain}).status_code == 404, domain


def test_a_closed_or_suspended_organisation_is_served_no_more(names: Names, db: psycopg.Connection) -> None:
    owner = make_owner()
    prove(owner, names, host_of(owner))
    db.execute("update tenant set status = 'suspended' where id = %s", (owner.tenant_id,))
    forget_sites()
    assert find_site(host_of(owner)) is None


def test_pages_know_where_they_belong() -> None:
    site = Site("https://praxis.example.org", "praxis", "0190a000-0000-7000-8000-000000000001", "Praxis")
    assert shown_at(site, "/t/praxis/p/ines?hl=fr") is Shown.HERE
    assert shown_at(site, "/t/praxis-2") is Shown.NOWHERE
    assert shown_at(site, "//t/praxis") is Shown.HERE
    assert shown_at(site, "/sign-up/pro") is Shown.AWAY
    assert shown_at(PLATFORM, "/platform") is Shown.HERE
