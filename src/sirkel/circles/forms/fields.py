"""Fields that several forms of this room share: words for the circle, a day and a time on the workplace's wall."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.wording import words_for_circle
from sirkel.circles.rules.when import NoSuchTime, at_wall
from sirkel.kernel.errors import Refused

FURTHEST = timedelta(days=2 * 366)


class WordsField(forms.CharField):
    """Words that go into a circle: tidied, bounded, without personal numbers.

    The bound is checked here and not by the browser, which would cut words while somebody writes.
    """

    def __init__(self, *, most: int, **given: Any) -> None:
        super().__init__(max_length=None, **given)
        self.max_length = most  # for the soft counter
        self.validators = [each for each in self.validators if not hasattr(each, "limit_value")]

    def clean(self, value: Any) -> str:
        """Return the words as they are kept, or say beside the field why not."""
        text: str = super().clean(value)
        try:
            return words_for_circle(
                text, most=self.max_length or 500, is_sure=True, may_be_empty=not self.required
            )
        except Refused as refused:
            raise ValidationError(f"{refused.message} {refused.hint}".strip(), code=refused.code) from refused


class DayField(forms.DateField):
    """A day; the browser's own calendar where there is one, else typed in the reader's way."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "data-width": "short"})


class ClockField(forms.TimeField):
    """A time of day, to the minute."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "data-width": "short"})


class LinkField(forms.URLField):
    """A link to an online room. Only web addresses: anything else could run something."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, **given: Any) -> None:
        super().__init__(assume_scheme="https", max_length=500, **given)


def offer(form: forms.Form, field: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a choice field what can be chosen now."""
    cast("forms.ChoiceField", form.fields[field]).choices = list(choices)


def moment_on_wall(
    form: forms.Form, zone: ZoneInfo, *, day: str = "day", clock: str = "clock"
) -> datetime | None:
    """Return the moment that a form's day and time name in a zone; an error lands beside the time."""
    when_day: date | None = form.cleaned_data.get(day)
    when_clock: time | None = form.cleaned_data.get(clock)
    if when_day is None or when_clock is None:
        return None
    try:
        return at_wall(when_day, when_clock.replace(second=0, microsecond=0), zone)
    except NoSuchTime:
        form.add_error(
            clock, _("The clock is put forward that day and this time never comes. Choose another time.")
        )
    except OverflowError:
        form.add_error(day, _("This day is too far away."))
    return None


def must_be_to_come(
    form: forms.Form, moment: datetime | None, *, at: datetime, day: str = "day"
) -> datetime | None:
    """Return a moment that is to come, within two years; an error lands beside the day."""
    if moment is None:
        return None
    if moment <= at:
        form.add_error(day, _("This is in the past. Choose a day to come."))
        return None
    if moment - at > FURTHEST:
        form.add_error(day, _("This is more than two years away. Look at the year."))
        return None
    return moment
