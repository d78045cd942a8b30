"""Words of the circles room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CircleState(TextChoices):
    """Where a circle stands in its life."""

    IDEA = "idea", _("Idea")
    ANCHORING = "anchoring", _("Anchoring")
    FORMING = "forming", _("Forming")
    FOCUSING = "focusing", _("Focusing")
    COCREATING = "cocreating", _("Co-creating")
    CLOSING = "closing", _("Closing")
    FOLLOWUP = "followup", _("Follow-up")
    CLOSED = "closed", _("Closed")
    PAUSED = "paused", _("Paused")
    ENDED_EARLY = "ended_early", _("Ended early")


class HaltReason(TextChoices):
    """Why a circle is paused or ended early: a class, never a story."""

    STAFFING = "staffing", _("Too few at work")
    ILLNESS = "illness", _("Illness")
    WORKLOAD = "workload", _("Too much else just now")
    REORGANISATION = "reorganisation", _("Reorganisation")
    CONCERN = "concern", _("A concern is being looked at")
    TOO_FEW = "too_few", _("Too few want to take part")
    NO_SUPPORT = "no_support", _("Support is missing")
    ENOUGH = "enough", _("The circle has what it needed")
    OTHER = "other", _("Something else")


class Advice(TextChoices):
    """What a readiness check advises."""

    GO = "go", _("Go")
    GO_WITH_CARE = "go_with_care", _("Go with care")
    WAIT = "wait", _("Not now")


class Outcome(TextChoices):
    """What became of an expectation when the circle took it out again."""

    MET = "met", _("It came true")
    PARTLY = "partly", _("Partly")
    OTHERWISE = "otherwise", _("Something else came")
    NOT_MET = "not_met", _("It did not")


class AnchorKind(TextChoices):
    """What a circle does with something it learned when it closes. Stopping is as honourable as keeping."""

    KEEP = "keep", _("We keep it")
    HAND_OVER = "hand_over", _("We hand it over")
    STOP = "stop", _("We stop it")


class AnchorPlace(TextChoices):
    """Where something a circle learned finds its place at work."""

    ROUTINE = "routine", _("A routine")
    PLAN = "plan", _("A plan")
    STAFF_MEETING = "staff_meeting", _("The staff meeting")


class Holder(TextChoices):
    """With whom something lies after the circle: a function, never a person."""

    TEAM = "team", _("Everybody in the unit")
    LEADER = "leader", _("The unit's leader")
    MANAGEMENT = "management", _("Top management")
    ROSTER = "roster", _("Whoever plans the roster")
    DEVELOPMENT = "development", _("Whoever works with quality or training")
    SAFETY = "safety", _("The safety representative")
    UNION = "union", _("The union representative")
    OTHER_UNIT = "other_unit", _("Another unit")
    CIRCLE = "circle", _("A circle")


class GoesOn(TextChoices):
    """Whether a circle goes on after its closing, and in what form."""

    ENDS = "ends", _("It ends here")
    AS_IS = "as_is", _("It goes on as it is")
    OTHER_FORM = "other_form", _("It goes on in another form")
    NEW_CIRCLE = "new_circle", _("It passes on to a new circle")


class InUse(TextChoices):
    """Whether something a circle left behind is still in use."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("We do not know")


class StillMeets(TextChoices):
    """Whether a circle, or something like it, still meets after its closing."""

    YES = "yes", _("Yes, the circle")
    SIMILAR = "similar", _("Yes, something like it")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("We do not know")


class MemberRole(TextChoices):
    """What somebody with an account is in a circle."""

    FACILITATOR = "facilitator", _("Facilitator")
    PARTICIPANT = "participant", _("Participant")
    GUEST = "guest", _("Guest")


class Perspective(TextChoices):
    """From where somebody sees the work. Leaders take part only as the circle's set-up says."""

    EMPLOYEE = "employee", _("Employee")
    LEADER = "leader", _("Leader")


class SetUpKind(TextChoices):
    """Who is in a circle, and where its leaders are."""

    JOINT = "joint", _("Employees, and some meetings together with the leaders")
    MIXED = "mixed", _("Employees and leaders in one circle")
    LEADERS = "leaders", _("A circle of leaders")


class Listed(TextChoices):
    """Where somebody stands who is on a circle's list. Whoever says no is not written down anywhere."""

    ASKED = "asked", _("Asked")
    JOINED = "joined", _("Takes part")


class MeetingState(TextChoices):
    """Where a meeting stands."""

    DRAFT = "draft", _("Draft")
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class StepKind(TextChoices):
    """What a step of a run sheet lets people do."""

    TALK = "talk", _("Talk")
    WRITE = "write", _("Write")
    GROUP = "group", _("Group")
    CHOOSE = "choose", _("Choose")
    LOOK_BACK = "look_back", _("Look back")
    DEEPEN = "deepen", _("Deepen")
    DECIDE_TRIAL = "decide_trial", _("Decide a trial")
    CARRY_OUT = "carry_out", _("Carry out")
    CHECK_OUT = "check_out", _("Check-out")


