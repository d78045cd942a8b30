"""Forms for handovers and for challenges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sirkel.circles.domain.handover_answers import MOST_BODY, MOST_REASON
from sirkel.circles.domain.handovers import MOST_FOLLOW_UP, MOST_LINE, MOST_OBSTACLE
from sirkel.circles.enums import HandoverAnswer, Obstacle
from sirkel.circles.forms.fields import DayField, WordsField, offer
from sirkel.circles.line_enums import ObstacleState
from sirkel.circles.rules.handover_states import ASK_DAYS
from sirkel.web.forms import RefusableForm


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})


def _kind(label: Any, hint: Any = "") -> forms.ChoiceField:
    choices = [("", _("Nothing in particular")), *Obstacle.choices]
    return forms.ChoiceField(label=label, required=False, choices=choices, help_text=hint)


def _in_the_way() -> WordsField:
    return WordsField(label=_("In one line"), most=MOST_OBSTACLE, required=False, widget=_lines(1))


class HandoverForm(RefusableForm):
    """One line for the leader, and what stands in the way: up to three things, each with its kind and one line."""

    text = WordsField(
        label=_("The line"),
        most=MOST_LINE,
        help_text=_("What do you ask for, and why? No names, and nothing that points to somebody."),
        widget=_lines(3),
    )
    obstacle = _kind(_("What stands in the way?"), _("The leader sees this beside the line."))
    named_1 = _in_the_way()
    kind_2 = _kind(_("What else stands in the way?"))
    named_2 = _in_the_way()
    kind_3 = _kind(_("And what else?"))
    named_3 = _in_the_way()

    @property
    def line(self) -> dict[str, Any]:
        """What the verbs take: the words, the kind of the first thing in the way, and all that have a line."""
        kept = self.cleaned_data
        kinds = (kept["obstacle"], kept["kind_2"], kept["kind_3"])
        named = [(kind, kept[f"named_{place}"]) for place, kind in enumerate(kinds, start=1)]
        return {"text": kept["text"], "obstacle": kept["obstacle"], "named": named}

    @property
    def has_more(self) -> bool:
        """Whether more than one thing in the way is filled in."""
        return any(self[name].value() for name in ("kind_2", "named_2", "kind_3", "named_3"))


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
    comes_back_on = DayField(
        label=_("If later: when does it come back to you?"),
        required=False,
        help_text=_("On that day the line waits for you again."),
    )
    other_body = WordsField(
        label=_("If somebody else must decide: who?"),
        most=MOST_BODY,
        required=False,
        help_text=_("A body or a function rather than a name."),
        widget=_lines(1),
    )

    def __init__(self, *given: Any, is_after_later: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        if is_after_later:
            answers = [one for one in HandoverAnswer.choices if one[0] != HandoverAnswer.LATER]
            offer(self, "answer", answers)
            del self.fields["comes_back_on"]


class MarkForm(RefusableForm):
    """What becomes of something in the way."""

    state = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=[one for one in ObstacleState.choices if one[0] != ObstacleState.OPEN],
        widget=forms.RadioSelect,
    )
    until = DayField(label=_("If you work on it: until when?"), required=False)


class FollowUpForm(RefusableForm):
    """What came of an answer."""

    text = WordsField(
        label=_("What came of it?"), most=MOST_FOLLOW_UP, help_text=_("One sentence."), widget=_lines(2)
    )


def _ask_days() -> list[tuple[int, str]]:
    return [(days, ngettext("%d day", "%d days", days) % days) for days in ASK_DAYS]


class AskForm(RefusableForm):
    """For how long the circle is asked about a line between meetings."""

    days = forms.TypedChoiceField(
        label=_("How long may people say that it should stay?"),
        coerce=int,
        choices=_ask_days,
        initial=ASK_DAYS[0],
    )


def initial_of(handover: Any) -> dict[str, str]:
    """Return what a drafted line fills its form with."""
    named = list(handover.named_obstacles.order_by("position"))
    filled = {"text": handover.text, "obstacle": handover.obstacle}
    for place, one in enumerate(named, start=1):
        filled |= {("obstacle" if place == 1 else f"kind_{place}"): one.kind, f"named_{place}": one.line}
    return filled
