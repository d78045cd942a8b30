"""A key for a program."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sirkel.kernel.ids import new_id
from sirkel.people.rules.api_keys import DAYS, MOST_LABEL
from sirkel.web.forms import RefusableForm

USUAL_DAYS = 90


def _spans() -> list[tuple[int, str]]:
    return [(days, ngettext("%d day", "%d days", days) % days) for days in DAYS]


class KeyForm(RefusableForm):
    """What a key is for, for how long it opens, and whether it may do more than read."""

    label = forms.CharField(
        label=_("What is it for?"),
        max_length=MOST_LABEL,
        help_text=_("So that you know it again: “Case system” or “My report script”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.TypedChoiceField(
        label=_("For how long?"), coerce=int, choices=_spans, initial=USUAL_DAYS, widget=forms.RadioSelect
    )
    may_answer = forms.BooleanField(
        label=_("It may also answer lines from circles as me"),
        required=False,
        help_text=_(
            "For leaders whose answers are written in another system. Without it the key reads only."
        ),
    )
    # The form's own number: sent twice, it makes one key.
    form_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["form_id"].initial = new_id
