"""What is asked of every way in: encrypted on the way, and words that people send stay words (CD-132, SQ-139, SQ-148)."""

import importlib
import pkgutil
import re

import psycopg
import pytest
from starlette.datastructures import MutableHeaders
from starlette.responses import Response

import carehub.services
from carehub.api import auth, shell
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform
from carehub.core.permissions import Module, TenantRole
from carehub.core.roles import Role
from carehub.core.settings import ROOT, settings
from carehub.services import booking
from carehub.services.directory.criteria import Criteria
from carehub.services.directory.search import search
from carehub.services.listing import LISTS, ListQuery
from tests import factories as make
from tests.platform.console import visiting

for found in pkgutil.walk_packages(carehub.services.__path__, "carehub.services."):
    importlib.import_module(found.name)

INJECTIONS = (
    "' OR '1'='1",
    "x'; DROP TABLE patient; --",
    '" OR 1=1 --',
    "x') UNION SELECT password_hash FROM person --",
    "%' OR pg_sleep(5) IS NULL OR '%'='",
    "\\'; SELECT 1; --",
    "{{7*7}} ${7*7} %(tenant)s :tenant",
)


@pytest.fixture
def owner(worker_database: str) -> Actor:
    tenant = make.make_tenant(modules=sorted(module.value for module in Module))
    return make.make_member(tenant, TenantRole.OWNER)


@pytest.mark.parametrize("typed", INJECTIONS)
@pytest.mark.parametrize("name", sorted(LISTS))
def test_what_is_typed_into_a_list_is_looked_for_and_never_run(
    owner: Actor, db: psycopg.Connection, name: str, typed: str
) -> None:
    spec = LISTS[name].spec
    actor = visiting(db) if spec.role is Role.PLATFORM else owner
    wishes = {"q": typed, "sort": typed, "page": typed, "cols": typed, **dict.fromkeys(spec.filters, typed)}
    for query in (ListQuery.parse(spec, wishes), ListQuery(q=typed[:100], sort=spec.sort)):
        told = repr(perform(LISTS[name].page, actor, query=query))
        assert "argon2" not in told


@pytest.mark.parametrize("typed", INJECTIONS)
def test_a_search_takes_quotes_for_quotes(owner: Actor, typed: str) -> None:
    assert perform(booking.search_patients, owner, q=typed) == []
    assert perform(search, VISITOR, asked=Criteria(text=typed)).hits == []


def test_nothing_was_dropped(owner: Actor, db: psycopg.Connection) -> None:
    assert db.execute("SELECT to_regclass('patient') IS NOT NULL").fetchone() == (True,)


def test_behind_https_browsers_are_told_to_stay_there_and_cookies_travel_encrypted_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "url", "https://care.example.org")
    headers = MutableHeaders()
    shell._decorate(headers, "/")
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    response = Response()
    auth.keep(response, "ch_session", "x", 60)
    assert {"Secure", "HttpOnly"} <= set(response.headers["set-cookie"].split("; "))


def test_without_https_nothing_promises_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "url", "http://127.0.0.1:3000")
    headers = MutableHeaders()
    shell._decorate(headers, "/")
    assert "strict-transport-security" not in headers


def test_proxies_speak_tls_1_3_alone_and_send_everyone_there() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text()
    assert re.findall(r"ssl_protocols ([^;]+);", nginx) == ["TLSv1.3"]
    assert "return 301 https://$host$request_uri;" in nginx
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    sites = re.findall(r"^(?:\{\$SITE\}|https://) \{(.*?)^\}", caddy, re.DOTALL | re.MULTILINE)
    assert len(sites) == 2
    assert all("protocols tls1.3" in site for site in sites)
    assert not re.search(r"^http://|auto_https off", caddy, re.MULTILINE)
    ingress = (ROOT / "deploy" / "kubernetes" / "ingress.yaml").read_text()
    assert 'force-ssl-redirect: "true"' in ingress
