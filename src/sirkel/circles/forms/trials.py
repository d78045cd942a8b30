"""Forms for trials between meetings: a press of a button, a decision, a next cycle, an idea."""

import uuid
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.trial_logs import Entry
from sirkel.circles.enums import TrialDecision
from sirkel.circles.forms.fields import DayField, WordsField
from sirkel.circles.forms.outcomes import TrialForm
from sirkel.kernel.errors import Refused
from sirkel.web.forms import RefusableForm


def _lines(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})


def entry_in(posted: QueryDict, *, lang: str) -> Entry:
    """Return what one press of a button sent.

    Raises:
        Refused: ``form.incomplete`` without its id; ``logs.count`` when the count is no number.

    """
    try:
        client_id = uuid.UUID(posted.get("client_id", ""))
    except ValueError as error:
        raise Refused(
            "form.incomplete", _("Something was missing."), _("Load the page again and try once more.")
        ) from error
    counted = posted.get("count", "").strip()
    if counted and not (counted.isascii() and counted.isdigit() and len(counted) <= 5):  # noqa: PLR2004 -- longer than any count
        raise Refused("logs.count", _("Write a number from 0 to 9999."), facts={"field": "count"})
    return Entry(
        client_id=client_id,
        kind=posted.get("kind", ""),
        lang=lang,
        text=posted.get("text", ""),
        count=int(counted) if counted else None,
        is_sure=bool(posted.get("is_sure")),
    )


class DecideForm(RefusableForm):
    """What becomes of a trial, outside a meeting, with one sentence of learning."""

    decision = forms.ChoiceField(
        label=_("What do we do with it?"),
        choices=TrialDecision.choices,
        widget=forms.RadioSelect,
        help_text=_("Dropping it is as honourable as keeping it."),
    )
    learning = WordsField(
        label=_("What did we learn?"), most=500, help_text=_("One sentence."), widget=_lines()
    )
    ends_on = DayField(label=_("New last day"), required=False, help_text=_("Needed when you try it longer."))


class IdeaForm(RefusableForm):
    """An idea for a trial: what, and what we believe."""

    what = WordsField(label=_("What could we try?"), most=300, widget=_lines())
    prediction = WordsField(
        label=_("What do we believe will happen?"), most=300, help_text=_("One sentence."), widget=_lines()
    )


class PlanForm(TrialForm):
    """A trial's whole plan, outside a meeting."""

    field_order = [
        "what",
        "smallest_step",
        "prediction",
        "where",
        "when",
        "who",
        "look_at",
        "counted",
        "stop_rule",
        "touches_care",
        "ends_on",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)


class NextCycleForm(PlanForm):
    """A next cycle: what changes and how much larger, then the plan as it now is."""

    change = WordsField(label=_("What do we change?"), most=300, widget=_lines())
    scale = WordsField(
        label=_("How much larger?"),
        most=200,
        help_text=_("One more evening, one more unit. The same size is also an answer."),
        widget=_lines(1),
    )
    field_order = ["change", "scale", *PlanForm.field_order]
