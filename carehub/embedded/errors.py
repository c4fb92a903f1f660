"""Why an embedded server could not be started, in an operator's words."""

from pathlib import Path


class EmbeddedError(RuntimeError):
    """The message says what is wrong and what to do."""


def tail(path: Path, *, lines: int = 8) -> str:
    """The end of a log, to show beside an error; empty when there is no log."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
