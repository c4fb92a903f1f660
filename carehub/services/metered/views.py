"""What pages show of paid uses. Coins are whole, moments ISO 8601."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UsePrices:
    """What a practitioner asks, in coins; 0: not offered."""

    message: int = 0
    video_message: int = 0
    call: int = 0
    minimum_minutes: int = 0


@dataclass(frozen=True)
class PaidMessageView:
    message_id: str
    coins: int
    state: str
    answer_by: str


@dataclass(frozen=True)
class AskView:
    """A question before it is sent: `price_minor` is what its coins are worth, `hours` how long the expert may take, `have` free coins."""

    practitioner_id: str
    name: str
    headline: str
    house: str
    tenant: str
    coins: int
    price_minor: int
    currency: str
    hours: int
    have: int


@dataclass(frozen=True)
class QuestionLine:
    """`state` is open, paid (answered) or released (given back)."""

    id: str = ""
    tenant: str = ""
    house: str = ""
    practitioner: str = ""
    practitioner_slug: str = ""
    client: str = ""
    state: str = "open"
    coins: int = 0
    asked_at: str = ""
    answer_by: str = ""
    resolved_at: str = ""


@dataclass(frozen=True)
class QuestionView:
    line: QuestionLine
    question: str
    answer: str


@dataclass(frozen=True)
class CallView:
    """`coins`: what it costs by now, and in the end; `until`: when what was agreed to is used up."""

    id: str
    state: str
    per_minute: int
    minimum: int
    minutes: int
    coins: int
    seconds: int
    started_at: str
    until: str
