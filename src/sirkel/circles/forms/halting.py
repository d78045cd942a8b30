"""Pausing or ending a circle, and raising a concern about it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.concerns import CONCERN_LENGTH
from sirkel.circles.enums import HaltReason
from sirkel.circles.forms.fields import WordsField, offer


class HaltForm(forms.Form):
    """Why a circle is paused or ended: one class, no story."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, reasons: Sequence[str], **given: Any) -> None:
        super().__init__(data, **given)
        offer(self, "reason", [(name, HaltReason(name).label) for name in reasons])


class ConcernForm(forms.Form):
    """What a representative is worried about, in a few sentences."""

    text = WordsField(
        label=_("What are you concerned about?"),
        most=CONCERN_LENGTH,
        help_text=_("The leader and the facilitators read this. Name nobody."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
