"""Mail over SMTP. One connection a message: the worker sends few, and a stale connection is the commonest failure."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from carehub.core.settings import settings

TIMEOUT = 10.0  # seconds, for each step of the conversation
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class MailError(Exception):
    """The message was not taken. `final`: trying again cannot help. Its text names no address."""

    def __init__(self, told: str, *, final: bool = False) -> None:
        super().__init__(told)
        self.final = final


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes
    subtype: str  # of text/
    params: dict[str, str] = field(default_factory=dict)


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
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    shown = message.get_body(("html",))
    assert isinstance(shown, EmailMessage)
    for picture in mail.inline:
        shown.add_related(picture.content, "image", picture.subtype, cid=f"<{picture.cid}>", disposition="inline")
    for one in mail.attachments:
        message.add_attachment(one.content.decode(), subtype=one.subtype, filename=one.name, params=one.params)
    message["Content-Language"] = mail.locale  # last: adding parts moves such headers into the first of them
    return message


def _server() -> tuple[str, str, int, str, str]:
    """Scheme, host, port, user, password. Without an address: the demo's sink of this data directory."""
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
        raise MailError(f"the recipient was refused ({codes[0]})", final=all(code >= 500 for code in codes)) from error
    except smtplib.SMTPResponseException as error:
        raise MailError(f"{type(error).__name__} {error.smtp_code}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(type(error).__name__) from error
