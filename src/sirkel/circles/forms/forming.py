"""Who is in a circle, a yes to its invitation, and asking somebody by mail, as forms."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sirkel.circles.domain.agreeing import MOST_AGREEING
from sirkel.circles.domain.member_list import MOST_NAME, Entry
from sirkel.circles.enums import Perspective, SetUpKind
from sirkel.circles.forms.fields import WordsField
from sirkel.circles.models.forming import LEAST_AGREEING
from sirkel.circles.rules.member_rows import MOST_BYTES, text_of
from sirkel.kernel.errors import Refused
from sirkel.web.forms import RefusableForm


class SetUpForm(RefusableForm):
    """Which of the three set-ups; for the mixed one, that the group has agreed."""

    # The hint says for which set-up the number is needed.
    hides_optional = True

    kind = forms.ChoiceField(label=_("Who is in the circle?"), choices=SetUpKind.choices)
    agreed_count = forms.IntegerField(
        label=_("How many agreed?"),
        help_text=_(
            "Only for leaders in the same circle. Ask while no leader is in the room. A number, no names."
        ),
        min_value=LEAST_AGREEING,
        max_value=MOST_AGREEING,
        required=False,
        widget=forms.NumberInput(attrs={"data-width": "short", "inputmode": "numeric"}),
    )
    is_unopposed = forms.BooleanField(label=_("Nobody was against it"), required=False)


def _name(hint: Any) -> WordsField:
    return WordsField(
        label=_("First name"),
        help_text=hint,
        most=MOST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )


class YesForm(RefusableForm):
    """A first name, and an address for whoever wants reminders."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    first_name = _name(_("What the others call you."))
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Only if you want dates and reminders. We send one mail first, to be sure it is yours."),
        required=False,
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    says_leads = forms.BooleanField(label=_("I lead people at this workplace"), required=False)


class AskForm(RefusableForm):
    """Somebody to ask by mail, or to write down who has said yes without an address."""

    first_name = _name("")
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_(
            "They are asked once, and join by their own yes. Leave it empty for somebody who has told you yes."
        ),
        required=False,
        max_length=200,
    )
    lang = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    perspective = forms.ChoiceField(label=_("Role at work"), choices=Perspective.choices)

    @property
    def entry(self) -> Entry:
        """What a valid form says."""
        return Entry(**{name: self.cleaned_data[name] for name in self.fields})


class ListForm(RefusableForm):
    """A member list: pasted, or as a file."""

    hides_optional = True

    text = forms.CharField(
        label=_("The rows"),
        help_text=_(
            "One person on each line: first name; language; e-mail; role. Only the first name is needed."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    file = forms.FileField(label=_("Or a CSV file"), required=False, allow_empty_file=True)

    def clean(self) -> dict[str, Any]:
        """Return the fields with ``rows``, the text of the file when there is one."""
        fields: dict[str, Any] = super().clean() or self.cleaned_data
        file = fields.get("file")
        try:
            fields["rows"] = text_of(file.read(MOST_BYTES + 1)) if file else fields.get("text", "")
        except Refused as refused:
            self.refuse(refused)
        return fields
