"""The checklist before words leave an organisation."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.circles.rules.recognition import QUESTIONS
from sirkel.web.forms import RefusableForm


class CheckForm(RefusableForm):
    """One answer to each question, and a tick where the detector found something."""

    def __init__(self, *args: Any, has_found: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, question in QUESTIONS.items():
            self.fields[code] = forms.ChoiceField(
                label=cast("str", question),
                choices=(("no", _("No")), ("yes", _("Yes"))),
                widget=forms.RadioSelect,
            )
        if has_found:
            self.fields["looked"] = forms.BooleanField(
                label=_("I have looked at what was found. It points at nobody."), required=False
            )

    @property
    def answers(self) -> dict[str, str]:
        """The answers by the code of their question."""
        return {code: self.cleaned_data.get(code, "") for code in QUESTIONS}
