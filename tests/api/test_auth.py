import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from carehub.api import account as own_account
from carehub.api import (
    auth,
    demo_stripe,
    demo_texts,
    files,
    hooks,
    oidc,
    own_files,
    payments,
    platform,
    portraits,
    profiles,
    verification,
)
from carehub.api.guard import closed
from carehub.api.routes import ROUTES, api
from carehub.core.settings import settings
from carehub.models.identity import TokenPurpose
from carehub.services.identity import sessions
from carehub.services.identity.team import TEAM
from tests.identity.people import (
    PASSWORD,
    account,
    client_form,
    fresh_email,
    link,
    person_id,
    professional_form,
    tenant,
)

OURS = {"sec-fetch-site": "same-origin"}
numbers = iter(range(1, 250))


@pytest.fixture
def browser() -> Iterator[TestClient]:
    """A browser of ours, at a network address of its own."""
    with TestClient(
        api, base_url=settings.url, headers=OURS, follow_redirects=False, client=(f"10.8.0.{next(numbers)}", 1)
    ) as made:
        yield made


def test_every_route_names_what_it_asks() -> None:
    policies = {one.path: one.endpoint.__policy__ for one in ROUTES if isinstance(one, Route)}
    changing = [one for one in ROUTES if isinstance(one, Route) and (one.methods or set()) - {"GET", "HEAD"}]
    assert all(policies.values())
    areas = (
        auth,
        own_account,
        oidc,
        platform,
        profiles,
        verification,
        own_files,
        hooks,
        demo_texts,
        demo_stripe,
        payments,
        portraits,
    )
    known = (files.upload, *(one for area in areas for one in area.ROUTES))
    assert {one.path for one in changing} == {one.path for one in known if "POST" in one.methods}


