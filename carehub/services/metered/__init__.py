"""Paid by use: questions, messages and calls. DI-019, DI-020, DI-063, DI-064. Screens of calls come with video."""

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
from carehub.services.metered.questions import answer, ask, my_price, my_questions, read_mine, read_offer, read_question

__all__ = [
    "agree_to_call",
    "answer",
    "answer_message",
    "ask",
    "begin_call",
    "end_call",
    "end_calls",
    "extend_call",
    "hang_up",
    "hold_for_message",
    "my_paid_message",
    "my_price",
    "my_questions",
    "read_call",
    "read_mine",
    "read_offer",
    "read_question",
    "release_unanswered",
    "set_use_price",
    "use_prices",
]
