"""What a circle leaves behind, and what it is made of: the part of the register where no row belongs to a person."""

from django.utils.translation import gettext_lazy as _

from sirkel.kernel.register import Controller, DataClass, Purpose, Recipient, Retention, Rows, Tie

_KEEPING = ("sirkel.circles.domain.keeping.empty_circles",)
_YEAR = "sirkel.circles.queries.keeping.retention"
_WORDS_GO = Retention(
    _("The words are deleted %(time)s after the circle ended. That it happened, and how it ended, stays."),
    _KEEPING,
    _YEAR,
)

TRIALS = DataClass(
    code="trials",
    name=_("Trials and themes"),
    what=_("What a circle tries out, and the names it gave its themes."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.WORDS,
    recipients=(Recipient.CIRCLE,),
    retention=_WORDS_GO,
    rows=(
        Rows("Theme", tells="title", other="id circle meeting lang position is_chosen"),
        Rows(
            "Trial",
            tells="what smallest_step where who when prediction look_at stop_rule counted change scale learning",
            other="id circle meeting theme follows ends_on touches_care mandate is_on_poster link_epoch lang state "
            "decision",
        ),
    ),
)
FRAME = DataClass(
    code="frame",
    name=_("The circle and its meetings"),
    what=_("Name, purpose, days, places, run sheets, and how many came. Who leads a meeting, while it runs."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.WORDS,
    recipients=(Recipient.CIRCLE, Recipient.WORKPLACE),
    retention=_WORDS_GO,
    rows=(
        Rows(
            "Circle",
            tells="name purpose theme_frame",
            other="id organisation workplace languages state phase_before halt_reason ended_at emptied_at",
        ),
        Rows(
            "Meeting",
            tells="driver place link",
            other="id circle number sitting starts_at duration_minutes method is_joint state cancel_reason "
            "calendar_sequence calendar_changed_at current_step opened_at closed_at paused_at driver_seen_at "
            "join_code join_epoch is_door_closed attendance_count",
        ),
        Rows(
            "Step",
            tells="prompt hint say",
            other="id meeting position key kind minutes extra_minutes title settings is_skipped",
        ),
        Rows(
            "Round",
            "id step number state signing has_posts secret began_at ended_at turn_order turn_at card",
        ),
        Rows("ReadinessCheck", "id circle answers advice look_again_on is_by_leader answered_at"),
        Rows("ChecklistTick", "id circle item"),
        Rows("SetUp", "id circle version kind agreed_count chosen_at"),
        Rows("OpenInvitation", "circle is_open link_epoch"),
        Rows("ChallengeInbox", "circle link_epoch"),
        Rows("VoiceDecision", "id circle number is_on agreed_count decided_at"),
    ),
)
LINES = DataClass(
    code="lines",
    name=_("Lines to the leader"),
    what=_("What the circle asked its leader and got as an answer, and what it wanted to share. No names."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.WORDS,
    recipients=(Recipient.CIRCLE, Recipient.WORKPLACE),
    retention=Retention(
        _(
            "What was never sent is deleted %(time)s after the circle ended. What was sent stays with the organisation."
        ),
        _KEEPING,
        _YEAR,
    ),
    rows=(
        Rows(
            "Handover",
            tells="text reason said_later other_body followed_up",
            other="id circle trial share_item lang obstacle answer_days state sent_on due_on answer answered_on "
            "asked_until has_stayed asks_mandate comes_back_on",
        ),
        Rows("NamedObstacle", tells="line", other="id handover position kind state until marked_on"),
        Rows(
            "ShareItem",
            tells="text",
            other="id circle meeting lang audience state note theme trial checked_by confirmed_by",
        ),
    ),
)
CLOSING = DataClass(
    code="closing",
    name=_("Closing and looks back"),
    what=_("What the circle keeps up, who holds it by role, and what it says half a year later."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.WORDS,
    recipients=(Recipient.CIRCLE, Recipient.WORKPLACE),
    retention=_WORDS_GO,
    rows=(
        Rows("ClosingRecord", tells="form celebrate", other="id circle goes_on lang finished_on fixed_on"),
        Rows("Anchor", tells="text place holder", other="id record trial lang kind look_again_on for_leader"),
        Rows(
            "FollowUp",
            tells="words",
            other="id circle months due_on edition asked answered_on lang still_meets",
        ),
        Rows("AnchorLook", "id follow_up anchor in_use"),
    ),
)
BALANCE = DataClass(
    code="balance",
    name=_("Whose voice is heard, and who gets to come"),
    what=_("Sums in bands for a workplace or a circle, told only when nobody can be recognised."),
    purpose=Purpose.CIRCLE,
    controller=Controller.EMPLOYER,
    tie=Tie.HOLDER,
    recipients=(Recipient.CIRCLE, Recipient.WORKPLACE),
    retention=Retention(
        _("Sums are locked until they are told, then deleted but for the last. The bands stay."),
        (
            "sirkel.circles.domain.access.tell_access",
            "sirkel.circles.domain.voice_counting.settle_voices",
            *_KEEPING,
        ),
    ),
    rows=(
        Rows("StaffFacts", "workplace sizes said_at"),
        Rows("AccessTally", tells="sealed", other="id workplace kind period is_told secret"),
        Rows("AccessPicture", "id workplace kind period rows least most"),
        Rows("VoiceRun", tells="sealed", other="meeting secret"),
        Rows("VoiceTag", tells="blind sealed", other="id run"),
        Rows("VoiceWindow", tells="sealed", other="circle first_meeting meetings secret"),
        Rows("VoicePicture", "id circle first_meeting last_meeting notes ideas"),
    ),
)
OUTCOMES = (TRIALS, FRAME, LINES, CLOSING, BALANCE)