class RoundState(TextChoices):
    """A round of a step: people act, then see, then it is over."""

    OPEN = "open", _("Open")
    REVEALED = "revealed", _("Revealed")
    CLOSED = "closed", _("Closed")


class Signing(TextChoices):
    """Whether names may stand under notes; fixed at the first note of a round."""

    UNSIGNED = "unsigned", _("Unsigned")
    CHOICE = "choice", _("Signed by choice")


class Stance(TextChoices):
    """How somebody stands to a proposal."""

    CAN_LIVE = "can_live", _("I can live with it")
    NEEDS_CHANGE = "needs_change", _("It needs a change")
    CANNOT = "cannot", _("I cannot")


class TrialState(TextChoices):
    """Where a trial stands. From which state it may go where is in ``rules.trial_states``."""

    IDEA = "idea", _("Idea")
    PLANNED = "planned", _("Planned")
    WAITING_MANDATE = "waiting_mandate", _("Waits for the leader's mandate")
    RUNNING = "running", _("Running")
    LEARNING = "learning", _("Looking at what happened")
    DECIDED = "decided", _("Decided")
    STOPPED = "stopped", _("Stopped")


class Mandate(TextChoices):
    """Whether a trial may be done as the circle planned it."""

    NOT_NEEDED = "not_needed", _("Not needed")
    NEEDED = "needed", _("Needed, not given yet")
    GIVEN = "given", _("Given")


class LogKind(TextChoices):
    """What somebody says about a trial with one press."""

    DID = "did", _("Did it")
    NOT_YET = "not_yet", _("Not yet")
    HINDERED = "hindered", _("Something got in the way")


class ReactionKind(TextChoices):
    """What a colleague outside the circle says about a trial with one press."""

    HELPS = "helps", _("I believe in this")
    UNSURE = "unsure", _("I am not sure")
    PROBLEM = "problem", _("I see a problem")


class TrialDecision(TextChoices):
    """What the circle does with a trial. Dropping is as honourable as keeping."""

    KEEP = "keep", _("Keep")
    ADAPT = "adapt", _("Adapt")
    DROP = "drop", _("Drop")
    LONGER = "longer", _("Try longer")
    NEEDS_LEADER = "needs_leader", _("Needs the leader")


class ShareState(TextChoices):
    """Where something that may leave the room stands."""

    PROPOSED = "proposed", _("Proposed")
    OBJECTED = "objected", _("Stays in the room")
    WAITING = "waiting", _("Two of us look at it before it goes")
    APPROVED = "approved", _("Approved by the circle")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Audience(TextChoices):
    """How far something may travel; to the leader it goes another way, as a handover and never as an experience card."""

    COLLEAGUES = "colleagues", _("Colleagues")
    ORGANISATION = "organisation", _("The organisation")
    NETWORK = "network", _("The network")
    PUBLIC = "public", _("Everybody")
    LEADER = "leader", _("The leader")


class ReminderState(TextChoices):
    """What became of the reminder of a meeting."""

    DRAFTED = "drafted", _("Draft")
    HELD_BACK = "held_back", _("Held back")
    WRITTEN = "written", _("On its way")
    NOT_NEEDED = "not_needed", _("Not needed")


class Says(TextChoices):
    """What somebody answers who is asked whether they come."""

    YES = "yes", _("Yes, I will come")
    MAYBE = "maybe", _("Maybe")
    NO = "no", _("No, not this time")


class HandoverState(TextChoices):
    """Where a handover to the leader stands. Overdue is not a state: it follows from the day."""

    DRAFT = "draft", _("Draft")
    APPROVED = "approved_by_circle", _("Approved by the circle")
    SENT = "sent", _("Sent")
    SEEN = "seen", _("Seen by the leader")
    ANSWERED = "answered", _("Answered")
    FOLLOWED_UP = "followed_up", _("Followed up")


class HandoverAnswer(TextChoices):
    """What a leader answers; every answer comes with a reason."""

    YES = "yes", _("Yes")
    PART = "part", _("In part")
    NO = "no", _("No")
    LATER = "later", _("Later")
    OTHER_BODY = "other_body", _("Somebody else must decide")


class Obstacle(TextChoices):
    """What stands in the way and may need a leader to remove."""

    TIME = "time", _("Time")
    PEOPLE = "people", _("Too few people on duty")
    THINGS = "things", _("Equipment or rooms")
    RULES = "rules", _("A rule or a routine")
    KNOWLEDGE = "knowledge", _("Knowledge or training")
    COOPERATION = "cooperation", _("Work with other units")
    OTHER = "other", _("Something else")
