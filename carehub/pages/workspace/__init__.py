"""What staff of one tenant works with."""

from carehub.components import navigation
from carehub.components.navigation import Action, Menu
from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.workspace import (
    billing,
    books,
    config,
    earnings,
    invitations,
    notify,
    payouts,
    plan,
    profiles,
    questions,
    report,
    settings,
    team_agendas,
    team_roles,
    texts,
)
from carehub.pages.workspace.agenda import agenda_actions, agenda_page, agenda_views
from carehub.pages.workspace.appointments import appointments_page
from carehub.pages.workspace.availability import availability_page
from carehub.pages.workspace.board import board_page, requests_page
from carehub.pages.workspace.day_rail import day_rail
from carehub.pages.workspace.home import home
from carehub.pages.workspace.patients import patient_page, patients_actions, patients_page
from carehub.pages.workspace.team import team
from carehub.state.agenda import Agenda
from carehub.state.appointment import Drawer
from carehub.state.appointment_list import AppointmentList
from carehub.state.availability import Hours
from carehub.state.board import Board
from carehub.state.config import (
    PractitionerEditor,
    PractitionerList,
    ServiceEditor,
    ServiceList,
    ServiceParts,
)
from carehub.state.data_desk import ClientConsents
from carehub.state.new_appointment import NewAppointment
from carehub.state.patients import EditPatient, Patient, Patients
from carehub.state.team import Member, Team

READ = "booking.read|agenda.own"
_SERVICES = Menu("list-checks", "directory.manage", "settings")
_PEOPLE = Menu("stethoscope", "directory.manage", "settings")
_EDIT_SERVICE = (ServiceEditor.open, ServiceParts.load)
HOURS = "agenda.own"

PAGES: tuple[Page, ...] = (
    Page("/w/[tenant]", home, N_("Opening your workspace"), shell="workspace"),
    Page(
        "/w/[tenant]/agenda",
        agenda_page,
        N_("Agenda"),
        (Agenda.load, Drawer.load, NewAppointment.from_address),
        "workspace",
        menu=Menu("calendar-days", READ, tab=True),
        views=agenda_views,
        actions=agenda_actions,
    ),
    Page(
        "/w/[tenant]/requests",
        requests_page,
        N_("Requests"),
        (Board.load, Drawer.load),
        "workspace",
        menu=Menu("inbox", READ, tab=True, count="requests"),
    ),
    Page(
        "/w/[tenant]/board",
        board_page,
        N_("Board"),
        (Board.load, Drawer.load),
        "workspace",
        menu=Menu("square-kanban", READ),
    ),
    Page(
        "/w/[tenant]/appointments",
        appointments_page,
        N_("Appointments"),
        (AppointmentList.load,),
        "workspace",
        menu=Menu("list", "booking.read"),
    ),
    Page(
        "/w/[tenant]/availability",
        availability_page,
        N_("Open hours"),
        (Hours.load, Drawer.load),
        "workspace",
        menu=Menu("calendar-clock", HOURS),
    ),
    Page(
        "/w/[tenant]/patients",
        patients_page,
        N_("{Clients}"),
        (Patients.load,),
        "workspace",
        menu=Menu("contact", "patients.read", group="care", tab=True),
        actions=patients_actions,
    ),
    Page(
        "/w/[tenant]/patients/[patient]",
        patient_page,
        N_("{Client}"),
        (Patient.load, EditPatient.open, ClientConsents.load),
        "workspace",
    ),
    Page("/w/[tenant]/services", config.services, N_("Services"), (ServiceList.load,), "workspace", menu=_SERVICES),
    Page("/w/[tenant]/services/[service]", config.service, N_("Service"), _EDIT_SERVICE, "workspace"),
    Page(
        "/w/[tenant]/practitioners",
        config.practitioners,
        N_("{Practitioners}"),
        (PractitionerList.load,),
        "workspace",
        menu=_PEOPLE,
    ),
    Page(
        "/w/[tenant]/practitioners/[practitioner]",
        config.practitioner,
        N_("{Practitioner}"),
        (PractitionerEditor.open,),
        "workspace",
    ),
    *profiles.PAGES,
    Page(
        "/w/[tenant]/team",
        team,
        N_("Team"),
        (Team.load, Member.load),
        "workspace",
        menu=Menu("users", "members.read", "settings"),
    ),
    *team_roles.PAGES,
    *team_agendas.PAGES,
    *invitations.PAGES,
    *plan.PAGES,
    *earnings.PAGES,
    *payouts.PAGES,
    *questions.PAGES,
    *billing.PAGES,
    *notify.PAGES,
    *texts.PAGES,
    *books.PAGES,
    *report.PAGES,
    *settings.PAGES,
)
navigation.RAIL.append(day_rail)
navigation.add_action(Action(N_("New appointment"), "agenda?new=1", "plus", READ))
