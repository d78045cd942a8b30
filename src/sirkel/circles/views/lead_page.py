"""What the facilitator surface shows beyond the meeting itself: what to press next, and help at hand."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sirkel.circles.domain.notes import max_length
from sirkel.circles.domain.paper import TYPED_IN
from sirkel.circles.enums import StepKind
from sirkel.circles.queries.lead import drift_minutes, held_notes, neighbours
from sirkel.circles.queries.note_views import NoteView
from sirkel.circles.queries.steps import StepView
from sirkel.circles.rules import methods
from sirkel.circles.rules.texts import in_language
from sirkel.circles.views.room_page import SharedPage


@dataclass(frozen=True)
class Press:
    """The one big button: which control it is, its words, and what they bring about."""

    to: str
    words: str
    hint: str = ""


@dataclass(frozen=True)
class Help:
    """A few words in the reader's language for the facilitator alone."""

    id: str
    title: str
    text: str = ""
    say: str = ""


class LeadPage(SharedPage):
    """The facilitator's own words and choices; each is worked out when the template asks for it."""

    @cached_property
    def _neighbours(self) -> tuple[StepView | None, StepView | None]:
        return neighbours(self.view)

    @property
    def back(self) -> StepView | None:
        """The step that Back leads to."""
        return self._neighbours[0]

    @property
    def next(self) -> Press | None:
        """What the big button does now; None when there is nothing left to press."""
        if self.view.kind == "over":
            return None
        if self.view.kind == "before":
            return Press("open", _("Open the meeting"))
        if self.waits_to_be_shown:
            is_choice = self.view.kind == StepKind.CHOOSE
            return Press("show", _("Show the result") if is_choice else _("Show the notes"))
        return self._following()

    def _following(self) -> Press:
        following = self._neighbours[1]
        if following is None:
            return Press("close", _("Close the meeting"))
        if self.view.kind == "lobby":
            return Press("go-on", _("Begin: %(step)s") % {"step": following.title})
        hint = ""
        if self.view.kind == StepKind.CARRY_OUT and self.view.items:
            hint = _("Then whatever nobody objects to may leave the room.")
        return Press("go-on", _("Go on to: %(step)s") % {"step": following.title}, hint)

    @property
    def waits_to_be_shown(self) -> bool:
        """Whether this round gathers something that is shown together on a press."""
        return self.is_hidden or (self.view.kind == StepKind.CHOOSE and self.view.is_open)

    @property
    def what_now(self) -> str:
        """What is going on in the room, in one line."""
        kind = self.view.kind
        if kind == StepKind.WRITE:
            if self.is_hidden:
                return _("Now: everybody writes, nothing is shown yet")
            return _("Now: the notes are shown")
        if kind == StepKind.CHOOSE:
            if self.view.is_open:
                return _("Now: everybody chooses, the result is hidden")
            return _("Now: the result is shown")
        if kind == StepKind.CHECK_OUT:
            return _("Now: everybody answers on their own phone")
        return self.view.now.title if self.view.now else ""

    @property
    def drift_words(self) -> str:
        """Whether the meeting keeps its time, in words."""
        minutes = drift_minutes(self.view)
        if minutes > 0:
            return ngettext("%d min behind", "%d min behind", minutes) % minutes
        if minutes < 0:
            return ngettext("%d min ahead", "%d min ahead", -minutes) % -minutes
        return _("on time")

    @property
    def is_late(self) -> bool:
        """Whether the meeting will end after its planned end."""
        return drift_minutes(self.view) > 0

    @cached_property
    def held_back(self) -> list[NoteView]:
        """The notes of this round that the facilitator holds back."""
        return held_notes(self.view.round) if self.view.round else []

    @property
    def writes_here(self) -> bool:
        """Whether a paper card can be typed in now."""
        return self.view.is_open and self.view.kind in TYPED_IN

    @property
    def max_length(self) -> int:
        """How many characters a note of this round may have."""
        return max_length(self.view.round) if self.view.round else 0

    @property
    def makes_theme(self) -> bool:
        """Whether this choose step ends in the circle's theme."""
        now = self.view.now
        return now is not None and now.step.settings.get("makes", "none") == "theme"

    @cached_property
    def cards(self) -> list[Help]:
        """The question cards of this step, in the reader's language."""
        group = str(self.view.now.step.settings.get("cards", "none")) if self.view.now else "none"
        return [
            Help(card.id, in_language(card.text, self.view.language)[0])
            for card in methods.question_cards(group)
        ]

    @cached_property
    def moments(self) -> list[Help]:
        """Help for what happens in the room right now."""
        language = self.view.language
        return [
            Help(
                moment.id,
                in_language(moment.title, language)[0],
                in_language(moment.advice, language)[0],
                in_language(moment.say, language)[0],
            )
            for moment in methods.moments()
        ]
