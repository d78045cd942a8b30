"""Signing in, by an address and the code that was sent to it; one's name; and how one wants to be written to."""

from collections.abc import Callable
from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import TooMany
from sirkel.people.domain import trying
from sirkel.people.enums import MailKind
from sirkel.people.models import MailSettings, Person
from sirkel.people.queries.mail import WANTS
from sirkel.people.queries.use import OWN_DEVICE


def counted(take: Callable[[], None]) -> None:
    """Count a try, and say beside the field when none is left.

    Raises:
        ValidationError: with the code of the refusal.

    """
    try:
        take()
    except TooMany as many:
        raise ValidationError(many.message, code=many.code) from many


class SignInForm(RequestLoginCodeForm):
    """Ask for the address. Whether it belongs to anybody never shows."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The one at which you were invited. We send a code to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )

    def clean_email(self) -> str:
        """Count the asking, for all processes, before anybody is looked for."""
        counted(lambda: trying.send_code_to(self.cleaned_data["email"]))
        email: str = super().clean_email()
        return email


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
    own_device = forms.BooleanField(
        label=_("This is my own phone or computer"),
        help_text=_("You stay signed in for up to 30 days. Never say so on a shared one."),
        required=False,
    )
    hides_optional = True

    def clean_code(self) -> str:
        """Count the try before the code is compared: of a hundred sent at once no more are looked at than are left."""
        asked_for = context.request._login_stage.login.email  # noqa: SLF001 -- where allauth keeps it for its view
        counted(lambda: trying.type_code_for(asked_for or ""))
        code: str = super().clean_code()
        return code

    def clean(self) -> dict[str, Any]:
        """Keep what was said of the device until the sign-in is complete, which may take a second step."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "code" in cleaned:
            context.request.session[OWN_DEVICE] = cleaned.get("own_device", False)
        return cleaned


class NameForm(forms.Form):
    """Ask for somebody's own name."""

    first_name = forms.CharField(
        label=_("First name"),
        help_text=_("The only name your circles see."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )


def _wall_clock() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "data-width": "short"})


class MessagesForm(forms.Form):
    """Ask what somebody wants to be written to about, in which language, and when not."""

    kinds = forms.MultipleChoiceField(
        label=_("Write to me about"),
        choices=[(kind.value, kind.label) for kind in WANTS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(
        label=_("Language of the mails"), choices=settings.LANGUAGES, widget=forms.Select
    )
    quiet_from = forms.TimeField(label=_("No mails from"), widget=_wall_clock())
    quiet_to = forms.TimeField(
        label=_("Until"),
        help_text=_("The same time twice means that mails may come at any hour."),
        widget=_wall_clock(),
    )
    hides_optional = True

    def __init__(self, data: Any = None, *, person: Person, chosen: MailSettings) -> None:
        super().__init__(
            data,
            initial={
                "kinds": [kind.value for kind, field in WANTS.items() if getattr(chosen, field)],
                "language": person.language,
                "quiet_from": chosen.quiet_from,
                "quiet_to": chosen.quiet_to,
            },
        )

    @property
    def wants(self) -> set[MailKind]:
        """The kinds that were ticked."""
        return {MailKind(kind) for kind in self.cleaned_data["kinds"]}
