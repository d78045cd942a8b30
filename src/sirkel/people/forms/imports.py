"""A list of people and roles: pasted, or as a file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.kernel.errors import Refused
from sirkel.people.rules.lists import text_of
from sirkel.people.rules.role_rows import MOST_BYTES, too_large
from sirkel.web.forms import RefusableForm


class RoleListForm(RefusableForm):
    """The rows, pasted or in a file: one of the two."""

    hides_optional = True

    text = forms.CharField(
        label=_("The rows"),
        help_text=_(
            "The first line names the columns: e-mail; first name; family name; language; role; workplace; unit; "
            "from; until. E-mail, first name and role are needed."
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
            fields["rows"] = (
                text_of(file.read(MOST_BYTES + 1), most=MOST_BYTES, too_large=too_large())
                if file
                else fields.get("text", "")
            )
        except Refused as refused:
            self.refuse(refused)
        return fields
