"""The demo's mail server: keeps every message in `data_dir/mail`, a maildir. Nothing leaves the machine."""

import email
import mailbox
import sys
import threading
from email.message import Message
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from carehub.core.settings import settings

KEPT = 500  # the oldest go first


class Keeper:
    """What aiosmtpd calls for each message."""

    def __init__(self, place: Path) -> None:
        self.box = mailbox.Maildir(str(place), create=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        message: Message = email.message_from_bytes(content)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.box.add(message)
        self._forget()
        return "250 kept"

    def _forget(self) -> None:
        names = sorted(self.box.keys(), key=lambda name: float(name.split(".")[0]))
        for name in names[:-KEPT]:
            self.box.discard(name)


def serve(port: int) -> None:
    """Until the process is ended. Loopback only."""
    Controller(Keeper(settings.data_dir / "mail"), hostname="127.0.0.1", port=port).start()
    threading.Event().wait()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
