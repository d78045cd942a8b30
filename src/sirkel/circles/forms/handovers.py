"""Forms for handovers and for challenges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.handovers import MOST_FOLLOW_UP, MOST_LINE, MOST_REASON
from sirkel.circles.enums import HandoverAnswer, Obstacle
from sirkel.circles.forms.fields import WordsField
from sirkel.circles.forms.outcomes import RefusableForm


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})


class HandoverForm(RefusableForm):
    """One line for the leader, and what stands in the way."""

    text = WordsField(
        label=_("The line"),
        most=MOST_LINE,
        help_text=_("What do you ask for, and why? No names, and nothing that points to somebody."),
        widget=_lines(3),
    )
    obstacle = forms.ChoiceField(
        label=_("What stands in the way?"),
        required=False,
        choices=[("", _("Nothing in particular")), *Obstacle.choices],
        help_text=_("The leader sees this beside the line."),
    )


class AnswerForm(RefusableForm):
    """A leader's answer and its reason."""

    answer = forms.ChoiceField(
        label=_("Your answer"), choices=HandoverAnswer.choices, widget=forms.RadioSelect
    )
    reason = WordsField(
        label=_("Your reason"),
        most=MOST_REASON,
        help_text=_("The circle reads it. A no with a reason is an answer people can work with."),
        widget=_lines(4),
    )


class FollowUpForm(RefusableForm):
    """What came of an answer."""

    text = WordsField(
        label=_("What came of it?"), most=MOST_FOLLOW_UP, help_text=_("One sentence."), widget=_lines(2)
    )


def initial_of(handover: Any) -> dict[str, str]:
    """Return what a drafted line fills its form with."""
    return {"text": handover.text, "obstacle": handover.obstacle}
