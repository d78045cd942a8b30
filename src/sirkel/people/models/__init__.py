"""Tables of the people room."""

from sirkel.people.models.api_key import ApiKey
from sirkel.people.models.factor_reset import FactorReset
from sirkel.people.models.hold import Hold
from sirkel.people.models.identity import Identity
from sirkel.people.models.installation import SetUpCode
from sirkel.people.models.mail import CalendarAddress, Mail, MailSettings
from sirkel.people.models.organisation import Network, Organisation, Programme, Workplace
from sirkel.people.models.person import Person, RoleAssignment
from sirkel.people.models.record_profile import RecordProfile
from sirkel.people.models.seat import Seat
from sirkel.people.models.session import Session
from sirkel.people.models.unit import Unit, UnitPlacement

__all__ = [
    "ApiKey",
    "CalendarAddress",
    "FactorReset",
    "Hold",
    "Identity",
    "Mail",
    "MailSettings",
    "Network",
    "Organisation",
    "Person",
    "Programme",
    "RecordProfile",
    "RoleAssignment",
    "Seat",
    "Session",
    "SetUpCode",
    "Unit",
    "UnitPlacement",
    "Workplace",
]
