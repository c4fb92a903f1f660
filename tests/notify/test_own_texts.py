"""A tenant's own words for its messages."""

from dataclasses import replace

import pytest

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.services.notify import deliver, own_texts
from carehub.services.notify.template_words import LooseBrace, TemplateForm, UnknownVariable
from tests.notify import house as houses
from tests.notify.conftest import Post
from tests.notify.house import House
from tests.notify.test_centre import owner
from tests.notify.test_mail import letter_to_client

BOOKED = {"event": "appointment.booked", "audience": "client", "channel": "email", "locale": "fr"}


def chief(at: House) -> Actor:
    return replace(owner(at), permissions=frozenset({"settings.manage"}))


def write(at: House, subject: str, body: str = "", **key: str) -> None:
    form = TemplateForm(subject=subject, body=body)
    perform(own_texts.save_template, chief(at), **{**BOOKED, **key}, form=form)


def test_the_tenants_words_are_sent_with_their_variables(practice: House, post: Post) -> None:
    write(practice, "À bientôt, {when}", "{name} vous attend pour : {service}.")
    letter = letter_to_client(practice, post)
    assert str(letter["Subject"]) == "À bientôt, mar. 24 nov. à 12:00"
    assert "vous attend pour : Séance" in letter.get_body(("plain",)).get_content()


def test_another_language_keeps_carehubs_words(practice: House, post: Post) -> None:
    write(practice, "À bientôt")
    assert "Appointment confirmed" in str(letter_to_client(practice, post, locale="en")["Subject"])


def test_reset_brings_carehubs_words_back(practice: House, post: Post) -> None:
    usual = perform(own_texts.read_template, chief(practice), **BOOKED)
    write(practice, "À bientôt", "Bonjour")
    assert perform(own_texts.read_template, chief(practice), **BOOKED).own
    perform(own_texts.reset_template, chief(practice), **BOOKED)
    assert perform(own_texts.read_template, chief(practice), **BOOKED) == usual
    assert "Rendez-vous confirmé" in str(letter_to_client(practice, post)["Subject"])


@pytest.mark.parametrize(
    ("subject", "body", "refused", "field"),
    [
        ("Hello {nom}", "", UnknownVariable, "subject"),
        ("Your {service}", "", UnknownVariable, "subject"),
        ("Hello", "{name.__class__}", LooseBrace, "body"),
        ("Hello", "{{name}}", LooseBrace, "body"),
        ("Hello {", "", LooseBrace, "subject"),
    ],
)
def test_a_variable_that_is_not_known_is_refused_at_its_field(
    practice: House, subject: str, body: str, refused: type[Exception], field: str
) -> None:
    with pytest.raises(refused) as refusal:
        write(practice, subject, body)
    assert refusal.value.field == field  # type: ignore[attr-defined]
    assert not perform(own_texts.read_template, chief(practice), **BOOKED).own


def test_markup_in_own_words_stays_text(practice: House, post: Post) -> None:
    write(practice, "Bonjour", "<img src=x onerror=alert(1)> {name}")
    assert "<img src=x" not in letter_to_client(practice, post).get_body(("html",)).get_content()


def test_the_centre_shows_the_tenants_words(practice: House) -> None:
    write(practice, "{name} vous a réservé une place", channel="in_app")
    account = houses.person("Julie")
    made = houses.appointment(practice, houses.patient(practice, account=account), status="booked")
    houses.happen(practice, "booked", made, by="staff")
    deliver.send_due()
    assert [one.title for one in houses.entries(practice, account)] == ["{name} vous a réservé une place"]


def test_a_preview_sends_nothing_and_shows_the_whole_letter(practice: House, post: Post) -> None:
    form = TemplateForm(subject="{tenant}: {when}", body="Avec {name}")
    shown = perform(own_texts.preview_template, chief(practice), **BOOKED, form=form)
    assert "Avec Inès Belkacem" in shown.text
    assert "{" not in shown.subject + shown.text
    assert post.sent == []


def test_messages_of_the_account_are_not_the_tenants(practice: House) -> None:
    with pytest.raises(NotFound):
        write(practice, "Hello", event="account.registered")
