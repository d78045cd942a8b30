"""One line of the facilitator's in a reminder."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.reminders import MOST_LINE
from sirkel.circles.forms.fields import WordsField


class ReminderForm(forms.Form):
    """Ask for the line; empty takes it out again."""

    line = WordsField(
        label=_("A line from you"),
        help_text=_(
            "Something practical, such as: Come through the garden door. It goes out by mail, so write nothing of what the circle talks about."
        ),
        most=MOST_LINE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    hides_optional = True
