"""Pure rules of money: how an amount is shared. DI-092."""

from dataclasses import dataclass

POINTS = 10_000  # a whole, in hundredths of a per cent


@dataclass(frozen=True)
class Split:
    """What the organisation and CareHub keep of each amount, in POINTS; the professional has the rest."""

    tenant: int = 2_000
    platform: int = 0


@dataclass(frozen=True)
class Shares:
    professional: int
    tenant: int
    platform: int


def share(amount: int, split: Split) -> Shares:
    """Each cut is rounded down to a whole unit; what rounding leaves goes to the professional. The three sum to `amount`."""
    tenant = amount * split.tenant // POINTS
    platform = amount * split.platform // POINTS
    return Shares(amount - tenant - platform, tenant, platform)
