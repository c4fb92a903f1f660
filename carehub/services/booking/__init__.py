"""Booking: practitioners' services and hours, free times, appointments. The domain's public verbs."""

from carehub.services.booking.agenda import agenda, answers, board, detail, next_up
from carehub.services.booking.booking import book, book_directly
from carehub.services.booking.client import (
    accept_proposal_by_link,
    accept_proposal_mine,
    cancel_by_link,
    cancel_mine,
    my_appointments,
    read_by_link,
    read_mine,
    reschedule_by_link,
    reschedule_mine,
)
from carehub.services.booking.holds import free_days, hold_slot, nearest, offers, release_hold
from carehub.services.booking.moving import times_by_link, times_mine
from carehub.services.booking.patients import ClientForm
from carehub.services.booking.staff import (
    accept,
    arrive,
    book_for,
    cancel,
    decline,
    fulfil,
    mark_no_show,
    propose,
    reopen,
    reschedule,
)

__all__ = [
    "ClientForm",
    "accept",
    "accept_proposal_by_link",
    "accept_proposal_mine",
    "agenda",
    "answers",
    "arrive",
    "board",
    "book",
    "book_directly",
    "book_for",
    "cancel",
    "cancel_by_link",
    "cancel_mine",
    "decline",
    "detail",
    "free_days",
    "fulfil",
    "hold_slot",
    "mark_no_show",
    "my_appointments",
    "nearest",
    "next_up",
    "offers",
    "propose",
    "read_by_link",
    "read_mine",
    "release_hold",
    "reopen",
    "reschedule",
    "reschedule_by_link",
    "reschedule_mine",
    "times_by_link",
    "times_mine",
]
