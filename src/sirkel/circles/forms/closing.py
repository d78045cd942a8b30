"""Forms of a circle's end: expectations taken out again, lines with their place, how it goes on, looking back."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.agreeing import EXPECTATION_LENGTH
from sirkel.circles.domain.closing_record import MOST_LINE, AnchorPlan
from sirkel.circles.domain.follow_ups import MOST_WORDS
from sirkel.circles.enums import (
    AnchorKind,
    AnchorPlace,
    GoesOn,
    Holder,
    InUse,
    Outcome,
    StillMeets,
    TrialDecision,
)
from sirkel.circles.forms.fields import DayField, WordsField
from sirkel.circles.models import Anchor, ClosingRecord, Expectation, Trial
from sirkel.circles.queries.closing import LookBack
from sirkel.circles.rules.follow_ups import months_after
from sirkel.web.forms import RefusableForm

# What is proposed for a trial when the circle closes, by what was decided about it.
_PROPOSED = {
    TrialDecision.KEEP: AnchorKind.KEEP,
    TrialDecision.ADAPT: AnchorKind.KEEP,
    TrialDecision.LONGER: AnchorKind.KEEP,
    TrialDecision.DROP: AnchorKind.STOP,
    TrialDecision.NEEDS_LEADER: AnchorKind.HAND_OVER,
}
LOOK_AGAIN_MONTHS = 3


def _lines(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})


def _in_its_language(one: Expectation | Anchor) -> str:
    """Return words of the circle as a label that says in which language they are."""
    return format_html('<span lang="{}">{}</span>', one.lang, one.text)


class ExpectationsForm(RefusableForm):
    """What became of each expectation: ``outcome-<id>`` and ``words-<id>``. Each may be left out."""

    hides_optional = True

    def __init__(self, data: Any = None, *, expectations: Sequence[Expectation]) -> None:
        super().__init__(data)
        self.expectations = expectations
        for one in expectations:
            self.fields[f"outcome-{one.id}"] = forms.ChoiceField(
                label=_in_its_language(one),
                choices=Outcome.choices,
                required=False,
                initial=one.outcome,
                widget=forms.RadioSelect,
            )
            self.fields[f"words-{one.id}"] = WordsField(
                label=_("In the circle's words"),
                most=EXPECTATION_LENGTH,
                required=False,
                initial=one.looking_back,
                widget=_lines(1),
            )

    def clean(self) -> dict[str, Any]:
        """Ask for the choice where only words were written."""
        cleaned = super().clean() or self.cleaned_data
        for one in self.expectations:
            if cleaned.get(f"words-{one.id}") and not cleaned.get(f"outcome-{one.id}"):
                self.add_error(f"outcome-{one.id}", _("Choose what became of it."))
        return cleaned

    @property
    def said(self) -> list[tuple[uuid.UUID, str, str]]:
        """The expectations that something was said about: id, outcome and words."""
        return [
            (one.id, outcome, self.cleaned_data[f"words-{one.id}"])
            for one in self.expectations
            if (outcome := self.cleaned_data[f"outcome-{one.id}"])
        ]


class LineForm(RefusableForm):
    """One line of the closing: what it is, what becomes of it, and where it lies."""

    hides_optional = True

    kind = forms.ChoiceField(
        label=_("What becomes of it?"), choices=AnchorKind.choices, widget=forms.RadioSelect
    )
    text = WordsField(
        label=_("What is it?"),
        most=MOST_LINE,
        help_text=_("One sentence that somebody understands who was not there. No names."),
        widget=_lines(),
    )
    place = forms.ChoiceField(
        label=_("Where is it placed?"),
        required=False,
        choices=AnchorPlace.choices,
        widget=forms.RadioSelect,
        help_text=_("Not needed for what you stop."),
    )
    holder = forms.ChoiceField(
        label=_("Who looks after it?"),
        required=False,
        choices=[("", _("Choose one")), *Holder.choices],
        help_text=_("A function, never a person."),
    )
    look_again_on = DayField(label=_("When does somebody look at it again?"), required=False)
    for_leader = forms.BooleanField(
        label=_("The leader may see this line"),
        required=False,
        help_text=_("Ask the group aloud. One no is enough to leave it out, and nobody has to say why."),
    )
    trial = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def plan(self, *, lang: str) -> AnchorPlan:
        """Return the line that a valid form describes."""
        given = dict(self.cleaned_data)
        return AnchorPlan(lang=lang, trial_id=given.pop("trial"), **given)

    @staticmethod
    def initial_of(anchor: Anchor) -> dict[str, Any]:
        """Return what a written line fills the form with."""
        names = ("kind", "text", "place", "holder", "look_again_on", "for_leader")
        return {name: getattr(anchor, name) for name in names}

    @staticmethod
    def proposal(trial: Trial | None, *, today: date) -> dict[str, Any]:
        """Return what a new line begins with: the trial's learning and what was decided, and a day in three months."""
        given: dict[str, Any] = {"look_again_on": months_after(today, LOOK_AGAIN_MONTHS)}
        if trial is not None:
            proposed = _PROPOSED[TrialDecision(trial.decision)] if trial.decision else ""
            given |= {"trial": trial.id, "text": trial.what, "kind": proposed}
        return given


class GoesOnForm(RefusableForm):
    """Whether and how the circle goes on, and what it celebrates."""

    hides_optional = True

    goes_on = forms.ChoiceField(
        label=_("Does the group go on?"), choices=GoesOn.choices, widget=forms.RadioSelect
    )
    form = WordsField(
        label=_("In what form?"),
        most=MOST_LINE,
        required=False,
        help_text=_("Needed only when it goes on in another form."),
        widget=_lines(),
    )
    celebrate = WordsField(
        label=_("What do you celebrate?"),
        most=MOST_LINE,
        required=False,
        help_text=_("Something that you are glad of, large or small. You may skip it."),
        widget=_lines(),
    )

    @staticmethod
    def initial_of(record: ClosingRecord | None) -> dict[str, Any]:
        """Return what a begun record fills the form with."""
        names = ("goes_on", "form", "celebrate")
        return {name: getattr(record, name) for name in names} if record else {}


class FollowUpForm(RefusableForm):
    """The three questions of a look back: ``anchor-<id>`` for each thing that stayed, ``words`` and ``still_meets``."""

    hides_optional = True

    def __init__(self, data: Any = None, *, look_back: LookBack, anchors: Sequence[Anchor]) -> None:
        super().__init__(data)
        self.anchors = anchors
        for one in anchors:
            self.fields[f"anchor-{one.id}"] = forms.ChoiceField(
                label=_in_its_language(one),
                choices=InUse.choices,
                initial=look_back.in_use.get(one.id, ""),
                widget=forms.RadioSelect,
            )
        self.fields["words"] = WordsField(
            label=_("What helped, or got in the way?"),
            most=MOST_WORDS,
            required=False,
            initial=look_back.follow_up.words,
            help_text=_("One line, no names. You may skip it."),
            widget=_lines(),
        )
        self.fields["still_meets"] = forms.ChoiceField(
            label=_("Does the circle, or something like it, still meet?"),
            choices=StillMeets.choices,
            initial=look_back.follow_up.still_meets,
            widget=forms.RadioSelect,
        )

    @property
    def in_use(self) -> dict[uuid.UUID, str]:
        """The answers by the anchor's id."""
        return {one.id: self.cleaned_data[f"anchor-{one.id}"] for one in self.anchors}


class MoveForm(RefusableForm):
    """Another day for a look back."""

    due_on = DayField(label=_("Another day"))
