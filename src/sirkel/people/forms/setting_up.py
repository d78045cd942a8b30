"""The form of the first start."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sirkel.people.domain.role_checks import Newcomer
from sirkel.people.domain.setting_up import SetUpPlan
from sirkel.people.enums import Area
from sirkel.web.forms import RefusableForm


class SetUpForm(RefusableForm):
    """The printed code, and what the installation begins with."""

    code = forms.CharField(
        label=_("Set-up code"),
        help_text=_("Sixteen letters and digits. They stand where Sirkel was started."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    network = forms.CharField(label=_("Name of the network"), max_length=200)
    programme = forms.CharField(
        label=_("Name of the programme"),
        help_text=_("What organisations do together for some years."),
        max_length=200,
        required=False,
    )
    organisation = forms.CharField(
        label=_("Name of the organisation"),
        help_text=_("A municipality, for example. Its workplaces come afterwards."),
        max_length=200,
    )
    area = forms.ChoiceField(label=_("Country"), choices=Area.choices)
    email = forms.EmailField(
        label=_("E-mail of the first administrator"),
        help_text=_("They sign in with it: the code of each sign-in is sent there."),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    first_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    @property
    def plan(self) -> SetUpPlan:
        """What a valid form says."""
        said = self.cleaned_data
        names = ("email", "first_name", "family_name", "language")
        return SetUpPlan(
            network=said["network"],
            programme=said["programme"],
            organisation=said["organisation"],
            area=said["area"],
            administrator=Newcomer(**{name: said[name] for name in names}),
        )
