"""Tables of the circles room."""

from sirkel.circles.models.access import AccessAsked, AccessPicture, AccessTally, StaffFacts
from sirkel.circles.models.agreement import Expectation, WorkingAgreement
from sirkel.circles.models.anchoring import (
    CommitmentComment,
    CommitmentSignature,
    Concern,
    LeaderCommitment,
    ReadinessCheck,
)
from sirkel.circles.models.challenge import Challenge, ChallengeInbox
from sirkel.circles.models.circle import Circle, Membership
from sirkel.circles.models.closing import Anchor, AnchorLook, ClosingRecord, FollowUp
from sirkel.circles.models.forming import ChecklistTick, OpenInvitation, Participant, SetUp
from sirkel.circles.models.handover import Handover, LineObjection, NamedObstacle
from sirkel.circles.models.meeting import Meeting, Round, Step
from sirkel.circles.models.method import MethodOff
from sirkel.circles.models.note import InboxNote, Note, Theme
from sirkel.circles.models.nudge import Answer, Leaving, Reminder
from sirkel.circles.models.outcome import ShareItem, TrialLook
from sirkel.circles.models.private_log import PrivateLogEntry
from sirkel.circles.models.tally import Ballot, PulseAnswer, PulseSummary, Tally
from sirkel.circles.models.trial import Trial, TrialLog, TrialReaction
from sirkel.circles.models.voice import VoiceDecision, VoicePicture, VoiceRun, VoiceTag, VoiceWindow

__all__ = [
    "AccessAsked",
    "AccessPicture",
    "AccessTally",
    "Anchor",
    "AnchorLook",
    "Answer",
    "Ballot",
    "Challenge",
    "ChallengeInbox",
    "ChecklistTick",
    "Circle",
    "ClosingRecord",
    "CommitmentComment",
    "CommitmentSignature",
    "Concern",
    "Expectation",
    "FollowUp",
    "Handover",
    "InboxNote",
    "LeaderCommitment",
    "Leaving",
    "LineObjection",
    "Meeting",
    "Membership",
    "MethodOff",
    "NamedObstacle",
    "Note",
    "OpenInvitation",
    "Participant",
    "PrivateLogEntry",
    "PulseAnswer",
    "PulseSummary",
    "ReadinessCheck",
    "Reminder",
    "Round",
    "SetUp",
    "ShareItem",
    "StaffFacts",
    "Step",
    "Tally",
    "Theme",
    "Trial",
    "TrialLog",
    "TrialLook",
    "TrialReaction",
    "VoiceDecision",
    "VoicePicture",
    "VoiceRun",
    "VoiceTag",
    "VoiceWindow",
    "WorkingAgreement",
]
