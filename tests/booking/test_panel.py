"""The panel's handlers: what a tab's state holds after each step, reconnection and refusal."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest
from reflex.istate.data import RouterData

from carehub.core.actor import VISITOR, Actor, set_actor
from carehub.services.booking.views import DayView, SlotView
from carehub.state.booking import DONE, FORM, PLACE, BookingPanel
from carehub.state.weeks import drawn, ribbon_of
from tests.booking.factories import House, house
from tests.booking.journeys import booked, free, hold
from tests.loops import in_loop


def tab(made: House, query: str = "") -> BookingPanel:
    """A tab's state as it stands at the profile's address."""
    panel = BookingPanel(_reflex_internal_init=True)
    visit(panel, f"/t/{made.slug}/p/{made.practitioner_slug}{query}")
    return panel


def visit(panel: BookingPanel, path: str) -> None:
    data = {"pathname": path.split("?")[0], "asPath": path, "headers": {"origin": "http://localhost"}}
    object.__setattr__(panel, "router", RouterData.from_router_data(data))


def run(panel: BookingPanel, name: str, *given: Any, who: Actor = VISITOR) -> Any:
    async def go() -> Any:
        set_actor(who)
        handler: Callable[..., Awaitable[Any]] = BookingPanel.event_handlers[name].fn
        answer = handler(panel, *given)
        return await answer if asyncio.iscoroutine(answer) else answer

    return in_loop(go())


FORM_DATA = {"given_name": "Sofia", "family_name": "Haddad", "email": "sofia@example.com"}


def test_loading_shows_the_first_service_and_its_week() -> None:
    made = house()
    panel = tab(made)
    run(panel, "load")
    assert (panel.status, panel.offer.id, panel.mode, panel.step) == ("ready", str(made.service_id), "in_person", PLACE)
    assert panel.searched
    assert not panel.has_before


def test_a_profile_that_is_not_there_is_said_so() -> None:
    made = house()
    made.practitioner.slug = "nobody"
    panel = tab(made)
    run(panel, "load")
    assert panel.status == "missing"


def test_choosing_keeps_the_slot_and_the_token_stays_out_of_sight() -> None:
    made = house()
    panel = tab(made)
    run(panel, "load")
    run(panel, "pick", free(made)[0].starts_at)
    assert panel.step == FORM
    assert panel._token
    assert "_token" not in BookingPanel.base_vars
    assert panel._token not in str(panel.get_delta())


def test_a_reconnection_keeps_the_step_and_the_slot() -> None:
    made = house()
    panel = tab(made, f"?service={made.service_id}&start={free(made)[0].starts_at.replace('+', '%2B')}")
    run(panel, "load")
    kept = (panel.step, panel._token, panel.starts_at)
    run(panel, "load")
    assert (panel.step, panel._token, panel.starts_at) == kept
    assert panel.step == FORM


def test_going_back_does_not_take_the_linked_slot_again() -> None:
    made = house()
    panel = tab(made, f"?start={free(made)[0].starts_at.replace('+', '%2B')}")
    run(panel, "load")
    run(panel, "back")
    run(panel, "load")
    assert panel.step == PLACE


def test_confirming_twice_books_once() -> None:
    made = house()
    panel = tab(made)
    run(panel, "load")
    run(panel, "pick", free(made)[0].starts_at)
    run(panel, "confirm", FORM_DATA)
    first = panel.booked
    run(panel, "confirm", FORM_DATA)
    assert panel.step == DONE
    assert panel.booked == first
    assert not panel._token


def test_a_taken_slot_leaves_the_week_and_offers_the_nearest() -> None:
    made = house()
    panel = tab(made)
    run(panel, "load")
    start = free(made)[0].starts_at
    hold(made, start)
    run(panel, "pick", start)
    assert (panel.step, panel.trouble) == (PLACE, "taken")
    assert start not in [slot.starts_at for slot in panel.closest]
    assert panel.closest


def test_after_a_lapse_the_same_time_is_taken_again(db: psycopg.Connection) -> None:
    made = house()
    panel = tab(made)
    run(panel, "load")
    run(panel, "pick", free(made)[0].starts_at)
    start = panel.starts_at
    db.execute("update slot_hold set expires_at = now() where tenant_id = %s", [made.id])
    run(panel, "confirm", FORM_DATA)
    assert (panel.step, panel.trouble) == (FORM, "expired")
    run(panel, "retake")
    assert (panel.trouble, panel.starts_at) == ("", start)
    run(panel, "confirm", FORM_DATA)
    assert panel.step == DONE


def test_a_wrong_field_is_kept_at_its_name() -> None:
    made = house()
    panel = tab(made)
    run(panel, "load")
    run(panel, "pick", free(made)[0].starts_at)
    run(panel, "confirm", {**FORM_DATA, "phone": "12"})
    assert list(panel.errors) == ["phone"]
    run(panel, "confirm", {**FORM_DATA, "note": "x" * 3000})
    assert list(panel.errors) == ["note"]
    assert panel.step == FORM


@pytest.mark.parametrize("sent", ["", "not a time", "2026-11-23T09:00", "9999-99-99"])
def test_what_no_button_sends_changes_nothing(sent: str) -> None:
    made = house()
    panel = tab(made)
    run(panel, "load")
    for name in ("pick", "choose_service", "choose_mode", "show_day"):
        run(panel, name, sent)
    assert (panel.step, panel.offer.id, panel.mode) == (PLACE, str(made.service_id), "in_person")


def test_an_empty_week_names_the_next_free_day() -> None:
    made = house(service={"minimum_notice": 60 * 24 * 20})
    panel = tab(made)
    run(panel, "load")
    assert not panel.is_free
    assert panel.next_free == free(made, days_ahead=1, days=31)[0].local[:10]
    run(panel, "show_day", panel.next_free)
    assert panel.is_free


def test_a_free_time_of_another_mode_is_not_shown() -> None:
    made = house(service={"modes": ["in_person", "video"]})
    panel = tab(made)
    run(panel, "load")
    run(panel, "choose_mode", "video")
    assert panel.mode == "video"
    assert panel.is_free


def test_the_drawn_days_are_those_with_times_and_empty_working_days_up_to_five() -> None:
    slot = SlotView("2026-11-28T09:00:00+00:00", "2026-11-28T10:00", ["video"])
    days = [DayView(f"2026-11-{day}", [slot] if day == 28 else []) for day in range(23, 30)]  # 28: a Saturday
    assert [day.day[-2:] for day in drawn(days)] == ["23", "24", "25", "26", "28"]
    assert [bar.kind for bar in ribbon_of(days, {"2026-11-28"})][-2:] == ["we on", "we"]


def test_what_was_booked_meanwhile_is_gone_from_the_week() -> None:
    made = house()
    panel = tab(made)
    run(panel, "load")
    gone = booked(made).appointment.starts_at
    run(panel, "load")
    assert gone not in [slot.starts_at for day in panel.days for slot in day.slots]


def test_a_refused_form_marks_every_field_and_a_mended_one_clears_them() -> None:
    made = house()
    panel = tab(made, f"?start={free(made)[0].starts_at}".replace("+", "%2B"))
    run(panel, "load")
    run(panel, "confirm", {"given_name": "", "family_name": "", "email": "sofia@", "phone": ""})
    assert set(panel.errors) == {"given_name", "family_name", "email"}
    assert panel.step == FORM
    run(panel, "confirm", FORM_DATA)
    assert (panel.errors, panel.step) == ({}, DONE)
