"""Tables of the people room."""

from sirkel.people.models.mail import CalendarAddress, Mail, MailSettings
from sirkel.people.models.organisation import Organisation, Workplace
from sirkel.people.models.person import Person, RoleAssignment
from sirkel.people.models.seat import Seat

__all__ = [
    "CalendarAddress",
    "Mail",
    "MailSettings",
    "Organisation",
    "Person",
    "RoleAssignment",
    "Seat",
    "Workplace",
]
