"""REST v1 as a program outside sees it: tokens, scopes, problems, limits, idempotency, appointments."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from carehub.api.routes import api
from carehub.core import limits
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.permissions import TenantRole
from carehub.core.settings import settings
from carehub.models.practice import Practitioner, Service
from carehub.models.tenancy import Tenant
from carehub.services.identity import api_tokens, sessions
from tests import factories as make

Practice = tuple[Tenant, Practitioner, Service]


@pytest.fixture
def client(worker_database: str) -> Iterator[TestClient]:
    limits._local.cache_clear()
    with TestClient(api, base_url=settings.url) as browser:
        yield browser


@pytest.fixture
def practice(worker_database: str) -> Practice:
    return make.make_practice()


def bearer(actor: Actor, *scopes: str) -> dict[str, str]:
    made = perform(api_tokens.create_api_token, actor, name="test", scopes=list(scopes or api_tokens.SCOPES))
    return {"authorization": f"Bearer {made.token}"}


def direct(practice: Practice, nth: int = 0) -> dict[str, object]:
    tenant, practitioner, service = practice
    start = make.free_start(*practice, nth=nth)
    return {
        "clinic": tenant.slug,
        "practitioner_id": str(practitioner.id),
        "service_id": str(service.id),
        "starts_at": start.isoformat(),
        "mode": "video",
    }


def test_a_visitor_reads_slots_holds_one_and_books_as_a_guest(client: TestClient, practice: Practice) -> None:
    tenant, practitioner, service = practice
    day = (make.clock.now() + timedelta(days=3)).date().isoformat()
    where = f"/api/v1/clinics/{tenant.slug}"
    slots = client.get(
        f"{where}/practitioners/{practitioner.slug}/slots", params={"service_id": service.id, "from": day}
    )
    start = slots.json()["days"][0]["slots"][0]["starts_at"]
    wanted = {"practitioner_id": str(practitioner.id), "service_id": str(service.id), "starts_at": start}
    kept = client.post(f"{where}/holds", json=wanted)
    assert kept.status_code == 201
    guest = {"given_name": "Nadia", "family_name": "Saïdi", "email": "nadia@example.com"}
    body = {"clinic": tenant.slug, "hold_token": kept.json()["token"], "client": guest}
    booked = client.post("/api/v1/appointments", json=body)
    assert booked.status_code == 201, booked.text
    assert booked.json()["appointment"]["status"] == "booked"
    again = client.post(f"{where}/holds", json=wanted, headers={"accept-language": "fr"})
    assert again.status_code == 409
    assert again.headers["content-type"] == "application/problem+json"
    assert again.json()["type"] == "urn:carehub:problem:slot_taken"


def test_a_problem_names_every_field_at_fault(client: TestClient, practice: Practice) -> None:
    tenant, practitioner, service = practice
    start = make.free_start(*practice, nth=2).isoformat()
    wanted = {"practitioner_id": str(practitioner.id), "service_id": str(service.id), "starts_at": start}
    kept = client.post(f"/api/v1/clinics/{tenant.slug}/holds", json=wanted).json()
    body = {"clinic": tenant.slug, "hold_token": kept["token"], "client": {"given_name": "Nadia", "email": "nadia@"}}
    refused = client.post("/api/v1/appointments", json=body, headers={"accept-language": "fr"})
    assert refused.status_code == 422
    said = {one["field"]: one["message"] for one in refused.json()["errors"]}
    assert set(said) == {"family_name", "email"}
    assert said["family_name"] == "Remplissez ce champ"
    assert refused.json()["type"] == "urn:carehub:problem:several_invalid"


def test_a_hold_is_given_back(client: TestClient, practice: Practice) -> None:
    tenant, practitioner, service = practice
    start = make.free_start(*practice, nth=1).isoformat()
    wanted = {"practitioner_id": str(practitioner.id), "service_id": str(service.id), "starts_at": start}
    kept = client.post(f"/api/v1/clinics/{tenant.slug}/holds", json=wanted).json()
    assert client.delete(f"/api/v1/clinics/{tenant.slug}/holds/{kept['token']}").status_code == 204
    assert client.post(f"/api/v1/clinics/{tenant.slug}/holds", json=wanted).status_code == 201


def test_a_person_books_reads_moves_and_cancels_by_token(client: TestClient, practice: Practice) -> None:
    headers = bearer(make.person_actor(make.make_person()))
    made = client.post("/api/v1/appointments", json=direct(practice), headers=headers)
    assert made.status_code == 201, made.text
    address = f"/api/v1/appointments/{made.json()['appointment']['id']}"
    assert [one["id"] for one in client.get("/api/v1/appointments", headers=headers).json()["items"]] == [
        made.json()["appointment"]["id"]
    ]
    later = make.free_start(*practice, days_ahead=4).isoformat()
    moved = client.patch(address, json={"starts_at": later}, headers=headers)
    assert moved.json()["starts_at"] == later
    assert client.delete(address, headers=headers).json()["status"] == "cancelled"
    assert client.get(address, headers=headers).json()["status"] == "cancelled"


def test_the_same_idempotency_key_books_once(client: TestClient, practice: Practice) -> None:
    headers = {**bearer(make.person_actor(make.make_person())), "idempotency-key": "one"}
    body = direct(practice, nth=2)
    first = client.post("/api/v1/appointments", json=body, headers=headers)
    second = client.post("/api/v1/appointments", json=body, headers=headers)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    other = client.post("/api/v1/appointments", json={**body, "note": "other"}, headers=headers)
    assert other.json()["type"] == "urn:carehub:problem:key_reused"


def test_a_refused_request_frees_its_idempotency_key(client: TestClient, practice: Practice) -> None:
    headers = {**bearer(make.person_actor(make.make_person())), "idempotency-key": "mend"}
    body = direct(practice, nth=3)
    assert client.post("/api/v1/appointments", json={**body, "mode": "phone"}, headers=headers).status_code == 409
    assert client.post("/api/v1/appointments", json=body, headers=headers).status_code == 201


def test_a_token_without_the_scope_is_refused(client: TestClient, practice: Practice) -> None:
    headers = bearer(make.person_actor(make.make_person()), "appointments:read")
    refused = client.post("/api/v1/appointments", json=direct(practice), headers=headers)
    assert refused.status_code == 403
    assert "appointments:write" in refused.json()["detail"]


def test_a_revoked_or_unknown_token_is_nobody(client: TestClient, worker_database: str) -> None:
    actor = make.person_actor(make.make_person())
    headers = bearer(actor)
    assert client.get("/api/v1/appointments", headers=headers).status_code == 200
    for one in perform(api_tokens.list_api_tokens, actor):
        perform(api_tokens.revoke_api_token, actor, token_id=make.UUID(one.id))
    assert client.get("/api/v1/appointments", headers=headers).status_code == 401
    assert client.get("/api/v1/appointments", headers={"authorization": "Bearer chp_made-up"}).status_code == 401


def test_a_cookie_counts_only_for_our_own_pages(client: TestClient, practice: Practice) -> None:
    person = make.make_person()
    client.cookies.set(sessions.COOKIE, sessions.open_session(person.id))
    body = direct(practice, nth=1)
    foreign = client.post("/api/v1/appointments", json=body, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert client.post("/api/v1/appointments", json=body).status_code == 403
    own = client.post("/api/v1/appointments", json=body, headers={"origin": settings.url})
    assert own.status_code == 201, own.text


def test_another_persons_appointment_is_not_there(client: TestClient, practice: Practice) -> None:
    owner = make.person_actor(make.make_person())
    booked = make.book(owner, *practice, nth=0)
    headers = bearer(make.person_actor(make.make_person()))
    address = f"/api/v1/appointments/{booked.appointment.id}"
    assert client.get(address, headers=headers).status_code == 404
    assert client.delete(address, headers=headers).status_code == 404
    assert client.patch(address, json={"starts_at": booked.appointment.starts_at}, headers=headers).status_code == 404


def test_staff_of_another_clinic_sees_nothing(client: TestClient, practice: Practice) -> None:
    booked = make.book(make.person_actor(make.make_person()), *practice)
    other = make.make_tenant()
    person = make.make_person()
    make.make_member(other, TenantRole.OWNER, person=person)
    headers = bearer(make.person_actor(person))
    address = f"/api/v1/appointments/{booked.appointment.id}"
    assert client.get(address, params={"clinic": other.slug}, headers=headers).status_code == 404
    assert client.get(address, params={"clinic": practice[0].slug}, headers=headers).status_code == 403
    assert client.delete(address, params={"clinic": other.slug}, headers=headers).status_code == 404


def test_staff_reads_and_steps_their_own_clinic(client: TestClient, practice: Practice) -> None:
    tenant = practice[0]
    booked = make.book(make.person_actor(make.make_person()), *practice)
    person = make.make_person()
    make.make_member(tenant, TenantRole.RECEPTIONIST, person=person)
    headers, params = bearer(make.person_actor(person)), {"clinic": tenant.slug}
    address = f"/api/v1/appointments/{booked.appointment.id}"
    day = booked.appointment.local_start[:10]
    listed = client.get("/api/v1/appointments", params={**params, "from": day, "days": 1}, headers=headers)
    assert [one["id"] for one in listed.json()["items"]] == [booked.appointment.id]
    arrived = client.patch(address, params=params, json={"status": "arrived"}, headers=headers)
    assert arrived.json()["status"] == "arrived"


def test_requests_are_counted_and_limited(
    client: TestClient, worker_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.__dict__, "api_requests_per_minute", 3)
    headers = bearer(make.person_actor(make.make_person()))
    left = [client.get("/api/v1/appointments", headers=headers).headers["ratelimit-remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = client.get("/api/v1/appointments", headers=headers)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"clinic": 3}, "clinic"),
        ({"clinic": "x", "surprise": 1}, "surprise"),
        ({"clinic": "x", "starts_at": "noon"}, "starts_at"),
    ],
)
def test_a_malformed_body_names_its_field(client: TestClient, worker_database: str, body: object, field: str) -> None:
    answer = client.post("/api/v1/appointments", json=body)
    assert answer.status_code == 422
    assert field in [one["field"] for one in answer.json()["errors"]]


def test_an_oversized_body_is_refused(client: TestClient, worker_database: str) -> None:
    answer = client.post("/api/v1/appointments", json={"clinic": "x", "note": "a" * 70_000})
    assert answer.status_code == 413


def test_the_vendor_media_type_is_accepted_and_another_version_is_not(client: TestClient, worker_database: str) -> None:
    headers = bearer(make.person_actor(make.make_person()))
    known = {**headers, "accept": "application/vnd.salamqueue.v1+json"}
    assert client.get("/api/v1/appointments", headers=known).status_code == 200
    unknown = {**headers, "accept": "application/vnd.salamqueue.v9+json"}
    assert client.get("/api/v1/appointments", headers=unknown).status_code == 406


def test_the_document_names_a_scope_for_every_operation(client: TestClient, worker_database: str) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert "/appointments/{appointment_id}" in paths
    operations = [operation for path in paths.values() for operation in path.values()]
    assert all(operation["x-scope"] in api_tokens.SCOPES for operation in operations)


def test_an_unknown_address_is_a_problem_too(client: TestClient, worker_database: str) -> None:
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def new_clinic(slug: str) -> dict[str, object]:
    hours = [{"weekday": 0, "starts": "09:00", "ends": "12:00"}]
    named = {"kind": "clinic", "name": "Clinique Atlas", "slug": slug, "service_name": "Consultation", "hours": hours}
    return {**named, "country": "MA", "currency": "MAD", "time_zone": "Africa/Casablanca", "city": "Casablanca"}


def test_a_clinic_is_opened_read_changed_and_closed(client: TestClient, worker_database: str) -> None:
    person = make.make_person()
    headers, slug = bearer(make.person_actor(person)), f"atlas-{person.id.hex[-6:]}"
    made = client.post("/api/v1/clinics", json=new_clinic(slug), headers=headers)
    assert made.status_code == 201, made.text
    address = f"/api/v1/clinics/{slug}"
    assert client.get(address).json()["currency"] == "MAD"
    changed = client.patch(address, json={"tagline": "Au coin de la rue"}, headers=headers)
    assert changed.json()["tagline"] == "Au coin de la rue"
    assert changed.json()["name"] == "Clinique Atlas"
    found = client.get("/api/v1/clinics", params={"q": "atlas"}).json()["items"]
    assert slug in [one["slug"] for one in found]
    assert client.delete(address, headers=headers).status_code == 204
    assert client.get(address).status_code == 404


def test_a_clinic_with_coming_appointments_is_not_closed(client: TestClient, practice: Practice) -> None:
    person = make.make_person()
    make.make_member(practice[0], TenantRole.OWNER, person=person)
    make.book(Actor(), *practice)
    refused = client.delete(f"/api/v1/clinics/{practice[0].slug}", headers=bearer(make.person_actor(person)))
    assert refused.status_code == 409
    assert client.get(f"/api/v1/clinics/{practice[0].slug}").status_code == 200


def test_a_clinic_is_changed_by_its_own_staff_only(client: TestClient, practice: Practice) -> None:
    address = f"/api/v1/clinics/{practice[0].slug}"
    stranger, desk = make.make_person(), make.make_person()
    make.make_member(make.make_tenant(), TenantRole.OWNER, person=stranger)
    make.make_member(practice[0], TenantRole.RECEPTIONIST, person=desk)
    for person in (stranger, desk):
        headers = bearer(make.person_actor(person))
        assert client.patch(address, json={"name": "Taken over"}, headers=headers).status_code == 403
        assert client.delete(address, headers=headers).status_code == 403
    assert client.get(address).json()["name"] == practice[0].name


def test_the_platform_itself_is_no_clinic(client: TestClient, worker_database: str) -> None:
    assert client.get("/api/v1/clinics/carehub").status_code == 404


def test_the_directory_is_searched(client: TestClient, practice: Practice) -> None:
    answer = client.get("/api/v1/practitioners", params={"q": "nobody at all", "page": "x"})
    assert answer.status_code == 200
    assert answer.json()["total"] == 0


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_the_documentation_lists_every_operation(
    client: TestClient, worker_database: str, language: str, direction: str
) -> None:
    page = client.get("/api/v1/docs", headers={"accept-language": language}).text
    assert f'<html lang="{language}" dir="{direction}"' in page
    assert "PATCH</span> <code" in page
    assert "/api/v1/appointments/{appointment_id}" in page
    assert "<script" not in page
