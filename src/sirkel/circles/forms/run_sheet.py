"""Forms for a meeting's run sheet."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.offering import NOT_OFFERED
from sirkel.circles.domain.step_words import (
    HINT_LENGTH,
    LONGEST,
    PROMPT_LENGTH,
    SAY_LENGTH,
    SHORTEST,
    TITLE_LENGTH,
    StepWords,
)
from sirkel.circles.enums import StepKind
from sirkel.circles.models import Step
from sirkel.circles.rules.methods import Method
from sirkel.circles.rules.texts import in_language
from sirkel.web.forms import RefusableForm


def _text(label: Any, most: int, hint: Any = "", *, required: bool = True, rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return forms.CharField(label=label, help_text=hint, max_length=most, required=required, widget=widget)


class WordsForm(RefusableForm):
    """What a step is called, asks, and what the facilitator says."""

    title = _text(_("Name of the step"), TITLE_LENGTH, rows=1)
    prompt = _text(_("The question"), PROMPT_LENGTH, _("Everybody sees it, large."))
    hint = _text(_("A hint under it"), HINT_LENGTH, required=False)
    say = _text(_("Words to say"), SAY_LENGTH, _("Only the facilitator sees them."), required=False, rows=3)

    @property
    def words(self) -> StepWords:
        """The words as the verb takes them."""
        return StepWords(**{name: self.cleaned_data[name] for name in ("title", "prompt", "hint", "say")})


class StepForm(WordsForm):
    """A step of one's own: its words, what people do, how long, and where it stands."""

    kind = forms.ChoiceField(label=_("What do people do?"), choices=StepKind.choices)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=10,
        widget=forms.NumberInput(attrs={"data-width": "short"}),
    )
    after = forms.ChoiceField(label=_("It comes after"))
    field_order = ("kind", "title", "prompt", "hint", "say", "minutes", "after")

    def __init__(self, *args: Any, steps: Sequence[Step] = (), language: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_places(self, steps, language)


class CopyForm(RefusableForm):
    """A copy of a step of one of these methods."""

    copied = forms.ChoiceField(label=_("Which step?"), error_messages={"invalid_choice": NOT_OFFERED})
    after = forms.ChoiceField(label=_("It comes after"))

    def __init__(
        self,
        *args: Any,
        sheets: Collection[Method],
        steps: Sequence[Step] = (),
        language: str = "en",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer_places(self, steps, language)
        cast("forms.ChoiceField", self.fields["copied"]).choices = [
            (
                in_language(method.title, language)[0],
                [(f"{method.id}:{plan.key}", in_language(plan.title, language)[0]) for plan in method.steps],
            )
            for method in sheets
        ]

    @property
    def source(self) -> dict[str, Any]:
        """The method and the step's key, as the verb takes them."""
        method_id, _sep, key = self.cleaned_data["copied"].partition(":")
        return {"method_id": method_id, "key": key}


def _offer_places(form: forms.Form, steps: Sequence[Step], language: str) -> None:
    places = [(str(step.id), in_language(step.title, language)[0]) for step in steps]
    cast("forms.ChoiceField", form.fields["after"]).choices = places
    if places:
        form.fields["after"].initial = places[-1][0]


def after_of(form: forms.Form) -> uuid.UUID | None:
    """Return the step that the new one follows, or None in an empty run sheet."""
    chosen = form.cleaned_data.get("after")
    return uuid.UUID(chosen) if chosen else None
