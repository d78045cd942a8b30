"""Gather what every room declares, and compare it with what its models hold."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db.models import Model

from sirkel.kernel import personal_data as of_kernel
from sirkel.kernel.register import DataClass

ROOMS = ("circles", "people", "research", "network", "policy", "api", "config")
"""In the order in which readers meet their data; a room without models need not declare anything."""

FORBIDDEN = re.compile(
    r"(national|social_security|tax)_?(id|number)|ssn|cpr|person_?nummer|fodselsnummer|henkilotunnus|kennitala|personal_?code"
    r"|birth|born|(^|_)dob($|_)|(^|_)age($|_)|gender|(^|_)sex($|_)|street|postal|post_?code|zip_?code|home_?address"
    r"|private_?address|phone|mobile|health|diagnos|disease|illness|symptom|sick|medic|allerg|disab|pregnan|treatment"
    r"|patient|religio|ethnic|nationality|political|sexual|biometr|salary|wage"
)
"""Names of fields that no table may have: national ids, birth, private address, health, and what is near them."""


@cache
def _by_room() -> dict[str, tuple[DataClass, ...]]:
    found = {}
    for room in ROOMS:
        name = f"sirkel.{room}.rules"
        if find_spec(name) and find_spec(f"{name}.personal_data"):
            found[room] = import_module(f"{name}.personal_data").CLASSES
    return found | {"kernel": of_kernel.CLASSES}


def register() -> tuple[DataClass, ...]:
    """Return every data class of every room, the rooms in the order of readers, the machinery last."""
    return tuple(one for classes in _by_room().values() for one in classes)


def room_of(data_class: DataClass) -> str:
    """Return the app whose models a class names without saying the app."""
    codes = {one.code: room for room, classes in _by_room().items() for one in classes}
    return codes[data_class.code]


def declared(classes: Iterable[DataClass]) -> Iterator[tuple[str, DataClass]]:
    """Yield every ``app.Model.field`` that is declared, with its class."""
    for data_class in classes:
        room = room_of(data_class)
        for rows in data_class.rows:
            model = rows.model if "." in rows.model else f"{room}.{rows.model}"
            for field in rows.fields():
                yield f"{model}.{field}", data_class


def kept(models: Iterable[type[Model]] | None = None) -> set[str]:
    """Return every ``app.Model.field`` that some database of ours holds, tables between two models among them."""
    found = models if models is not None else apps.get_models(include_auto_created=True)
    return {
        f"{model._meta.label}.{field.name}"  # noqa: SLF001 -- Django's documented model API
        for model in found
        if model._meta.managed and not model._meta.proxy  # noqa: SLF001 -- as above
        for field in (*model._meta.local_concrete_fields, *model._meta.local_many_to_many)  # noqa: SLF001 -- as above
    }


def differences(classes: Sequence[DataClass], fields: Iterable[str] | None = None) -> list[str]:
    """Say in words where register and models differ; empty when they do not."""
    entries = Counter(name for name, _data_class in declared(classes))
    here = set(kept() if fields is None else fields)
    return [
        *(
            f"{name} is in no data class: add it to rules/personal_data.py of its room"
            for name in sorted(here - set(entries))
        ),
        *(f"{name} is in the register, but no model has it" for name in sorted(set(entries) - here)),
        *(f"{name} is in more than one data class" for name, count in sorted(entries.items()) if count > 1),
        *(f"{name} must not be kept at all" for name in sorted(here) if is_forbidden(name)),
    ]


def is_forbidden(field: str) -> bool:
    """Tell whether the name of a field (``app.Model.field``) says what is never kept (PD-02)."""
    return bool(FORBIDDEN.search(field.rpartition(".")[2].lower()))
