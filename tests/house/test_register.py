"""The register of personal data says what every field of every table is for (PD-01), and nothing else is kept (PD-02)."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.module_loading import import_string

from sirkel.config.register import fields, inputs
from sirkel.config.register.gather import declared, differences, is_forbidden, kept, register, room_of
from sirkel.kernel.register import Tie
from sirkel.people.models import Person


@pytest.mark.requirement("PD-01")
def test_every_field_of_every_model_has_one_entry_and_every_entry_a_field():
    """PD-01. Reads as what to do: add the field to ``CLASSES`` of its room's rules/personal_data.py."""
    assert differences(register()) == []


def test_a_field_without_an_entry_is_named_and_an_entry_without_a_field_too():
    fields = kept()
    assert differences(register(), fields | {"circles.Note.mood"}) == [
        "circles.Note.mood is in no data class: add it to rules/personal_data.py of its room"
    ]
    assert differences(register(), fields - {"circles.Note.text"}) == [
        "circles.Note.text is in the register, but no model has it"
    ]


@pytest.mark.requirement("PD-02")
@pytest.mark.parametrize(
    "name",
    [
        "national_id",
        "personnummer",
        "cpr",
        "date_of_birth",
        "birth_date",
        "street",
        "phone_number",
        "diagnosis",
        "sick_leave",
        "health",
        "age",
    ],
)
def test_a_field_of_a_forbidden_name_fails_even_with_an_entry(name):
    """PD-02."""
    assert is_forbidden(f"people.Person.{name}")
    assert f"people.Person.{name} must not be kept at all" in differences(
        register(), kept() | {f"people.Person.{name}"}
    )


@pytest.mark.parametrize("name", ["ip_address", "email", "page", "language", "stage", "message", "sixth"])
def test_ordinary_names_are_no_alarm(name):
    assert not is_forbidden(f"people.Person.{name}")


def test_what_leads_to_a_person_is_said_to_lead_there():
    """A key to a person, an address or a name never stands under "other", nor in a class that can name nobody."""
    wrong = []
    for data_class in register():
        for rows in data_class.rows:
            model = apps.get_model(rows.model if "." in rows.model else f"{room_of(data_class)}.{rows.model}")
            for name in rows.fields():
                try:
                    field = model._meta.get_field(name)
                except FieldDoesNotExist:
                    continue
                leads = field.related_model is Person or isinstance(
                    field, models.EmailField | models.GenericIPAddressField
                )
                leads = leads or name in {"first_name", "family_name", "signed_name", "username"}
                if leads and (name not in rows.tells.split() or not data_class.can_name):
                    wrong.append(f"{rows.model}.{name}")
                if name in rows.tells.split() and data_class.tie is Tie.NOBODY:
                    wrong.append(f"{rows.model}.{name}")
    assert wrong == []


def test_codes_are_told_apart_and_every_class_says_everything():
    codes = [one.code for one in register()]
    assert sorted(codes) == sorted(set(codes))
    assert [one.code for one in register() if not (one.rows and one.recipients and str(one.what))] == []


@pytest.mark.requirement("PD-18")
def test_a_retention_leads_to_the_code_that_deletes():
    """PD-18. What deletes exists, and a length comes from that code, not from a second place."""
    for one in register():
        for name in one.retention.deleted_by:
            found = import_string(name)
            assert callable(getattr(found, "func", found)), (one.code, name)
        lasts = one.retention.lasts()
        assert (lasts is not None) == ("%(time)s" in str(one.retention.text)), one.code
        assert lasts is None or lasts >= timedelta(hours=1)


def test_everything_declared_is_counted_once():
    assert len(list(declared(register()))) == len(kept())


def test_the_handbook_says_who_reads_and_changes_each_class():
    """ASVS 8.1.2. Mend it by `python -m sirkel.config.register.fields`, with who changes a new class said there."""
    assert fields.WRITERS.keys() == {one.code for one in register()}
    page = fields.LIST.page.read_text(encoding="utf-8")
    assert fields.LIST.with_rows(page) == page


def test_the_handbook_says_what_may_be_typed_and_what_must_fit_together():
    """ASVS 2.1.1 and 2.1.2. Mend it by `python -m sirkel.config.register.inputs`."""
    page = inputs.LIST.page.read_text(encoding="utf-8")
    assert inputs.LIST.with_rows(page) == page
    assert "| circles | AgreeForm | `count` | whole number | 1 to 40 |" in page
    assert "| circles.Membership | leader takes part by set up | holds |" in page
