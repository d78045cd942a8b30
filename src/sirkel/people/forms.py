"""Signing in: an address, then the code that was sent to it."""

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(RequestLoginCodeForm):
    """Ask for the address. Whether it belongs to anybody never shows."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The one at which you were invited. We send a code to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class CodeForm(ConfirmLoginCodeForm):
    """Ask for the code. It may be pasted, with or without the hyphen, in small or large letters."""

    code = forms.CharField(
        label=_("The code from the e-mail"),
        help_text=_("Eight letters. It is good for ten minutes and works once."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "autofocus": True,
                "data-width": "short",
            }
        ),
    )
