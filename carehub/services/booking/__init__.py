"""Booking: practitioners' services and hours, free times, appointments. The domain's public verbs."""

from carehub.services.booking.agenda import agenda, answers, board, detail, next_up
from carehub.services.booking.appointments_list import list_appointments
from carehub.services.booking.availability import read_availability
from carehub.services.booking.availability_changes import (
    add_exception,
    change_hours,
    preview_hours,
    remove_exception,
    set_weekly,
)
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
from carehub.services.booking.desk import agenda_frame, count_waiting, day_rail, desk_offers
from carehub.services.booking.finding import Glance, glance
from carehub.services.booking.holds import free_days, hold_slot, nearest, offers, release_hold
from carehub.services.booking.moving import times_by_link, times_mine
from carehub.services.booking.patients import ClientForm
from carehub.services.booking.patients_desk import (
    PatientForm,
    add_patient,
    find_duplicates,
    list_patients,
    read_patient,
    search_patients,
    update_patient,
)
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
    "Glance",
    "PatientForm",
    "accept",
    "accept_proposal_by_link",
    "accept_proposal_mine",
    "add_exception",
    "add_patient",
    "agenda",
    "agenda_frame",
    "answers",
    "arrive",
    "board",
    "book",
    "book_directly",
    "book_for",
    "cancel",
    "cancel_by_link",
    "cancel_mine",
    "change_hours",
    "count_waiting",
    "day_rail",
    "decline",
    "desk_offers",
    "detail",
    "find_duplicates",
    "free_days",
    "fulfil",
    "glance",
    "hold_slot",
    "list_appointments",
    "list_patients",
    "mark_no_show",
    "my_appointments",
    "nearest",
    "next_up",
    "offers",
    "preview_hours",
    "propose",
    "read_availability",
    "read_by_link",
    "read_mine",
    "read_patient",
    "release_hold",
    "remove_exception",
    "reopen",
    "reschedule",
    "reschedule_by_link",
    "reschedule_mine",
    "search_patients",
    "set_weekly",
    "times_by_link",
    "times_mine",
    "update_patient",
]
