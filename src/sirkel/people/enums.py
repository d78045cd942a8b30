"""Words of the people room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Area(TextChoices):
    """Countries and areas; Åland stands on its own."""

    DK = "DK", _("Denmark")
    NO = "NO", _("Norway")
    SE = "SE", _("Sweden")
    FI = "FI", _("Finland")
    AX = "AX", _("Åland")
    IS = "IS", _("Iceland")
    FO = "FO", _("Faroe Islands")
    GL = "GL", _("Greenland")


class WorkplaceKind(TextChoices):
    """What kind of workplace it is."""

    NURSING_HOME = "nursing_home", _("Nursing home")
    HOME_CARE = "home_care", _("Home care")
    GROUP_HOME = "group_home", _("Group home")
    DAY_CENTRE = "day_centre", _("Day centre")
    CLINIC = "clinic", _("Health clinic")
    SOCIAL_SERVICES = "social_services", _("Social services")
    OTHER = "other", _("Other")


class Sector(TextChoices):
    """In which part of working life a workplace is: what is learnt in one may be asked for in another."""

    HEALTH_AND_CARE = "health_and_care", _("Health and care")
    SOCIAL = "social", _("Social work")
    EDUCATION = "education", _("Schools and day care")
    TECHNICAL = "technical", _("Technical services")
    ADMINISTRATION = "administration", _("Administration")
    OTHER = "other", _("Other")


class Scope(TextChoices):
    """How far a role reaches, the widest first."""

    INSTALLATION = "installation", _("Everywhere")
    NETWORK = "network", _("Network")
    PROGRAMME = "programme", _("Programme")
    ORGANISATION = "organisation", _("Organisation")
    WORKPLACE = "workplace", _("Workplace")
    UNIT = "unit", _("Unit")


class Role(TextChoices):
    """What a person may be. Participants need no role: a seat in the meeting is enough."""

    FACILITATOR = "facilitator", _("Facilitator")
    LEADER = "leader", _("Leader")
    UNION = "union", _("Union or safety representative")
    RESEARCHER = "researcher", _("Researcher")
    COORDINATOR = "coordinator", _("Network coordinator")
    POLICY = "policy", _("Policy officer")
    ADMINISTRATOR = "administrator", _("Administrator")


class RecordStatus(TextChoices):
    """What an organisation says that circles' writing is, by the law on public records where it is."""

    WORKING = "working", _("Working material: not a public record")
    LET_OUT = "let_out", _("What a circle lets out is a public record; the rest is working material")
    RECORD = "record", _("A public record")


class HoldScope(TextChoices):
    """What a legal hold covers."""

    CIRCLE = "circle", _("Circle")
    PERSON = "person", _("Person")
    WORKPLACE = "workplace", _("Workplace")
    ORGANISATION = "organisation", _("Organisation")


class HoldState(TextChoices):
    """Where a legal hold stands; what waits for somebody stands first."""

    ASKED = "asked", _("Asked for")
    LIFT_ASKED = "lift_asked", _("Holds; asked to let go")
    HOLDS = "holds", _("In force")
    LIFTED = "lifted", _("Let go")


class MailKind(TextChoices):
    """What a mail is about. Its reader can switch off the first five kinds (``queries.mail.WANTS``).

    ``LEFT`` is how a theft of a link is noticed, ``CHANGED`` how a theft of an account is; ``ASKED`` comes once per
    circle and never again.
    """

    DATES = "dates", _("New, moved and cancelled meetings")
    REMINDER = "reminder", _("A reminder the day before a meeting")
    FOLLOW_UP = "follow_up", _("Looking back at a circle that closed")
    LINES = "lines", _("Lines between a circle and its leader")
    TRAIL = "trail", _("The daily fingerprint of the trail, for leaders and representatives")
    SIGN_IN = "sign_in", _("How you sign in")
    CHANGED = "changed", _("A change in how you sign in")
    LEFT = "left", _("That you left a circle")
    ASKED = "asked", _("An invitation to a circle")
    INVITED = "invited", _("A role in an organisation")


class SignInChange(TextChoices):
    """What somebody is told of by mail: that it was changed, and nothing closer (ASVS 6.3.7)."""

    APP_ADDED = "app_added", _("A code app was added as a second step.")
    APP_REMOVED = "app_removed", _("The code app was removed as a second step.")
    PASSKEY_ADDED = "passkey_added", _("A passkey was added.")
    PASSKEY_REMOVED = "passkey_removed", _("A passkey was removed.")
    CODES_MADE = "codes_made", _("New recovery codes were made. The earlier ones work no more.")
    CODE_USED = "code_used", _("A recovery code was used in place of the second step.")
    CODES_USED_UP = "codes_used_up", _("The last recovery code was used. Make new ones.")
    ADDRESS = "address", _("The e-mail address of your account was changed.")
    LINKED = "linked", _("Another service was linked: it opens your account now.")
    UNLINKED = "unlinked", _("Another service was unlinked: it opens your account no more.")
    KEY_MADE = "key_made", _("A key was made with which a program reads as you.")
    KEY_ENDED = "key_ended", _("A key for a program was ended.")
    SIGNED_OUT = "signed_out", _("An administrator where you work signed you out on all devices.")


class MailState(TextChoices):
    """What became of a mail."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("On its way")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not taken")
    DROPPED = "dropped", _("No longer needed")
    UNSURE = "unsure", _("Perhaps sent")
