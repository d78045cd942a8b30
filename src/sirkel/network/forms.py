"""Forms of the network room."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sirkel.people.enums import Area, WorkplaceKind

WORDS_MOST = 100


class CardFilter(forms.Form):
    """What to look for among the cards; everything may stay empty."""

    hides_optional = True

    q = forms.CharField(
        label=_("Words"),
        max_length=WORDS_MOST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    lang = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("All languages")), *settings.LANGUAGES]
    )
    area = forms.ChoiceField(
        label=_("Country"),
        required=False,
        choices=[("", _("All countries")), *Area.choices],
    )
    kind = forms.ChoiceField(
        label=_("Workplace"), required=False, choices=[("", _("All kinds")), *WorkplaceKind.choices]
    )

    @property
    def chosen(self) -> dict[str, Any]:
        """What `queries.cards.find_cards` takes; a value that is none of the choices does not filter."""
        self.full_clean()
        kept = self.cleaned_data
        return {
            "words": kept.get("q", ""),
            "lang": kept.get("lang", ""),
            "area": kept.get("area", ""),
            "kind": kept.get("kind", ""),
        }

    @property
    def is_used(self) -> bool:
        """Whether anything is filtered."""
        return any(self.chosen.values())
