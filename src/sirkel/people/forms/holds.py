"""An administrator's forms about holds."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.people.domain.holding import LONGEST_REVIEW, MOST_REASON, HoldPlan
from sirkel.people.enums import HoldScope
from sirkel.people.models import Organisation, Workplace
from sirkel.web.forms import RefusableForm

USUAL_REVIEW = timedelta(days=90)


class ReviewForm(RefusableForm):
    """The day on which a hold is looked at again."""

    review_on = forms.DateField(
        label=_("To be looked at again by"),
        help_text=_("Within a year. Hold nothing for longer than it is needed."),
        widget=forms.DateInput(attrs={"type": "date", "data-width": "short"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"review_on": today + min(USUAL_REVIEW, LONGEST_REVIEW)})


class HoldForm(ReviewForm):
    """What shall be held, and why."""

    # The hint says when the field about which one may stay empty.
    hides_optional = True

    what = forms.ChoiceField(label=_("What must not be deleted?"), widget=forms.RadioSelect)
    which = forms.CharField(
        label=_("Which circle or person"),
        help_text=_(
            "For a circle the address of its page, which its facilitator can give you. For a person with a role here "
            "the e-mail address. Else leave it empty."
        ),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_(
            "A case number or a law is enough. Only administrators read it. No names, nothing about health."
        ),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_secret = forms.BooleanField(
        label=_("A law or an authority forbids to tell those whom it covers"),
        help_text=_("Otherwise they see on their own page that it is so, from when and until when; not why."),
        required=False,
    )
    field_order = ("what", "which", "reason", "review_on", "is_secret")

    def __init__(
        self, data: Any = None, *, organisation: Organisation, places: Sequence[Workplace], today: date
    ) -> None:
        super().__init__(data, today=today)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = [
            (HoldScope.CIRCLE.value, _("One circle")),
            (HoldScope.PERSON.value, _("One person with a role here")),
            *((f"{HoldScope.WORKPLACE.value}:{one.id}", one.name) for one in places),
            (
                HoldScope.ORGANISATION.value,
                _("All of %(organisation)s") % {"organisation": organisation.name},
            ),
        ]

    @property
    def plan(self) -> HoldPlan:
        """What was chosen."""
        scope, _mark, place = self.cleaned_data["what"].partition(":")
        return HoldPlan(
            scope=scope,
            which=place or self.cleaned_data["which"],
            reason=self.cleaned_data["reason"],
            review_on=self.cleaned_data["review_on"],
            may_tell=not self.cleaned_data["is_secret"],
        )
