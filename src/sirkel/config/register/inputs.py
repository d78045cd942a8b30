"""What may be typed where, and what must fit together: the handbook's list. ``python -m sirkel.config.register.inputs`` writes it.

Rules for one value come from the forms, which every page goes through; rules for what belongs together are the constraints
that the databases hold, whatever way a row came. Both are read from the code, so that the list cannot say something else.
"""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from types import ModuleType

from django import forms
from django.apps import apps
from django.db import models
from django.utils.translation import override

from sirkel.config.handbook import WrittenList

ROOMS = ("people", "circles", "network", "policy", "config")
_KINDS = {
    forms.EmailField: "address",
    forms.DateField: "day",
    forms.TimeField: "time of day",
    forms.IntegerField: "whole number",
    forms.BooleanField: "yes or no",
    forms.FileField: "file",
    forms.MultipleChoiceField: "some of a list",
    forms.ModelMultipleChoiceField: "some of a list",
    forms.ChoiceField: "one of a list",
    forms.ModelChoiceField: "one of a list",
    forms.CharField: "words",
}


def _modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        package = importlib.import_module(f"sirkel.{room}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".forms" in found.name or found.name == "sirkel.config.register.breach":
                yield importlib.import_module(found.name)


def all_forms() -> list[type[forms.Form]]:
    """Return every form of ours that has fields, by room and name; what other forms are only made from is left out."""
    ours = {
        one
        for module in _modules()
        for _name, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, forms.Form) and one.__module__ == module.__name__ and one.base_fields
    }
    return sorted(ours, key=lambda one: (one.__module__, one.__name__))


def kind_of(field: forms.Field) -> str:
    """Return what a field takes, in one word or three."""
    return next((word for kind, word in _KINDS.items() if isinstance(field, kind)), "value")


def bounds_of(field: forms.Field) -> str:
    """Return what a field asks of its value beyond its kind; empty when it asks nothing."""
    said = []
    least, most = getattr(field, "min_length", None), getattr(field, "max_length", None)
    if least:
        said.append(f"at least {least} signs")
    if most:
        said.append(f"at most {most} signs")
    smallest, largest = getattr(field, "min_value", None), getattr(field, "max_value", None)
    if smallest is not None:
        said.append(f"{smallest} or more" if largest is None else f"{smallest} to {largest}")
    if not field.required:
        said.append("may be empty")
    return ", ".join(said)


def _form_lines() -> Iterator[str]:
    for one in all_forms():
        room = one.__module__.split(".")[1]
        for name, field in one.base_fields.items():
            yield f"| {room} | {one.__name__} | `{name}` | {kind_of(field)} | {bounds_of(field)} |"


def _constraint_lines() -> Iterator[str]:
    ours = [one for one in apps.get_models() if one.__module__.startswith("sirkel.")]
    tables = [one._meta for one in ours]  # noqa: SLF001 -- Django's own way to ask a model
    for table in sorted(tables, key=lambda one: one.label):
        for rule in table.constraints:
            how = "once" if isinstance(rule, models.UniqueConstraint) else "holds"
            yield f"| {table.label} | {rule.name.replace('_', ' ')} | {how} |"


def rows() -> str:
    """Return both lists: a row for each field of each form, and one for each constraint."""
    with override("en"):
        fields = [
            "## One value",
            "",
            "| room | form | field | takes | bounds |",
            "|---|---|---|---|---|",
            *_form_lines(),
        ]
    together = [
        "",
        "## What belongs together",
        "",
        "| table | rule | how |",
        "|---|---|---|",
        *_constraint_lines(),
    ]
    return "\n".join(fields + together) + "\n"


LIST = WrittenList("developer/inputs.md", "the forms and the constraints", rows)

if __name__ == "__main__":
    sys.exit(LIST.write())
