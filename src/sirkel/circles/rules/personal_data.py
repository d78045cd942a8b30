"""What the circles room keeps: who is in a circle, and what a circle writes."""

from django.utils.translation import gettext_lazy as _

from sirkel.circles.rules.personal_data_outcomes import OUTCOMES
from sirkel.kernel.register import (
    UNTIL_ACCOUNT_ENDS,
    Controller,
    DataClass,
    Purpose,
    Recipient,
    Retention,
    Rows,
    Tie,
)

_KEEPING = "sirkel.circles.domain.keeping.empty_circles"
_YEAR = "sirkel.circles.queries.keeping.retention"
WITH_THE_CIRCLE = Retention(_("%(time)s after the circle ended."), (_KEEPING,), _YEAR)

MEMBERSHIP = DataClass(
    code="membership",
    name=_("Who is in a circle"),
    what=_("Members and those invited, by first name, and whether they come to the next meeting."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.CIRCLE, Recipient.FACILITATORS),
    retention=Retention(
        _("%(time)s after the circle ended; that you facilitated it, until you delete your account."),
        (
            _KEEPING,
            "sirkel.circles.domain.answering.tidy",
            "sirkel.circles.domain.forgetting.forget_in_circle",
            "sirkel.people.domain.erasing.erase",
        ),
        _YEAR,
    ),
    rows=(
        Rows("Membership", tells="person", other="id circle role left_at perspective allowed_by"),
        Rows(
            "Participant",
            tells="first_name person client_hash",
            other="id circle lang perspective state has_made_account membership allowed_by",
        ),
        Rows("Answer", tells="membership", other="id meeting starts_at says"),
        Rows("Leaving", tells="membership", other="left_at"),
    ),
)
PRIVATE_LOG = DataClass(
    code="private_log",
    name=_("Private log"),
    what=_("What a facilitator writes for themselves, locked so that nobody else can read it here."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.SELF,),
    retention=Retention(
        _("Until you delete the entry or your account."),
        ("sirkel.circles.domain.private_log.delete", "sirkel.people.domain.erasing.erase"),
    ),
    rows=(Rows("PrivateLogEntry", tells="owner sealed", other="id"),),
)
NOTES = DataClass(
    code="notes",
    name=_("What a circle writes"),
    what=_("Notes, challenges, expectations and ground rules. Unsigned, unless the circle lets people sign."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.HOLDER,
    recipients=(Recipient.CIRCLE,),
    retention=WITH_THE_CIRCLE,
    rows=(
        Rows(
            "InboxNote",
            tells="text signed_name receipt_hash token client_id",
            other="id round lang version is_from_card is_parked is_held is_late",
        ),
        Rows(
            "Note",
            tells="text signed_name receipt_hash client_id",
            other="id round lang position theme is_from_card is_parked is_held is_flagged is_reported is_withdrawn",
        ),
        Rows("Challenge", tells="text signed_name client_hash", other="id circle meeting lang"),
        Rows("Expectation", tells="text looking_back", other="id circle lang outcome"),
        Rows(
            "WorkingAgreement",
            tells="items",
            other="id circle version lang written_at agreed_count agreed_at reopened_at",
        ),
        Rows("Reminder", tells="line", other="id meeting state starts_at due_at edition"),
    ),
)
ANSWERS = DataClass(
    code="answers",
    name=_("Votes and pulses"),
    what=_("What phones chose and answered in a meeting, without a name. Shown as counts only."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.HOLDER,
    recipients=(Recipient.CIRCLE,),
    retention=WITH_THE_CIRCLE,
    rows=(
        Rows("Ballot", tells="token", other="id round picks"),
        Rows("Tally", "id round option value count"),
        Rows("PulseAnswer", tells="token word", other="id round felt_heard was_useful lang"),
        Rows("PulseSummary", tells="words", other="meeting is_shown bands"),
    ),
)
ASKED = DataClass(
    code="asked",
    name=_("That a phone has answered"),
    what=_("That some phone answered a question or wants a line to stay in the room. Not what, not who."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.HOLDER,
    recipients=(Recipient.NOBODY,),
    retention=Retention(
        _("Until the circle has been asked."),
        ("sirkel.circles.domain.access.forget_asked", "sirkel.circles.domain.line_asking.settle"),
    ),
    rows=(
        Rows("AccessAsked", tells="token", other="id round"),
        Rows("LineObjection", tells="client_hash", other="id handover"),
    ),
)
TRIAL_LOGS = DataClass(
    code="trial_logs",
    name=_("How a trial goes"),
    what=_("Presses and short lines between meetings, without a name."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.HOLDER,
    recipients=(Recipient.CIRCLE,),
    retention=WITH_THE_CIRCLE,
    rows=(
        Rows("TrialLog", tells="client_hash text", other="id trial kind lang count day"),
        Rows("TrialReaction", tells="client_hash text", other="id trial kind lang"),
        Rows("TrialLook", tells="learning", other="id trial meeting happened decision lang"),
    ),
)
PROMISES = DataClass(
    code="promises",
    name=_("A leader's promises"),
    what=_("What a leader promised, who signed it, and what representatives said about it."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.ACCOUNT,
    recipients=(Recipient.CIRCLE, Recipient.WORKPLACE),
    retention=Retention(
        _("The words stay with the organisation; your name goes when you delete your account."),
        UNTIL_ACCOUNT_ENDS.deleted_by,
    ),
    rows=(
        Rows(
            "LeaderCommitment",
            tells="cover mandate afterwards",
            other="id circle version participants meetings meeting_minutes facilitators preparation_minutes "
            "answer_days promises provisions lang written_at",
        ),
        Rows("CommitmentSignature", tells="leader", other="id commitment signed_at"),
        Rows("CommitmentComment", tells="author text", other="id commitment said_at"),
        Rows("Concern", tells="raised_by text", other="id circle raised_at"),
    ),
    is_special=True,
)
OFFER = DataClass(
    code="offer",
    name=_("Methods that are switched off"),
    what=_("Which ways to hold a meeting an organisation does not offer, and since when."),
    purpose=Purpose.OPERATION,
    controller=Controller.EMPLOYER,
    tie=Tie.NOBODY,
    recipients=(Recipient.FACILITATORS, Recipient.ADMINISTRATORS),
    retention=Retention(
        _("Until an administrator switches the method on again."),
        ("sirkel.circles.domain.offering.switch_on",),
    ),
    rows=(Rows("MethodOff", "id organisation method off_since"),),
)
CLASSES = (NOTES, MEMBERSHIP, PRIVATE_LOG, ANSWERS, ASKED, TRIAL_LOGS, PROMISES, OFFER, *OUTCOMES)
