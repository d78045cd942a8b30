"""When something may have got out: what Sirkel knows of those days, and a draft of what the authority must be told (PD-29).

Nothing that is chosen here is kept: the draft is made from the address, printed or copied, and gone.
"""

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sirkel.circles.forms.fields import ClockField, DayField
from sirkel.circles.queries.keeping import circles_with_words
from sirkel.config.register.documents import entry
from sirkel.config.register.gather import register
from sirkel.config.register.risks import MEASURES
from sirkel.kernel import clock
from sirkel.kernel.register import Controller, DataClass
from sirkel.people.models import Organisation
from sirkel.people.queries.administration import organisation_of, people_between, zone_of
from sirkel.people.queries.records import profile_of
from sirkel.people.queries.trail import acts_between
from sirkel.people.views.asking import signed_in

NOTICE_WITHIN = timedelta(hours=72)
"""From when the organisation learned of it until the authority must know (GDPR Article 33(1))."""
MOST_DAYS = 366

HAPPENED = {
    "read": _("Somebody may have read what they should not (confidentiality)."),
    "changed": _("Something may have been changed (integrity)."),
    "lost": _("Something was lost or could not be reached (availability)."),
}


class BreachForm(forms.Form):
    """What an administrator knows at first: when it was learned of, which days it is about, and which data."""

    learned_on = DayField(label=_("The day on which you learned of it"))
    learned_at = ClockField(label=_("At what time"))
    first = DayField(label=_("The first day on which it may have happened"))
    last = DayField(label=_("The last day"))
    happened = forms.MultipleChoiceField(
        label=_("What may have happened"), choices=list(HAPPENED.items()), widget=forms.CheckboxSelectMultiple
    )
    classes = forms.MultipleChoiceField(label=_("Which data"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        # Django's own way to fill choices late; its stubs know a form's fields by their base class alone.
        self.fields["classes"].choices = [(one.code, one.name) for one in answered_for()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Hold the days in their order, and to a year."""
        said = super().clean() or {}
        first, last, learned = (said.get(name) for name in ("first", "last", "learned_on"))
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first one."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("first", _("Choose a year at most."))
        if first and learned and learned < first:
            self.add_error("learned_on", _("That was before it happened."))
        return said


def answered_for() -> list[DataClass]:
    """Return the classes of data for which the organisation answers and which can lead to a person, the register's order."""
    return [one for one in register() if one.controller is Controller.EMPLOYER and one.can_name]


@require_safe
@login_required
def breach(request: HttpRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Ask what is known, and answer with the draft.

    Raises:
        NotFound: for whoever does not administer the organisation.

    """
    at = clock.now()
    organisation = organisation_of(person=signed_in(request), organisation_id=organisation_id, at=at)
    form = BreachForm(request.GET or None)
    if form.is_valid():
        return render(request, "config/breach_draft.html", draft(organisation, form.cleaned_data, at=at))
    shown = {"organisation": organisation, "form": form}
    return render(request, "config/breach.html", shown, status=422 if form.errors else 200)


def draft(organisation: Organisation, said: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """Gather what the draft says: days are the organisation's own, and so are the hours of the deadline."""
    zone = ZoneInfo(zone_of(organisation))
    learned = datetime.combine(said["learned_on"], said["learned_at"], tzinfo=zone)
    begins = datetime.combine(said["first"], time.min, tzinfo=zone)
    ends = datetime.combine(said["last"] + timedelta(days=1), time.min, tzinfo=zone)
    chosen = [entry(one) for one in answered_for() if one.code in said["classes"]]
    deadline = (learned.astimezone(UTC) + NOTICE_WITHIN).astimezone(
        zone
    )  # hours that pass, not hours of the clock
    return {
        "organisation": organisation,
        "zone": zone.key,
        "learned": learned,
        "deadline": deadline,
        "is_late": at > deadline,
        "first": said["first"],
        "last": said["last"],
        "happened": [words for code, words in HAPPENED.items() if code in said["happened"]],
        "entries": chosen,
        "special": [one.data_class.name for one in chosen if one.data_class.is_special],
        "people": people_between(organisation, begins=begins, ends=ends),
        "circles": circles_with_words(organisation, at=begins),
        "acts": acts_between(organisation, begins=begins, ends=ends),
        "measures": MEASURES,
        "profile": profile_of(organisation),
    }
