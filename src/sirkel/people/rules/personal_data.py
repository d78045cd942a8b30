"""What the people room keeps: accounts, roles, mails, seats and places."""

from django.utils.translation import gettext_lazy as _

from sirkel.kernel.register import (
    STAYS,
    UNTIL_ACCOUNT_ENDS,
    Controller,
    DataClass,
    Purpose,
    Recipient,
    Retention,
    Rows,
    Tie,
)

_TRY = "id user_agent http_accept path_info attempt_time"

ACCOUNT = DataClass(
    code="account",
    name=_("Your account"),
    what=_("Name, e-mail address and language of those who have an account. Participants need none."),
    purpose=Purpose.ACCOUNT,
    controller=Controller.EMPLOYER,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.CIRCLE, Recipient.ADMINISTRATORS),
    retention=UNTIL_ACCOUNT_ENDS,
    rows=(
        Rows(
            "Person",
            tells="email first_name family_name",
            other="id password last_login language is_active is_demo",
        ),
        Rows("account.EmailAddress", tells="user email", other="id verified primary"),
    ),
)
SIGN_IN = DataClass(
    code="sign_in",
    name=_("Signing in"),
    what=_("On which devices you are signed in, and failed tries with the network address they came from."),
    purpose=Purpose.OPERATION,
    controller=Controller.HOST,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.NOBODY,),
    retention=Retention(
        _("%(time)s after it ended or failed."),
        ("sirkel.people.domain.sign_ins.tidy", "sirkel.people.domain.erasing.erase"),
        "sirkel.people.domain.sign_ins.KEPT",
    ),
    rows=(
        Rows("Session", tells="session_data owner", other="session_key expire_date"),
        Rows("account.EmailConfirmation", tells="email_address", other="id created sent key"),
        Rows(
            "axes.AccessAttempt",
            tells="username ip_address get_data post_data",
            other=f"{_TRY} failures_since_start",
        ),
        Rows("axes.AccessAttemptExpiration", "access_attempt expires_at"),
        Rows("axes.AccessFailureLog", tells="username ip_address", other=f"{_TRY} locked_out"),
        Rows("axes.AccessLog", tells="username ip_address", other=f"{_TRY} logout_time session_hash"),
    ),
)
FACTORS = DataClass(
    code="factors",
    name=_("Your second step for signing in"),
    what=_("Which second steps you have, since when, and when each was last used. Their secrets are sealed."),
    purpose=Purpose.ACCOUNT,
    controller=Controller.HOST,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.SELF,),
    retention=UNTIL_ACCOUNT_ENDS,
    rows=(
        Rows("mfa.Authenticator", tells="user data", other="id type created_at last_used_at"),
        Rows(
            "FactorReset", tells="person asked_by confirmed_by", other="id organisation asked_at confirmed_at"
        ),
    ),
)
IDENTITIES = DataClass(
    code="identities",
    name=_("Other ways you sign in"),
    what=_(
        "Which sign-in services open your account, and since which day. Your name there is kept as a mark that leads back "
        "to nobody."
    ),
    purpose=Purpose.ACCOUNT,
    controller=Controller.HOST,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.SELF,),
    retention=UNTIL_ACCOUNT_ENDS,
    rows=(Rows("Identity", tells="person subject", other="id issuer linked_on"),),
)
API_KEYS = DataClass(
    code="api_keys",
    name=_("Your keys for programs"),
    what=_(
        "Which keys you have made for programs, what you call them, since when, and the day each was last used."
    ),
    purpose=Purpose.ACCOUNT,
    controller=Controller.HOST,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.SELF,),
    retention=Retention(
        _("Until you end it, or %(time)s after its last day."),
        ("sirkel.people.domain.api_keys.forget_outdated", "sirkel.people.domain.erasing.erase"),
        "sirkel.people.rules.api_keys.KEPT_AFTER_END",
    ),
    rows=(Rows("ApiKey", tells="person label", other="id secret_hash may_answer made_on ends_on used_on"),),
)
ROLES = DataClass(
    code="roles",
    name=_("Your roles"),
    what=_("Which role you have where, and since when. A role may show that you represent a union."),
    purpose=Purpose.ACCOUNT,
    controller=Controller.EMPLOYER,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.WORKPLACE, Recipient.ADMINISTRATORS),
    retention=UNTIL_ACCOUNT_ENDS,
    rows=(
        Rows(
            "RoleAssignment",
            tells="person role",
            other="id network programme organisation workplace unit valid_from valid_to version",
        ),
    ),
    is_special=True,
)
MAIL = DataClass(
    code="mail",
    name=_("Mails to you"),
    what=_("That a mail was or will be sent and about which meeting or change. Its words are not kept."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.SELF, Recipient.MAIL),
    retention=Retention(
        _("%(time)s after it was sent."),
        ("sirkel.people.domain.outbox.tidy", "sirkel.people.domain.erasing.erase"),
        "sirkel.people.domain.outbox.KEPT",
    ),
    rows=(
        Rows(
            "Mail",
            tells="person key",
            other="id kind about edition time_zone not_before outdated_at state tries claimed_at settled_at",
        ),
    ),
)
MAIL_SETTINGS = DataClass(
    code="mail_settings",
    name=_("How you want to be written to"),
    what=_("Which mails you want, your quiet hours, and whether your calendar has an address."),
    purpose=Purpose.ACCOUNT,
    controller=Controller.EMPLOYER,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.SELF,),
    retention=UNTIL_ACCOUNT_ENDS,
    rows=(
        Rows(
            "MailSettings",
            tells="person",
            other="quiet_from quiet_to wants_dates wants_reminders wants_follow_ups wants_lines wants_trail",
        ),
        Rows("CalendarAddress", tells="person", other="secret_hash"),
    ),
)
SEATS = DataClass(
    code="seats",
    name=_("Seats in a meeting"),
    what=_(
        "That a phone is in the meeting, or waits at its door by a number. No name, no time, no network address."
    ),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.HOLDER,
    recipients=(Recipient.NOBODY,),
    retention=Retention(_("Until the meeting closes."), ("sirkel.people.domain.seats.clear_seats",)),
    rows=(
        Rows(
            "Seat",
            tells="device_hash phrase_hash",
            other="id room picture is_shared sits_out pin_tries waiting_number",
        ),
    ),
)
PLACES = DataClass(
    code="places",
    name=_("Organisations and workplaces"),
    what=_("Their names, kind and country."),
    purpose=Purpose.OPERATION,
    controller=Controller.HOST,
    tie=Tie.NOBODY,
    recipients=(Recipient.NETWORK,),
    retention=STAYS,
    rows=(
        Rows("Network", "id name"),
        Rows("Programme", "id network name"),
        Rows("Organisation", "id programme name area"),
        Rows("Workplace", "id organisation name kind sector time_zone"),
        Rows("RecordProfile", "organisation status answered_by law archive said_on version"),
        Rows("Unit", "id workplace name closed_at merged_into"),
        Rows("UnitPlacement", "id unit workplace valid_from valid_to"),
    ),
)
HOLDS = DataClass(
    code="holds",
    name=_("What must not be deleted for now"),
    what=_(
        "Which circle, place or person is held as evidence or by law, why, since when, and which two said so."
    ),
    purpose=Purpose.OPERATION,
    controller=Controller.EMPLOYER,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.ADMINISTRATORS,),
    retention=Retention(
        _("%(time)s after it was let go."),
        ("sirkel.people.domain.holding.tidy", "sirkel.people.domain.erasing.erase"),
        "sirkel.people.domain.holding.KEPT",
    ),
    rows=(
        Rows(
            "Hold",
            tells="person reason asked_by confirmed_by lift_asked_by lifted_by",
            other="id organisation workplace circle may_tell review_on asked_at confirmed_at lift_asked_at lifted_at",
        ),
    ),
)
CLASSES = (ACCOUNT, ROLES, MAIL, MAIL_SETTINGS, SIGN_IN, FACTORS, IDENTITIES, API_KEYS, HOLDS, SEATS, PLACES)
