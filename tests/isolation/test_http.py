"""Every HTTP route and every REST operation, called by everyone who must not."""

import http.client
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.routing import Route

from carehub.api.routes import ROUTES
from carehub.api.v1.app import build
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.core.settings import settings
from carehub.services.identity import sessions
from tests.isolation.conftest import Attacker, Scene
from tests.isolation.web import Web
from tests.isolation.world import forged, soon
from tests.site import Site

pytestmark = pytest.mark.xdist_group("isolation")

OUTSIDERS = ("nobody", "garbage", "client", "foreign owner", "client role")
SAFE = {"GET", "HEAD", "OPTIONS"}
PLAIN = [
    (route.path, method)
    for route in ROUTES
    if isinstance(route, Route)
    for method in sorted(route.methods or ())
    if method != "HEAD"
]
POLICIES = {route.path: getattr(route.endpoint, "__policy__", PUBLIC) for route in ROUTES if isinstance(route, Route)}
DOCUMENT = build().openapi()
OPERATIONS = [(path, method.upper()) for path, methods in DOCUMENT["paths"].items() for method in methods]
ADDS = {"/clinics/{clinic}/holds", "/appointments"}  # anyone keeps a free time, a person books one
UNSAFE = [one for one in PLAIN if one[1] not in SAFE]


@pytest.fixture(scope="module")
def client(web: Web) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=web.url, timeout=30) as made:
        yield made


def sign(attacker: Attacker, web: Web, *, origin: str | None = None) -> dict[str, str]:
    """Headers of a request with a session of its own: signing out ends that one only."""
    cookie = attacker.cookie
    if attacker.actor.person_id is not None:
        cookie = sessions.open_session(attacker.actor.person_id)
    own = {"origin": origin or web.url}
    return {**own, "cookie": f"{sessions.COOKIE}={cookie}"} if cookie else own


def fill(path: str, scene: Scene) -> str:
    known = {**scene.victim.ids, "token": forged(scene.victim), "id": scene.victim.ids["appointment_id"], "form": "csv"}
    known |= {
        "name": "patients",
        "number": "1",
        "host": "youtube",
        "video_id": "aqz-KE-bpKQ",
        "kind": "identity",
        "sid": "SM0",
        "ref": "cs_test_0",
        "account": "platform",
        "page": "1",
        "year": "2026",
        "period": "30",
    }
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: str(known[found[1]]), path)


def unharmed(scene: Scene, before: dict[str, set[str]], answer: httpx.Response, *, adds: bool = False) -> None:
    after = scene.victim.rows(scene.db)
    for table, was in before.items():
        assert was <= after[table], f"{answer.request.url} changed {table}"
        assert adds or was == after[table], f"{answer.request.url} added to {table}"
    assert not scene.told(answer.text), answer.text
    assert answer.status_code != 500, answer.text  # 503 is what /healthz says without a worker


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize(("path", "method"), PLAIN)
def test_no_route_serves_who_may_not_ask(
    web: Web, client: httpx.Client, scene: Scene, path: str, method: str, who: str
) -> None:
    attacker, policy = scene.attackers[who], POLICIES[path]
    before = scene.victim.rows(scene.db)
    body = {"password": "not the password", "current": "not the password", "token": forged(scene.victim)}
    sent: dict[str, Any] = {"json": body} if method == "POST" else {}
    answer = client.request(method, fill(path, scene), headers=sign(attacker, web), **sent)
    unharmed(scene, before, answer)
    if policy not in (PUBLIC, "=") and not attacker.actor.may(policy):
        assert answer.status_code in (401, 403), answer.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1"])
@pytest.mark.parametrize(("path", "method"), UNSAFE)
def test_another_sites_page_changes_nothing_with_the_owners_cookie(
    web: Web, client: httpx.Client, scene: Scene, path: str, method: str, origin: str
) -> None:
    owner = Attacker("owner", "", scene.victim.owner_actor)
    headers = sign(owner, web, origin=origin)
    before = scene.victim.rows(scene.db)
    answer = client.request(method, fill(path, scene), headers=headers, json={"password": "x"})
    assert answer.status_code == 403
    unharmed(scene, before, answer)


