"""An administrator's form about public records."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.people.domain.records import MOST_NAME, MOST_WORDS, RecordPlan
from sirkel.people.enums import RecordStatus
from sirkel.people.models import RecordProfile
from sirkel.web.forms import RefusableForm


class RecordForm(RefusableForm):
    """Whether what circles write is a public record, and who answers."""

    status = forms.ChoiceField(
        label=_("Is what circles write a public record here?"),
        choices=RecordStatus.choices,
        widget=forms.RadioSelect,
    )
    answered_by = forms.CharField(
        label=_("Who answers when somebody asks to see it"),
        help_text=_("A function with its address, as “The archive, arkiv@example.org”. No private person."),
        max_length=MOST_NAME,
    )
    law = forms.CharField(
        label=_("By which law"),
        help_text=_("So that members can read it themselves."),
        max_length=MOST_WORDS,
        required=False,
    )
    archive = forms.CharField(
        label=_("What goes to the archive, and when"),
        max_length=MOST_WORDS,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, kept: RecordProfile | None) -> None:
        names = ("status", "answered_by", "law", "archive", "version")
        initial = {name: getattr(kept, name) for name in names} if kept else {"version": 0}
        super().__init__(data, initial=initial)

    @property
    def plan(self) -> RecordPlan:
        """What was written."""
        names = ("status", "answered_by", "law", "archive")
        return RecordPlan(**{name: self.cleaned_data[name] for name in names})
