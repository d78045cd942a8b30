"""A circle that somebody is planning: what was typed so far, kept in the session until it is begun or dropped."""

import uuid
from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.planning import CirclePlan, MeetingPlan
from sirkel.circles.forms.wizard import (
    MOST_MEETINGS,
    CircleForm,
    PeopleForm,
    RowForm,
    SeriesForm,
    draft_id,
)
from sirkel.circles.queries.methods_offered import methods_offered
from sirkel.circles.rules.methods import Method
from sirkel.people.models import Person

SESSION_KEY = "new_circle"
# What is kept is what the pages ask for, however much is sent.
LONGEST_TYPED, MOST_VALUES = 2000, 20
ROW_FIELDS = {f"m{place}-{name}" for place in range(1, MOST_MEETINGS + 1) for name in RowForm.base_fields}
STEPS = ("circle", "people", "series", "check")


class Draft:
    """What was typed in each step, as it was typed; a step is right when its form says so."""

    def __init__(self, session: SessionBase, *, person: Person, language: str, at: datetime) -> None:
        self.session, self.person, self.language, self.at = session, person, language, at
        self.typed: dict[str, Any] = session.get(SESSION_KEY) or {"id": draft_id()}

    def keep(self, step: str, sent: QueryDict) -> None:
        """Keep what was typed in one step."""
        fields = ROW_FIELDS if step == "check" else set(getattr(self, step).fields)
        self.typed[step] = {
            name: [value[:LONGEST_TYPED] for value in values[:MOST_VALUES]]
            for name, values in sent.lists()
            if name in fields
        }
        if step == "check":
            self.typed["rows_of"] = self.typed.get("series")
        self.session[SESSION_KEY] = self.typed
        for name in ("circle", "people", "sheets", "series", "rows"):
            self.__dict__.pop(name, None)
        # The steps before were right when this one was shown; now they are read again.
        self.first_wrong(before=step)

    def drop(self) -> None:
        """Forget everything that was typed."""
        self.session.pop(SESSION_KEY, None)

    def _sent(self, step: str) -> QueryDict | None:
        if step not in self.typed:
            return None
        sent = QueryDict(mutable=True)
        for name, values in self.typed[step].items():
            sent.setlist(name, values)
        return sent

    @cached_property
    def circle(self) -> CircleForm:
        """The form of the first step."""
        return CircleForm(self._sent("circle"), person=self.person, at=self.at)

    @cached_property
    def people(self) -> PeopleForm:
        """The form of the second step; the first must be right."""
        return PeopleForm(
            self._sent("people"), person=self.person, workplace=self.circle.at_workplace, at=self.at
        )

    @cached_property
    def sheets(self) -> Collection[Method]:
        """The methods offered where the circle is to be; the first step must be right."""
        return methods_offered(self.circle.at_workplace.organisation_id).values()

    @cached_property
    def series(self) -> SeriesForm:
        """The form of the third step; the first must be right."""
        return SeriesForm(
            self._sent("series"), workplace=self.circle.at_workplace, sheets=self.sheets, at=self.at
        )

    @cached_property
    def rows(self) -> list[RowForm]:
        """The meetings of the last step, as changed there; changed anew when the series was."""
        is_current = self.typed.get("rows_of") == self.typed.get("series")
        sent = self._sent("check") if is_current else None
        rows = [
            RowForm(
                sent,
                place=place,
                initial=row,
                workplace=self.circle.at_workplace,
                sheets=self.sheets,
                language=self.language,
                at=self.at,
            )
            for place, row in enumerate(self.series.rows())
        ]
        if sent is None:
            # Not yet sent, but checked all the same: a day in the series may fall into a gap of the clock.
            computed = QueryDict(mutable=True)
            for row in rows:
                for name, value in row.initial.items():
                    computed[row.add_prefix(name)] = _as_sent(value)
            for row in rows:
                row.data, row.is_bound = computed, True
        self._must_differ(rows)
        return rows

    def _must_differ(self, rows: list[RowForm]) -> None:
        seen: set[datetime] = set()
        for row in rows:
            moment = row.cleaned_data.get("starts_at") if row.is_valid() else None
            if moment in seen:
                row.add_error("day", _("There is a meeting at this time already."))
            elif moment:
                seen.add(moment)

    def first_wrong(self, *, before: str) -> str | None:
        """Return the first step before this one that is not right, or None."""
        for step in STEPS[: STEPS.index(before)]:
            if not getattr(self, step).is_valid():
                return step
        return None

    @property
    def plan(self) -> CirclePlan:
        """The circle as planned; every step must be right."""
        fields, series = self.circle.cleaned_data, self.series.cleaned_data
        meetings: list[MeetingPlan] = [
            row.plan(place=series["place"], link=series["link"]) for row in self.rows
        ]
        second = self.people.second_person
        return CirclePlan(
            id=uuid.UUID(self.typed["id"]),
            workplace=self.circle.at_workplace,
            name=fields["name"],
            purpose=fields["purpose"],
            theme_frame=fields["theme_frame"],
            languages=self.people.languages,
            facilitators=(second,) if second else (),
            meetings=meetings,
        )


def _as_sent(value: Any) -> str:
    return value.strftime("%H:%M") if hasattr(value, "hour") else str(value)
