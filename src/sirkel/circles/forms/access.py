"""How many work which shift and under which contract."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sirkel.circles.rules.access import GROUPS, SIZES

_NOBODY = _("Nobody")


def size_label(size: str) -> str:
    """Return a size as people read it: 5–9."""
    return str(_NOBODY) if size == "0" else size.replace("-", "–")


class StaffForm(forms.Form):
    """One size per group; about the unit, never about anybody."""

    hides_optional = True

    def __init__(
        self, *args: Any, sizes: Mapping[str, Mapping[str, str]] | None = None, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        for kind, groups in GROUPS.items():
            for group, label in groups.items():
                self.fields[f"{kind}_{group}"] = forms.ChoiceField(
                    label=label,
                    choices=[("", "…"), *((size, size_label(size)) for size in SIZES)],
                    initial=(sizes or {}).get(kind, {}).get(group, ""),
                    error_messages={"required": _("Choose a number.")},
                )

    @property
    def sizes(self) -> dict[str, dict[str, str]]:
        """The sizes by kind and group."""
        return {
            kind: {group: self.cleaned_data[f"{kind}_{group}"] for group in groups}
            for kind, groups in GROUPS.items()
        }

    @property
    def shifts(self) -> list[forms.BoundField]:
        """The fields about shifts."""
        return [self[f"shift_{group}"] for group in GROUPS["shift"]]

    @property
    def contracts(self) -> list[forms.BoundField]:
        """The fields about contracts."""
        return [self[f"contract_{group}"] for group in GROUPS["contract"]]
