"""The steps of beginning a circle: what it is, who leads it, when it meets."""

import uuid
from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.offering import NOT_OFFERED
from sirkel.circles.domain.planning import MeetingPlan
from sirkel.circles.forms.fields import (
    ClockField,
    DayField,
    LinkField,
    WordsField,
    moment_on_wall,
    must_be_to_come,
    offer,
)
from sirkel.circles.rules.methods import Method
from sirkel.circles.rules.series import USUAL_MINUTES, lengths, sheet_choices, sheet_for
from sirkel.circles.rules.when import days_of_series
from sirkel.people.models import Person, Workplace
from sirkel.people.queries.roles import facilitators_at, workplaces_where_facilitator

MOST_MEETINGS = 12
USUAL_MEETINGS = 6


class CircleForm(forms.Form):
    """Where, and what about. The reader must be a facilitator at the workplace."""

    workplace = forms.ChoiceField(label=_("Workplace"))
    name = WordsField(label=_("What do you call the circle?"), most=120)
    purpose = WordsField(
        label=_("What do you want to understand better?"),
        help_text=_("Describe what you see at work. Solutions come later."),
        most=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    theme_frame = WordsField(
        label=_("Is there a frame for the themes?"),
        help_text=_(
            "What has been agreed with the leader, for example evenings, or handing over between shifts."
        ),
        most=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, person: Person, at: datetime) -> None:
        super().__init__(data)
        self.places: list[Workplace] = list(workplaces_where_facilitator(person, at=at))
        offer(
            self,
            "workplace",
            [(str(place.id), f"{place.name}, {place.organisation.name}") for place in self.places],
        )

    @property
    def at_workplace(self) -> Workplace:
        """The chosen workplace of a valid form."""
        return next(place for place in self.places if str(place.id) == self.cleaned_data["workplace"])


class PeopleForm(forms.Form):
    """Which languages are spoken, and who leads together with the one who asks."""

    language = forms.ChoiceField(
        label=_("The circle's own language"),
        help_text=_("Its papers are in this language. Everybody reads the pages in their own."),
        choices=settings.LANGUAGES,
    )
    others = forms.MultipleChoiceField(
        label=_("Other languages at the table"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    second = forms.ChoiceField(label=_("Who leads it with you?"), required=False)

    def __init__(self, data: Any = None, *, person: Person, workplace: Workplace, at: datetime) -> None:
        super().__init__(data, initial={"language": person.language})
        self.colleagues = [
            colleague for colleague in facilitators_at(workplace, at=at) if colleague.id != person.id
        ]
        offer(
            self,
            "second",
            [
                ("", _("Nobody yet")),
                *(
                    (str(each.id), f"{each.first_name} {each.family_name}".strip())
                    for each in self.colleagues
                ),
            ],
        )

    @property
    def languages(self) -> list[str]:
        """The languages of a valid form, the circle's own first."""
        own = self.cleaned_data["language"]
        return [own, *(tag for tag in self.cleaned_data["others"] if tag != own)]

    @property
    def second_person(self) -> Person | None:
        """The second facilitator of a valid form, if there is one."""
        chosen = self.cleaned_data["second"]
        return next((each for each in self.colleagues if str(each.id) == chosen), None)


class SeriesForm(forms.Form):
    """The first meeting, and how the others follow."""

    day = DayField(label=_("Day of the first meeting"))
    clock = ClockField(label=_("Begins at"))
    weeks = forms.TypedChoiceField(
        label=_("How often?"),
        coerce=int,
        initial=3,
        choices=[(2, _("Every other week")), (3, _("Every third week")), (4, _("Every fourth week"))],
        widget=forms.RadioSelect,
    )
    count = forms.IntegerField(
        label=_("How many meetings?"),
        help_text=_("Six is usual. You can add more later, or cancel one."),
        initial=USUAL_MEETINGS,
        min_value=1,
        max_value=MOST_MEETINGS,
        widget=forms.NumberInput(attrs={"data-width": "short", "inputmode": "numeric"}),
    )
    minutes = forms.TypedChoiceField(
        label=_("How long is a meeting?"),
        coerce=int,
        initial=USUAL_MINUTES,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("There is no run sheet of this length. Choose another length.")},
    )
    place = WordsField(label=_("Place"), most=200, required=False)
    link = LinkField(label=_("Link, if you meet online"), required=False)

    def __init__(
        self, data: Any = None, *, workplace: Workplace, sheets: Collection[Method], at: datetime
    ) -> None:
        super().__init__(data)
        self.zone, self.at, self.sheets = ZoneInfo(workplace.time_zone), at, sheets
        choices = [(minutes, format_lazy(_("{n} minutes"), n=minutes)) for minutes in lengths(sheets)]
        offer(self, "minutes", choices)

    def clean(self) -> dict[str, Any]:
        """Check that the first meeting is to come; the others are checked where they are shown."""
        fields: dict[str, Any] = super().clean() or self.cleaned_data
        must_be_to_come(self, moment_on_wall(self, self.zone), at=self.at)
        return fields

    def rows(self) -> list[dict[str, Any]]:
        """Return the meetings that a valid form describes, as the fields of `RowForm`: same weekday, same wall time."""
        fields = self.cleaned_data
        count: int = fields["count"]
        days: list[date] = days_of_series(fields["day"], weeks=fields["weeks"], count=count)
        clock: time = fields["clock"]
        return [
            {
                "day": day,
                "clock": clock,
                "method": sheet_for(place=place, count=count, minutes=fields["minutes"], sheets=self.sheets),
            }
            for place, day in enumerate(days)
        ]


class RowForm(forms.Form):
    """One meeting of the series: its day, time and run sheet may still be changed."""

    day = DayField(label=_("Day"))
    clock = ClockField(label=_("Begins at"))
    method = forms.ChoiceField(label=_("Run sheet"), error_messages={"invalid_choice": NOT_OFFERED})

    def __init__(
        self,
        data: Any = None,
        *,
        place: int,
        initial: dict[str, Any],
        workplace: Workplace,
        sheets: Collection[Method],
        language: str,
        at: datetime,
    ) -> None:
        super().__init__(data, prefix=f"m{place + 1}", initial=initial)
        self.number = place + 1
        self.zone, self.at = ZoneInfo(workplace.time_zone), at
        offer(self, "method", [(one.id, one.title) for one in sheet_choices(language, sheets)])

    def clean(self) -> dict[str, Any]:
        """Return the fields with the moment."""
        fields: dict[str, Any] = super().clean() or self.cleaned_data
        fields["starts_at"] = must_be_to_come(self, moment_on_wall(self, self.zone), at=self.at)
        return fields

    def plan(self, *, place: str, link: str) -> MeetingPlan:
        """Return the meeting that a valid row describes, as long as its run sheet."""
        return MeetingPlan(
            starts_at=self.cleaned_data["starts_at"],
            method=self.cleaned_data["method"],
            place=place,
            link=link,
        )


def draft_id() -> str:
    """Return an id for a circle that is being planned: sent twice, it is begun once."""
    return str(uuid.uuid4())
