"""The circle's decision about voice balance."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.agreeing import MOST_AGREEING


class SwitchForm(forms.Form):
    """How many in the room were for it."""

    count = forms.IntegerField(
        label=_("How many agreed?"),
        help_text=_("A number, no names."),
        min_value=1,
        max_value=MOST_AGREEING,
        widget=forms.NumberInput(attrs={"data-width": "short", "inputmode": "numeric"}),
    )