def test_a_route_that_names_nothing_is_not_served() -> None:
    async def anything(request: Request) -> Response:
        return Response()

    with pytest.raises(ValueError, match="names no policy"):
        closed([Route("/anything", anything)])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_another_site_posts_nothing(headers: dict[str, str]) -> None:
    answer = TestClient(api).post("/api/sign-in", json={"email": "a@example.com", "password": "x"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:carehub:problem:foreign_origin"


def test_our_own_origin_is_enough_for_an_older_browser() -> None:
    answer = TestClient(api).post("/api/sign-out", headers={"origin": settings.url})
    assert answer.status_code == 200


def test_signing_in_sets_a_cookie_that_scripts_cannot_read(browser: TestClient) -> None:
    email = account()
    answer = browser.post("/api/sign-in", json={"email": email, "password": PASSWORD, "next": "/t/acme?hold=1"})
    assert answer.json() == {"next": "/t/acme?hold=1"}
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert sessions.find_actor(browser.cookies[sessions.COOKIE], "").person_id == person_id(email)


def test_a_plain_form_is_answered_with_303(browser: TestClient) -> None:
    fields = {"email": account(), "password": PASSWORD}
    answer = browser.post("/api/sign-in", data=fields, headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")


def test_next_never_leaves_the_site(browser: TestClient) -> None:
    answer = browser.post("/api/sign-in", json={"email": account(), "password": PASSWORD, "next": "//evil.example"})
    assert answer.json() == {"next": "/me"}


def test_a_professional_begins_with_the_wizard_then_with_the_workspace(browser: TestClient) -> None:
    email = account(form=professional_form(fresh_email()))
    fields = {"email": email, "password": PASSWORD}
    assert browser.post("/api/sign-in", json=fields).json() == {"next": "/welcome"}
    opened = tenant(email)
    assert browser.post("/api/sign-in", json=fields).json() == {"next": f"/w/{opened.slug}"}


def test_a_wrong_password_is_401_in_the_readers_language(browser: TestClient) -> None:
    fields = {"email": account(), "password": "not this one"}
    answer = browser.post("/api/sign-in", json=fields, headers={"accept-language": "fr"})
    assert answer.status_code == 401
    assert answer.json()["detail"] == "Cette adresse e-mail et ce mot de passe ne vont pas ensemble"


def test_too_many_attempts_say_when_to_come_back(browser: TestClient) -> None:
    fields = {"email": account(), "password": "not this one"}
    for _ in range(5):
        browser.post("/api/sign-in", json=fields)
    answer = browser.post("/api/sign-in", json=fields)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 30


def wrong_fields(answer: Any) -> dict[str, str]:
    return {one["field"]: one["message"] for one in answer.json()["errors"]}


def test_sign_up_tells_every_field_at_fault(browser: TestClient) -> None:
    answer = browser.post("/api/sign-up", json={"given_name": " ", "email": "nobody", "password": PASSWORD})
    assert answer.status_code == 422
    assert set(wrong_fields(answer)) == {"given_name", "family_name", "email", "terms"}


def test_sign_up_tells_what_is_missing_and_what_breaks_a_rule_together(browser: TestClient) -> None:
    fields = {"professional": True, "email": "nobody", "password": "short", "birth_date": "2990-01-01", "phone": "12"}
    errors = wrong_fields(browser.post("/api/sign-up", json=fields, headers={"accept-language": "fr"}))
    missing = {"given_name", "family_name", "email", "address", "city"}
    assert set(errors) == missing | {"password", "birth_date", "phone", "terms", "registration_number"}
    assert errors["password"] == "Au moins 12 caractères"


def test_sign_up_confirmation_and_entry_keep_where_one_was_going(browser: TestClient) -> None:
    email = fresh_email()
    fields = {"given_name": "Sofia", "family_name": "Haddad", "email": email, "password": PASSWORD, "terms": True}
    answer = browser.post("/api/sign-up", json={**fields, "next": "/t/acme?hold=1"})
    assert answer.json()["next"].startswith("/check-mail?")
    entered = browser.get(f"/verify?token={link(email, next_path='/t/acme?hold=1')}")
    assert (entered.status_code, entered.headers["location"]) == (303, "/t/acme?hold=1")
    assert sessions.COOKIE in browser.cookies


def test_a_known_address_gets_the_same_answer(browser: TestClient) -> None:
    fields = client_form(account()).model_dump(mode="json")
    known = browser.post("/api/sign-up", json=fields)
    new = browser.post("/api/sign-up", json=fields | {"email": "x" + fields["email"]})
    assert known.status_code == new.status_code == 200
    assert sorted(known.headers.keys()) == sorted(new.headers.keys())


def test_the_link_in_another_browser_asks_for_the_password(browser: TestClient) -> None:
    email = fresh_email()
    with TestClient(api, base_url=settings.url, headers=OURS) as first:
        first.post("/api/sign-up", json=client_form(email).model_dump(mode="json"))
    token = link(email)
    answer = browser.get(f"/verify?token={token}")
    assert answer.headers["location"] == f"/verify/confirm?token={token}"
    assert browser.post("/api/verify", json={"token": token, "password": PASSWORD}).status_code == 200


def test_a_dead_link_leads_to_the_page_that_says_so(browser: TestClient) -> None:
    assert browser.get("/verify?token=nothing").headers["location"] == "/verify/expired"


def test_signing_out_ends_the_session(browser: TestClient) -> None:
    browser.post("/api/sign-in", json={"email": account(), "password": PASSWORD})
    token = browser.cookies[sessions.COOKIE]
    browser.post("/api/sign-out")
    assert sessions.find_actor(token, "").person_id is None


def test_a_new_password_by_the_mailed_link_enters(browser: TestClient) -> None:
    email = account()
    token = link(email, TokenPurpose.RESET_PASSWORD)
    answer = browser.post("/api/reset", json={"token": token, "password": "encore quatre autres mots"})
    assert answer.json() == {"next": "/me"}


def test_a_visitor_changes_no_password(browser: TestClient) -> None:
    answer = browser.post("/api/me/password", json={"current": PASSWORD, "password": "encore quatre autres mots"})
    assert answer.status_code == 401


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"email": "a\\u0000"}', b"\xff\xfe"])
def test_a_malformed_body_is_refused(browser: TestClient, body: bytes) -> None:
    answer = browser.post("/api/sign-in", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400


def test_a_body_that_grows_too_large_is_413(browser: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(80):
            yield b"x" * 1024

    answer = browser.post("/api/sign-in", content=endless(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def picture(size: tuple[int, int] = (1600, 900), form: str = "JPEG") -> bytes:
    made = io.BytesIO()
    image = Image.new("RGB", size, "#0f6b5c")
    exif = Image.Exif()
    exif[0x010F] = "A telephone"
    image.save(made, form, exif=exif)
    return made.getvalue()


@pytest.fixture
def owner(browser: TestClient) -> tuple[str, str]:
    """A signed-in owner's e-mail address and the tenant's slug."""
    email = account(form=professional_form(fresh_email()))
    slug = tenant(email).slug
    browser.post("/api/sign-in", json={"email": email, "password": PASSWORD})
    return email, slug


def test_a_picture_is_redrawn_and_served_to_anyone(browser: TestClient, owner: tuple[str, str]) -> None:
    kept = browser.post(f"/api/w/{owner[1]}/files?use=logo", files={"file": ("logo.jpg", picture(), "image/jpeg")})
    assert kept.status_code == 201
    served = TestClient(api).get(kept.json()["url"])
    image = Image.open(io.BytesIO(served.content))
    assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (1024, 576), {})
    assert served.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in served.headers["cache-control"]


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"", b"GIF89a broken"])
def test_what_is_no_picture_is_refused(browser: TestClient, owner: tuple[str, str], content: bytes) -> None:
    answer = browser.post(f"/api/w/{owner[1]}/files", files={"file": ("logo.png", content, "image/png")})
    assert answer.status_code == 422


def test_a_picture_that_unfolds_too_wide_is_refused(browser: TestClient, owner: tuple[str, str]) -> None:
    bomb = picture((9000, 9000), "PNG")
    answer = browser.post(f"/api/w/{owner[1]}/files", files={"file": ("logo.png", bomb, "image/png")})
    assert answer.status_code == 422


def test_an_oversized_upload_is_413(browser: TestClient, owner: tuple[str, str]) -> None:
    big = b"x" * (settings.upload_max_bytes + 8192)
    answer = browser.post(f"/api/w/{owner[1]}/files", files={"file": ("logo.png", big, "image/png")})
    assert answer.status_code == 413


def test_nobody_uploads_into_another_tenant(browser: TestClient, owner: tuple[str, str]) -> None:
    other = tenant(account(form=professional_form(fresh_email()))).slug
    answer = browser.post(f"/api/w/{other}/files", files={"file": ("logo.jpg", picture(), "image/jpeg")})
    assert answer.status_code == 403


def test_a_picture_that_does_not_exist_is_404(browser: TestClient) -> None:
    assert browser.get("/files/x/y").status_code == 404
    nil = "00000000-0000-0000-0000-000000000001"
    assert browser.get(f"/files/{nil}/{nil}").status_code == 404


def test_a_visitor_exports_no_list(browser: TestClient, owner: tuple[str, str]) -> None:
    assert TestClient(api).get(f"/api/w/{owner[1]}/lists/{TEAM.name}.csv").status_code == 401
    assert browser.get(f"/api/w/{owner[1]}/lists/{TEAM.name}.csv").status_code == 200
