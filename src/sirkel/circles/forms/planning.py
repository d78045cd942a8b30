"""Planning one meeting, or changing it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.offering import NOT_OFFERED
from sirkel.circles.domain.planning import MeetingPlan
from sirkel.circles.domain.sittings import SittingPlan
from sirkel.circles.forms.fields import (
    ClockField,
    DayField,
    LinkField,
    WordsField,
    moment_on_wall,
    must_be_to_come,
    offer,
)
from sirkel.circles.models import Circle, Meeting
from sirkel.circles.queries.methods_offered import methods_offered
from sirkel.circles.rules.methods import Method, method
from sirkel.circles.rules.series import USUAL_MINUTES, sheet_choices, sheet_for
from sirkel.circles.rules.when import on_wall
from sirkel.web.forms import RefusableForm

SHORTEST_MINUTES, LONGEST_MINUTES = 10, 480


class MeetingForm(forms.Form):
    """When, where and by which run sheet. Days and times are those of the workplace's clock."""

    day = DayField(label=_("Day"))
    clock = ClockField(label=_("Begins at"))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=SHORTEST_MINUTES,
        max_value=LONGEST_MINUTES,
        widget=forms.NumberInput(attrs={"data-width": "short", "inputmode": "numeric"}),
    )
    place = WordsField(label=_("Place"), most=200, required=False)
    link = LinkField(label=_("Link, if you meet online"), required=False)
    method = forms.ChoiceField(
        label=_("Run sheet"),
        help_text=_("Another run sheet replaces this one, with all that was changed in it."),
        error_messages={"invalid_choice": NOT_OFFERED},
    )

    def __init__(
        self, data: Any = None, *, circle: Circle, language: str, at: datetime, meeting: Meeting | None = None
    ) -> None:
        self.zone = ZoneInfo(circle.workplace.time_zone)
        self.at, self.meeting = at, meeting
        sheets = methods_offered(circle.organisation_id, kept=meeting.method if meeting else "").values()
        super().__init__(data, initial=_as_typed(meeting) if meeting else _as_usual(circle, sheets))
        offer(self, "method", [(one.id, one.title) for one in sheet_choices(language, sheets)])
        if meeting is None:
            self.fields["method"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """Return the fields with the moment; only a moment that is changed must be to come."""
        fields: dict[str, Any] = super().clean() or self.cleaned_data
        moment = moment_on_wall(self, self.zone)
        is_moved = self.meeting is None or moment != self.meeting.starts_at.replace(second=0, microsecond=0)
        fields["starts_at"] = must_be_to_come(self, moment, at=self.at) if is_moved else moment
        return fields

    @property
    def plan(self) -> MeetingPlan:
        """The meeting as planned. With another run sheet and the length untouched, the sheet's length counts."""
        fields = self.cleaned_data
        minutes = fields["minutes"]
        if self.meeting and fields["method"] != self.meeting.method and "minutes" not in self.changed_data:
            minutes = method(fields["method"]).duration_minutes
        return MeetingPlan(
            starts_at=fields["starts_at"],
            method=fields["method"],
            duration_minutes=minutes,
            place=fields["place"],
            link=fields["link"],
        )


class SittingForm(RefusableForm):
    """When and where the second sitting of a meeting is."""

    day = DayField(label=_("Day"))
    clock = ClockField(label=_("Begins at"))
    place = WordsField(label=_("Place"), most=200, required=False)
    link = LinkField(label=_("Link, if you meet online"), required=False)

    def __init__(self, data: Any = None, *, meeting: Meeting, at: datetime) -> None:
        self.zone, self.at = ZoneInfo(meeting.circle.workplace.time_zone), at
        wall = on_wall(meeting.starts_at, self.zone.key)
        super().__init__(data, initial={"day": wall.date(), "place": meeting.place, "link": meeting.link})

    def clean(self) -> dict[str, Any]:
        """Return the fields with the moment, which must be to come."""
        fields: dict[str, Any] = super().clean() or self.cleaned_data
        fields["starts_at"] = must_be_to_come(self, moment_on_wall(self, self.zone), at=self.at)
        return fields

    @property
    def plan(self) -> SittingPlan:
        """The sitting as planned."""
        names = ("starts_at", "place", "link")
        return SittingPlan(**{name: self.cleaned_data[name] for name in names})


def _as_usual(circle: Circle, sheets: Collection[Method]) -> dict[str, Any]:
    """Return what one more meeting begins with: the first gets the first one's run sheet, a later one the middle's."""
    place = circle.meetings.count()
    return {
        "minutes": USUAL_MINUTES,
        "method": sheet_for(place=place, count=place + 2, minutes=USUAL_MINUTES, sheets=sheets),
    }


def _as_typed(meeting: Meeting) -> dict[str, Any]:
    wall = on_wall(meeting.starts_at, meeting.circle.workplace.time_zone)
    return {
        "day": wall.date(),
        "clock": wall.time(),
        "minutes": meeting.duration_minutes,
        "place": meeting.place,
        "link": meeting.link,
        "method": meeting.method,
    }
