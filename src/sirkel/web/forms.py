"""How forms look: Designsystemet's fields, with hint, error and description tied to the input.

``FORM_RENDERER`` names ``SirkelRenderer``; after that ``{{ form }}`` writes an error summary that takes
focus, then every field; ``{{ form.name.as_field_group }}`` writes one field.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

from sirkel.kernel.errors import Refused


class SirkelBoundField(BoundField):
    """A field that knows how it should look."""

    @property
    def is_choice_list(self) -> bool:
        """Whether the field is a list of radio buttons or tick boxes."""
        return isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)

    @property
    def is_tick(self) -> bool:
        """Whether the field is one box to tick."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def counts(self) -> int | None:
        """How many characters a longer text may have, for the soft counter; none for other fields."""
        if isinstance(self.field.widget, forms.Textarea):
            return getattr(self.field, "max_length", None)
        return None

    @property
    def first_input_id(self) -> str:
        """The id of what takes focus when somebody follows a link to this field."""
        if self.is_choice_list:
            return f"{self.auto_id}_0"
        return str(self.id_for_label or self.auto_id)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """Add the class and, for a counted text, the counter's place to what Django gives the widget."""
        widget = widget or self.field.widget
        built: dict[str, Any] = dict(super().build_widget_attrs(attrs, widget))
        if widget.is_hidden:
            return built
        given = widget.attrs.get("class", "")
        built["class"] = f"ds-input {given}".strip()
        if isinstance(widget, forms.Textarea):
            # The width comes from the column the field stands in.
            built["cols"] = False
        if self.counts:
            built["data-counts"] = self.counts
            # The server says what is too long; the browser must not cut words while somebody writes.
            built["maxlength"] = False
            described = [built.get("aria-describedby"), f"{self.auto_id}-count"]
            built["aria-describedby"] = " ".join(part for part in described if part)
        return built


class SirkelRenderer(TemplatesSetting):
    """Render forms and fields with this room's templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = SirkelBoundField


class RefusableForm(forms.Form):
    """A form that shows a refusal of the domain beside the field it is about."""

    def refuse(self, refused: Refused) -> None:
        """Show a refusal at its field, or on top when it is about none."""
        field = str(refused.facts.get("field") or refused.code.rpartition(".")[2])
        words = f"{refused.message} {refused.hint}".strip()
        self.add_error(field if field in self.fields else None, words)
