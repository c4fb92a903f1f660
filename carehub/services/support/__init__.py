"""The support desk (DI-138)."""

from carehub.services.support.asking import (
    Asked,
    AskForm,
    Message,
    TicketView,
    ask,
    my_tickets,
    read_ticket,
    reply,
    solve,
    where_i_work,
)
from carehub.services.support.desk import DESK, DeskTicket, answer, assign_tickets, close_tickets, desk_ticket

__all__ = [
    "DESK",
    "AskForm",
    "Asked",
    "DeskTicket",
    "Message",
    "TicketView",
    "answer",
    "ask",
    "assign_tickets",
    "close_tickets",
    "desk_ticket",
    "my_tickets",
    "read_ticket",
    "reply",
    "solve",
    "where_i_work",
]
