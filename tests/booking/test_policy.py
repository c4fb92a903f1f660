"""What cancelling costs, and when a site is open: as data, and what slots and the booking page make of it."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from carehub.core.actor import VISITOR
from carehub.core.db import perform
from carehub.core.errors import CareHubError
from carehub.services import booking
from carehub.services.booking.config import TooPrecise
from carehub.services.booking.config_people import FeeTooHigh, read_booking_rules, save_booking_rules
from carehub.services.booking.policy import FeeKind, fee_minor
from carehub.services.booking.rules import Offer, Schedule, WeeklyRule, free_slots
from carehub.services.booking.site_hours import day_stretches, house_rules
from carehub.services.tenancy.sites import HoursForm, HoursWrong, SiteForm, read_site, save_site
from tests import factories as make
from tests.booking.factories import house

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value", "price", "currency", "fee"),
    [
        (FeeKind.NONE, "50", 6200, "EUR", 0),
        (FeeKind.PERCENT, "50", 6201, "EUR", 3101),  # half a cent is rounded up
        (FeeKind.PERCENT, "100", 6200, "EUR", 6200),
        (FeeKind.PERCENT, "30", 0, "EUR", 0),
        (FeeKind.FIXED, "20", 6200, "EUR", 2000),
        (FeeKind.FIXED, "7.5", 60_000, "TND", 7500),
        (FeeKind.FIXED, "1000", 20_000, "XOF", 1000),
    ],
)
def test_a_fee_is_a_share_of_the_price_or_an_amount(
    kind: FeeKind, value: str, price: int, currency: str, fee: int
) -> None:
    assert fee_minor(kind, Decimal(value), price, currency) == fee


def test_the_policy_is_told_with_the_price_before_booking() -> None:
    made = house(
        rules={
            "free_hours": 48,
            "late_fee": "percent",
            "late_value": "50",
            "no_show_fee": "fixed",
            "no_show_value": "40",
        }
    )
    found = perform(booking.offers, VISITOR, tenant=made.slug, practitioner=made.practitioner_slug, locale="en")
    offer = found.offers[0]
    assert (found.free_hours, offer.late_minor, offer.no_show_minor) == (48, offer.price_minor // 2, 4000)


def test_a_policy_that_cannot_be_is_refused_at_its_field() -> None:
    made = house()
    kept = perform(read_booking_rules, made.staff())
    wrong: list[tuple[dict[str, object], type[CareHubError], str]] = [
        ({"late_fee": FeeKind.PERCENT, "late_value": Decimal(101)}, FeeTooHigh, "late_value"),
        ({"no_show_fee": FeeKind.FIXED, "no_show_value": Decimal("10.005")}, TooPrecise, "no_show_value"),
    ]
    for change, refusal, field in wrong:
        with pytest.raises(refusal) as told:
            perform(save_booking_rules, made.staff(), form=kept.model_copy(update=change))
        assert list(told.value.fields) == [field]
    assert perform(read_booking_rules, made.staff()) == kept


def test_hours_are_read_as_people_write_them() -> None:
    assert day_stretches("09:00-12:30, 14h00 – 24:00") == [(time(9), time(12, 30)), (time(14), time(23, 59))]
    assert day_stretches("") == []
    for wrong in ("9-12", "12:00-11:00", "09:00-12:00, 11:00-14:00", "24:30-24:40", "always"):
        with pytest.raises(ValueError, match=r".+"):
            day_stretches(wrong)


def _starts(modes: tuple[str, ...], hours: dict[str, str]) -> dict[str, tuple[str, ...]]:
    weekly = (WeeklyRule(0, time(8), time(12)),)
    schedule = Schedule("UTC", weekly, house=house_rules(hours))
    offer = Offer(duration=60, step=60, modes=modes)
    return {f"{one.start:%H:%M}": one.modes for one in free_slots(schedule, offer, [], day=MONDAY, now=NOW)}


def test_people_come_only_while_the_site_is_open() -> None:
    assert list(_starts(("in_person",), {"monday": "08:30-11:00"})) == ["08:30", "09:30"]
    assert list(_starts(("in_person",), {"tuesday": "08:30-11:00"})) == []  # closed that day
    assert list(_starts(("in_person",), {})) == ["08:00", "09:00", "10:00", "11:00"]  # it says nothing


def test_video_is_not_bound_to_the_sites_hours() -> None:
    assert _starts(("in_person", "video"), {"monday": "09:00-11:00"}) == {
        "08:00": ("video",), "09:00": ("in_person", "video"), "10:00": ("in_person", "video"), "11:00": ("video",),
    }  # fmt: skip


def test_a_site_that_closes_takes_its_slots_away() -> None:
    tenant = make.make_tenant()
    site = make.make_site(tenant)
    practitioner = make.make_practitioner(tenant, site_id=site.id)
    service = make.make_service(tenant, practitioner, modes=["in_person"])
    make.make_hours(practitioner)
    owner = make.make_member(tenant, make.TenantRole.OWNER)
    assert make.free_start(tenant, practitioner, service)
    form = perform(read_site, owner, site_id=site.id)
    shut = form.model_copy(update={"hours": HoursForm(monday="20:00-21:00")})
    perform(save_site, owner, site_id=site.id, form=shut)
    with pytest.raises(IndexError):
        make.free_start(tenant, practitioner, service)
    assert perform(read_site, owner, site_id=site.id).hours.monday == "20:00-21:00"


def test_hours_that_make_no_sense_are_told_at_their_day() -> None:
    tenant = make.make_tenant()
    owner = make.make_member(tenant, make.TenantRole.OWNER)
    form = SiteForm(name="Annexe", hours=HoursForm(monday="09:00-12:00", friday="soon"))
    with pytest.raises(HoursWrong) as told:
        perform(save_site, owner, site_id=None, form=form)
    assert list(told.value.fields) == ["hours.friday"]
