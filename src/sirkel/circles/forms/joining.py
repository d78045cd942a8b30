"""Getting in: a code, or the three words of the come-back phrase."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

_LINK = re.compile(r"/b/([A-Za-z0-9_-]{44})(?:[/?#]|$)")


def address_in(typed: str) -> str:
    """Return the join address when somebody pasted the whole link instead of the code; else empty."""
    found = _LINK.search(typed.strip())
    return found[1] if found else ""


class CodeForm(forms.Form):
    """One field for the code on the screen; blanks, hyphens and small letters do not matter."""

    hides_optional = True
    code = forms.CharField(
        label=_("The code on the screen"),
        max_length=300,
        error_messages={"required": _("Type the code on the screen in the room.")},
        widget=forms.TextInput(
            attrs={
                "class": "code-input",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "autocorrect": "off",
                "spellcheck": "false",
                "enterkeyhint": "go",
            }
        ),
    )


class WordsForm(forms.Form):
    """The three words that were shown after joining, in any language and order."""

    hides_optional = True
    words = forms.CharField(
        label=_("Your three words"),
        help_text=_("For example: blue otter lamp. Order and language do not matter."),
        max_length=200,
        error_messages={"required": _("Type your three words.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "enterkeyhint": "go",
            }
        ),
    )


class BackForm(CodeForm, WordsForm):
    """Code and words together, for somebody who does not stand before the QR code."""

    field_order = ["code", "words"]
