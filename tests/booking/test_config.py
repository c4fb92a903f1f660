"""Staff's configuration: what is kept, who may, whom it concerns."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from pydantic import ValidationError

from carehub.core.actor import VISITOR
from carehub.core.clock import UnknownZone
from carehub.core.db import perform
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.permissions import TenantRole
from carehub.services import booking
from carehub.services.booking import config, config_people
from carehub.services.booking.config_forms import (
    OwnTermsForm,
    PractitionerForm,
    QuestionForm,
    ServiceForm,
)
from carehub.services.booking.config_lists import SERVICES, list_practitioners, list_services
from carehub.services.booking.intake import intake_forms, take_over_questions
from carehub.services.booking.rules import BookingRules
from carehub.services.listing import ListQuery
from tests import factories as make
from tests.booking.factories import House, ask, house, second_practitioner
from tests.booking.journeys import free


def service_form(made: House, **values: Any) -> ServiceForm:
    known = {"name": "Suivi", "duration_minutes": 30, "price": "40,50", "modes": ["video"]}
    return ServiceForm.model_validate({**known, "practitioners": [str(made.practitioner_id)], **values})


def told(db: psycopg.Connection, made: House) -> set[tuple[str, str]]:
    rows = db.execute("select kind, payload->>'practitioner_id' from outbox where tenant_id = %s", [made.id]).fetchall()
    return {(kind, who or "") for kind, who in rows}


def offered(made: House) -> list[Any]:
    view = perform(booking.offers, VISITOR, tenant=made.slug, practitioner=made.practitioner_slug, locale="ar")
    return view.offers


def test_a_new_service_can_be_booked_and_the_directory_is_told(db: psycopg.Connection) -> None:
    made = house()
    form = service_form(made, names={"ar": "متابعة"}, position=5)
    made_id = perform(config.save_service, made.staff(), service_id=None, form=form)
    shown = next(one for one in offered(made) if one.id == str(made_id))
    assert (shown.name, shown.price_minor, shown.duration_minutes, shown.modes) == ("متابعة", 4050, 30, ["video"])
    who = str(made.practitioner_id)
    assert told(db, made) == {("directory.changed", who), ("availability.changed", who)}


def test_a_service_is_read_as_it_was_saved() -> None:
    made = house()
    owner, form = made.staff(), service_form(made, daily_cap=3, buffer_after=10)
    made_id = perform(config.save_service, owner, service_id=None, form=form)
    read = perform(config.read_service, owner, service_id=made_id)
    assert read.model_dump(exclude={"currency", "price"}) == form.model_dump(exclude={"currency", "price"})
    assert (read.price, read.currency) == (Decimal("40.50"), "EUR")


def test_a_price_finer_than_the_currency_is_refused_at_the_price() -> None:
    made = house()
    with pytest.raises(config.TooPrecise) as refused:
        perform(config.save_service, made.staff(), service_id=None, form=service_form(made, price="40,505"))
    assert refused.value.field == "price"


def test_dinars_have_three_decimals() -> None:
    assert config.to_minor(Decimal("40.505"), "TND") == 40505
    assert config.to_major(40505, "TND") == Decimal("40.505")


@pytest.mark.parametrize("wrong", [{"modes": []}, {"duration_minutes": 0}, {"price": "-1"}, {"name": ""}])
def test_a_service_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        service_form(house(), **wrong)


def test_someone_who_no_longer_offers_a_service_is_told_of_too(db: psycopg.Connection) -> None:
    made = house()
    gone = second_practitioner(made)
    perform(config.save_service, made.staff(), service_id=made.service_id, form=service_form(made))
    assert ("directory.changed", str(gone)) in told(db, made)
    assert [one.practitioner_id for one in perform(config.own_terms, made.staff(), service_id=made.service_id)] == [
        str(made.practitioner_id)
    ]


def test_own_terms_count_where_they_are_set_and_survive_a_save() -> None:
    made = house()
    owner, who = made.staff(), made.practitioner_id
    form = OwnTermsForm.model_validate({"price": "70", "duration_minutes": 60})
    perform(config.set_own_terms, owner, service_id=made.service_id, practitioner_id=who, form=form)
    perform(config.save_service, owner, service_id=made.service_id, form=service_form(made))
    (shown,) = offered(made)
    assert (shown.price_minor, shown.duration_minutes) == (7000, 60)
    with pytest.raises(NotFound):
        perform(config.set_own_terms, owner, service_id=made.service_id, practitioner_id=uuid4(), form=form)


def test_a_service_out_of_use_is_not_offered() -> None:
    made = house()
    perform(config.save_service, made.staff(), service_id=made.service_id, form=service_form(made, active=False))
    assert offered(made) == []
    with pytest.raises(NotFound):
        free(made)


def test_a_changed_question_is_asked_anew_and_the_old_one_keeps_its_answers(db: psycopg.Connection) -> None:
    made, owner = house(), None
    owner = made.staff()
    old = ask(made)
    form = QuestionForm.model_validate({"label": "Since when?", "kind": "choice", "choices": "A week\nLonger\nLonger"})
    perform(config.save_question, owner, service_id=made.service_id, question_id=old, form=form)
    (asked,) = offered(made)[0].questions
    assert (asked.label, asked.choices) == ("Since when?", ["A week", "Longer"])
    kept = db.execute("select label, active from intake_question where id = %s", [old]).fetchone()
    assert kept == ("What brings you here?", False)
    perform(config.remove_question, owner, service_id=made.service_id, question_id=UUID(asked.id))
    assert offered(made)[0].questions == []


def test_a_list_needs_two_answers() -> None:
    made = house()
    form = QuestionForm.model_validate({"label": "Since when?", "kind": "choice", "choices": "A week\n"})
    with pytest.raises(config.ChoicesMissing):
        perform(config.save_question, made.staff(), service_id=made.service_id, question_id=None, form=form)


def person_form(**values: Any) -> PractitionerForm:
    return PractitionerForm.model_validate({"given_name": "Éva", "family_name": "D’Or", **values})


def test_a_new_practitioner_gets_an_address_of_their_own(db: psycopg.Connection) -> None:
    made = house()
    for _ in range(2):
        perform(config_people.save_practitioner, made.staff(), practitioner_id=None, form=person_form())
    rows = db.execute("select slug from practitioner where tenant_id = %s order by slug", [made.id]).fetchall()
    assert [row[0] for row in rows] == ["eva-dor", "eva-dor-2", "ines"]


def test_a_hidden_practitioner_has_no_offers() -> None:
    made = house()
    owner = made.staff()
    form = perform(config_people.read_practitioner, owner, practitioner_id=made.practitioner_id)
    form = PractitionerForm.model_validate({**form.model_dump(), "visibility": "hidden"})
    perform(config_people.save_practitioner, owner, practitioner_id=made.practitioner_id, form=form)
    with pytest.raises(NotFound):
        offered(made)


def test_an_unknown_zone_is_refused_at_its_field() -> None:
    made = house()
    with pytest.raises(UnknownZone) as refused:
        perform(
            config_people.save_practitioner,
            made.staff(),
            practitioner_id=None,
            form=person_form(time_zone="Mars/Olympus"),
        )
    assert refused.value.field == "time_zone"


def test_booking_rules_count_at_once() -> None:
    made = house()
    owner = made.staff()
    perform(config_people.save_booking_rules, owner, form=BookingRules(guests=False, cancel_hours=72))
    assert perform(config_people.read_booking_rules, owner).cancel_hours == 72
    shown = perform(booking.offers, VISITOR, tenant=made.slug, practitioner=made.practitioner_slug, locale="fr")
    assert (shown.guests, shown.cancel_hours) == (False, 72)


@pytest.mark.parametrize("role", [TenantRole.RECEPTIONIST, TenantRole.PRACTITIONER, TenantRole.ASSISTANT])
def test_others_configure_nothing(role: TenantRole) -> None:
    made = house()
    with pytest.raises(NotAllowed):
        perform(config.save_service, made.staff(role), service_id=made.service_id, form=service_form(made))
    with pytest.raises(NotAllowed):
        perform(config_people.save_booking_rules, made.staff(role), form=BookingRules())


def test_another_tenants_owner_finds_nothing(db: psycopg.Connection) -> None:
    made, stranger = house(), house().staff()
    with pytest.raises(NotFound):
        perform(config.save_service, stranger, service_id=made.service_id, form=service_form(made))
    form = service_form(made, name="Theirs")
    perform(config.save_service, stranger, service_id=None, form=form)  # practitioners of ours are left out
    rows = db.execute("select count(*) from service_practitioner where practitioner_id = %s", [made.practitioner_id])
    assert rows.fetchone() == (1,)


def test_the_lists_show_this_tenants_rows() -> None:
    made = house()
    owner = made.staff()
    page = perform(list_services, owner, query=ListQuery.parse(SERVICES, {"q": "séan", "active": "yes"}))
    assert [(row.cells[0].text, row.cells[1].text, row.cells[1].second) for row in page.rows] == [
        ("Séance", "6200", "EUR")
    ]
    people = perform(list_practitioners, owner, query=ListQuery(sort="position"))
    assert [row.cells[0].text for row in people.rows] == ["Inès Belkacem"]


def test_one_services_questions_are_taken_over_by_another_once() -> None:
    tenant, practitioner, service = make.make_practice()
    other = make.make_service(tenant, practitioner, name="Follow-up")
    owner = make.make_member(tenant, TenantRole.OWNER)
    for label in ("Why now?", "Who sent you?"):
        perform(config.save_question, owner, service_id=service.id, question_id=None, form=QuestionForm(label=label))
    perform(config.save_question, owner, service_id=other.id, question_id=None, form=QuestionForm(label="Why now?"))
    for added in (1, 0):
        assert perform(take_over_questions, owner, service_id=other.id, from_id=service.id) == added
    shown = {one.name: [each.label for each in one.asked] for one in perform(intake_forms, owner)}
    assert shown["Follow-up"] == ["Why now?", "Who sent you?"]
    stranger = make.make_member(make.make_tenant(), TenantRole.OWNER)
    with pytest.raises(NotFound):
        perform(take_over_questions, stranger, service_id=other.id, from_id=service.id)
