import re

from django import forms

from sirkel.web.patterns import ExampleForm


class Note(forms.Form):
    text = forms.CharField(label="Note", max_length=200, widget=forms.Textarea)
    how = forms.ChoiceField(label="How", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Agreed", help_text="You may change your mind.")


def tag(html, name):
    return re.search(rf'<(?:input|textarea|select)[^>]*name="{name}"[^>]*>', html).group(0)


def test_a_field_is_tied_to_its_hint_and_its_error():
    html = str(ExampleForm({"name": ""}))

    field = tag(html, "name")
    assert 'class="ds-input"' in field
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_name_helptext id_name_error"' in field
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_the_summary_comes_first_takes_focus_and_leads_to_the_fields():
    html = str(Note({"text": ""}))

    assert html.strip().startswith('<div class="ds-error-summary" tabindex="-1" autofocus')
    for target in ("id_text", "id_how_0", "id_agreed"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html


def test_a_form_without_errors_has_no_summary():
    assert "ds-error-summary" not in str(Note())


def test_a_long_text_is_counted_softly_and_never_cut_by_the_browser():
    field = tag(str(Note()), "text")

    assert 'data-counts="200"' in field
    assert "maxlength" not in field
    assert "cols" not in field
    assert 'aria-describedby="id_text-count"' in field


def test_choices_stand_in_a_group_with_a_name():
    html = str(Note())

    assert re.search(r'<fieldset class="ds-fieldset" id="id_how">\s*<legend class="ds-label">How', html)
    assert '<label class="ds-label" for="id_how_1">B</label>' in html


def test_what_somebody_typed_is_shown_as_text():
    html = str(Note({"text": "<script>alert(1)</script>"}))

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_errors_that_belong_to_no_field_are_in_the_summary():
    form = Note({"text": "x", "how": "a", "agreed": "on"})
    form.add_error(None, "The meeting is over.")

    assert "<li>The meeting is over.</li>" in str(form)
