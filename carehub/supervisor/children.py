"""What `carehub up` runs beside the databases."""

import hashlib
import hmac
import os
import shutil
import socket
import sys

from carehub.core.settings import ROOT, SMS_URL, STRIPE_URL, settings
from carehub.integrations.stripe_sink import DEMO_KEY
from carehub.supervisor.child import Child

WEB_STOP_SECONDS = 3
FIGURES = "PROMETHEUS_MULTIPROC_DIR"
SINK_SETTINGS = frozenset(
    {
        *("CAREHUB_SMTP_URL", "CAREHUB_SMS_URL", "CAREHUB_SMS_ACCOUNT", "CAREHUB_SMS_TOKEN", "CAREHUB_SMS_FROM"),
        *("CAREHUB_STRIPE_API_BASE", "CAREHUB_STRIPE_KEY", "CAREHUB_STRIPE_WEBHOOK_SECRET"),
    }
)


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
    """In the order of starting. The demo's mail sink, carrier and Stripe come first: the others are told their addresses."""
    sinks = [one for one in (_mail_sink(), _texts_sink(), _stripe_sink()) if one]
    told = {name: value for one in sinks for name, value in one.env.items() if name in SINK_SETTINGS}
    figures = _figures()
    made = [
        _child("web", web_command(), web_environment() | told | figures),
        _child("worker", worker_command(), environment() | told | figures),
        _child("beat", beat_command(), environment() | told),
    ]
    return [*sinks, *made]


def _figures() -> dict[str, str]:
    """With several web processes, a common directory in which they and the worker count: `/metrics` sums it. Empty at each start."""
    if settings.web_workers == 1 or FIGURES in os.environ:
        return {}
    place = settings.data_dir / "metrics"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return {FIGURES: str(place)}


def _mail_sink() -> Child | None:
    if not settings.demo or settings.smtp_url:
        return None
    port = _free_port()
    env = {**environment(), "CAREHUB_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    return _child("mail", [sys.executable, "-m", "carehub.integrations.mail_sink", str(port)], env)


def _texts_sink() -> Child | None:
    """The platform's own account is the demo carrier's too, so that codes of recovery arrive."""
    if not settings.demo or settings.sms_account or settings.sms_url != SMS_URL:
        return None
    port = _free_port()
    own = {
        "CAREHUB_SMS_URL": f"http://127.0.0.1:{port}",
        "CAREHUB_SMS_ACCOUNT": "AC" + "0" * 32,
        "CAREHUB_SMS_TOKEN": "demo",
        "CAREHUB_SMS_FROM": "+33600000000",
    }
    return _child(
        "texts", [sys.executable, "-m", "carehub.integrations.texts_sink", str(port)], {**environment(), **own}
    )


def _stripe_sink() -> Child | None:
    """Its secret follows from the installation's, so that it stays the same from one start to the next."""
    if not settings.demo or settings.stripe_key or settings.stripe_api_base != STRIPE_URL:
        return None
    port = _free_port()
    own = {
        "CAREHUB_STRIPE_API_BASE": f"http://127.0.0.1:{port}",
        "CAREHUB_STRIPE_KEY": DEMO_KEY,
        "CAREHUB_STRIPE_WEBHOOK_SECRET": "whsec_" + hmac.digest(settings.secret, b"demo stripe", hashlib.sha256).hex(),
    }
    return _child(
        "stripe", [sys.executable, "-m", "carehub.integrations.stripe_sink", str(port)], {**environment(), **own}
    )


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _child(name: str, command: list[str], env: dict[str, str]) -> Child:
    log = settings.data_dir / "logs" / f"{name}.log"
    return Child(name, command, env=env, log=log, cwd=ROOT, mark=str(settings.data_dir))


def environment() -> dict[str, str]:
    """What every child inherits: our own settings, and this checkout on the path."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "CAREHUB_DATA_DIR": str(settings.data_dir)}
