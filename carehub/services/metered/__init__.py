"""Paid by use: messages and calls. DI-019, DI-020, DI-063, DI-064. Their screens come with messaging and video."""

from carehub.services.metered.calls import (
    agree_to_call,
    begin_call,
    end_call,
    end_calls,
    extend_call,
    hang_up,
    read_call,
)
from carehub.services.metered.messages import (
    answer_message,
    hold_for_message,
    my_paid_message,
    release_unanswered,
    set_use_price,
    use_prices,
)

__all__ = [
    "agree_to_call",
    "answer_message",
    "begin_call",
    "end_call",
    "end_calls",
    "extend_call",
    "hang_up",
    "hold_for_message",
    "my_paid_message",
    "read_call",
    "release_unanswered",
    "set_use_price",
    "use_prices",
]
