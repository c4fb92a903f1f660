"""Where the program runs. Read once from the environment; nothing else reads it."""

import contextlib
import hashlib
import secrets
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parents[2]
SMS_URL = "https://api.twilio.com"
STRIPE_URL = "https://api.stripe.com"


class Settings(BaseSettings):
    """Every knob of CareHub. `CAREHUB_` prefixes all but DATABASE_URL and REDIS_URL.

    An empty database or Redis address means: the embedded servers of `data_dir`.
    """

    model_config = SettingsConfigDict(env_prefix="CAREHUB_", extra="ignore", frozen=True)

    data_dir: Path = ROOT / ".carehub"
    host: str = "127.0.0.1"
    port: int = Field(3000, ge=1, le=65535)
    trusted_hops: int = Field(0, ge=0, le=5)  # proxies before the web whose X-Forwarded-For is believed
    public_url: str = ""  # what links in e-mails and canonical addresses start with
    web_workers: int = Field(1, ge=1, le=64)
    worker_processes: int = Field(2, ge=1, le=64)
    demo: bool = False  # demo tenants, /demo/mailbox; never in production
    secret_key: str = ""  # empty: made once and kept in data_dir
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    database_url: str = Field("", validation_alias=AliasChoices("DATABASE_URL", "CAREHUB_DATABASE_URL"))
    login_url: str = ""  # the web's own login; empty: derived from database_url
    platform_login_url: str = ""  # the super-admins' login; empty: derived from database_url
    redis_url: str = Field("", validation_alias=AliasChoices("REDIS_URL", "CAREHUB_REDIS_URL"))
    pg_bin: str = ""
    threads: int = Field(8, ge=2, le=256)  # verbs at once in a web process, and its database connections

    backup_dir: Path | None = None  # where scheduled backups go; empty: none is scheduled
    backup_hours: int = Field(24, ge=1, le=24 * 31)  # between two of them
    backup_keep: int = Field(7, ge=1, le=1000)  # newest ones kept, besides the first of each of as many weeks

    storage_url: str = ""  # https://KEY:SECRET@endpoint/bucket?region; empty: the folder data_dir/files
    smtp_url: str = ""  # smtp://user:password@host:port; empty: the demo sink of data_dir
    mail_from: str = "CareHub <no-reply@example.com>"
    dns_servers: str = (
        ""  # address[:port], comma-separated: who is asked of tenants' own hosts; empty: the machine's own
    )
    sms_url: str = SMS_URL  # what speaks Twilio's API; the demo has its own
    sms_account: str = ""  # of the platform itself, for codes of recovery; tenants have theirs
    sms_token: str = ""
    sms_from: str = ""
    stripe_api_base: str = STRIPE_URL  # the demo has its own
    stripe_key: str = ""  # of the platform's own account; tenants may have theirs
    stripe_webhook_secret: str = ""
    stripe_test_clocks: bool = (
        False  # new subscribers live on a test clock of their own: to rehearse renewals with a test key
    )
    metrics_token: str = ""  # what a scraper from elsewhere presents; empty: only this machine reads /metrics
    otlp_endpoint: str = Field(
        "", validation_alias=AliasChoices("OTEL_EXPORTER_OTLP_ENDPOINT", "CAREHUB_OTLP_ENDPOINT")
    )
    tiles_url: str = ""  # map tiles, {z}/{x}/{y}; empty: the plain ground drawn by the page itself

    google_client_id: str = ""  # sign-in with Google, once both are set
    google_client_secret: str = ""
    linkedin_client_id: str = ""
    linkedin_client_secret: str = ""

    session_hours: int = Field(24 * 14, ge=1)
    session_cache_seconds: float = Field(5.0, ge=0)
    api_requests_per_minute: int = Field(100, ge=1)
    upload_max_bytes: int = Field(5_000_000, ge=1)

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @property
    def embedded_database(self) -> bool:
        return not self.database_url

    @property
    def embedded_redis(self) -> bool:
        return not self.redis_url

    @cached_property
    def run_dir(self) -> Path:
        """Where the embedded servers' sockets stand. A socket's path may not be longer than about 100 characters."""
        near = self.data_dir / "run"
        if len(str(near)) <= 70:
            return near
        return Path(tempfile.gettempdir()) / f"carehub-{hashlib.sha256(str(near).encode()).hexdigest()[:12]}"

    @cached_property
    def admin_database_url(self) -> str:
        """The administrator's address, embedded or given: for migrations, backup and `carehub db url --admin`."""
        return self.database_url or f"postgresql://carehub_admin@/carehub?host={self.run_dir / 'postgres'}&port=5432"

    @cached_property
    def valkey_url(self) -> str:
        return self.redis_url or f"unix://{self.run_dir / 'valkey' / 'valkey.sock'}?db=0"

    @cached_property
    def broker_url(self) -> str:
        """The same server in Celery's words."""
        if self.redis_url:
            return self.redis_url
        return f"redis+socket://{self.run_dir / 'valkey' / 'valkey.sock'}?virtual_host=1"

    @cached_property
    def url(self) -> str:
        """The address people use, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @cached_property
    def secret(self) -> bytes:
        """The root of every derived key. Kept in data_dir (mode 0600) unless it is given."""
        if self.secret_key:
            return self.secret_key.encode()
        path = self.data_dir / "secret.key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(f".{secrets.token_hex(4)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_hex(32))
            with contextlib.suppress(FileExistsError):  # another process was first: its key counts
                path.hardlink_to(fresh)
            fresh.unlink()
        return path.read_text().strip().encode()


settings = Settings()
