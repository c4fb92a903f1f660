"""What pages show of the books. Amounts are whole coins; moments ISO 8601 in UTC."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ending:
    """Bonus coins that are gone at `at` when nobody uses them."""

    amount: int
    at: str


@dataclass(frozen=True)
class Wallet:
    """A person's coins at one organisation (DI-090, DI-118). `available` holds `bonus`; `held` is set aside for services."""

    tenant: str
    tenant_name: str
    available: int = 0
    bonus: int = 0
    held: int = 0
    ending: list[Ending] = field(default_factory=list)


@dataclass(frozen=True)
class Movement:
    """One transaction as its owner sees it: what it did to what they have (`free`) and to what is set aside (`held`).

    `kind` is the ledger's word, `label` a msgid that says it; `reason` what somebody wrote; `balance` what was free afterwards.
    """

    id: str
    at: str
    kind: str
    label: str
    purpose: str
    reference: str
    reason: str
    free: int
    held: int
    balance: int | None = None  # not told where only one kind is shown


@dataclass(frozen=True)
class Statement:
    """A page of movements, newest first; `older` continues it, empty at the end."""

    movements: list[Movement]
    older: str = ""


@dataclass(frozen=True)
class AdjustmentView:
    id: str
    person: str
    amount: int
    reason: str
    state: str
    asked_by: str
    answered_by: str
    at: str
    mine: bool  # asked by who looks: somebody else must answer


@dataclass(frozen=True)
class SplitView:
    """Per cent with two decimals, as text ("20.00"); `service` empty for the rule of every other service."""

    service_id: str
    service: str
    tenant: str
    platform: str
    professional: str
    valid_from: str
