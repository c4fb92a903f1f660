"""The platform's words of messages, where an organisation has none of its own. CD-119."""

from typing import Any

import psycopg
import pytest

from carehub.core.db import perform
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.permissions import PlatformRole
from carehub.services.notify import default_texts, deliver, own_texts
from carehub.services.notify.template_words import LooseBrace, TemplateForm, UnknownVariable
from tests.notify import house as houses
from tests.notify.conftest import Post
from tests.notify.house import House
from tests.notify.test_mail import letter_to_client
from tests.notify.test_own_texts import BOOKED, chief, write
from tests.platform.console import visiting


def decree(db: psycopg.Connection, subject: str, body: str = "", **key: str) -> None:
    form = TemplateForm(subject=subject, body=body)
    perform(default_texts.save_default, visiting(db), **{**BOOKED, **key}, form=form)


@pytest.fixture(autouse=True)
def without_defaults(db: psycopg.Connection) -> Any:
    """They count for every organisation: none stays behind for another test."""
    yield
    db.execute("DELETE FROM message_default")


def test_an_organisation_without_own_words_sends_the_platforms(
    practice: House, post: Post, db: psycopg.Connection
) -> None:
    decree(db, "C’est noté : {when}", "{name} vous attend pour : {service}.")
    letter = letter_to_client(practice, post)
    assert str(letter["Subject"]) == "C’est noté : mar. 24 nov. à 12:00"
    assert "vous attend pour : Séance" in letter.get_body(("plain",)).get_content()


def test_own_words_count_before_the_platforms_and_the_built_in_ones_last(
    practice: House, post: Post, db: psycopg.Connection
) -> None:
    decree(db, "De la plateforme")
    write(practice, "De la maison")
    shown = perform(own_texts.read_template, chief(practice), **BOOKED)
    assert (shown.form.subject, shown.own) == ("De la maison", True)
    perform(own_texts.reset_template, chief(practice), **BOOKED)
    shown = perform(own_texts.read_template, chief(practice), **BOOKED)
    assert (shown.form.subject, shown.own) == ("De la plateforme", False)
    perform(default_texts.reset_default, visiting(db), **BOOKED)
    assert "Rendez-vous confirmé" in str(letter_to_client(practice, post)["Subject"])


def test_what_an_organisation_leaves_empty_is_the_platforms_text(practice: House, db: psycopg.Connection) -> None:
    decree(db, "Bonjour", "Le texte de la plateforme")
    write(practice, "De la maison")
    assert perform(own_texts.read_template, chief(practice), **BOOKED).form.body == "Le texte de la plateforme"


def test_another_language_and_another_channel_keep_theirs(practice: House, post: Post, db: psycopg.Connection) -> None:
    decree(db, "C’est noté")
    assert "Appointment confirmed" in str(letter_to_client(practice, post, locale="en")["Subject"])
    in_centre = {**BOOKED, "channel": "in_app"}
    assert not perform(default_texts.read_default, visiting(db), **in_centre).own


def test_the_centre_shows_the_platforms_words(practice: House, db: psycopg.Connection) -> None:
    decree(db, "{name} vous garde une place", channel="in_app")
    account = houses.person("Julie")
    made = houses.appointment(practice, houses.patient(practice, account=account), status="booked")
    houses.happen(practice, "booked", made, by="staff")
    deliver.send_due()
    assert [one.title for one in houses.entries(practice, account)] == ["{name} vous garde une place"]


@pytest.mark.parametrize(
    ("subject", "body", "refused", "field"),
    [
        ("Hello {nom}", "", UnknownVariable, "subject"),
        ("Your {service}", "", UnknownVariable, "subject"),
        ("Hello", "{salary}", UnknownVariable, "body"),
        ("Hello", "{name.__class__}", LooseBrace, "body"),
    ],
)
def test_a_variable_that_is_not_known_is_refused_at_its_field(
    db: psycopg.Connection, subject: str, body: str, refused: type[Exception], field: str
) -> None:
    with pytest.raises(refused) as refusal:
        decree(db, subject, body)
    assert refusal.value.field == field  # type: ignore[attr-defined]
    assert not perform(default_texts.read_default, visiting(db), **BOOKED).own


@pytest.mark.parametrize("channel", ["email", "sms", "in_app"])
@pytest.mark.parametrize("locale", ["fr", "en", "ar"])
def test_a_preview_fills_every_variable_and_sends_nothing(
    db: psycopg.Connection, post: Post, channel: str, locale: str
) -> None:
    key = {**BOOKED, "channel": channel, "locale": locale}
    view = perform(default_texts.read_default, visiting(db), **key)
    shown = perform(default_texts.preview_default, visiting(db), **key, form=view.form)
    assert shown.subject
    assert "{" not in shown.subject + shown.text
    assert post.sent == []


def test_who_changed_it_stands_on_record(db: psycopg.Connection) -> None:
    decree(db, "C’est noté")
    admin = visiting(db)
    perform(default_texts.reset_default, admin, **BOOKED)
    found = db.execute(
        "SELECT verb, reason FROM platform_access WHERE person_id = %s ORDER BY at DESC LIMIT 1", (admin.person_id,)
    ).fetchone()
    assert found == ("notify.default_texts.reset_default", "ticket 4831")


def test_support_reads_and_does_not_write_and_an_owner_does_neither(practice: House, db: psycopg.Connection) -> None:
    support, owner, form = visiting(db, PlatformRole.SUPPORT), chief(practice), TemplateForm(subject="Hello")
    perform(default_texts.read_default, support, **BOOKED)
    for actor in (support, owner):
        with pytest.raises(NotAllowed):
            perform(default_texts.save_default, actor, **BOOKED, form=form)
        with pytest.raises(NotAllowed):
            perform(default_texts.reset_default, actor, **BOOKED)
    with pytest.raises(NotAllowed):
        perform(default_texts.read_default, owner, **BOOKED)


def test_messages_of_the_account_are_not_written_here(db: psycopg.Connection) -> None:
    with pytest.raises(NotFound):
        decree(db, "Hello", event="account.registered")
