"""What was decided of a subscription and Stripe was not told yet. One at a time: a later wish replaces an earlier one."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

What = Literal["begin", "change", "cancel", "resume", "card", "pay", "end"]


@dataclass(frozen=True)
class Wish:
    """`key` is what Stripe knows its calls by. `at`: when prorations are counted from, as the preview did."""

    what: What
    key: str
    plan: str = ""
    addons: list[str] = field(default_factory=list)
    trial: bool = False
    at: int = 0


def read_wish(kept: dict[str, Any]) -> Wish | None:
    return Wish(**kept) if kept else None


def kept_wish(wish: Wish | None) -> dict[str, Any]:
    return asdict(wish) if wish is not None else {}
