"""Forms for what a meeting decides: trials, looking back, and words that may leave the room."""

import uuid
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.circles.enums import Audience, TrialDecision
from sirkel.circles.forms.fields import DayField
from sirkel.circles.models import Theme, Trial
from sirkel.circles.queries.lead import Source
from sirkel.web.forms import RefusableForm


def _line(label: Any, most: int, hint: Any = "", *, rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return forms.CharField(label=label, help_text=hint, max_length=most, widget=widget)


def _may_lack(label: Any, most: int, hint: Any = "", *, rows: int = 1) -> forms.CharField:
    field = _line(label, most, hint, rows=rows)
    field.required = field.widget.is_required = False
    return field


class TrialForm(RefusableForm):
    """A small trial, each field one line."""

    what = _line(_("What do we try?"), 300, _("The smallest thing that could teach us something."))
    who = _line(_("Who does it?"), 200, _("A role or a shift rather than a name."), rows=1)
    when = _line(_("When?"), 200, rows=1)
    prediction = _line(_("What do we believe will happen?"), 300, _("One sentence, before we begin."))
    look_at = _line(_("What do we look at?"), 300, _("Something that everybody can see or count."))
    stop_rule = _line(_("When do we stop?"), 300, _("What must not happen."))
    touches_care = forms.BooleanField(
        label=_("It touches the care of residents or their medication"),
        required=False,
        help_text=_("Then it waits until the leader has said yes."),
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date", "data-width": "short"}, format="%Y-%m-%d"),
    )
    smallest_step = _may_lack(_("The smallest first step"), 300, rows=2)
    where = _may_lack(_("Where?"), 200)
    counted = _may_lack(
        _("What do we count?"),
        80,
        _("Name it once, as “times we stepped in”. Leave it empty if you count nothing."),
    )
    theme = forms.ChoiceField(label=_("Grows out of"), required=False)

    def __init__(self, *args: Any, themes: Sequence[Theme] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["theme"]).choices = [
            ("", _("No theme")),
            *((str(theme.id), theme.title) for theme in themes),
        ]
        if not themes:
            del self.fields["theme"]

    @staticmethod
    def initial_of(trial: Trial) -> dict[str, Any]:
        """Return what a written trial fills the form with."""
        names = ["what", "who", "when", "prediction", "look_at", "stop_rule", "ends_on"]
        names += ["touches_care", "smallest_step", "where", "counted"]
        return {name: getattr(trial, name) for name in names} | {"theme": str(trial.theme_id or "")}

    @property
    def theme_id(self) -> uuid.UUID | None:
        """The chosen theme, or None."""
        chosen = self.cleaned_data.get("theme")
        return uuid.UUID(chosen) if chosen else None


class LookBackForm(RefusableForm):
    """What happened with a trial, what becomes of it, and what was learned."""

    happened = _line(_("What happened?"), 500, _("“Not done yet” is also an answer."), rows=3)
    decision = forms.ChoiceField(
        label=_("What do we do with it?"),
        required=False,
        choices=[*TrialDecision.choices, ("", _("Decide later"))],
        widget=forms.RadioSelect,
        help_text=_("Dropping it is as honourable as keeping it."),
    )
    learning = forms.CharField(
        label=_("What did we learn?"),
        required=False,
        max_length=500,
        help_text=_("One sentence. Needed when you decide."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    ends_on = DayField(label=_("New last day"), required=False, help_text=_("Needed when you try it longer."))


class ShareForm(RefusableForm):
    """Words that may leave the room, for whom, and what they rest on."""

    rests_on = forms.ChoiceField(label=_("What does it rest on?"), required=False)
    text = forms.CharField(
        label=_("The words"),
        required=False,
        max_length=500,
        help_text=_("Leave this empty to use the words it rests on."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    audience = forms.ChoiceField(
        label=_("Who may read it?"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, sources: Sequence[Source] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {source.value: source for source in sources}
        kinds = {"theme": _("Themes"), "trial": _("Trials"), "note": _("Notes")}
        grouped = [
            (name, [(value, source.text) for value, source in self.sources.items() if value.startswith(kind)])
            for kind, name in kinds.items()
        ]
        cast("forms.ChoiceField", self.fields["rests_on"]).choices = [
            ("", _("Nothing that was written today")),
            *((name, choices) for name, choices in grouped if choices),
        ]

    def clean(self) -> dict[str, Any]:
        """Take the source's words where none were written."""
        cleaned = super().clean() or self.cleaned_data
        source = self.sources.get(str(cleaned.get("rests_on", "")))
        if not str(cleaned.get("text", "")).strip():
            if source is None:
                self.add_error("text", _("Write the words, or choose what they rest on."))
            else:
                cleaned["text"] = source.text
        return cleaned

    @property
    def resting_on(self) -> dict[str, uuid.UUID]:
        """What the words rest on, as the verb takes it: ``note_id``, ``theme_id`` or ``trial_id``."""
        kind, _sep, value = str(self.cleaned_data.get("rests_on", "")).partition(":")
        return {f"{kind}_id": uuid.UUID(value)} if value else {}
