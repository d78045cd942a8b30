"""The readiness check, the leader commitment, ground rules and expectations as forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.agreeing import EXPECTATION_LENGTH, MOST_AGREEING
from sirkel.circles.domain.anchoring import BOUNDS, WORDS_LENGTH, CommitmentPlan
from sirkel.circles.enums import Outcome
from sirkel.circles.forms.fields import DayField, WordsField
from sirkel.circles.models import LeaderCommitment
from sirkel.circles.rules.commitment import PROVISIONS
from sirkel.circles.rules.readiness import ANSWERS, QUESTIONS
from sirkel.web.forms import RefusableForm


class ReadinessForm(RefusableForm):
    """One choice per question, and a day to look again."""

    look_again_on = DayField(
        label=_("Look at it again on"),
        required=False,
        help_text=_("Leave it empty if there is no need."),
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for question in QUESTIONS:
            self.fields[question.key] = forms.ChoiceField(
                label=question.text, choices=list(ANSWERS.items()), widget=forms.RadioSelect
            )
        self.order_fields([*(question.key for question in QUESTIONS), "look_again_on"])

    @property
    def answers(self) -> dict[str, str]:
        """The answers by question."""
        return {question.key: self.cleaned_data[question.key] for question in QUESTIONS}


def _number(name: str, label: Any, hint: Any = "") -> forms.IntegerField:
    least, most = BOUNDS[name]
    widget = forms.NumberInput(attrs={"data-width": "short", "inputmode": "numeric"})
    return forms.IntegerField(label=label, help_text=hint, min_value=least, max_value=most, widget=widget)


def _words(label: Any, hint: Any) -> WordsField:
    return WordsField(
        label=label, help_text=hint, most=WORDS_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


class CommitmentForm(RefusableForm):
    """What the leader commits to. ``base`` is the version that was on the table when it was opened."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32000)
    participants = _number("participants", _("How many take part"), _("Facilitators included."))
    meetings = _number("meetings", _("Number of meetings"))
    meeting_minutes = _number("meeting_minutes", _("Minutes per meeting"))
    facilitators = _number("facilitators", _("Number of facilitators"))
    preparation_minutes = _number(
        "preparation_minutes", _("Minutes of preparation"), _("For each facilitator and meeting.")
    )
    cover = _words(_("Cover"), _("Who does the work meanwhile, and how is it in the roster?"))
    mandate = _words(
        _("Room for manoeuvre"), _("What may the circle try without asking? What must it ask about first?")
    )
    answer_days = _number(
        "answer_days",
        _("Working days to answer"),
        _("How soon the leader answers what the circle hands over."),
    )
    provisions = forms.MultipleChoiceField(
        label=_("The workplace also provides"),
        choices=list(PROVISIONS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    afterwards = _words(
        _("What happens afterwards"), _("Where the results go, and how they become daily work.")
    )

    @staticmethod
    def initial_of(commitment: LeaderCommitment) -> dict[str, Any]:
        """Return what a written version fills the form with."""
        names = (*BOUNDS, "cover", "mandate", "afterwards", "provisions")
        return {name: getattr(commitment, name) for name in names} | {"base": commitment.version}

    def plan(self, *, lang: str) -> CommitmentPlan:
        """Return the commitment that a valid form describes."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "base"}
        return CommitmentPlan(**fields, lang=lang)


class CommentForm(forms.Form):
    """What a representative says to a version."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32000)
    text = WordsField(
        label=_("Your comment"),
        most=WORDS_LENGTH,
        help_text=_("The leader and the facilitators read this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AgreementForm(RefusableForm):
    """Ground rules, one on each line. ``base`` is the version that was on the table when it was opened."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32000)
    items = forms.CharField(
        label=_("Our ground rules"),
        help_text=_("One on each line. Short, in your own words."),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=4000,
    )

    @property
    def lines(self) -> list[str]:
        """The ground rules as a list."""
        return [line.strip() for line in self.cleaned_data["items"].splitlines() if line.strip()]


class AgreeForm(forms.Form):
    """How many in the room agreed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32000)
    count = forms.IntegerField(
        label=_("How many agreed?"),
        help_text=_("A number, no names."),
        min_value=1,
        max_value=MOST_AGREEING,
        widget=forms.NumberInput(attrs={"data-width": "short", "inputmode": "numeric"}),
    )


class ExpectationForm(forms.Form):
    """One expectation."""

    text = WordsField(
        label=_("What do you expect of the circle?"),
        most=EXPECTATION_LENGTH,
        help_text=_("Nobody's name is kept with it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LookingBackForm(forms.Form):
    """What became of one expectation."""

    outcome = forms.ChoiceField(
        label=_("What became of it?"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    words = WordsField(
        label=_("In the circle's words"),
        most=EXPECTATION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