@pytest.mark.parametrize(("path", "method"), PLAIN)
def test_a_route_answers_its_own_methods_only(client: httpx.Client, scene: Scene, path: str, method: str) -> None:
    own = {known for one, known in PLAIN if one == path}
    for other in {"GET", "POST", "PUT", "PATCH", "DELETE"} - own:
        assert client.request(other, fill(path, scene)).status_code in (404, 405)


def schema_of(path: str, method: str) -> Any:
    content = DOCUMENT["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema")


def example(schema: Any, name: str, scene: Scene) -> Any:
    """A body of the documented shape, with the victim's ids wherever a name stands for one."""
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
        return example(schema, name, scene)
    if name in scene.victim.ids and schema.get("type") == "string":
        given = scene.victim.ids[name]
        return given.isoformat() if name == "starts_at" else str(given)
    if "enum" in schema or "const" in schema:
        return schema.get("const") or schema["enum"][0]
    if schema.get("type") == "object":
        return {
            key: example(one, key, scene) for key, one in schema.get("properties", {}).items() if key != "hold_token"
        }
    if schema.get("type") == "array":
        return [example(schema["items"], name, scene)]
    if schema.get("format") == "date-time":
        return soon().isoformat()
    return {"string": "x", "integer": 30, "number": 1, "boolean": True}.get(str(schema.get("type")))


def query_of(path: str, method: str, scene: Scene) -> dict[str, str]:
    listed = DOCUMENT["paths"][path][method.lower()].get("parameters", [])
    known = {**scene.victim.ids, "from": soon().date(), "q": "xylo", "reason": "because"}
    return {one["name"]: str(known[one["name"]]) for one in listed if one["in"] == "query" and one["name"] in known}


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_operation_of_the_api_serves_who_may_not_ask(
    web: Web, client: httpx.Client, scene: Scene, path: str, method: str, who: str
) -> None:
    schema = schema_of(path, method)
    sent = {"json": example(schema, "", scene)} if schema else {}
    headers = sign(scene.attackers[who], web)
    for query in ({}, query_of(path, method, scene)):
        before = scene.victim.rows(scene.db)
        answer = client.request(method, "/api/v1" + fill(path, scene), params=query, headers=headers, **sent)
        unharmed(scene, before, answer, adds=method == "POST" and path in ADDS)
        if "appointment_id" in path or (who == "nobody" and path.startswith("/appointments")):
            assert answer.status_code in (401, 403, 404, 422), answer.text


@pytest.mark.parametrize(("path", "method"), [one for one in OPERATIONS if one[1] not in SAFE])
def test_the_api_takes_the_owners_cookie_from_our_own_pages_only(
    web: Web, client: httpx.Client, scene: Scene, path: str, method: str
) -> None:
    headers = sign(Attacker("owner", "", scene.victim.owner_actor), web, origin="https://evil.example")
    schema = schema_of(path, method)
    before = scene.victim.rows(scene.db)
    sent = {"json": example(schema, "", scene)} if schema else {}
    params = query_of(path, method, scene)
    answer = client.request(method, "/api/v1" + fill(path, scene), params=params, headers=headers, **sent)
    assert answer.status_code == 403
    unharmed(scene, before, answer)


def _files(scene: Scene) -> str:
    return f"/api/w/{scene.victim.tenant.slug}/files"


def test_an_upload_that_is_too_large_is_refused_whether_it_says_its_size_or_not(
    web: Web, client: httpx.Client, scene: Scene
) -> None:
    headers = sign(Attacker("owner", "", scene.victim.owner_actor), web)
    before = scene.victim.rows(scene.db)
    large = b"\0" * (settings.upload_max_bytes + 10_000)
    told = client.post(_files(scene), headers=headers, files={"file": ("a.png", large)})
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    chunked = {**headers, "content-type": "multipart/form-data; boundary=x"}
    untold = client.post(_files(scene), headers=chunked, content=iter([part, large, b"\r\n--x--\r\n"]))
    for answer in (told, untold):
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:carehub:problem:body_too_large")
        unharmed(scene, before, answer)


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", b"<html><script>1</script>", b"GIF89a"]
)
def test_only_pictures_are_kept(web: Web, client: httpx.Client, scene: Scene, content: bytes) -> None:
    headers = sign(Attacker("owner", "", scene.victim.owner_actor), web)
    before = scene.victim.rows(scene.db)
    answer = client.post(_files(scene), headers=headers, files={"file": ("../../evil.html", content, "image/png")})
    assert 400 <= answer.status_code < 500
    unharmed(scene, before, answer)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("path", ["/_upload", "/_upload/x", "/auth-codespace", "/_all_routes"])
