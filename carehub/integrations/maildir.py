"""The demo's mail, as the sink kept it: `data_dir/mail`, a maildir."""

import base64
import email
import mailbox
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from pathlib import Path

from carehub.core.settings import settings

KEPT = 500  # the oldest go first


@dataclass(frozen=True)
class Summary:
    """One line of the list. `name` is the message's key in the maildir."""

    name: str
    at: datetime
    sender: str
    to: str
    subject: str
    has_file: bool


@dataclass(frozen=True)
class Attached:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    summary: Summary
    html: str
    text: str
    locale: str
    files: tuple[Attached, ...]


def place() -> Path:
    return settings.data_dir / "mail"


def _arrived(name: str) -> float:
    try:
        return float(name.split(".", 1)[0])
    except ValueError:
        return 0.0


def _with_pictures(html: str, message: EmailMessage) -> str:
    """The pictures that travel in the mail, written into its HTML: a browser knows no cid: address."""
    for part in message.walk():
        cid = str(part.get("Content-ID", "")).strip("<>")
        if cid and part.get_content_maintype() == "image":
            content = base64.b64encode(part.get_payload(decode=True)).decode()  # type: ignore[arg-type]
            html = html.replace(f"cid:{cid}", f"data:{part.get_content_type()};base64,{content}")
    return html


class Kept:
    """The maildir, written by the sink and read by the demo's mailbox page."""

    def __init__(self, folder: Path) -> None:
        self.box = mailbox.Maildir(str(folder), factory=None, create=True)

    @cached_property
    def _known(self) -> set[str | None]:
        return {self._parse(name).get("Message-ID") for name in self.box.keys()}  # noqa: SIM118

    def keep(self, content: bytes, recipients: list[str]) -> bool:
        """False when a message with the same Message-ID is there already: its sender only did not hear our yes."""
        message = email.message_from_bytes(content)
        told = message.get("Message-ID")
        if told and told in self._known:
            return False
        message["X-Envelope-To"] = ", ".join(recipients)
        self.box.add(message)
        self._known.add(told)
        for name in sorted(self.box.keys(), key=_arrived)[:-KEPT]:
            self.box.discard(name)
        return True

    def summaries(self) -> list[Summary]:
        """The newest first."""
        return [self._summary(name, self._parse(name)) for name in sorted(self.box.keys(), key=_arrived, reverse=True)]

    def letter(self, name: str) -> Letter | None:
        """None when there is no such message."""
        if name not in self.box:
            return None
        message = self._parse(name)
        html, text = message.get_body(("html",)), message.get_body(("plain",))
        files = tuple(
            Attached(part.get_filename() or "file", part.get_content_type(), part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
            for part in message.iter_attachments()
        )
        return Letter(
            self._summary(name, message),
            _with_pictures(html.get_content(), message) if html else "",
            text.get_content() if text else "",
            message.get("Content-Language", "en"),
            files,
        )

    def _parse(self, name: str) -> EmailMessage:
        parsed = email.message_from_bytes(self.box.get_bytes(name), policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @staticmethod
    def _summary(name: str, message: EmailMessage) -> Summary:
        return Summary(
            name=name,
            at=datetime.fromtimestamp(_arrived(name), UTC),
            sender=str(message.get("From", "")),
            to=str(message.get("To", "")),
            subject=str(message.get("Subject", "")),
            has_file=any(True for _ in message.iter_attachments()),
        )
