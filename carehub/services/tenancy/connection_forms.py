"""The forms of a tenant's own mail server, storage and Stripe account. Secrets are written, never read back."""

import enum
from typing import Annotated

from pydantic import BaseModel, EmailStr, Field, StringConstraints

from carehub.core.i18n import N_

Host = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Secret = Annotated[str, StringConstraints(max_length=500)]
KEPT = N_("Leave empty to keep the one that is stored")


class Encryption(enum.StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"


ENCRYPTION_LABELS = {
    Encryption.STARTTLS.value: N_("STARTTLS (usually port 587)"),
    Encryption.TLS.value: N_("TLS (usually port 465)"),
}


class MailForm(BaseModel):
    """A mail server that takes the tenant's messages."""

    host: Host = Field(title=N_("Mail server"), json_schema_extra={"placeholder": "smtp.example.com"})
    port: int = Field(587, ge=1, le=65535, title=N_("Port"))
    encryption: Encryption = Field(
        Encryption.STARTTLS, title=N_("Encryption"), json_schema_extra={"labels": {**ENCRYPTION_LABELS}}
    )
    user: Line = Field("", title=N_("User"))
    secret: Secret = Field("", title=N_("Password"), description=KEPT, json_schema_extra={"widget": "password"})
    sender: EmailStr = Field(
        title=N_("Sender's address"), description=N_("Your domain must allow this server to send for it (SPF, DKIM).")
    )


class StorageForm(BaseModel):
    """A bucket that speaks S3."""

    endpoint: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^https?://[^/@\s]+$")
    ] = Field(title=N_("Address"), json_schema_extra={"placeholder": "https://s3.eu-west-3.amazonaws.com"})
    bucket: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")] = (
        Field(title=N_("Bucket"))
    )
    region: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9-]{2,40}$")] = Field(
        "us-east-1", title=N_("Region")
    )
    access_key: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)] = Field(
        title=N_("Access key")
    )
    secret: Secret = Field("", title=N_("Secret key"), description=KEPT, json_schema_extra={"widget": "password"})


class StripeMode(enum.StrEnum):
    TEST = "test"
    LIVE = "live"


MODE_LABELS = {
    StripeMode.TEST.value: N_("Test: no money moves"),
    StripeMode.LIVE.value: N_("Live: cards are charged"),
}
SIGNS = N_(
    "Signing secret (whsec_…) of the address that Stripe tells. Left empty, the test below sets it up by itself."
)


def _key(mode: str) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, max_length=300, pattern=rf"^((sk|rk)_{mode}_[A-Za-z0-9_]+)?$")


Signing = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^(whsec_[A-Za-z0-9_+/=]+)?$")
]


class StripeForm(BaseModel):
    """A Stripe account: its keys of both modes, and which one counts (CD-123). Keys are written, never read back."""

    mode: StripeMode = Field(StripeMode.TEST, title=N_("Mode"), json_schema_extra={"labels": {**MODE_LABELS}})
    test_key: Annotated[str, _key("test")] = Field(
        "", title=N_("Secret key, test"), description=KEPT, json_schema_extra={"widget": "password"}
    )
    test_webhook: Signing = Field(
        "", title=N_("Signing secret, test"), description=SIGNS, json_schema_extra={"widget": "password"}
    )
    live_key: Annotated[str, _key("live")] = Field(
        "", title=N_("Secret key, live"), description=KEPT, json_schema_extra={"widget": "password"}
    )
    live_webhook: Signing = Field(
        "", title=N_("Signing secret, live"), description=SIGNS, json_schema_extra={"widget": "password"}
    )
