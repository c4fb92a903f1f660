"""The demo's mail server: keeps every message in `data_dir/mail`. Nothing leaves the machine.

`python -m carehub.integrations.mail_sink [port]` writes the port that it listens on to `data_dir/run/smtp.port`."""

import os
import socket
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from carehub.core.settings import settings
from carehub.integrations.maildir import Kept, place


class Keeper:
    """What aiosmtpd calls for each message."""

    def __init__(self, folder: Path) -> None:
        self.kept = Kept(folder)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        return "250 kept" if self.kept.keep(content, envelope.rcpt_tos) else "250 kept already"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tell_port(port: int) -> None:
    told = settings.data_dir / "run" / "smtp.port"
    told.parent.mkdir(parents=True, exist_ok=True)
    fresh = told.with_suffix(f".{os.getpid()}")
    fresh.write_text(str(port))
    fresh.replace(told)


def serve(port: int) -> None:
    """Until the process is ended. Loopback only; port 0 means any free one."""
    port = port or _free_port()
    Controller(Keeper(place()), hostname="127.0.0.1", port=port).start()
    _tell_port(port)
    threading.Event().wait()


if __name__ == "__main__":
    serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
