"""The form of a private log."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.private_log import MOST_WORDS, About
from sirkel.circles.forms.fields import WordsField, offer
from sirkel.circles.queries.leading import circles_led_by
from sirkel.circles.rules import methods
from sirkel.circles.rules.texts import in_language
from sirkel.people.models import Person
from sirkel.web.forms import RefusableForm


class LogForm(RefusableForm):
    """Free words, and if one likes a question to begin from and the circle that they are about."""

    question = forms.ChoiceField(label=_("A question to begin from"), required=False)
    text = WordsField(
        label=_("What do you want to keep?"),
        most=MOST_WORDS,
        help_text=_("Leave out names of residents and relatives, here too."),
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )
    circle = forms.ChoiceField(label=_("About a circle"), required=False)
    meeting = forms.IntegerField(required=False, min_value=1, max_value=999, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, person: Person, language: str, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        asked = [(one.id, in_language(one.text, language)[0]) for one in methods.log_questions()]
        offer(self, "question", [("", _("None, I write freely")), *asked])
        led = [(str(one.id), one.name) for one in circles_led_by(person)]
        offer(self, "circle", [("", _("No circle in particular")), *led])

    @property
    def about(self) -> About:
        """What the entry is about."""
        kept = self.cleaned_data
        return About(
            circle_id=uuid.UUID(kept["circle"]) if kept["circle"] else None,
            meeting=kept["meeting"] or 0,
            question=kept["question"],
        )
