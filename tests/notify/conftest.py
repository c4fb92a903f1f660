"""A mail server in this process, and the house that sends."""

import email
from email.message import EmailMessage
from email.policy import default

import psycopg
import pytest

from carehub.integrations import mail
from carehub.integrations.mail import Mail, MailError
from tests.notify import house as houses
from tests.notify.house import House


class Post:
    """Takes what mail.send would send. `down`: refuses everything for now; `refuse`: for good."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.down = False
        self.refuse = False

    def take(self, letter: Mail) -> None:
        if self.refuse:
            raise MailError("the recipient was refused (550)", final=True)
        if self.down:
            raise MailError("ConnectionRefusedError")
        message = email.message_from_bytes(mail.compose(letter).as_bytes(), policy=default)
        assert isinstance(message, EmailMessage)
        self.sent.append(message)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    taken = Post()
    monkeypatch.setattr(mail, "send", taken.take)
    return taken


@pytest.fixture
def practice(worker_database: str) -> House:
    """A new tenant; what earlier tests left waiting is no longer due."""
    with psycopg.connect(worker_database, autocommit=True) as admin:
        admin.execute("UPDATE delivery SET status = 'withdrawn' WHERE status IN ('scheduled', 'sending')")
        admin.execute("UPDATE outbox SET done_at = now() WHERE done_at IS NULL")
    return houses.house()
