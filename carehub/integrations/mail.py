"""Mail over SMTP. One connection a message: the worker sends few, and a stale connection is the commonest failure."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from carehub.core.settings import settings

TIMEOUT = 10.0  # seconds, for each step of the conversation
NO_MAILBOX = frozenset({550, 551, 553})  # RFC 5321: not found, moved away, not allowed as a name
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class MailError(Exception):
    """The message was not taken. `final`: trying again cannot help; `no_mailbox`: nor will any other. Its text names no address."""

    def __init__(self, told: str, *, final: bool = False, no_mailbox: bool = False) -> None:
        super().__init__(told)
        self.final, self.no_mailbox = final, no_mailbox


@dataclass(frozen=True)
class Server:
    """A tenant's own mail server. `tls`: encrypted from the first byte, else by STARTTLS. Its messages come from `sender`."""

    host: str
    port: int
    tls: bool
    user: str
    password: str = field(repr=False)
    sender: str = ""


_own: ContextVar[Server | None] = ContextVar("own mail server", default=None)


@contextmanager
def using(server: Server) -> Iterator[None]:
    """Within it, mail is composed for and handed to this server instead of CareHub's."""
    before = _own.set(server)
    try:
        yield
    finally:
        _own.reset(before)


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes
    subtype: str  # of `maintype`
    params: dict[str, str] = field(default_factory=dict)
    maintype: str = "text"


@dataclass(frozen=True)
class Inline:
    """A picture that the HTML shows as `cid:<cid>`."""

    cid: str
    content: bytes
    subtype: str  # of image/


@dataclass(frozen=True)
class Mail:
    """`message_id` is the same at each attempt, so that whoever got the message twice can tell."""

    message_id: str
    sender_name: str
    to: str
    to_name: str
    subject: str
    html: str
    text: str
    locale: str
    reply_to: str = ""
    leave_url: str = ""  # where the reader's mail program leaves such messages with one click
    attachments: tuple[Attachment, ...] = ()
    inline: tuple[Inline, ...] = ()


def _one_line(words: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def _address(name: str, email: str) -> Address:
    try:
        return Address(_one_line(name), addr_spec=email.strip())
    except (ValueError, IndexError) as error:
        raise MailError("the address is not one", final=True) from error


def sender_address() -> str:
    own = _own.get()
    if own is not None and own.sender:
        return own.sender
    return parseaddr(settings.mail_from)[1]


def message_id(delivery_id: str) -> str:
    return f"<{delivery_id}@{sender_address().rpartition('@')[2]}>"


def compose(mail: Mail) -> EmailMessage:
    """The message on the wire. Raises MailError (final) for an address that is none."""
    message = EmailMessage()
    message["Message-ID"] = mail.message_id
    message["From"] = _address(mail.sender_name, sender_address())
    message["To"] = _address(mail.to_name, mail.to)
    if mail.reply_to:
        message["Reply-To"] = _address(mail.sender_name, mail.reply_to)
    message["Subject"] = _one_line(mail.subject)
    message["Auto-Submitted"] = "auto-generated"
    if mail.leave_url:
        message["List-Unsubscribe"] = f"<{mail.leave_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    shown = message.get_body(("html",))
    assert isinstance(shown, EmailMessage)
    for picture in mail.inline:
        shown.add_related(picture.content, "image", picture.subtype, cid=f"<{picture.cid}>", disposition="inline")
    for one in mail.attachments:
        if one.maintype == "text":
            message.add_attachment(one.content.decode(), subtype=one.subtype, filename=one.name, params=one.params)
        else:
            message.add_attachment(one.content, one.maintype, one.subtype, filename=one.name, params=one.params)
    message["Content-Language"] = mail.locale  # last: adding parts moves such headers into the first of them
    return message


def _server() -> tuple[str, str, int, str, str]:
    """Scheme, host, port, user, password. Without an address: the demo's sink of this data directory."""
    own = _own.get()
    if own is not None:
        return "smtps" if own.tls else "smtp", own.host, own.port, own.user, own.password
    if not settings.smtp_url:
        port_file = settings.data_dir / "run" / "smtp.port"
        if not port_file.exists():
            raise MailError("no mail server is set")
        return "smtp", "127.0.0.1", int(port_file.read_text()), "", ""
    url = urlsplit(settings.smtp_url)
    port = url.port or (465 if url.scheme == "smtps" else 587)
    return url.scheme, url.hostname or "127.0.0.1", port, unquote(url.username or ""), unquote(url.password or "")


def send(mail: Mail) -> None:
    """Hand the message to the mail server. Raises MailError."""
    message = compose(mail)
    scheme, host, port, user, password = _server()
    try:
        if scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(host, port, timeout=TIMEOUT)
        with connection:
            if scheme == "smtp" and host not in LOOPBACK:
                connection.starttls(context=ssl.create_default_context())
            if user:
                connection.login(user, password)
            connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        final, gone = all(code >= 500 for code in codes), all(code in NO_MAILBOX for code in codes)
        raise MailError(f"the recipient was refused ({codes[0]})", final=final, no_mailbox=gone) from error
    except smtplib.SMTPResponseException as error:
        raise MailError(f"{type(error).__name__} {error.smtp_code}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(type(error).__name__) from error
