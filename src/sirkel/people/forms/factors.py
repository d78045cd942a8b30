"""The second step: a code from an app, or one of the recovery codes."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.people.domain import trying
from sirkel.people.domain.factors import spend
from sirkel.people.forms import counted


def _code(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "autofocus": True,
                "data-width": "short",
            }
        ),
    )


class AddAppForm(ActivateTOTPForm):
    """Ask for the first code of an app, which shows that it holds the secret."""

    code = _code(_("The code that the app shows now"), _("Six digits. They change every half minute."))


class _TakenOnce(BaseAuthenticateForm):
    """Take a code that was right only if it was not taken before."""

    def clean_code(self) -> str:
        """Count the try, let django-allauth look at the code, and spend it."""
        counted(lambda: trying.type_factor_of(self.user.id))
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not spend(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        trying.factor_was_right(self.user.id)
        return code


class FactorForm(_TakenOnce, AuthenticateForm):
    """Ask for the second step when signing in."""

    code = _code(_("Code"), _("Six digits from your app, or one of your recovery codes, which have eight."))


class AgainForm(_TakenOnce, ReauthenticateForm):
    """Ask for the second step again before something that cannot be undone."""

    code = _code(_("Code"), _("Six digits from your app, or one of your recovery codes, which have eight."))


class AddPasskeyForm(AddWebAuthnForm):
    """Take what a device made, and a name to know it by."""

    name = forms.CharField(
        label=_("What you call it"),
        help_text=_("So that you know later which one to remove."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"data-width": "short"}),
    )
    # The settings demand what django-allauth asks about by this field.
    passwordless = None
    hides_optional = True
