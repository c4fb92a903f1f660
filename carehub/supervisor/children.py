"""What `carehub up` runs beside the databases."""

import os
import socket
import sys

from carehub.core.settings import ROOT, settings
from carehub.supervisor.child import Child

WEB_STOP_SECONDS = 3


def web_command() -> list[str]:
    """Granian over the last build."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory"),
        *("--host", settings.host, "--port", str(settings.port), "--workers", str(settings.web_workers)),
        *("--workers-kill-timeout", str(WEB_STOP_SECONDS), "--respawn-failed-workers", "--no-access-log"),
        *("--log-level", settings.log_level.lower(), "carehub.carehub:app"),
    ]


def web_environment() -> dict[str, str]:
    """How Reflex serves a build without making it. With one process, state stays in it: pages live without Valkey."""
    one = settings.web_workers == 1
    shared = {} if one else {"REFLEX_REDIS_URL": settings.valkey_url}
    return {
        **environment(),
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_STATE_MANAGER_MODE": "memory" if one else "redis",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        **shared,
    }


def worker_command() -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "tasks.app", "worker", "--loglevel", settings.log_level),
        *("--concurrency", str(settings.worker_processes), "--without-gossip", "--without-mingle"),
    ]


def beat_command() -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "tasks.app", "beat", "--loglevel", settings.log_level),
        *("--schedule", str(settings.data_dir / "celerybeat-schedule"), "--pidfile", ""),
    ]


def children() -> list[Child]:
    """In the order of starting. The demo's mail sink comes first: the others are told its address."""
    mail = _mail_sink()
    told = {"CAREHUB_SMTP_URL": mail.env["CAREHUB_SMTP_URL"]} if mail else {}
    made = [
        _child("web", web_command(), web_environment() | told),
        _child("worker", worker_command(), environment() | told),
        _child("beat", beat_command(), environment() | told),
    ]
    return [mail, *made] if mail else made


def _mail_sink() -> Child | None:
    if not settings.demo or settings.smtp_url:
        return None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**environment(), "CAREHUB_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    return _child("mail", [sys.executable, "-m", "carehub.integrations.mail_sink", str(port)], env)


def _child(name: str, command: list[str], env: dict[str, str]) -> Child:
    log = settings.data_dir / "logs" / f"{name}.log"
    return Child(name, command, env=env, log=log, cwd=ROOT, mark=str(settings.data_dir))


def environment() -> dict[str, str]:
    """What every child inherits: our own settings, and this checkout on the path."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "CAREHUB_DATA_DIR": str(settings.data_dir)}
