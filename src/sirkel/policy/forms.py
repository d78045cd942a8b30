"""Forms of the policy room."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sirkel.circles.rules.tokens import plain_receipt
from sirkel.kernel.errors import Refused
from sirkel.kernel.ids import RECEIPT_ALPHABET
from sirkel.policy.enums import Confidence

RECEIPT_SIGNS = 16
GROUP_SIGNS = 4
TITLE_MOST = 200
CLAUSE_MOST = 1000
WORDS_MOST = 100


def in_groups(receipt: str) -> str:
    """Return a receipt as it is printed: upper case, four groups of four signs."""
    plain = plain_receipt(receipt)
    return " ".join(plain[start : start + GROUP_SIGNS] for start in range(0, len(plain), GROUP_SIGNS))


def say(form: forms.Form, field: str, refused: Refused) -> None:
    """Put a refusal beside the field it is about."""
    form.add_error(field, f"{refused.message} {refused.hint}".strip())


class ReceiptForm(forms.Form):
    """One field for a receipt, however it is written."""

    receipt = forms.CharField(
        label=_("The receipt of your note"),
        help_text=_("16 signs in four groups. It is on your phone or on your paper card."),
        max_length=100,
        error_messages={"required": _("Write the signs of your receipt first.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "inputmode": "text",
                "class": "receipt",
            }
        ),
    )

    def clean_receipt(self) -> str:
        """Forgive case, blanks and look-alikes; say what is missing."""
        plain = plain_receipt(self.cleaned_data["receipt"])
        if len(plain) != RECEIPT_SIGNS or set(plain) - set(RECEIPT_ALPHABET):
            raise forms.ValidationError(
                _("A receipt has 16 letters and digits. This has %(n)d."), params={"n": len(plain)}
            )
        return plain


class RecommendationForm(forms.Form):
    """A recommendation's title and the language it is written in."""

    title = forms.CharField(
        label=_("What do you recommend?"),
        help_text=_("One sentence that says what to do."),
        max_length=TITLE_MOST,
    )
    lang = forms.ChoiceField(label=_("Written in"), choices=settings.LANGUAGES)


class ClauseForm(forms.Form):
    """The words of a clause."""

    text = forms.CharField(
        label=_("The clause"),
        help_text=_("One thing to do, in plain words."),
        max_length=CLAUSE_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    lang = forms.ChoiceField(label=_("Written in"), choices=settings.LANGUAGES)


class CardSearch(forms.Form):
    """Words to look for among the cards a clause could rest on."""

    hides_optional = True

    q = forms.CharField(
        label=_("Words on the card"),
        max_length=WORDS_MOST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class LinkForm(forms.Form):
    """How sure a writer is that a card carries the clause."""

    confidence = forms.ChoiceField(
        label=_("How sure are you?"), choices=Confidence.choices, initial=Confidence.MODERATE
    )
