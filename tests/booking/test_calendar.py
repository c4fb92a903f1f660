"""The calendar file, as calendars read it and as the address hands it out."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from icalendar import Calendar
from starlette.applications import Starlette
from starlette.testclient import TestClient

from carehub.api.calendar import ROUTES
from carehub.core.db import perform
from carehub.services import booking
from carehub.services.identity import sessions
from tests.booking.factories import house, person
from tests.booking.journeys import booked


@pytest.fixture
def http() -> TestClient:
    return TestClient(Starlette(routes=ROUTES))


def _event(content: bytes) -> tuple[Calendar, dict]:  # type: ignore[type-arg]
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_the_service_is_named_in_the_readers_language(http: TestClient) -> None:
    names = {"fr": "Séance individuelle", "ar": "جلسة فردية"}
    done = booked(house(service={"names": names}))
    for locale, name in names.items():
        answer = http.get(f"/booking/{done.manage_token}/calendar.ics", headers={"accept-language": locale})
        assert name in str(_event(answer.content)[1]["description"])


def test_a_guest_downloads_the_appointment_in_utc(http: TestClient) -> None:
    done = booked(house(zone="Africa/Casablanca", country="MA"))
    answer = http.get(f"/booking/{done.manage_token}/calendar.ics", headers={"accept-language": "fr"})
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["cache-control"] == "no-store"
    calendar, event = _event(answer.content)
    assert str(calendar["method"]) == "PUBLISH"
    assert event["dtstart"].dt == datetime.fromisoformat(done.appointment.starts_at).astimezone(UTC)
    assert (str(event["uid"]), int(event["sequence"]), str(event["status"])) == (done.appointment.id, 0, "CONFIRMED")
    assert "Inès Belkacem" in str(event["summary"])


def test_a_later_file_has_a_higher_sequence_and_says_cancelled(http: TestClient) -> None:
    made = house()
    done = booked(made)
    perform(booking.cancel, made.staff(), appointment_id=UUID(done.appointment.id))
    _, event = _event(http.get(f"/booking/{done.manage_token}/calendar.ics").content)
    assert (int(event["sequence"]), str(event["status"])) == (1, "CANCELLED")


def test_a_made_up_link_is_404(http: TestClient) -> None:
    assert http.get("/booking/made-up/calendar.ics").status_code == 404


def test_an_account_downloads_its_own_only(http: TestClient) -> None:
    made, who, stranger = house(), person(), person()
    done = booked(made, who=who)
    address = f"/api/me/appointments/{done.appointment.id}/calendar.ics"
    assert http.get(address).status_code == 401
    statuses = []
    for one in (who, stranger):
        assert one.person_id is not None
        http.cookies.set(sessions.COOKIE, sessions.open_session(one.person_id))
        statuses.append(http.get(address).status_code)
    assert statuses == [200, 404]
    assert http.get("/api/me/appointments/not-an-id/calendar.ics").status_code == 404