def test_the_frameworks_own_doors_are_closed(client: httpx.Client, scene: Scene, method: str, path: str) -> None:
    """Reflex would take any file of any size and show it to everyone."""
    event = "reflex___state____state.carehub___state___gallery____gallery.greet"
    headers = {"reflex-client-token": "x", "reflex-event-handler": event}
    files = {"files": ("a.html", b"<script>1</script>")} if method == "POST" else None
    assert client.request(method, path, headers=headers, files=files).status_code in (403, 404, 405)


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(web: Web, client: httpx.Client) -> None:
    person = {
        "given_name": "Eve",
        "family_name": "New",
        "email": "eve.new@example.com",
        "password": "correct horse 7 battery",
    }
    fields = {**person, "accept_terms": True, "consent": True, "terms": True, "privacy": True}
    answer = client.post("/api/sign-up", json=fields, headers={"origin": web.url})
    cookies = answer.headers.get_list("set-cookie")
    assert cookies, answer.text
    assert all("HttpOnly" in one and "samesite=lax" in one.lower() for one in cookies)


# What follows asks the whole product, with its pages.

TRAVERSALS = [
    "/{0}/../../../../../../etc/passwd",
    "/{0}/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/{0}/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/{0}//etc/passwd",
    "/{0}/..\\..\\..\\..\\etc\\passwd",
    "/{0}/%00/etc/passwd",
]


@pytest.mark.parametrize("start", ["files", "assets", "locales", "demo/mailbox", "t", "_upload", "api/v1"])
def test_no_path_leads_out_of_what_is_served(site: Site, start: str) -> None:
    for path in (one.format(start) for one in TRAVERSALS):
        connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert b"root:" not in body, path
        assert answer.status < 500, path


@pytest.mark.parametrize(
    "name", ["carehub/core/settings.py", ".web/reflex.json", "secret.key", ".git/HEAD", "rxconfig.py"]
)
def test_sources_and_secrets_are_not_served(site: Site, name: str) -> None:
    for start in ("/", "/assets/", "/locales/"):
        answer = httpx.get(site.url + start + name)
        assert answer.status_code == 404
        assert "secret" not in answer.text


HTML = ["/", "/search", "/sign-in", "/gallery", "/me", "/w/nobody-here", "/t/nobody-here", "/no/such/page"]


@pytest.mark.parametrize("path", HTML)
def test_every_page_comes_with_a_strict_policy(site: Site, path: str) -> None:
    answer = httpx.get(site.url + path)
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert "unsafe" not in policy["script-src"]
    assert not {"*", "data:", "http:", "https:"} & set(policy["script-src"].split())
    assert policy["default-src"] == "'self'"
    assert {policy[name] for name in ("object-src", "frame-ancestors")} == {"'none'"}
    assert {policy[name] for name in ("base-uri", "form-action")} == {"'self'"}


@pytest.mark.parametrize("path", [*HTML, "/api/v1/openapi.json", "/api/v1/appointments", "/healthz", "/robots.txt"])
def test_no_answer_is_sniffed_or_tells_a_version(site: Site, path: str) -> None:
    answer = httpx.get(site.url + path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    names = " ".join(answer.headers.get(name, "") for name in ("server", "x-powered-by", "via")).lower()
    assert not re.search(r"\d|python|reflex|starlette", names)


def test_an_inline_script_of_a_stranger_is_not_among_the_hashes(site: Site) -> None:
    """What a tenant or a practitioner wrote stands in the page as text."""
    answer = httpx.get(site.url + "/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert(1)" not in answer.text


def test_signed_in_is_what_a_cookie_makes_and_nothing_else(web: Web, client: httpx.Client, scene: Scene) -> None:
    """Names and ids in headers or queries are not believed."""
    person = str(scene.victim.owner.id)
    headers = {"x-person-id": person, "x-forwarded-user": person, "authorization": f"Bearer {person}"}
    answer = client.get("/api/v1/appointments", headers=headers, params={"person_id": person})
    assert answer.status_code == 401
    assert SIGNED_IN in POLICIES.values()
