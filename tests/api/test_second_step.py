"""Two-step sign-in over HTTP: what the browser holds between the password and the code."""

from starlette.testclient import TestClient

from carehub.core.db import perform
from carehub.services.identity import sessions
from carehub.services.identity.second_factor import begin_factor
from tests.api.test_auth import browser  # noqa: F401 -- a fixture
from tests.identity.people import PASSWORD, account, person_id, signed_in
from tests.identity.test_second_factor import Enrolled, code_of


def test_the_code_page_follows_the_password_and_the_cookie_the_code(browser: TestClient) -> None:  # noqa: F811
    one = Enrolled()
    first = browser.post("/api/sign-in", json={"email": one.email, "password": PASSWORD, "next": "/me/appointments"})
    assert first.json()["next"] == "/sign-in/code?next=%2Fme%2Fappointments"
    assert sessions.COOKIE not in browser.cookies
    wrong = browser.post("/api/sign-in/code", json={"code": "000000"})
    assert wrong.status_code == 422
    assert [one["field"] for one in wrong.json()["errors"]] == ["code"]
    answer = {"code": code_of(one.secret), "trust": "on", "next": "/me/appointments"}
    done = browser.post("/api/sign-in/code", json=answer)
    assert done.json() == {"next": "/me/appointments"}
    assert sessions.find_actor(browser.cookies[sessions.COOKIE], "").person_id == person_id(one.email)
    browser.post("/api/sign-out")
    assert browser.post("/api/sign-in", json={"email": one.email, "password": PASSWORD}).json() == {"next": "/me"}


def test_a_printed_code_is_taken_and_a_box_that_was_not_ticked_is_no_fault(browser: TestClient) -> None:  # noqa: F811
    one = Enrolled()
    browser.post("/api/sign-in", json={"email": one.email, "password": PASSWORD})
    sent = {"code": one.codes[0], "stay": "", "next": ""}  # as the page of printed codes sends them
    assert browser.post("/api/sign-in/code", json=sent).json() == {"next": "/me"}


def test_without_the_password_the_code_opens_nothing(browser: TestClient) -> None:  # noqa: F811
    one = Enrolled()
    assert browser.post("/api/sign-in/code", json={"code": code_of(one.secret)}).status_code == 410
    assert sessions.COOKIE not in browser.cookies


def test_a_proof_leads_back_to_what_was_asked(browser: TestClient) -> None:  # noqa: F811
    email = account()
    browser.post("/api/sign-in", json={"email": email, "password": PASSWORD})
    right = browser.post("/api/me/prove", json={"password": PASSWORD, "next": "/me/security"})
    assert right.json() == {"next": "/me/security"}
    assert browser.post("/api/me/prove", json={"password": "not this one"}).status_code == 422
    assert browser.post("/api/me/prove", json={"password": PASSWORD, "next": "//evil.example"}).json() == {
        "next": "/me/security"
    }


def test_the_picture_is_for_its_person_alone(browser: TestClient) -> None:  # noqa: F811
    email = account()
    perform(begin_factor, signed_in(email))
    assert browser.get("/api/me/factor.svg").status_code == 401
    browser.post("/api/sign-in", json={"email": account(), "password": PASSWORD})
    assert browser.get("/api/me/factor.svg").status_code == 404
    browser.post("/api/sign-in", json={"email": email, "password": PASSWORD})
    answer = browser.get("/api/me/factor.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "no-store"
