"""The platform's settings: who may sign up, the usual country, the foot of mails."""

import psycopg
import pytest

from carehub.core.actor import VISITOR
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotAllowed
from carehub.core.permissions import PlatformRole
from carehub.core.roles import Role
from carehub.services.identity import registration
from carehub.services.identity.platform_facts import ProfessionalsByInvitation, SignUpClosed, platform_facts
from carehub.services.platform.settings import PlatformForm, read_settings, save_settings
from carehub.services.tenancy.opening import wizard_view
from tests import factories as make
from tests.identity.people import client, client_form, fresh_email, professional_form
from tests.platform.console import visiting


def save(database: str, **values: object) -> None:
    with psycopg.connect(database, autocommit=True) as db:
        perform(save_settings, visiting(db), form=PlatformForm.model_validate(values))


def test_sign_up_is_closed_to_professionals_or_to_everyone(database: str, broker: str) -> None:
    save(database, sign_up="clients")
    registration.register(client_form(fresh_email()), client())
    with pytest.raises(ProfessionalsByInvitation):
        registration.register(professional_form(fresh_email()), client())
    save(database, sign_up="invitation")
    with pytest.raises(SignUpClosed):
        registration.register(client_form(fresh_email()), client())


def test_a_new_organisation_begins_with_the_usual_country(database: str, broker: str) -> None:
    save(database, country="TN")
    assert perform(wizard_view, make.person_actor(make.make_person(country=""))).country == "TN"
    assert perform(wizard_view, make.person_actor(make.make_person(country="MA"))).country == "MA"


def test_the_imprint_is_told_once_it_is_known(database: str, broker: str) -> None:
    with unit_of_work(VISITOR, Role.PUBLIC) as session:
        assert platform_facts(session).imprint == ""
    save(database, name="CareHub", legal_name="CareHub SAS", email="help@example.com")
    with unit_of_work(VISITOR, Role.PUBLIC) as session:
        assert platform_facts(session).imprint == "CareHub · CareHub SAS · help@example.com"


def test_settings_are_read_again_as_they_were_saved_and_only_managers_save(database: str, broker: str) -> None:
    save(database, name="Soins", phone="+33 1 23 45 67 89", sign_up="clients", country="MA")
    with psycopg.connect(database, autocommit=True) as db:
        support = visiting(db, PlatformRole.SUPPORT)
    kept = perform(read_settings, support)
    assert (kept.name, kept.phone, kept.sign_up, kept.country) == ("Soins", "+33 1 23 45 67 89", "clients", "MA")
    with pytest.raises(NotAllowed):
        perform(save_settings, support, form=kept)
